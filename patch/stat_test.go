package patch

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func (p *pair) stat(t *testing.T, width int) string {
	t.Helper()
	var b bytes.Buffer
	if err := Stat(t.Context(), &b, p.set, p.trees, width); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func numbered(lines int) *node {
	return file(strings.Repeat("1\n", lines))
}

// Where everything fits, and where nothing but git's own changes occur, the output is that of git.
func TestStatAsGit(t *testing.T) {
	for _, tt := range []struct {
		name          string
		before, after tree
	}{
		{"nothing", nil, nil},
		{"one line", nil, tree{"x": file("1\n")}},
		{"deletion", tree{"x": file("1\n2\n")}, nil},
		{"several", tree{"a": file("1\n2\n"), "dir": dir(tree{"b": numbered(30)})},
			tree{"a": file("1\n3\n"), "dir": dir(tree{"b": numbered(20)}), "caf\u00e9": file("x\n")}},
		{"binary", tree{"a": file("1\n")}, tree{"a": file("2\n"), "bin": file("\x00\x01")}},
		{"binary alone", tree{"bin": file("\x00\x01")}, tree{"bin": file("\x00\x01\x02")}},
		{"empty", nil, tree{"x": file("")}},
		{"long", tree{"a": numbered(100)}, tree{"a": numbered(200), "b": numbered(5)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPair(t, tt.before, tt.after)
			if diff := cmp.Diff(p.gitDiff(t, "--stat=80"), p.stat(t, 0)); diff != "" {
				t.Errorf("-git +got\n%s", diff)
			}
		})
	}
}

func TestStatWidth(t *testing.T) {
	long := strings.Repeat("directory/", 9)
	for _, tt := range []struct {
		name          string
		before, after tree
	}{
		{"long names", nil, nested(long+"file.txt", numbered(3))},
		{"long names and bars", tree{"x": numbered(1000)}, nested(long+"file.txt", file(strings.Repeat("2\n", 500)))},
		{"small beside large", tree{"x": file("1\n"), "y": numbered(1)}, tree{"x": file("2\n"), "y": numbered(100000)}},
	} {
		for _, width := range []int{30, 60, 80, 200} {
			p := newPair(t, tt.before, tt.after)
			out := p.stat(t, width)
			rows := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
			for _, row := range rows[:len(rows)-1] {
				if len(row) > width {
					t.Errorf("%s: %q has %d columns, want %d", tt.name, row, len(row), width)
				}
			}
			if strings.Contains(out, " x | ") && tt.name == "small beside large" && !strings.Contains(out, " 2 +-\n") {
				t.Errorf("%s: no +- in\n%s", tt.name, out)
			}
		}
	}
}

// nested is a tree with one file at path.
func nested(path string, n *node) tree {
	name, rest, more := strings.Cut(path, "/")
	if !more {
		return tree{name: n}
	}
	return tree{name: dir(nested(rest, n))}
}

func TestStatBeyondGit(t *testing.T) {
	before := tree{"d": dir(tree{"x": file("1\n")}), "m": file("1\n"), "e": dir(tree{}), "f": file("1\n"), "s": file("1\n2\n")}
	after := tree{
		"d": &node{dir: tree{"x": file("1\n")}, mode: 0o700}, "m": executable("1\n"), "n": dir(tree{}), "f": &node{fifo: true},
		"s": link("x"), "p": &node{data: "1\n", mode: 0o600}, "sub": dir(tree{"x": file("1\n")}),
	}
	p := newPair(t, before, after)
	p.set.Find("p").Collides = true
	want := ` d/    | (directory mode 0755 -> 0700)
 e/    | (directory deleted)
 f     | 0 (is a fifo, which a patch cannot hold)
 m     | 0 (mode 0644 -> 0755)
 n/    | (directory added, mode 0755)
 p     | 1 + (collides with a hidden file of the workspace; mode 0600)
 s     | 3 +--
 sub/x | 1 +
 5 files and 3 directories changed, 3 insertions(+), 2 deletions(-)
`
	if diff := cmp.Diff(want, p.stat(t, 80)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	var b bytes.Buffer
	if err := NameStatus(&b, p.set); err != nil {
		t.Fatal(err)
	}
	want = "M\td/\nD\te/\nT\tf\nM\tm\nA\tn/\nA\tp\nT\ts\nA\tsub/x\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
