package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"cofferdam/scan"
)

// annotations is how many annotations of one kind GitHub shows for a step. The others are in the step's log alone.
const annotations = 10

// GitHub writes r as workflow commands, which GitHub Actions shows as annotations: the worst findings first, as only the
// first few of each kind are shown. Before them a notice says how many there are where some would not be, and an error
// that the scan is incomplete where it is.
func GitHub(w io.Writer, r *scan.Report, o Options) error {
	b := bufio.NewWriter(w)
	all := worstFirst(known(r))
	kinds := map[string]int{}
	for i := range all {
		kinds[githubKind(&all[i])]++
	}
	if n := len(r.Incomplete); n > 0 {
		kinds["error"]++
		first := r.Incomplete[0]
		command(b, "error", "title=Incomplete scan", fmt.Sprintf("%s not scanned, the first %s: %s", number(n, "path"), name(first.Path), inline(first.Reason)))
	}
	for _, line := range suppressedLines(o.Suppressed) {
		command(b, "notice", "title=Suppressed findings", line)
	}
	if max(kinds["error"], kinds["warning"], kinds["notice"]) > annotations {
		command(b, "notice", "title=More findings than shown", summary(r, len(credentials(r)))+fmt.Sprintf("; GitHub shows %d annotations of a kind, the log of this step has all", annotations))
	}
	for i := range all {
		githubFinding(b, &all[i])
	}
	return b.Flush()
}

func githubKind(f *scan.Finding) string {
	return pick(f.Severity, [4]string{"error", "error", "warning", "notice"})
}

func githubFinding(b *bufio.Writer, f *scan.Finding) {
	properties := "file=" + commandProperty.Replace(name(f.Path))
	if inFile(f) {
		properties += fmt.Sprintf(",line=%d", f.Line)
		if last := lastLine(f); last > f.Line {
			properties += fmt.Sprintf(",endLine=%d", last)
		}
		properties += fmt.Sprintf(",col=%d", f.Column)
		if f.EndLine == f.Line { // a column span is for one line only
			properties += fmt.Sprintf(",endColumn=%d", f.EndColumn)
		}
	}
	properties += ",title=" + commandProperty.Replace(inline(f.Severity)+": "+inline(f.Rule))
	message := about(f)
	if f.Line > 0 && !inFile(f) {
		message = placeOf(f) + ": " + message
	}
	command(b, githubKind(f), properties, message)
}

func command(b *bufio.Writer, kind, properties, message string) {
	fmt.Fprintf(b, "::%s %s::%s\n", kind, properties, commandData.Replace(message))
}

// What workflow commands need escaped: in a message, and in a property, which a comma or a colon would end.
var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
