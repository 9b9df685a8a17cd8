package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

// system is what programs need of the machine and nobody keeps secrets in; of /etc that is made so. Nix and Guix keep
// theirs in a store.
var system = []string{"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/etc", "/nix/store", "/gnu/store"}

// layout gathers the mounts of a sandbox in the order in which they are made. That of the view is not among them:
// it comes before those within it and after the others.
type layout struct {
	options   *Options
	home      string
	mounts    []specs.Mount
	links     []Link
	homePaths []string
}

func (l *layout) build() error {
	if err := l.addSystem(); err != nil {
		return err
	}
	l.addDevices()
	l.addScratch()
	for _, path := range l.options.HomePaths {
		if err := l.addHomePath(path); err != nil {
			return err
		}
	}
	if l.options.Net == NetHost {
		l.addResolver()
	}
	return l.coverPrivate()
}

func (l *layout) add(kind, source, dest string, options ...string) {
	l.mounts = append(l.mounts, specs.Mount{Type: kind, Source: source, Destination: dest, Options: options})
}

func (l *layout) addSystem() error {
	for _, path := range system {
		info, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return fmt.Errorf("system path: %w", err)
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			if err != nil {
				return fmt.Errorf("system path: %w", err)
			}
			l.links = append(l.links, Link{path, target})
		case info.IsDir():
			l.add("bind", path, path, "rbind", "ro", "nosuid", "nodev")
		}
	}
	return nil
}

func (l *layout) addDevices() {
	l.add("proc", "proc", "/proc", "nosuid", "nodev", "noexec")
	l.add("tmpfs", "tmpfs", "/dev", "nosuid", "noexec", "ro", "mode=0755")
	for _, name := range []string{"null", "zero", "full", "random", "urandom", "tty"} {
		l.add("bind", "/dev/"+name, "/dev/"+name, "bind", "nosuid", "noexec")
	}
	l.add("devpts", "devpts", "/dev/pts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=620")
	l.links = append(l.links, Link{"/dev/ptmx", "pts/ptmx"}, Link{"/dev/fd", "/proc/self/fd"},
		Link{"/dev/stdin", "/proc/self/fd/0"}, Link{"/dev/stdout", "/proc/self/fd/1"}, Link{"/dev/stderr", "/proc/self/fd/2"},
		Link{"/var/run", "/run"})
}

func (l *layout) addScratch() {
	for _, dir := range []string{"/dev/shm", "/tmp", "/var/tmp"} {
		l.addTmpfs(dir, "mode=1777")
	}
	l.addTmpfs("/run", "mode=0755")
	// A home directory in the project is the view's.
	if l.home != l.options.View.Target && !within(l.home, l.options.View.Target) {
		l.addTmpfs(l.home, "mode=0700")
	}
}

func (l *layout) addTmpfs(dir, mode string) {
	options := []string{"nosuid", "nodev", mode}
	if size := l.options.Limits.TmpSize; size > 0 {
		options = append(options, "size="+strconv.FormatInt(size, 10))
	}
	l.add("tmpfs", "tmpfs", dir, options...)
}

// addResolver brings what /etc/resolv.conf points to: with systemd-resolved and others that is a file in /run.
func (l *layout) addResolver() {
	const name = "/etc/resolv.conf"
	if real, err := filepath.EvalSymlinks(name); err == nil && within(real, "/run") {
		l.add("bind", real, real, "bind", "ro", "nosuid", "nodev", "noexec")
	}
}

// coverPrivate puts an empty directory over each private path that a mount would show. A home path that shows one has
// been refused already, so what is left are the system paths.
func (l *layout) coverPrivate() error {
	for _, path := range l.options.Private {
		if overlaps(path, l.options.View.Target) {
			return fmt.Errorf("private path %q and the project %q lie within one another", path, l.options.View.Target)
		}
		shown := slices.ContainsFunc(l.mounts, func(m specs.Mount) bool {
			return m.Type == "bind" && (m.Destination == path || within(path, m.Destination))
		})
		var stat unix.Stat_t
		if shown && unix.Lstat(path, &stat) == nil {
			l.add("tmpfs", "tmpfs", path, "nosuid", "nodev", "noexec", "ro", "mode=0555")
		}
	}
	return nil
}
