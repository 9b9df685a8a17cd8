package sandbox

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/internal/need"
	"cofferdam/overlay"
)

// The command sees the project at its own path, wherever that is and whatever bytes it is made of.
func TestViewPaths(t *testing.T) {
	long := strings.Repeat(strings.Repeat("d", 249)+"/", 11)
	for _, tt := range []struct{ name, dir string }{
		{"plain", "a"},
		{"option characters", `a:b,c\d\\e=f`},
		{"white space and quotes", "a b\tc\n'\"$x"},
		{"invalid UTF-8", "a\xff\xfeb"},
		{"long name", strings.Repeat("n", 255)},
		{"longer than 256 bytes", strings.Repeat("long/", 80) + "x"},
		{"about 3000 bytes", long + "x"},
		{"dash", "-rf"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProject(t, filepath.Join(t.TempDir(), tt.dir))
			got := run(t, p.options("sh", "-c", "ls -A; echo new > new; pwd"), "")
			if got.failure != nil || got.out != "main.go\n"+p.dir+"\n" {
				t.Fatalf("Run = %q, %q, %v", got.out, got.err, got.failure)
			}
			if _, err := os.Stat(filepath.Join(p.dir, "new")); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the real project was written to: %v", err)
			}
			if data, err := os.ReadFile(filepath.Join(p.upper, "new")); err != nil || string(data) != "new\n" {
				t.Errorf("the upper layer has %q, %v", data, err)
			}
		})
	}
}

// A project may lie below what the sandbox has of its own, or hold it.
func TestViewPlaces(t *testing.T) {
	need.Userns(t)
	home := filepath.Join(t.TempDir(), "home")
	for _, tt := range []struct {
		name, base, home string
		root             bool
	}{
		{"below home", filepath.Join(home, "src"), home, false},
		{"below the home of root", "/root/cofferdam-test", "/root", true},
		{"below /var/tmp", "/var/tmp/cofferdam-test", home, false},
		{"below /dev/shm", "/dev/shm/cofferdam-test", home, false},
		{"below /opt", "/opt/cofferdam-test", home, true},
		{"below /usr/local", "/usr/local/cofferdam-test", home, true},
		{"below /run", "/run/cofferdam-test", home, true},
		{"below /srv", "/srv/cofferdam-test", home, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.root {
				need.Root(t)
			}
			if _, err := os.Stat(tt.base); err == nil {
				t.Fatalf("%s is there", tt.base)
			}
			must(t, os.MkdirAll(tt.base, 0o755))
			t.Cleanup(func() { removeAll(t, tt.base) })
			p := newProject(t, tt.base)
			o := p.options("sh", "-c", `ls -A; cat .env; echo x > new && echo y > "$HOME/y" && cat "$HOME/y"; ls -A "$1" 2>/dev/null`, "sh", p.state)
			o.Environ = append(o.Environ, "HOME="+tt.home)
			got := run(t, o, "")
			if got.failure != nil || got.out != "main.go\ny\n" || strings.Contains(got.err, p.canary) {
				t.Errorf("Run = %q, %q, %v", got.out, got.err, got.failure)
			}
		})
	}
}

// removeAll also takes away the directory of overlayfs that nobody may enter.
func removeAll(t *testing.T, dir string) {
	_ = os.Chmod(filepath.Join(dir, "state", "work", "work"), 0o700)
	if err := os.RemoveAll(dir); err != nil {
		t.Error(err)
	}
}

func TestViewHomeIsProject(t *testing.T) {
	p := newProject(t, t.TempDir())
	for _, home := range []string{p.dir, filepath.Join(p.dir, "home")} {
		must(t, os.MkdirAll(home, 0o700))
		o := p.options("sh", "-c", `echo "$HOME"; cat main.go; cat .env`)
		o.Environ = append(o.Environ, "HOME="+home)
		if got := run(t, o, ""); got.failure != nil || got.out != home+"\npackage main\n" {
			t.Errorf("Run with home %q = %q, %q, %v", home, got.out, got.err, got.failure)
		}
	}
}

