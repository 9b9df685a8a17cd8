package sandbox

import (
	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

// denied answer EPERM: what changes the mounts, the namespaces, the kernel or the clock, what reaches other processes'
// memory or files by handle, and what the kernel's worst holes of late years went through.
var denied = []string{
	"mount", "umount2", "pivot_root", "chroot", "fsopen", "fsconfig", "fsmount", "fspick", "move_mount", "open_tree",
	"open_tree_attr", "mount_setattr", "unshare", "setns", "name_to_handle_at", "open_by_handle_at", "fanotify_init",
	"keyctl", "add_key", "request_key", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
	"io_uring_register", "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot",
	"swapon", "swapoff", "quotactl", "quotactl_fd", "acct", "syslog", "settimeofday", "clock_settime", "sethostname",
	"setdomainname", "vhangup", "nfsservctl", "lookup_dcookie", "process_madvise",
}

// debugging is denied unless asked for.
var debugging = []string{"ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd"}

// namespaces are the clone flags that make one. CLONE_NEWTIME is not among them: in clone its bit belongs to the exit signal.
var namespaces = []uint64{
	unix.CLONE_NEWNS, unix.CLONE_NEWCGROUP, unix.CLONE_NEWUTS, unix.CLONE_NEWIPC, unix.CLONE_NEWUSER, unix.CLONE_NEWPID, unix.CLONE_NEWNET,
}

// families are the highest socket family allowed, and those denied below it. What stays is unix, inet, inet6 and netlink.
// vsock above all: a network namespace does not hold it, and it reaches the hypervisor.
var families = struct {
	last   uint64
	denied []uint64
}{unix.AF_NETLINK, []uint64{3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15}}

// denyList is the filter as the OCI specification writes it.
func denyList(ptrace bool) *specs.LinuxSeccomp {
	deny := func(errno uint, names ...string) specs.LinuxSyscall {
		return specs.LinuxSyscall{Names: names, Action: specs.ActErrno, ErrnoRet: &errno}
	}
	with := func(call specs.LinuxSyscall, arg specs.LinuxSeccompArg) specs.LinuxSyscall {
		call.Args = []specs.LinuxSeccompArg{arg}
		return call
	}
	perm, family := uint(unix.EPERM), uint(unix.EAFNOSUPPORT)
	calls := []specs.LinuxSyscall{deny(perm, denied...), deny(perm, oldCalls...)}
	if !ptrace {
		calls = append(calls, deny(perm, debugging...))
	}
	// The flags of clone3 lie in memory, where a filter cannot look. With ENOSYS the C library falls back to clone.
	calls = append(calls, deny(uint(unix.ENOSYS), "clone3"))
	for _, flag := range namespaces {
		calls = append(calls, with(deny(perm, "clone"), specs.LinuxSeccompArg{Value: flag, ValueTwo: flag, Op: specs.OpMaskedEqual}))
	}
	// The kernel reads 32 bits of the request: without the mask, a bit above them would slip through.
	for _, request := range []uint64{unix.TIOCSTI, unix.TIOCLINUX} {
		calls = append(calls, with(deny(perm, "ioctl"), specs.LinuxSeccompArg{Index: 1, Value: 0xffffffff, ValueTwo: request, Op: specs.OpMaskedEqual}))
	}
	for _, f := range families.denied {
		calls = append(calls, with(deny(family, "socket", "socketpair"), specs.LinuxSeccompArg{Value: f, Op: specs.OpEqualTo}))
	}
	calls = append(calls, with(deny(family, "socket", "socketpair"), specs.LinuxSeccompArg{Value: families.last, Op: specs.OpGreaterThan}))
	return &specs.LinuxSeccomp{DefaultAction: specs.ActAllow, Architectures: []specs.Arch{nativeArch}, Syscalls: calls}
}
