package sandbox

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// access is what Landlock allows at a path and below.
type access uint8

const (
	accessList  access = iota // names of directories
	accessRead                // and reading and running files
	accessFile                // reading and writing, of one file that was passed in
	accessDev                 // reading, writing and ioctl, of device nodes
	accessWrite               // and making and removing everything but device nodes
)

const (
	landlockRead = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	landlockFile = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE
	landlockDev  = landlockFile | unix.LANDLOCK_ACCESS_FS_READ_DIR | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	// ofFiles are the rights that a rule for a file may hold.
	ofFiles = landlockFile | unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV | unix.LANDLOCK_ACCESS_FS_RESOLVE_UNIX
	// neverAllowed: a device node of a project is not wanted, not even where a kernel would let it be made.
	neverAllowed = unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK | unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
)

// ruleset is what a kernel is told to handle: everything it knows of, as what is not handled is allowed.
type ruleset struct {
	fs, net, scoped uint64
}

// rulesetOf is the strictest ruleset of a Landlock ABI, without its network part where tcp is allowed.
func rulesetOf(abi int, tcp bool) ruleset {
	r := ruleset{fs: unix.LANDLOCK_ACCESS_FS_MAKE_SYM<<1 - 1}
	if abi >= 2 {
		r.fs |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if abi >= 3 {
		r.fs |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if abi >= 4 && !tcp {
		r.net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	if abi >= 5 {
		r.fs |= unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	}
	if abi >= 6 {
		r.scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	if abi >= 9 {
		r.fs |= unix.LANDLOCK_ACCESS_FS_RESOLVE_UNIX
	}
	return r
}

// rights are those of the ruleset that a gives.
func (r ruleset) rights(a access, isDir bool) uint64 {
	var rights uint64
	switch a {
	case accessList:
		rights = unix.LANDLOCK_ACCESS_FS_READ_DIR
	case accessRead:
		rights = landlockRead
	case accessFile:
		rights = landlockFile
	case accessDev:
		rights = landlockDev
	case accessWrite:
		rights = r.fs &^ neverAllowed
	}
	if !isDir {
		rights &= ofFiles
	}
	return rights & r.fs
}

// landlockABI is the version that the kernel has, or why it has none.
func landlockABI() (int, error) {
	abi, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0, errno
	}
	return int(abi), nil
}

// create makes a ruleset of the kernel's.
func (r ruleset) create() (int, error) {
	attr := unix.LandlockRulesetAttr{Handled_access_fs: r.fs, Handled_access_net: r.net, Scoped: r.scoped}
	// An older kernel takes a longer structure as long as what it does not know is zero.
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return -1, errno
	}
	return int(fd), nil
}

// allow adds a rule for what fd is open on.
func (r ruleset) allow(set, fd int, a access) error {
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return err
	}
	attr := unix.LandlockPathBeneathAttr{Allowed_access: r.rights(a, stat.Mode&unix.S_IFMT == unix.S_IFDIR), Parent_fd: int32(fd)}
	if attr.Allowed_access == 0 {
		return nil
	}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(set), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&attr)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// restrictSelf puts the calling thread, and what it starts, under the ruleset.
func restrictSelf(set int) error {
	_, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(set), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
