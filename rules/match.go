package rules

import (
	"strings"

	"cofferdam/workspace"
)

// Match is the rule that decides about path, which is of type t. Its Action is already softened inside test data. A
// rule for a directory matches the directory itself and all that it holds.
func (p *Paths) Match(path workspace.Path, t workspace.Type) (PathRule, bool) {
	v := p.decide(path, t)
	return v.Rule, v.Action != ""
}

// decide is Match as a verdict.
func (p *Paths) decide(path workspace.Path, t workspace.Type) Verdict {
	if path == workspace.Dot {
		return Verdict{}
	}
	dir, name := splitLast(lower(string(path)))
	return p.verdict(dir, p.around(dir), name, t)
}

// verdict is what the rules say of the name in dir, where around is what they say of dir.
func (p *Paths) verdict(dir string, around dirMatch, name string, t workspace.Type) (v Verdict) {
	if id, action := p.matchIn(dir, around, name, t); id >= 0 {
		v.Action, v.Rule, v.Source = action, p.rules[id], FromDefault
		v.Rule.Action = action
	}
	return v
}

// matchIn is the rule of the name in dir, -1 for none, and its action.
func (p *Paths) matchIn(dir string, around dirMatch, name string, t workspace.Type) (id int, action Action) {
	if t == workspace.Dir {
		id = p.enter(around, dir, name).best
	} else {
		id = p.matchFile(dir, name)
		if id >= 0 && around.testdata && p.patterns[id].rank <= rankLiteral && p.rules[id].Action == Hide {
			if around.best < 0 || p.rules[around.best].Action != Hide {
				return id, Inspect
			}
			id = around.best
		} else {
			id = p.better(id, around.best)
		}
	}
	if id < 0 {
		return id, ""
	}
	return id, p.rules[id].Action
}

// dirMatch is what the rules say of a directory and those around it.
type dirMatch struct {
	best     int // the rule, -1 for none
	testdata bool
}

// around is what the rules say of dir, empty for the root, and of the directories around it.
func (p *Paths) around(dir string) dirMatch {
	m := dirMatch{best: -1}
	for start := 0; start < len(dir); {
		end := len(dir)
		if i := strings.IndexByte(dir[start:], '/'); i >= 0 {
			end = start + i
		}
		m = p.enter(m, dir[:max(start-1, 0)], dir[start:end])
		start = end + 1
	}
	return m
}

// enter is what they say of the directory name in parent, where m is what they say of parent.
func (p *Paths) enter(m dirMatch, parent, name string) dirMatch {
	if !p.dirs.mayMatch(name) {
		return m
	}
	p.dirs.each(name, func(id int) {
		if p.patterns[id].matchParents(parent) {
			m.best = p.better(m.best, id)
			m.testdata = m.testdata || p.rules[id].Kind == "testdata"
		}
	})
	return m
}

// matchFile is the best rule for the file name in dir, or for the name of which it is a backup copy.
func (p *Paths) matchFile(dir, name string) int {
	direct := p.matchName(dir, name)
	if direct >= 0 && p.patterns[direct].rank >= rankLiteral {
		return direct
	}
	for below := range p.backup.originals(name) {
		original := p.matchName(dir, below)
		if original < 0 {
			continue
		}
		if direct < 0 || p.rules[original].Action == Pass || !p.rules[direct].Action.Stricter(p.rules[original].Action) {
			return original
		}
		return direct
	}
	return direct
}

func (p *Paths) matchName(dir, name string) int {
	best := -1
	p.files.each(name, func(id int) {
		if p.patterns[id].matchParents(dir) {
			best = p.better(best, id)
		}
	})
	return best
}

// better is the one of two rules that takes precedence; -1 is none.
func (p *Paths) better(a, b int) int {
	if a < 0 || b < 0 || a == b {
		return max(a, b)
	}
	if pa, pb := p.priority(a), p.priority(b); pa != pb {
		if pa > pb {
			return a
		}
		return b
	}
	if len(p.patterns[a].name) != len(p.patterns[b].name) {
		if len(p.patterns[a].name) > len(p.patterns[b].name) {
			return a
		}
		return b
	}
	return min(a, b)
}

// priority is the rank, then the action, then how much of the content would count.
func (p *Paths) priority(id int) int {
	order := 0
	switch p.rules[id].Action {
	case Pass:
		order = 3
	case Hide:
		order = 2
	case Redact:
		order = 1
	}
	n := int(p.patterns[id].rank)<<4 | order<<2
	if !p.rules[id].Binary {
		n |= 2
	}
	if !p.rules[id].Code {
		n |= 1
	}
	return n
}
