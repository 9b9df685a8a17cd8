package sandbox

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Options are what NewSpec makes a Spec of. The zero value of each is the strict one.
type Options struct {
	Args []string // the command
	Dir  string   // where it starts: View.Target or below
	View View

	Environ []string // the caller's environment, as os.Environ gives it
	Env     []string // what passes of it beyond the defaults: NAME, or NAME=value to set

	HomePaths []HomePath
	Private   []string // never visible: the state directory, the session

	Net      Net
	Loopback bool // TCP inside the sandbox's own network
	Ptrace   bool // debuggers, for processes of the sandbox
	Limits   Limits
	Waive    []string // WaiveLandlock, WaiveSeccomp
}

func (o *Options) check() error {
	if len(o.Args) == 0 || o.Args[0] == "" {
		return fmt.Errorf("no command to run")
	}
	for _, arg := range o.Args {
		if strings.ContainsRune(arg, 0) {
			return fmt.Errorf("argument %q holds a NUL", arg)
		}
	}
	if o.Net != NetNone && o.Net != NetHost {
		return fmt.Errorf("network %q is neither none nor host", o.Net)
	}
	for _, name := range o.Waive {
		if name != WaiveLandlock && name != WaiveSeccomp {
			return fmt.Errorf("waive %q: it is not one of %s, %s", name, WaiveLandlock, WaiveSeccomp)
		}
	}
	for _, path := range o.Private {
		if err := checkPath("private path", path); err != nil {
			return err
		}
	}
	if err := o.View.check(); err != nil {
		return err
	}
	if err := checkPath("directory", o.Dir); err != nil {
		return err
	}
	if o.Dir != o.View.Target && !within(o.Dir, o.View.Target) {
		return fmt.Errorf("directory %q is outside the project %q", o.Dir, o.View.Target)
	}
	return o.Limits.check()
}

func (v *View) check() error {
	if err := checkPath("project", v.Target); err != nil {
		return err
	}
	for _, dir := range []string{"/proc", "/sys", "/dev"} {
		if v.Target == dir || within(v.Target, dir) && !within(v.Target, "/dev/shm") {
			return fmt.Errorf("a project in %s cannot have a view", dir)
		}
	}
	var paths []string
	switch v.Kind {
	case Overlay:
		if len(v.Lower) == 0 || (v.Upper == "") != (v.Work == "") {
			return fmt.Errorf("BUG: overlay view with %d lower layers, upper %q, work %q", len(v.Lower), v.Upper, v.Work)
		}
		paths = append(slices.Clone(v.Lower), v.Upper, v.Work)
	case Copy, Bind:
		if v.Dir == "" {
			return fmt.Errorf("BUG: %s view without a directory", v.Kind)
		}
		paths = []string{v.Dir}
	default:
		return fmt.Errorf("view %q is not one of overlay, copy, bind", v.Kind)
	}
	for _, path := range append(paths, v.Git) {
		if path == "" {
			continue
		}
		if err := checkPath("layer", path); err != nil {
			return err
		}
	}
	return nil
}

func checkPath(what, path string) error {
	if !filepath.IsAbs(path) || filepath.Clean(path) != path || path == "/" || strings.ContainsRune(path, 0) {
		return fmt.Errorf("%s %q is not a clean absolute path below /", what, path)
	}
	return nil
}

// within reports whether path lies below dir; it does not lie within itself.
func within(path, dir string) bool {
	return len(path) > len(dir) && path[len(dir)] == '/' && path[:len(dir)] == dir
}

// overlaps reports whether one of two paths is the other or lies below it.
func overlaps(a, b string) bool { return a == b || within(a, b) || within(b, a) }
