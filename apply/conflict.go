package apply

import (
	"fmt"
	"strings"

	"cofferdam/workspace"
)

// ConflictKind is how a change and the workspace contradict each other: what the user did, then what the change does.
type ConflictKind uint8

const (
	EditEdit    ConflictKind = iota + 1 // both changed it, differently
	EditDelete                          // the user changed what is to be deleted
	DeleteEdit                          // the user deleted what is to be changed
	AddAdd                              // the user has something else where nothing was
	AddDelete                           // the user added it inside a directory that is to be deleted
	ModeMode                            // both changed the mode, differently
	TypeEdit                            // the user replaced it by another type of file
	Collision                           // something hidden from the view is in the way
	Parent                              // the directory that is to hold it is gone, or is none, or conflicts itself
	Mount                               // it lies on another mount or file system
	Inside                              // something inside the directory stays, so the directory cannot go
	Backup                              // undo: the backup was written to after the apply
	Unreadable                          // what the workspace has cannot be compared
	Placeholder                         // a placeholder stands where a value should
)

var conflictNames = [...]string{"", "edit/edit", "edit/delete", "delete/edit", "add/add", "add/delete", "mode/mode",
	"type", "collision", "parent", "mount", "inside", "backup", "unreadable", "placeholder"}

func (k ConflictKind) String() string {
	if int(k) < len(conflictNames) {
		return conflictNames[k]
	}
	return fmt.Sprintf("conflict %d", uint8(k))
}

// MarshalText makes ConflictKind a word in JSON.
func (k ConflictKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Conflict is a path that both the user and the change have touched. Both sides stay as they are.
type Conflict struct {
	Path   workspace.Path
	Kind   ConflictKind
	Detail string // for people
}

// ConflictError says that nothing of a plan was written, because the workspace contradicts it.
type ConflictError struct {
	Conflicts []Conflict

	// Left names what the user changed just while changes that had already landed were taken back. It is empty but
	// for that race.
	Left []Left
}

const conflictsShown = 3

func (e *ConflictError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d conflicts with the workspace", len(e.Conflicts))
	if len(e.Conflicts) == 1 {
		b.Reset()
		b.WriteString("a conflict with the workspace")
	}
	for i, c := range e.Conflicts {
		if i == conflictsShown {
			b.WriteString("; …")
			break
		}
		fmt.Fprintf(&b, "%s %q %s (%s)", separator(i), c.Path, c.Kind, c.Detail)
	}
	if len(e.Left) > 0 {
		fmt.Fprintf(&b, "; %d paths could not be put back, first %q: %s", len(e.Left), e.Left[0].Path, e.Left[0].Why)
	}
	return b.String()
}

func separator(i int) string {
	if i == 0 {
		return ":"
	}
	return ";"
}
