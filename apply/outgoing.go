package apply

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"cofferdam/internal/charset"
	"cofferdam/internal/diff3"
	"cofferdam/placeholder"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// outgoing is something secret in a text of the command that the text before did not have.
type outgoing struct {
	SecretEvent
	last int // line
}

// newIn is what is secret in text and not in base, by fingerprints: what was moved is not new, a second one of the same is.
// What a rule finds in a damaged placeholder is none: that never lands.
func (s *Secrets) newIn(ctx context.Context, set *placeholder.Set, path workspace.Path, base func() ([]byte, error), text []byte) ([]outgoing, error) {
	found, err := s.search(ctx, path, text)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	found = outside(found, set.Find(text))
	old, err := base()
	if err != nil {
		return nil, err
	}
	before, err := s.search(ctx, path, old)
	if err != nil {
		return nil, err
	}
	known := map[string]int{}
	for _, f := range before {
		known[f.print]++
	}
	var fresh []outgoing
	for _, f := range found {
		if known[f.print]--; known[f.print] < 0 {
			fresh = append(fresh, f.outgoing)
		}
	}
	return fresh, nil
}

// outside is the findings that no damaged placeholder has a part in. Placeholders come in order.
func outside(found []finding, placeholders []placeholder.Occurrence) []finding {
	return slices.DeleteFunc(found, func(f finding) bool {
		i, _ := slices.BinarySearchFunc(placeholders, f.start, func(o placeholder.Occurrence, at int) int { return cmp.Compare(o.End, at+1) })
		for ; i < len(placeholders) && placeholders[i].Start < f.end; i++ {
			if placeholders[i].Known && placeholders[i].Damage != placeholder.Whole {
				return true
			}
		}
		return false
	})
}

// finding is something secret in a text, with what is the same wherever it stands.
type finding struct {
	outgoing
	print      string
	start, end int  // bytes of the text
	inside     bool // in a member of an archive; then these are of that
}

func (s *Secrets) search(ctx context.Context, path workspace.Path, text []byte) ([]finding, error) {
	var all []finding
	add := func(kind EventKind, name, print string, line, column, last, start, end int) {
		e := SecretEvent{Path: path, Kind: kind, Where: InContent, Name: name, Line: line, Column: column}
		all = append(all, finding{outgoing{e, last}, string(kind) + "\x00" + print, start, end, false})
	}
	found, incomplete, err := s.Searcher.Search(ctx, path, text)
	if err != nil {
		return nil, err
	}
	for i := range found {
		f := &found[i]
		add(NewSecret, f.Rule, f.Rule+"\x00"+f.Fingerprint, f.Line, f.Column, lastLine(f), int(f.Offset), int(f.Offset+f.Length))
		all[len(all)-1].inside = f.Member != ""
	}
	if len(incomplete) > 0 {
		add(Unsearched, incomplete[0].Reason, incomplete[0].Reason, 0, 0, 0, 0, 0)
	}
	lines := lineCounter{text: text, line: 1}
	for _, hit := range s.known().Find(text) {
		line, column := lines.at(hit.Start)
		last, _ := lines.at(hit.End)
		add(KnownValue, cmp.Or(hit.Name, hit.Rule), hit.Name+"\x00"+hit.Encoding, line, column, last, hit.Start, hit.End)
	}
	return all, nil
}

// lastLine is the last line that a finding has characters in.
func lastLine(f *scan.Finding) int {
	if f.EndLine > f.Line && f.EndColumn == 1 {
		return f.EndLine - 1
	}
	return max(f.Line, f.EndLine)
}

// lineCounter says on which line of a text a place is. Places must not go back.
type lineCounter struct {
	text  []byte
	done  int // up to where lines are counted
	line  int // there
	start int // of that line
}

func (c *lineCounter) at(offset int) (line, column int) {
	if offset > c.done {
		passed := c.text[c.done:offset]
		c.line += bytes.Count(passed, []byte{'\n'})
		if i := bytes.LastIndexByte(passed, '\n'); i >= 0 {
			c.start = c.done + i + 1
		}
		c.done = offset
	}
	return c.line, offset - c.start + 1
}

// check is theirs without the hunks that bring in something secret which was not accepted. All of them go where the one
// that does cannot be told.
func (m *merge) check(ctx context.Context, got *merged, base, theirs []byte) ([]byte, error) {
	if m.checked || m.secrets == nil {
		return theirs, nil
	}
	found, err := m.secrets.newIn(ctx, m.set, m.path, func() ([]byte, error) { return base, nil }, theirs)
	if err != nil {
		return nil, err
	}
	held := m.decide(got, found)
	if len(held) == 0 {
		return theirs, nil
	}
	got.held = true
	if code, _ := charset.Detect(theirs); code != charset.Bytes {
		return base, nil
	}
	less := without(base, theirs, held)
	left, err := m.secrets.newIn(ctx, m.set, m.path, func() ([]byte, error) { return base, nil }, less)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(left, func(o outgoing) bool { return o.Kind.Asks() && !m.accepts(o.SecretEvent) }) {
		return base, nil
	}
	return less, nil
}

// decide asks about what was found, notes the answers, and is what does not land.
func (m *merge) decide(got *merged, found []outgoing) (held []outgoing) {
	for _, o := range found {
		if o.Kind.Asks() && !m.accepts(o.SecretEvent) {
			o.Held = true
			held = append(held, o)
		}
		got.events = append(got.events, o.SecretEvent)
	}
	return held
}

// without is theirs with base's lines in the place of each hunk that any of held stands in.
func without(base, theirs []byte, held []outgoing) []byte {
	var out []byte
	for _, r := range diff3.Merge(base, base, theirs, diff3.Options{}).Regions {
		first, end := r.Theirs.Lines.Start+1, r.Theirs.Lines.End+1 // as lines are counted for people
		text := r.Theirs.Text
		if r.Kind != diff3.Stable && slices.ContainsFunc(held, func(o outgoing) bool { return o.Line < end && o.last >= first }) {
			text = r.Base.Text
		}
		out = append(out, text...)
	}
	return out
}

func byPlace(a, b SecretEvent) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}
