package report

import (
	"fmt"
	"io"

	"cofferdam/scan"
)

// redacted stands where gitleaks prints the value. Its own --redact prints the same word.
const redacted = "REDACTED"

// leak has the fields of a finding of gitleaks, in their order.
type leak struct {
	RuleID      string
	Description string
	StartLine   int
	EndLine     int
	StartColumn int
	EndColumn   int
	Match       string
	Secret      string
	File        string
	SymlinkFile string
	Commit      string
	Entropy     float32
	Author      string
	Email       string
	Date        string
	Message     string
	Tags        []string
	Fingerprint string
}

// Gitleaks writes r as the JSON of gitleaks v8, for what reads that. Match and Secret are always REDACTED. A place is that
// of the value and not of the whole match, with columns as gitleaks counts them: from 1 on the first line and from 2 on
// those after it, the last byte included. What was not scanned has no place in this format.
func Gitleaks(w io.Writer, r *scan.Report, _ Options) error {
	all := known(r)
	return encodeList(w, list(len(all)), " ", len(all), func(i int) any { return newLeak(&all[i]) })
}

func newLeak(f *scan.Finding) leak {
	l := leak{
		RuleID: f.Rule, Description: f.Description, StartLine: f.Line, EndLine: f.EndLine,
		Match: redacted, Secret: redacted, File: fileOf(f), Entropy: finite(f.Entropy), Tags: append([]string{}, f.Tags...),
	}
	l.StartColumn, l.EndColumn = gitleaksColumn(f.Line, f.Column), gitleaksColumn(f.EndLine, f.EndColumn-1)
	l.Fingerprint = fmt.Sprintf("%s:%s:%d", l.File, l.RuleID, l.StartLine)
	if f.Line == 0 { // gitleaks' form for a rule about names
		l.Match, l.Secret, l.StartColumn, l.EndColumn = "file detected: "+l.File, "", 0, 0
	}
	if c := f.Commit; c != nil {
		l.Commit, l.Author, l.Email, l.Date, l.Message = c.ID, c.Author, c.Email, rfc3339(c.Date), c.Subject
		l.Fingerprint = c.ID + ":" + l.Fingerprint
	}
	return l
}

// gitleaksColumn counts the newline before every line but the first as one of its columns.
func gitleaksColumn(line, column int) int {
	if line > 1 {
		return column + 1
	}
	return column
}
