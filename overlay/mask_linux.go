package overlay

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

const opaqueXattr = "user.overlay.opaque"

var errNotDirectory = errors.New("not a directory")

// Mask is a lower layer in the making. Mounted above a workspace it takes names out of the merged tree, and costs what
// it hides, not what the workspace weighs. It is not safe for concurrent use.
//
// A merged directory shows the attributes of its topmost layer, so every directory of a mask has those of the
// workspace's. An owner or a setgid bit that the caller may not set stays away, and the view shows it that way.
type Mask struct {
	base *workspace.Root
	root *workspace.Root                   // the mask itself
	dirs map[workspace.Path]workspace.Stat // made, with the attributes that Finish gives them
	over map[workspace.Path]bool           // covered: nothing below shows any more
}

// NewMask begins a mask in the directory dir, which is empty or holds a mask to be extended. It reads the attributes of
// directories from base.
func NewMask(dir string, base *workspace.Root) (*Mask, error) {
	root, err := workspace.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("make mask: %w", err)
	}
	m := &Mask{base: base, root: root, dirs: map[workspace.Path]workspace.Stat{}, over: map[workspace.Path]bool{}}
	if err := m.adopt(workspace.Dot); err != nil {
		root.Close()
		return nil, fmt.Errorf("make mask: %w", err)
	}
	return m, nil
}

// Close releases the mask's directory; Finish does so too.
func (m *Mask) Close() error { return m.root.Close() }

// Hide takes path out of the view, with all that it may hold. What stands there in the mask gives way.
func (m *Mask) Hide(path workspace.Path) error {
	err := m.place(path, func(parent int, name string) error {
		// Character device 0/0. Since Linux 5.8 an ordinary user may make this one.
		return unix.Mknodat(parent, name, unix.S_IFCHR, 0)
	})
	if err != nil {
		return fmt.Errorf("mask: hide %q: %w", path, err)
	}
	return nil
}

// Empty shows path as an empty directory.
func (m *Mask) Empty(path workspace.Path) error {
	err := m.place(path, func(parent int, name string) error { return unix.Mkdirat(parent, name, 0o700) })
	if err == nil && m.over[path] {
		err = m.makeOpaque(path)
	}
	if err != nil {
		return fmt.Errorf("mask: empty %q: %w", path, err)
	}
	return nil
}

func (m *Mask) makeOpaque(path workspace.Path) error {
	dir, err := m.root.OpenDir(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := unix.Fsetxattr(int(dir.Fd()), opaqueXattr, []byte("y"), 0); err != nil {
		return fmt.Errorf("set %s: %w", opaqueXattr, err)
	}
	e, err := m.base.Lookup(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if e.Type != workspace.Dir {
		e.Stat, err = workspace.StatFile(dir)
		e.Mode = 0o755
	}
	m.dirs[path] = e.Stat
	return err
}

// File shows path as a file of this content and mode. Owner and mtime are those of the workspace's file where it has one.
func (m *Mask) File(path workspace.Path, content io.Reader, mode uint32) error {
	err := m.place(path, func(parent int, name string) error {
		fd, err := unix.Openat(parent, name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
		if err != nil {
			return err
		}
		f := os.NewFile(uintptr(fd), name)
		_, err = io.Copy(f, content)
		stat := workspace.Stat{UID: uint32(os.Geteuid()), GID: uint32(os.Getegid())}
		if e, lookupErr := m.base.Lookup(path); lookupErr == nil && e.Type == workspace.File {
			stat = e.Stat
		}
		stat.Mode = mode
		return errors.Join(err, setAttributes(f, stat), f.Close())
	})
	if err != nil {
		return fmt.Errorf("mask: place file %q: %w", path, err)
	}
	return nil
}

// Finish gives every directory its attributes. The mask takes nothing more afterwards.
func (m *Mask) Finish() error {
	defer m.root.Close()
	paths := make([]workspace.Path, 0, len(m.dirs))
	for path := range m.dirs {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range slices.Backward(paths) { // What a directory holds comes before it: its mode may forbid to search it.
		if err := m.finish(path); err != nil {
			return fmt.Errorf("mask: finish %q: %w", path, err)
		}
	}
	return nil
}

func (m *Mask) finish(path workspace.Path) error {
	dir, err := m.root.OpenDir(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	copyACL(m.base, path, dir)
	return setAttributes(dir, m.dirs[path])
}

// place runs put in the mask's directory for path, unless a directory around path is covered already.
func (m *Mask) place(path workspace.Path, put func(parent int, name string) error) error {
	if path == workspace.Dot {
		return &fs.PathError{Op: "mask", Path: string(path), Err: fs.ErrInvalid}
	}
	for dir := path.Dir(); dir != workspace.Dot; dir = dir.Dir() {
		if m.over[dir] {
			return nil
		}
	}
	if err := m.makeDir(path.Dir()); err != nil {
		return err
	}
	parent, name, err := m.root.OpenParent(path)
	if err != nil {
		return err
	}
	defer parent.Close()
	err = put(int(parent.Fd()), name)
	if errors.Is(err, fs.ErrExist) {
		if err = m.clear(path); err == nil {
			err = put(int(parent.Fd()), name)
		}
	}
	if err == nil {
		m.over[path] = true
	}
	return err
}

// clear removes what the mask has at path.
func (m *Mask) clear(path workspace.Path) error {
	for dir := range m.dirs {
		if dir == path || dir.Within(path) {
			delete(m.dirs, dir)
		}
	}
	root, err := os.OpenRoot(m.root.Path())
	if err != nil {
		return err
	}
	defer root.Close()
	return root.RemoveAll(string(path))
}

// makeDir makes path in the mask, and every directory above it.
func (m *Mask) makeDir(path workspace.Path) error {
	if _, made := m.dirs[path]; made {
		return nil
	}
	if err := m.makeDir(path.Dir()); err != nil { // Dot is always made.
		return err
	}
	parent, name, err := m.root.OpenParent(path)
	if err != nil {
		return err
	}
	defer parent.Close()
	if err := unix.Mkdirat(int(parent.Fd()), name, 0o700); err != nil && err != unix.EEXIST {
		return &fs.PathError{Op: "mkdir", Path: string(path), Err: err}
	}
	return m.adopt(path)
}

// adopt makes the mask's directory at path one to write into, and notes the attributes that it is to have in the end.
func (m *Mask) adopt(path workspace.Path) error {
	e, err := m.base.Lookup(path)
	if err != nil {
		return err
	}
	if e.Type != workspace.Dir {
		return &fs.PathError{Op: "mask", Path: string(path), Err: errNotDirectory}
	}
	dir, err := m.root.OpenDir(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	m.dirs[path] = e.Stat
	return unix.Fchmod(int(dir.Fd()), 0o700)
}
