package apply

import (
	"context"
	"errors"
	"slices"

	"cofferdam/change"
	"cofferdam/rules"
	"cofferdam/workspace"
)

// maxSearched bounds a content that is searched before it lands, in bytes.
const maxSearched = 64 << 20

// checkName holds back a name that must not come into the project.
func (p *planner) checkName(ctx context.Context, it *item) error {
	if it.fate != undecided || it.Old.Type != workspace.None || it.New.Type == workspace.None {
		return nil
	}
	if err := p.checkWord(ctx, it, InName, it.Path.Base()); err != nil {
		return err
	}
	if it.New.Type == workspace.Dir {
		return nil
	}
	if v := p.options.Secrets.Rules.Decide(it.Path, it.New.Type); v.Action == rules.Hide {
		p.note(it, SecretEvent{Path: it.Path, Kind: CredentialFile, Where: InName, Name: v.Rule.Pattern})
	}
	return nil
}

// checkWord looks for what is secret in a name or in the target of a link.
func (p *planner) checkWord(ctx context.Context, it *item, where Where, text string) error {
	for _, e := range p.set.Strays([]byte(text)) {
		event := eventOf(it.Path, e)
		event.Where, event.Line, event.Column = where, 0, 0
		p.note(it, event)
	}
	found, err := p.options.Secrets.search(ctx, it.Path, []byte(text))
	if err != nil {
		return err
	}
	for _, f := range found {
		f.Where, f.Line, f.Column = where, 0, 0
		p.note(it, f.SecretEvent)
	}
	return nil
}

// refuses reports whether an event holds back what it is in.
func (p *planner) refuses(e SecretEvent) bool {
	return e.Kind != Unsearched && !(e.Kind.Asks() && p.options.Accept != nil && p.options.Accept(e.asked()))
}

// note adds an event, and holds the change back unless it is accepted or nothing to ask about.
func (p *planner) note(it *item, e SecretEvent) {
	e.Held = p.refuses(e)
	it.tell(e)
	if e.Held && it.fate != held {
		it.hold(e.why())
	}
}

// checkContent holds back of what would land what must not come into the project: hunks of a text that was there, all of
// what is new.
func (p *planner) checkContent(ctx context.Context, it *item) error {
	switch {
	case it.fate != lands || it.made != nil:
		return nil
	case it.New.Type == workspace.Symlink:
		return p.checkWord(ctx, it, InTarget, it.New.Target)
	case it.New.Type != workspace.File || modeOnly(&it.Change):
		return nil
	}
	text, err := readSide(p.options.Content, it.Path, it.New, maxSearched)
	switch {
	case errors.Is(err, errTooLarge):
		return p.checkLarge(ctx, it)
	case err != nil:
		it.clash(Unreadable, "what would land cannot be read: %v", err)
		return nil
	}
	found, err := p.found(ctx, it, text)
	if err != nil || len(found) == 0 {
		return err
	}
	return p.holdFound(ctx, it, found)
}

// found is what is secret in a new content.
func (p *planner) found(ctx context.Context, it *item, text []byte) ([]SecretEvent, error) {
	var events []SecretEvent
	for _, e := range p.set.Strays(text) {
		events = append(events, eventOf(it.Path, e))
	}
	fresh, err := p.options.Secrets.newIn(ctx, p.set, it.Path, func() ([]byte, error) { return p.before(it, text) }, text)
	if err != nil {
		return nil, err
	}
	for _, o := range fresh {
		events = append(events, o.SecretEvent)
	}
	if it.Old.Type != workspace.None {
		return events, nil
	}
	s := p.options.Secrets.Rules
	if why, ok := s.Credential(s.Decide(it.Path, workspace.File), text); ok && len(fresh) == 0 {
		events = append(events, SecretEvent{Path: it.Path, Kind: CredentialFile, Where: InContent, Name: why})
	}
	return events, nil
}

// before is the content that the workspace has of a file, which nobody has changed since the view was made. One that was
// moved had the same elsewhere.
func (p *planner) before(it *item, now []byte) ([]byte, error) {
	if it.host.Type != workspace.File {
		if p.gone[it.New.Hash] {
			return now, nil
		}
		return nil, nil
	}
	text, _, err := readFile(p.root, it.Path, maxSearched)
	if errors.Is(err, errTooLarge) {
		return nil, nil
	}
	return text, err
}

// holdFound holds back the hunks that events are in, where the file was there before and is a text, and all of it else.
func (p *planner) holdFound(ctx context.Context, it *item, events []SecretEvent) error {
	if it.Old.Type == workspace.File && it.host.Type == workspace.File && slices.ContainsFunc(events, p.refuses) {
		base := change.SideOf(it.host)
		if err := rehash(p.root, &it.host); err != nil {
			it.clash(Unreadable, "%v", err)
			return nil
		}
		base.Hash = it.host.Hash
		m := p.mergeOf(it, p.base.Find(it.Path))
		m.base = p.shownBefore(&it.Change, base)
		got, err := m.run(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil && !got.conflicting {
			p.decide(it, m, got)
			return nil
		}
	}
	for _, e := range events {
		p.note(it, e)
	}
	return nil
}
