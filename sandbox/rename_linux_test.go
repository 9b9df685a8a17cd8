package sandbox

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cofferdam/internal/need"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// renaming is a project with directories, on a machine that can rename them.
func renaming(t testing.TB) *project {
	t.Helper()
	need.Nil(t, "rename", tryRenames())
	p := newProject(t, t.TempDir())
	// Overlayfs leaves a directory that nobody may enter, and in it the file that all whiteouts are links of.
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(p.work, "work"), 0o700) })
	if exe, err := os.Executable(); err != nil || os.Link(exe, filepath.Join(p.dir, renamerName)) != nil {
		addBinary(t, p, renamerName)
	}
	p.write(t, "a/f", "one")
	p.write(t, "a/b/g", "two")
	p.write(t, "a/b/c/h", "three")
	return p
}

func (p *project) write(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(p.dir, name)
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte(text), 0o644))
}

// renamer runs the test binary as renamer and gives its lines.
func (p *project) renamer(t testing.TB, args ...string) []string {
	t.Helper()
	got := run(t, p.options(append([]string{"./" + renamerName}, args...)...), "")
	if got.failure != nil || got.exit.Code != 0 {
		t.Fatalf("renamer %q = %+v, %v, %q, %q", args, got.exit, got.failure, got.out, got.err)
	}
	return strings.Split(strings.TrimSuffix(got.out, "\n"), "\n")
}

// noStaging says that nothing is left of what was made in between.
func (p *project) noStaging(t testing.TB) {
	t.Helper()
	entries, err := os.ReadDir(p.upper)
	must(t, err)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".cofferdam") {
			t.Errorf("%s is left in the upper layer", e.Name())
		}
	}
}

const show = "; ls -A; cat z/f z/b/g z/b/c/h; ls a"

// What calls rename(2), each in its own way.
func TestRenameDirectoryPrograms(t *testing.T) {
	for _, tt := range []struct{ name, program, script string }{
		{"python", "python3", `python3 -c 'import os; os.rename("a", "z")'`},
		{"python pathlib", "python3", `python3 -c 'import pathlib; pathlib.Path("a").replace("z")'`},
		{"node", "node", `node -e 'require("fs").renameSync("a", "z")'`},
		{"node promise", "node", `node -e 'require("fs").promises.rename("a", "z")'`},
		{"perl", "perl", `perl -e 'rename("a", "z") or die $!'`},
		{"mv", "mv", "mv a z"},
		{"mv -T", "mv", "mv -T a z"},
		{"mv into a directory and back", "mv", "mkdir t; mv a t; mv t/a z; rmdir t"},
		{"Go", "true", "./" + renamerName + " calls 0 a z >/dev/null"},
		{"absolute", "true", "./" + renamerName + ` calls 0 "$PWD/a" "$PWD/z" >/dev/null`},
		{"from a directory beside it", "true", `mkdir t; cd t && ../` + renamerName + ` calls 0 ../a/b/../../a ../z >/dev/null; cd ..; rmdir t`},
		{"in two steps, as npm does", "true", "./" + renamerName + " calls 0 a .a-x1 0 .a-x1 z >/dev/null"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			need.Program(t, tt.program)
			p := renaming(t)
			got := run(t, p.options("sh", "-c", tt.script+show), "")
			if want := "main.go\nrenamer\nz\nonetwothree"; got.failure != nil || got.out != want {
				t.Errorf("Run = %q, %q, %v, want %q", got.out, got.err, got.failure, want)
			}
			p.noStaging(t)
		})
	}
}

func TestRenameGit(t *testing.T) {
	need.Program(t, "git")
	p := renaming(t)
	must(t, os.Remove(filepath.Join(p.dir, renamerName)))
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"-c", "user.name=n", "-c", "user.email=e", "commit", "-qm", "one"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = p.dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %s", args, out)
		}
	}
	got := run(t, p.options("sh", "-c", "git mv a other && git mv other/b/c deep && git status --porcelain"), "")
	want := "R  a/b/c/h -> deep/h\nR  a/b/g -> other/b/g\nR  a/f -> other/f\n"
	if out := strings.ReplaceAll(got.out, " D .env\n", ""); got.failure != nil || out != want {
		t.Errorf("Run = %q, %q, %v, want %q", got.out, got.err, got.failure, want)
	}
}

