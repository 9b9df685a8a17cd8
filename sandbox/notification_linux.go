package sandbox

import (
	"fmt"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// notification is the kernel's struct seccomp_notif: a call that waits for an answer.
type notification struct {
	id     uint64
	thread uint32 // of the caller, as this pid namespace counts
	flags  uint32
	number int32
	arch   uint32
	ip     uint64
	args   [6]uint64
}

// reply is the kernel's struct seccomp_notif_resp.
type reply struct {
	id    uint64
	value int64
	errno int32
	flags uint32
}

// listener is the descriptor over which the kernel tells of calls.
type listener struct{ fd int }

// listenerFlags are those of the filter. Without the second a signal would break off a call that waits, and rename would
// fail with EINTR, which no program expects; it came with Linux 5.19.
const listenerFlags = unix.SECCOMP_FILTER_FLAG_NEW_LISTENER | unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV

// ourMark in the flags of renameat2 makes the filter let the call through. The kernel reads the lower half of that argument
// alone. A command that sets it gains the plain rename.
const ourMark = 1 << 32

// renameFilter tells of the calls that rename, and lets all others through. The deny list still holds: the kernel runs
// both and takes the stricter answer.
func renameFilter() ([]bpf.RawInstruction, error) {
	allow := bpf.RetConstant{Val: unix.SECCOMP_RET_ALLOW}
	tell := bpf.RetConstant{Val: unix.SECCOMP_RET_USER_NOTIF}
	program := []bpf.Instruction{
		bpf.LoadAbsolute{Off: dataArch, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: nativeAudit, SkipTrue: 1}, allow,
		bpf.LoadAbsolute{Off: dataNumber, Size: 4},
	}
	for _, number := range renameNumbers {
		program = append(program, bpf.JumpIf{Cond: bpf.JumpEqual, Val: number, SkipFalse: 1}, tell)
	}
	return bpf.Assemble(append(program,
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.SYS_RENAMEAT2, SkipTrue: 1}, allow,
		bpf.LoadAbsolute{Off: dataArgs + 8*4 + 4, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: 0, SkipTrue: 1}, allow, tell))
}

// listen puts the filter on the calling thread and on what it starts from here on. EBUSY says that somebody listens to
// this process already: the kernel allows one listener in a line of filters.
func listen() (*listener, error) {
	raw, err := renameFilter()
	if err != nil {
		return nil, err
	}
	filter := encodeFilter(raw)
	program := unix.SockFprog{Len: uint16(len(raw)), Filter: (*unix.SockFilter)(unsafe.Pointer(&filter[0]))}
	fd, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, listenerFlags, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return nil, errno
	}
	l := &listener{int(fd)}
	// Since Linux 6.6 the caller's processor can go on with this process at once, and back.
	_, _, _ = unix.Syscall(unix.SYS_IOCTL, fd, unix.SECCOMP_IOCTL_NOTIF_SET_FLAGS, unix.SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP)
	return l, nil
}

// tryRenames says why this machine cannot do it.
func tryRenames() error {
	if scope := setting("/proc/sys/kernel/yama/ptrace_scope"); scope == "2" || scope == "3" {
		return fmt.Errorf("kernel.yama.ptrace_scope is %s: no process may read the paths of another's calls", scope)
	}
	return tryListener()
}

// tryListener asks whether the kernel can do it: with flags that it knows, it finds that there is no program.
func tryListener() error {
	if err := trySeccomp(unix.SECCOMP_RET_USER_NOTIF); err != nil {
		return err
	}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, listenerFlags, 0)
	if errno != unix.EFAULT {
		return errno
	}
	var sizes struct{ notification, reply, data uint16 }
	if _, _, errno = unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_NOTIF_SIZES, 0, uintptr(unsafe.Pointer(&sizes))); errno != 0 {
		return errno
	}
	if uintptr(sizes.notification) != unsafe.Sizeof(notification{}) || uintptr(sizes.reply) != unsafe.Sizeof(reply{}) {
		return fmt.Errorf("notifications of %d and %d bytes", sizes.notification, sizes.reply)
	}
	return nil
}

// goOn lets a call go on into the kernel, as if nobody had asked. One whose caller has died is gone.
func (l *listener) goOn(id uint64) {
	r := &reply{id: id, flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE}
	_, _, _ = unix.Syscall(unix.SYS_IOCTL, uintptr(l.fd), unix.SECCOMP_IOCTL_NOTIF_SEND, uintptr(unsafe.Pointer(r)))
}

// waits reports whether a call still waits. When it does, its thread's number has meant that thread all along.
func (l *listener) waits(id uint64) bool {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(l.fd), unix.SECCOMP_IOCTL_NOTIF_ID_VALID, uintptr(unsafe.Pointer(&id)))
	return errno == 0
}
