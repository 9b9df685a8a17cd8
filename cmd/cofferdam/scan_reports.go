package main

import (
	"os"
	"slices"
	"strings"
	"time"

	"cofferdam"
	"cofferdam/report"
)

// output is a form of the answer, and the file that it goes to: stdout where it has no name.
type output struct{ format, file string }

// outputs reads --format and --report.
func (f scanFlags) outputs() ([]output, error) {
	list := []output{{format: f.format}}
	for _, text := range f.reports {
		format, file, ok := strings.Cut(text, "=")
		if !ok || file == "" {
			return nil, usage("--report %q is not FORMAT=FILE", text)
		}
		list = append(list, output{format, file})
	}
	for _, o := range list {
		if !slices.Contains(report.Formats(), o.format) {
			return nil, usage("the format %q is none of %s", o.format, strings.Join(report.Formats(), ", "))
		}
	}
	return list, nil
}

func (a *app) printReports(s *cofferdam.Scanned, outputs []output, start time.Time) error {
	o := report.Options{Version: cofferdam.Version, Start: start, End: time.Now(), Suppressed: s.Suppressed}
	for _, out := range outputs[1:] {
		if err := writeReport(out, s, o); err != nil {
			return err
		}
	}
	o.Color = colour(a.out)
	return report.Write(a.out, outputs[0].format, s.Report, o)
}

func writeReport(out output, s *cofferdam.Scanned, o report.Options) error {
	file, err := os.Create(out.file)
	if err != nil {
		return err
	}
	err = report.Write(file, out.format, s.Report, o)
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}