// Answers are the kernel's, as on a plain file system.
func TestRenameAnswers(t *testing.T) {
	const plain, keep, exchange, whiteout = "0", "1", "2", "4"
	for _, tt := range []struct {
		name  string
		calls []string
		want  string
	}{
		{"new name", []string{plain, "a", "z"}, "ok"},
		{"over an empty directory", []string{plain, "a", "empty"}, "ok"},
		{"over a full one", []string{plain, "a", "full"}, "ENOTEMPTY"},
		{"over a file", []string{plain, "a", "main.go"}, "ENOTDIR"},
		{"a file over a directory", []string{plain, "main.go", "a"}, "EISDIR"},
		{"into itself", []string{plain, "a", "a/b/z"}, "EINVAL"},
		{"over its own child", []string{plain, "a", "a/b"}, "EINVAL"},
		{"over its own parent", []string{plain, "a/b", "a"}, "ENOTEMPTY"},
		{"to itself", []string{plain, "a", "a"}, "ok"},
		{"no such source", []string{plain, "none", "z"}, "ENOENT"},
		{"no such directory", []string{plain, "a", "none/z"}, "ENOENT"},
		{"below a file", []string{plain, "a", "main.go/z"}, "ENOTDIR"},
		{"of the current directory", []string{plain, ".", "z"}, "EBUSY"},
		{"of a path that ends with dots", []string{plain, "a/b/..", "z"}, "EBUSY"},
		{"slashes at the end", []string{plain, "a//", "z/"}, "ok"},
		{"a link to a directory", []string{plain, "link", "z"}, "ok"},
		{"a link to a directory with a slash", []string{plain, "link/", "z"}, "ENOTDIR"},
		{"to another mount", []string{plain, "a", "/tmp/z"}, "EXDEV"},
		{"from another mount", []string{plain, "/usr/bin", "z"}, "EXDEV"},
		{"to a directory that nobody writes", []string{plain, "a", "/usr/z"}, "EXDEV"},
		{"to a long name", []string{plain, "a", strings.Repeat("z", 256)}, "ENAMETOOLONG"},
		{"to a long path", []string{plain, "a", strings.Repeat("./", 2100)}, "ENAMETOOLONG"},
		{"from an empty path", []string{plain, "", "z"}, "ENOENT"},
		{"keep, new name", []string{keep, "a", "z"}, "ok"},
		{"keep, over an empty directory", []string{keep, "a", "empty"}, "EEXIST"},
		{"exchange", []string{exchange, "a", "full"}, "ok"},
		{"exchange with a file", []string{exchange, "a", "main.go"}, "ok"},
		{"exchange of a file", []string{exchange, "main.go", "a"}, "ok"},
		{"exchange with nothing", []string{exchange, "a", "z"}, "ENOENT"},
		{"whiteout", []string{whiteout, "a", "z"}, "EINVAL"},
		{"unknown flag", []string{"64", "a", "z"}, "EINVAL"},
		{"twice", []string{plain, "a", "z", plain, "a", "y"}, "ok ENOENT"},
		{"there and back", []string{plain, "a", "z", plain, "z", "a", plain, "a/b", "a/y", plain, "a/y", "a/b"}, "ok ok ok ok"},
		{"a name that was removed before", []string{plain, "full", "y", plain, "a", "full"}, "ok ok"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := renaming(t)
			p.write(t, "full/x", "full")
			must(t, os.Mkdir(filepath.Join(p.dir, "empty"), 0o755))
			must(t, os.Symlink("a", filepath.Join(p.dir, "link")))
			before, err := treeLines(filepath.Join(p.dir, "a"), true)
			must(t, err)
			if got := strings.Join(p.renamer(t, append([]string{"calls"}, tt.calls...)...), " "); got != tt.want {
				t.Errorf("answers = %s, want %s", got, tt.want)
			}
			where := "a"
			if tt.want == "ok" && tt.calls[1] != "link" {
				where = strings.TrimRight(tt.calls[2], "/")
				if tt.calls[1] == "main.go" {
					where = tt.calls[1]
				}
			} else if strings.HasPrefix(tt.want, "ok ") {
				where = map[string]string{"twice": "z", "there and back": "a", "a name that was removed before": "full"}[tt.name]
			}
			after := p.renamer(t, "tree", where, "content")
			if diff := cmp.Diff(strings.TrimSpace(strings.Join(before, "")), strings.Join(after, "\n")); diff != "" {
				t.Errorf("tree at %s (-before +after):\n%s", where, diff)
			}
			p.noStaging(t)
		})
	}
}

