package stage

import (
	"io/fs"
	"slices"

	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// setAttributes gives an open copy the owner, where that is allowed, the mode and the mtime of e.
func (c *copier) setAttributes(fd int, e workspace.Entry) error {
	mode := e.Mode
	if int(e.UID) != c.uid && unix.Fchown(fd, int(e.UID), int(e.GID)) != nil {
		mode &^= unix.S_ISUID | unix.S_ISGID // They would now speak for someone else.
	} else if int(e.UID) == c.uid {
		_ = unix.Fchown(fd, -1, int(e.GID)) // Members of the group may.
	}
	if err := unix.Fchmod(fd, mode); err != nil { // after chown, which clears setuid
		return err
	}
	return unix.UtimesNanoAt(fd, "", times(e), unix.AT_EMPTY_PATH)
}

func times(e workspace.Entry) []unix.Timespec {
	return []unix.Timespec{{Nsec: unix.UTIME_OMIT}, unix.NsecToTimespec(e.Mtime)}
}

// finish gives the directories their attributes, and the root those of the workspace's root. What a directory holds
// comes first, since the directory may become unwritable.
func (c *copier) finish(want []workspace.Entry) error {
	root, err := c.src.Lookup(workspace.Dot)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(want) {
		if e.Type == workspace.Dir {
			if err := c.finishDir(e); err != nil {
				return err
			}
		}
	}
	return c.finishDir(root)
}

func (c *copier) finishDir(e workspace.Entry) error {
	dir, err := c.dst.OpenDir(e.Path)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := c.setAttributes(int(dir.Fd()), e); err != nil {
		return &fs.PathError{Op: "set attributes", Path: string(e.Path), Err: err}
	}
	return nil
}
