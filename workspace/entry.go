package workspace

import (
	"encoding/hex"
	"fmt"

	"golang.org/x/sys/unix"
)

// Type is what kind of object a path names. The zero Type means that there is nothing.
type Type uint8

const (
	None Type = iota
	File
	Dir
	Symlink
	FIFO
	Socket
	CharDevice
	BlockDevice
)

var typeNames = [...]string{"none", "file", "directory", "symlink", "fifo", "socket", "character device", "block device"}

func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return fmt.Sprintf("type %d", uint8(t))
}

// Special reports whether t is neither absent nor a file, a directory or a symlink.
func (t Type) Special() bool { return t >= FIFO }

// TypeOf is the Type in the S_IFMT bits of a stat mode.
func TypeOf(mode uint32) Type {
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return File
	case unix.S_IFDIR:
		return Dir
	case unix.S_IFLNK:
		return Symlink
	case unix.S_IFIFO:
		return FIFO
	case unix.S_IFSOCK:
		return Socket
	case unix.S_IFCHR:
		return CharDevice
	case unix.S_IFBLK:
		return BlockDevice
	}
	return None
}

// Hash is the SHA-256 of a file's content. The zero Hash means that it is not known.
type Hash [32]byte

// Known reports whether h was computed.
func (h Hash) Known() bool { return h != Hash{} }

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Stat is a file's fingerprint: what the kernel says of it without reading it. Times are nanoseconds since the
// epoch. A process without privilege can set the mtime but not the ctime, so equal Stats mean equal contents.
type Stat struct {
	Type  Type
	Mode  uint32 // permission bits with setuid, setgid and sticky: 07777
	Size  int64  // bytes
	Mtime int64
	Ctime int64
	Dev   uint64
	Ino   uint64
	Nlink uint64
	UID   uint32
	GID   uint32
	Rdev  uint64
	Mount uint64 // mount id, 0 where the kernel does not tell; not part of the identity
}

// SameFile reports whether s and o are the same inode.
func (s Stat) SameFile(o Stat) bool { return s.Dev == o.Dev && s.Ino == o.Ino && s.Type == o.Type }

// Unchanged reports whether a file with fingerprint s then and o now has not been touched in between. A changed
// link count alone is not a change of the file: another name came or went.
func (s Stat) Unchanged(o Stat) bool {
	return s.SameFile(o) && s.Mode == o.Mode && s.Size == o.Size && s.Mtime == o.Mtime && s.Ctime == o.Ctime
}

// Entry is one path of a tree. Target is the text of a symlink. Hash is the content of a file, where it is known.
type Entry struct {
	Path Path
	Stat
	Target string
	Hash   Hash
}
