package gitview

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cofferdam/workspace"
)

// judging is a rule that says which file it judged.
type judging struct{ *rule }

func (j *judging) File(path workspace.Path) File {
	f := j.rule.File(path)
	if e, err := j.root.Lookup(path); err == nil && f.Showing == Pass {
		f.Judged = e.Stat
	}
	return f
}

// many is a project whose files are worth a shelf.
func many(t *testing.T) *project {
	t.Helper()
	p := newProject(t)
	for i := range minShelf + 40 {
		p.write(manyName(i), strings.Repeat(fmt.Sprintf("line %d\n", i%97), i%7))
	}
	p.write(".env", canary)
	p.write("conf", "k: "+canary)
	p.commit("first")
	return p
}

func manyName(i int) string { return fmt.Sprintf("dir%d/sub%d/file%d", i%9, i%5, i) }

// settle waits until the times of files are old enough to tell a change.
func settle() { time.Sleep(30 * time.Millisecond) }

// made is what a Build makes: all objects, index, HEAD.
func made(t *testing.T, p *project, o Options) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "git")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	buildAt(t, p, dir, o)
	at := &project{t, dir}
	objects := strings.Split(at.git("cat-file", "--batch-all-objects", "--batch-check"), "\n")
	at.git("fsck", "--strict", "--full")
	return strings.Join(objects, "\n") + at.git("ls-files", "--stage", "--debug") + at.git("rev-parse", "HEAD")
}

