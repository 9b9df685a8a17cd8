package report

import (
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"

	"cofferdam/scan"
	"cofferdam/workspace"
)

// version is that of the JSON form. A field may be added to it; one that changes or goes makes a new one.
const version = 1

type document struct {
	Version     int          `json:"version"`
	Root        string       `json:"root"`
	RootBytes   []byte       `json:"root_bytes,omitempty"` // as path_bytes
	Findings    []finding    `json:"findings"`
	Credentials []credential `json:"credentials"`
	Ledger      ledger       `json:"ledger"`
	Incomplete  []incomplete `json:"incomplete"`
}

// path is a path in JSON, which can hold UTF-8 only. One that is something else has each byte of it that is not replaced
// by U+FFFD, and beside it the bytes themselves in base64, so that nothing is lost and no two paths are one.
type path struct {
	Path  string `json:"path"`
	Bytes []byte `json:"path_bytes,omitempty"`
}

func newPath(p workspace.Path) path {
	if utf8.ValidString(string(p)) {
		return path{Path: string(p)}
	}
	return path{Path: strings.ToValidUTF8(string(p), "\ufffd"), Bytes: []byte(p)}
}

type finding struct {
	Rule        string `json:"rule"`
	Description string `json:"description"`
	Severity    string `json:"severity"`
	path
	Line        int      `json:"line"`
	Column      int      `json:"column"`
	EndLine     int      `json:"end_line"`
	EndColumn   int      `json:"end_column"`
	Offset      int64    `json:"offset"`
	Length      int64    `json:"length"`
	Action      string   `json:"action"`
	Fingerprint string   `json:"fingerprint"`
	Decoded     []string `json:"decoded"`
}

type credential struct {
	path
	Rule   string `json:"rule"`
	Kind   string `json:"kind"`
	Why    string `json:"why"`
	Action string `json:"action"`
}

type incomplete struct {
	path
	Reason string `json:"reason"`
}

// JSON writes r as one JSON value. Its fields are a promise of the command line.
func JSON(w io.Writer, r *scan.Report) error {
	root := newPath(workspace.Path(r.Root))
	d := document{
		Version: version, Root: root.Path, RootBytes: root.Bytes, Ledger: count(r),
		Findings: []finding{}, Credentials: []credential{}, Incomplete: []incomplete{},
	}
	for _, f := range r.Findings {
		d.Findings = append(d.Findings, finding{
			f.Rule, f.Description, f.Severity, newPath(f.Path), f.Line, f.Column, f.EndLine, f.EndColumn,
			f.Offset, f.Length, f.Action, f.Fingerprint, append([]string{}, f.Decoded...),
		})
	}
	for _, l := range credentials(r) {
		d.Credentials = append(d.Credentials, credential{newPath(l.Path), l.Verdict.Rule.Pattern, l.Verdict.Rule.Kind, because(l), l.Action})
	}
	for _, i := range r.Incomplete {
		d.Incomplete = append(d.Incomplete, incomplete{newPath(i.Path), i.Reason})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(d)
}
