package overlay

import (
	"errors"
	"strings"

	"golang.org/x/sys/unix"
)

// passage is a way to hand layers to the kernel that depends on no byte of their paths.
type passage func(fs int, o *openedLayers) error

// passages is every way, the best first. mount(2) is not among them: fsconfig reaches the option parser of the kernels
// from 5.11 just as well, and needs no mount point. Descriptors come last: they need no /proc, but mountinfo then shows
// the paths of the layers, the session's among them, to whoever is in the mount.
var passages = []passage{passStrings, passJoined, passDescriptors}

// errPassage says that the kernel did not take the layers in the way that they were passed.
var errPassage = errors.New("layers not taken")

// passDescriptors is for Linux 6.13 and later.
func passDescriptors(fs int, o *openedLayers) error {
	for _, lower := range o.lower {
		if err := unix.FsconfigSetFd(fs, "lowerdir+", lower.fd); err != nil {
			return err
		}
	}
	if o.upper == nil {
		return nil
	}
	if err := unix.FsconfigSetFd(fs, "upperdir", o.upper.fd); err != nil {
		return err
	}
	return unix.FsconfigSetFd(fs, "workdir", o.work.fd)
}

// passStrings is for Linux 6.7 and later: the descriptors by their names in /proc.
func passStrings(fs int, o *openedLayers) error {
	for _, lower := range o.lower {
		if err := unix.FsconfigSetString(fs, "lowerdir+", lower.proc()); err != nil {
			return err
		}
	}
	return passUpper(fs, o)
}

// passJoined is for Linux 5.11 and later: all lower layers in one option.
func passJoined(fs int, o *openedLayers) error {
	names := make([]string, len(o.lower))
	for i, lower := range o.lower {
		names[i] = lower.proc()
	}
	if err := unix.FsconfigSetString(fs, "lowerdir", strings.Join(names, ":")); err != nil {
		return err
	}
	return passUpper(fs, o)
}

func passUpper(fs int, o *openedLayers) error {
	if o.upper == nil {
		return nil
	}
	if err := unix.FsconfigSetString(fs, "upperdir", o.upper.proc()); err != nil {
		return err
	}
	return unix.FsconfigSetString(fs, "workdir", o.work.proc())
}