// For every tree: renamed, it is what it was, but for the times of change.
func TestRenameKeeps(t *testing.T) {
	p := renaming(t)
	a := filepath.Join(p.dir, "a")
	for i, name := range []string{"-rf", "a b\tc\n'\"$x", "\xff\xfe", strings.Repeat("n", 255), ".hidden", "ü", `back\slash`, "full", "tree", "of"} {
		p.write(t, "a/"+name, "file "+strconv.Itoa(i))
		p.write(t, "a/d"+name[:min(len(name), 200)]+"/"+name, "file "+strconv.Itoa(i))
	}
	for i, mode := range []uint32{0, 0o400, 0o444, 0o555, 0o600, 0o666, 0o711, 0o4755, 0o2755, 0o1777} {
		p.write(t, fmt.Sprintf("a/b/mode%d", i), "x")
		must(t, unix.Chmod(fmt.Sprintf("%s/b/mode%d", a, i), mode))
	}
	for i, mode := range []uint32{0o700, 0o711, 0o777, 0o1777, 0o2755} {
		p.write(t, fmt.Sprintf("a/dir%d/x", i), "x")
		must(t, unix.Chmod(fmt.Sprintf("%s/dir%d", a, i), mode))
	}
	must(t, os.Symlink("../main.go", a+"/link"))
	must(t, os.Symlink("/nowhere/"+strings.Repeat("x", 1000), a+"/b/long"))
	must(t, unix.Mkfifo(a+"/fifo", 0o640))
	must(t, os.Mkdir(a+"/empty", 0o755))
	must(t, os.WriteFile(a+"/large", make([]byte, 3<<20), 0o644))
	p.write(t, "a/sparse", "begin")
	must(t, os.Truncate(a+"/sparse", 5<<20))
	if err := unix.Setxattr(a+"/b/g", "user.note", []byte("of a file"), 0); err == nil {
		must(t, unix.Setxattr(a+"/b", "user.note", []byte("of a directory"), 0))
	}
	if setfacl, err := exec.LookPath("setfacl"); err == nil {
		_ = exec.Command(setfacl, "-m", "u:1:rwx,d:u:1:rwx", a+"/b").Run()
	}
	old := time.Unix(1_000_000_000, 123_456_789)
	must(t, filepath.WalkDir(a, func(path string, _ os.DirEntry, _ error) error {
		times := []unix.Timespec{{Sec: old.Unix(), Nsec: 1}, {Sec: old.Unix(), Nsec: int64(old.Nanosecond())}}
		return unix.UtimesNanoAt(unix.AT_FDCWD, path, times, unix.AT_SYMLINK_NOFOLLOW)
	}))
	before := p.renamer(t, "tree", "a")
	if got := p.renamer(t, "calls", "0", "a", "z"); got[0] != "ok" {
		t.Fatalf("rename: %q", got)
	}
	after := p.renamer(t, "tree", "z")
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("tree (-before +after):\n%s", diff)
	}
	p.noStaging(t)
}

