package scan

import (
	"time"

	"cofferdam/rules"
	"cofferdam/scan/allow"
	"cofferdam/workspace"
)

// Report is what a scan found.
type Report struct {
	Root       string
	Findings   []Finding        // by path, then member, then offset
	Ledger     []Line           // a line for every path below the root, in path order
	Incomplete []Incomplete     // what was not read, in path order
	Mounts     []workspace.Path // mount points below the root; what lies in them was not read
	Foreign    []workspace.Path // owned by another user or group: an overlay cannot copy them up
	Bytes      int64            // read, or of the objects of a history
	Texts      int              // searched, where no tree was walked and there is no ledger
	Reused     int              // results that were known: files or objects that had been read before, by this scan or an earlier one
	Hashed     bool             // files have their hash in the ledger
}

// Finding is a place that looks like a secret: in a file, or in the text of a symlink. It holds no part of the value. Lines and columns count from 1, columns
// in bytes of the file as it is; EndLine and EndColumn are the place directly after the last byte.
type Finding struct {
	Rule        string
	Description string
	Severity    string // critical, high, medium or low
	Why         string // what makes it a secret, for people; may be empty
	Path        workspace.Path
	Member      string // path inside the archive at Path, "!" between nested ones; places count in what is unpacked. Empty elsewhere
	Line        int
	Column      int
	EndLine     int
	EndColumn   int
	Offset      int64 // bytes into the file as it is
	Length      int64
	Action      string   // of the plan: hide, pass or redact; empty before there is one
	Fingerprint string   // the same for the same rule and value, wherever it stands; confirms no guess of a weak value
	Decoded     []string // encodings that had to be undone, and how deep; empty for plain text
	Entropy     float32  // bits a byte of the value
	Tags        []string // of the rule
	Commit      *Commit  // the one that brought it in, where a history was searched

	comment allow.Source // a mark on its line that asks to allow it
}

// Commit is what a finding in a history says of where it came from.
type Commit struct {
	ID      string // hex
	Author  string
	Email   string
	Date    time.Time // the author's
	Subject string    // first line of the message
}

// State is what a scan did with a path.
type State string

const (
	Scanned    State = "scanned"    // a regular file, read whole
	Directory  State = "directory"  // entered
	Symlink    State = "symlink"    // never followed; the text of the link is searched
	Special    State = "special"    // FIFO, socket or device: never opened
	Unit       State = "unit"       // a .git: noted, not entered
	Mount      State = "mount"      // another file system: noted, not read
	Unreadable State = "unreadable" // see Reason
)

// Line is the ledger's account of one path.
type Line struct {
	workspace.Entry // Hash is that of a scanned file, where it was asked for
	State           State
	Verdict         rules.Verdict
	Reason          string // why unreadable
	Credential      string // what in the content makes it a credential file, where its name had content decide
	Action          string // of the plan: hide, pass or redact; empty before there is one
	Known           bool   // that it is a credential file is known, and not to be reported

	readAt int64 // when reading began, nanoseconds since the epoch
}

// Incomplete is a path that was not, or not wholly, looked at.
type Incomplete struct {
	Path   workspace.Path
	Reason string
}

// Find is the ledger's line for path, or nil.
func (r *Report) Find(path workspace.Path) *Line {
	if i, ok := r.search(path); ok {
		return &r.Ledger[i]
	}
	return nil
}

// FindingsIn is the findings in the file at path.
func (r *Report) FindingsIn(path workspace.Path) []Finding {
	return findingsIn(r.Findings, path)
}
