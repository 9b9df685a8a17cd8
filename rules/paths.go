package rules

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"cofferdam/workspace"
)

//go:embed paths.txt
var defaultText string

var defaultPaths = sync.OnceValue(func() *Paths { return newPaths(defaultText) })

// Paths is a compiled list of path rules. It is safe for concurrent use.
type Paths struct {
	rules    []PathRule
	patterns []pattern
	files    *index // by the last component of rules for files
	dirs     *index // by the last component of rules for directories
	backup   []string
	placed   []PathRule // rules below the home directory and absolute ones
}

// Default is the rules that come with the program, compiled at the first call. Rules that belong to a place outside the
// project are asleep in it; see In.
func Default() *Paths { return defaultPaths() }

// newPaths compiles the flat text that package source writes.
func newPaths(flat string) *Paths {
	count := strings.Count(flat, "\n ")
	p := &Paths{files: newIndex(), dirs: newIndex()}
	p.rules, p.patterns = make([]PathRule, 0, count), make([]pattern, 0, count)
	var rule PathRule
	for line := range strings.Lines(flat) {
		text := line[1 : len(line)-1]
		switch line[0] {
		case '~':
			p.backup = append(p.backup, text)
		case '=':
			f := strings.SplitN(text, "\t", 4)
			rule = PathRule{Kind: f[0], Action: Action(f[1]), Why: f[3]}
			rule.Binary, rule.Code = strings.Contains(f[2], "b"), strings.Contains(f[2], "c")
		case ' ':
			rule.Pattern = text
			if where, rest := split(text); where == anywhere {
				p.add(rule, parsePattern(rest, rule.Action, false))
			} else {
				p.placed = append(p.placed, rule)
			}
		default:
			panic(fmt.Sprintf("BUG: rule text %q", line))
		}
	}
	return p
}

func (p *Paths) add(rule PathRule, pat pattern) {
	id := len(p.rules)
	p.rules = append(p.rules, rule)
	p.patterns = append(p.patterns, pat)
	if pat.dir {
		p.dirs.add(pat.name, id)
	} else {
		p.files.add(pat.name, id)
	}
}

// Rules is all rules, those for places outside a project included.
func (p *Paths) Rules() []PathRule { return slices.Concat(p.rules, p.placed) }

// In is p for a workspace at the absolute path root of a user with the home directory home, both free of symlinks:
// rules for ~/.aws and /etc/wireguard wake where the workspace holds that place. A rule for a directory around the
// workspace does not: who opens ~/.cursor/worktrees/x as a project wants to see it.
func (p *Paths) In(root, home string) *Paths {
	located := &Paths{files: newIndex(), dirs: newIndex(), backup: p.backup}
	base := strings.TrimSuffix(lower(root), "/") + "/"
	for _, rule := range p.placed {
		where, rest := split(rule.Pattern)
		full := "/" + rest
		if where == belowHome {
			if home == "" {
				continue
			}
			full = strings.TrimSuffix(home, "/") + full
		}
		if rest, ok := strings.CutPrefix(lower(full), base); ok && rest != "" {
			located.add(rule, parsePattern(rest, rule.Action, true))
		}
	}
	if len(located.rules) == 0 {
		return p
	}
	for i, rule := range p.rules {
		located.add(rule, p.patterns[i])
	}
	return located
}

// Match is the rule that decides about path, which is of type t. Its Action is already softened inside test data. A
// rule for a directory matches the directory itself and all that it holds.
func (p *Paths) Match(path workspace.Path, t workspace.Type) (PathRule, bool) {
	if path == workspace.Dot {
		return PathRule{}, false
	}
	name := lower(string(path))
	around := p.matchDirs(name, t == workspace.Dir)
	if t == workspace.Dir {
		return p.rule(around.best)
	}
	best := p.matchFile(splitLast(name))
	if best >= 0 && around.testdata && p.patterns[best].rank <= rankLiteral && p.rules[best].Action == Hide {
		if around.best >= 0 && p.rules[around.best].Action == Hide {
			best = around.best
		} else {
			rule := p.rules[best]
			rule.Action = Inspect
			return rule, true
		}
	}
	return p.rule(p.better(best, around.best))
}

func (p *Paths) rule(id int) (PathRule, bool) {
	if id < 0 {
		return PathRule{}, false
	}
	return p.rules[id], true
}

type dirMatch struct {
	best     int
	testdata bool
}

// matchDirs is the best directory rule around path, and for path itself where that is a directory.
func (p *Paths) matchDirs(path string, isDir bool) dirMatch {
	m := dirMatch{best: -1}
	start := 0
	for i := 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' || i == len(path) && !isDir {
			continue
		}
		parent := path[:max(start-1, 0)]
		p.dirs.each(path[start:i], func(id int) {
			if p.patterns[id].matchParents(parent) {
				m.best = p.better(m.best, id)
				m.testdata = m.testdata || p.rules[id].Kind == "testdata"
			}
		})
		start = i + 1
	}
	return m
}

// matchFile is the best rule for the file name in dir, or for the name of which it is a backup copy.
func (p *Paths) matchFile(dir, name string) int {
	direct := p.matchName(dir, name)
	if direct >= 0 && p.patterns[direct].rank >= rankLiteral {
		return direct
	}
	for below := range p.originals(name) {
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
