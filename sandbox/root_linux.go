package sandbox

import (
	"errors"

	"golang.org/x/sys/unix"
)

// link makes a symlink, unless the name is there.
func (t *tree) link(l Link) error {
	dir, name, err := t.parent(l.Path)
	if err != nil {
		return step("make link", l.Path, err)
	}
	defer unix.Close(dir)
	if err := unix.Symlinkat(l.Target, dir, name); err != nil && err != unix.EEXIST && err != unix.EROFS {
		return step("make link", l.Path, err)
	}
	return nil
}

// mask covers a path: a file reads as empty, a directory as one that holds nothing. What is not there, or could not be
// reached anyway, stays as it is.
func (t *tree) mask(path string) error {
	target, err := t.open(path, unix.O_PATH)
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.EACCES) || errors.Is(err, unix.ELOOP) {
		return nil // A symlink leads to another path, which is covered or is not on its own account.
	}
	if err != nil {
		return step("cover", path, err)
	}
	defer unix.Close(target)
	var stat unix.Stat_t
	if err := unix.Fstat(target, &stat); err != nil {
		return step("cover", path, err)
	}
	var cover int
	if stat.Mode&unix.S_IFMT == unix.S_IFDIR {
		cover, err = newFileSystem("tmpfs", []string{"mode=0555", "size=4k"}, unix.MOUNT_ATTR_RDONLY|unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV|unix.MOUNT_ATTR_NOEXEC)
	} else {
		cover, err = cloneMount("/dev/null", false, unix.MOUNT_ATTR_RDONLY|unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NOEXEC)
	}
	if err != nil {
		return step("cover", path, err)
	}
	defer unix.Close(cover)
	return step("cover", path, attach(cover, target))
}

// freeze makes a path of the sandbox read-only by a mount of itself on itself.
func (t *tree) freeze(path string) error {
	target, err := t.open(path, unix.O_PATH)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return step("make read-only", path, err)
	}
	defer unix.Close(target)
	fd, err := cloneAt(target, true, unix.MOUNT_ATTR_RDONLY|unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV|unix.MOUNT_ATTR_NOEXEC)
	if err != nil {
		return step("make read-only", path, err)
	}
	defer unix.Close(fd)
	return step("make read-only", path, attach(fd, target))
}

// seal makes the mounts on which the others rest read-only: what belongs to nobody is not to be filled.
func (t *tree) seal() error {
	for _, path := range []string{"/", "/dev"} {
		fd, err := t.open(path, unix.O_PATH)
		if err != nil {
			return step("seal", path, err)
		}
		err = unix.MountSetattr(fd, "", unix.AT_EMPTY_PATH, &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY})
		unix.Close(fd)
		if err != nil {
			return step("seal", path, err)
		}
	}
	return nil
}

// forbidNamespaces sets the number of user namespaces that may be made inside to none. The kernel refuses them then
// even to a program that the filter does not see through.
func (t *tree) forbidNamespaces() error {
	fd, err := t.open("/proc/sys/user/max_user_namespaces", unix.O_WRONLY)
	if err != nil {
		return step("forbid user namespaces", "", err)
	}
	defer unix.Close(fd)
	_, err = unix.Write(fd, []byte("0"))
	return step("forbid user namespaces", "", err)
}

// enter makes the tree the root of this process and lets go of the machine's. With both arguments the same directory,
// pivot_root puts the old root on top of the new one, where the next call takes it away.
func (t *tree) enter() error {
	defer unix.Close(t.fd)
	if err := unix.Fchdir(t.fd); err != nil {
		return step("enter root", "", err)
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return step("pivot root", "", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return step("let go of the machine's root", "", err)
	}
	return step("enter root", "", unix.Chdir("/"))
}
