package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	specs "github.com/opencontainers/runtime-spec/specs-go"
)

// NewSpec describes the sandbox that o asks for. It reads from the machine what a path there is, and changes nothing.
func NewSpec(o Options) (*Spec, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("describe sandbox: %w", err)
	}
	if os.Getuid() != os.Geteuid() || os.Getgid() != os.Getegid() {
		return nil, fmt.Errorf("describe sandbox: refusing to run set-uid or set-gid")
	}
	home := homeDir(o.Environ)
	env, err := environment(o.Environ, o.Env, home, o.Dir)
	if err != nil {
		return nil, fmt.Errorf("describe sandbox: %w", err)
	}
	layout := layout{options: &o, home: home}
	if err := layout.build(); err != nil {
		return nil, fmt.Errorf("describe sandbox: %w", err)
	}
	s := &Spec{Ext: Extension{
		View: o.View, Links: layout.links, HomePaths: layout.homePaths, Net: o.Net, Loopback: o.Loopback,
		Ptrace: o.Ptrace, Waived: slices.Clone(o.Waive), Limits: o.Limits,
	}}
	s.OCI = specs.Spec{
		Version: specs.Version,
		Process: &specs.Process{
			User: specs.User{UID: uint32(os.Getuid()), GID: uint32(os.Getgid())},
			Args: slices.Clone(o.Args), Env: env, Cwd: o.Dir,
			Capabilities:    &specs.LinuxCapabilities{},
			NoNewPrivileges: true,
			Rlimits:         []specs.POSIXRlimit{{Type: "RLIMIT_CORE"}},
		},
		Root:     &specs.Root{Readonly: true},
		Hostname: "cofferdam",
		Mounts:   layout.mounts,
		Linux:    linuxPart(&o),
	}
	return s, nil
}

func linuxPart(o *Options) *specs.Linux {
	l := &specs.Linux{
		Namespaces: []specs.LinuxNamespace{
			{Type: specs.UserNamespace}, {Type: specs.MountNamespace}, {Type: specs.PIDNamespace},
			{Type: specs.IPCNamespace}, {Type: specs.UTSNamespace}, {Type: specs.CgroupNamespace},
		},
		Resources:         o.Limits.resources(),
		RootfsPropagation: "private",
		// What of /proc speaks of the machine, not of the sandbox; that which uid 0 could write would even govern it.
		MaskedPaths: []string{
			"/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/kmsg", "/proc/latency_stats", "/proc/sched_debug",
			"/proc/scsi", "/proc/sysrq-trigger", "/proc/timer_list", "/proc/timer_stats",
		},
		ReadonlyPaths: []string{"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys"},
	}
	if o.Net == NetNone {
		l.Namespaces = append(l.Namespaces, specs.LinuxNamespace{Type: specs.NetworkNamespace})
	}
	l.UIDMappings, l.GIDMappings = idMappings()
	if !slices.Contains(o.Waive, WaiveSeccomp) {
		l.Seccomp = denyList(o.Ptrace)
	}
	return l
}

// homeDir is the path of the caller's home directory; where the environment names none that can be mounted, one of the
// sandbox's own.
func homeDir(environ []string) string {
	home := ""
	for _, entry := range environ { // The last entry of a name counts, as in os/exec.
		if value, ok := strings.CutPrefix(entry, "HOME="); ok {
			home = filepath.Clean(value)
		}
	}
	if real, err := filepath.EvalSymlinks(home); err == nil {
		home = real
	}
	taken := func(dir string) bool { return overlaps(home, dir) }
	if checkPath("home", home) != nil || slices.ContainsFunc([]string{"/proc", "/sys", "/dev"}, taken) {
		return "/run/home"
	}
	return home
}
