package overlay

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// upperOf is an upper layer made of lines: "path=content" a file, "path/" a directory, "path>target" a symlink, "-path" a
// whiteout. A line that begins with "!" is an opaque directory.
func upperOf(t *testing.T, lines ...string) string {
	t.Helper()
	upper := filepath.Join(t.TempDir(), "upper")
	mkdir(t, upper)
	for _, line := range lines {
		name, target, isLink := strings.Cut(line, ">")
		file, content, isFile := strings.Cut(line, "=")
		var err error
		switch path := filepath.Join(upper, strings.TrimLeft(name, "!-")); {
		case isLink:
			mkdir(t, filepath.Dir(path))
			err = os.Symlink(target, path)
		case isFile:
			write(t, filepath.Join(upper, file), content)
		case line[0] == '-':
			mkdir(t, filepath.Dir(path))
			err = unix.Mknod(path, unix.S_IFCHR, 0)
		default:
			mkdir(t, path)
			if line[0] == '!' {
				err = unix.Setxattr(path, "user.overlay.opaque", []byte("y"), 0)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return upper
}

// linesOf shows a layer as upperOf takes it.
func linesOf(t *testing.T, upper string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(upper, func(path string, d os.DirEntry, err error) error {
		name, _ := filepath.Rel(upper, path)
		var stat unix.Stat_t
		if err != nil || name == "." || unix.Lstat(path, &stat) != nil {
			return err
		}
		switch stat.Mode & unix.S_IFMT {
		case unix.S_IFDIR:
			if n, _ := unix.Lgetxattr(path, "user.overlay.opaque", make([]byte, 8)); n > 0 {
				name = "!" + name
			}
			name += "/"
		case unix.S_IFREG:
			content, _ := os.ReadFile(path)
			name += "=" + string(content)
		case unix.S_IFLNK:
			target, _ := os.Readlink(path)
			name += ">" + target
		case unix.S_IFCHR:
			name = "-" + name
		}
		all = append(all, name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestPutBack(t *testing.T) {
	const s = Staging + "/"
	for _, tt := range []struct {
		name       string
		have, want []string
		fails      bool
	}{
		{name: "nothing", have: []string{"f=1"}, want: []string{"f=1"}},
		{name: "just begun", have: []string{s}},
		{name: "a probe", have: []string{s + "full/x/"}},
		{name: "copies without a note", have: []string{s + "tree/f=1", s + "tree/g=2"}},
		{name: "a note and nothing removed", have: []string{s + "tree/f=1", s + "of>a"}},
		{
			name: "removed and not yet removed", have: []string{"-a/f", "a/g=2", s + "tree/f=1", s + "tree/g=2", s + "of>a"},
			want: []string{"a/", "a/f=1", "a/g=2"},
		},
		{name: "of the upper layer alone", have: []string{"a/", s + "tree/f=1", s + "of>a"}, want: []string{"a/", "a/f=1"}},
		{
			name: "a directory", have: []string{"-a/d", s + "tree/d/f=1", s + "tree/d/e/g=2", s + "of>a"},
			want: []string{"a/", "!a/d/", "a/d/e/", "a/d/e/g=2", "a/d/f=1"},
		},
		{name: "a symlink", have: []string{"-a/l", s + "tree/l>/etc", s + "of>a"}, want: []string{"a/", "a/l>/etc"}},
		{name: "a newer file", have: []string{"a/f=new", s + "tree/f=old", s + "of>a"}, want: []string{"a/", "a/f=new"}},
		{name: "deep", have: []string{"-a/b/c/f", s + "tree/f=1", s + "of>a/b/c"}, want: []string{"a/", "a/b/", "a/b/c/", "a/b/c/f=1"}},
		{name: "the new directory in its place", have: []string{"!a/", "a/f=1", s + "of>a", s + "full/x/"}, want: []string{"!a/", "a/f=1"}},
		{
			name: "a directory over a file", have: []string{"a/d=1", s + "tree/d/f=1", s + "of>a"}, fails: true,
			want: []string{s, s + "of>a", s + "tree/", s + "tree/d/", s + "tree/d/f=1", "a/", "a/d=1"},
		},
		{
			name: "more than a sandbox makes", have: []string{s + "mine=1"}, fails: true,
			want: []string{s, s + "mine=1"},
		},
		{name: "a note that leads out", have: []string{s + "tree/f=1", s + "of>../../out"}, fails: true, want: []string{s, s + "of>../../out", s + "tree/", s + "tree/f=1"}},
		{name: "an absolute note", have: []string{s + "tree/f=1", s + "of>/tmp"}, fails: true, want: []string{s, s + "of>/tmp", s + "tree/", s + "tree/f=1"}},
		{name: "a note through a link", have: []string{"l>/tmp", s + "tree/f=1", s + "of>l"}, fails: true, want: []string{s, s + "of>l", s + "tree/", s + "tree/f=1", "l>/tmp"}},
		{name: "a link for a tree", have: []string{s + "tree>..", s + "of>a"}, fails: true, want: []string{s, s + "of>a", s + "tree>.."}},
		{name: "a link for it all", have: []string{"d/f=1", strings.TrimSuffix(s, "/") + ">d"}, want: []string{strings.TrimSuffix(s, "/") + ">d", "d/", "d/f=1"}},
		{name: "a file for it all", have: []string{strings.TrimSuffix(s, "/") + "=1"}, want: []string{strings.TrimSuffix(s, "/") + "=1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			upper := upperOf(t, tt.have...)
			err := PutBack(Layers{Upper: upper})
			if (err != nil) != tt.fails {
				t.Errorf("PutBack: %v", err)
			}
			if diff := cmp.Diff(tt.want, linesOf(t, upper)); diff != "" {
				t.Errorf("layer (-want +got):\n%s", diff)
			}
			if again := PutBack(Layers{Upper: upper}); (again != nil) != tt.fails {
				t.Errorf("PutBack again: %v", again)
			}
		})
	}
}

// What the project itself has under the name is the command's to change.
func TestPutBackOfProject(t *testing.T) {
	lower := t.TempDir()
	mkdir(t, filepath.Join(lower, Staging))
	have := []string{Staging + "/", Staging + "/tree/", Staging + "/tree/f=1"}
	upper := upperOf(t, have...)
	if err := PutBack(Layers{Lower: []string{t.TempDir(), lower}, Upper: upper}); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(have, linesOf(t, upper)); diff != "" {
		t.Errorf("layer (-want +got):\n%s", diff)
	}
	// A mask takes it out of the view; then the directory is the sandbox's.
	mask := t.TempDir()
	if err := unix.Mknod(filepath.Join(mask, Staging), unix.S_IFCHR, 0); err != nil {
		t.Fatal(err)
	}
	if err := PutBack(Layers{Lower: []string{mask, lower}, Upper: upper}); err != nil {
		t.Error(err)
	}
	if got := linesOf(t, upper); len(got) > 0 {
		t.Errorf("layer: %q", got)
	}
}

// For any names and any note: PutBack ends, and changes nothing outside the layer.
func FuzzPutBack(f *testing.F) {
	f.Add("f", "a", true)
	f.Add("..", "../..", false)
	f.Add("of", "/", true)
	f.Fuzz(func(t *testing.T, name, note string, gone bool) {
		upper := upperOf(t)
		outside := filepath.Join(filepath.Dir(upper), "outside")
		write(t, outside, "outside")
		tree := filepath.Join(upper, Staging, StagingTree)
		mkdir(t, tree)
		if strings.ContainsAny(name, "/\x00") || os.WriteFile(filepath.Join(tree, name), []byte("x"), 0o600) != nil || os.Symlink(note, filepath.Join(upper, Staging, StagingNote)) != nil {
			t.Skip()
		}
		mkdir(t, upper+"/a")
		if gone {
			_ = unix.Mknod(filepath.Join(upper, "a", name), unix.S_IFCHR, 0)
		}
		_ = PutBack(Layers{Upper: upper})
		entries, _ := os.ReadDir(filepath.Dir(upper))
		if content, err := os.ReadFile(outside); err != nil || string(content) != "outside" || fmt.Sprint(entries) != "[- outside d upper/]" {
			t.Errorf("outside: %q, %v, %v", content, err, entries)
		}
	})
}
