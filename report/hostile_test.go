package report

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"cofferdam/internal/term"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// hostile is a report in which all text from a project, a history and an archive is as an attacker wants it.
func hostile(path, text string) *scan.Report {
	p := workspace.Path(path)
	return &scan.Report{
		Root: "/" + path,
		Findings: []scan.Finding{
			{Rule: "r-1", Description: text, Severity: "high", Path: p, Line: 2, Column: 3, EndLine: 3, EndColumn: 1, Offset: 4, Length: 5, Fingerprint: text, Why: text, Tags: []string{text, text}, Entropy: 4},
			{Rule: "r-2", Description: "d", Severity: text, Path: p, Member: text, Line: 2, Column: 3, EndLine: 2, EndColumn: 4, Decoded: []string{text}, Commit: &scan.Commit{
				ID: text, Author: text, Email: text, Date: time.Unix(int64(len(text)), 0), Subject: text,
			}},
		},
		Ledger:     []scan.Line{decided(line(p, workspace.Dir, scan.Directory), rules.Hide, path, text)},
		Incomplete: []scan.Incomplete{{Path: p, Reason: text}},
	}
}

func hostileTexts() []string {
	return []string{
		"", "::add-mask::x", " ::stop-commands::x", "##vso[task.setvariable]x", "##[error]", "a\r\n::error::b", "=1+1", "+x", "-rf", "@sum", "＝1", "\t=x",
		"a,b;c\"d", "%0A%2C", "a|b`c`<b>@me #1 [x](http://y) www.z", "]]>&<!--", "{0}[a](b)", "\x00\x01\x1b[2J\x7f\u0085", "\ufffe\uffff\U0001ffff",
		"\u202eabc\u2066\u200b\ufeff", "\xff\xc3(", "://x?y#z", "//host/x", "../x", "a!b", "\U000e0041", strings.Repeat("é", 600), "'x", "\u2028", "{}[]",
	}
}

func FuzzEveryFormatIsValidForHostileText(f *testing.F) {
	for i, text := range hostileTexts() {
		f.Add("p"+text, hostileTexts()[len(hostileTexts())-1-i])
		f.Add(text, text)
	}
	sarif, gitlab := schema(f, "sarif-schema-2.1.0.json"), schema(f, "gitlab-secret-detection.json")
	f.Fuzz(func(t *testing.T, path, text string) {
		r := hostile(path, text)
		for _, format := range Formats() {
			out := written(t, format, r, Options{Suppressed: []scan.Suppressed{{Source: "baseline", Count: 1}}})
			if err := harmlessText(format, out); err != nil {
				t.Errorf("%s: %v", format, err)
			}
			if err := wellFormed(format, out, path, sarif, gitlab); err != nil {
				t.Errorf("%s: %v\n%s", format, err, out)
			}
		}
	})
}

// harmlessText is an error where a terminal or a CI system would act on the text.
func harmlessText(format string, out []byte) error {
	text := string(out)
	if format == "csv" {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	if !utf8.ValidString(text) || term.Escape(text, true) != text || strings.Contains(text, "\t") {
		return errors.New("has control characters or bytes that are not UTF-8")
	}
	if strings.Contains(text, "##") && format != "markdown" || strings.Count(text, "##") > 1 {
		return errors.New("has ##")
	}
	for l := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(l), "::") && format != "github" {
			return fmt.Errorf("has a workflow command: %q", l)
		}
	}
	return nil
}

func wellFormed(format string, out []byte, path string, sarif, gitlab *jsonschema.Schema) error {
	switch format {
	case "sarif":
		return errors.Join(validate(sarif, out), sarifNamesPath(out, path))
	case "gitlab":
		return validate(gitlab, out)
	case "json":
		return jsonNamesPath(out, path)
	case "gitleaks":
		var leaks []leak
		if err := json.Unmarshal(out, &leaks); err != nil || len(leaks) != 3 {
			return fmt.Errorf("%d findings, %w", len(leaks), err)
		}
	case "jsonl":
		return jsonLines(out)
	case "csv":
		return csvRows(out)
	case "junit":
		return junitCases(out)
	case "github":
		return githubLines(out)
	case "markdown":
		return markdownRows(out)
	}
	return nil
}

