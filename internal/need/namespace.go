package need

import (
	"os"
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

const namespaceVariable = "COFFERDAM_TEST_NAMESPACE"

// Namespace runs body as the same user in user and mount namespaces of its own, in a child that runs this test alone.
// stage tells the nested calls of one test apart.
func Namespace(t *testing.T, stage string, body func(t *testing.T)) {
	t.Helper()
	if NamespaceStage() == stage {
		body(t)
		return
	}
	Userns(t)
	cmd := exec.Command("/proc/self/exe", "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=2m")
	cmd.Env = append(os.Environ(), namespaceVariable+"="+stage)
	cmd.SysProcAttr = NamespaceAttributes(os.Getuid(), os.Getgid())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("in namespace %s: %v\n%s", stage, err, out)
	} else if testing.Verbose() {
		t.Logf("in namespace %s:\n%s", stage, out)
	}
}

// NamespaceStage is the stage that this child runs, "" outside of one.
func NamespaceStage() string { return os.Getenv(namespaceVariable) }

// NamespaceAttributes maps the user to itself, root with all users, and keeps what mounting needs: overlayfs makes its
// work directory with mode 0000.
func NamespaceAttributes(uid, gid int) *syscall.SysProcAttr {
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
