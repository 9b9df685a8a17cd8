package overlay

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// owners is who may own what a command made: the caller, and the owner of the workspace's root.
type owners struct {
	uids, gids [2]uint32
}

func newOwners(root workspace.Stat) owners {
	return owners{
		uids: [2]uint32{uint32(os.Geteuid()), root.UID},
		gids: [2]uint32{uint32(os.Getegid()), root.GID},
	}
}

// refuse says why the owner of e is foreign. What the base has already is not, and neither is a group that e took from
// the setgid directory around it.
func (o owners) refuse(e workspace.Entry, old *workspace.Entry, parent *dir) string {
	uid := e.UID == o.uids[0] || e.UID == o.uids[1] || old != nil && e.UID == old.UID
	gid := e.GID == o.gids[0] || e.GID == o.gids[1] || old != nil && e.GID == old.GID ||
		parent.setgid && parent.stands == "" && e.GID == parent.entry.GID
	if uid && gid {
		return ""
	}
	return fmt.Sprintf("it belongs to %d:%d", e.UID, e.GID)
}

// refuseType says why an object of e's type can never land.
func refuseType(e workspace.Entry) string {
	if e.Type.Special() || e.Type == workspace.None {
		return "it is a " + e.Type.String()
	}
	return ""
}

// refuseBits says which bits of e's mode the base did not have. A directory that is made in a setgid directory gets
// setgid from the kernel.
func refuseBits(e workspace.Entry, old *workspace.Entry, parent *dir) string {
	if e.Type == workspace.Symlink {
		return ""
	}
	bits := e.Mode & (unix.S_ISUID | unix.S_ISGID)
	if old != nil && old.Type == e.Type {
		bits &^= old.Mode
	}
	if e.Type == workspace.Dir && parent != nil && parent.setgid {
		bits &^= unix.S_ISGID
	}
	switch bits {
	case 0:
		return ""
	case unix.S_ISUID:
		return "it is newly setuid"
	case unix.S_ISGID:
		return "it is newly setgid"
	}
	return "it is newly setuid and setgid"
}

// refuseUnreadable says why e cannot be read, where err is the command's doing and not a failure of the machine.
func refuseUnreadable(e workspace.Entry, err error) string {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Sprintf("its mode %04o keeps it from being read", e.Mode)
	case errors.Is(err, unix.ENAMETOOLONG):
		return fmt.Sprintf("its path of %d bytes is longer than the kernel takes", len(e.Path))
	}
	return ""
}
