package sandbox

import (
	"errors"
	"fmt"
	"strings"

	"cofferdam/overlay"

	"golang.org/x/sys/unix"
)

// tree is the root of a sandbox in the making: a tmpfs on top of the machine's root. Absolute paths go on meaning the
// machine's files, as a lookup begins below what was mounted over the root; paths in the sandbox go through fd.
type tree struct {
	fd       int
	writable int // see boot
}

// newTree begins a root. Nothing that is mounted from here on shows outside.
func newTree() (*tree, error) {
	private := unix.MountAttr{Propagation: unix.MS_PRIVATE}
	if err := unix.MountSetattr(unix.AT_FDCWD, "/", unix.AT_RECURSIVE, &private); err != nil {
		return nil, step("make mounts private", "", err)
	}
	fd, err := newFileSystem("tmpfs", []string{"mode=0755", "size=16m"}, unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV)
	if err != nil {
		return nil, step("mount root", "", err)
	}
	if err := unix.MoveMount(fd, "", unix.AT_FDCWD, "/", unix.MOVE_MOUNT_F_EMPTY_PATH); err != nil {
		unix.Close(fd)
		return nil, step("attach root", "", err)
	}
	return &tree{fd, -1}, nil
}

// newFileSystem makes a mount that is attached nowhere.
func newFileSystem(kind string, options []string, attributes uint64) (int, error) {
	fs, err := unix.Fsopen(kind, unix.FSOPEN_CLOEXEC)
	if err != nil {
		return -1, err
	}
	defer unix.Close(fs)
	for _, option := range options {
		key, value, hasValue := strings.Cut(option, "=")
		if hasValue {
			err = unix.FsconfigSetString(fs, key, value)
		} else {
			err = unix.FsconfigSetFlag(fs, key)
		}
		if err != nil {
			return -1, fmt.Errorf("option %s: %w", option, err)
		}
	}
	if err := unix.FsconfigCreate(fs); err != nil {
		return -1, err
	}
	return unix.Fsmount(fs, unix.FSMOUNT_CLOEXEC, int(attributes))
}

// mount makes one mount of the list.
func (t *tree) mount(m *mountStep) error {
	fd, err := m.open()
	if err != nil {
		return step("mount "+m.kind, m.target, err)
	}
	defer unix.Close(fd)
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return step("mount "+m.kind, m.target, err)
	}
	target, err := t.point(m.target, stat.Mode&unix.S_IFMT == unix.S_IFDIR, m.create)
	if err != nil {
		return step("find mount point", m.target, err)
	}
	defer unix.Close(target)
	if err := attach(fd, target); err != nil || !m.keep {
		return step("attach "+m.kind, m.target, err)
	}
	t.writable, err = cloneWritable(fd)
	return step("keep "+m.kind, m.target, err)
}

// open makes the mount, attached nowhere.
func (m *mountStep) open() (int, error) {
	switch m.kind {
	case "bind":
		return cloneMount(m.source, m.recursive, m.attributes)
	case "overlay":
		fd, err := overlay.Mount(overlay.Layers{Lower: m.lower, Upper: m.upper, Work: m.work})
		if err != nil && m.keep && m.attributes&unix.MOUNT_ATTR_RDONLY != 0 {
			m.keep = false // What the command sees needs no upper layer.
			fd, err = overlay.Mount(overlay.Layers{Lower: m.lower})
		}
		if err != nil {
			return -1, err
		}
		return restrict(fd, m.attributes, false)
	case "tmpfs", "proc", "devpts":
		return newFileSystem(m.kind, m.options, m.attributes)
	}
	return -1, fmt.Errorf("file system %q is not one that a sandbox has", m.kind)
}

// cloneMount is a bind mount of a path that holds no symlink.
func cloneMount(path string, recursive bool, attributes uint64) (int, error) {
	source, err := openPlain(path)
	if err != nil {
		return -1, fmt.Errorf("open %q: %w", path, err)
	}
	defer unix.Close(source)
	return cloneAt(source, recursive, attributes)
}

func cloneAt(source int, recursive bool, attributes uint64) (int, error) {
	flags := uint(unix.OPEN_TREE_CLONE | unix.OPEN_TREE_CLOEXEC | unix.AT_EMPTY_PATH)
	if recursive {
		// In a user namespace the mounts that came with it are locked to one another: a part without what lies on it,
		// and so without what covers it, would be EINVAL.
		flags |= unix.AT_RECURSIVE
	}
	fd, err := unix.OpenTree(source, "", flags)
	if err != nil {
		return -1, fmt.Errorf("clone mount: %w", err)
	}
	return restrict(fd, attributes, recursive)
}

// cloneWritable is one more mount of an overlay, attached nowhere and without what is mounted in it, that can be written
// to. The first has to be attached already: before Linux 6.15 no other can be cloned.
func cloneWritable(mount int) (int, error) {
	fd, err := cloneAt(mount, false, 0)
	if err != nil {
		return -1, err
	}
	if err := unix.MountSetattr(fd, "", unix.AT_EMPTY_PATH, &unix.MountAttr{Attr_clr: unix.MOUNT_ATTR_RDONLY}); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// restrict adds attributes to a mount and gives its descriptor back, or closes it.
func restrict(fd int, attributes uint64, recursive bool) (int, error) {
	flags := uint(unix.AT_EMPTY_PATH)
	if recursive {
		flags |= unix.AT_RECURSIVE
	}
	if attributes == 0 {
		return fd, nil
	}
	if err := unix.MountSetattr(fd, "", flags, &unix.MountAttr{Attr_set: attributes}); err != nil {
		unix.Close(fd)
		return -1, fmt.Errorf("restrict mount: %w", err)
	}
	return fd, nil
}

func attach(fd, target int) error {
	return unix.MoveMount(fd, "", target, "", unix.MOVE_MOUNT_F_EMPTY_PATH|unix.MOVE_MOUNT_T_EMPTY_PATH)
}

// open opens an absolute path of the sandbox, through no symlink: parts of it may be a project's.
func (t *tree) open(path string, flags uint64) (int, error) {
	how := unix.OpenHow{
		Flags:   flags | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS,
	}
	name := strings.TrimPrefix(path, "/")
	if name == "" {
		name = "."
	}
	for {
		fd, err := unix.Openat2(t.fd, name, &how)
		if err != unix.EINTR && err != unix.EAGAIN {
			return fd, err
		}
	}
}

// point opens a mount point; where it may be made and is not there, it is, with the directories above it.
func (t *tree) point(path string, isDir, create bool) (int, error) {
	fd, err := t.open(path, unix.O_PATH)
	if err == nil || !create || !errors.Is(err, unix.ENOENT) {
		return fd, err
	}
	dir, name, err := t.parent(path)
	if err != nil {
		return -1, err
	}
	defer unix.Close(dir)
	if isDir {
		err = unix.Mkdirat(dir, name, 0o755)
	} else {
		err = unix.Mknodat(dir, name, unix.S_IFREG|0o444, 0)
	}
	if err != nil && err != unix.EEXIST {
		return -1, err
	}
	return t.open(path, unix.O_PATH)
}

// parent makes the directories above path and opens the last.
func (t *tree) parent(path string) (dir int, name string, err error) {
	i := strings.LastIndexByte(path, '/')
	dir, err = t.point(path[:i], true, true)
	return dir, path[i+1:], err
}
