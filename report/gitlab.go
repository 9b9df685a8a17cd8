package report

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"cofferdam/scan"
)

// gitlabVersion is that of GitLab's schema for secret detection which the report fits.
const gitlabVersion = "15.0.7"

type gitlabReport struct {
	Version         string            `json:"version"`
	Scan            gitlabScan        `json:"scan"`
	Vulnerabilities []json.RawMessage `json:"vulnerabilities"`
}

type gitlabScan struct {
	Analyzer gitlabTool      `json:"analyzer"`
	Scanner  gitlabTool      `json:"scanner"`
	Type     string          `json:"type"`
	Start    string          `json:"start_time"`
	End      string          `json:"end_time"`
	Status   string          `json:"status"`
	Messages []gitlabMessage `json:"messages,omitempty"`
}

type gitlabTool struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Vendor  gitlabVendor `json:"vendor"`
	Version string       `json:"version"`
}

type gitlabVendor struct {
	Name string `json:"name"`
}

type gitlabMessage struct {
	Level string `json:"level"`
	Value string `json:"value"`
}

type gitlabVulnerability struct {
	ID          string             `json:"id"`
	Category    string             `json:"category"`
	Name        string             `json:"name"`
	Description string             `json:"description"`
	Severity    string             `json:"severity"`
	Scanner     gitlabScanner      `json:"scanner"`
	Location    gitlabLocation     `json:"location"`
	Identifiers []gitlabIdentifier `json:"identifiers"`
}

type gitlabScanner struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type gitlabLocation struct {
	File    string       `json:"file"`
	Line    int          `json:"start_line,omitempty"`
	EndLine int          `json:"end_line,omitempty"`
	Commit  gitlabCommit `json:"commit"`
}

type gitlabCommit struct {
	Author  string `json:"author,omitempty"`
	Date    string `json:"date,omitempty"`
	Message string `json:"message,omitempty"`
	SHA     string `json:"sha"`
}

type gitlabIdentifier struct {
	Type  string `json:"type"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

// GitLab writes r as a report of GitLab's secret detection. What was not scanned is a warning of the scan.
func GitLab(w io.Writer, r *scan.Report, o Options) error {
	version := o.Version
	if version == "" {
		version = "unknown" // the schema wants one
	}
	tool := gitlabTool{"cofferdam", "Cofferdam", gitlabVendor{"Cofferdam"}, version}
	all := known(r)
	report := gitlabReport{
		Version:         gitlabVersion,
		Scan:            gitlabScan{tool, tool, "secret_detection", localTime(o.Start), localTime(o.End), "success", nil},
		Vulnerabilities: list(len(all)),
	}
	for _, n := range r.Incomplete {
		report.Scan.Messages = append(report.Scan.Messages, gitlabMessage{"warn", "not scanned: " + name(n.Path) + ": " + inline(n.Reason)})
	}
	return encodeList(w, report, "  ", len(all), func(i int) any { return newVulnerability(&all[i]) })
}

func newVulnerability(f *scan.Finding) gitlabVulnerability {
	title := f.Description
	if title == "" {
		title = f.Rule
	}
	rule := f.Rule
	if rule == "" {
		rule = "unnamed" // the schema wants a value
	}
	v := gitlabVulnerability{
		ID: gitlabID(f), Category: "secret_detection", Name: shorten(inline(title), 255), Description: shorten(markdownText(about(f)), 1<<20), // GitLab shows it as Markdown
		Severity: pick(f.Severity, [4]string{"Critical", "High", "Medium", "Low"}),
		Scanner:  gitlabScanner{"cofferdam", "Cofferdam"},
		Location: gitlabLocation{newPath(f.Path).Path, f.Line, lastLine(f), gitlabCommit{SHA: "0000000"}}, // what GitLab's own analyzer writes without git
		Identifiers: []gitlabIdentifier{
			{"cofferdam_rule_id", "Cofferdam rule ID " + rule, rule},
		},
	}
	if f.Member != "" {
		v.Location.File = strings.ToValidUTF8(fileOf(f), "\ufffd")
	}
	if c := f.Commit; c != nil && c.ID != "" {
		v.Location.Commit = gitlabCommit{c.Author, rfc3339(c.Date), c.Subject, c.ID}
	}
	return v
}

// gitlabID is a UUID (version 8, RFC 9562) made of what tells findings apart, so that one finding has one id in all runs.
func gitlabID(f *scan.Finding) string {
	h := sha256.New()
	commit := ""
	if f.Commit != nil {
		commit = f.Commit.ID
	}
	fmt.Fprintf(h, "%q %q %q %q %d %d %q", f.Rule, f.Fingerprint, f.Path, f.Member, f.Offset, f.Length, commit)
	id := h.Sum(nil)[:16]
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// shorten cuts text to at most so many characters.
func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
