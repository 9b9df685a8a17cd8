//go:build !linux

package sandbox

import (
	"context"
	"errors"
	"os"
)

var errPlatform = errors.New("the native sandbox needs Linux 5.13 or later")

// NewSpec describes a sandbox; there is none on this platform yet.
func NewSpec(Options) (*Spec, error) { return nil, errPlatform }

// Run runs a command in a sandbox; there is none on this platform yet.
func Run(context.Context, *Spec, Stdio) (*Exit, error) {
	return nil, &SetupError{Step: "choose a runner", Err: errPlatform}
}

// Prepared is an init process that waits to be told what to make.
type Prepared struct{}

// Prepare begins one, where there is a sandbox.
func Prepare(Net, Limits, Stdio) *Prepared { return &Prepared{} }

// Run is the function Run.
func (*Prepared) Run(ctx context.Context, s *Spec) (*Exit, error) { return Run(ctx, s, Stdio{}) }

// ErrEnded says that there is no command.
var ErrEnded = errors.New("the command has ended")

// Cover hides a path from the command.
func (*Prepared) Cover(string) (bool, error) { return false, ErrEnded }

// Close ends what Run has not.
func (*Prepared) Close() {}

// IsInit reports whether this process is the init process of a sandbox, which it never is here.
func IsInit([]string) bool { return false }

// Init is the init process of a sandbox.
func Init() { os.Exit(125) }

// Probe tries what a sandbox is made of.
func Probe(context.Context, string) *Capabilities {
	return &Capabilities{Items: []Capability{{Name: HasUserns, Why: errPlatform.Error()}}}
}

// ProbeView tries one view.
func ProbeView(context.Context, []string, string, string) error { return errPlatform }
