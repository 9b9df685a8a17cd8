package redact

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"cofferdam/internal/charset"
	"cofferdam/placeholder"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/scan/fields"
	"cofferdam/workspace"
)

// MaxFile bounds the files that are redacted, in bytes. Larger ones are hidden whole.
const MaxFile = 4 << 20

// rounds bounds how often a text is searched again, with placeholders for what was found before.
const rounds = 6

// UnfitError says why a file cannot be shown with placeholders and has to be hidden whole.
type UnfitError struct{ Why string }

func (e *UnfitError) Error() string { return e.Why }

func unfit(format string, args ...any) error { return &UnfitError{fmt.Sprintf(format, args...)} }

// Finder finds what is secret in a file. It is safe for concurrent use.
type Finder struct {
	set      *rules.Set
	searcher *scan.Searcher
	known    *Known
}

// NewFinder makes one of what decides about names and of what searches texts.
func NewFinder(set *rules.Set, searcher *scan.Searcher) *Finder {
	return &Finder{set: set, searcher: searcher}
}

// Knowing is f that takes the values of k for secret, too, wherever they stand.
func (f *Finder) Knowing(k *Known) *Finder {
	with := *f
	with.known = k
	return &with
}

// Known is the values that f knows; it may be nil.
func (f *Finder) Known() *Known { return f.known }

// File is a file with placeholders in the place of what is secret in it. It was searched: nothing is found in its text, and
// no known value.
type File struct {
	*placeholder.Redacted
	Spans  []placeholder.Span // of the file as it is, where the values stand
	Values []Value            // those that tell something where they are met elsewhere
}

// Find says what in raw, the content of path, is secret. The error is an *UnfitError where the file has to be hidden.
func (f *Finder) Find(ctx context.Context, path workspace.Path, raw []byte, key placeholder.Key) (*File, error) {
	s, err := f.find(ctx, path, raw, key)
	if err != nil {
		return nil, err
	}
	return &File{s.redacted, s.spans, s.values()}, nil
}

// Places is all values of a text that may have tokens in it, secret or not, as its format's reader finds them; none where
// there is no such reader, or the text is not as it should be.
func (f *Finder) Places(path workspace.Path, raw []byte) []placeholder.Span {
	t := f.open(path, raw)
	places := make([]placeholder.Span, 0, len(t.fields))
	for i := range t.fields {
		places = append(places, t.span(&t.fields[i]))
	}
	return places
}

// Named is what a person knows a secret of raw by, the content of path, as its format's reader finds it: not by the form of
// its value, but by where it stands. It is not ok where there is none, or nobody can say.
func (f *Finder) Named(path workspace.Path, raw []byte) (name string, ok bool) {
	spans := f.open(path, raw).secrets()
	if len(spans) == 0 {
		return "", false
	}
	return spans[0].Name, true
}

// Escape writes in the context to what is written as raw in the context from; placeholder.Options takes it.
func Escape(from, to placeholder.Context, raw string) (written string, ok bool) {
	value, ok := fields.Unescape(fields.Quote(from), raw)
	if !ok {
		return "", false
	}
	return fields.Escape(fields.Quote(to), value)
}

// search is one file under way.
type search struct {
	*text
	finder   *Finder
	ctx      context.Context
	key      placeholder.Key
	spans    []placeholder.Span
	redacted *placeholder.Redacted
}

// find looks for what the format calls secret first, and then in the text with placeholders for that, until nothing is
// found any more: what a rule finds around a value that has a placeholder already is no secret.
func (f *Finder) find(ctx context.Context, path workspace.Path, raw []byte, key placeholder.Key) (*search, error) {
	if len(raw) > MaxFile {
		return nil, unfit("over the limit of %d MiB for placeholders", MaxFile>>20)
	}
	s := &search{text: f.open(path, raw), finder: f, ctx: ctx, key: key}
	if c, _ := charset.Detect(raw); c == charset.Bytes && bytes.IndexByte(raw, 0) >= 0 {
		return nil, unfit("binary content takes no placeholders")
	}
	if s.problem != nil {
		return nil, unfit("%v", s.problem)
	}
	s.spans = s.secrets()
	for range rounds {
		done, err := s.round()
		if err != nil {
			return nil, err
		}
		if done {
			return s, s.prove()
		}
	}
	return nil, unfit("something was found in it however often it was redacted")
}

// round redacts what is known so far, and reports whether that was all.
func (s *search) round() (done bool, err error) {
	s.redacted, err = placeholder.Redact(s.raw, s.spans, s.key)
	if errors.Is(err, placeholder.ErrEncoding) {
		return false, unfit("%v", err)
	}
	if err != nil {
		return false, err
	}
	more, err := s.finder.left(s.ctx, s.path, s.redacted.Text)
	if err != nil {
		return false, err
	}
	for _, found := range more {
		span, err := s.spanOf(found)
		if err != nil {
			return false, err
		}
		s.spans = append(s.spans, span)
	}
	s.spans = tidy(s.spans)
	return len(more) == 0, nil
}

// found is a place in a redacted text that is not to be shown.
type found struct {
	start, end int
	rule, name string
}

// left is what a scan, and a search for known values, find in text.
func (f *Finder) left(ctx context.Context, path workspace.Path, text []byte) ([]found, error) {
	findings, incomplete, err := f.searcher.Search(ctx, path, text)
	if err != nil {
		return nil, err
	}
	if len(incomplete) > 0 {
		return nil, unfit("%s", incomplete[0].Reason)
	}
	var all []found
	for i := range findings {
		x := &findings[i]
		if x.Member != "" || x.Line == 0 {
			return nil, unfit("%s was found in %q inside of it", x.Rule, x.Member)
		}
		all = append(all, found{int(x.Offset), int(x.Offset + x.Length), x.Rule, ""})
	}
	for _, hit := range f.known.Find(text) {
		all = append(all, found{hit.Start, hit.End, hit.Rule, hit.Name})
	}
	return all, nil
}

// prove holds that the text with placeholders is what it was to its format's reader, and no credential to the rules.
func (s *search) prove() error {
	// Where a name leaves it to the content, a reader knows better than the words of a line what is a secret.
	asked := s.format != nil && s.verdict.Action == rules.Inspect
	if why, ok := s.finder.set.Credential(s.verdict, s.redacted.Text); ok && !asked {
		return unfit("%s, which has no place of its own", why)
	}
	if s.format == nil || len(s.spans) == 0 {
		return nil
	}
	after := s.finder.open(s.path, s.redacted.Text)
	if after.problem != nil {
		return unfit("with placeholders, %v", after.problem)
	}
	for i := range s.fields {
		if !after.has(s.fields[i].Key) {
			return unfit("with placeholders, a value would get lost")
		}
	}
	return nil
}