// What the mask hides does not show by a rename, and is not deleted by it.
func TestRenameHidden(t *testing.T) {
	p := renaming(t)
	for _, name := range []string{"a/.env", "a/b/key.pem", "a/secrets/token"} {
		p.write(t, name, p.canary)
	}
	for _, name := range []string{"a/.env", "a/b/key.pem", "a/secrets"} {
		path := filepath.Join(p.mask, name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, unix.Mknod(path, unix.S_IFCHR, 0))
	}
	got := run(t, p.options("sh", "-c", "./renamer calls 0 a z; find . -type f | sort; grep -r CANARY- .; mkdir a a/b; find a; ./renamer calls 0 z/b a/y 0 a z/a; find . -type f | sort; ls -A z/b z/secrets"), "")
	want := "ok\n./main.go\n./renamer\n./z/b/c/h\n./z/b/g\n./z/f\na\na/b\nok\nok\n./main.go\n./renamer\n./z/a/y/c/h\n./z/a/y/g\n./z/f\n"
	if got.failure != nil || got.out != want {
		t.Errorf("Run = %q, %q, %v, want %q", got.out, got.err, got.failure, want)
	}
	// The upper layer holds what was renamed and one whiteout, and no name that was hidden.
	var names []string
	must(t, filepath.WalkDir(p.upper, func(path string, _ os.DirEntry, err error) error {
		var stat unix.Stat_t
		must(t, unix.Lstat(path, &stat))
		name, _ := filepath.Rel(p.upper, path)
		if stat.Mode&unix.S_IFMT == unix.S_IFCHR {
			name = "-" + name
		}
		names = append(names, name)
		return err
	}))
	slices.Sort(names)
	if diff := cmp.Diff([]string{"-a", ".", "z", "z/a", "z/a/b", "z/a/y", "z/a/y/c", "z/a/y/c/h", "z/a/y/g", "z/f"}, names); diff != "" {
		t.Errorf("upper layer (-want +got):\n%s", diff)
	}
}

func TestRenameByDescriptors(t *testing.T) {
	p := renaming(t)
	must(t, os.Mkdir(filepath.Join(p.dir, "t"), 0o755))
	p.renamer(t, "descriptors")
	if got := run(t, p.options("sh", "-c", "cat t/z/g t/z/c/h; ls a"), ""); got.out != "twothreef\n" {
		t.Errorf("after renameat: %q, %q", got.out, got.err)
	}
}

func TestRenameMany(t *testing.T) {
	p := renaming(t)
	for i := range 100 {
		p.write(t, fmt.Sprintf("d%d/x/y", i), "y")
	}
	p.renamer(t, "many", "100")
	if got := run(t, p.options("sh", "-c", "cat e*/x/y | wc -c; ls -d d*"), ""); strings.TrimSpace(got.out) != "100" {
		t.Errorf("after 100 renames: %q, %q", got.out, got.err)
	}
	p.noStaging(t)
}

func TestRenameLarge(t *testing.T) {
	p := renaming(t)
	for i := range 5000 {
		p.write(t, fmt.Sprintf("a/big/f%d", i), strconv.Itoa(i))
	}
	p.write(t, "a/"+strings.Repeat("deep/", 300)+"end", "end")
	before := p.renamer(t, "tree", "a")
	if got := p.renamer(t, "calls", "0", "a", "z"); got[0] != "ok" {
		t.Fatalf("rename: %q", got)
	}
	if diff := cmp.Diff(before, p.renamer(t, "tree", "z")); diff != "" {
		t.Errorf("tree (-before +after):\n%s", diff)
	}
}

// For every write into a directory that is being renamed: nothing of it is lost.
func TestRenameWhileWritten(t *testing.T) {
	p := renaming(t)
	for i := range 200 {
		p.write(t, fmt.Sprintf("a/b/w0-%d", i), "old")
	}
	p.renamer(t, "written")
	p.noStaging(t)
}