func buildAt(t *testing.T, p *project, dir string, o Options) *Built {
	t.Helper()
	root, err := workspace.Open(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	repo, err := Open(root, workspace.Dot)
	if err != nil {
		t.Fatal(err)
	}
	defer repo.Close()
	built, err := repo.Build(t.Context(), dir, &judging{&rule{root, hiddenNames, map[workspace.Path]workspace.Stat{}}}, o)
	if err != nil {
		t.Fatal(err)
	}
	return built
}

// TestShelfChangesNothing: for whatever happened to a project since, a Build with a shelf makes what one without makes.
func TestShelfChangesNothing(t *testing.T) {
	p := many(t)
	shelf := filepath.Join(t.TempDir(), "shelf")
	random := rand.New(rand.NewPCG(1, 2))
	changes := []func(name string){
		func(name string) { p.write(name, "edited "+name) },
		func(name string) { p.write(name, "edited "+name); p.git("add", name) },
		func(name string) { p.write(name, "secret "+canary); p.git("add", name) },
		func(name string) { p.remove(name) },
		func(name string) { p.git("rm", "-qf", "--ignore-unmatch", name) },
		func(name string) { p.write("dir1/hidden"+filepath.Base(name), "x"); p.git("add", "-A") },
		func(name string) { p.remove(name); p.write(name, "x"); p.commit("more") },
		func(name string) { p.write(name, "same"); touch(t, filepath.Join(p.dir, name), "2024-01-02T03:04:05") },
		func(name string) {
			p.remove(name)
			_ = os.Symlink("elsewhere", filepath.Join(p.dir, name))
			p.git("add", "-A")
		},
		func(string) {},
	}
	for round := range 10 {
		for range round % 4 {
			changes[random.IntN(len(changes))](manyName(random.IntN(minShelf)))
		}
		if round%3 == 0 {
			settle()
		}
		want := made(t, p, Options{})
		if got := made(t, p, Options{Shelf: shelf}); got != want {
			t.Fatalf("round %d: with a shelf %d bytes of description, without %d", round, len(got), len(want))
		}
		noCanary(t, shelf, canary)
	}
}

// TestShelfIsUsed: what did not change is linked, and a change costs one pack.
func TestShelfIsUsed(t *testing.T) {
	p, shelf := many(t), filepath.Join(t.TempDir(), "shelf")
	settle()
	made(t, p, Options{Shelf: shelf})
	before := packsOf(t, shelf)
	if len(before) < maxGroups/2 {
		t.Fatalf("%d packs on the shelf, want about %d", len(before), maxGroups)
	}
	dir := t.TempDir()
	buildAt(t, p, dir, Options{Shelf: shelf})
	for name, stat := range before {
		if in, err := os.Stat(filepath.Join(dir, "objects/pack", name)); err != nil || !os.SameFile(in, stat) {
			t.Errorf("%s is not linked: %v", name, err)
		}
	}
	p.write(manyName(1), "edited")
	p.git("add", "-A")
	made(t, p, Options{Shelf: shelf})
	fresh := 0
	for name := range packsOf(t, shelf) {
		if _, old := before[name]; !old {
			fresh++
		}
	}
	if fresh != 1 {
		t.Errorf("%d packs are new after one change, want 1", fresh)
	}
}

func packsOf(t *testing.T, shelf string) map[string]os.FileInfo {
	t.Helper()
	packs := map[string]os.FileInfo{}
	names, err := filepath.Glob(filepath.Join(shelf, "*", "pack-*.pack"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		stat, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		packs[filepath.Base(name)] = stat
	}
	return packs
}

// TestShelfForgets: what is hidden now is on the shelf no more.
func TestShelfForgets(t *testing.T) {
	p, shelf := many(t), filepath.Join(t.TempDir(), "shelf")
	word := "word" + strings.Repeat("q7", 12)
	p.write("dir1/notes", word)
	p.commit("more")
	settle()
	made(t, p, Options{Shelf: shelf})
	if !findWord(t, shelf, word) {
		t.Fatal("the shelf never had it, so the test shows nothing")
	}
	p.git("mv", "dir1/notes", "dir1/hidden")
	p.commit("hide")
	made(t, p, Options{Shelf: shelf})
	if findWord(t, shelf, word) {
		t.Error("the shelf still has it")
	}
}

func findWord(t *testing.T, dir, word string) (found bool) {
	t.Helper()
	for name := range packsOf(t, dir) {
		match, _ := filepath.Glob(filepath.Join(dir, "*", name))
		content, err := os.ReadFile(match[0])
		if err != nil {
			t.Fatal(err)
		}
		found = found || leak(content, word) != ""
	}
	return found
}

// TestBadShelf: a shelf that is damaged, or that others could have written, changes nothing.
func TestBadShelf(t *testing.T) {
	p := many(t)
	settle()
	want := made(t, p, Options{})
	each := func(pattern string, change func(t *testing.T, name string)) func(*testing.T, string) {
		return func(t *testing.T, shelf string) {
			names, err := filepath.Glob(filepath.Join(shelf, pattern))
			if err != nil || len(names) == 0 {
				t.Fatalf("nothing is %s: %v", pattern, err)
			}
			for _, name := range names {
				change(t, name)
			}
		}
	}
	rewrite := func(change func([]byte) []byte) func(t *testing.T, name string) {
		return func(t *testing.T, name string) {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, change(bytes.Clone(content)), 0o444); err != nil {
				t.Fatal(err)
			}
		}
	}
	flip := rewrite(func(b []byte) []byte { b[len(b)/2] ^= 1; return b })
	short := rewrite(func(b []byte) []byte { return b[:len(b)/2] })
	empty := rewrite(func([]byte) []byte { return nil })
	gone := func(t *testing.T, name string) {
		if err := os.RemoveAll(name); err != nil {
			t.Fatal(err)
		}
	}
	open := func(t *testing.T, name string) {
		if err := os.Chmod(name, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	tests := map[string]func(*testing.T, string){
		"pack flipped": each("*/*.pack", flip), "pack cut": each("*/*.pack", short), "pack empty": each("*/*.pack", empty), "pack gone": each("*/*.pack", gone),
		"index flipped": each("*/*.idx", flip), "index cut": each("*/*.idx", short), "index gone": each("*/*.idx", gone),
		"table flipped": each("*/table", flip), "table cut": each("*/table", short), "table empty": each("*/table", empty), "table gone": each("*/table", gone),
		"open to others": each("", open), "repository's open to others": each("*", open),
	}
	for name, harm := range tests {
		t.Run(name, func(t *testing.T) {
			shelf := filepath.Join(t.TempDir(), "shelf")
			made(t, p, Options{Shelf: shelf})
			harm(t, shelf)
			for _, when := range []string{"with it", "after it"} {
				if got := made(t, p, Options{Shelf: shelf}); got != want {
					t.Errorf("%s, something else is made", when)
				}
			}
		})
	}
}

// TestShelfOfOtherValues: blobs that were searched for other values than are known now are not used.
func TestShelfOfOtherValues(t *testing.T) {
	p, shelf := many(t), filepath.Join(t.TempDir(), "shelf")
	settle()
	in := func([]byte) (string, bool) { return "", false }
	options := func(digest byte) Options {
		return Options{Shelf: shelf, Known: Known{in, [sha256.Size]byte{digest}}}
	}
	inodes := func(o Options) map[string]os.FileInfo {
		made(t, p, o)
		return packsOf(t, shelf)
	}
	first := inodes(options(1))
	for name, stat := range inodes(options(1)) {
		if !os.SameFile(stat, first[name]) {
			t.Errorf("%s was made anew for the same values", name)
		}
	}
	if same := inodes(Options{Shelf: shelf, Known: Known{In: in}}); len(same) != len(first) {
		t.Errorf("values without a digest changed the shelf: %d packs, %d before", len(same), len(first))
	}
	dir := t.TempDir()
	buildAt(t, p, dir, options(2))
	for name, stat := range first {
		if in, err := os.Stat(filepath.Join(dir, "objects/pack", name)); err == nil && os.SameFile(in, stat) {
			t.Errorf("%s was taken for other values", name)
		}
	}
}

// TestPruneShelves removes what was not used for long, and no more.
func TestPruneShelves(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	for name, age := range map[string]time.Duration{"new": time.Hour, "old": maxShelfAge + time.Hour, "mine": maxShelfAge + time.Hour} {
		path := filepath.Join(dir, name)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		table := filepath.Join(path, tableName)
		if err := os.WriteFile(table, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(table, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "foreign"), 0o700); err != nil {
		t.Fatal(err)
	}
	prune(dir, "mine", now)
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range left {
		names = append(names, d.Name())
	}
	if got := strings.Join(names, " "); got != "foreign mine new" {
		t.Errorf("left: %s", got)
	}
}

func FuzzShelfTable(f *testing.F) {
	s := &shelf{format: formatSHA1}
	s.groups[3] = keeper{pack: "pack-x", files: map[string]keptFile{"a/b": {identity{1, 2, 3, 4, 5}, oid(strings.Repeat("i", 20)), true}}}
	whole := s.encode()
	f.Add(whole[:len(whole)-sha256.Size])
	f.Fuzz(func(t *testing.T, text []byte) {
		sum := sha256.Sum256(text)
		read := &shelf{format: formatSHA1}
		if read.decode(append(text, sum[:]...)) != nil {
			return
		}
		again := &shelf{format: formatSHA1}
		if err := again.decode(read.encode()); err != nil {
			t.Errorf("what was read cannot be written and read: %v", err)
		}
	})
}
