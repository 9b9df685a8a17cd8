package sandbox

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

var mountAttributes = map[string]uint64{
	"ro": unix.MOUNT_ATTR_RDONLY, "nosuid": unix.MOUNT_ATTR_NOSUID, "nodev": unix.MOUNT_ATTR_NODEV, "noexec": unix.MOUNT_ATTR_NOEXEC,
}

// newMountStep translates an OCI mount.
func newMountStep(m specs.Mount) mountStep {
	s := mountStep{kind: m.Type, source: m.Source, target: m.Destination}
	for _, option := range m.Options {
		attribute, known := mountAttributes[option]
		switch {
		case known:
			s.attributes |= attribute
		case option == "rbind":
			s.recursive = true
		case option == "bind", option == "rw":
		default:
			s.options = append(s.options, option)
		}
	}
	// The device files have to be made before their directory is read-only; seal does that.
	if s.kind == "tmpfs" && s.target == "/dev" {
		s.attributes &^= unix.MOUNT_ATTR_RDONLY
	}
	return s
}

// viewSteps mount the view, and the real .git where it is asked for.
func viewSteps(v View) ([]mountStep, error) {
	s := mountStep{kind: "bind", target: v.Target, recursive: true, attributes: unix.MOUNT_ATTR_NOSUID | unix.MOUNT_ATTR_NODEV}
	switch v.Kind {
	case Overlay:
		s.kind, s.lower, s.upper, s.work = "overlay", v.Lower, v.Upper, v.Work
		s.keep = v.Upper != ""
		if v.ReadOnly || v.Upper == "" {
			s.attributes |= unix.MOUNT_ATTR_RDONLY
		}
	case Bind:
		s.attributes |= unix.MOUNT_ATTR_RDONLY
		fallthrough
	case Copy:
		dir, err := filepath.EvalSymlinks(v.Dir)
		if err != nil {
			return nil, fmt.Errorf("view: %w", err)
		}
		s.source = dir
	}
	steps := []mountStep{s}
	if v.Git != "" {
		git, err := filepath.EvalSymlinks(v.Git)
		if err != nil {
			return nil, fmt.Errorf("git directory: %w", err)
		}
		steps = append(steps, mountStep{
			kind: "bind", source: git, target: v.Target + "/.git", recursive: true,
			attributes: unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NOSUID | unix.MOUNT_ATTR_NODEV,
		})
	}
	return steps, nil
}

// mountSteps are all mounts of a spec in order. Mounts within the view come after it, the others before.
func mountSteps(s *Spec) ([]mountStep, error) {
	view, err := viewSteps(s.Ext.View)
	if err != nil {
		return nil, err
	}
	var before, inside []mountStep
	for _, m := range s.OCI.Mounts {
		if within(m.Destination, s.Ext.View.Target) {
			inside = append(inside, newMountStep(m))
		} else {
			before = append(before, newMountStep(m))
		}
	}
	steps := slices.Concat(before, view, inside)
	for i := range steps {
		steps[i].create = mayCreate(steps[:i], steps[i].target)
	}
	return steps, nil
}

// mayCreate reports whether a mount point lies on a file system that the sandbox made for itself. Everything else is
// somebody's, and a name made there would be one that the user finds.
func mayCreate(earlier []mountStep, target string) bool {
	own, depth := true, 0
	for _, m := range earlier {
		if (m.target == target || within(target, m.target)) && len(m.target) >= depth {
			own, depth = m.kind == "tmpfs", len(m.target)
		}
	}
	return own
}

// pathRules are the Landlock rules that follow from the mounts.
func pathRules(steps []mountStep) []pathRule {
	rules := []pathRule{{"/", accessList}}
	for _, m := range steps {
		a := accessWrite
		switch {
		case m.kind == "devpts", m.kind == "bind" && strings.HasPrefix(m.target, "/dev/"):
			a = accessDev
		case m.kind == "proc", m.attributes&unix.MOUNT_ATTR_RDONLY != 0:
			a = accessRead
		case m.kind == "tmpfs" && m.target == "/dev":
			continue
		}
		rules = append(rules, pathRule{m.target, a})
	}
	return rules
}
