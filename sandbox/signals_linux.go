package sandbox

import (
	"encoding/binary"
	"os"
	"os/signal"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

var passed = []os.Signal{
	unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT, unix.SIGUSR1, unix.SIGUSR2, unix.SIGWINCH, unix.SIGCONT, unix.SIGTSTP,
}

// signals are those of the caller that belong to the command while it runs.
type signals struct{ caught chan os.Signal }

func newSignals() *signals {
	s := &signals{make(chan os.Signal, 16)}
	for _, one := range passed {
		if !signal.Ignored(one) { // nohup and background jobs of a shell without job control mean it.
			signal.Notify(s.caught, one)
		}
	}
	return s
}

func (s *signals) stop() { signal.Stop(s.caught) }

// pass hands a signal on to the command, or acts on it where it is about the terminal.
func (r *runner) pass(s unix.Signal) {
	if r.relay != nil && s == unix.SIGWINCH {
		r.relay.resize()
		return
	}
	if r.relay != nil && r.relay.drawn != nil && s == unix.SIGCONT {
		r.relay.claim()
	}
	_ = r.channel.send(msgSignal, binary.LittleEndian.AppendUint32(nil, uint32(s)), -1)
}

// suspend follows a command that has stopped: this process group stops as well, and when it goes on, so does the
// command. Where the kernel stops nobody, as this process group is an orphan, the command goes on at once.
func (r *runner) suspend(s *signals) {
	if r.relay != nil {
		r.relay.release()
	}
	stopGroup()
	timeout := time.After(100 * time.Millisecond)
	for waiting := true; waiting; {
		select {
		case one := <-s.caught:
			waiting = one != unix.SIGCONT
			if waiting {
				r.pass(one.(unix.Signal))
			}
		case <-timeout:
			waiting = false
		}
	}
	r.pass(unix.SIGCONT)
}

// stopGroup stops this process group as the terminal's stop key would. signal.Reset leaves Go's handler for SIGTSTP in
// place, which then does nothing, so the default action is set past it, and the handler put back.
func stopGroup() {
	if signal.Ignored(unix.SIGTSTP) {
		return
	}
	var saved signalAction
	if setSignalAction(unix.SIGTSTP, &signalAction{}, &saved) != 0 {
		return
	}
	_ = unix.Kill(0, unix.SIGTSTP)
	// The signal may be another thread's to take; until then the default action has to stay.
	time.Sleep(10 * time.Millisecond)
	setSignalAction(unix.SIGTSTP, &saved, nil)
}

// signalAction is the kernel's struct sigaction; its zero value is the default action.
type signalAction struct {
	handler, flags, restorer uintptr
	mask                     uint64
}

// ignored is SIG_IGN.
const ignored = 1

// setSignalAction sets the action of a signal past the Go runtime; a nil one leaves it.
func setSignalAction(s unix.Signal, action, old *signalAction) unix.Errno {
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(s), uintptr(unsafe.Pointer(action)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
	return errno
}
