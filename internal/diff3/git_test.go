package diff3

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cofferdam/internal/need"
)

// Where git finds no conflict and Merge finds none, both merge to the same text, unless lines repeat. Then a diff has
// several shortest forms, and where a block is added beside its like, one may say above and the other below; an edit
// that the other side made in the old one lands in either. In 8,000 merges of texts like programs, with one to eight
// edits of up to six lines a side, half of them copies of or insertions between lines that repeat, this was so in 6 of
// 6,075 that were clean in both; 442 were clean here alone, for neighbours, and 6 in git alone, where an insertion that
// could stand in several places came to stand beside another edit. The tests below have no line twice.

// gitMerger merges with git, in a directory that is no repository.
type gitMerger struct{ git, dir string }

func newGitMerger(tb testing.TB) gitMerger {
	tb.Helper()
	return gitMerger{need.Program(tb, "git"), tb.TempDir()}
}

func (m gitMerger) write(tb testing.TB, base, ours, theirs string) {
	tb.Helper()
	for name, text := range map[string]string{"base": base, "ours": ours, "theirs": theirs} {
		if err := os.WriteFile(filepath.Join(m.dir, name), []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
}

// merge is what git merge-file prints of the texts written before, and whether it found no conflict.
func (m gitMerger) merge(tb testing.TB, options ...string) (text string, clean bool) {
	tb.Helper()
	args := append([]string{"merge-file", "-p", "-L", "ours", "-L", "base", "-L", "theirs"}, options...)
	cmd := exec.Command(m.git, append(args, "ours", "base", "theirs")...)
	cmd.Dir = m.dir
	cmd.Env = []string{"HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CEILING_DIRECTORIES=" + filepath.Dir(m.dir)}
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() < 0 || exit.ExitCode() > 127) {
		tb.Fatal(err)
	}
	return string(out), err == nil
}

// Edits of both sides with at least one line between any two: the merge has them all, and so has that of git.
func TestMergeOfEditsApartIsGits(t *testing.T) {
	git := newGitMerger(t)
	w := &writer{Rand: rand.New(rand.NewPCG(3, 3))}
	for range 300 {
		base := w.lines(w.IntN(80))
		var sides [2]script
		var both script
		for at := w.IntN(4); at+4 < len(base); at += 1 + w.IntN(8) {
			side := &sides[w.IntN(2)]
			at = w.edit(side, at, true)
			both = append(both, (*side)[len(*side)-1])
			if w.IntN(8) == 0 { // The other side does the same.
				other := &sides[0]
				if side == other {
					other = &sides[1]
				}
				*other = append(*other, both[len(both)-1])
			}
		}
		checkMerge(t, git, base, sides, both.apply(base), true)
	}
}

// Edits of both sides that touch, in other lines of base: the merge has them both, and git finds a conflict.
func TestMergeOfNeighbours(t *testing.T) {
	git := newGitMerger(t)
	w := &writer{Rand: rand.New(rand.NewPCG(4, 4))}
	for range 200 {
		base := w.lines(20)
		var sides [2]script
		var both script
		at, first := w.IntN(3), w.IntN(2)
		for i := range 2 + w.IntN(4) {
			side := &sides[(first+i)%2]
			if at = w.edit(side, at, false); len((*side)[len(*side)-1].put) == 0 && w.IntN(2) == 0 {
				(*side)[len(*side)-1].put = w.lines(1)
			}
			both = append(both, (*side)[len(*side)-1])
		}
		checkMerge(t, git, base, sides, both.apply(base), false)
	}
}

// A line added right above or below lines that the other side replaced by as many: as with neighbours.
func TestMergeOfInsertionBesideChange(t *testing.T) {
	git := newGitMerger(t)
	w := &writer{Rand: rand.New(rand.NewPCG(5, 5))}
	for range 100 {
		base := w.lines(12)
		from, n := 1+w.IntN(4), 1+w.IntN(4)
		var sides [2]script
		var both script
		changed, added := w.IntN(2), from+n*w.IntN(2)
		sides[changed].add(from, from+n, w.lines(n)...)
		sides[1-changed].add(added, added, w.lines(1+w.IntN(3))...)
		both = append(both, sides[0]...)
		both = append(both, sides[1]...)
		if added == from && changed == 0 || added != from && changed == 1 {
			slices.Reverse(both)
		}
		checkMerge(t, git, base, sides, both.apply(base), false)
	}
}

func checkMerge(t *testing.T, git gitMerger, lines []string, sides [2]script, want string, cleanInGit bool) {
	t.Helper()
	base, ours, theirs := strings.Join(lines, ""), sides[0].apply(lines), sides[1].apply(lines)
	got, clean := check(t, base, ours, theirs).Merged()
	if !clean || string(got) != want {
		t.Fatalf("Merge(%q, %q, %q) = %q, %v, want %q", base, ours, theirs, got, clean, want)
	}
	git.write(t, base, ours, theirs)
	switch text, clean := git.merge(t); {
	case clean != cleanInGit:
		t.Fatalf("git merges %q, %q, %q: %v, want %v", base, ours, theirs, clean, cleanInGit)
	case clean && text != want:
		t.Fatalf("git merges %q, %q, %q to %q, want %q", base, ours, theirs, text, want)
	}
}

// Wherever edits fall: what git merges is merged here, to the same text, and what conflicts here conflicts in git.
func TestMergeFindsNoMoreConflictsThanGit(t *testing.T) {
	git := newGitMerger(t)
	w := &writer{Rand: rand.New(rand.NewPCG(10, 10))}
	both, neither := 0, 0
	for range 300 {
		base := w.lines(30)
		var sides [2]script
		for i := range sides {
			for at := w.IntN(20); at+4 < len(base); at += 1 + w.IntN(20) {
				at = w.edit(&sides[i], at, true)
			}
		}
		texts := [3]string{strings.Join(base, ""), sides[0].apply(base), sides[1].apply(base)}
		got, clean := check(t, texts[0], texts[1], texts[2]).Merged()
		git.write(t, texts[0], texts[1], texts[2])
		want, cleanInGit := git.merge(t)
		if cleanInGit && (!clean || string(got) != want) {
			t.Fatalf("Merge(%q) = %q, %v, and git has %q", texts, got, clean, want)
		}
		switch {
		case cleanInGit:
			neither++
		case !clean:
			both++
		}
	}
	if both < 30 || neither < 30 {
		t.Errorf("%d conflicts and %d merges: the texts try one case only", both, neither)
	}
}

// Conflicts stand where git has them, marked alike. They are far enough apart that git does not join them, and have
// nothing in common inside.
func TestMarkedIsGits(t *testing.T) {
	git := newGitMerger(t)
	w := &writer{Rand: rand.New(rand.NewPCG(6, 6))}
	for range 200 {
		base := w.lines(60)
		var sides [2]script
		for at := w.IntN(6); at+6 < len(base); at += 5 + w.IntN(12) {
			at = w.conflict(&sides, at)
		}
		texts := [3]string{strings.Join(base, ""), sides[0].apply(base), sides[1].apply(base)}
		if w.IntN(3) == 0 {
			for i := range texts {
				texts[i] = strings.ReplaceAll(texts[i], "\n", "\r\n")
			}
		}
		r := check(t, texts[0], texts[1], texts[2])
		git.write(t, texts[0], texts[1], texts[2])
		for _, tt := range []struct {
			option string
			marks  Marks
		}{
			{"-q", Marks{Ours: "ours", Theirs: "theirs"}},
			{"--zdiff3", Marks{Ours: "ours", Base: "base", Theirs: "theirs", WithBase: true}},
		} {
			want, clean := git.merge(t, tt.option)
			if got := string(r.Marked(tt.marks)); got != want || clean != r.Clean() {
				t.Fatalf("of %q, %q, %q git %s marks\n%s\nwant\n%s", texts[0], texts[1], texts[2], tt.option, want, got)
			}
		}
	}
}