// For every change n that a replacement makes: stopped there, for good or by an error, the tree is whole, and nothing
// is left of the replacement.
func TestRenameStopped(t *testing.T) {
	p := renaming(t)
	must(t, os.RemoveAll(filepath.Join(p.dir, "a", "b", "c", "h")))
	must(t, os.Symlink("f", filepath.Join(p.dir, "a", "link")))
	must(t, os.Chmod(filepath.Join(p.dir, "a", "b", "g"), 0o4755)) // not one that is copied
	before := append(p.renamer(t, "tree", "a", "content"), "ok")
	for _, way := range []string{"once", "dead"} {
		for n, all := 0, 1; n <= all; n++ { // None is stopped at 0, which counts them.
			must(t, os.RemoveAll(p.upper))
			must(t, os.Mkdir(p.upper, 0o700))
			line := p.renamer(t, "stopped", strconv.Itoa(n), way, p.dir)[0]
			if n == 0 {
				count, err, _ := strings.Cut(line, " ")
				if all, _ = strconv.Atoi(count); all < 20 || err != "<nil>" {
					t.Fatalf("whole replacement: %s", line)
				}
			}
			p.noStaging(t)
			got := run(t, p.options("sh", "-c", "./renamer tree a content; ./renamer calls 0 a z"), "")
			if diff := cmp.Diff(strings.Join(before, "\n")+"\n", got.out); diff != "" {
				t.Fatalf("%s at change %d (%s): tree (-before +after):\n%s", way, n, line, diff)
			}
		}
	}
}

// Whoever waits for a rename may be killed; the tree is whole afterwards, and nothing is left in the view.
func TestRenameCallerKilled(t *testing.T) {
	p := renaming(t)
	for i := range 300 {
		p.write(t, fmt.Sprintf("a/b/f%d", i), strconv.Itoa(i))
	}
	before, err := treeLines(filepath.Join(p.dir, "a"), true)
	must(t, err)
	const script = `./renamer calls 0 a z >/dev/null & sleep 0.0$1; kill -9 $!; wait $!
		while test -e .cofferdam-rename; do sleep 0.01; done; ls -d a z; test -e a || mv z a; ./renamer tree a content`
	for _, delay := range []string{"02", "1", "2", "3", "5", "8"} {
		must(t, os.RemoveAll(p.upper))
		must(t, os.Mkdir(p.upper, 0o700))
		got := run(t, p.options("sh", "-c", script, "sh", delay), "")
		names, tree, _ := strings.Cut(got.out, "\n")
		if names != "a" && names != "z" || tree != strings.Join(before, "") {
			t.Fatalf("after 0.0%s seconds: %s, %q\n%s", delay, names, got.err, cmp.Diff(strings.Join(before, ""), tree))
		}
		p.noStaging(t)
	}
}

// Where there is no room for the copies the answer is EXDEV, and the tree is whole.
func TestRenameNoSpace(t *testing.T) {
	need.Root(t)
	p := renaming(t)
	must(t, os.WriteFile(filepath.Join(p.dir, "a", "b", "large"), make([]byte, 4<<20), 0o644))
	must(t, unix.Mount("none", p.state, "tmpfs", 0, "size=3m"))
	t.Cleanup(func() { _ = unix.Unmount(p.state, unix.MNT_DETACH) })
	for _, dir := range []string{p.mask, p.upper, p.work} {
		must(t, os.Mkdir(dir, 0o700))
	}
	before := p.renamer(t, "tree", "a")
	if got := p.renamer(t, "calls", "0", "a", "z"); got[0] != "EXDEV" {
		t.Errorf("rename of 4 MiB into 3: %q", got)
	}
	if diff := cmp.Diff(before, p.renamer(t, "tree", "a")); diff != "" {
		t.Errorf("tree (-before +after):\n%s", diff)
	}
	p.noStaging(t)
}

