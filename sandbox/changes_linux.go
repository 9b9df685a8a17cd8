package sandbox

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// The changes that a mover makes, one system call each.

func (m *mover) mkdir(dir int, name string) error {
	if err := m.step(); err != nil {
		return err
	}
	return unix.Mkdirat(dir, name, 0o700)
}

func (m *mover) remove(dir int, name string, flags int) error {
	if err := m.step(); err != nil {
		return err
	}
	return unix.Unlinkat(dir, name, flags)
}

func (m *mover) symlink(target string, dir int, name string) error {
	if err := m.step(); err != nil {
		return err
	}
	return unix.Symlinkat(target, dir, name)
}

func (m *mover) rename(from int, name string, to int, newName string, flags uint) error {
	if err := m.step(); err != nil {
		return err
	}
	return rename(from, name, to, newName, flags)
}

// rename is renameat2 that the filter lets through.
func rename(from int, name string, to int, newName string, flags uint) error {
	old, err := unix.BytePtrFromString(name)
	if err != nil {
		return err
	}
	new, err := unix.BytePtrFromString(newName)
	if err != nil {
		return err
	}
	_, _, errno := unix.Syscall6(unix.SYS_RENAMEAT2, uintptr(from), uintptr(unsafe.Pointer(old)), uintptr(to), uintptr(unsafe.Pointer(new)), uintptr(flags)|ourMark, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
