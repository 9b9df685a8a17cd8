package sandbox

import (
	"os"
	"syscall"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

// initAttributes put the init process in namespaces of its own, in a session of its own, and end it with this process.
func initAttributes(uids, gids []specs.LinuxIDMapping, flags uintptr) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{
		Cloneflags:  flags,
		UidMappings: sysIDMaps(uids),
		GidMappings: sysIDMaps(gids),
		AmbientCaps: setupCapabilities,
		Setsid:      true,
		Pdeathsig:   syscall.SIGKILL,
	}
}

// startInit starts this program once more, as the init process. Its environment is empty: it needs nothing of it, and a
// fault of the program cannot show what it does not have. syscall.ForkExec does without the pidfd that os.StartProcess
// tries out first, at the price of a fork.
func startInit(c *channel, attributes *syscall.SysProcAttr, streams []*os.File) (int, error) {
	if streams == nil {
		null, err := os.OpenFile("/dev/null", os.O_RDWR, 0)
		if err != nil {
			return 0, err
		}
		defer null.Close()
		streams = []*os.File{null, null, null}
	}
	process := &syscall.ProcAttr{Env: []string{}, Sys: attributes}
	for _, f := range streams {
		process.Files = append(process.Files, f.Fd())
	}
	process.Files = append(process.Files, uintptr(c.fd))
	var pid int
	err := whileDumpable(func() (err error) {
		pid, err = syscall.ForkExec("/proc/self/exe", []string{initName}, process)
		return err
	})
	return pid, err
}

// whileDumpable runs start with this process dumpable, where it is not: else the files of the new process in /proc, by which
// its users are mapped, would belong to root until it executes.
func whileDumpable(start func() error) error {
	if dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); err != nil || dumpable != 0 {
		return start()
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0); err != nil {
		return err
	}
	defer func() { _ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) }()
	return start()
}

func waitFor(pid int) unix.WaitStatus {
	var status unix.WaitStatus
	for {
		if _, err := unix.Wait4(pid, &status, 0, nil); err != unix.EINTR {
			return status
		}
	}
}
