package report

import (
	"encoding/json"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"cofferdam/scan"
	"cofferdam/workspace"
)

// version is that of the JSON form. A field may be added to it; one that changes or goes makes a new one.
const version = 1

type document struct {
	Version     int               `json:"version"`
	Root        string            `json:"root"`
	RootBytes   []byte            `json:"root_bytes,omitempty"` // as path_bytes
	Findings    []json.RawMessage `json:"findings"`
	Credentials []credential      `json:"credentials"`
	Ledger      ledger            `json:"ledger"`
	Incomplete  []incomplete      `json:"incomplete"`
	Suppressed  []suppressed      `json:"suppressed,omitempty"`
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
	Why         string   `json:"why,omitempty"`
	Member      string   `json:"member,omitempty"`
	MemberBytes []byte   `json:"member_bytes,omitempty"` // as path_bytes
	Entropy     float32  `json:"entropy,omitempty"`
	Tags        []string `json:"tags,omitempty"`
	Commit      *commit  `json:"commit,omitempty"`
}

type commit struct {
	ID      string `json:"id"`
	Author  string `json:"author"`
	Email   string `json:"email"`
	Date    string `json:"date"` // RFC 3339
	Subject string `json:"subject"`
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

type suppressed struct {
	Source string `json:"source"`
	Count  int    `json:"count"`
	Obeyed bool   `json:"obeyed"`
}

func newFinding(f *scan.Finding) finding {
	member := newPath(workspace.Path(f.Member))
	return finding{
		Rule: f.Rule, Description: f.Description, Severity: f.Severity, path: newPath(f.Path),
		Line: f.Line, Column: f.Column, EndLine: f.EndLine, EndColumn: f.EndColumn, Offset: f.Offset, Length: f.Length,
		Action: f.Action, Fingerprint: f.Fingerprint, Decoded: append([]string{}, f.Decoded...),
		Why: f.Why, Member: member.Path, MemberBytes: member.Bytes, Entropy: finite(f.Entropy), Tags: f.Tags, Commit: newCommit(f.Commit),
	}
}

// finite is 0 for what JSON cannot hold.
func finite(x float32) float32 {
	if x-x != 0 { // NaN or an infinity
		return 0
	}
	return x
}

func newCommit(c *scan.Commit) *commit {
	if c == nil {
		return nil
	}
	return &commit{c.ID, c.Author, c.Email, rfc3339(c.Date), c.Subject}
}

// rfc3339 is a time in UTC, and nothing for one that is unknown or whose year has not four digits.
func rfc3339(t time.Time) string {
	if t = t.UTC(); t.IsZero() || t.Year() < 0 || t.Year() > 9999 {
		return ""
	}
	return t.Format(time.RFC3339)
}

func newCredential(l scan.Line) credential {
	return credential{newPath(l.Path), l.Verdict.Rule.Pattern, l.Verdict.Rule.Kind, l.Because(), l.Action}
}

func newSuppressed(list []scan.Suppressed) []suppressed {
	var out []suppressed
	for _, s := range list {
		out = append(out, suppressed{string(s.Source), s.Count, s.Obeyed})
	}
	return out
}

// JSON writes r as one JSON value. Its fields are a promise of the command line.
func JSON(w io.Writer, r *scan.Report) error { return writeJSON(w, r, Options{}) }

func writeJSON(w io.Writer, r *scan.Report, o Options) error {
	root := newPath(workspace.Path(r.Root))
	d := document{
		Version: version, Root: root.Path, RootBytes: root.Bytes, Ledger: count(r), Suppressed: newSuppressed(o.Suppressed),
		Findings: list(len(r.Findings)), Credentials: []credential{}, Incomplete: []incomplete{},
	}
	for _, l := range credentials(r) {
		d.Credentials = append(d.Credentials, newCredential(l))
	}
	for _, i := range r.Incomplete {
		d.Incomplete = append(d.Incomplete, incomplete{newPath(i.Path), i.Reason})
	}
	return encodeList(w, d, "  ", len(r.Findings), func(i int) any { return newFinding(&r.Findings[i]) })
}
