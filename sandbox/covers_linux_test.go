package sandbox

import (
	"bufio"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// conversation is a command that answers each line with the output of that line as a shell script, ended by a dot.
type conversation struct {
	t        *testing.T
	prepared *Prepared
	in       *os.File
	out      *bufio.Reader
	done     chan error
}

func converse(t *testing.T, o Options) *conversation {
	t.Helper()
	o.Args = []string{"sh", "-c", `while read -r line; do eval "$line" 2>&1; echo .; done`}
	in, write := pipe(t)
	read, out := pipe(t)
	c := &conversation{t: t, prepared: Prepare(o.Net, o.Limits, Stdio{In: in, Out: out, Err: out}), in: write, out: bufio.NewReader(read), done: make(chan error, 1)}
	spec, err := NewSpec(o)
	must(t, err)
	go func() {
		_, err := c.prepared.Run(context.Background(), spec)
		out.Close()
		c.done <- err
	}()
	t.Cleanup(func() {
		write.Close()
		must(t, <-c.done)
		read.Close()
		in.Close()
	})
	return c
}

func (c *conversation) ask(line string) string {
	c.t.Helper()
	_, err := c.in.WriteString(line + "\n")
	must(c.t, err)
	var answer strings.Builder
	for {
		text, err := c.out.ReadString('\n')
		if text == ".\n" {
			return answer.String()
		}
		if answer.WriteString(text); err != nil {
			c.t.Fatalf("%q: %q, %v", line, &answer, err)
		}
	}
}

func (c *conversation) cover(path string) (seen bool) {
	c.t.Helper()
	seen, err := c.prepared.Cover(path)
	if err != nil {
		c.t.Fatalf("Cover(%q): %v", path, err)
	}
	return seen
}

// views are those in which a path can be covered.
func (p *project) views() map[string]View {
	readOnly := View{Kind: Overlay, Target: p.dir, Lower: []string{p.mask, p.dir}, Upper: p.upper, Work: p.work, ReadOnly: true}
	writable := readOnly
	writable.ReadOnly = false
	return map[string]View{"overlay": writable, "read-only": readOnly}
}

// What the user writes while the command runs shows in the view; what is covered does not, under any name by which
// the command knew it.
func TestCoverPaths(t *testing.T) {
	for _, kind := range []string{"overlay", "read-only"} {
		for _, tt := range []struct {
			name   string
			before string // what the command does first
			make   func(t *testing.T, dir string)
			path   string
			seen   bool
			look   string // what it does then
			want   string // and what of it, before and after Cover, shows
		}{
			{"a new file", "ls -A >/dev/null", func(t *testing.T, dir string) { plant(t, dir, "late", "S") }, "late", true, "cat late 2>/dev/null; ls", "S late main.go;main.go"},
			{"a changed file", "cat main.go >/dev/null", func(t *testing.T, dir string) { plant(t, dir, "main.go", "S") }, "main.go", true, "cat main.go 2>/dev/null; ls", "S main.go;"},
			{"a name that was not there", "cat late; :", func(t *testing.T, dir string) { plant(t, dir, "late", "S") }, "late", false, "ls; cat late 2>/dev/null", "late main.go;main.go"},
			{"a file in a new directory", "", func(t *testing.T, dir string) { plant(t, dir, "n/e/w", "S") }, "n/e/w", true, "cat n/e/w 2>/dev/null; ls n/e", "S w;"},
			{"a symlink", "", func(t *testing.T, dir string) { must(t, os.Symlink("main.go", filepath.Join(dir, "l"))) }, "l", true, "readlink l; ls", "main.go l main.go;main.go"},
			{"a directory", "", func(t *testing.T, dir string) { plant(t, dir, ".git/a/b", "S"); plant(t, dir, ".git/c", "S") }, ".git", true, "cat .git/a/b 2>/dev/null; ls -A", "S .git main.go;main.go"},
			{"a FIFO", "", func(t *testing.T, dir string) { must(t, unix.Mkfifo(filepath.Join(dir, "p"), 0o600)) }, "p", true, "ls", "main.go p;main.go"},
			{"an odd name", "", func(t *testing.T, dir string) { plant(t, dir, "-\xff\t*", "S") }, "-\xff\t*", true, "ls | wc -l", "2;1"},
			{"what is gone from the project", "", func(t *testing.T, dir string) {}, "nothing/there", false, "ls", "main.go;main.go"},
			{"what is hidden", "", func(t *testing.T, dir string) {}, ".env", false, "ls -A", "main.go;main.go"},
		} {
			t.Run(kind+"/"+tt.name, func(t *testing.T) {
				p := newProject(t, t.TempDir())
				o := p.options()
				o.View = p.views()[kind]
				c := converse(t, o)
				c.ask(tt.before)
				tt.make(t, p.dir)
				look := func() string { return strings.Join(strings.Fields(c.ask(tt.look)), " ") }
				before := look()
				seen := c.cover(tt.path)
				after := c.ask("cat ./'" + tt.path + "' >/dev/null")
				if !strings.Contains(after, "No such file") {
					t.Errorf("the command opens what is covered: %q", after)
				}
				if got := before + ";" + look(); got != tt.want || seen != tt.seen {
					t.Errorf("before and after: %q, seen %v; want %q, %v", got, seen, tt.want, tt.seen)
				}
				if _, err := os.Lstat(filepath.Join(p.dir, tt.path)); err != nil && strings.HasPrefix(tt.name, "a ") {
					t.Errorf("it is gone from the project: %v", err)
				}
			})
		}
	}
}

func plant(t *testing.T, dir, name, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
	must(t, os.WriteFile(filepath.Join(dir, name), []byte(text+"\n"), 0o644))
}

// A name that was not there when the command looked stays away when the kernel has forgotten that, and when the command
// removes what it made there itself.
func TestCoverLasts(t *testing.T) {
	p := newProject(t, t.TempDir())
	c := converse(t, p.options())
	c.ask("cat late")
	plant(t, p.dir, "late", "S")
	c.cover("late")
	if got := c.ask("echo own >late; rm late; cat late"); !strings.Contains(got, "No such file") {
		t.Errorf("after the command's own file is removed: %q", got)
	}
	var stat unix.Stat_t
	if err := unix.Lstat(filepath.Join(p.upper, "late"), &stat); err != nil || stat.Mode&unix.S_IFMT != unix.S_IFCHR || stat.Rdev != 0 {
		t.Errorf("the upper layer has %+v, %v; want a whiteout", stat, err)
	}
}

// What the command has read from stays open to it, and a path outside of the view is none.
func TestCoverReach(t *testing.T) {
	base := t.TempDir()
	p := newProject(t, base)
	c := converse(t, p.options())
	plant(t, p.dir, "late", "S")
	c.ask("exec 3<late")
	must(t, os.Symlink(base, filepath.Join(p.dir, "out")))
	plant(t, base, "outside", "kept")
	must(t, os.Symlink(".", filepath.Join(p.dir, "in")))
	for _, path := range []string{"in/main.go", "out/outside", "../outside", "/" + filepath.Join(base, "outside")} {
		if seen, err := c.prepared.Cover(path); seen {
			t.Errorf("Cover(%q) = %v, %v", path, seen, err)
		}
	}
	if _, err := os.Stat(filepath.Join(base, "outside")); err != nil {
		t.Error(err)
	}
	c.cover("late")
	if got := c.ask("cat <&3"); got != "S\n" {
		t.Errorf("an open file reads %q", got)
	}
}

func TestCoverWithoutUpper(t *testing.T) {
	p := newProject(t, t.TempDir())
	o := p.options()
	o.View = View{Kind: Overlay, Target: p.dir, Lower: []string{p.mask, p.dir}}
	c := converse(t, o)
	if _, err := c.prepared.Cover("main.go"); !errors.Is(err, unix.EROFS) {
		t.Errorf("Cover = %v, want EROFS", err)
	}
	if got := c.ask("cat main.go"); got != "package main\n" {
		t.Errorf("main.go is %q", got)
	}
}

// A read-only view needs no layer that could be written to.
func TestReadOnlyWhereNoUpperCanBe(t *testing.T) {
	p := newProject(t, t.TempDir())
	o := p.options()
	o.View = p.views()["read-only"]
	o.View.Work = filepath.Join(t.TempDir(), "is not there")
	c := converse(t, o)
	if got := c.ask("cat main.go; ls -A"); got != "package main\nmain.go\n" {
		t.Errorf("the view shows %q", got)
	}
	if _, err := c.prepared.Cover("main.go"); !errors.Is(err, unix.EROFS) {
		t.Errorf("Cover = %v, want EROFS", err)
	}
}

func TestReadOnlyStaysReadOnly(t *testing.T) {
	p := newProject(t, t.TempDir())
	o := p.options()
	o.View = p.views()["read-only"]
	c := converse(t, o)
	for _, line := range []string{"echo x >new", "rm main.go", "mkdir d", "chmod 600 main.go", "mv main.go m", "mount -o remount,rw ."} {
		if got := c.ask(line); got == "" {
			t.Errorf("%s succeeds", line)
		}
	}
	if got := c.ask("ls -A"); got != "main.go\n" {
		t.Errorf("the view shows %q", got)
	}
	entries, err := os.ReadDir(p.upper)
	if err != nil || len(entries) > 0 {
		t.Errorf("the upper layer has %v, %v", entries, err)
	}
}

// Before the command starts Cover waits, after it has ended it says so.
func TestCoverTimes(t *testing.T) {
	p := newProject(t, t.TempDir())
	prepared := Prepare(NetNone, Limits{}, Stdio{})
	type answer struct {
		seen bool
		err  error
	}
	early := make(chan answer)
	go func() {
		seen, err := prepared.Cover("main.go")
		early <- answer{seen, err}
	}()
	spec, err := NewSpec(p.options("sh", "-c", "while [ -e main.go ]; do sleep 0.01; done"))
	must(t, err)
	if exit, err := prepared.Run(context.Background(), spec); err != nil || exit.Code != 0 {
		t.Fatalf("Run = %+v, %v", exit, err)
	}
	if a := <-early; a.err != nil && !errors.Is(a.err, ErrEnded) { // The answer may come after the command's end.
		t.Errorf("Cover before the start = %+v", a)
	}
	if _, err := prepared.Cover("x"); !errors.Is(err, ErrEnded) {
		t.Errorf("Cover after the end = %v", err)
	}
	unused := Prepare(NetNone, Limits{}, Stdio{})
	unused.Close()
	if _, err := unused.Cover("x"); !errors.Is(err, ErrEnded) {
		t.Errorf("Cover of what never ran = %v", err)
	}
}

// Where the command holds a directory against its owner's will, nothing is removed by force, and the caller hears it.
func TestCoverRefused(t *testing.T) {
	p := newProject(t, t.TempDir())
	plant(t, p.dir, "d/late", "S")
	must(t, os.Chmod(filepath.Join(p.dir, "d"), 0o555))
	t.Cleanup(func() { os.Chmod(filepath.Join(p.dir, "d"), 0o755) })
	c := converse(t, p.options())
	if _, err := c.prepared.Cover("d/late"); !errors.Is(err, unix.EACCES) {
		t.Errorf("Cover = %v, want EACCES", err)
	}
}

// However files are renamed around it meanwhile, Cover does not hang, and what it says is true.
func TestCoverAmongRenames(t *testing.T) {
	p := newProject(t, t.TempDir())
	for _, name := range []string{"a/b/one", "a/b/two", "a/c/three"} {
		plant(t, p.dir, name, "S")
	}
	c := converse(t, p.options())
	c.ask("(for i in 1 2 3 4 5 6 7 8 9; do mv -T a z; mv -T z a; done) & :")
	for range 50 {
		_, err := c.prepared.Cover("a/b/one")
		if err != nil && !errors.Is(err, ErrEnded) {
			t.Errorf("Cover = %v", err)
		}
	}
	c.ask("wait")
	c.cover("a/b/one")
	if got := c.ask("cat a/b/one >/dev/null || find a -type f | sort | tr '\\n' ' '; echo"); !strings.HasSuffix(got, "a/b/two a/c/three \n") {
		t.Errorf("the view has %q", got)
	}
}
