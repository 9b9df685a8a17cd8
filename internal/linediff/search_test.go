package linediff

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cofferdam/internal/need"
)

// shortest is the least number of changed lines, by dynamic programming.
func shortest(a, b Text) int {
	row := make([]int, b.Len()+1)
	for j := range row {
		row[j] = j
	}
	for i := range a.Len() {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b.Len() {
			above := row[j+1]
			if bytes.Equal(a.Line(i), b.Line(j)) {
				row[j+1] = diagonal
			} else {
				row[j+1] = min(above, row[j]) + 1
			}
			diagonal = above
		}
	}
	return row[b.Len()]
}

func randomText(r *rand.Rand, lines, letters int) Text {
	var b bytes.Buffer
	for range lines {
		fmt.Fprintf(&b, "%d\n", r.IntN(letters))
	}
	return NewText(b.Bytes())
}

// For small texts the diff is a shortest one.
func TestDiffIsShortest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		letters := 1 + r.IntN(8)
		old, now := randomText(r, r.IntN(40), letters), randomText(r, r.IntN(40), letters)
		edits := Diff(old, now)
		check(t, edits, old, now)
		deleted, added := count(edits)
		if want := shortest(old, now); deleted+added != want {
			t.Fatalf("Diff(%q, %q) changes %d lines, want %d: %v", old.data, now.data, deleted+added, want, edits)
		}
	}
}

// sourceText is lines like those of a program: many that repeat, many that do not.
func sourceText(r *rand.Rand, lines int) []string {
	common := []string{"", "}", "\t}", "\treturn nil", "\tif err != nil {", "\t\treturn err", ")", "\telse {"}
	text := make([]string, lines)
	for i := range text {
		if r.IntN(2) == 0 {
			text[i] = common[r.IntN(len(common))]
		} else {
			text[i] = fmt.Sprintf("\tname%d := call%d()", r.IntN(lines), r.IntN(10))
		}
	}
	return text
}

func edited(r *rand.Rand, text []string, edits int) []string {
	out := append([]string(nil), text...)
	for range edits {
		i := r.IntN(len(out))
		n := min(1+r.IntN(6), len(out)-i)
		switch r.IntN(4) {
		case 0:
			out = append(out[:i], out[i+n:]...)
		case 1:
			out = append(out[:i:i], append(sourceText(r, n), out[i:]...)...)
		case 2:
			out[i] += " // edited"
		case 3: // a copy of what stands elsewhere
			j := r.IntN(len(out) - n + 1)
			out = append(out[:i:i], append(append([]string(nil), out[j:j+n]...), out[i:]...)...)
		}
		if len(out) == 0 {
			return text
		}
	}
	return out
}

func join(lines []string) []byte { return []byte(strings.Join(lines, "\n") + "\n") }

func gitNumstat(t *testing.T, old, now []byte) (deleted, added int) {
	t.Helper()
	git := need.Program(t, "git")
	dir := t.TempDir()
	for name, data := range map[string][]byte{"a": old, "b": now} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(git, "diff", "--no-index", "--numstat", "--minimal", "a", "b")
	cmd.Dir = dir
	cmd.Env = []string{"HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CEILING_DIRECTORIES=" + filepath.Dir(dir)}
	out, _ := cmd.Output() // The exit status is 1 where the files differ.
	fields := strings.Fields(string(out))
	if len(fields) < 2 {
		return 0, 0
	}
	added, err := strconv.Atoi(fields[0])
	if err != nil {
		t.Fatal(err)
	}
	deleted, err = strconv.Atoi(fields[1])
	if err != nil {
		t.Fatal(err)
	}
	return deleted, added
}

// The counts are those of `git diff --minimal`, or within a hundredth of them where very much changed.
func TestDiffCountsAsGit(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, tt := range []struct {
		name         string
		lines, edits int
		exact        bool
	}{
		{"one edit", 300, 1, true},
		{"few edits", 1000, 20, true},
		{"many edits", 2000, 300, true},
		{"394 edits of 20000 lines", 20000, 394, true},
		{"half of it", 20000, 5000, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := sourceText(r, tt.lines)
			old, now := join(text), join(edited(r, text, tt.edits))
			a, b := NewText(old), NewText(now)
			edits := Diff(a, b)
			check(t, edits, a, b)
			deleted, added := count(edits)
			wantDeleted, wantAdded := gitNumstat(t, old, now)
			got, want := deleted+added, wantDeleted+wantAdded
			t.Logf("%d lines changed, git %d, in %d edits", got, want, len(edits))
			if tt.exact && got > want || float64(got) > 1.01*float64(want) {
				t.Errorf("-%d +%d, git has -%d +%d", deleted, added, wantDeleted, wantAdded)
			}
		})
	}
}

// hard is pairs made to be hard: no short script, few or misleading anchors.
func hard(lines int) map[string][2]Text {
	r := rand.New(rand.NewPCG(5, 6))
	shuffled := make([]string, lines)
	for i := range shuffled {
		shuffled[i] = strconv.Itoa(i)
	}
	inOrder := join(shuffled)
	r.Shuffle(lines, func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	reversed := make([]string, lines)
	for i := range reversed {
		reversed[i] = strconv.Itoa(lines - 1 - i)
	}
	twice := make([]string, 0, lines)
	for i := range lines / 2 {
		twice = append(twice, strconv.Itoa(i), strconv.Itoa(lines/2-1-i))
	}
	return map[string][2]Text{
		"two letters":  {randomText(r, lines, 2), randomText(r, lines, 2)},
		"many letters": {randomText(r, lines, 300), randomText(r, lines, 300)},
		"shuffled":     {NewText(inOrder), NewText(join(shuffled))},
		"reversed":     {NewText(inOrder), NewText(join(reversed))},
		"twice":        {NewText(join(twice)), NewText(inOrder)},
		"blank":        {NewText(bytes.Repeat(newline, lines)), NewText(bytes.Repeat([]byte("\n\n\n"), lines))},
		"alternating":  {NewText(bytes.Repeat([]byte("a\nb\n"), lines/2)), NewText(bytes.Repeat([]byte("b\na\na\n"), lines/2))},
		"blocks": {
			NewText(bytes.Repeat([]byte("x\ny\nx\nz\n"), lines/4)),
			NewText(bytes.Repeat([]byte("z\nx\nx\ny\nw\n"), lines/4)),
		},
	}
}

func TestDiffOfHardTexts(t *testing.T) {
	for name, pair := range hard(30000) {
		t.Run(name, func(t *testing.T) {
			edits := Diff(pair[0], pair[1])
			check(t, edits, pair[0], pair[1])
			deleted, added := count(edits)
			t.Logf("%d of %d lines changed in %d edits", deleted+added, pair[0].Len()+pair[1].Len(), len(edits))
		})
	}
}

// With a small budget the diff is coarse and still right.
func TestDiffWithoutBudget(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		old, now := randomText(r, 1+r.IntN(60), 5), randomText(r, 1+r.IntN(60), 5)
		whole, other := Range{0, old.Len()}, Range{0, now.Len()}
		aIDs, bIDs, ids := intern(old, now, whole, other)
		s := newSearch(aIDs, bIDs, ids)
		s.budget = r.IntN(100)
		s.solve(box{0, len(s.a.ids), 0, len(s.b.ids)})
		edits := editsOf(s.a.changed, s.b.changed, 0, 0)
		check(t, edits, old, now)
		check(t, settle(edits, old, now), old, now)
	}
}

func BenchmarkDiffHard(b *testing.B) {
	for name, pair := range hard(100000) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Diff(pair[0], pair[1])
			}
		})
	}
}