// sarifNamesPath holds that the bytes of a path survive in its URI, and that nothing but the path is in it.
func sarifNamesPath(out []byte, path string) error {
	var log sarifLog
	if err := json.Unmarshal(out, &log); err != nil {
		return err
	}
	var result sarifResult
	if err := json.Unmarshal(log.Runs[0].Results[0], &result); err != nil {
		return err
	}
	u, err := url.Parse(result.Locations[0].Physical.Artifact.URI)
	if err != nil {
		return err
	}
	if strings.HasPrefix(path, "/") { // no path of a workspace
		path = "." + path
	}
	if u.Path != path || u.Scheme != "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("URI %q names %q, want %q", u, u.Path, path)
	}
	return nil
}

func jsonNamesPath(out []byte, path string) error {
	var d struct {
		Findings []struct {
			Path  string `json:"path"`
			Bytes string `json:"path_bytes"`
		}
	}
	if err := json.Unmarshal(out, &d); err != nil {
		return err
	}
	got := d.Findings[0].Path
	if d.Findings[0].Bytes != "" {
		raw, err := base64.StdEncoding.DecodeString(d.Findings[0].Bytes)
		if err != nil {
			return err
		}
		got = string(raw)
	}
	if got != path {
		return fmt.Errorf("path %q, want %q", got, path)
	}
	return nil
}

func jsonLines(out []byte) error {
	lines := bytes.Split(bytes.TrimSuffix(out, []byte("\n")), []byte("\n"))
	var types []string
	for _, l := range lines {
		var v struct{ Type string }
		if err := json.Unmarshal(l, &v); err != nil {
			return err
		}
		types = append(types, v.Type)
	}
	if got, want := strings.Join(types, " "), "finding finding credential incomplete summary"; got != want {
		return fmt.Errorf("lines are %s, want %s", got, want)
	}
	return nil
}

func csvRows(out []byte) error {
	rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
	if err != nil || len(rows) != 5 {
		return fmt.Errorf("%d rows, %w", len(rows), err)
	}
	for _, row := range rows {
		for _, c := range row {
			if strings.IndexAny(c, "=+-@＝＋－＠\t\r") == 0 {
				return fmt.Errorf("cell %q is a formula", c)
			}
		}
	}
	return nil
}

func junitCases(out []byte) error {
	d, cases := xml.NewDecoder(bytes.NewReader(out)), 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "testcase" {
			cases++
		}
	}
	if cases != 4 {
		return fmt.Errorf("%d cases, want 4", cases)
	}
	return nil
}

// workflowCommand has no raw separator in its values: a property ends at a comma, the properties at ::.
var workflowCommand = regexp.MustCompile(`^::(error|warning|notice) (file=[^,:]*(,(line|endLine|col|endColumn)=\d+)*,)?title=[^,:]*::[^\n]*$`)

func githubLines(out []byte) error {
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	for _, l := range lines {
		if !workflowCommand.MatchString(l) || regexp.MustCompile(`%(?:[^2013]|2[^5C]|0[^AD]|3[^A]|1)`).MatchString(l) {
			return fmt.Errorf("line %q is no workflow command", l)
		}
	}
	if len(lines) != 5 {
		return fmt.Errorf("%d commands, want 5", len(lines))
	}
	return nil
}

func markdownRows(out []byte) error {
	rows := 0
	for l := range strings.SplitSeq(string(out), "\n") {
		if strings.HasPrefix(l, "|") {
			rows++
			if n := strings.Count(l, "|"); n != 3 && n != 5 {
				return fmt.Errorf("row %q has %d bars", l, n)
			}
		}
	}
	if tags := regexp.MustCompile(`</?code>`).ReplaceAll(out, nil); rows != 8 || bytes.ContainsAny(tags, "<>`[]@") {
		return fmt.Errorf("%d rows, want 8, or live marks", rows)
	}
	return nil
}
