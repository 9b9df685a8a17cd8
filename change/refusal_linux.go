package change

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// Why a change never lands, in words, is the same however it was staged: an empty text is no reason.

// Inherit is what a setgid directory gives to what is made in it: its group, and to directories the bit.
type Inherit struct {
	Setgid bool
	GID    uint32
}

// Owners is who may own what a command made: the caller, and the owner of the workspace's root.
type Owners struct {
	uids, gids [2]uint32
}

// NewOwners is the Owners of a workspace with that root.
func NewOwners(root workspace.Stat) Owners {
	return Owners{
		uids: [2]uint32{uint32(os.Geteuid()), root.UID},
		gids: [2]uint32{uint32(os.Getegid()), root.GID},
	}
}

// Refuse says why the owner of e is foreign. One that e had before, by any of known, is not, and neither is a group
// that e took from the directory around it.
func (o Owners) Refuse(e workspace.Entry, around Inherit, known ...*workspace.Entry) string {
	uid := e.UID == o.uids[0] || e.UID == o.uids[1]
	gid := e.GID == o.gids[0] || e.GID == o.gids[1] || around.Setgid && e.GID == around.GID
	for _, k := range known {
		uid = uid || k != nil && e.UID == k.UID
		gid = gid || k != nil && e.GID == k.GID
	}
	if uid && gid {
		return ""
	}
	return fmt.Sprintf("it belongs to %d:%d", e.UID, e.GID)
}

// RefuseKind says why e can never land for its type, or for bits of its mode that old, which may be nil, did not have.
func RefuseKind(e workspace.Entry, old *workspace.Entry, around Inherit) string {
	kind := ""
	if e.Type.Special() || e.Type == workspace.None {
		kind = "it is a " + e.Type.String()
	}
	return JoinReasons(kind, refuseBits(e, old, around))
}

// A directory that is made in a setgid directory gets setgid from the kernel.
func refuseBits(e workspace.Entry, old *workspace.Entry, around Inherit) string {
	if e.Type == workspace.Symlink {
		return ""
	}
	bits := e.Mode & (unix.S_ISUID | unix.S_ISGID)
	if old != nil && old.Type == e.Type {
		bits &^= old.Mode
	}
	if e.Type == workspace.Dir && around.Setgid {
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

// RefuseUnreadable says why e cannot be read, where err is the command's doing and not a failure of the machine.
func RefuseUnreadable(e workspace.Entry, err error) string {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Sprintf("its mode %04o keeps it from being read", e.Mode)
	case errors.Is(err, unix.ENAMETOOLONG):
		return fmt.Sprintf("its path of %d bytes is longer than the kernel takes", len(e.Path))
	}
	return ""
}

// labels is the security.* attributes that the kernel puts on new files by itself.
var labels = map[string]bool{"selinux": true, "apparmor": true, "ima": true, "evm": true,
	"SMACK64": true, "SMACK64EXEC": true, "SMACK64TRANSMUTE": true, "SMACK64MMAP": true}

// RefuseAttribute says why a file with the extended attribute name cannot land.
func RefuseAttribute(name string) string {
	if label, ok := strings.CutPrefix(name, "security."); ok && !labels[label] {
		return "it has the attribute " + name
	}
	return ""
}

// JoinReasons is both reasons, or the one that there is.
func JoinReasons(a, b string) string {
	if a != "" && b != "" {
		return a + "; " + b
	}
	return a + b
}
