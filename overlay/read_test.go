package overlay

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"cofferdam/change"
	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// layerCase is an upper layer made by hand over a small base.
type layerCase struct {
	name   string
	format Format
	make   func(t *testing.T, upper string)
	want   []string
}

// smallBase holds dir/{file,sub/deep}, file, link and the hidden dir/.env.
func smallBase(t testing.TB) (string, *workspace.Manifest) {
	dir := t.TempDir()
	write(t, dir+"/dir/file", "one")
	write(t, dir+"/dir/.env", "made up")
	write(t, dir+"/dir/sub/deep", "deep")
	write(t, dir+"/file", "one")
	if err := os.Symlink("file", dir+"/link"); err != nil {
		t.Fatal(err)
	}
	return dir, manifest(t, dir, pathsOf("dir/.env"), nil)
}

var allOfDir = []string{"delete dir", "delete dir/file", "delete dir/sub", "delete dir/sub/deep"}

func TestReadOfLayersMadeByHand(t *testing.T) {
	for _, test := range []layerCase{
		{name: "nothing", make: func(*testing.T, string) {}},
		{name: "whiteout", make: func(t *testing.T, upper string) { whiteout(t, upper+"/dir") }, want: allOfDir},
		{name: "whiteout of a hidden file", make: func(t *testing.T, upper string) { whiteout(t, upper+"/dir/.env") }},
		{name: "hidden name taken", make: func(t *testing.T, upper string) { write(t, upper+"/dir/.env", "mine") },
			want: []string{"add dir/.env collides"}},
		{name: "opaque and empty", make: func(t *testing.T, upper string) {
			mkdir(t, upper+"/dir")
			mark(t, upper+"/dir", "user.overlay.opaque", "y")
		}, want: allOfDir[1:]},
		{name: "opaque and equal", make: func(t *testing.T, upper string) {
			write(t, upper+"/dir/file", "one")
			write(t, upper+"/dir/sub/deep", "deep")
			mark(t, upper+"/dir", "user.overlay.opaque", "y")
		}},
		{name: "opaque in opaque", make: func(t *testing.T, upper string) {
			write(t, upper+"/dir/sub/new", "")
			mark(t, upper+"/dir", "user.overlay.opaque", "y")
			mark(t, upper+"/dir/sub", "user.overlay.opaque", "y")
		}, want: []string{"delete dir/file", "delete dir/sub/deep", "add dir/sub/new"}},
		{name: "inert marks", make: func(t *testing.T, upper string) {
			write(t, upper+"/dir/file", "one")
			for _, name := range []string{"origin", "impure", "nlink", "upper", "protattr", "uuid", "overlay.redirect", "overlay.opaque"} {
				mark(t, upper+"/dir/file", "user.overlay."+name, "y")
			}
			mark(t, upper+"/dir/file", "user.comment", "mine")
			mark(t, upper+"/dir/file", "user.fuseoverlayfs.whatever", "mine")
		}},
		{name: "marked whiteout", make: func(t *testing.T, upper string) {
			write(t, upper+"/dir/sub", "")
			write(t, upper+"/dir/file", "")
			mark(t, upper+"/dir", "user.overlay.opaque", "x")
			mark(t, upper+"/dir/sub", "user.overlay.whiteout", "")
		}, want: []string{"modify dir/file", "delete dir/sub", "delete dir/sub/deep"}},
		{name: "names of fuse-overlayfs are names", make: func(t *testing.T, upper string) {
			write(t, upper+"/dir/.wh.file", "")
			write(t, upper+"/.wh..wh..opq", "")
		}, want: []string{"add .wh..wh..opq", "add dir/.wh.file"}},
		{name: "fuse whiteout", format: Fuse, make: func(t *testing.T, upper string) { write(t, upper+"/dir/.wh.sub", "") },
			want: []string{"delete dir/sub", "delete dir/sub/deep"}},
		{name: "fuse device", format: Fuse, make: func(t *testing.T, upper string) { whiteout(t, upper+"/dir/sub/deep") },
			want: []string{"delete dir/sub/deep"}},
		{name: "fuse opaque", format: Fuse, make: func(t *testing.T, upper string) {
			write(t, upper+"/dir/.wh..wh..opq", "")
			write(t, upper+"/dir/file", "one")
		}, want: allOfDir[2:]},
		{name: "fuse opaque attribute", format: Fuse, make: func(t *testing.T, upper string) {
			mkdir(t, upper+"/dir/sub")
			mark(t, upper+"/dir", "user.fuseoverlayfs.opaque", "y")
			mark(t, upper+"/dir", "user.fuseoverlayfs.origin", "y")
		}, want: []string{"delete dir/file", "delete dir/sub/deep"}},
		{name: "setuid and setgid", make: func(t *testing.T, upper string) {
			write(t, upper+"/file", "one")
			write(t, upper+"/dir/file", "new")
			chmod(t, upper+"/file", 0o755|os.ModeSetuid)
			chmod(t, upper+"/dir/file", 0o644|os.ModeSetuid|os.ModeSetgid)
			chmod(t, upper+"/dir", 0o755|os.ModeSetgid)
		}, want: []string{
			"modify dir 0755>2755 refused: it is newly setgid",
			"modify dir/file 0644>6644 refused: it is newly setuid and setgid",
			"modify file 0644>4755 refused: it is newly setuid",
		}},
		{name: "socket and fifo", make: func(t *testing.T, upper string) {
			for name, kind := range map[string]uint32{"socket": unix.S_IFSOCK, "file": unix.S_IFIFO} {
				if err := unix.Mknod(filepath.Join(upper, name), kind|0o600, 0); err != nil {
					t.Fatal(err)
				}
			}
		}, want: []string{"modify file file>fifo refused: it is a fifo", "add socket refused: it is a socket"}},
		{name: "root mode", make: func(t *testing.T, upper string) { chmod(t, upper, 0o700) }, want: []string{"modify . 0755>0700"}},
		{name: "sparse", make: func(t *testing.T, upper string) {
			write(t, upper+"/file", "")
			if err := os.Truncate(upper+"/file", 1<<40); err != nil {
				t.Fatal(err)
			}
		}, want: []string{"modify file refused: a sparse file of 1099511627776 bytes, not read"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, base := smallBase(t)
			upper := scratch(t)
			test.make(t, upper)
			set, err := ReadFormat(context.Background(), openRoot(t, upper), base, test.format)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, describe(set)); diff != "" {
				t.Errorf("set (-want +got):\n%s", diff)
			}
		})
	}
}

