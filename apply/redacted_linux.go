package apply

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"cofferdam/change"
	"cofferdam/internal/diff3"
	"cofferdam/placeholder"
	"cofferdam/redact"
	"cofferdam/workspace"
)

// redactedName is the file of a journal directory that has, in place of backups with values in them, both texts with
// placeholders: undo is the inverse change, restored with the values that the workspace has then.
const redactedName = "redacted.json"

// maxRedacted bounds the texts in it, in bytes. They are in memory together.
const maxRedacted = 128 << 20

type redactedRecord struct {
	Version int
	Files   []redactedFile
}

// redactedFile is a file before and after, without its values.
type redactedFile struct {
	Slot   int
	Before redactedText
	After  redactedText
}

type redactedText struct {
	Mode   uint32
	Text   []byte
	Record placeholder.Record
}

func (t *redactedText) side() change.Side { return contentSide(t.Mode, t.Text) }

// redacted is the redacted files of a journal, by their slots.
type redacted map[int]*redactedFile

// makeAgain makes what a merge makes, once more.
func (s *stager) makeAgain(ctx context.Context, t *task) (*merged, error) {
	got, err := t.made.run(ctx)
	if err != nil {
		return nil, err
	}
	if got.conflicting || contentSide(t.New.Mode, got.text) != t.New || got.host.Hash != t.Host.Hash {
		return nil, clash(t.Path, EditEdit, "the workspace has changed it just now")
	}
	return got, nil
}

// noteMade is for a file of which only the mode changes: its journal is to have no hash of its values either.
func (s *stager) noteMade(ctx context.Context, t *task) error {
	if t.made == nil || s.number != 1 {
		return nil
	}
	got, err := s.makeAgain(ctx, t)
	if err == nil {
		err = s.redact(ctx, t, got)
	}
	if err != nil {
		return fmt.Errorf("stage %q: %w", t.Path, err)
	}
	return nil
}

func (s *stager) stageMade(ctx context.Context, t *task, heir heritage) error {
	got, err := s.makeAgain(ctx, t)
	if err != nil {
		return err
	}
	dst, err := s.calls.create(s.area.root.Fd(), slotPath(t.slot).Base())
	if err != nil {
		return fmt.Errorf("create: %w", err)
	}
	defer dst.Close()
	if _, err := s.calls.write(dst, got.text); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if s.number == 1 {
		if err := s.redact(ctx, t, got); err != nil {
			return err
		}
	}
	return s.finish(dst, t.slot, t.New.Mode, heir)
}

// redact notes both sides of a file with values, so that its backup need not stay. Where a value goes away for good, or its
// way to be written, only the backup could bring that back.
func (s *stager) redact(ctx context.Context, t *task, got *merged) error {
	if got.secret.Redacted == nil || len(got.secret.Spans) == 0 {
		return nil
	}
	after, err := t.made.secrets.find(ctx, t.Path, got.text)
	var unfit *redact.UnfitError
	if errors.As(err, &unfit) {
		t.keeps = "what in the new one is secret cannot be told"
		return nil
	}
	if err != nil {
		return err
	}
	f := &redactedFile{
		Slot:   t.slot,
		Before: redactedText{t.Host.Mode, got.secret.Text, got.secret.Record},
		After:  redactedText{t.New.Mode, after.Text, after.Record},
	}
	if !s.canUndo(f, t, got, after) {
		t.keeps = "the new one does not hold all of its values as they are written there"
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.redactedBytes += len(f.Before.Text) + len(f.After.Text); s.redactedBytes > maxRedacted {
		t.keeps = "there are too many such files"
		return nil
	}
	s.redacted[t.slot] = f
	return nil
}

// canUndo tries it: from what lands, and without the values of the file before, that file has to come back to the byte.
func (s *stager) canUndo(f *redactedFile, t *task, got *merged, after *redact.File) bool {
	m := inverseOf(t.Path, s.root, f, t.made.secrets)
	values, err := placeholder.Locate(f.After.Text, got.text, m.record, m.secrets.key(), after.Spans)
	if err != nil {
		return false
	}
	outcome, err := placeholder.Restore(f.Before.Text, values, m.restoring(f.Before.Text))
	if err != nil {
		return false
	}
	text, err := outcome.Text(diff3.Ours)
	return err == nil && bytes.Equal(text, got.now)
}

func (t *transaction) writeRedacted() error {
	if len(t.redacted) == 0 {
		return nil
	}
	r := redactedRecord{Version: recordVersion}
	for i := range t.tasks {
		if f := t.redacted[t.tasks[i].slot]; f != nil {
			r.Files = append(r.Files, *f)
		}
	}
	return t.write(redactedName, r)
}

func readRedacted(dir string) (redacted, error) {
	r := &redactedRecord{}
	err := readRecord(dir, redactedName, r, &r.Version)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	files := redacted{}
	for i := range r.Files {
		files[r.Files[i].Slot] = &r.Files[i]
	}
	return files, nil
}

// readRedacted reads what stands for backups, once the apply is committed.
func (h *history) readRedacted() (err error) {
	if len(h.episodes) == 0 || !h.episodes[0].committed() {
		return nil
	}
	if h.redacted, err = readRedacted(h.dir); err != nil {
		return fmt.Errorf("read journal %s: %w", h.dir, err)
	}
	return nil
}

// scrub takes the hashes of contents with values out of the journals of what is committed: whoever guesses a value could
// compare with them. Recovery, which needs them, is over.
func (h *history) scrub(c calls) error {
	for i := range h.episodes {
		e := &h.episodes[i]
		if !e.committed() || e.Scrubbed || !slices.ContainsFunc(e.tasks, func(t task) bool { return h.redacted[t.slot] != nil }) {
			continue
		}
		r := e.journalRecord
		r.Scrubbed, r.Steps, r.Tasks = true, json.RawMessage("[]"), slices.Clone(r.Tasks)
		for k := range e.tasks {
			f := h.redacted[e.tasks[k].slot]
			if f == nil {
				continue
			}
			before, after := f.Before.side(), f.After.side()
			if i > 0 {
				before, after = after, before
			}
			r.Tasks[k].Old, r.Tasks[k].New = recordOfSide(before), recordOfSide(after)
		}
		t := &transaction{dir: h.dir, calls: c}
		if err := t.write(journalFile(e.number), r); err != nil {
			return err
		}
	}
	return nil
}

// inverseOf is how a redacted file gets back to what it was before.
func inverseOf(path workspace.Path, root *workspace.Root, f *redactedFile, s *Secrets) *merge {
	return &merge{
		path: path, root: root, secrets: s, record: &f.After.Record, checked: true,
		set:    placeholder.NewSet(&f.Before.Record, &f.After.Record),
		theirs: func(context.Context) ([]byte, error) { return f.Before.Text, nil },
		base:   func(context.Context, []byte, []byte) ([]byte, error) { return f.After.Text, nil },
		accept: func(e SecretEvent) bool { return e.Kind != kindOf(placeholder.Lossy) },
	}
}
