// Package need answers what a test needs of the machine by doing it. In a lane that COFFERDAM_LANES promises, a
// missing need fails the test; elsewhere it skips it. So a lane that CI names can never be skipped and count as green.
package need

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// Promised reports whether the environment promises the lane.
func Promised(lane string) bool {
	return slices.Contains(strings.Split(os.Getenv("COFFERDAM_LANES"), ","), lane)
}

func missing(t testing.TB, lane, why string) {
	t.Helper()
	if Promised(lane) {
		t.Fatalf("lane %s is promised: %s", lane, why)
	}
	t.Skipf("lane %s: %s", lane, why)
}

// Nil needs something that a test has tried itself: err says why it cannot be had.
func Nil(t testing.TB, lane string, err error) {
	t.Helper()
	if err != nil {
		missing(t, lane, err.Error())
	}
}

// Root needs uid 0.
func Root(t testing.TB) {
	t.Helper()
	if os.Getuid() != 0 {
		missing(t, "root", "the test does not run as root")
	}
}

// User needs an ordinary user.
func User(t testing.TB) {
	t.Helper()
	if os.Getuid() == 0 {
		missing(t, "user", "the test runs as root")
	}
}

// Userns needs user and mount namespaces, which root gets as well as anyone.
func Userns(t testing.TB) {
	t.Helper()
	if err := TryUserns(); err != nil {
		missing(t, "userns", "user namespaces: "+err.Error())
	}
}

// TryUserns makes a user and a mount namespace in a child and says what went wrong.
func TryUserns() error {
	cmd := exec.Command("/bin/true")
	id, gid := os.Getuid(), os.Getgid()
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: id, HostID: id, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}},
	}
	return cmd.Run()
}

// Program needs a program on PATH; its lane has the program's name.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, name, err.Error())
	}
	return path
}
