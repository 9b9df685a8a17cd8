package apply

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"cofferdam/change"
	"cofferdam/workspace"
)

// The files of a journal directory. N is 1 for the apply and goes up with each undo.
//
//	area           where the slots of the running transaction are: "slots", or a name at the top of the project
//	slots/S        the slot of op S: staged, then the backup
//	redacted.json  instead of backups with values in them: both texts with placeholders
//	N.journal      written before the first rename: the whole transaction
//	N.commit       written after the last: what landed
//	N.abort        written when a transaction was taken back but for paths that the user changed meanwhile
const (
	areaFile = "area"
	slotsDir = "slots"
)

func journalFile(n int) string { return strconv.Itoa(n) + ".journal" }
func commitFile(n int) string  { return strconv.Itoa(n) + ".commit" }
func abortFile(n int) string   { return strconv.Itoa(n) + ".abort" }

const recordVersion = 1

// quoted is a string in JSON that need not be UTF-8.
type quoted string

func (q quoted) MarshalText() ([]byte, error) { return strconv.AppendQuoteToASCII(nil, string(q)), nil }

func (q *quoted) UnmarshalText(text []byte) error {
	s, err := strconv.Unquote(string(text))
	*q = quoted(s)
	return err
}

type journalRecord struct {
	Version int
	Root    uint64 // inode of the workspace's directory
	Area    string // as in areaFile
	Digest  string
	Tasks   []taskRecord
	Steps   json.RawMessage // []stepRecord, which only a recovery decodes

	Scrubbed bool `json:",omitempty"` // of hashes of contents with values, and of the steps
}

type commitRecord struct {
	Version int
	Landed  []entryRecord // of each task, in the same order
}

type abortRecord struct {
	Version int
	Left    []leftRecord
}

type taskRecord struct {
	Slot   int
	Action action
	Path   quoted
	Kind   change.Kind
	Old    sideRecord
	New    sideRecord

	View    *sideRecord `json:",omitempty"` // what the command left, where what landed is made of that
	Partial bool        `json:",omitempty"` // not all of that landed
}

type sideRecord struct {
	Type   workspace.Type
	Mode   uint32 `json:",omitempty"`
	Size   int64  `json:",omitempty"`
	Hash   string `json:",omitempty"`
	Target quoted `json:",omitempty"`
}

type stepRecord struct {
	Action action
	Path   quoted
	Slot   int
	In     entryRecord
	Out    entryRecord
}

type entryRecord struct {
	Type   workspace.Type
	Mode   uint32 `json:",omitempty"`
	Size   int64  `json:",omitempty"`
	Mtime  int64  `json:",omitempty"`
	Ctime  int64  `json:",omitempty"`
	Dev    uint64 `json:",omitempty"`
	Ino    uint64 `json:",omitempty"`
	Nlink  uint64 `json:",omitempty"`
	UID    uint32 `json:",omitempty"`
	GID    uint32 `json:",omitempty"`
	Hash   string `json:",omitempty"`
	Target quoted `json:",omitempty"`
}

type leftRecord struct {
	Path quoted
	Slot int // -1 where nothing was there before
	Why  string
}

func recordOfEntry(e workspace.Entry) entryRecord {
	return entryRecord{e.Type, e.Mode, e.Size, e.Mtime, e.Ctime, e.Dev, e.Ino, e.Nlink, e.UID, e.GID, recordOfHash(e.Hash), quoted(e.Target)}
}

func (r entryRecord) entry(path workspace.Path) (workspace.Entry, error) {
	hash, err := parseHash(r.Hash)
	stat := workspace.Stat{Type: r.Type, Mode: r.Mode, Size: r.Size, Mtime: r.Mtime, Ctime: r.Ctime, Dev: r.Dev, Ino: r.Ino, Nlink: r.Nlink, UID: r.UID, GID: r.GID}
	return workspace.Entry{Path: path, Stat: stat, Hash: hash, Target: string(r.Target)}, err
}

func recordOfSide(s change.Side) sideRecord {
	return sideRecord{s.Type, s.Mode, s.Size, recordOfHash(s.Hash), quoted(s.Target)}
}

func (r sideRecord) side() (change.Side, error) {
	hash, err := parseHash(r.Hash)
	return change.Side{Type: r.Type, Mode: r.Mode, Size: r.Size, Hash: hash, Target: string(r.Target)}, err
}

func recordOfHash(h workspace.Hash) string {
	if !h.Known() {
		return ""
	}
	return h.String()
}

func parseHash(text string) (h workspace.Hash, err error) {
	if text == "" {
		return h, nil
	}
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(h) {
		return h, fmt.Errorf("hash %.80q is not 64 hex digits", text)
	}
	return workspace.Hash(b), nil
}

func recordOfTask(t *task) taskRecord {
	r := taskRecord{Slot: t.slot, Action: t.action, Path: quoted(t.Path), Kind: t.Kind, Old: recordOfSide(t.Old), New: recordOfSide(t.New)}
	if t.made != nil {
		view := recordOfSide(t.view.New)
		r.View, r.Partial = &view, t.partial
	}
	return r
}

func (r taskRecord) task() (t task, err error) {
	old, errOld := r.Old.side()
	now, errNew := r.New.side()
	path, errPath := workspace.ParsePath(string(r.Path))
	t.Change = change.Change{Path: path, Kind: r.Kind, Old: old, New: now}
	t.slot, t.action, t.partial = r.Slot, r.Action, r.Partial
	var errView error
	if r.View != nil {
		t.view.New, errView = r.View.side()
	}
	return t, errors.Join(errOld, errNew, errPath, errView, checkSlot(r.Slot, r.Action))
}

func recordOfStep(s *step) stepRecord {
	return stepRecord{s.action, quoted(s.path), s.slot, recordOfEntry(s.in), recordOfEntry(s.out)}
}

func (r stepRecord) step() (s step, err error) {
	path, errPath := workspace.ParsePath(string(r.Path))
	s = step{action: r.Action, path: path, slot: r.Slot}
	var errIn, errOut error
	s.in, errIn = r.In.entry(path)
	s.out, errOut = r.Out.entry(path)
	return s, errors.Join(errPath, errIn, errOut, checkSlot(r.Slot, r.Action))
}

func checkSlot(slot int, a action) error {
	if a < put || a > chmod || slot < 0 {
		return fmt.Errorf("no such action: %d in slot %d", a, slot)
	}
	return nil
}
