package overlay

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// The names of the directory at the root of an upper layer in which a sandbox replaces directories, so that they can be
// renamed. When the sandbox has ended, one that is there was cut short.
const (
	Staging     = ".cofferdam-rename"
	StagingTree = "tree" // of Staging: the new directory
	StagingNote = "of"   // of Staging: a symlink to the path that the new directory takes, from the root of the layer
	StagingFull = "full" // of Staging: a directory with the directory x in it
)

// PutBack undoes in an upper layer what a sandbox was at when it was killed: the files that were on their way from a
// directory to its replacement go back. The layers may not be mounted. Without such a rest it does nothing; calling it again
// does no harm. What cannot be put back stays where it is, below Staging, and is an error.
//
// The command may have made the directory itself. It gains nothing: what it names is moved within the layer, through no link.
func PutBack(l Layers) error {
	root, err := unix.Open(l.Upper, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("put back what a rename left: %w", err)
	}
	defer unix.Close(root)
	dir, err := openBelow(root, Staging)
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.ELOOP) {
		return nil
	}
	if err == nil {
		defer unix.Close(dir)
		if ofProject(l.Lower, dir) {
			return nil
		}
		err = putBack(root, dir)
	}
	if err != nil {
		return fmt.Errorf("put back what a rename left in %s: %w", Staging, err)
	}
	return nil
}

// ofProject reports whether a directory named Staging is the project's own, with changes: a lower layer has it and shows
// through.
func ofProject(lower []string, dir int) bool {
	if opaque, err := isOpaque(dir); err != nil || opaque {
		return err != nil
	}
	for _, layer := range lower {
		var stat unix.Stat_t
		if unix.Lstat(layer+"/"+Staging, &stat) == nil {
			return stat.Mode&unix.S_IFMT == unix.S_IFDIR
		}
	}
	return false
}

func putBack(root, dir int) error {
	tree, err := openBelow(dir, StagingTree)
	if err == nil {
		err = returnFiles(root, dir, tree)
		unix.Close(tree)
	}
	if err != nil && err != unix.ENOENT {
		return err
	}
	for _, name := range []string{StagingTree, StagingFull + "/x", StagingFull} {
		if err := unix.Unlinkat(dir, name, unix.AT_REMOVEDIR); err != nil && err != unix.ENOENT {
			return err
		}
	}
	if err := unix.Unlinkat(dir, StagingNote, 0); err != nil && err != unix.ENOENT {
		return err
	}
	return unix.Unlinkat(root, Staging, unix.AT_REMOVEDIR)
}

// returnFiles empties the replacement. As long as there is no note, it holds copies only. The same goes where the old
// directory is not in the layer yet: nothing of it was removed.
func returnFiles(root, dir, tree int) error {
	var room [unix.PathMax]byte
	old := -1
	n, err := unix.Readlinkat(dir, StagingNote, room[:])
	if err == nil {
		old, err = openBelow(root, string(room[:n]))
	}
	if err != nil && err != unix.ENOENT {
		return err
	}
	if old >= 0 {
		defer unix.Close(old)
	}
	again, err := unix.Openat(tree, ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	list := os.NewFile(uintptr(again), StagingTree)
	defer list.Close()
	names, err := list.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := returnFile(old, tree, name); err != nil {
			return err
		}
	}
	return nil
}

// returnFile puts one name back, or removes it where the old directory still has it or another of its name.
func returnFile(old, tree int, name string) error {
	var there unix.Stat_t
	err := unix.ENOENT
	if old >= 0 {
		err, _ = unix.Fstatat(old, name, &there, unix.AT_SYMLINK_NOFOLLOW).(unix.Errno)
	}
	gone := there.Mode&unix.S_IFMT == unix.S_IFCHR && there.Rdev == 0 // a whiteout
	switch {
	case err != 0 && err != unix.ENOENT:
		return err
	case old < 0, err == 0 && !gone:
		return unix.Unlinkat(tree, name, 0) // That of a directory fails: it is no copy.
	}
	if child, err := openBelow(tree, name); err == nil {
		err = setOpaque(child)
		unix.Close(child)
		if err == nil && gone {
			err = unix.Unlinkat(old, name, 0)
		}
		if err != nil {
			return err
		}
	}
	return unix.Renameat(tree, name, old, name)
}

// setOpaque keeps a directory from showing what a lower layer has at its place.
func setOpaque(dir int) error { return unix.Fsetxattr(dir, "user.overlay.opaque", []byte("y"), 0) }

func isOpaque(dir int) (bool, error) {
	var value [8]byte
	n, err := unix.Fgetxattr(dir, "user.overlay.opaque", value[:])
	if err == unix.ENODATA || err == unix.EOPNOTSUPP {
		return false, nil
	}
	return err == nil && string(value[:n]) == "y", err
}

// openBelow opens a directory below another, through no link and across no mount.
func openBelow(dir int, path string) (int, error) {
	return unix.Openat2(dir, path, &unix.OpenHow{
		Flags:   unix.O_RDONLY | unix.O_DIRECTORY | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS | unix.RESOLVE_NO_XDEV,
	})
}
