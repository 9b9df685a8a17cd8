package sandbox

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// addHomePath lets one path of the caller's home in. No part of it may be a symlink: a directory that was writable in an
// earlier run could by now hold one that leads to what was never named.
func (l *layout) addHomePath(p HomePath) error {
	if !filepath.IsLocal(p.Relative) || filepath.Clean(p.Relative) != p.Relative || p.Relative == "." {
		return fmt.Errorf("home path %q is not a clean path below the home directory", p.Relative)
	}
	path := filepath.Join(l.home, p.Relative)
	fd, err := openPlain(path)
	if err == unix.ELOOP {
		real, _ := filepath.EvalSymlinks(path)
		return fmt.Errorf("home path %q leads through a symlink to %q; name that path", p.Relative, real)
	}
	if err != nil {
		return fmt.Errorf("home path %q: %w", p.Relative, &os.PathError{Op: "open", Path: path, Err: err})
	}
	defer unix.Close(fd)
	if err := l.refuseExposing(path, fd); err != nil {
		return fmt.Errorf("home path %q: %w", p.Relative, err)
	}
	mode := "ro"
	if p.RW {
		mode = "rw"
	}
	l.add("bind", path, path, "rbind", mode, "nosuid", "nodev")
	l.homePaths = append(l.homePaths, path)
	return nil
}

// refuseExposing refuses what would show the real project or a private path: by name, and by identity, as a bind mount
// gives one directory two names.
func (l *layout) refuseExposing(path string, fd int) error {
	hidden := []struct{ what, path string }{{"the project itself", l.options.View.Target}}
	for _, layer := range append([]string{l.options.View.Dir, l.options.View.Upper, l.options.View.Work, l.options.View.Git}, l.options.View.Lower...) {
		if layer != "" {
			hidden = append(hidden, struct{ what, path string }{"a layer of the view", layer})
		}
	}
	for _, private := range l.options.Private {
		hidden = append(hidden, struct{ what, path string }{"a private path", private})
	}
	var own unix.Stat_t
	if err := unix.Fstat(fd, &own); err != nil {
		return err
	}
	for _, h := range hidden {
		if overlaps(path, h.path) {
			return fmt.Errorf("refusing to expose %s, %q", h.what, h.path)
		}
		for dir := h.path; dir != "/"; dir = filepath.Dir(dir) {
			var stat unix.Stat_t
			if unix.Stat(dir, &stat) == nil && stat.Dev == own.Dev && stat.Ino == own.Ino {
				return fmt.Errorf("refusing to expose %s, %q, by another name", h.what, h.path)
			}
		}
	}
	return nil
}

// openPlain opens an absolute path as O_PATH, through no symlink and no magic link.
func openPlain(path string) (int, error) {
	how := unix.OpenHow{Flags: unix.O_PATH | unix.O_CLOEXEC, Resolve: unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS}
	for {
		fd, err := unix.Openat2(unix.AT_FDCWD, path, &how)
		if err != unix.EINTR && err != unix.EAGAIN {
			return fd, err
		}
	}
}
