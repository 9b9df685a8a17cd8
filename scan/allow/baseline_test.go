package allow

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func fp(n int) string { return fmt.Sprintf("%032x", n) }

func baselineOf(t testing.TB, findings []Finding) *Baseline {
	t.Helper()
	var text bytes.Buffer
	if err := WriteBaseline(&text, findings); err != nil {
		t.Fatal(err)
	}
	b, err := ReadBaseline(&text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const wantBaseline = `{
  "version": 1,
  "entries": [
    {
      "fingerprint": "00000000000000000000000000000002",
      "rule": "jwt",
      "path": "a!in/x",
      "count": 1
    },
    {
      "fingerprint": "00000000000000000000000000000001",
      "rule": "aws",
      "path": "b",
      "count": 2
    },
    {
      "fingerprint": "00000000000000000000000000000001",
      "rule": "aws",
      "path": "c�",
      "path_bytes": "Y/8=",
      "count": 1
    }
  ]
}
`

func TestWriteBaseline(t *testing.T) {
	var b bytes.Buffer
	findings := []Finding{
		{Rule: "aws", Path: "c\xff", Fingerprint: fp(1)}, {Rule: "aws", Path: "b", Line: 9, Fingerprint: fp(1)},
		{Rule: "jwt", Path: "a", Member: "in/x", Fingerprint: fp(2)}, {Rule: "aws", Path: "b", Line: 3, Fingerprint: fp(1)},
	}
	if err := WriteBaseline(&b, findings); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wantBaseline, b.String()); diff != "" {
		t.Errorf("baseline (-want +got):\n%s", diff)
	}
	if WriteBaseline(&b, []Finding{{Rule: "aws", Path: "b"}}) == nil {
		t.Error("a finding without a fingerprint is no error")
	}
}

// For every list of findings: its baseline covers it in any order, place and file, and covers no copy more.
func TestABaselineCoversEachFindingOnce(t *testing.T) {
	r := random(4)
	for range 300 {
		var findings []Finding
		for range 1 + r.IntN(12) {
			findings = append(findings, Finding{Rule: "r", Path: fmt.Sprint("f", r.IntN(3)), Line: r.IntN(9), Fingerprint: fp(r.IntN(4))})
		}
		b := baselineOf(t, findings)
		if b.Len() != len(findings) {
			t.Fatalf("%d findings, %d entries", len(findings), b.Len())
		}
		moved := append([]Finding{}, findings...)
		r.Shuffle(len(moved), func(i, k int) { moved[i], moved[k] = moved[k], moved[i] })
		for i := range moved {
			moved[i].Line, moved[i].Path = moved[i].Line+7, fmt.Sprint("g", r.IntN(3))
		}
		for range 2 { // the second time as the first
			if covered := b.Apply(moved); count(covered) != len(moved) {
				t.Fatalf("%d of %d findings are covered after a move", count(covered), len(moved))
			}
		}
		more := append(append([]Finding{}, findings...), Finding{Rule: "r", Path: "new", Fingerprint: findings[0].Fingerprint}, Finding{Rule: "r", Path: "new", Fingerprint: fp(99)})
		covered := b.Apply(more)
		if count(covered) != len(findings) || covered[len(covered)-1] || covered[len(covered)-2] {
			t.Fatalf("a second copy is not the new one: %v", covered)
		}
	}
}

// The copy in the file of the entry is the known one, wherever in the list it stands.
func TestTheCopyInTheKnownFileIsCovered(t *testing.T) {
	b := baselineOf(t, []Finding{{Rule: "r", Path: "z", Fingerprint: fp(1)}})
	if diff := cmp.Diff([]bool{false, true}, b.Apply([]Finding{{Rule: "r", Path: "a", Fingerprint: fp(1)}, {Rule: "r", Path: "z", Fingerprint: fp(1)}})); diff != "" {
		t.Errorf("covered (-want +got):\n%s", diff)
	}
}

func count(covered []bool) int {
	n := 0
	for _, c := range covered {
		if c {
			n++
		}
	}
	return n
}

// The reports are those that package report is tested against.
func TestReportsOfOursAreBaselines(t *testing.T) {
	findings := []Finding{
		{Rule: "aws-access-token", Path: "moved.go", Fingerprint: "f1"}, {Rule: "generic-api-key", Path: "a.go", Fingerprint: "f2"},
		{Rule: "jwt", Path: "b\x1b[31m\n\xff", Fingerprint: "f3"}, {Rule: "github-pat", Path: "lib!/a b.zip", Member: "in/c%d.txt!x:y", Fingerprint: "f4"},
		{Rule: "jwt", Path: "old, c:.txt", Fingerprint: "f3"}, {Rule: "jwt", Path: "third", Fingerprint: "f3"}, {Rule: "x", Path: "a.go", Fingerprint: "f5"},
	}
	for _, format := range []string{"json", "jsonl", "sarif"} {
		t.Run(format, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("..", "..", "report", "testdata", "golden", format))
			if err != nil {
				t.Fatal(err)
			}
			b, err := ReadBaseline(bytes.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]bool{true, true, true, true, true, false, false}, b.Apply(findings)); diff != "" {
				t.Errorf("covered (-want +got):\n%s", diff)
			}
			for _, f := range findings[1:5] {
				if b.known[f.Fingerprint][f.file()] != 1 {
					t.Errorf("no entry of %s in %q: %v", f.Fingerprint, f.file(), b.known[f.Fingerprint])
				}
			}
		})
	}
}

