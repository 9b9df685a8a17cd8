package sandbox

import (
	"errors"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

const (
	// initName is how the program is called when it is to be the init process of a sandbox.
	initName = "cofferdam-init"
	// initChannel is the descriptor over which it is told what to make.
	initChannel = 3
)

// IsInit reports whether a program that was started with args, os.Args, is the init process of a sandbox. A program
// that calls Run asks this first of all, and calls Init then.
func IsInit(args []string) bool { return len(args) > 0 && args[0] == initName }

// Init is the init process of a sandbox. It does not return.
func Init() {
	// A process that lives as long as the command and allocates next to nothing needs no collector, and no threads of one.
	debug.SetGCPercent(-1)
	c := &channel{fd: initChannel}
	unix.CloseOnExec(initChannel)
	if err := protectSelf(); err != nil {
		giveUp(c, err)
	}
	kind, payload, _, err := c.receive()
	if errors.Is(err, io.EOF) {
		os.Exit(125)
	}
	if err != nil || kind != msgBoot {
		os.Stderr.WriteString(initName + " is started by cofferdam alone\n")
		os.Exit(125)
	}
	b, err := decodeBoot(payload)
	if err != nil {
		giveUp(c, step("read the description", "", err))
	}
	dropSignals()
	onOtherThread(func() { b.serve(c) })
	select {}
}

// serve does what the process was started for, on a thread that it keeps.
func (b *boot) serve(c *channel) {
	switch b.purpose {
	case toProbe:
		b.probe(c)
	case toProbeView:
		if _, err := b.makeTree(); err != nil {
			giveUp(c, err)
		}
		_ = c.send(msgStarted, nil, -1)
	default:
		command, err := b.start(c)
		if err != nil {
			giveUp(c, err)
		}
		go command.obey(c)
		go command.vanisher.serve(c)
		if command.renames != nil {
			go command.reap(c)
			command.renames.serve()
		}
		command.reap(c)
	}
	os.Exit(0)
}

func giveUp(c *channel, err error) {
	_ = c.send(msgFailed, newFailure(err).encode(), -1)
	os.Exit(125)
}

// protectSelf hides this process from those that it will start: its memory and descriptors are the only things of the
// machine's that are left among them.
func protectSelf() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return step("make init undumpable", "", err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return step("forbid core dumps", "", err)
	}
	return step("close descriptors", "", closeInherited())
}

// closeInherited closes what the caller's caller left open. The descriptors that the Go runtime polls with are its own.
func closeInherited() error {
	dir, err := os.Open("/proc/self/fd")
	if err != nil {
		return err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		fd, err := strconv.Atoi(name)
		if err != nil || fd <= initChannel || fd == int(dir.Fd()) {
			continue
		}
		target, err := os.Readlink("/proc/self/fd/" + name)
		if err == nil && !strings.HasPrefix(target, "anon_inode:[event") {
			unix.Close(fd)
		}
	}
	// An event descriptor may also be inherited; at the latest it ends where the command begins.
	return unix.CloseRange(initChannel, ^uint(0), unix.CLOSE_RANGE_CLOEXEC)
}

// dropSignals gives every signal its default action in place of the Go runtime's handlers. For the init process of a pid
// namespace the default is that nothing inside can reach it; what the caller sends comes over the channel. Those that the runtime works
// with stay: 23 for preemption, 27 for profiles, and the ones above 31.
func dropSignals() {
	for s := 1; s < 32; s++ {
		switch unix.Signal(s) {
		case unix.SIGKILL, unix.SIGSTOP, unix.SIGURG, unix.SIGPROF, unix.SIGCHLD:
			continue
		}
		var old signalAction
		if setSignalAction(unix.Signal(s), nil, &old) == 0 && old.handler > ignored {
			setSignalAction(unix.Signal(s), &signalAction{}, nil)
		}
	}
}

// onOtherThread runs f on a thread that is not the first of the process. The kernel takes the first for the process
// where Landlock decides on signals and tracing; as it stays outside of the command's domain, the command reaches neither.
func onOtherThread(f func()) {
	go func() {
		runtime.LockOSThread()
		if unix.Gettid() == unix.Getpid() {
			onOtherThread(f)
			select {}
		}
		f()
	}()
}