// A sandbox that is killed at any time leaves the tree whole, under one name or the other.
func TestRenameKilled(t *testing.T) {
	p := renaming(t)
	for i := range 300 {
		p.write(t, fmt.Sprintf("a/b/f%d", i), strconv.Itoa(i))
	}
	before, err := treeLines(filepath.Join(p.dir, "a"), true)
	must(t, err)
	want := strings.TrimSpace(strings.Join(before, ""))
	for range 15 {
		must(t, os.RemoveAll(p.upper))
		must(t, os.Mkdir(p.upper, 0o700))
		ctx, cancel := context.WithCancel(context.Background())
		_, _, end := begin(t, ctx, p.options("./"+renamerName, "forever"))
		time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond)
		cancel()
		_, _ = end()
		p.noStaging(t)
		got := run(t, p.options("sh", "-c", "ls -d a z; test -e a || mv z a; ./renamer tree a content"), "")
		names, tree, _ := strings.Cut(got.out, "\n")
		if names != "a" && names != "z" || strings.TrimSpace(tree) != want {
			t.Fatalf("after the kill: %s\n%s", names, cmp.Diff(want, strings.TrimSpace(tree)))
		}
	}
}

// A process that has restricted itself further is held to that.
func TestRenameRestricted(t *testing.T) {
	if _, err := landlockABI(); err != nil {
		need.Nil(t, "landlock", err)
	}
	p := renaming(t)
	p.write(t, "b/c/x", "x")
	got := p.renamer(t, "restricted")
	if slices.Contains(got[:3], "ok") || got[3] != "ok" {
		t.Errorf("answers: %q, want the last alone to be ok", got)
	}
	if out := run(t, p.options("sh", "-c", "cat a/f a/b/g a/b/c/h b/z/x; ls -A"), ""); out.out != "onetwothreexa\nb\nmain.go\nrenamer\n" {
		t.Errorf("after it: %q, %q", out.out, out.err)
	}
}

// A process in the directory would be left in a removed one, so it gets the kernel's plain answer; its parts can be renamed.
func TestRenameFromWithin(t *testing.T) {
	p := renaming(t)
	got := run(t, p.options("sh", "-c", "cd a/b && ../../"+renamerName+" calls 0 ../../a ../../z 0 ../b ../y 2 ../../a/b ../../main.go 2 ../../main.go ../../a/b 0 c d; cat d/h"), "")
	if want := "EXDEV\nEXDEV\nEXDEV\nEXDEV\nok\nthree"; got.out != want {
		t.Errorf("Run = %q, %q, %v, want %q", got.out, got.err, got.failure, want)
	}
}

// Of a process into which nobody may look, nothing is known: its renames are the plain ones.
func TestRenamePrivate(t *testing.T) {
	p := renaming(t)
	if diff := cmp.Diff([]string{"EXDEV", "ok"}, p.renamer(t, "private")); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

// The kernel allows one listener in a line of filters.
func TestRenameListenInside(t *testing.T) {
	p := renaming(t)
	if got := p.renamer(t, "listen"); got[0] != unix.EBUSY.Error() {
		t.Errorf("a listener inside: %q, want %v", got, unix.EBUSY)
	}
}

// A command that swaps the path, or what it leads to, under the eyes of the sandbox changes nothing but its own view.
func TestRenameSwapped(t *testing.T) {
	p := renaming(t)
	outside := filepath.Join(t.TempDir(), "outside")
	must(t, os.MkdirAll(filepath.Join(outside, "e"), 0o755))
	must(t, os.WriteFile(filepath.Join(outside, "e", "file"), []byte(p.canary), 0o644))
	p.write(t, "s/d/e/x", "x")
	before, err := treeLines(filepath.Dir(outside), false)
	must(t, err)
	projectBefore, err := treeLines(p.dir, false)
	must(t, err)
	p.renamer(t, "swapped", outside, outside+"/e", p.state, "/tmp", "/etc", "../a", "../a/b")
	after, err := treeLines(filepath.Dir(outside), false)
	must(t, err)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("outside (-before +after):\n%s", diff)
	}
	projectAfter, err := treeLines(p.dir, false)
	must(t, err)
	if diff := cmp.Diff(projectBefore, projectAfter); diff != "" {
		t.Errorf("the project itself (-before +after):\n%s", diff)
	}
	if got := run(t, p.options("sh", "-c", "cat a/f a/b/g a/b/c/h; grep -r CANARY- . --exclude=renamer"), ""); got.out != "onetwothree" {
		t.Errorf("the view afterwards: %q, %q", got.out, got.err)
	}
}

