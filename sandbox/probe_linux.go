package sandbox

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"cofferdam/overlay"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

// Probe tries in child processes what a sandbox is made of. Sessions would lie below state, an existing directory.
func Probe(ctx context.Context, state string) *Capabilities {
	c := &Capabilities{}
	c.probeNamespaces(ctx)
	c.probeUpper(ctx, state)
	abi, err := landlockABI()
	c.note(HasLandlock, err, "ABI "+strconv.Itoa(abi), "needs Linux 5.13 or later with landlock in the kernel's list of security modules (lsm=)")
	c.note(HasSeccomp, trySeccomp(unix.SECCOMP_RET_KILL_PROCESS), "", "needs a kernel with CONFIG_SECCOMP_FILTER")
	c.probeLimits()
	return c
}

func (c *Capabilities) note(name string, err error, detail, instead string) bool {
	item := Capability{Name: name, OK: err == nil, Detail: detail}
	if err != nil {
		item.Detail, item.Why, item.Instead = "", err.Error(), instead
	}
	c.Items = append(c.Items, item)
	return err == nil
}

// probeNamespaces tries one thing after the other; what comes after a failure cannot be tried and fails with it.
func (c *Capabilities) probeNamespaces(ctx context.Context) {
	err := tryUserns()
	ok := c.note(HasUserns, err, "", adviseUserns(err))
	var results map[string]error
	if ok {
		results, err = probeInside(ctx)
		if results != nil {
			err = nil
		}
		c.note(HasMappings, err, "", adviseMount(err))
	}
	for _, name := range inside {
		err, tried := results[name]
		if !tried {
			err = errors.New("could not be tried")
		}
		advice := adviseMount(err)
		switch name {
		case HasProc:
			advice = "in a container, /proc is masked; give it --security-opt systempaths=unconfined, or run on the host"
		case HasRename:
			advice = "needs Linux 5.19 or later; without it mv and npm copy directories, and git mv and rename(2) of one answer EXDEV"
		}
		c.note(name, err, "", advice)
	}
}

// inside are the capabilities that the child tries, in order.
var inside = []string{HasMounts, HasProc, HasDevpts, HasNetwork, HasOverlay, HasRename}

// probe is the child's part.
func (b *boot) probe(c *channel) {
	t, err := newTree()
	report(c, HasMounts, err)
	if err != nil {
		return
	}
	report(c, HasProc, closing(newFileSystem("proc", nil, 0)))
	report(c, HasDevpts, closing(newFileSystem("devpts", []string{"newinstance", "ptmxmode=0666"}, 0)))
	report(c, HasNetwork, raiseLoopback())
	report(c, HasOverlay, t.tryOverlay())
	err = tryRenames()
	if err == nil {
		_, err = listen()
	}
	report(c, HasRename, err)
}

func report(c *channel, name string, err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	m := &codec{}
	m.text(&name)
	m.text(&text)
	_ = c.send(msgProbed, m.buf, -1)
}

func closing(fd int, err error) error {
	if err == nil {
		unix.Close(fd)
	}
	return err
}

// tryOverlay mounts two empty layers, as an upper one on tmpfs would ask for more than an upper one on a disk.
func (t *tree) tryOverlay() error {
	root := "/proc/self/fd/" + strconv.Itoa(t.fd)
	layers := overlay.Layers{Lower: []string{root + "/a", root + "/b"}}
	for _, dir := range layers.Lower {
		if err := unix.Mkdir(dir, 0o700); err != nil {
			return err
		}
	}
	return closing(overlay.Mount(layers))
}

// tryUserns makes a user namespace and nothing else.
func tryUserns() error {
	here, there, err := newChannel()
	if err != nil {
		return err
	}
	defer there.close()
	pid, err := startInit(there, &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER}, nil)
	here.close()
	if err != nil {
		if errors.Is(err, unix.EACCES) {
			return nil // Made, but an unmapped user may not execute this program.
		}
		return err
	}
	waitFor(pid)
	return nil
}

func probeInside(ctx context.Context) (map[string]error, error) {
	results := map[string]error{}
	err := runInit(ctx, &boot{purpose: toProbe}, allNamespaces|unix.CLONE_NEWNET, func(e event) {
		c := &codec{buf: e.payload, reading: true}
		var name, text string
		c.text(&name)
		c.text(&text)
		results[name] = nil
		if text != "" {
			results[name] = errors.New(text)
		}
	})
	if err != nil && len(results) == 0 {
		return nil, err
	}
	return results, nil
}

// ProbeView makes this very view in a child process and takes it down again. Where the kernel refuses an overlay, the error
// holds an *overlay.MountError that says why.
func ProbeView(ctx context.Context, lowers []string, upper, work string) error {
	m := mountStep{kind: "overlay", target: "/view", create: true, lower: lowers, upper: upper, work: work}
	return runInit(ctx, &boot{purpose: toProbeView, mounts: []mountStep{m}}, unix.CLONE_NEWUSER|unix.CLONE_NEWNS|unix.CLONE_NEWPID, func(event) {})
}

// runInit starts an init process that only tries something, and waits for it.
func runInit(ctx context.Context, b *boot, flags uintptr, each func(event)) error {
	here, there, err := newChannel()
	if err != nil {
		return step("make socket", "", err)
	}
	defer here.close()
	uids, gids := idMappings()
	pid, err := startInit(there, initAttributes(uids, gids, flags), nil)
	there.close()
	if err != nil {
		return step("make namespaces", "", err)
	}
	defer waitFor(pid)
	stop := context.AfterFunc(ctx, func() { _ = unix.Shutdown(here.fd, unix.SHUT_RDWR) })
	defer stop()
	if err := here.send(msgBoot, b.encode(), -1); err != nil {
		return step("tell init", "", err)
	}
	for {
		kind, payload, _, err := here.receive()
		switch {
		case err != nil && b.purpose == toProbe && ctx.Err() == nil:
			return nil
		case err != nil:
			return step("hear of init", "", errors.Join(err, ctx.Err()))
		case kind == msgFailed:
			return decodeFailure(payload)
		case kind == msgStarted:
			return nil
		}
		each(event{kind: kind, payload: payload})
	}
}

// probeUpper tries changes where sessions would keep them: an overlay cannot have them on every file system.
func (c *Capabilities) probeUpper(ctx context.Context, state string) {
	err := func() error {
		dir, err := os.MkdirTemp(state, ".cofferdam-probe-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		for _, name := range []string{"lower", "upper", "work"} {
			if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
				return err
			}
		}
		err = ProbeView(ctx, []string{filepath.Join(dir, "lower")}, filepath.Join(dir, "upper"), filepath.Join(dir, "work"))
		// Overlayfs leaves a directory that nobody may enter.
		_ = os.Chmod(filepath.Join(dir, "work", "work"), 0o700)
		return err
	}()
	c.note(HasUpper, err, "", "keep the state on ext4, xfs, btrfs or another plain file system, or stage a copy")
}

func (c *Capabilities) probeLimits() {
	for _, limit := range []struct {
		name   string
		limits Limits
	}{{HasMemory, Limits{Memory: 1 << 30}}, {HasCPU, Limits{CPUs: 1}}, {HasPids, Limits{Pids: 100}}} {
		s := &Spec{Ext: Extension{Limits: limit.limits}}
		s.OCI.Process = &specs.Process{User: specs.User{UID: uint32(os.Getuid())}}
		g, err := newCgroup(s)
		g.remove()
		advice := ""
		var unable *UnenforcedError
		if errors.As(err, &unable) {
			err, advice = errors.New(unable.Why), unable.Instead
		}
		c.note(limit.name, err, "", advice)
	}
}
