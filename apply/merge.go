package apply

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"cofferdam/internal/charset"
	"cofferdam/internal/diff3"
	"cofferdam/placeholder"
	"cofferdam/redact"
	"cofferdam/workspace"
)

// maxMerged bounds a side of a merge, in bytes.
const maxMerged = redact.MaxFile

// errUnmergeable says that a content is merged with no other.
var errUnmergeable = errors.New("it is not merged")

// merge is a file that lands as neither side has it: the project's as it is now, with the command's edits, and with the
// values that stand there in place of placeholders. Nobody keeps the text: it is made again where it is needed.
type merge struct {
	path     workspace.Path
	root     *workspace.Root
	theirs   func(context.Context) ([]byte, error) // the command's, as it is in the view
	base     func(ctx context.Context, host, theirs []byte) ([]byte, error)
	record   *placeholder.Record // of base; nil where nothing in it is redacted
	set      *placeholder.Set
	secrets  *Secrets
	accept   func(SecretEvent) bool
	conflict ConflictMode
	checked  bool // that nothing secret is new in it has to be checked
}

// merged is what a merge makes. It is never kept, nor printed.
type merged struct {
	host    workspace.Entry // with its hash
	now     []byte          // the host's content
	text    []byte          // what lands
	secret  *redact.File    // what is secret in now
	events  []SecretEvent
	held    bool // not all lands
	edited  bool // the project's file has edits of its own, rotated values apart
	meeting int  // places that both sides changed

	conflicting bool // nothing lands, because of these places
}

func (m *merge) run(ctx context.Context) (*merged, error) {
	got := &merged{}
	var err error
	if got.now, got.host, err = readFile(m.root, m.path, maxMerged); err != nil {
		return nil, err
	}
	theirs, err := m.theirs(ctx)
	if err != nil {
		return nil, err
	}
	base, err := m.base(ctx, got.now, theirs)
	if err != nil {
		return nil, err
	}
	for _, text := range [][]byte{base, got.now, theirs} {
		if isBinary(text) {
			return nil, fmt.Errorf("binary content: %w", errUnmergeable)
		}
	}
	if theirs, err = m.check(ctx, got, base, theirs); err != nil {
		return nil, err
	}
	return got, m.restore(ctx, got, base, theirs)
}

// isBinary reports whether content is no text, in whatever encoding.
func isBinary(content []byte) bool {
	code, _ := charset.Detect(content)
	return code == charset.Bytes && diff3.IsBinary(content)
}

// restore puts the values in, and merges.
func (m *merge) restore(ctx context.Context, got *merged, base, theirs []byte) (err error) {
	if got.secret, err = m.secrets.find(ctx, m.path, got.now); err != nil {
		return m.clash(err)
	}
	values, err := placeholder.Locate(base, got.now, m.record, m.secrets.key(), got.secret.Spans)
	if err != nil {
		return m.clash(err)
	}
	shown, err := values.Redacted()
	if err != nil {
		return m.clash(err)
	}
	got.edited = !bytes.Equal(shown, base)
	outcome, err := placeholder.Restore(theirs, values, m.restoring(theirs))
	if err != nil {
		return m.clash(err)
	}
	got.held = got.held || outcome.Held() > 0
	got.meeting = len(outcome.Conflicts())
	for _, e := range outcome.Events() {
		got.events = append(got.events, eventOf(m.path, e))
	}
	got.events = append(got.events, m.quiet(theirs, values.States(), outcome.Events())...)
	slices.SortStableFunc(got.events, byPlace)
	if got.conflicting = got.meeting > 0 && !m.conflict.resolves(); got.conflicting {
		return nil
	}
	if got.text, err = m.text(outcome); err != nil {
		return m.clash(err)
	}
	return nil
}

func (m *merge) restoring(theirs []byte) placeholder.Options {
	return placeholder.Options{
		Set: m.set, Places: m.secrets.places(m.path, theirs), Escape: redact.Escape,
		Accept: func(e placeholder.Event) bool { return m.accepts(eventOf(m.path, e)) },
	}
}

func (m *merge) text(o *placeholder.Outcome) ([]byte, error) {
	switch m.conflict {
	case Markers:
		return o.Marked(diff3.Marks{Ours: "the project", Theirs: "the session"})
	case Theirs:
		return o.Text(diff3.Theirs)
	}
	return o.Text(diff3.Ours)
}

func (m *merge) accepts(e SecretEvent) bool { return m.accept != nil && m.accept(e.asked()) }

// quiet is the placeholders that got their values back with nothing to say about it.
func (m *merge) quiet(theirs []byte, states []placeholder.State, told []placeholder.Event) []SecretEvent {
	type place struct{ line, column int }
	said := map[place]bool{}
	for _, e := range told {
		said[place{e.Line, e.Column}] = true
	}
	of := map[string]placeholder.State{}
	for _, s := range states {
		of[s.Token] = s
	}
	var events []SecretEvent
	for _, e := range m.set.Strays(theirs) {
		state, ours := of[e.Token]
		if !ours || e.Kind != placeholder.Stray || said[place{e.Line, e.Column}] || state.Status == placeholder.Gone {
			continue
		}
		e.Kind, e.Held, e.Rotated = placeholder.Restored, false, state.Status == placeholder.Rotated
		if state.Name != "" {
			e.Name = state.Name
		}
		events = append(events, eventOf(m.path, e))
	}
	return events
}

// clash is err as what stands in the way of the path.
func (m *merge) clash(err error) error {
	var unfit *redact.UnfitError
	switch {
	case errors.As(err, &unfit):
		return clash(m.path, Unreadable, "what in it is secret cannot be told: %s", unfit.Why)
	case errors.Is(err, placeholder.ErrWritten), errors.Is(err, placeholder.ErrTaken), errors.Is(err, placeholder.ErrRemaining):
		return clash(m.path, Placeholder, "%v", err)
	case errors.Is(err, placeholder.ErrLost), errors.Is(err, placeholder.ErrEncoding):
		return clash(m.path, EditEdit, "%v", err)
	}
	return err
}

// mergedMode is the mode of a file that base, host and the command have; ok is false where both sides changed it,
// differently.
func mergedMode(base, host, now uint32) (mode uint32, ok bool) {
	switch {
	case host == now || now == base:
		return host, true
	case host == base:
		return now, true
	}
	return 0, false
}
