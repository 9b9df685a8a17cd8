package overlay

import (
	"fmt"
	"os"

	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// PrepareUpper gives the empty directory upper the attributes of base, because the merged root shows those of the upper
// root. An owner or a setgid bit that the caller may not set stays away.
func PrepareUpper(upper string, base *workspace.Root) error {
	dir, err := os.Open(upper)
	if err != nil {
		return fmt.Errorf("prepare upper layer: %w", err)
	}
	defer dir.Close()
	root, err := base.Lookup(workspace.Dot)
	if err == nil {
		copyACL(base, workspace.Dot, dir)
		err = setAttributes(dir, root.Stat)
	}
	if err != nil {
		return fmt.Errorf("prepare upper layer %q: %w", upper, err)
	}
	return nil
}

// setAttributes gives f the owner, where the caller may, then the mode and the mtime of s.
func setAttributes(f *os.File, s workspace.Stat) error {
	fd := int(f.Fd())
	if err := unix.Fchown(fd, int(s.UID), int(s.GID)); err != nil {
		// The group alone is allowed to its members.
		_ = unix.Fchown(fd, -1, int(s.GID))
	}
	if err := unix.Fchmod(fd, s.Mode); err != nil { // After chown, which clears setgid.
		return fmt.Errorf("set mode %04o: %w", s.Mode, err)
	}
	if s.Mtime == 0 {
		return nil
	}
	times := []unix.Timespec{{Nsec: unix.UTIME_OMIT}, unix.NsecToTimespec(s.Mtime)}
	if err := unix.UtimesNanoAt(unix.AT_FDCWD, fmt.Sprintf("/proc/self/fd/%d", fd), times, 0); err != nil {
		return fmt.Errorf("set mtime: %w", err)
	}
	return nil
}

// copyACL carries the access lists of base's directory over to dir, as far as both sides let it: without them the view
// is less shared than the workspace, never more.
func copyACL(base *workspace.Root, path workspace.Path, dir *os.File) {
	from, err := base.OpenDir(path)
	if err != nil {
		return
	}
	defer from.Close()
	buf := make([]byte, 64<<10)
	for _, name := range []string{"system.posix_acl_access", "system.posix_acl_default"} {
		if n, err := unix.Fgetxattr(int(from.Fd()), name, buf); err == nil {
			_ = unix.Fsetxattr(int(dir.Fd()), name, buf[:n], 0)
		}
	}
}
