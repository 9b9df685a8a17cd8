package apply

import (
	"bytes"
	"context"
	"errors"

	"cofferdam/internal/diff3"
	"cofferdam/placeholder"
	"cofferdam/redact"
	"cofferdam/workspace"
)

// CommittedFile is what a commit in a view does to a file: its content before and after, and that in the project's commit
// which this one lands on. Nil is absence.
type CommittedFile struct {
	Path           workspace.Path
	Old, New, Host []byte
}

// Committed is what lands in place of f.New: with the values that the project's commit has there, and no others. What of it
// must not land, or would have to be asked for, holds the file back, and says why.
func (s *Secrets) Committed(ctx context.Context, f CommittedFile) (content []byte, held string, err error) {
	set := s.set()
	fresh, err := s.newIn(ctx, set, f.Path, func() ([]byte, error) { return f.Old, nil }, f.New)
	if err != nil {
		return nil, "", err
	}
	if len(fresh) > 0 {
		return nil, fresh[0].why(), nil
	}
	strays := set.Strays(f.New)
	switch {
	case len(strays) == 0 && len(set.Strays(f.Old)) == 0:
		return f.New, "", nil
	case f.Host == nil && len(strays) > 0:
		e := eventOf(f.Path, strays[0])
		return nil, e.why(), nil
	case f.Host == nil:
		return f.New, "", nil
	}
	return s.restoreCommitted(ctx, f)
}

func (s *Secrets) restoreCommitted(ctx context.Context, f CommittedFile) (content []byte, held string, err error) {
	host, err := s.find(ctx, f.Path, f.Host)
	var unfit *redact.UnfitError
	switch {
	case errors.As(err, &unfit):
		return nil, "what in it is secret cannot be told: " + unfit.Why, nil
	case err != nil:
		return nil, err.Error(), ctx.Err()
	}
	m := &merge{path: f.Path, secrets: s, set: s.with(&host.Record)}
	values, err := placeholder.Locate(host.Text, f.Host, &host.Record, s.key(), host.Spans)
	if err != nil {
		return nil, err.Error(), nil
	}
	outcome, err := placeholder.Restore(f.New, values, m.restoring(f.New))
	if err != nil {
		return nil, err.Error(), nil
	}
	for _, e := range outcome.Events() {
		if e.Held {
			event := eventOf(f.Path, e)
			return nil, event.why(), nil
		}
	}
	text, err := outcome.Text(diff3.Theirs)
	if err != nil {
		return nil, err.Error(), nil
	}
	return bytes.Clone(text), "", nil
}

// with is the tokens of the session, and those of one more text.
func (s *Secrets) with(record *placeholder.Record) *placeholder.Set {
	records := []*placeholder.Record{record}
	if s.Book != nil {
		for _, r := range s.Book.Files {
			records = append(records, r)
		}
	}
	return placeholder.NewSet(records...)
}

// Mentions reports whether a text, such as the message of a commit, has a placeholder in it, or a value that the view did
// not show.
func (s *Secrets) Mentions(text []byte) bool {
	_, known := s.known().In(text)
	return known || len(s.set().Find(text)) > 0
}
