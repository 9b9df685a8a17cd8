package diff3

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// show is the regions of r, each as its kind, its places and its texts.
func show(r Result) []string {
	var all []string
	for _, g := range r.Regions {
		all = append(all, fmt.Sprintf("%v %v/%v/%v %q %q %q", g.Kind, g.Base, g.Ours, g.Theirs, g.Base.Text, g.Ours.Text, g.Theirs.Text))
	}
	return all
}

// lines makes a text of one-letter lines.
func lines(letters string) string {
	return strings.Join(strings.Split(letters, ""), "\n") + "\n"
}

func TestMergeClean(t *testing.T) {
	for _, tt := range []struct{ name, base, ours, theirs, want string }{
		{"all empty", "", "", "", ""},
		{"both empty it", "a\n", "", "", ""},
		{"both fill it alike", "", "a\n", "a\n", "a\n"},
		{"apart", lines("abc"), lines("xbc"), lines("aby"), lines("xby")},
		{"neighbouring lines", lines("abcd"), lines("axcd"), lines("abyd"), lines("axyd")},
		{"neighbouring lines, both grow", lines("abcd"), lines("axxcd"), lines("abyyd"), lines("axxyyd")},
		{"neighbouring lines, one goes", lines("abcd"), lines("acd"), lines("abyd"), lines("ayd")},
		{"neighbouring lines go", lines("abcd"), lines("acd"), lines("abd"), lines("ad")},
		{"added below a changed line", lines("ab"), lines("ax"), lines("abc"), lines("axc")},
		{"added above a changed line", lines("bc"), lines("xc"), lines("abc"), lines("axc")},
		{"added on both sides of a changed line", lines("bd"), lines("xd"), lines("abcd"), lines("axcd")},
		{"same edit", lines("abc"), lines("axc"), lines("axc"), lines("axc")},
		{"same edit and others", lines("abcdef"), lines("xbcyef"), lines("abcyez"), lines("xbcyez")},
		{"same insertion", lines("ab"), lines("axb"), lines("axb"), lines("axb")},
		{"same deletion", lines("abc"), lines("ac"), lines("ac"), lines("ac")},
		{"final newline comes", "a\nb", "a\nb\n", "x\nb", "x\nb\n"},
		{"final newline goes", "a\nb\n", "a\nb", "x\nb\n", "x\nb"},
		{"final newline goes on both sides", "a\nb\nc\n", "a\nb\nc", "x\nb\nc", "x\nb\nc"},
		{"lines of one byte each, none ended", "a", "a", "b", "b"},
		{"NUL and invalid UTF-8", "\x00\n\xff\n\x80\n", "\x01\n\xff\n\x80\n", "\x00\n\xff\n\x81\n", "\x01\n\xff\n\x81\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := check(t, tt.base, tt.ours, tt.theirs)
			got, clean := r.Merged()
			if !clean || string(got) != tt.want {
				t.Errorf("Merge(%q, %q, %q) = %q, %v, want %q\n%v", tt.base, tt.ours, tt.theirs, got, clean, tt.want, show(r))
			}
		})
	}
}

