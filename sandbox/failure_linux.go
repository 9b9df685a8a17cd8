package sandbox

import (
	"errors"
	"fmt"

	"cofferdam/overlay"

	"golang.org/x/sys/unix"
)

// failure is an error on its way from the init process. The caller's error is made of it again, so that errors.Is and
// errors.As find the system call's cause and an overlay's reason.
type failure struct {
	kind                string
	step, text          string
	errno               uint64
	reason, path, where string // of an *overlay.MountError
}

const (
	failedSetup    = "setup"
	failedOverlay  = "overlay"
	failedNotFound = "not found"
	failedStart    = "cannot start"
	failedUnable   = "unenforced"
)

func newFailure(err error) *failure {
	f := &failure{kind: failedSetup, step: "init", text: err.Error()}
	var errno unix.Errno
	if errors.As(err, &errno) {
		f.errno = uint64(errno)
	}
	var setup *SetupError
	var missing *NotFoundError
	var start *CannotStartError
	var unable *UnenforcedError
	var layers *overlay.MountError
	switch {
	case errors.As(err, &missing):
		f.kind, f.step = failedNotFound, missing.Name
	case errors.As(err, &start):
		f.kind, f.step, f.text = failedStart, start.Name, start.Err.Error()
	case errors.As(err, &unable):
		f.kind, f.step, f.text, f.path = failedUnable, unable.What, unable.Why, unable.Instead
	case errors.As(err, &setup):
		f.step, f.text = setup.Step, setup.Err.Error()
	}
	if errors.As(err, &layers) {
		f.kind, f.reason, f.path, f.text = failedOverlay, string(layers.Reason), layers.Path, layers.Why
		f.where = layers.Step
	}
	return f
}

func (f *failure) code(c *codec) {
	for _, s := range []*string{&f.kind, &f.step, &f.text, &f.reason, &f.path, &f.where} {
		c.text(s)
	}
	c.num(&f.errno)
}

func (f *failure) encode() []byte {
	c := &codec{}
	f.code(c)
	return c.buf
}

func decodeFailure(data []byte) error {
	f, c := &failure{}, &codec{buf: data, reading: true}
	if f.code(c); c.err != nil {
		return &SetupError{Step: "read init's report", Err: c.err}
	}
	switch f.kind {
	case failedNotFound:
		return &NotFoundError{Name: f.step}
	case failedStart:
		return &CannotStartError{Name: f.step, Err: f.cause()}
	case failedUnable:
		return &UnenforcedError{What: f.step, Why: f.text, Instead: f.path}
	case failedOverlay:
		e := &overlay.MountError{Reason: overlay.Reason(f.reason), Step: f.where, Path: f.path, Why: f.text}
		if f.errno != 0 {
			e.Err = unix.Errno(f.errno)
		}
		return &SetupError{Step: f.step, Err: e}
	}
	return &SetupError{Step: f.step, Err: f.cause()}
}

func (f *failure) cause() error {
	if f.errno == 0 {
		return errors.New(f.text)
	}
	return &remoteError{f.text, unix.Errno(f.errno)}
}

// remoteError has the whole text of an error and the system call's cause of it.
type remoteError struct {
	text  string
	cause error
}

func (e *remoteError) Error() string { return e.text }
func (e *remoteError) Unwrap() error { return e.cause }

// step says which part of the set-up an error belongs to.
func step(what string, object string, err error) error {
	if err == nil {
		return nil
	}
	if object != "" {
		what = fmt.Sprintf("%s %q", what, object)
	}
	return &SetupError{Step: what, Err: err}
}
