package apply

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"cofferdam/internal/need"
	"cofferdam/workspace"
)

// Where git merge-file merges edits of both sides without a conflict, what lands is what it makes.
func TestMergeIsThatOfGit(t *testing.T) {
	git := need.Program(t, "git")
	random := rand.New(rand.NewPCG(5, 6))
	clean := 0
	for round := range 60 {
		base := randomLines(random, 30+random.IntN(30))
		sides := [2][]string{edited(random, base, "user"), edited(random, base, "agent")}
		b := newSecretBench(t, nil, func(at tree) { at.file("f", text(base), 0o644) }, func(at tree, _ map[string]string) { at.file("f", text(sides[1]), 0o644) })
		project := tree{t, b.project}
		project.file("f", text(sides[0]), 0o644)
		want, ok := mergeFile(t, git, base, sides)
		if !ok {
			continue // We may merge more: what git calls neighbours.
		}
		clean++
		before := snapshot(t, b.project, true)
		plan, err := NewPlan(t.Context(), b.root, b.base, b.set(t), b.options)
		if err != nil {
			t.Fatal(err)
		}
		if len(plan.Conflicts) > 0 {
			t.Fatalf("round %d: %v, and git has none", round, plan.Conflicts)
		}
		if len(plan.Ops) == 0 {
			continue
		}
		if _, err := Apply(t.Context(), b.root, b.content, plan, b.journal(1), Options{}); err != nil {
			t.Fatal(err)
		}
		if got := b.project1(t, "f"); got != want {
			t.Fatalf("round %d: landed\n%s\ngit has\n%s", round, got, want)
		}
		landed, err := Landed(b.journal(1))
		if err != nil {
			t.Fatal(err)
		}
		if l := landed["f"]; true {
			if e, whole := l.Entry("f"); !whole || e.Hash != contentSide(0, []byte(text(sides[1]))).Hash {
				t.Fatalf("a later diff would not see the file as the command left it")
			}
		}
		b.takeBack(t)
		if d := diffSnapshots(before, snapshot(t, b.project, true)); d != "" {
			t.Fatalf("after undo (-before +after):\n%s", d)
		}
	}
	if clean < 20 {
		t.Errorf("only %d clean merges", clean)
	}
}

func randomLines(random *rand.Rand, n int) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fmt.Sprintf("line %d %d", i, random.IntN(1000))
	}
	return lines
}

func edited(random *rand.Rand, base []string, who string) []string {
	lines := slices.Clone(base)
	for range 1 + random.IntN(3) {
		switch at := random.IntN(len(lines)); random.IntN(3) {
		case 0:
			lines[at] += " " + who
		case 1:
			lines = slices.Insert(lines, at, fmt.Sprintf("%s %d", who, random.IntN(1000)))
		default:
			lines = slices.Delete(lines, at, at+1)
		}
	}
	return lines
}

func text(lines []string) string { return strings.Join(lines, "\n") + "\n" }

