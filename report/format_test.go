package report

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cofferdam/scan"
	"cofferdam/workspace"
)

var update = flag.Bool("update", false, "write the golden files")

// full is sample with all that a finding can say.
func full() *scan.Report {
	r := sample()
	r.Findings[0].Why = "its form, and AKIA"
	r.Findings[0].Entropy = 3.5
	r.Findings[0].Tags = []string{"cloud", "aws", "cloud"}
	r.Findings = append(r.Findings,
		scan.Finding{Rule: "github-pat", Description: "A GitHub token", Severity: "critical", Path: "lib!/a b.zip", Member: "in/c%d.txt!x:y", Line: 2, Column: 5, EndLine: 2, EndColumn: 45, Offset: 14, Length: 40, Fingerprint: "f4", Why: "its checksum holds"},
		scan.Finding{Rule: "jwt", Description: "A JWT", Severity: "low", Path: "old, c:.txt", Line: 9, Column: 1, EndLine: 9, EndColumn: 30, Offset: 100, Length: 29, Fingerprint: "f3", Commit: &scan.Commit{
			ID: "0123456789abcdef0123456789abcdef01234567", Author: "A. <Author>", Email: "a@example.com", Date: time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC), Subject: "=Add ##[x] | `a` \u202eb",
		}},
	)
	return r
}

func options() Options {
	return Options{
		Version: "1.2.3", Start: time.Date(2025, 1, 2, 3, 4, 5, 6, time.UTC), End: time.Date(2025, 1, 2, 3, 4, 7, 0, time.UTC),
		Suppressed: []scan.Suppressed{{Source: "baseline", Count: 2, Obeyed: true}, {Source: ".gitleaksignore", Count: 1}},
	}
}

func written(t testing.TB, format string, r *scan.Report, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, r, o); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.Bytes()
}

func TestFormatsAreGolden(t *testing.T) {
	for _, format := range Formats() {
		t.Run(format, func(t *testing.T) {
			got := written(t, format, full(), options())
			file := filepath.Join("testdata", "golden", format)
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", format, diff)
			}
		})
	}
}

func TestAnUnknownFormatIsAnError(t *testing.T) {
	if err := Write(io.Discard, "yaml", sample(), Options{}); err == nil || !strings.Contains(err.Error(), "json") {
		t.Errorf("Write in yaml = %v, want an error that lists the formats", err)
	}
}

func TestAFailedWriteIsAnErrorInEveryFormat(t *testing.T) {
	for _, format := range Formats() {
		if Write(brokenWriter{}, format, full(), options()) == nil {
			t.Errorf("%s: a failed write is no error", format)
		}
	}
}

// A format neither changes the report nor keeps anything from one time to the next.
func TestWritingAgainWritesTheSame(t *testing.T) {
	r := full()
	for _, format := range Formats() {
		first := written(t, format, r, options())
		if !bytes.Equal(first, written(t, format, r, options())) {
			t.Errorf("%s differs from one time to the next", format)
		}
		if !reflect.DeepEqual(full(), r) {
			t.Fatalf("%s changed the report", format)
		}
	}
}

func TestQuietTextHasNoLineThatSumsUp(t *testing.T) {
	o := options()
	o.Quiet = true
	if got := written(t, "text", &scan.Report{}, o); len(got) > 0 {
		t.Errorf("quiet text of nothing = %q", got)
	}
	if got := string(written(t, "text", full(), o)); !strings.Contains(got, "github-pat") || strings.Contains(got, "findings in") {
		t.Errorf("quiet text = %s", got)
	}
}

// No format prints what was found, or any part of the line around it.
func TestNoFormatPrintsTheSecret(t *testing.T) {
	dir := t.TempDir()
	canary := "ghp_" + strings.Repeat("a1B2c3D4", 4) + "e5F6"
	if err := os.WriteFile(filepath.Join(dir, "config.py"), []byte("near_canary = 1\ntoken = \""+canary+"\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := workspace.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	r, err := scan.Scan(context.Background(), root, nil, scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) == 0 {
		t.Fatal("the canary was not found")
	}
	for _, format := range Formats() {
		text := string(written(t, format, r, options()))
		if !strings.Contains(text, "config") {
			t.Errorf("%s does not name the file", format)
		}
		for i := range len(canary) - 8 {
			if strings.Contains(text, canary[i:i+8]) {
				t.Fatalf("%s prints a part of the canary, from byte %d", format, i)
			}
		}
		if strings.Contains(text, "near_canary") {
			t.Errorf("%s prints the surroundings", format)
		}
	}
}
