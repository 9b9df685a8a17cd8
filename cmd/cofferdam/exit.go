package main

import (
	"context"
	"errors"
	"fmt"

	"cofferdam/apply"
	"cofferdam/sandbox"
	"cofferdam/session"
)

// The exit codes that docs/cli.md promises. run passes the command's own through and uses 125 to 127 for itself.
const (
	exitOK          = 0
	exitError       = 1
	exitUsage       = 2
	exitFindings    = 3
	exitConflict    = 4
	exitIncomplete  = 5
	exitRun         = 125
	exitCannotStart = 126
	exitNotFound    = 127
	exitInterrupted = 130
)

// codeError ends the program with a code. Where err is nil, everything has been said already.
type codeError struct {
	code int
	err  error
	hint string // a command that the user can type
}

func (e *codeError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *codeError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return &codeError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// verdictOf is the one place that turns an error into an exit code and a hint.
func verdictOf(err error) (code int, hint string) {
	var coded *codeError
	var conflict *apply.ConflictError
	var failed *apply.FailedError
	switch {
	case err == nil:
		return exitOK, ""
	case errors.As(err, &coded):
		return coded.code, coded.hint
	case errors.As(err, &conflict):
		return exitConflict, "nothing was written; cofferdam diff shows both sides, cofferdam apply --conflict skip lands the rest"
	case errors.As(err, &failed) && failed.Unfinished != nil:
		return exitError, "mend the cause; the next cofferdam diff, apply, undo or run takes the rest back"
	case errors.Is(err, apply.ErrBusy):
		return exitError, "another cofferdam is applying to this project; try again when it has ended"
	case errors.Is(err, context.Canceled):
		return exitInterrupted, ""
	case errors.Is(err, session.ErrNone):
		return exitError, "cofferdam run -- COMMAND makes one; cofferdam ls --all shows those of other projects"
	case errors.Is(err, session.ErrNoPlace):
		return exitError, "name another place: XDG_STATE_HOME, or state_dirs in the user's config"
	case errors.Is(err, session.ErrBusy):
		return exitError, "wait for it to end, or stop it"
	}
	return exitError, ""
}

// verdictOfRun is verdictOf where the tool must be told apart from the command that it runs.
func verdictOfRun(err error) (code int, hint string) {
	var coded *codeError
	var notFound *sandbox.NotFoundError
	var cannotStart *sandbox.CannotStartError
	switch code, hint = verdictOf(err); {
	case errors.As(err, &coded): // the command's own status among them
	case errors.As(err, &notFound):
		return exitNotFound, "the command is looked up inside the sandbox: only /usr, /bin, /lib*, /opt and the project are there"
	case errors.As(err, &cannotStart):
		return exitCannotStart, hint
	case code == exitError:
		return exitRun, hint
	}
	return code, hint
}
