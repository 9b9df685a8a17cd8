package stage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

const setgidBit = unix.S_ISGID

// The reasons here are those of package overlay, in its words: a change is refused alike however it was staged.

// owners is who may own what a command made: the caller, and the owner of the root.
type owners struct {
	uids, gids [2]uint32
}

func newOwners(root workspace.Stat) owners {
	return owners{
		uids: [2]uint32{uint32(os.Geteuid()), root.UID},
		gids: [2]uint32{uint32(os.Getegid()), root.GID},
	}
}

// refuse says why the owner of e is foreign. What it was from the start is not, and neither is a group that e took
// from the setgid directory around it.
func (o owners) refuse(e workspace.Entry, old, was *workspace.Entry, inherits bool, group uint32) string {
	uid := e.UID == o.uids[0] || e.UID == o.uids[1] || old != nil && e.UID == old.UID || was != nil && e.UID == was.UID
	gid := e.GID == o.gids[0] || e.GID == o.gids[1] || old != nil && e.GID == old.GID || was != nil && e.GID == was.GID ||
		inherits && e.GID == group
	if uid && gid {
		return ""
	}
	return fmt.Sprintf("it belongs to %d:%d", e.UID, e.GID)
}

func refuseType(e workspace.Entry) string {
	if e.Type.Special() || e.Type == workspace.None {
		return "it is a " + e.Type.String()
	}
	return ""
}

// refuseBits says which bits of e's mode the workspace did not have. A directory that is made in a setgid directory
// gets setgid from the kernel.
func refuseBits(e workspace.Entry, old *workspace.Entry, inherits bool) string {
	if e.Type == workspace.Symlink {
		return ""
	}
	bits := e.Mode & (unix.S_ISUID | unix.S_ISGID)
	if old != nil && old.Type == e.Type {
		bits &^= old.Mode
	}
	if e.Type == workspace.Dir && inherits {
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

// labels is the security.* attributes that the kernel puts on new files by itself.
var labels = map[string]bool{"selinux": true, "apparmor": true, "ima": true, "evm": true,
	"SMACK64": true, "SMACK64EXEC": true, "SMACK64TRANSMUTE": true, "SMACK64MMAP": true}

// refuseAttributes names an extended attribute that grants something.
func refuseAttributes(f *os.File, buf []byte) (string, error) {
	n, err := unix.Flistxattr(int(f.Fd()), buf)
	if err == unix.EOPNOTSUPP || n == 0 && err == nil {
		return "", nil
	}
	if err != nil {
		return "", &fs.PathError{Op: "list attributes", Path: f.Name(), Err: err}
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(buf[:n]), "\x00"), "\x00") {
		if label, ok := strings.CutPrefix(name, "security."); ok && !labels[label] {
			return "it has the attribute " + name, nil
		}
	}
	return "", nil
}

func joinReasons(a, b string) string {
	if a != "" && b != "" {
		return a + "; " + b
	}
	return a + b
}
