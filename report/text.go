package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/docker/go-units"

	"cofferdam/scan"
	"cofferdam/workspace"
)

// Text writes r for people: findings by file, then credential files, then what was not scanned, then a line that sums
// up. Whatever comes from the project is escaped.
func Text(w io.Writer, r *scan.Report, opts Options) error {
	p := &printer{w: bufio.NewWriter(w), color: opts.Color}
	p.findings(r.Findings)
	picked := credentials(r)
	p.credentials(picked)
	p.incomplete(r.Incomplete)
	if !opts.Quiet {
		for _, line := range suppressedLines(opts.Suppressed) {
			p.line("%s", line)
		}
		p.line("%s", summary(r, len(picked)))
	}
	return p.w.Flush()
}

type printer struct {
	w     *bufio.Writer
	color bool
}

// Colours, as terminals number them.
const (
	bold   = "1"
	red    = "31"
	yellow = "33"
	faint  = "2"
)

func (p *printer) paint(code, text string) string {
	if !p.color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// line writes a line. An error stays with the writer until it is flushed.
func (p *printer) line(format string, args ...any) { fmt.Fprintf(p.w, format+"\n", args...) }

func (p *printer) findings(findings []scan.Finding) {
	for len(findings) > 0 {
		n := 1
		for n < len(findings) && findings[n].Path == findings[0].Path && findings[n].Member == findings[0].Member {
			n++
		}
		p.file(findings[:n])
		findings = findings[n:]
	}
}

func (p *printer) file(findings []scan.Finding) {
	p.line("%s", p.paint(bold, inline(fileOf(&findings[0]))))
	places, severities, rules := make([]string, len(findings)), make([]string, len(findings)), make([]string, len(findings))
	for i, f := range findings {
		places[i], severities[i], rules[i] = "file", inline(f.Severity), inline(f.Rule)
		if f.Line > 0 {
			places[i] = fmt.Sprintf("%d:%d", f.Line, f.Column)
		}
	}
	placeWidth, severityWidth, ruleWidth := width(places), max(width(severities), len("medium")), width(rules)
	for i, f := range findings {
		colour := yellow
		if rank(f.Severity) <= rank("high") {
			colour = red
		}
		p.line("  %s  %s  %s  %s%s", pad(places[i], placeWidth), p.paint(colour, pad(severities[i], severityWidth)), pad(rules[i], ruleWidth), p.about(&f), p.action(f.Action))
	}
	p.line("")
}

func (p *printer) about(f *scan.Finding) string {
	text := inline(f.Description)
	if f.Why != "" {
		text += p.paint(faint, "; "+inline(f.Why))
	}
	if len(f.Decoded) > 0 {
		text += p.paint(faint, " (encoded: "+inline(strings.Join(f.Decoded, ", "))+")")
	}
	if c := f.Commit; c != nil {
		text += p.paint(faint, fmt.Sprintf(" (commit %s, %s, %s)", inline(shortID(c)), inline(c.Author), day(c.Date)))
	}
	return text
}

// day is a date for people.
func day(t time.Time) string {
	if t.IsZero() {
		return "no date"
	}
	return t.UTC().Format(time.DateOnly)
}

func (p *printer) credentials(lines []scan.Line) {
	if len(lines) == 0 {
		return
	}
	p.line("%s", p.paint(bold, "Credential files"))
	names, kinds := make([]string, len(lines)), make([]string, len(lines))
	for i, l := range lines {
		names[i], kinds[i] = name(l.Path), inline(l.Verdict.Rule.Kind)
		if l.Type == workspace.Dir {
			names[i] += "/"
		}
		if kinds[i] == "" {
			kinds[i] = string(l.Verdict.Source)
		}
	}
	nameWidth, kindWidth := min(width(names), maxColumn), width(kinds)
	for i, l := range lines {
		p.line("  %s  %s  %s%s", pad(names[i], nameWidth), pad(kinds[i], kindWidth), inline(l.Because()), p.action(l.Action))
	}
	p.line("")
}

func (p *printer) incomplete(list []scan.Incomplete) {
	if len(list) == 0 {
		return
	}
	p.line("%s", p.paint(bold, "Not scanned"))
	names := make([]string, len(list))
	for i, n := range list {
		names[i] = name(n.Path)
	}
	nameWidth := min(width(names), maxColumn)
	for i, n := range list {
		p.line("  %s  %s", pad(names[i], nameWidth), p.paint(red, inline(n.Reason)))
	}
	p.line("")
}

func (p *printer) action(action string) string {
	if action == "" {
		return ""
	}
	return p.paint(faint, " ["+inline(action)+"]")
}

func summary(r *scan.Report, picked int) string {
	files := 0
	for i, f := range r.Findings {
		if i == 0 || r.Findings[i-1].Path != f.Path {
			files++
		}
	}
	n := count(r)
	text := "no secrets found"
	if len(r.Findings) > 0 {
		text = fmt.Sprintf("%s in %s", number(len(r.Findings), "finding"), number(files, "file"))
	}
	if r.Ledger == nil {
		text += "; searched " + number(r.Texts, "text")
	} else {
		text += fmt.Sprintf(", %s; scanned %s", number(picked, "credential file"), number(n.Scanned, "file"))
	}
	text += ", " + units.HumanSize(float64(n.Bytes))
	if len(r.Incomplete) > 0 {
		text += fmt.Sprintf("; INCOMPLETE: %s not scanned", number(len(r.Incomplete), "path"))
	}
	return text
}

// suppressedLines say what is not in the report, and what would not be if its source were trusted.
func suppressedLines(list []scan.Suppressed) []string {
	var lines []string
	for _, s := range list {
		text := number(s.Count, "finding") + " allowed by " + inline(string(s.Source))
		if !s.Obeyed {
			text += ", which is not trusted: still reported"
		}
		lines = append(lines, text)
	}
	return lines
}

func number(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// maxColumn is how wide a column of names gets for the sake of one long name.
const maxColumn = 60

func width(texts []string) int {
	most := 0
	for _, text := range texts {
		most = max(most, utf8.RuneCountInString(text))
	}
	return most
}

func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(width-utf8.RuneCountInString(text), 0))
}
