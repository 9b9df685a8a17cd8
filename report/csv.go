package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"cofferdam/scan"
)

// CSV writes r as comma-separated values with a header (RFC 4180): findings, then credential files, then what was not
// scanned with the severity "incomplete". Control characters and bytes that are not UTF-8 are escaped as \x1b, and a cell
// that a spreadsheet would take for a formula begins with an apostrophe.
func CSV(w io.Writer, r *scan.Report, _ Options) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	head := []string{
		"rule", "severity", "path", "member", "line", "column", "end_line", "end_column", "offset", "length", "description", "why",
		"action", "fingerprint", "decoded", "entropy", "tags", "commit", "author", "email", "date", "subject",
	}
	if err := c.Write(head); err != nil {
		return err
	}
	all := known(r)
	for i := range all {
		if err := c.Write(csvRow(&all[i])); err != nil {
			return err
		}
	}
	for _, n := range r.Incomplete {
		f := scan.Finding{Severity: "incomplete", Path: n.Path, Why: n.Reason}
		if err := c.Write(csvRow(&f)); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func csvRow(f *scan.Finding) []string {
	row := []string{f.Rule, f.Severity, string(f.Path), f.Member}
	row = append(row, csvPlace(f)...)
	row = append(row, f.Description, f.Why, f.Action, f.Fingerprint, strings.Join(f.Decoded, " "), csvEntropy(f), strings.Join(f.Tags, " "))
	if c := f.Commit; c != nil {
		row = append(row, c.ID, c.Author, c.Email, rfc3339(c.Date), c.Subject)
	} else {
		row = append(row, "", "", "", "", "")
	}
	for i, text := range row {
		row[i] = cell(text)
	}
	return row
}

// csvPlace is empty for a file as a whole.
func csvPlace(f *scan.Finding) []string {
	if f.Line == 0 {
		return make([]string, 6)
	}
	return []string{
		strconv.Itoa(f.Line), strconv.Itoa(f.Column), strconv.Itoa(f.EndLine), strconv.Itoa(f.EndColumn),
		strconv.FormatInt(f.Offset, 10), strconv.FormatInt(f.Length, 10),
	}
}

func csvEntropy(f *scan.Finding) string {
	if x := finite(f.Entropy); x > 0 {
		return strconv.FormatFloat(float64(x), 'f', 2, 32)
	}
	return ""
}

// cell is text as a spreadsheet may have it. Full-width signs begin a formula too in some.
func cell(text string) string {
	text = inline(text)
	if strings.IndexAny(text, "=+-@＝＋－＠") == 0 {
		return "'" + text
	}
	return text
}
