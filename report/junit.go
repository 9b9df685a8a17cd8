package report

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"cofferdam/scan"
)

type junitSuite struct {
	XMLName    xml.Name    `xml:"testsuite"`
	Name       string      `xml:"name,attr"`
	Package    string      `xml:"package,attr"`
	ID         int         `xml:"id,attr"`
	Tests      int         `xml:"tests,attr"`
	Failures   int         `xml:"failures,attr"`
	Errors     int         `xml:"errors,attr"`
	Skipped    int         `xml:"skipped,attr"`
	Hostname   string      `xml:"hostname,attr"`
	Timestamp  string      `xml:"timestamp,attr"`
	Time       string      `xml:"time,attr"`
	Properties struct{}    `xml:"properties"`
	Cases      []junitCase `xml:"testcase"`
	Out        string      `xml:"system-out"`
	Err        string      `xml:"system-err"`
}

type junitCase struct {
	Name    string       `xml:"name,attr"`
	Class   string       `xml:"classname,attr"`
	Time    string       `xml:"time,attr"`
	Failure *junitResult `xml:"failure"`
	Error   *junitResult `xml:"error"`
}

type junitResult struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes r as a JUnit test report: a suite for each file with findings, a failed case for each finding, a case in
// error for what was not scanned, and one that passes where all is well. It fits the schemas of Jenkins and of Ant.
func JUnit(w io.Writer, r *scan.Report, o Options) error {
	b := bufio.NewWriter(w)
	b.WriteString(xml.Header + "<testsuites>\n")
	e := xml.NewEncoder(b)
	e.Indent("  ", "  ")
	for i, suite := range junitSuites(r) {
		suite.finish(i, r, o)
		if err := e.Encode(suite); err != nil {
			return err
		}
	}
	b.WriteString("\n</testsuites>\n")
	return b.Flush()
}

func junitSuites(r *scan.Report) []junitSuite {
	all := known(r)
	slices.SortStableFunc(all, func(a, b scan.Finding) int { return strings.Compare(fileOf(&a), fileOf(&b)) })
	var suites []junitSuite
	for i := range all {
		f := &all[i]
		file := inline(fileOf(f))
		if len(suites) == 0 || suites[len(suites)-1].Name != file {
			suites = append(suites, junitSuite{Name: file})
		}
		s := &suites[len(suites)-1]
		s.Cases = append(s.Cases, newJUnitCase(f))
		s.Failures++
	}
	if len(r.Incomplete) > 0 {
		s := junitSuite{Name: "not scanned", Errors: len(r.Incomplete)}
		for _, n := range r.Incomplete {
			s.Cases = append(s.Cases, junitCase{Name: name(n.Path), Class: name(n.Path), Error: &junitResult{Type: "incomplete", Message: inline(n.Reason)}})
		}
		suites = append(suites, s)
	}
	if len(suites) == 0 {
		suites = append(suites, junitSuite{Name: "cofferdam", Cases: []junitCase{{Name: "no secrets found", Class: "cofferdam"}}})
	}
	return suites
}

func newJUnitCase(f *scan.Finding) junitCase {
	place := placeOf(f)
	title := inline(f.Rule)
	if f.Line > 0 {
		title += fmt.Sprintf(" at %d:%d", f.Line, f.Column)
	}
	text := place + "\n" + about(f)
	if f.Fingerprint != "" {
		text += "\nfingerprint " + inline(f.Fingerprint)
	}
	return junitCase{Name: title, Class: inline(fileOf(f)), Failure: &junitResult{inline(f.Severity), about(f), text}}
}

// finish fills in what the schemas ask of every suite.
func (s *junitSuite) finish(id int, r *scan.Report, o Options) {
	s.ID, s.Package, s.Tests, s.Hostname = id, "cofferdam", len(s.Cases), "localhost"
	s.Timestamp, s.Time = localTime(o.Start), "0"
	for i := range s.Cases {
		s.Cases[i].Time = "0"
	}
	if id == 0 {
		s.Out = summary(r, len(credentials(r)))
		for _, line := range suppressedLines(o.Suppressed) {
			s.Out += "\n" + line
		}
	}
}

// localTime is a time in UTC without its zone, as JUnit and GitLab write it; the epoch for one that is unknown.
func localTime(t time.Time) string {
	if rfc3339(t) == "" {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format("2006-01-02T15:04:05")
}
