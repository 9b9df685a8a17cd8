package apply

import (
	"context"

	"cofferdam/placeholder"
	"cofferdam/redact"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// Secrets is what a plan has to know of the values that a view did not show. It is not changed.
type Secrets struct {
	Finder   *redact.Finder // finds what is secret in the workspace's files as they are now, and knows their values
	Searcher *scan.Searcher // searches what lands; it judges no names
	Rules    *rules.Set     // says which names are those of credential files
	Key      placeholder.Key
	Book     *redact.Book // what the view showed with placeholders; may be nil

	tokens *placeholder.Set // of Book
}

// record is what the session knows of the placeholders in the file at path, nil where it showed it as it is.
func (s *Secrets) record(path workspace.Path) *placeholder.Record {
	if s == nil || s.Book == nil {
		return nil
	}
	return s.Book.Files[path]
}

func (s *Secrets) set() *placeholder.Set {
	switch {
	case s == nil || s.Book == nil:
		return placeholder.NewSet()
	case s.tokens != nil:
		return s.tokens
	}
	return s.Book.Set()
}

func (s *Secrets) known() *redact.Known {
	if s == nil || s.Finder == nil {
		return nil
	}
	return s.Finder.Known()
}

// find says what in the workspace's file is secret now.
func (s *Secrets) find(ctx context.Context, path workspace.Path, raw []byte) (*redact.File, error) {
	if s == nil || s.Finder == nil {
		return &redact.File{}, nil
	}
	return s.Finder.Find(ctx, path, raw, s.key())
}

// key is the session's, or, where nothing is secret, any.
func (s *Secrets) key() placeholder.Key {
	if s == nil || s.Key == (placeholder.Key{}) {
		return placeholder.NewKey([32]byte{})
	}
	return s.Key
}

func (s *Secrets) places(path workspace.Path, raw []byte) []placeholder.Span {
	if s == nil || s.Finder == nil {
		return nil
	}
	return s.Finder.Places(path, raw)
}
