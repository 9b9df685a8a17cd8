package overlay

import (
	"errors"
	"os"
	"strings"
	"testing"

	"cofferdam/internal/need"
	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

func TestForeignOwnersAndDevicesAreRefused(t *testing.T) {
	need.Root(t)
	_, base := smallBase(t)
	upper := scratch(t)
	write(t, upper+"/file", "one") // nothing but the owner differs
	write(t, upper+"/dir/file", "new")
	write(t, upper+"/capable", "new")
	mkdir(t, upper+"/shared")
	if err := errors.Join(
		os.Chown(upper+"/file", 4242, 4243),
		os.Chown(upper+"/dir/file", 0, 4243),
		os.Symlink("x", upper+"/soft"),
		os.Lchown(upper+"/soft", 4242, 0),
		unix.Mknod(upper+"/null", unix.S_IFCHR|0o600, int(unix.Mkdev(1, 3))),
		unix.Setxattr(upper+"/capable", "security.capability", []byte("\x00\x00\x00\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), 0),
	); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"add capable refused: it has the attribute security.capability",
		"modify dir/file refused: it belongs to 0:4243",
		"modify file refused: it belongs to 4242:4243",
		"add null refused: it is a character device",
		"add shared",
		"add soft refused: it belongs to 4242:0",
	}
	if diff := cmp.Diff(want, describe(readSet(t, upper, base))); diff != "" {
		t.Errorf("set (-want +got):\n%s", diff)
	}
}

func TestUnreadableIsRefused(t *testing.T) {
	need.User(t)
	_, base := smallBase(t)
	upper := scratch(t)
	write(t, upper+"/file", "one")
	write(t, upper+"/dir/sub/deep", "deep")
	mkdir(t, upper+"/new")
	write(t, upper+"/listed/file", "x")
	chmod(t, upper+"/file", 0)
	chmod(t, upper+"/dir/sub", 0o311)
	chmod(t, upper+"/new", 0)
	chmod(t, upper+"/listed", 0o644)
	want := []string{
		"modify dir/sub 0755>0311 refused: its mode 0311 keeps it from being read",
		"modify file 0644>0000 refused: its mode 0000 keeps it from being read",
		"add listed refused: its mode 0644 keeps it from being read",
		"add new refused: its mode 0000 keeps it from being read",
	}
	if diff := cmp.Diff(want, describe(readSet(t, upper, base))); diff != "" {
		t.Errorf("set (-want +got):\n%s", diff)
	}
}

// A directory in a setgid directory is setgid by the kernel's doing.
func TestInheritedSetgid(t *testing.T) {
	dir := t.TempDir()
	mkdir(t, dir+"/shared")
	chmod(t, dir+"/shared", 0o775|os.ModeSetgid)
	base := manifest(t, dir, nil, nil)
	upper := scratch(t)
	mkdir(t, upper+"/shared")
	chmod(t, upper+"/shared", 0o775|os.ModeSetgid)
	mkdir(t, upper+"/shared/a/b")
	want := []string{"add shared/a", "add shared/a/b"}
	if diff := cmp.Diff(want, describe(readSet(t, upper, base))); diff != "" {
		t.Errorf("set (-want +got):\n%s", diff)
	}
}

// Names below a path of 4,096 bytes cannot be given to the kernel: the directory says so.
func TestTooDeepForPaths(t *testing.T) {
	upper := scratch(t)
	fd, err := unix.Open(upper, unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.Repeat("n", 250)
	for range 40 {
		if err := unix.Mkdirat(fd, name, 0o755); err != nil {
			t.Fatal(err)
		}
		next, err := unix.Openat(fd, name, unix.O_PATH|unix.O_DIRECTORY, 0)
		unix.Close(fd)
		if err != nil {
			t.Fatal(err)
		}
		fd = next
	}
	unix.Close(fd)
	set := readSet(t, upper, &workspace.Manifest{})
	last := set.Changes[len(set.Changes)-1]
	if len(last.Path) < 4096 || !strings.Contains(last.Refused, "longer than the kernel takes") {
		t.Errorf("the last change, %d bytes long, is refused as %q", len(last.Path), last.Refused)
	}
}
