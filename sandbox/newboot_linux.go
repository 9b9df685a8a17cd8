package sandbox

import (
	"fmt"
	"slices"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

var cloneFlags = map[specs.LinuxNamespaceType]uintptr{
	specs.UserNamespace: unix.CLONE_NEWUSER, specs.MountNamespace: unix.CLONE_NEWNS, specs.PIDNamespace: unix.CLONE_NEWPID,
	specs.IPCNamespace: unix.CLONE_NEWIPC, specs.UTSNamespace: unix.CLONE_NEWUTS, specs.CgroupNamespace: unix.CLONE_NEWCGROUP,
	specs.NetworkNamespace: unix.CLONE_NEWNET,
}

// allNamespaces are those that no sandbox does without; the network's is a choice.
const allNamespaces = unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP

// namespaceFlags are the namespaces of a spec. One that is there already is never joined: a process that comes in from
// outside would be under none of the restrictions.
func (s *Spec) namespaceFlags() (uintptr, error) {
	var flags uintptr
	for _, n := range s.OCI.Linux.Namespaces {
		flag, ok := cloneFlags[n.Type]
		if !ok || n.Path != "" {
			return 0, fmt.Errorf("namespace %s %q is not one that a sandbox has", n.Type, n.Path)
		}
		flags |= flag
	}
	if flags&allNamespaces != allNamespaces {
		return 0, fmt.Errorf("a sandbox without namespaces of its own for user, mount, pid, ipc, uts and cgroup is not one")
	}
	if (flags&unix.CLONE_NEWNET == 0) != (s.Ext.Net == NetHost) {
		return 0, fmt.Errorf("network %q contradicts the list of namespaces", s.Ext.Net)
	}
	return flags, nil
}

// check refuses a spec that was put together elsewhere and lacks, or asks for, what Run does not give.
func (s *Spec) check() error {
	p, l := s.OCI.Process, s.OCI.Linux
	switch {
	case p == nil || l == nil || len(p.Args) == 0:
		return fmt.Errorf("a spec needs a process with arguments and a linux part")
	case !p.NoNewPrivileges:
		return fmt.Errorf("a command without no_new_privs is refused")
	case p.Capabilities != nil && len(p.Capabilities.Bounding)+len(p.Capabilities.Effective)+len(p.Capabilities.Permitted)+
		len(p.Capabilities.Inheritable)+len(p.Capabilities.Ambient) > 0:
		return fmt.Errorf("a command with capabilities is refused")
	case l.Seccomp == nil && !slices.Contains(s.Ext.Waived, WaiveSeccomp):
		return fmt.Errorf("a spec without seccomp has to waive it")
	}
	if err := s.Ext.View.check(); err != nil {
		return err
	}
	return s.Ext.Limits.check()
}

// newBoot translates a spec for the init process.
func newBoot(s *Spec) (*boot, error) {
	steps, err := mountSteps(s)
	if err != nil {
		return nil, err
	}
	p := s.OCI.Process
	b := &boot{
		mounts: steps, readonly: s.OCI.Linux.ReadonlyPaths, masked: slices.Clone(s.OCI.Linux.MaskedPaths),
		hostname: s.OCI.Hostname, loopback: s.Ext.Net == NetNone, rules: pathRules(steps),
		args: p.Args, env: p.Env, dir: p.Cwd,
	}
	for _, l := range s.Ext.Links {
		if mayCreate(steps, l.Path) {
			b.links = append(b.links, l)
		}
	}
	if err := b.addRestrictions(s); err != nil {
		return nil, err
	}
	return b, b.addLimits(s)
}

func (b *boot) addRestrictions(s *Spec) error {
	if !slices.Contains(s.Ext.Waived, WaiveLandlock) {
		abi, err := landlockABI()
		if err != nil {
			return &UnenforcedError{
				What: "landlock", Why: "the kernel has none or it is turned off (" + err.Error() + "); needs Linux 5.13 or later with landlock among its security modules",
				Instead: "waive it to rely on the namespaces and the system call filter",
			}
		}
		b.landlock, b.ruleset = true, rulesetOf(abi, s.Ext.Net == NetHost || s.Ext.Loopback)
	}
	if s.OCI.Linux.Seccomp != nil {
		program, err := assemble(s.OCI.Linux.Seccomp)
		if err != nil {
			return err
		}
		b.filter = encodeFilter(program)
		if v := s.Ext.View; v.Kind == Overlay && v.Upper != "" && !v.ReadOnly && tryRenames() == nil {
			b.view = v.Target
		}
	}
	return nil
}

var resourceNames = map[string]uint64{
	"RLIMIT_CORE": unix.RLIMIT_CORE, "RLIMIT_NOFILE": unix.RLIMIT_NOFILE, "RLIMIT_AS": unix.RLIMIT_AS, "RLIMIT_DATA": unix.RLIMIT_DATA,
	"RLIMIT_FSIZE": unix.RLIMIT_FSIZE, "RLIMIT_STACK": unix.RLIMIT_STACK, "RLIMIT_CPU": unix.RLIMIT_CPU, "RLIMIT_NPROC": unix.RLIMIT_NPROC,
}

// initThreads is what init itself needs of the pids limit; its threads count like the command's.
const initThreads = 16

func (b *boot) addLimits(s *Spec) error {
	for _, l := range s.OCI.Process.Rlimits {
		resource, ok := resourceNames[l.Type]
		if !ok {
			return fmt.Errorf("resource limit %q is not known", l.Type)
		}
		b.limits = append(b.limits, resourceLimit{resource, l.Soft, l.Hard})
	}
	if pids := uint64(s.Ext.Limits.Pids); pids > 0 && countsPerNamespace(s) {
		// Since Linux 5.14 the processes of a user are counted for each user namespace by itself.
		b.limits = append(b.limits, resourceLimit{unix.RLIMIT_NPROC, pids + initThreads, pids + initThreads})
	}
	return nil
}

// countsPerNamespace reports whether RLIMIT_NPROC can be the pids limit: it does not bind the machine's uid 0.
func countsPerNamespace(s *Spec) bool { return s.OCI.Process.User.UID != 0 }