func mergeFile(t *testing.T, git string, base []string, sides [2][]string) (string, bool) {
	t.Helper()
	dir := t.TempDir()
	names := []string{"ours", "base", "theirs"}
	for i, lines := range [][]string{sides[0], base, sides[1]} {
		if err := os.WriteFile(filepath.Join(dir, names[i]), []byte(text(lines)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(git, "merge-file", "-p", "ours", "base", "theirs")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
	out, err := cmd.Output()
	return string(out), err == nil
}

// What both sides made of a file, and what becomes of it.
func TestReconcile(t *testing.T) {
	wide := func(s string) string {
		raw := []byte{0xff, 0xfe}
		for _, u := range utf16.Encode([]rune(s)) {
			raw = append(raw, byte(u), byte(u>>8))
		}
		return string(raw)
	}
	tests := []struct {
		name              string
		base, user, agent string
		modes             [3]os.FileMode // 0644 where 0
		forget            bool           // nobody kept the base
		mode              ConflictMode
		want              string
		conflict          ConflictKind
		wantMode          os.FileMode
	}{
		{name: "apart", base: "1\n2\n3\n4\n", user: "u\n2\n3\n4\n", agent: "1\n2\n3\na\n", want: "u\n2\n3\na\n"},
		{name: "the same", base: "1\n2\n", user: "x\n2\n", agent: "x\n2\n", want: "x\n2\n"},
		{name: "one line", base: "1\n", user: "u\n", agent: "a\n", conflict: EditEdit},
		{name: "one line, ours", base: "1\n", user: "u\n", agent: "a\n", mode: Ours, want: "u\n"},
		{name: "one line, theirs", base: "1\n", user: "u\n", agent: "a\n", mode: Theirs, want: "a\n"},
		{name: "nobody kept it", base: "1\n2\n3\n", user: "u\n2\n3\n", agent: "1\n2\na\n", forget: true, conflict: EditEdit},
		{name: "nobody kept it, theirs", base: "1\n2\n3\n", user: "u\n2\n3\n", agent: "1\n2\na\n", forget: true, mode: Theirs, want: "1\n2\na\n"},
		{name: "only modes", base: "1\n", user: "1\n", agent: "2\n", modes: [3]os.FileMode{0o644, 0o755, 0o644}, forget: true, want: "2\n", wantMode: 0o755},
		{name: "its mode too", base: "1\n2\n3\n", user: "u\n2\n3\n", agent: "1\n2\n3\n", modes: [3]os.FileMode{0o644, 0o644, 0o755}, want: "u\n2\n3\n", wantMode: 0o755},
		{name: "modes apart", base: "1\n2\n3\n", user: "u\n2\n3\n", agent: "1\n2\na\n", modes: [3]os.FileMode{0o644, 0o600, 0o755}, conflict: ModeMode},
		{name: "binary", base: "\x001", user: "\x002", agent: "\x003", conflict: EditEdit},
		{name: "utf-16", base: wide("1\n2\n3\n4\n"), user: wide("u\n2\n3\n4\n"), agent: wide("1\n2\n3\na\n"), want: wide("u\n2\n3\na\n")},
		{name: "line ends", base: "1\r\n2\r\n3\r\n", user: "u\r\n2\r\n3\r\n", agent: "1\r\n2\r\na\r\n", want: "u\r\n2\r\na\r\n"},
		{name: "emptied", base: "1\n", user: "", agent: "1\n2\n", conflict: EditEdit},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for i := range tt.modes {
				if tt.modes[i] == 0 {
					tt.modes[i] = 0o644
				}
			}
			b := newSecretBench(t, nil, func(at tree) { at.file("f", tt.base, tt.modes[0]) }, func(at tree, _ map[string]string) { at.file("f", tt.agent, tt.modes[2]) })
			tree{t, b.project}.file("f", tt.user, tt.modes[1])
			o := b.options
			o.Conflict = tt.mode
			if tt.forget {
				o.Shown = nil
			}
			plan, err := NewPlan(t.Context(), b.root, b.base, b.set(t), o)
			if err != nil {
				t.Fatal(err)
			}
			if tt.conflict != 0 {
				if len(plan.Conflicts) != 1 || plan.Conflicts[0].Kind != tt.conflict {
					t.Fatalf("conflicts %v, want one of %s", plan.Conflicts, tt.conflict)
				}
				return
			}
			if _, err := Apply(t.Context(), b.root, b.content, plan, b.journal(1), Options{}); err != nil {
				t.Fatal(err)
			}
			if got := b.project1(t, "f"); got != tt.want {
				t.Errorf("landed %q, want %q", got, tt.want)
			}
			if e, err := b.root.Lookup("f"); tt.wantMode != 0 && (err != nil || e.Mode != uint32(tt.wantMode)) {
				t.Errorf("mode %04o, want %04o", e.Mode, tt.wantMode)
			}
		})
	}
}

// A merge is made again when it is staged, and what was edited in between is never overwritten.
func TestMergeIsMadeAgain(t *testing.T) {
	b := newSecretBench(t, []string{"app.env"}, func(at tree) { at.file("app.env", env(passwordValue, tokenValue), 0o644) },
		func(at tree, _ map[string]string) { at.edit("app.env", "DEBUG=true", "DEBUG=false") })
	plan := b.plan(t, b.options)
	tree{t, b.project}.edit("app.env", "LOG=info", "LOG=warn")
	before := snapshot(t, b.project, true)
	if _, err := Apply(context.Background(), b.root, b.content, plan, b.journal(1), Options{}); err == nil {
		t.Fatal("it landed")
	}
	if d := diffSnapshots(before, snapshot(t, b.project, true)); d != "" {
		t.Errorf("-before +after:\n%s", d)
	}
	if found := leaks(t, b.journals); len(found) > 0 {
		t.Errorf("values in %v", found)
	}
}

// What is kept to merge with is within bounds, and is what the view showed.
func TestKeepBase(t *testing.T) {
	b := newBench(t, nil, func(at tree) {
		at.file("dirty", "1\n", 0o644)
		at.file("loose", "2\n", 0o644)
		at.file("held", "3\n", 0o644)
		at.file("barred", "4\n", 0o644)
		at.file("edited", "5\n", 0o644)
		at.file("empty", "", 0o644)
		at.file("large", strings.Repeat("x", maxKeptFile+1), 0o644)
		at.link("link", "dirty")
	}, nil)
	tree{t, b.project}.file("edited", "6\n", 0o644)
	index := fakeIndex{"dirty": false, "held": true}
	secret := func(path workspace.Path) bool { return path == "barred" }
	dir := t.TempDir() + "/base"
	kept, err := KeepBase(t.Context(), b.root, b.base, dir, index, secret)
	if err != nil {
		t.Fatal(err)
	}
	if len(kept.Files) != 2 {
		t.Fatalf("kept %v, want dirty and loose", kept.Files)
	}
	for path, want := range map[workspace.Path]string{"dirty": "1\n", "loose": "2\n"} {
		i, ok := kept.Files[path]
		if got, err := os.ReadFile(fmt.Sprintf("%s/%d", dir, i)); !ok || err != nil || string(got) != want {
			t.Errorf("kept of %s %q, %v", path, got, err)
		}
	}
}

// fakeIndex is what git tracks, and whether it has it as it is.
type fakeIndex map[workspace.Path]bool

func (x fakeIndex) Find(path workspace.Path, _ workspace.Stat) (tracked, same bool) {
	same, tracked = x[path]
	return tracked, same
}

func (x fakeIndex) Holds(dir workspace.Path) bool {
	for path := range x {
		if path.Within(dir) {
			return true
		}
	}
	return false
}

func TestKeepBaseWithinBounds(t *testing.T) {
	nothing := func(workspace.Path) bool { return false }
	manifest := func(n int, size int64, name string) *workspace.Manifest {
		m := &workspace.Manifest{}
		for i := range n {
			e := workspace.Entry{Path: workspace.Path(fmt.Sprintf(name, i)), Hash: workspace.Hash{1}}
			e.Type, e.Size = workspace.File, size
			m.Visible = append(m.Visible, e)
		}
		return m
	}
	tests := []struct {
		name  string
		base  *workspace.Manifest
		index Index
		want  int
		first workspace.Path
	}{
		{"too many, without git", manifest(maxKeptFiles+1, 10, "f%05d"), nil, 0, ""},
		{"as many as may be, without git", manifest(maxKeptFiles, 10, "f%05d"), nil, maxKeptFiles, "f00000"},
		{"too many, with git", manifest(maxKeptFiles+1, 10, "f%05d"), fakeIndex{"f02000": false}, maxKeptFiles, "f02000"},
		{"too many bytes", manifest(100, maxKeptFile, "f%05d"), fakeIndex{}, maxKeptBytes / maxKeptFile, "f00000"},
		{"fetched", manifest(maxUnknown+1, 10, "modules/f%05d"), fakeIndex{"src/a": true}, 0, ""},
		{"of the user", manifest(maxUnknown+1, 10, "src/f%05d"), fakeIndex{"src/a": true}, maxUnknown + 1, "src/f00000"},
		{"a few", manifest(maxUnknown, 10, "new/f%05d"), fakeIndex{"src/a": true}, maxUnknown, "new/f00000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			chosen := choose(tt.base, tt.index, nothing)
			if len(chosen) != tt.want || tt.want > 0 && chosen[0].Path != tt.first {
				t.Errorf("%d files, want %d, the first %s", len(chosen), tt.want, tt.first)
			}
		})
	}
}

