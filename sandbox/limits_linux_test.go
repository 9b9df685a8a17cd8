package sandbox

import (
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"cofferdam/internal/need"
)

func TestLimitsRefused(t *testing.T) {
	p := newProject(t, t.TempDir())
	for _, l := range []Limits{{Memory: -1}, {Pids: -1}, {CPUs: -1}, {CPUs: math.NaN()}, {CPUs: math.Inf(1)}, {CPUs: 0.001}, {TmpSize: 1}} {
		o := p.options("true")
		o.Limits = l
		if _, err := NewSpec(o); err == nil {
			t.Errorf("NewSpec with %+v: no error", l)
		}
	}
	o := p.options("true")
	o.Limits.Disk = 1 << 30
	var unable *UnenforcedError
	if _, err := NewSpec(o); !errors.As(err, &unable) || unable.What != "disk" || unable.Instead == "" {
		t.Errorf("NewSpec with a disk limit: %v, want an UnenforcedError with a way out", err)
	}
}

// A limit is either in force or an error that names it.
func TestLimitsNeverSilent(t *testing.T) {
	p := newProject(t, t.TempDir())
	for name, l := range map[string]Limits{"memory": {Memory: 64 << 20}, "cpu": {CPUs: 0.5}, "pids": {Pids: 50}} {
		o := p.options("cat", "/proc/self/cgroup")
		o.Limits = l
		got := run(t, o, "")
		var unable *UnenforcedError
		switch {
		case errors.As(got.failure, &unable):
			if !strings.Contains(unable.What, name) || unable.Why == "" {
				t.Errorf("limit %s: %v, want it named", name, unable)
			}
			t.Log(unable)
		case got.failure != nil:
			t.Errorf("limit %s: %v", name, got.failure)
		}
	}
}

// A group can be made, a process started in it, and the group taken away. The files of the core stand for a controller's.
func TestCgroup(t *testing.T) {
	need.Root(t)
	mount, own, err := findCgroup("/proc/self/mountinfo", "/proc/self/cgroup")
	need.Nil(t, "cgroup2", err)
	g, err := makeCgroup(mount, own, []cgroupSetting{{"", "cgroup.max.depth", "3", false}, {"", "no.such.file", "1", true}})
	need.Nil(t, "cgroup2", err)
	cmd := exec.Command("sleep", "100")
	cmd.SysProcAttr = &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: g.fd}
	must(t, cmd.Start())
	procs, err := os.ReadFile(filepath.Join(g.dir, "cgroup.procs"))
	if err != nil || strings.TrimSpace(string(procs)) == "" {
		t.Errorf("the process is not in the group: %q, %v", procs, err)
	}
	must(t, cmd.Process.Kill())
	_ = cmd.Wait()
	if g.killed() {
		t.Error("killed by the memory limit, without one")
	}
	g.remove()
	if _, err := os.Stat(g.dir); !os.IsNotExist(err) {
		t.Errorf("the group is left: %v", err)
	}
	if _, err := makeCgroup(mount, own, []cgroupSetting{{"no-such-controller", "x", "1", false}}); err == nil {
		t.Error("makeCgroup with an unknown controller: no error")
	}
}

func TestFindCgroup(t *testing.T) {
	dir := t.TempDir()
	mounts, self := filepath.Join(dir, "m"), filepath.Join(dir, "c")
	must(t, os.WriteFile(mounts, []byte("30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n"), 0o600))
	must(t, os.WriteFile(self, []byte("1:name=systemd:/x\n0::/user.slice/a/../b\n"), 0o600))
	if mount, own, err := findCgroup(mounts, self); mount != "/sys/fs/cgroup" || own != "/user.slice/b" || err != nil {
		t.Errorf("findCgroup = %q, %q, %v", mount, own, err)
	}
	must(t, os.WriteFile(mounts, []byte("30 23 0:26 / / rw - ext4 x rw\nshort\n"), 0o600))
	if _, _, err := findCgroup(mounts, self); err == nil {
		t.Error("findCgroup without version 2: no error")
	}
}
