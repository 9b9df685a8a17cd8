package apply

import (
	"slices"

	"cofferdam/placeholder"
	"cofferdam/workspace"
)

// EventKind is what became of a secret value, or of what stands for one, in something that is to land.
type EventKind string

// The kinds that are about placeholders have their names of package placeholder. The others are of the search of what
// lands.
const (
	NewSecret      EventKind = "new-secret"      // a secret that the file did not have
	KnownValue     EventKind = "known-value"     // a value of the project that the view did not show, raw or encoded
	CredentialFile EventKind = "credential-file" // a file that is new and holds credentials, by its name
	Unsearched     EventKind = "unsearched"      // it could not be searched
)

var (
	restored = kindOf(placeholder.Restored)
	deleted  = kindOf(placeholder.Deleted)
)

func kindOf(k placeholder.Kind) EventKind { return EventKind(k.String()) }

// asking is the kinds that land where they are accepted, and are held back else.
var asking = []EventKind{
	kindOf(placeholder.Deleted), kindOf(placeholder.Replaced), kindOf(placeholder.Lossy), kindOf(placeholder.Unknown),
	NewSecret, KnownValue, CredentialFile,
}

// Asking is the kinds of events that land where they are accepted, and are held back else.
func Asking() []EventKind { return slices.Clone(asking) }

// Asks reports whether an event of the kind is held back unless it is accepted.
func (k EventKind) Asks() bool { return slices.Contains(asking, k) }

// Where is the part of a change that an event is in.
type Where string

// The parts.
const (
	InContent Where = "content"
	InName    Where = "name"   // of the path
	InTarget  Where = "target" // of a symlink
)

// SecretEvent is what became of one value, or of one placeholder. It holds no value.
type SecretEvent struct {
	Path    workspace.Path
	Kind    EventKind
	Where   Where
	Name    string // what the value is known by, or the rule that found it
	Token   string
	Damage  placeholder.Damage
	Line    int // from 1, in the command's file; in the view where it is gone from there; 0 where there are no lines
	Column  int // from 1, in bytes
	Rotated bool
	Held    bool // it does not land, nor what is around it
}

// Restores reports whether a placeholder gets its value back.
func (e SecretEvent) Restores() bool {
	return e.Kind == restored || e.Kind == kindOf(placeholder.Moved) || e.Kind == kindOf(placeholder.Copied)
}

// asked is e as it is asked about, before anything is decided.
func (e SecretEvent) asked() SecretEvent {
	e.Held = false
	return e
}

func eventOf(path workspace.Path, e placeholder.Event) SecretEvent {
	return SecretEvent{
		Path: path, Kind: kindOf(e.Kind), Where: InContent, Name: e.Name, Token: e.Token, Damage: e.Damage,
		Line: e.Line, Column: e.Column, Rotated: e.Rotated, Held: e.Held,
	}
}
