package sandbox

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Run makes the sandbox that s describes, runs its command and waits for it. While it does, the signals INT, TERM, HUP,
// QUIT, USR1, USR2, WINCH, CONT and TSTP of this process are the command's. When ctx is done, or this process dies, everything
// in the sandbox is killed; Run then returns the cause of ctx.
//
// The program that calls it must call Init first of all where IsInit says so. What goes wrong before the command runs
// is a *NotFoundError, *CannotStartError, *UnenforcedError or *SetupError.
func Run(ctx context.Context, s *Spec, stdio Stdio) (*Exit, error) {
	return newPrepared(stdio).Run(ctx, s)
}

// runner is the caller's side of a sandbox that runs.
type runner struct {
	streams [3]*os.File
	boot    *boot
	channel *channel
	pid     int
	ended   bool // pid has been waited for
	relay   *relay
	covers  *covers
}

// launch starts the init process in its namespaces. It waits there for the boot message, and starts up meanwhile.
func (r *runner) launch(s *Spec, null *os.File, group *cgroup) error {
	flags, err := s.namespaceFlags()
	if err != nil {
		return step("check the description", "", err)
	}
	here, there, err := newChannel()
	if err != nil {
		return step("make socket", "", err)
	}
	defer there.close()
	attributes := initAttributes(s.OCI.Linux.UIDMappings, s.OCI.Linux.GIDMappings, flags)
	if group != nil {
		attributes.UseCgroupFD, attributes.CgroupFD = true, group.fd
	}
	streams := r.streams
	for i, f := range streams {
		if isTerminal(f) {
			streams[i] = null
		}
	}
	pid, err := startInit(there, attributes, streams[:])
	if err != nil {
		here.close()
		return step("make namespaces", "", err)
	}
	r.channel, r.pid = here, pid
	return nil
}

// end kills what is left of the sandbox and gives the terminal back.
func (r *runner) end() {
	if !r.ended {
		_ = unix.Kill(r.pid, unix.SIGKILL)
		r.wait()
	}
	r.channel.close()
	if r.relay != nil {
		r.relay.close()
		r.relay = nil
	}
}

// wait waits for the init process. The kernel lets it end only after every other process of the sandbox.
func (r *runner) wait() unix.WaitStatus {
	r.ended = true
	return waitFor(r.pid)
}

// event is one message of the init process, or the end of them.
type event struct {
	kind    kind
	payload []byte
	file    int
	err     error
}

// listen reads messages until the init process is gone.
func (r *runner) listen() <-chan event {
	events := make(chan event)
	go func() {
		defer close(events)
		for {
			kind, payload, file, err := r.channel.receive()
			events <- event{kind, payload, file, err}
			if err != nil {
				return
			}
		}
	}()
	return events
}

// tell sends the init process what it waits for. One that is gone has said why, or its end says it.
func (r *runner) tell(k kind, payload []byte) {
	if err := r.channel.send(k, payload, -1); err != nil && !errors.Is(err, unix.EPIPE) {
		_ = unix.Kill(r.pid, unix.SIGKILL)
	}
}

// follow sees the init process through to its end.
func (r *runner) follow(ctx context.Context, signals *signals) (*Exit, error) {
	events := r.listen()
	done := ctx.Done()
	o := &outcome{}
	for {
		select {
		case <-done:
			done = nil
			_ = unix.Kill(r.pid, unix.SIGKILL)
		case s := <-signals.caught:
			r.pass(s.(unix.Signal))
		case e := <-events:
			if e.err != nil {
				o.died = r.wait()
				return o.result(ctx)
			}
			r.note(e, o, signals)
		}
	}
}

// outcome is what is known of the end.
type outcome struct {
	exit    *Exit
	failure error
	died    unix.WaitStatus // of the init process
}

func (o *outcome) result(ctx context.Context) (*Exit, error) {
	switch {
	case o.exit != nil:
		return o.exit, nil
	case o.failure != nil:
		return nil, o.failure
	case ctx.Err() != nil:
		return nil, fmt.Errorf("run in sandbox: %w", context.Cause(ctx))
	case o.died.Signaled():
		return nil, &SetupError{Step: "watch the command", Err: fmt.Errorf("init was killed by %v", o.died.Signal())}
	}
	return nil, &SetupError{Step: "watch the command", Err: fmt.Errorf("init ended with status %d and no report", o.died.ExitStatus())}
}

// note takes in one message.
func (r *runner) note(e event, o *outcome, signals *signals) {
	switch e.kind {
	case msgTerminal:
		var err error
		if r.relay, err = newRelay(&r.streams, r.boot.terminal, e.file); err != nil {
			o.failure = step("relay the terminal", "", err)
			_ = unix.Kill(r.pid, unix.SIGKILL)
		}
	case msgStarted:
		if r.relay != nil {
			r.relay.begin()
		}
		r.covers.begin(r.channel)
	case msgVanished:
		r.covers.answer(e.payload)
	case msgStopped:
		r.suspend(signals)
	case msgExited:
		if len(e.payload) == 4 {
			o.exit = newExit(unix.WaitStatus(binary.LittleEndian.Uint32(e.payload)))
		}
	case msgFailed:
		o.failure = decodeFailure(e.payload)
	}
}

func newExit(status unix.WaitStatus) *Exit {
	if status.Signaled() {
		return &Exit{Code: 128 + int(status.Signal()), Signal: int(status.Signal())}
	}
	return &Exit{Code: status.ExitStatus()}
}
