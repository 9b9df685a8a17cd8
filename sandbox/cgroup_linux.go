package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// cgroup is a control group made for one sandbox. A nil one is none.
type cgroup struct {
	dir string
	fd  int
}

// cgroupSetting is a value of a control file and the controller that the file belongs to.
type cgroupSetting struct {
	controller, file, value string
	optional                bool // the file may be missing
}

// newCgroup makes the control group that the limits need, or none where they need none.
func newCgroup(s *Spec) (*cgroup, error) {
	l := s.Ext.Limits
	var settings []cgroupSetting
	if l.Memory > 0 {
		// Without the second, memory beyond the limit goes to swap. A kernel without swap has no such file.
		settings = append(settings, cgroupSetting{"memory", "memory.max", strconv.FormatInt(l.Memory, 10), false},
			cgroupSetting{"memory", "memory.swap.max", "0", true})
	}
	if l.CPUs > 0 {
		settings = append(settings, cgroupSetting{"cpu", "cpu.max", fmt.Sprintf("%d %d", *l.resources().CPU.Quota, cpuPeriod), false})
	}
	if l.Pids > 0 && !countsPerNamespace(s) {
		settings = append(settings, cgroupSetting{"pids", "pids.max", strconv.FormatInt(l.Pids+initThreads, 10), false})
	}
	if len(settings) == 0 {
		return nil, nil
	}
	mount, own, err := findCgroup("/proc/self/mountinfo", "/proc/self/cgroup")
	if err == nil {
		var g *cgroup
		if g, err = makeCgroup(mount, own, settings); err == nil {
			return g, nil
		}
	}
	var what []string
	for _, s := range settings {
		if !slices.Contains(what, s.controller) {
			what = append(what, s.controller)
		}
	}
	return nil, &UnenforcedError{
		What: "limit of " + strings.Join(what, ", "), Why: err.Error(),
		Instead: "start it under a delegated control group, as by systemd-run --user --scope -p Delegate=yes",
	}
}

// findCgroup gives the mount point of cgroup v2 and the path of this process's own group below it.
func findCgroup(mountinfo, self string) (mount, own string, err error) {
	mounts, err := os.ReadFile(mountinfo)
	if err != nil {
		return "", "", err
	}
	for line := range strings.Lines(string(mounts)) {
		left, right, _ := strings.Cut(line, " - ")
		fields := strings.Fields(left)
		if strings.HasPrefix(right, "cgroup2 ") && len(fields) > 4 && fields[3] == "/" {
			mount = fields[4]
			break
		}
	}
	if mount == "" {
		return "", "", errors.New("control groups of version 2 are not mounted")
	}
	groups, err := os.ReadFile(self)
	if err != nil {
		return "", "", err
	}
	for line := range strings.Lines(string(groups)) {
		if path, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "0::"); ok && filepath.IsAbs(path) {
			return mount, filepath.Clean(path), nil
		}
	}
	return "", "", errors.New("this process is in no control group of version 2")
}

// makeCgroup makes a group in the nearest group above this process, or its own, that hands the controllers down and lets
// this user make one. A group that holds processes itself, other than the first of all, hands none down.
func makeCgroup(mount, own string, settings []cgroupSetting) (*cgroup, error) {
	var first error
	for path := own; ; path = filepath.Dir(path) {
		g, err := makeCgroupIn(filepath.Join(mount, path), settings)
		if err == nil {
			return g, nil
		}
		if first == nil {
			first = err
		}
		if path == "/" {
			return nil, first
		}
	}
}

func makeCgroupIn(parent string, settings []cgroupSetting) (*cgroup, error) {
	for _, s := range settings {
		if err := handDown(parent, s.controller); err != nil {
			return nil, err
		}
	}
	// The process moves between its own group and the new one; the kernel asks for the right to do so at what is above both.
	if err := unix.Access(filepath.Join(parent, "cgroup.procs"), unix.W_OK); err != nil {
		return nil, &os.PathError{Op: "move a process in", Path: parent, Err: err}
	}
	dir, err := os.MkdirTemp(parent, "cofferdam-")
	if err != nil {
		return nil, err
	}
	g := &cgroup{dir: dir, fd: -1}
	for _, s := range settings {
		if err := writeControl(filepath.Join(dir, s.file), s.value); err != nil && !(s.optional && errors.Is(err, os.ErrNotExist)) {
			g.remove()
			return nil, err
		}
	}
	if g.fd, err = unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0); err != nil {
		g.remove()
		return nil, &os.PathError{Op: "open", Path: dir, Err: err}
	}
	return g, nil
}

// handDown sees to it that the children of a group have a controller.
func handDown(parent, controller string) error {
	if controller == "" {
		return nil
	}
	const file = "cgroup.subtree_control"
	has := func(name string) bool {
		data, err := os.ReadFile(filepath.Join(parent, name))
		return err == nil && slices.Contains(strings.Fields(string(data)), controller)
	}
	if has(file) {
		return nil
	}
	if !has("cgroup.controllers") {
		return fmt.Errorf("%s: the %s controller is not available there; version 1 may have it", parent, controller)
	}
	return writeControl(filepath.Join(parent, file), "+"+controller)
}

// writeControl writes a control file, which is never to be created.
func writeControl(path, value string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(value)
	return errors.Join(err, f.Close())
}

// killed reports whether the memory limit had processes of the group killed.
func (g *cgroup) killed() bool {
	if g == nil {
		return false
	}
	data, err := os.ReadFile(filepath.Join(g.dir, "memory.events"))
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(data)) {
		if count, ok := strings.CutPrefix(line, "oom_kill "); ok {
			return strings.TrimSpace(count) != "0"
		}
	}
	return false
}

// remove takes the group away. Its last process may be on its way out still.
func (g *cgroup) remove() {
	if g == nil {
		return
	}
	if g.fd >= 0 {
		unix.Close(g.fd)
	}
	for range 100 {
		if err := unix.Rmdir(g.dir); err != unix.EBUSY {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
