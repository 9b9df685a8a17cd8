package overlay

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"cofferdam/internal/need"

	"golang.org/x/sys/unix"
)

// scratch is a directory that can hold an upper layer, and is emptied whatever modes its content has.
func scratch(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		t.Fatal(err)
	}
	if fs.Type == overlaySuper && need.NamespaceStage() != "" {
		if err := unix.Mount("tmpfs", dir, "tmpfs", 0, ""); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	}
	t.Cleanup(func() {
		_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if d != nil && d.IsDir() && filepath.Base(path) != "work" {
				_ = os.Chmod(path, 0o700)
			}
			return nil
		})
	})
	return dir
}

// fixture is a workspace with an overlay over it.
type fixture struct {
	dir, base, mask, upper, work, merged string
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	dir := scratch(t)
	f := &fixture{dir: dir}
	for name, path := range map[string]*string{"base": &f.base, "mask": &f.mask, "upper": &f.upper, "wrk": &f.work, "merged": &f.merged} {
		*path = filepath.Join(dir, name)
		mkdir(t, *path)
	}
	return f
}

// mount mounts the overlay; masked puts the mask into it.
func (f *fixture) mount(t *testing.T, masked bool) {
	t.Helper()
	if err := PrepareUpper(f.upper, openRoot(t, f.base)); err != nil {
		t.Fatal(err)
	}
	lower := []string{f.base}
	if masked {
		lower = []string{f.mask, f.base}
	}
	attach(t, Layers{Lower: lower, Upper: f.upper, Work: f.work}, f.merged)
}

func attach(t *testing.T, l Layers, at string) {
	t.Helper()
	fd, err := Mount(l)
	if err != nil {
		t.Fatal(err)
	}
	attachFd(t, fd, at)
}

func attachFd(t *testing.T, fd int, at string) {
	t.Helper()
	defer unix.Close(fd)
	if err := unix.MoveMount(fd, "", unix.AT_FDCWD, at, unix.MOVE_MOUNT_F_EMPTY_PATH); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(at, unix.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
}

func credential(id uint32) *syscall.Credential {
	return &syscall.Credential{Uid: id, Gid: id, NoSetGroups: true}
}
