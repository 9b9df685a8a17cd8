package overlay

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"cofferdam/internal/need"

	"golang.org/x/sys/unix"
)

const namespaceVariable = "COFFERDAM_TEST_NAMESPACE"

// inNamespace runs body as the same user in user and mount namespaces of its own, in a child that runs this test alone.
// stage tells the nested calls of one test apart.
func inNamespace(t *testing.T, stage string, body func(t *testing.T)) {
	t.Helper()
	if os.Getenv(namespaceVariable) == stage {
		body(t)
		return
	}
	need.Userns(t)
	cmd := exec.Command("/proc/self/exe", "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=1m")
	cmd.Env = append(os.Environ(), namespaceVariable+"="+stage)
	cmd.SysProcAttr = namespaceAttributes(os.Getuid(), os.Getgid())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("in namespace %s: %v\n%s", stage, err, out)
	} else if testing.Verbose() {
		t.Logf("in namespace %s:\n%s", stage, out)
	}
}

// namespaceAttributes maps the user to itself, root with all users, and keeps what mounting needs.
func namespaceAttributes(uid, gid int) *syscall.SysProcAttr {
	size := 1
	if uid == 0 {
		gid, size = 0, 1<<32-1
	}
	return &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: size}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: size}},
		AmbientCaps: []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_DAC_OVERRIDE, unix.CAP_FOWNER},
	}
}

// scratch is a directory that can hold an upper layer, and is emptied whatever modes its content has.
func scratch(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		t.Fatal(err)
	}
	if fs.Type == overlaySuper && os.Getenv(namespaceVariable) != "" {
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
