package allow

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
	"github.com/zricethezav/gitleaks/v8/logging"
	"github.com/zricethezav/gitleaks/v8/report"
)

// quiet silences gitleaks, which warns of lines that are no fingerprint.
var quiet = sync.OnceFunc(func() { logging.Logger = zerolog.Nop() })

// gitleaksAllows asks gitleaks itself which findings a .gitleaksignore allows.
func gitleaksAllows(t testing.TB, text string, f Finding) bool {
	t.Helper()
	file := filepath.Join(t.TempDir(), ".gitleaksignore")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	quiet()
	d := detect.NewDetector(config.Config{})
	if err := d.AddGitleaksIgnore(file); err != nil {
		t.Fatal(err)
	}
	d.AddFinding(report.Finding{RuleID: f.Rule, File: f.file(), StartLine: f.Line, Commit: f.Commit})
	return len(d.Findings()) == 0
}

var ignoredFindings = []Finding{
	{Rule: "jwt", Path: "a/b.txt", Line: 3}, {Rule: "jwt", Path: "a/b.txt", Line: 3, Commit: "c0ffee"}, {Rule: "jwt", Path: "a/b.txt", Line: 4},
	{Rule: "aws", Path: "a:b", Line: 3}, {Rule: "aws", Path: "a:b", Line: 3, Commit: "c0ffee"}, {Rule: "aws", Path: "z.zip", Member: "in", Line: 1}, {Rule: "aws", Path: "#x", Line: 1},
}

var gitleaksIgnores = []string{
	"", "a/b.txt:jwt:3", "c0ffee:a/b.txt:jwt:3", "  a\\b.txt:jwt:3 \r\n", "# a/b.txt:jwt:3", "a:b:aws:3", "c0ffee:a:b:aws:3", "z.zip!in:aws:1", "#x:aws:1",
	"a/b.txt:jwt:3:", "a/b.txt:jwt", "a\\b.txt:jwt:3\n\nc0ffee:a\\b.txt:jwt:4", "c0ffee:a\\b.txt:jwt:3", ":::::", "a/b.txt:jwt:03",
}

// For every .gitleaksignore and finding: it is allowed where gitleaks drops it.
func TestGitleaksIgnoreMeansWhatGitleaksSays(t *testing.T) {
	for _, text := range gitleaksIgnores {
		list, err := ReadFingerprints(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ignoredFindings {
			if got, want := list.Match(f), gitleaksAllows(t, text, f); got != want {
				t.Errorf("%q allows %+v: %v, gitleaks says %v", text, f, got, want)
			}
		}
	}
}

func FuzzGitleaksIgnoreMeansWhatGitleaksSays(f *testing.F) {
	for i, text := range gitleaksIgnores {
		f.Add(text, ignoredFindings[i%len(ignoredFindings)].Path, "", 3)
	}
	f.Fuzz(func(t *testing.T, text, path, commit string, line int) {
		if len(text) > 1000 || strings.ContainsRune(path+commit, '\n') {
			return
		}
		list, err := ReadFingerprints(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		at := Finding{Rule: "jwt", Path: path, Commit: commit, Line: line}
		if got, want := list.Match(at), gitleaksAllows(t, text, at); got != want && !strings.HasPrefix(text, "\xef\xbb\xbf") {
			t.Errorf("%q allows %+v: %v, gitleaks says %v", text, at, got, want)
		}
	})
}

// What package report writes for gitleaks is what gitleaks itself writes: it reads it and writes the same again.
func TestGitleaksReadsAndWritesOurFormOfIt(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "report", "testdata", "golden", "gitleaks"))
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var findings []report.Finding
	if err := d.Decode(&findings); err != nil {
		t.Fatal(err)
	}
	out := &closer{}
	if err := (&report.JsonReporter{}).Write(out, findings); err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := errors.Join(json.Unmarshal(out.Bytes(), &want), json.Unmarshal(text, &got)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gitleaks writes (-), we write (+):\n%s", diff)
	}
}

type closer struct{ bytes.Buffer }

func (*closer) Close() error { return nil }