func TestGitleaksReportsAreBaselinesOfPlaces(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "report", "testdata", "golden", "gitleaks"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := ReadBaseline(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	commit := "0123456789abcdef0123456789abcdef01234567"
	findings := []Finding{
		{Rule: "aws-access-token", Path: "a.go", Line: 3, Commit: "ab"},
		{Rule: "aws-access-token", Path: "a.go", Line: 3},
		{Rule: "aws-access-token", Path: "a.go", Line: 4},
		{Rule: "jwt", Path: "old, c:.txt", Line: 9, Commit: commit[1:]},
		{Rule: "jwt", Path: "old, c:.txt", Line: 9, Commit: commit},
		{Rule: "github-pat", Path: "lib!/a b.zip", Member: "in/c%d.txt!x:y", Line: 2},
	}
	if diff := cmp.Diff([]bool{true, false, false, false, true, true}, b.Apply(findings)); diff != "" {
		t.Errorf("covered (-want +got):\n%s", diff)
	}
}

func TestWhatIsNoBaselineIsRefused(t *testing.T) {
	finding := `{"type":"finding","fingerprint":"ab","path":"x"}`
	for name, text := range map[string]string{
		"empty": "", "text": "hello", "number": "1", "other object": `{"a":1}`, "cut": `{"version":1,"entries":[{"fing`, "two values": `{"version":1,"entries":[]} {}`,
		"version": `{"version":2,"entries":[]}`, "no version": `{"entries":[]}`, "report version": `{"version":9,"findings":[]}`, "no fingerprint": `{"version":1,"entries":[{"count":1}]}`,
		"count": `{"version":1,"entries":[{"fingerprint":"ab","count":-1}]}`, "huge count": `{"version":1,"entries":[{"fingerprint":"ab","count":99999999999}]}`,
		"long": `{"version":1,"findings":[{"fingerprint":"` + strings.Repeat("a", 200) + `"}]}`, "kind": `{"version":1,"findings":[{"fingerprint":7}]}`,
		"lines without summary": finding, "lines cut": finding + "\n" + finding[:20], "other SARIF": `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"gitleaks"}}}]}`,
		"array": `[{"a":1}]`, "deep": strings.Repeat("[", 20_000), "deep object": strings.Repeat(`{"a":`, 20_000),
	} {
		if b, err := ReadBaseline(strings.NewReader(text)); err == nil {
			t.Errorf("%s: read as a baseline of %d", name, b.Len())
		}
	}
	if _, err := ReadBaseline(strings.NewReader(finding + "\n" + `{"type":"summary"}` + "\n")); err != nil {
		t.Errorf("JSON Lines with a summary: %v", err)
	}
}

// A report of gitleaks has secrets in it; no error quotes them.
func TestErrorsQuoteNothing(t *testing.T) {
	canary := "canary" + strings.Repeat("Zq7", 5)
	for _, text := range []string{
		canary, `[{"Secret":"` + canary, `[{"StartLine":"` + canary + `"}]`, `[{"RuleID":"r","File":"f","Secret":"` + canary + `"},{"Match":"` + canary + `"}]`, `{"runs":"` + canary + `"}`,
		`{"version":1,"findings":[{"path_bytes":"` + canary + `!"}]}`, `{"version":1,"findings":[` + canary + `]}`,
	} {
		if _, err := ReadBaseline(strings.NewReader(text)); err == nil || strings.Contains(err.Error(), canary[:8]) {
			t.Errorf("error %v", err)
		}
	}
}

func TestAFileThatIsTooLargeIsRefused(t *testing.T) {
	if _, err := read(bytes.NewReader(make([]byte, 11)), 10); err == nil {
		t.Error("11 bytes of 10 are read")
	}
	if text, err := read(strings.NewReader("\xef\xbb\xbfab"), 5); err != nil || string(text) != "ab" {
		t.Errorf("read = %q, %v", text, err)
	}
}

// For every text: it is refused, or a baseline that covers no more than it has entries.
func FuzzReadBaseline(f *testing.F) {
	for _, format := range []string{"json", "jsonl", "sarif", "gitleaks"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "report", "testdata", "golden", format))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(wantBaseline))
	findings := []Finding{{Rule: "jwt", Path: "b", Line: 1, Fingerprint: "f3"}, {Rule: "jwt", Path: "b", Line: 1, Fingerprint: "f3"}, {}, {Fingerprint: fp(1)}}
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := ReadBaseline(bytes.NewReader(text))
		if err != nil {
			return
		}
		if n := count(b.Apply(findings)); n > b.Len() {
			t.Errorf("%d findings covered by %d entries", n, b.Len())
		}
	})
}
