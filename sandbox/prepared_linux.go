package sandbox

import (
	"context"
	"errors"
	"os"
	"slices"

	"cofferdam/overlay"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

// Prepared is an init process in its namespaces that waits to be told what to make. To clone the namespaces and to start
// this program takes longer than all that a Spec decides, and can be done while the view is staged. It is for one
// goroutine but for Cover, and for one Run at a time.
type Prepared struct {
	stdio    Stdio
	starting chan struct{} // closed when start has returned; nil without Prepare
	spec     *Spec         // what it was started for
	runner   *runner       // nil where nothing is started
	group    *cgroup
	null     *os.File
	covers   *covers
}

// Prepare begins one for a command with this network and these limits, and does not wait for it. What goes wrong is
// tried again, and reported, by Run. Close has to be called.
func Prepare(net Net, limits Limits, stdio Stdio) *Prepared {
	s := &Spec{Ext: Extension{Net: net, Limits: limits}}
	s.OCI.Process = &specs.Process{User: specs.User{UID: uint32(os.Getuid()), GID: uint32(os.Getgid())}}
	s.OCI.Linux = linuxPart(&Options{Net: net})
	p := newPrepared(stdio)
	p.starting = make(chan struct{})
	go func() {
		defer close(p.starting)
		_ = p.start(s)
	}()
	return p
}

func newPrepared(stdio Stdio) *Prepared { return &Prepared{stdio: stdio, covers: newCovers()} }

// Run is the function Run, of a sandbox whose init process may wait already. One that does not fit s is let go of.
func (p *Prepared) Run(ctx context.Context, s *Spec) (*Exit, error) {
	if err := s.check(); err != nil {
		return nil, &SetupError{Step: "check the description", Err: err}
	}
	if err := s.putBack(); err != nil {
		return nil, &SetupError{Step: "mend the upper layer", Err: err}
	}
	// What cannot be put back afterwards is in the layer, by a name that says so.
	defer func() { _ = s.putBack() }()
	p.settle()
	defer p.Close()
	defer p.covers.end() // before the channel is closed
	if !p.fits(s) {
		p.release()
		if err := p.start(s); err != nil {
			return nil, err
		}
	}
	r := p.runner
	signals := newSignals() // before the command can say that it is ready for them
	defer signals.stop()
	if err := r.instruct(s); err != nil {
		return nil, err
	}
	exit, err := r.follow(ctx, signals)
	switch {
	case !p.group.killed():
	case exit != nil:
		exit.OOM = true
	case ctx.Err() == nil: // The kernel chose init itself.
		return &Exit{Code: 128 + int(unix.SIGKILL), Signal: int(unix.SIGKILL), OOM: true}, nil
	}
	return exit, err
}

// putBack mends the upper layer after a sandbox that was killed.
func (s *Spec) putBack() error {
	if v := s.Ext.View; v.Kind == Overlay && v.Upper != "" {
		return overlay.PutBack(overlay.Layers{Lower: v.Lower, Upper: v.Upper, Work: v.Work})
	}
	return nil
}

// Close ends the init process where Run has not, and gives back what was made for it.
func (p *Prepared) Close() {
	p.settle()
	p.covers.end()
	p.release()
}

func (p *Prepared) release() {
	if p.runner != nil {
		p.runner.end()
		p.runner = nil
	}
	if p.null != nil {
		p.null.Close()
		p.null = nil
	}
	p.group.remove()
	p.group = nil
}

func (p *Prepared) settle() {
	if p.starting != nil {
		<-p.starting
	}
}

// start starts the init process of s.
func (p *Prepared) start(s *Spec) (err error) {
	defer func() {
		if err != nil {
			p.release()
		}
	}()
	if p.group, err = newCgroup(s); err != nil {
		return err
	}
	if p.null, err = os.OpenFile("/dev/null", os.O_RDWR, 0); err != nil {
		return step("open /dev/null", "", err)
	}
	r := &runner{covers: p.covers, streams: [3]*os.File{p.stdio.In, p.stdio.Out, p.stdio.Err}}
	for i, f := range r.streams {
		if f == nil {
			r.streams[i] = p.null
		}
	}
	if err := r.launch(s, p.null, p.group); err != nil {
		return err
	}
	p.spec, p.runner = s, r
	return nil
}

// fits reports whether what was started is what s would start.
func (p *Prepared) fits(s *Spec) bool {
	if p.runner == nil {
		return false
	}
	ours, wanted := p.spec.OCI.Linux, s.OCI.Linux
	return p.spec.Ext.Limits == s.Ext.Limits && p.spec.OCI.Process.User.UID == s.OCI.Process.User.UID && p.spec.Ext.Net == s.Ext.Net &&
		slices.Equal(ours.Namespaces, wanted.Namespaces) &&
		slices.Equal(ours.UIDMappings, wanted.UIDMappings) && slices.Equal(ours.GIDMappings, wanted.GIDMappings)
}

// instruct tells the init process what to make. The search for credentials goes on while it makes the mounts, and begins after
// the fork: until the new program runs, each page that this process writes to is copied.
func (r *runner) instruct(s *Spec) error {
	credentials := searchCredentials("/etc")
	b, err := newBoot(s)
	if err != nil {
		var unable *UnenforcedError
		if errors.As(err, &unable) {
			return unable
		}
		return step("plan", "", err)
	}
	b.describeTerminal(&r.streams)
	r.boot = b
	r.tell(msgBoot, b.encode())
	paths, err := credentials()
	if err != nil {
		return step("plan", "", err)
	}
	r.tell(msgCover, encodeCover(paths))
	return nil
}
