package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"cofferdam/scan"
)

// Options say what a report tells beside its findings. The zero value is right for a file.
type Options struct {
	Color      bool              // of the text form, for a terminal
	Quiet      bool              // the text form without the last lines, which sum up
	Version    string            // of the program, as formats that name their tool print it
	Start, End time.Time         // of the scan, where known
	Suppressed []scan.Suppressed // what scan.Report.Without said of findings that are declared known
}

// formats is a function for each format. It is a function itself, as nothing may change it.
func formats() map[string]func(io.Writer, *scan.Report, Options) error {
	return map[string]func(io.Writer, *scan.Report, Options) error{
		"csv":      CSV,
		"github":   GitHub,
		"gitlab":   GitLab,
		"gitleaks": Gitleaks,
		"json":     writeJSON,
		"jsonl":    JSONLines,
		"junit":    JUnit,
		"markdown": Markdown,
		"sarif":    SARIF,
		"text":     Text,
	}
}

// Formats is the names of the formats, sorted.
func Formats() []string { return slices.Sorted(maps.Keys(formats())) }

// Write writes r in a format. The same report with the same options gives the same bytes.
func Write(w io.Writer, format string, r *scan.Report, o Options) error {
	write, ok := formats()[format]
	if !ok {
		return fmt.Errorf("format %q is none of %s", format, strings.Join(Formats(), ", "))
	}
	return write(w, r, o)
}
