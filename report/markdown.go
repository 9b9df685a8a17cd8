package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"cofferdam/scan"
)

// maxMarkdown is how long a summary gets, in bytes. GitHub drops the summary of a step that is over 1 MiB.
const maxMarkdown = 1000 << 10

// Markdown writes r as a page for people, such as GITHUB_STEP_SUMMARY asks for: what the scan found in a sentence, then
// tables, the worst findings first. A table that would make the page too long is cut and says so.
func Markdown(w io.Writer, r *scan.Report, o Options) error {
	var b bytes.Buffer
	all := worstFirst(known(r))
	b.WriteString("## Cofferdam scan\n\n" + markdownText(summary(r, len(credentials(r)))) + "\n")
	for _, line := range suppressedLines(o.Suppressed) {
		b.WriteString("\n" + markdownText(line) + "\n")
	}
	if len(r.Incomplete) > 0 { // first, and cut first: it must not fall off the end
		table(&b, []string{"Not scanned", "Reason"}, len(r.Incomplete), maxMarkdown/4, func(i int) []string {
			return []string{code(string(r.Incomplete[i].Path)), markdownText(inline(r.Incomplete[i].Reason))}
		})
	}
	if len(all) > 0 {
		table(&b, []string{"Severity", "Rule", "Place", "What"}, len(all), maxMarkdown-b.Len(), func(i int) []string {
			f := &all[i]
			return []string{markdownText(inline(f.Severity)), code(f.Rule), code(placeOf(f)), markdownText(about(f))}
		})
	}
	_, err := w.Write(b.Bytes())
	return err
}

// table writes rows as long as they fit.
func table(b *bytes.Buffer, head []string, rows, limit int, row func(i int) []string) {
	limit += b.Len() - 200 // room for the last line
	fmt.Fprintf(b, "\n| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat(" --- |", len(head)))
	for i := range rows {
		text := "| " + strings.Join(row(i), " | ") + " |\n"
		if b.Len()+len(text) > limit {
			fmt.Fprintf(b, "\n%d more are not shown here.\n", rows-i)
			return
		}
		b.WriteString(text)
	}
}

// markdownText is text that Markdown shows as it is, inside a table too. Every mark becomes a character reference, @ and #
// as well, so that no name calls a person or links to an issue.
func markdownText(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\\`*_{}[]<>()#+!|~@&$:^", r) {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), "www.", "www&#46;") // which GitHub makes a link of
}

// code is a name in code type. It is HTML, as a code span of Markdown knows no escape for a backquote or a bar.
func code(text string) string { return "<code>" + markdownText(inline(text)) + "</code>" }