// A secret that the user has put meanwhile into a file that showed as it is stays in the project, and comes into no journal.
func TestSecretOfTheUserInAMerge(t *testing.T) {
	b := newSecretBench(t, nil, func(at tree) { at.file("main.go", "package main\n\nvar a = 1\n\nvar b = 1\n", 0o644) },
		func(at tree, _ map[string]string) { at.edit("main.go", "a = 1", "a = 2") })
	secret := strings.ReplaceAll(awsKeyValue, "X4B", "Y5C")
	tree{t, b.project}.edit("main.go", "b = 1", "b = \""+secret+"\" // "+canary)
	before := snapshot(t, b.project, false)
	if _, result := b.land(t, b.options); len(result.Landed) != 1 {
		t.Fatalf("landed %v", result.Landed)
	}
	if got := b.project1(t, "main.go"); !strings.Contains(got, "a = 2") || !strings.Contains(got, secret) {
		t.Errorf("landed %s", got)
	}
	err := filepath.WalkDir(b.journals, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			var text []byte
			if text, err = os.ReadFile(path); strings.Contains(string(text), secret) {
				t.Errorf("%s has it", path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b.takeBack(t)
	if d := diffSnapshots(before, snapshot(t, b.project, false)); d != "" {
		t.Errorf("after undo (-before +after):\n%s", d)
	}
}
