package allow

import (
	"strings"
	"testing"
)

func TestIgnores(t *testing.T) {
	text := "# comment\r\n\n  \ntestdata/\n*.golden\n!keep.golden\nrule:jwt docs/**\nrule:aws\nrule:aws second\nfingerprint:" + strings.ToUpper(fp(0xab)) + "\r\n\\rule:x\n/fingerprint:y\n"
	list, err := ReadIgnores(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		f    Finding
		want bool
	}{
		{Finding{Rule: "r", Path: "testdata/a"}, true}, {Finding{Rule: "r", Path: "x/testdata/a/b"}, true}, {Finding{Rule: "r", Path: "testdata"}, false},
		{Finding{Rule: "r", Path: "a.golden"}, true}, {Finding{Rule: "r", Path: "keep.golden"}, false}, {Finding{Rule: "r", Path: "a.golden", Member: "keep.x"}, true},
		{Finding{Rule: "r", Path: "a.zip", Member: "x.golden"}, true}, {Finding{Rule: "r", Path: "a!x.golden.txt"}, false}, {Finding{Rule: "jwt", Path: "docs/a/b"}, true},
		{Finding{Rule: "jwt", Path: "src/docs"}, false}, {Finding{Rule: "r", Path: "docs/a"}, false}, {Finding{Rule: "aws", Path: "any"}, true}, {Finding{Rule: "aws2", Path: "any"}, false},
		{Finding{Rule: "r", Path: "any", Fingerprint: fp(0xab)}, true}, {Finding{Rule: "r", Path: "any", Fingerprint: fp(0xac)}, false},
		{Finding{Rule: "r", Path: "rule:x"}, true}, {Finding{Rule: "r", Path: "fingerprint:y"}, true}, {Finding{Rule: "r", Path: "comment"}, false},
	} {
		if got := list.Match(tt.f); got != tt.want {
			t.Errorf("Match(%+v) = %v, want %v", tt.f, got, tt.want)
		}
	}
	if list.Exhausted() {
		t.Error("an honest file exhausts the budget")
	}
}

func TestIgnoresThatCannotBeUnderstoodAreRefused(t *testing.T) {
	for _, text := range []string{"a\n[", "rule:", "rule: ", "rule:x [", "rule:x !a", "fingerprint:", "fingerprint:xyz", "fingerprint:abcd", "a\x00b", "/", "\\", strings.Repeat("a", 2000), strings.Repeat("a\n", maxIgnoreLines+1), strings.Repeat("a", maxIgnore+1)} {
		if _, err := ReadIgnores(strings.NewReader(text)); err == nil {
			t.Errorf("%.20q is read", text)
		}
	}
	if _, err := ReadIgnores(strings.NewReader("a\n[b\n")); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("error %v does not name the line", err)
	}
}

// For every file that is read: matching ends, and gives one answer to one question until the budget is spent.
func FuzzIgnores(f *testing.F) {
	f.Add("a\n!b\nrule:jwt c/**\n", "a/b/c")
	f.Add("*a*a*a*\n**/**/x\n[!a]*\n", "aaaaaaaa/x")
	f.Fuzz(func(t *testing.T, text, path string) {
		list, err := ReadIgnores(strings.NewReader(text))
		if err != nil {
			return
		}
		at := Finding{Rule: "jwt", Path: path, Member: "m"}
		if first := list.Match(at); list.Match(at) != first && !list.Exhausted() {
			t.Error("the second answer differs")
		}
	})
}

// A file made to be slow costs a bounded time whatever it is asked.
func TestAHostileIgnoreFileEnds(t *testing.T) {
	var b strings.Builder
	for b.Len() < maxIgnore-1100 {
		b.WriteString("rule:jwt " + strings.Repeat("*a", 500) + "b\n")
	}
	list, err := readIgnores(strings.NewReader(b.String()), 1<<23)
	if err != nil {
		t.Fatal(err)
	}
	path := strings.Repeat("a", 4000) + "bb"
	for range 10 {
		if list.Match(Finding{Rule: "jwt", Path: path}) {
			t.Fatal("it matches")
		}
	}
	if !list.Exhausted() {
		t.Error("the budget is not shared by the lines, or not spent")
	}
}