func chmod(t testing.TB, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestNewSideHasItsHash(t *testing.T) {
	_, base := smallBase(t)
	upper := scratch(t)
	write(t, upper+"/file", "one")
	chmod(t, upper+"/file", 0o755)
	want := change.Side{Type: workspace.File, Mode: 0o755, Size: 3, Hash: sha256.Sum256([]byte("one"))}
	if diff := cmp.Diff(want, readSet(t, upper, base).Changes[0].New); diff != "" {
		t.Errorf("new side (-want +got):\n%s", diff)
	}
}

// A base file whose hash is not known counts as different.
func TestUnknownBaseHash(t *testing.T) {
	_, base := smallBase(t)
	base.Find("file").Hash = workspace.Hash{}
	upper := scratch(t)
	write(t, upper+"/file", "one")
	if got := describe(readSet(t, upper, base)); !cmp.Equal(got, []string{"modify file"}) {
		t.Errorf("set: %q", got)
	}
}

func TestReadStopsWithItsContext(t *testing.T) {
	_, base := smallBase(t)
	upper := scratch(t)
	for i := range 500 {
		write(t, fmt.Sprintf("%s/d%d/f", upper, i), "x")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if set, err := Read(ctx, openRoot(t, upper), base); set != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("Read = %v, %v, want nil, %v", set, err, context.Canceled)
	}
}
