package session

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

const recordVersion = 1

// State is how far a session has come.
type State string

const (
	Staging  State = "staging"  // the view is being built
	Running  State = "running"  // the command runs; without a lock held, it was cut off
	Finished State = "finished" // the command ended; its changes wait
	Applied  State = "applied"  // changes were applied, some or all
)

// Record is what a session remembers of itself: version, origin, progress. It never holds a secret, and so not the
// command's environment either.
type Record struct {
	Version int    `json:"version"`
	ID      string `json:"id"`
	Project string `json:"project"`
	// ProjectBytes is the path where JSON cannot hold it as text. It is set by Save.
	ProjectBytes []byte    `json:"project_bytes,omitempty"`
	ProjectDev   uint64    `json:"project_dev"`
	ProjectIno   uint64    `json:"project_ino"`
	Created      time.Time `json:"created"`
	State        State     `json:"state"`
	Program      string    `json:"program"` // the first word of the command; arguments may hold secrets
	Stage        string    `json:"stage"`
	Git          string    `json:"git"`
	ExitCode     *int      `json:"exit_code,omitempty"`
	Changes      *int      `json:"changes,omitempty"`
	Bytes        *int64    `json:"bytes,omitempty"`   // content of the changed files
	Kept         int       `json:"kept,omitempty"`    // what the command made that is beside the layers, and no change
	Commits      bool      `json:"commits,omitempty"` // there are some that have not landed
	Shown        string    `json:"shown,omitempty"`   // digest of the plan that was last shown
	Journals     int       `json:"journals"`          // applies begun so far
}

func readRecord(dir string) (Record, error) {
	text, err := os.ReadFile(filepath.Join(dir, "record.json"))
	if err != nil {
		return Record{}, fmt.Errorf("read session record: %w", err)
	}
	var r Record
	if err := json.Unmarshal(text, &r); err != nil {
		return Record{}, fmt.Errorf("read session record of %s: %w", filepath.Base(dir), err)
	}
	if r.ProjectBytes != nil {
		r.Project = string(r.ProjectBytes)
	}
	if r.Version != recordVersion {
		return Record{}, fmt.Errorf("session %s has record version %d; this cofferdam reads version %d", filepath.Base(dir), r.Version, recordVersion)
	}
	if r.ID != filepath.Base(dir) {
		return Record{}, fmt.Errorf("session %s has the record of %.40q", filepath.Base(dir), r.ID)
	}
	return r, nil
}

// Info is a session as a listing shows it.
type Info struct {
	Record
	Dir     string
	Busy    bool  // some process holds its lock
	Problem error // why the record cannot be used; then only ID and Dir mean anything
}

func readInfo(dir string) Info {
	record, err := readRecord(dir)
	record.ID = filepath.Base(dir)
	info := Info{Record: record, Dir: dir, Problem: err}
	if lock, err := lockDir(dir); err != nil {
		info.Busy = true
	} else {
		lock.Close()
	}
	return info
}
