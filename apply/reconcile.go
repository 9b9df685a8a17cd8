package apply

import (
	"bytes"
	"context"
	"errors"
	"io/fs"

	"cofferdam/change"
	"cofferdam/placeholder"
	"cofferdam/workspace"
)

// redacted reports whether the view showed the file of the change with placeholders.
func (p *planner) redacted(it *item) bool {
	if p.undo {
		return p.inverse[it.Path] != nil
	}
	return it.Old.Type == workspace.File && p.options.Secrets.record(it.Path) != nil
}

// compareRedacted decides the change of a file that the view showed with placeholders. What the project has there is never
// compared with what the view showed: its values may have been rotated.
func (p *planner) compareRedacted(ctx context.Context, it *item) error {
	base := p.base.Find(it.Path)
	switch {
	case it.host.Type == workspace.None && it.New.Type == workspace.None:
		it.fate = same
	case it.host.Type == workspace.None:
		it.clash(DeleteEdit, "the workspace does not have it any more")
	case it.host.Type != workspace.File:
		it.clash(TypeEdit, "it was a %s and is a %s now", base.Type, it.host.Type)
	case p.options.Content == nil && p.inverse[it.Path] == nil:
		it.clash(Unreadable, "it has placeholders, and nothing to restore them from")
	case it.New.Type != workspace.File:
		return p.dropRedacted(ctx, it, base)
	default:
		it.merge = p.mergeOf(it, base)
	}
	return nil
}

// mergeOf is the merge of the change of a file.
func (p *planner) mergeOf(it *item, base *workspace.Entry) *merge {
	if m := p.inverse[it.Path]; m != nil {
		return m
	}
	s := p.options.Secrets
	return &merge{
		path: it.Path, root: p.root, theirs: p.theirs(&it.Change), base: p.shownBefore(&it.Change, change.SideOf(*base)),
		record: s.record(it.Path), set: p.set, secrets: s, accept: p.options.Accept, conflict: p.options.Conflict, checked: p.undo,
	}
}

// mergeItem decides a change by what its merge makes. Other changes do not depend on it: it is a file on both sides.
func (p *planner) mergeItem(ctx context.Context, it *item) error {
	m := it.merge
	if m == nil {
		return nil
	}
	got, err := m.run(ctx)
	var clashed *clashError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		p.decide(it, m, got)
	case errors.As(err, &clashed):
		it.clash(clashed.Kind, "%s", clashed.Detail)
	case it.conflict == EditEdit && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, errUnmergeable) || errors.Is(err, errTooLarge)):
		p.takeWhole(it)
	default:
		it.clash(Unreadable, "%v", err)
	}
	return nil
}

func (p *planner) decide(it *item, m *merge, got *merged) {
	mode, ok := mergedMode(it.Old.Mode, got.host.Mode, it.New.Mode)
	switch {
	case !ok:
		it.clash(ModeMode, "its mode was %04o, is %04o now and would become %04o", it.Old.Mode, got.host.Mode, it.New.Mode)
		return
	case got.conflicting:
		it.clash(EditEdit, "both changed the same lines in %d places", got.meeting)
		return
	}
	unchanged := bytes.Equal(got.text, got.now) && mode == got.host.Mode
	if unchanged && !got.held {
		it.fate = same
		return
	}
	it.tell(got.events...)
	it.partial = it.partial || got.held
	if unchanged {
		it.hold(whyHeld(it.events))
		return
	}
	view := it.Change
	it.shown, it.made, it.host = &view, m, got.host
	it.edited = got.edited || got.host.Mode != it.Old.Mode
	it.Old, it.New = change.SideOf(got.host), contentSide(mode, got.text)
	it.fate, it.conflict, it.why = lands, 0, ""
}

// whyHeld names the first thing that is held back.
func whyHeld(events []SecretEvent) string {
	for _, e := range events {
		if e.Held {
			return e.why()
		}
	}
	return "all of it is held back"
}

// dropRedacted decides the change that takes a file with placeholders away, and its values with it.
func (p *planner) dropRedacted(ctx context.Context, it *item, base *workspace.Entry) error {
	m := p.mergeOf(it, base)
	values, host, err := m.locate(ctx)
	var clashed *clashError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &clashed):
		it.clash(clashed.Kind, "%s", clashed.Detail)
	case err != nil:
		it.clash(Unreadable, "%v", err)
	default:
		it.host = host.Entry
		if edited := host.edited || host.Mode != base.Mode; edited && it.New.Type == workspace.None {
			it.clash(EditDelete, "the workspace has changed it")
		} else if edited {
			it.clash(TypeEdit, "the workspace has changed it")
		} else {
			p.drop(it, values.States())
		}
	}
	return nil
}

// drop holds the change back unless the loss of every value was accepted.
func (p *planner) drop(it *item, states []placeholder.State) {
	refused := false
	var events []SecretEvent
	seen := map[string]bool{}
	for _, s := range states {
		if s.Status == placeholder.Gone || seen[s.Token] {
			continue
		}
		seen[s.Token] = true
		e := SecretEvent{Path: it.Path, Kind: deleted, Where: InContent, Name: s.Name, Token: s.Token, Line: s.Line, Rotated: s.Status == placeholder.Rotated}
		refused = refused || p.options.Accept == nil || !p.options.Accept(e)
		events = append(events, e)
	}
	for i := range events {
		events[i].Held = refused
	}
	it.tell(events...)
	if refused {
		it.hold(whyHeld(it.events))
		return
	}
	view := it.Change
	it.shown = &view
	it.Old = change.SideOf(it.host)
	it.fate = lands
}

// located is a file of the project with values, found again.
type located struct {
	workspace.Entry
	edited bool // beyond rotated values
}

// locate finds the values in the project's file.
func (m *merge) locate(ctx context.Context) (*placeholder.Values, *located, error) {
	host, e, err := readFile(m.root, m.path, maxMerged)
	if err != nil {
		return nil, nil, err
	}
	base, err := m.base(ctx, host, nil)
	if err != nil {
		return nil, nil, err
	}
	file, err := m.secrets.find(ctx, m.path, host)
	if err != nil {
		return nil, nil, m.clash(err)
	}
	values, err := placeholder.Locate(base, host, m.record, m.secrets.key(), file.Spans)
	if err != nil {
		return nil, nil, m.clash(err)
	}
	shown, err := values.Redacted()
	if err != nil {
		return nil, nil, m.clash(err)
	}
	return values, &located{e, !bytes.Equal(shown, base)}, nil
}

// mergeable reports whether the change of a file that the workspace has changed, too, can be merged with that.
func (p *planner) mergeable(it *item, base *workspace.Entry) bool {
	return p.options.Content != nil && base.Type == workspace.File && it.host.Type == workspace.File && it.New.Type == workspace.File
}

// takeWhole resolves the conflict of a file that is not merged in favour of one side, where that was asked for.
func (p *planner) takeWhole(it *item) {
	switch p.options.Conflict {
	case Ours:
		it.hold("the workspace has changed it, and its file stays")
	case Theirs:
		if err := rehash(p.root, &it.host); err != nil {
			it.clash(Unreadable, "%v", err)
			return
		}
		view := it.Change
		it.shown, it.Old = &view, change.SideOf(it.host)
		it.fate, it.conflict, it.why = lands, 0, ""
	}
}
