// Package change is what a command did to a workspace, as data: paths, kinds, old and new side. It knows neither how
// the changes were found (overlay, copy) nor who reviews or lands them.
package change

import (
	"fmt"

	"cofferdam/workspace"
)

// Kind is what happened to a path.
type Kind uint8

const (
	Add Kind = iota + 1
	Modify
	Delete
)

func (k Kind) String() string {
	switch k {
	case Add:
		return "add"
	case Modify:
		return "modify"
	case Delete:
		return "delete"
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// MarshalText makes Kind a word in JSON.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (k *Kind) UnmarshalText(text []byte) error {
	for _, kind := range []Kind{Add, Modify, Delete} {
		if kind.String() == string(text) {
			*k = kind
			return nil
		}
	}
	return fmt.Errorf("change kind %q is not add, modify or delete", text)
}

// Side is one side of a change: what was, or is to be, at a path. Its zero value is absence.
type Side struct {
	Type   workspace.Type
	Mode   uint32 // 07777
	Size   int64  // bytes; 0 for what is not a file
	Hash   workspace.Hash
	Target string // of a symlink
}

// SideOf is the Side that an entry shows.
func SideOf(e workspace.Entry) Side {
	s := Side{Type: e.Type, Mode: e.Mode, Hash: e.Hash, Target: e.Target}
	if e.Type == workspace.File {
		s.Size = e.Size
	}
	if e.Type == workspace.Symlink {
		s.Mode = 0o777 // Linux has no mode of a link; file systems disagree on what stat says.
	}
	return s
}

// Change is one path whose old and new side differ. A type change is a Modify whose sides have different types.
// A directory that is deleted or replaced is preceded or followed by a change for every visible path inside it.
type Change struct {
	Path workspace.Path
	Kind Kind
	Old  Side
	New  Side

	// Collides says that the path is hidden from the view, so whoever added it could not know of the file that the
	// workspace has there. It is never a plain add.
	Collides bool

	// Refused is the reason why this can never land in a workspace (a FIFO, a setuid bit); empty where it can.
	Refused string
}

// New makes the Change of a path from its sides; ok is false where they do not differ. Hashes that are not known on
// either side count as different content.
func New(path workspace.Path, old, now Side) (c Change, ok bool) {
	c = Change{Path: path, Old: old, New: now, Kind: Modify}
	switch {
	case old == now && (old.Type != workspace.File || old.Hash.Known()):
		return Change{}, false
	case old.Type == workspace.None:
		c.Kind = Add
	case now.Type == workspace.None:
		c.Kind = Delete
	}
	return c, true
}

// Set is a list of changes in path order: bytewise by the whole path, one change a path.
type Set struct {
	Changes []Change
}

// Find is the change of path, or nil.
func (s *Set) Find(path workspace.Path) *Change {
	if i, ok := s.search(path); ok {
		return &s.Changes[i]
	}
	return nil
}
