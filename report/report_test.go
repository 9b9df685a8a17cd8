package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

func line(path workspace.Path, kind workspace.Type, state scan.State) scan.Line {
	return scan.Line{Entry: workspace.Entry{Path: path, Stat: workspace.Stat{Type: kind}}, State: state}
}

func decided(l scan.Line, action rules.Action, pattern, credential string) scan.Line {
	l.Verdict = rules.Verdict{Action: action, Rule: rules.PathRule{Pattern: pattern, Kind: "ssh", Action: action, Why: "SSH private key"}, Source: rules.FromDefault}
	l.Credential = credential
	return l
}

func sample() *scan.Report {
	hidden := decided(line("id_rsa", workspace.File, scan.Scanned), rules.Hide, "id_rsa", "")
	hidden.Action = "hide"
	return &scan.Report{
		Root: "/p",
		Findings: []scan.Finding{
			{Rule: "aws-access-token", Description: "An AWS token", Severity: "high", Path: "a.go", Line: 3, Column: 7, EndLine: 3, EndColumn: 27, Offset: 30, Length: 20, Fingerprint: "f1"},
			{Rule: "generic-api-key", Description: "A key", Severity: "medium", Path: "a.go", Line: 120, Column: 1, EndLine: 121, EndColumn: 2, Offset: 900, Length: 40, Action: "redact", Fingerprint: "f2", Decoded: []string{"base64"}},
			{Rule: "jwt", Description: "A JWT", Severity: "high", Path: "b\x1b[31m\n\xff", Line: 1, Column: 1, EndLine: 1, EndColumn: 9, Length: 8, Fingerprint: "f3"},
		},
		Ledger: []scan.Line{
			decided(line(".ssh", workspace.Dir, scan.Directory), rules.Hide, "**/.ssh/**", ""),
			decided(line(".ssh/config", workspace.File, scan.Scanned), rules.Hide, "**/.ssh/**", ""),
			line("a.go", workspace.File, scan.Scanned),
			line("b\x1b[31m\n\xff", workspace.File, scan.Scanned),
			decided(line("c.yaml", workspace.File, scan.Scanned), rules.Inspect, "*.yaml", `a value for "password"`),
			line("fifo", workspace.FIFO, scan.Special),
			hidden,
			decided(line("plain.yaml", workspace.File, scan.Scanned), rules.Redact, "*.yaml", ""),
			line("shut\xfe", workspace.File, scan.Unreadable),
		},
		Incomplete: []scan.Incomplete{{Path: "shut\xfe", Reason: "open: permission denied"}},
		Bytes:      4096,
	}
}

const wantText = `a.go
  3:7    high    aws-access-token  An AWS token
  120:1  medium  generic-api-key   A key (encoded: base64) [redact]

b\x1b[31m\n\xff
  1:1  high    jwt  A JWT

Credential files
  .ssh/   ssh  SSH private key
  c.yaml  ssh  a value for "password"
  id_rsa  ssh  SSH private key [hide]

Not scanned
  shut\xfe  open: permission denied

3 findings in 2 files, 3 credential files; scanned 6 files, 4.096kB; INCOMPLETE: 1 path not scanned
`

func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, sample(), Options{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wantText, b.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

// Colour adds nothing but colour.
func TestTextInColour(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, sample(), Options{Color: true}); err != nil {
		t.Fatal(err)
	}
	plain := b.String()
	for _, code := range []string{"0", bold, faint, red, yellow} {
		plain = strings.ReplaceAll(plain, "\x1b["+code+"m", "")
	}
	if diff := cmp.Diff(wantText, plain); diff != "" || b.String() == plain {
		t.Errorf("text without its colours (-want +got):\n%s", diff)
	}
}

func TestTextOfASearchHasNoFiles(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, &scan.Report{Texts: 3, Bytes: 7}, Options{}); err != nil || b.String() != "no secrets found; searched 3 texts, 7B\n" {
		t.Errorf("Text of a search = %q, %v", b.String(), err)
	}
}

func TestTextOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, &scan.Report{Ledger: []scan.Line{}}, Options{}); err != nil || b.String() != "no secrets found, 0 credential files; scanned 0 files, 0B\n" {
		t.Errorf("Text of an empty report = %q, %v", b.String(), err)
	}
}

const wantJSON = `{
  "version": 1,
  "root": "/p",
  "findings": [
    {
      "rule": "aws-access-token",
      "description": "An AWS token",
      "severity": "high",
      "path": "a.go",
      "line": 3,
      "column": 7,
      "end_line": 3,
      "end_column": 27,
      "offset": 30,
      "length": 20,
      "action": "",
      "fingerprint": "f1",
      "decoded": []
    },
    {
      "rule": "generic-api-key",
      "description": "A key",
      "severity": "medium",
      "path": "a.go",
      "line": 120,
      "column": 1,
      "end_line": 121,
      "end_column": 2,
      "offset": 900,
      "length": 40,
      "action": "redact",
      "fingerprint": "f2",
      "decoded": [
        "base64"
      ]
    },
    {
      "rule": "jwt",
      "description": "A JWT",
      "severity": "high",
      "path": "b\u001b[31m\n�",
      "path_bytes": "YhtbMzFtCv8=",
      "line": 1,
      "column": 1,
      "end_line": 1,
      "end_column": 9,
      "offset": 0,
      "length": 8,
      "action": "",
      "fingerprint": "f3",
      "decoded": []
    }
  ],
  "credentials": [
    {
      "path": ".ssh",
      "rule": "**/.ssh/**",
      "kind": "ssh",
      "why": "SSH private key",
      "action": ""
    },
    {
      "path": "c.yaml",
      "rule": "*.yaml",
      "kind": "ssh",
      "why": "a value for \"password\"",
      "action": ""
    },
    {
      "path": "id_rsa",
      "rule": "id_rsa",
      "kind": "ssh",
      "why": "SSH private key",
      "action": "hide"
    }
  ],
  "ledger": {
    "files": 7,
    "bytes": 4096,
    "scanned": 6,
    "hidden": 1,
    "redacted": 0,
    "passed": 0,
    "unreadable": 1,
    "special": 1
  },
  "incomplete": [
    {
      "path": "shut�",
      "path_bytes": "c2h1dP4=",
      "reason": "open: permission denied"
    }
  ]
}
`

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, sample()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wantJSON, b.String()); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	b.Reset()
	if err := JSON(&b, &scan.Report{}); err != nil || !json.Valid(b.Bytes()) || strings.Contains(b.String(), "null") {
		t.Errorf("JSON of an empty report = %s, %v", b.String(), err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken") }

func TestAFailedWriteIsAnError(t *testing.T) {
	if Text(brokenWriter{}, sample(), Options{}) == nil || JSON(brokenWriter{}, sample()) == nil {
		t.Error("a failed write is no error")
	}
}
