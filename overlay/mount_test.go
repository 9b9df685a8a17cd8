package overlay

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/internal/need"

	"golang.org/x/sys/unix"
)

// Layer paths of any bytes and 3,000 bytes long reach the kernel in every way that there is.
func TestLayersOfOddLongPaths(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		deep := f.dir
		for range 12 {
			deep = filepath.Join(deep, strings.Repeat("d", 230)+",:\\\n \xff=\"'")
		}
		for i, pass := range passages {
			dir := filepath.Join(deep, string(rune('a'+i)))
			lower, upper, work := dir+"/low,er:\\", dir+"/up,per:\\,\\:", dir+"/work"
			write(t, filepath.Join(lower, "file"), "below")
			mkdir(t, upper)
			mkdir(t, work)
			o, err := openLayers(Layers{Lower: []string{lower}, Upper: upper, Work: work})
			if err != nil {
				t.Fatal(err)
			}
			fd, err := o.mount(pass)
			o.close()
			if errors.Is(err, errPassage) {
				t.Logf("way %d is not of this kernel: %v", i, err)
				continue
			}
			if err != nil {
				t.Fatalf("way %d: %v", i, err)
			}
			attachFd(t, fd, f.merged)
			write(t, filepath.Join(f.merged, "file"), "above")
			if got, _ := os.ReadFile(filepath.Join(upper, "file")); string(got) != "above" {
				t.Errorf("way %d: upper layer holds %q", i, got)
			}
		}
	})
}

func TestMountinfoShowsNoLayer(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		f.mount(t, true)
		info, err := os.ReadFile("/proc/self/mountinfo")
		if err != nil {
			t.Fatal(err)
		}
		for _, layer := range []string{f.base, f.mask, f.upper, f.work} {
			if strings.Contains(string(info), layer) {
				t.Errorf("mountinfo shows %q", layer)
			}
		}
		for line := range strings.Lines(string(info)) {
			if strings.Contains(line, f.merged) && !strings.Contains(line, "nosuid,nodev") {
				t.Errorf("mounted as %q", line)
			}
		}
	})
}

func TestReadOnlyOverlay(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		write(t, f.base+"/.env", "secret")
		write(t, f.base+"/main.go", "package main")
		buildMask(t, f, pathsOf(".env"), nil)
		attach(t, Layers{Lower: []string{f.mask, f.base}}, f.merged)
		if _, err := os.Lstat(f.merged + "/.env"); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("hidden file: %v", err)
		}
		if err := os.WriteFile(f.merged+"/main.go", nil, 0o644); !errors.Is(err, unix.EROFS) {
			t.Errorf("write to a read-only overlay: %v", err)
		}
	})
}

func TestMountErrors(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		inner := f.upper + "/inner"
		mkdir(t, inner)
		away := scratch(t)
		other, plain := away+"/tmpfs", away+"/ramfs"
		for dir, kind := range map[string]string{other: "tmpfs", plain: "ramfs"} {
			mkdir(t, dir)
			if err := unix.Mount(kind, dir, kind, 0, ""); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
		}
		mkdir(t, plain+"/upper")
		mkdir(t, plain+"/work")
		for _, test := range []struct {
			name   string
			layers Layers
			reason Reason
		}{
			{"missing lower", Layers{[]string{f.dir + "/none"}, f.upper, f.work}, BadLayers},
			{"lower is a file", Layers{[]string{"/proc/self/exe"}, f.upper, f.work}, BadLayers},
			{"one lower alone", Layers{[]string{f.base}, "", ""}, BadLayers},
			{"work elsewhere", Layers{[]string{f.base}, f.upper, other}, BadLayers},
			{"upper without xattrs", Layers{[]string{f.base}, plain + "/upper", plain + "/work"}, UpperUnsupported},
			{"lower within upper", Layers{[]string{inner}, f.upper, f.work}, BadLayers},
			{"work within upper", Layers{[]string{f.base}, f.upper, inner}, BadLayers},
		} {
			t.Run(test.name, func(t *testing.T) {
				fd, err := Mount(test.layers)
				if err == nil {
					unix.Close(fd)
				}
				wantReason(t, err, test.reason)
			})
		}
	})
}

func TestMountWithoutPrivilege(t *testing.T) {
	need.User(t) // Root is permitted.
	f := newFixture(t)
	_, err := Mount(Layers{[]string{f.base}, f.upper, f.work})
	wantReason(t, err, NotPermitted)
}

func wantReason(t *testing.T, err error, reason Reason) {
	t.Helper()
	var e *MountError
	if !errors.As(err, &e) || e.Reason != reason {
		t.Errorf("error %v, want the reason %q", err, reason)
		return
	}
	t.Log(err)
}

func TestParseRelease(t *testing.T) {
	for _, test := range []struct {
		text         string
		major, minor int
		ok           bool
	}{{"6.1.0-18-amd64", 6, 1, true}, {"5.4", 5, 4, true}, {"6.18.44-fc", 6, 18, true}, {"unknown", 0, 0, false}} {
		if major, minor, ok := parseRelease(test.text); major != test.major || minor != test.minor || ok != test.ok {
			t.Errorf("parseRelease(%q) = %d, %d, %v", test.text, major, minor, ok)
		}
	}
}

func TestUnescapeMount(t *testing.T) {
	for in, want := range map[string]string{`/a\040b`: "/a b", `/a\134040`: `/a\040`, `/tail\04`: `/tail\04`, `\012`: "\n", `\999`: `\999`} {
		if got := unescapeMount(in); got != want {
			t.Errorf("unescapeMount(%q) = %q, want %q", in, got, want)
		}
	}
}
