package sandbox

import (
	"fmt"
)

// NotFoundError says that the sandbox holds no such command.
type NotFoundError struct{ Name string }

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("start %q: no such command in the sandbox", e.Name)
}

// CannotStartError says that the command is there and does not start.
type CannotStartError struct {
	Name string
	Err  error
}

func (e *CannotStartError) Error() string { return fmt.Sprintf("start %q: %v", e.Name, e.Err) }

// Unwrap is the cause.
func (e *CannotStartError) Unwrap() error { return e.Err }

// SetupError says that the sandbox did not come about; no part of the command ran.
type SetupError struct {
	Step string
	Err  error
}

func (e *SetupError) Error() string { return fmt.Sprintf("set up sandbox: %s: %v", e.Step, e.Err) }

// Unwrap is the cause.
func (e *SetupError) Unwrap() error { return e.Err }

// UnenforcedError names a limit or protection that was asked for and cannot be had here; no part of the command ran.
type UnenforcedError struct {
	What    string // "memory", "landlock"
	Why     string
	Instead string // what can be done, or empty
}

func (e *UnenforcedError) Error() string {
	text := fmt.Sprintf("cannot enforce %s: %s", e.What, e.Why)
	if e.Instead != "" {
		text += "; " + e.Instead
	}
	return text
}
