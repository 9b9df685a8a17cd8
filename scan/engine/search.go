package engine

import (
	"context"
	"slices"

	"cofferdam/scan/engine/decode"
)

// maxMatches of one rule in a text. A text with more is hostile or is nothing but secrets.
const maxMatches = 10_000

// search is the state of one search through one text. They are used again, so that one that finds nothing allocates
// nothing.
type search struct {
	engine *Engine
	visit  func(expr, start, end int) // method values, bound once
	name   func(expr, start, end int)

	ctx       context.Context
	path      string
	text      string // as it was before decoding
	lines     *lines // of text; nil until needed
	rules     []progress
	touched   []int // places in rules
	global    verdict
	matches   []Match
	lineTries []lineTry
	lineBytes int // tried so far
	truncated bool
	notes     notes

	pass      int
	current   string // text after so many passes of decoding
	segments  []decode.Segment
	lower     string            // current in lower case; empty until needed
	primaries []Match           // of composite rules, in this pass
	found     map[*rule][]Match // for composite rules, in this pass
}

func newSearch(e *Engine) *search {
	s := &search{engine: e, rules: make([]progress, len(e.rules))}
	s.visit, s.name = s.visitMatch, s.visitName
	return s
}

func (s *search) run(ctx context.Context, path, text string, depth int) Result {
	defer s.reset()
	s.ctx, s.path, s.text, s.current = ctx, path, text, text
	if len(s.engine.byPath) > 0 {
		s.engine.named().FindAll(path, s.name)
	}
	for ctx.Err() == nil {
		s.engine.content.FindAll(s.current, s.visit)
		s.matches = append(s.matches, s.composites()...)
		if s.pass == depth || !s.decode() {
			break
		}
	}
	return s.result()
}

func (s *search) result() Result {
	if len(s.matches) == 0 {
		return Result{Truncated: s.truncated}
	}
	matches := s.withoutGeneric()
	slices.SortStableFunc(matches, compareMatches)
	for i := range matches {
		s.anchor(&matches[i])
	}
	return Result{Matches: slices.Clone(matches), Truncated: s.truncated}
}

// anchor makes a match know its lines.
func (s *search) anchor(m *Match) {
	if m.rule.Regex != "" {
		m.lines = s.lineIndex()
	}
	for i := range m.Required {
		s.anchor(&m.Required[i])
	}
}

// decode undoes one more layer of encodings. It is false where there is none.
func (s *search) decode() bool {
	next, segments := decode.Pass(s.current, s.segments)
	if len(segments) == 0 {
		return false
	}
	s.pass++
	s.current, s.segments, s.lower = next, segments, ""
	for _, i := range s.touched {
		s.rules[i].keyword = unknown
	}
	return true
}

// reset lets go of what belongs to the text.
func (s *search) reset() {
	for _, i := range s.touched {
		s.rules[i] = progress{}
	}
	clear(s.matches)
	clear(s.primaries)
	clear(s.lineTries)
	*s = search{
		engine: s.engine, visit: s.visit, name: s.name, rules: s.rules,
		touched: s.touched[:0], matches: s.matches[:0], primaries: s.primaries[:0],
		lineTries: s.lineTries[:0], notes: s.notes,
	}
}

// visitName is called for what rules about paths alone match.
func (s *search) visitName(expr, _, _ int) {
	r := s.engine.byPath[expr]
	p := s.progress(r)
	if p.matches > 0 || !s.applies(r) || !s.keyword(r, "") {
		return
	}
	p.matches++
	s.matches = append(s.matches, s.nameMatch(r))
}

func (s *search) nameMatch(r *rule) Match {
	return Match{Rule: r.Rule, rule: r, MatchText: "file detected: " + s.path}
}

// visitMatch is called for what the expressions of rules match.
func (s *search) visitMatch(expr, start, end int) {
	r := s.engine.byExpr[expr]
	p := s.progress(r)
	if p.applies == no || p.keyword == no || s.full(p) || s.ctx.Err() != nil {
		return
	}
	c, ok := s.judge(r, start, end)
	if !ok || !s.keyword(r, c.text) {
		return
	}
	p.matches++
	m := c.match(r, len(s.text), s.pass)
	m.Entropy = c.entropy
	if len(r.required) > 0 {
		s.primaries = append(s.primaries, m)
	} else {
		s.matches = append(s.matches, m)
	}
}

func (s *search) full(p *progress) bool {
	if p.matches < maxMatches {
		return false
	}
	s.truncated = true
	return true
}

// judge says whether a match of a rule is a finding, but for its keywords.
func (s *search) judge(r *rule, start, end int) (candidate, bool) {
	c := newCandidate(s.current, start, end)
	if s.pass > 0 {
		// What touches nothing decoded was found in an earlier pass.
		if c.segments = decode.Overlapping(s.segments, start, end); len(c.segments) == 0 {
			return c, false
		}
	}
	if !s.applies(r) {
		return c, false
	}
	c.locate(r, &s.notes)
	bits := entropy(c.secret)
	if r.Entropy != 0 && bits <= r.Entropy {
		return c, false
	}
	c.entropy = float32(bits)
	return c, !slices.ContainsFunc(r.checks, func(check *check) bool { return check.holds(s, &c) })
}

func (s *search) lineIndex() *lines {
	if s.lines == nil {
		s.lines = newLines(s.text)
	}
	return s.lines
}
