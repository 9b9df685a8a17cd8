package sandbox

import (
	"encoding/binary"
	"slices"
	"testing"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// answer runs the filter on one call. The virtual machine loads words as the network does, the kernel as the machine.
func answer(t *testing.T, s *specs.LinuxSeccomp, arch, number uint32, args ...uint64) uint32 {
	t.Helper()
	raw, err := assemble(s)
	must(t, err)
	instructions, ok := bpf.Disassemble(raw)
	if !ok {
		t.Fatal("the filter has instructions that are none")
	}
	vm, err := bpf.NewVM(instructions)
	must(t, err)
	data := make([]byte, 64)
	binary.BigEndian.PutUint32(data[dataNumber:], number)
	binary.BigEndian.PutUint32(data[dataArch:], arch)
	for i, arg := range args {
		binary.BigEndian.PutUint32(data[dataArgs+8*i:], uint32(arg))
		binary.BigEndian.PutUint32(data[dataArgs+8*i+4:], uint32(arg>>32))
	}
	result, err := vm.Run(data)
	must(t, err)
	return uint32(result)
}

func TestFilter(t *testing.T) {
	const allow, perm, family, none = unix.SECCOMP_RET_ALLOW, unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM), unix.SECCOMP_RET_ERRNO | uint32(unix.EAFNOSUPPORT), unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
	for _, tt := range []struct {
		name   string
		ptrace bool
		number uint32
		args   []uint64
		want   uint32
	}{
		{name: "read", number: unix.SYS_READ, want: allow},
		{name: "execve", number: unix.SYS_EXECVE, want: allow},
		{name: "mount", number: unix.SYS_MOUNT, want: perm},
		{name: "mount_setattr", number: unix.SYS_MOUNT_SETATTR, want: perm},
		{name: "io_uring_setup", number: unix.SYS_IO_URING_SETUP, want: perm},
		{name: "clone3", number: unix.SYS_CLONE3, want: none},
		{name: "clone of a thread", number: unix.SYS_CLONE, args: []uint64{unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_THREAD}, want: allow},
		{name: "fork", number: unix.SYS_CLONE, args: []uint64{uint64(unix.SIGCHLD)}, want: allow},
		{name: "clone of a user namespace", number: unix.SYS_CLONE, args: []uint64{unix.CLONE_NEWUSER | uint64(unix.SIGCHLD)}, want: perm},
		{name: "clone of all namespaces", number: unix.SYS_CLONE, args: []uint64{0x7e020000}, want: perm},
		{name: "ioctl TCGETS", number: unix.SYS_IOCTL, args: []uint64{0, unix.TCGETS}, want: allow},
		{name: "ioctl TIOCSTI", number: unix.SYS_IOCTL, args: []uint64{0, unix.TIOCSTI}, want: perm},
		{name: "ioctl TIOCSTI with a high bit", number: unix.SYS_IOCTL, args: []uint64{0, unix.TIOCSTI | 1<<40}, want: perm},
		{name: "ioctl TIOCLINUX", number: unix.SYS_IOCTL, args: []uint64{0, unix.TIOCLINUX}, want: perm},
		{name: "socket unix", number: unix.SYS_SOCKET, args: []uint64{unix.AF_UNIX}, want: allow},
		{name: "socket inet", number: unix.SYS_SOCKET, args: []uint64{unix.AF_INET}, want: allow},
		{name: "socket inet6", number: unix.SYS_SOCKET, args: []uint64{unix.AF_INET6}, want: allow},
		{name: "socket netlink", number: unix.SYS_SOCKET, args: []uint64{unix.AF_NETLINK}, want: allow},
		{name: "socket packet", number: unix.SYS_SOCKET, args: []uint64{unix.AF_PACKET}, want: family},
		{name: "socket vsock", number: unix.SYS_SOCKET, args: []uint64{unix.AF_VSOCK}, want: family},
		{name: "socket vsock with a high bit", number: unix.SYS_SOCKET, args: []uint64{unix.AF_VSOCK | 1<<32}, want: family},
		{name: "socket key with a high bit", number: unix.SYS_SOCKET, args: []uint64{unix.AF_KEY | 1<<32}, want: family},
		{name: "socketpair vsock", number: unix.SYS_SOCKETPAIR, args: []uint64{unix.AF_VSOCK}, want: family},
		{name: "ptrace", number: unix.SYS_PTRACE, want: perm},
		{name: "ptrace allowed", ptrace: true, number: unix.SYS_PTRACE, want: allow},
		{name: "x32", number: unix.SYS_GETPID | 0x40000000, want: map[bool]uint32{true: unix.SECCOMP_RET_KILL_PROCESS, false: allow}[foreignBit != 0]},
	} {
		if got := answer(t, denyList(tt.ptrace), nativeAudit, tt.number, tt.args...); got != tt.want {
			t.Errorf("%s: %#x, want %#x", tt.name, got, tt.want)
		}
	}
	if got := answer(t, denyList(false), unix.AUDIT_ARCH_I386, 20); got != unix.SECCOMP_RET_KILL_PROCESS {
		t.Errorf("foreign architecture: %#x, want it killed", got)
	}
}

// For every name of the list: the filter answers it with EPERM.
func TestFilterKnowsEveryName(t *testing.T) {
	for _, name := range slices.Concat(denied, debugging) {
		if got := answer(t, denyList(false), nativeAudit, syscallNumbers[name]); got != unix.SECCOMP_RET_ERRNO|uint32(unix.EPERM) {
			t.Errorf("%s: %#x, want EPERM", name, got)
		}
	}
}

func TestFilterRefuses(t *testing.T) {
	one := uint(1)
	for name, change := range map[string]func(*specs.LinuxSeccomp){
		"allow list":       func(s *specs.LinuxSeccomp) { s.DefaultAction = specs.ActErrno },
		"other machine":    func(s *specs.LinuxSeccomp) { s.Architectures = []specs.Arch{specs.ArchPPC64} },
		"unknown call":     func(s *specs.LinuxSeccomp) { s.Syscalls[0].Names = []string{"no_such_call"} },
		"unknown action":   func(s *specs.LinuxSeccomp) { s.Syscalls[0].Action = specs.ActTrace },
		"unknown operator": func(s *specs.LinuxSeccomp) { s.Syscalls[0].Args = []specs.LinuxSeccompArg{{Op: specs.OpNotEqual}} },
		"no such argument": func(s *specs.LinuxSeccomp) {
			s.Syscalls[0].Args = []specs.LinuxSeccompArg{{Index: 6, Op: specs.OpEqualTo}}
		},
		"several arguments": func(s *specs.LinuxSeccomp) { s.Syscalls[0].Args = make([]specs.LinuxSeccompArg, 2) },
		"no answer":         func(s *specs.LinuxSeccomp) { s.Syscalls[0].ErrnoRet = nil },
	} {
		s := denyList(false)
		s.Syscalls[0].ErrnoRet = &one
		change(s)
		if _, err := assemble(s); err == nil {
			t.Errorf("assemble with %s: no error", name)
		}
	}
}
