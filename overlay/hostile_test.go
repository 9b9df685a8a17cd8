package overlay

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// For every upper, however made: Read ends with a sound set or with an error and none.
func FuzzReadOfHostileUpper(f *testing.F) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		recipe := make([]byte, 20+r.IntN(200))
		for i := range recipe {
			recipe[i] = byte(r.Uint32())
		}
		f.Add(recipe)
	}
	_, base := smallBase(f)
	f.Fuzz(func(t *testing.T, recipe []byte) {
		upper := scratch(t)
		cook(upper, recipe)
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		for _, format := range []Format{Kernel, Fuse} {
			set, err := ReadFormat(ctx, openRoot(t, upper), base, format)
			if (set == nil) == (err == nil) || ctx.Err() != nil {
				t.Fatalf("Read = %v, %v", set, err)
			}
			if err != nil {
				continue
			}
			for i, c := range set.Changes {
				if _, err := workspace.ParsePath(string(c.Path)); err != nil || i > 0 && set.Changes[i-1].Path >= c.Path {
					t.Errorf("change %d of %q is out of order: %v", i, c.Path, err)
				}
				if c.Kind == 0 || c.New.Type == workspace.File && c.Refused == "" && !c.New.Hash.Known() {
					t.Errorf("%q: a change without kind or hash", c.Path)
				}
			}
		}
	})
}

var hostileNames = []string{"dir", "sub", "file", "link", "deep", ".env", ".wh.file", ".wh..wh..opq", ".wh.", "\xff\n", "-rf"}

var hostileMarks = []string{
	"user.overlay.opaque", "user.overlay.whiteout", "user.overlay.redirect", "user.overlay.metacopy", "user.overlay.origin",
	"user.overlay.", "user.overlay.overlay.opaque", "user.overlay.overlay.", "user.other", "user.fuseoverlayfs.opaque",
}

// cook makes an upper layer as recipe says: two bytes an object.
func cook(upper string, recipe []byte) {
	path := upper
	for len(recipe) >= 2 {
		what, which := recipe[0], recipe[1]
		recipe = recipe[2:]
		at := filepath.Join(path, hostileNames[int(which)%len(hostileNames)])
		switch what % 12 {
		case 0:
			path = upper
		case 1, 2, 3:
			if os.Mkdir(at, 0o755) == nil {
				path = at
			}
		case 4:
			_ = unix.Mknod(at, unix.S_IFCHR, 0)
		case 5:
			_ = unix.Mkfifo(at, 0o644)
		case 6:
			_ = os.Symlink(hostileNames[int(what)%len(hostileNames)], at)
		case 7, 8:
			setMark(path, what, which)
		case 9:
			setMark(at, what, which)
		case 10:
			_ = os.Chmod(at, fs.FileMode(which)&0o777)
		default:
			writeFresh(at, []byte(fmt.Sprint(which)))
		}
		if len(path) > len(upper)+2000 {
			path = upper
		}
	}
}

func setMark(path string, what, which byte) {
	value := []string{"y", "x", "", "zz", "yyyyyyyyyyyyyyyyyyyyyyyy"}[int(what/12)%5]
	_ = unix.Lsetxattr(path, hostileMarks[int(which)%len(hostileMarks)], []byte(value), 0)
}
