package apply

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"cofferdam/workspace"
)

// Status is what became of a journal directory.
type Status uint8

const (
	Empty      Status = iota // nothing was applied, or all of it was taken back
	Unfinished               // interrupted: Recover has to run
	Aborted                  // taken back, but for paths that the user changed meanwhile
	Applied                  // at least one op is in place
	Undone                   // everything was undone
)

var statusNames = [...]string{"empty", "unfinished", "aborted", "applied", "undone"}

func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("status %d", uint8(s))
}

// MarshalText makes Status a word in JSON.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// episode is one transaction of a journal directory, as its files tell it.
type episode struct {
	number int
	journalRecord
	tasks  []task
	landed []workspace.Entry // of a committed one
	abort  *abortRecord
}

func (e *episode) committed() bool { return e.landed != nil && e.abort == nil }
func (e *episode) finished() bool  { return e.landed != nil || e.abort != nil }

// history is the transactions of a journal directory: an apply, then undos. Only the last can be unfinished.
type history struct {
	dir      string
	episodes []episode
	redacted redacted // of the apply; nothing where it is not committed
}

func readHistory(dir string) (*history, error) {
	h := &history{dir: dir}
	for {
		e, err := readEpisode(dir, len(h.episodes)+1)
		if errors.Is(err, fs.ErrNotExist) {
			return h, h.readRedacted()
		}
		if err != nil {
			return nil, fmt.Errorf("read journal %s: %w", dir, err)
		}
		if n := len(h.episodes); n > 0 && !h.episodes[n-1].finished() {
			return nil, fmt.Errorf("read journal %s: %s follows an unfinished one", dir, journalFile(e.number))
		}
		h.episodes = append(h.episodes, *e)
	}
}

func readEpisode(dir string, n int) (*episode, error) {
	e := &episode{number: n}
	if err := readRecord(dir, journalFile(n), &e.journalRecord, &e.Version); err != nil {
		return nil, err
	}
	for _, r := range e.Tasks {
		t, err := r.task()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", journalFile(n), err)
		}
		e.tasks = append(e.tasks, t)
	}
	if err := e.readCommit(dir); err != nil {
		return nil, err
	}
	abort := &abortRecord{}
	switch err := readRecord(dir, abortFile(n), abort, &abort.Version); {
	case err == nil:
		e.abort = abort
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	return e, nil
}

func (e *episode) readCommit(dir string) error {
	commit := &commitRecord{}
	err := readRecord(dir, commitFile(e.number), commit, &commit.Version)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && len(commit.Landed) != len(e.tasks) {
		err = fmt.Errorf("%s does not belong to its journal", commitFile(e.number))
	}
	if err != nil {
		return err
	}
	e.landed = make([]workspace.Entry, len(e.tasks))
	for i, r := range commit.Landed {
		if e.landed[i], err = r.entry(e.tasks[i].Path); err != nil {
			return fmt.Errorf("%s: %w", commitFile(e.number), err)
		}
	}
	return nil
}

// readRecord decodes one file. Records are replaced whole, so a damaged one is an error and never a reason to guess.
func readRecord(dir, name string, value any, version *int) error {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, value); err != nil {
		return fmt.Errorf("%s: %v", name, err)
	}
	if *version != recordVersion {
		return fmt.Errorf("%s has version %d; this program knows %d", name, *version, recordVersion)
	}
	return nil
}

func (h *history) unfinished() *episode {
	if n := len(h.episodes); n > 0 && !h.episodes[n-1].finished() {
		return &h.episodes[n-1]
	}
	return nil
}

// inPlace is what the apply landed and no undo took back, with its fingerprint. Of redacted files it is the texts without
// values.
func (h *history) inPlace() (tasks []task, landed []workspace.Entry) {
	if len(h.episodes) == 0 || !h.episodes[0].committed() {
		return nil, nil
	}
	undone := map[int]bool{}
	for _, e := range h.episodes[1:] {
		if !e.committed() {
			continue
		}
		for i := range e.tasks {
			undone[e.tasks[i].slot] = true
		}
	}
	first := &h.episodes[0]
	for i := range first.tasks {
		t, now := first.tasks[i], first.landed[i]
		if undone[t.slot] {
			continue
		}
		if f := h.redacted[t.slot]; f != nil {
			t.Old, t.New = f.Before.side(), f.After.side()
			now.Size, now.Hash = t.New.Size, t.New.Hash
		}
		tasks, landed = append(tasks, t), append(landed, now)
	}
	return tasks, landed
}

func (h *history) status() Status {
	switch tasks, _ := h.inPlace(); {
	case len(h.episodes) == 0:
		return Empty
	case h.unfinished() != nil:
		return Unfinished
	case !h.episodes[0].committed():
		return Aborted
	case len(tasks) > 0:
		return Applied
	}
	return Undone
}

// left is what the transactions could not put back.
func (h *history) left() []Left {
	var left []Left
	for i := range h.episodes {
		if h.episodes[i].abort != nil {
			left = append(left, leftIn(h.dir, *h.episodes[i].abort)...)
		}
	}
	return left
}

// tidy removes what no record speaks for: slots without a backup that is still needed, the private directory in the
// workspace, temporary files. It must not run while a transaction is unfinished.
func (h *history) tidy(root *workspace.Root, c calls) error {
	if h.unfinished() != nil {
		return fmt.Errorf("BUG: tidying %s, which is unfinished", h.dir)
	}
	name, err := readAreaName(h.dir)
	if err != nil || name == "" {
		return err
	}
	if name != slotsDir {
		if err := removeArea(root, h.dir, name, c); err != nil {
			return err
		}
	}
	home, err := openArea(root, h.dir, slotsDir)
	if err != nil {
		return err
	}
	defer home.close()
	if err := home.clear(c, h.needed()); err != nil {
		return err
	}
	if err := h.scrub(c); err != nil {
		return err
	}
	if len(h.episodes) == 0 {
		if err := c.forget(h.dir, redactedName); err != nil {
			return err
		}
	}
	if err := h.removeTemporary(c); err != nil {
		return err
	}
	return c.forget(h.dir, areaFile)
}

// needed names the slots of the journal directory that hold a backup.
func (h *history) needed() map[int]bool {
	needed := map[int]bool{}
	tasks, _ := h.inPlace()
	for i := range tasks {
		if h.redacted[tasks[i].slot] == nil {
			needed[tasks[i].slot] = true
		}
	}
	for i := range h.episodes {
		if abort := h.episodes[i].abort; abort != nil {
			for _, l := range abort.Left {
				needed[l.Slot] = true
			}
		}
	}
	return needed
}

// removeTemporary removes what an interrupted write of a record left behind.
func (h *history) removeTemporary(c calls) error {
	entries, err := os.ReadDir(h.dir)
	if err != nil {
		return fmt.Errorf("read journal %s: %w", h.dir, err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") && e.Type().IsRegular() {
			if err := c.forget(h.dir, e.Name()); err != nil {
				return fmt.Errorf("clean journal %s: %w", h.dir, err)
			}
		}
	}
	return nil
}