func TestViewKinds(t *testing.T) {
	p := newProject(t, t.TempDir())
	staged := filepath.Join(p.state, "copy")
	must(t, os.MkdirAll(filepath.Join(staged, ".git"), 0o700))
	must(t, os.WriteFile(filepath.Join(staged, "main.go"), []byte("package main\n"), 0o644))
	must(t, os.MkdirAll(filepath.Join(p.dir, ".git"), 0o700))
	must(t, os.WriteFile(filepath.Join(p.dir, ".git", "HEAD"), []byte("ref: x\n"), 0o644))
	const script = "cat main.go; { echo x > new; } 2>/dev/null && echo wrote; cat .git/HEAD 2>/dev/null; { echo x > .git/new; } 2>/dev/null && echo wrote"
	for _, tt := range []struct {
		name string
		view View
		want string
	}{
		{"overlay", View{Kind: Overlay, Lower: []string{p.mask, p.dir}, Upper: p.upper, Work: p.work, Git: p.dir + "/.git"}, "package main\nwrote\nref: x\n"},
		{"overlay read-only", View{Kind: Overlay, Lower: []string{p.mask, p.dir}, Git: p.dir + "/.git"}, "package main\nref: x\n"},
		{"copy", View{Kind: Copy, Dir: staged}, "package main\nwrote\nwrote\n"},
		{"copy with git", View{Kind: Copy, Dir: staged, Git: p.dir + "/.git"}, "package main\nwrote\nref: x\n"},
		{"bind", View{Kind: Bind, Dir: staged}, "package main\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := p.options("sh", "-c", script)
			tt.view.Target = p.dir
			o.View = tt.view
			os.Remove(filepath.Join(staged, ".git", "new"))
			if got := run(t, o, ""); got.failure != nil || got.out != tt.want {
				t.Errorf("Run = %q, %q, %v, want %q", got.out, got.err, got.failure, tt.want)
			}
		})
	}
}

// A .git of the view that is a symlink must not send the mount elsewhere.
func TestViewGitLink(t *testing.T) {
	p := newProject(t, t.TempDir())
	must(t, os.Mkdir(filepath.Join(p.dir, "real"), 0o700))
	must(t, os.Symlink("/etc", filepath.Join(p.dir, ".git")))
	o := p.options("true")
	o.View.Git = filepath.Join(p.dir, "real")
	var setup *SetupError
	if got := run(t, o, ""); !errors.As(got.failure, &setup) {
		t.Errorf("Run with .git as a symlink = %+v, want a SetupError", got)
	}
}

func TestViewRefused(t *testing.T) {
	p := newProject(t, t.TempDir())
	o := p.options("true")
	o.View.Lower = []string{p.mask, filepath.Join(p.dir, "missing")}
	var layers *overlay.MountError
	if got := run(t, o, ""); !errors.As(got.failure, &layers) || layers.Reason != overlay.BadLayers {
		t.Errorf("Run with a missing layer: %v, want an overlay.MountError with %q", got.failure, overlay.BadLayers)
	}
	for _, target := range []string{"/", "/proc", "/proc/self", "/sys", "/dev", "relative", "/a/../b"} {
		o := p.options("true")
		o.View.Target, o.Dir = target, target
		if _, err := NewSpec(o); err == nil {
			t.Errorf("NewSpec with the project %q: no error", target)
		}
	}
	o = p.options("true")
	o.Dir = filepath.Dir(p.dir)
	if _, err := NewSpec(o); err == nil {
		t.Errorf("NewSpec with a directory outside of the project: no error")
	}
	o = p.options("true")
	o.Dir = filepath.Join(p.dir, "missing")
	var setup *SetupError
	if got := run(t, o, ""); !errors.As(got.failure, &setup) {
		t.Errorf("Run in a missing directory: %v, want a SetupError", got.failure)
	}
}