// A path that is renamed by a view without an upper layer, or where no filter is, answers as ever.
func TestRenameElsewhere(t *testing.T) {
	p := renaming(t)
	o := p.options("./"+renamerName, "calls", "0", "a", "z")
	o.View.Upper, o.View.Work = "", ""
	if got := run(t, o, ""); got.out != "EROFS\n" {
		t.Errorf("read-only: %q, %v", got.out, got.failure)
	}
	o = p.options("./"+renamerName, "calls", "0", "a", "z")
	o.Waive = []string{WaiveSeccomp}
	if got := run(t, o, ""); got.out != "EXDEV\n" {
		t.Errorf("without seccomp: %q, %v", got.out, got.failure)
	}
}

// A project that has a directory of the name in which the sandbox works keeps it, and goes without.
func TestRenameNameTaken(t *testing.T) {
	p := renaming(t)
	p.write(t, ".cofferdam-rename/tree/mine", "mine")
	got := run(t, p.options("sh", "-c", "./renamer calls 0 a z; echo more >> .cofferdam-rename/tree/mine; echo x > .cofferdam-rename/new"), "")
	if got.out != "EXDEV\n" {
		t.Errorf("rename: %q, %q", got.out, got.err)
	}
	got = run(t, p.options("sh", "-c", "cat .cofferdam-rename/tree/mine .cofferdam-rename/new"), "")
	if got.out != "minemore\nx\n" {
		t.Errorf("the project's own directory: %q, %q", got.out, got.err)
	}
}

// BenchmarkRenameFile is what a rename of a file costs, in nanoseconds, alone and with a file of 2 kB written before;
// plain gets past the filter.
func BenchmarkRenameFile(b *testing.B) {
	for what, times := range map[string]string{"rename": "10000", "save": "500"} {
		for _, way := range []string{"asked", "plain"} {
			b.Run(what+"/"+way, func(b *testing.B) {
				p := renaming(b)
				best := int64(1 << 62)
				for b.Loop() {
					n, err := strconv.ParseInt(p.renamer(b, "files", times, way, what)[0], 10, 64)
					must(b, err)
					best = min(best, n)
				}
				b.ReportMetric(float64(best), "ns/rename")
			})
		}
	}
}

// BenchmarkRenameDirectory renames 100 directories of 1 and 1 of 1,000 files of 2 kB that are the project's, and one that
// the command made; cp and rm is what programs do that copy. The sandbox is part of it: true.
func BenchmarkRenameDirectory(b *testing.B) {
	for _, tt := range []struct{ name, command string }{
		{"true", "true"}, {"small", "./renamer many 100"}, {"large", "./renamer calls 0 a z; test -d z"}, {"large copied", "cp -a a z; rm -r a"},
	} {
		b.Run(tt.name, func(b *testing.B) {
			p := renaming(b)
			for i := range 1000 {
				p.write(b, fmt.Sprintf("a/b/f%d", i), strings.Repeat("x", 2000))
			}
			for i := range 100 {
				p.write(b, fmt.Sprintf("d%d/f", i), strings.Repeat("x", 2000))
			}
			time.Sleep(2 * time.Second) // Files as young as the sandbox are taken for its own.
			for b.Loop() {
				b.StopTimer()
				must(b, os.RemoveAll(p.upper))
				must(b, os.Mkdir(p.upper, 0o700))
				b.StartTimer()
				if got := run(b, p.options("sh", "-c", tt.command), ""); got.failure != nil || got.exit.Code != 0 {
					b.Fatalf("%q %v", got.err, got.failure)
				}
			}
		})
	}
}