func TestMergeConflicts(t *testing.T) {
	for _, tt := range []struct {
		name, base, ours, theirs string
		want                     []string
	}{
		{"both fill it", "", "a\n", "b\n", []string{`conflict after 0/1/1 "" "a\n" "b\n"`}},
		{"one line", lines("abc"), lines("axc"), lines("ayc"), []string{
			`stable 1/1/1 "a\n" "a\n" "a\n"`, `conflict 2/2/2 "b\n" "x\n" "y\n"`, `stable 3/3/3 "c\n" "c\n" "c\n"`,
		}},
		{"change and deletion", lines("abc"), lines("axc"), lines("ac"), []string{
			`stable 1/1/1 "a\n" "a\n" "a\n"`, `conflict 2/2/after 1 "b\n" "x\n" ""`, `stable 3/3/2 "c\n" "c\n" "c\n"`,
		}},
		{"two insertions", lines("ab"), lines("axb"), lines("ayb"), []string{
			`stable 1/1/1 "a\n" "a\n" "a\n"`, `conflict after 1/2/2 "" "x\n" "y\n"`, `stable 2/3/3 "b\n" "b\n" "b\n"`,
		}},
		{"emptied, with carriage returns", "a\r\n", "", "b\r\n", []string{`conflict 1/after 0/1 "a\r\n" "" "b\r\n"`}},
		{"insertion inside a change", lines("ab"), lines("xy"), lines("azb"), []string{`conflict 1-2/1-2/1-3 "a\nb\n" "x\ny\n" "a\nz\nb\n"`}},
		{"insertion below a growing change", "a\n", "x\ny\n", "a\nz\n", []string{`conflict 1/1-2/1-2 "a\n" "x\ny\n" "a\nz\n"`}},
		{"insertion below a deletion", "a\n", "", "a\nz\n", []string{`conflict 1/after 0/1-2 "a\n" "" "a\nz\n"`}},
		{"insertion below a last line that loses its end", "a\n", "x", "a\nz\n", []string{`conflict 1/1/1-2 "a\n" "x" "a\nz\n"`}},
		{"only the final newline", "a\n", "b", "b\n", []string{`conflict 1/1/1 "a\n" "b" "b\n"`}},
		{"common ends are taken out", lines("abc"), lines("a1x9c"), lines("a1y9c"), []string{
			`stable 1/1/1 "a\n" "a\n" "a\n"`,
			`same after 1/2/2 "" "1\n" "1\n"`,
			`conflict 2/3/3 "b\n" "x\n" "y\n"`,
			`same after 2/4/4 "" "9\n" "9\n"`,
			`stable 3/5/5 "c\n" "c\n" "c\n"`,
		}},
		{"one insertion begins as the other", lines("a"), lines("abc"), lines("ab"), []string{
			`stable 1/1/1 "a\n" "a\n" "a\n"`, `same after 1/2/2 "" "b\n" "b\n"`, `conflict after 1/3/after 2 "" "c\n" ""`,
		}},
		{"one side changed more lines", lines("ab"), lines("xb"), lines("xy"), []string{
			`same after 0/1/1 "" "x\n" "x\n"`, `conflict 1-2/2/2 "a\nb\n" "b\n" "y\n"`,
		}},
		{"a chain of edits", lines("abcdefg"), lines("a12efg"), lines("abc89fg"), []string{
			`stable 1/1/1 "a\n" "a\n" "a\n"`,
			`conflict 2-5/2-4/2-5 "b\nc\nd\ne\n" "1\n2\ne\n" "b\nc\n8\n9\n"`,
			`stable 6-7/5-6/6-7 "f\ng\n" "f\ng\n" "f\ng\n"`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := check(t, tt.base, tt.ours, tt.theirs)
			if diff := cmp.Diff(tt.want, show(r)); diff != "" {
				t.Errorf("Merge(%q, %q, %q): %s", tt.base, tt.ours, tt.theirs, diff)
			}
			if got, clean := r.Merged(); clean || got != nil {
				t.Errorf("Merged() = %q, %v", got, clean)
			}
		})
	}
}

// Over the limit the middle of the texts is one region, merged where only one side changed it.
func TestMergeOverLimit(t *testing.T) {
	for _, tt := range []struct {
		name, base, ours, theirs string
		want                     []string
	}{
		{"one side", lines("abcde"), lines("axcye"), lines("abcde"), []string{
			`stable 1/1/1 "a\n" "a\n" "a\n"`, `ours 2-4/2-4/2-4 "b\nc\nd\n" "x\nc\ny\n" "b\nc\nd\n"`, `stable 5/5/5 "e\n" "e\n" "e\n"`,
		}},
		{"both", lines("abcde"), lines("axcde"), lines("abcye"), []string{
			`stable 1/1/1 "a\n" "a\n" "a\n"`, `conflict 2-4/2-4/2-4 "b\nc\nd\n" "x\nc\nd\n" "b\nc\ny\n"`, `stable 5/5/5 "e\n" "e\n" "e\n"`,
		}},
		{"equal", "a\nb", "a\nb", "a\nb", []string{`stable 1-2/1-2/1-2 "a\nb" "a\nb" "a\nb"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := Merge([]byte(tt.base), []byte(tt.ours), []byte(tt.theirs), Options{MaxLines: 5})
			checkRegions(t, r, tt.base, tt.ours, tt.theirs)
			if diff := cmp.Diff(tt.want, show(r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The limit counts the lines of all three texts.
func TestMergeLimit(t *testing.T) {
	base, ours, theirs := []byte(lines("abc")), []byte(lines("xbc")), []byte(lines("aby"))
	if r := Merge(base, ours, theirs, Options{MaxLines: 9}); !r.Clean() {
		t.Errorf("9 lines in a limit of 9: %v", show(r))
	}
	if r := Merge(base, ours, theirs, Options{MaxLines: 8}); r.Clean() {
		t.Errorf("9 lines in a limit of 8: %v", show(r))
	}
}

// However a piece is printed, its text is not.
func TestPiecePrintsItsPlace(t *testing.T) {
	r := Merge([]byte("a\n"), []byte("hidden\n"), []byte("a\n"), Options{})
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		got := fmt.Sprintf(format, r)
		for _, text := range []string{"hidden", "68696464656e", "104, 105", "104 105", "0x68"} {
			if strings.Contains(got, text) {
				t.Errorf("%s prints the text", format)
			}
		}
	}
}
