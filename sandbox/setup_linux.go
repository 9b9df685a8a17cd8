package sandbox

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"
)

// makeTree makes the root of the sandbox with all that is mounted in it.
func (b *boot) makeTree() (*tree, error) {
	t, err := newTree()
	if err != nil {
		return nil, err
	}
	for i := range b.mounts {
		if err := t.mount(&b.mounts[i]); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// makeRoot makes the tree, takes from it what the command is not to have, and enters it.
func (b *boot) makeRoot(c *channel) error {
	t, err := b.makeTree()
	if err != nil {
		return err
	}
	b.writable = t.writable
	for _, l := range b.links {
		if err := t.link(l); err != nil {
			return err
		}
	}
	if err := t.forbidNamespaces(); err != nil {
		return err
	}
	for _, path := range b.readonly {
		if err := t.freeze(path); err != nil {
			return err
		}
	}
	credentials, err := receiveCover(c)
	if err != nil {
		return step("hear what to cover", "", err)
	}
	for _, path := range slices.Concat(b.masked, credentials) {
		if err := t.mask(path); err != nil {
			return err
		}
	}
	if err := t.seal(); err != nil {
		return err
	}
	return t.enter()
}

// receiveCover waits for the paths of credentials, which the caller looks for while the mounts are made.
func receiveCover(c *channel) ([]string, error) {
	kind, payload, _, err := c.receive()
	if err != nil {
		return nil, err
	}
	if kind != msgCover {
		return nil, fmt.Errorf("message %q in place of it", kind)
	}
	return decodeCover(payload)
}

// makeSystem sets what is not a file.
func (b *boot) makeSystem() error {
	if err := unix.Sethostname([]byte(b.hostname)); err != nil {
		return step("set host name", "", err)
	}
	if b.loopback {
		if err := raiseLoopback(); err != nil {
			return step("raise loopback device", "", err)
		}
	}
	for _, l := range b.limits {
		if err := unix.Setrlimit(int(l.resource), &unix.Rlimit{Cur: l.soft, Max: l.hard}); err != nil {
			return step(fmt.Sprintf("set resource limit %d", l.resource), "", err)
		}
	}
	return nil
}

func raiseLoopback() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request)
}

// confine takes all privilege from the calling thread, in the order in which one step does not forbid the next.
func (b *boot) confine() error {
	set := -1
	if b.landlock {
		var err error
		if set, err = b.makeRuleset(); err != nil {
			return step("make Landlock rules", "", err)
		}
		defer unix.Close(set)
	}
	if err := dropCapabilities(); err != nil {
		return step("drop privileges", "", err)
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return step("set no_new_privs", "", err)
	}
	// Losing capabilities resets this where the kernel is set to dump such processes for root.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return step("make init undumpable", "", err)
	}
	if b.landlock {
		if err := restrictSelf(set); err != nil {
			return step("restrict by Landlock", "", err)
		}
	}
	if len(b.filter) > 0 {
		return step("install system call filter", "", installFilter(b.filter))
	}
	return nil
}

// makeRuleset gives each path its rights, and the files passed in as standard streams: /dev/stdout opens them anew, and
// they lie outside of every path of the sandbox.
func (b *boot) makeRuleset() (int, error) {
	set, err := b.ruleset.create()
	if err != nil {
		return -1, err
	}
	for _, rule := range b.rules {
		fd, err := unix.Open(rule.path, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		if err != nil {
			return -1, errors.Join(fmt.Errorf("%q: %w", rule.path, err), unix.Close(set))
		}
		err = b.ruleset.allow(set, fd, rule.access)
		unix.Close(fd)
		if err != nil {
			return -1, errors.Join(fmt.Errorf("%q: %w", rule.path, err), unix.Close(set))
		}
	}
	for fd := range 3 {
		var stat unix.Stat_t
		if unix.Fstat(fd, &stat) != nil || stat.Mode&unix.S_IFMT != unix.S_IFREG {
			continue
		}
		if err := b.ruleset.allow(set, fd, accessFile); err != nil {
			return -1, errors.Join(fmt.Errorf("descriptor %d: %w", fd, err), unix.Close(set))
		}
	}
	return set, nil
}
