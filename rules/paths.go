package rules

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
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
	backup   *backups
	placed   []PathRule // rules below the home directory and absolute ones
}

// Default is the rules that come with the program, compiled at the first call. Rules that belong to a place outside the
// project are asleep in it; see In.
func Default() *Paths { return defaultPaths() }

// newPaths compiles the flat text that package source writes.
func newPaths(flat string) *Paths {
	count := strings.Count(flat, "\n ")
	p := &Paths{files: newIndex(), dirs: newIndex(), backup: &backups{}}
	p.rules, p.patterns = make([]PathRule, 0, count), make([]pattern, 0, count)
	var rule PathRule
	for line := range strings.Lines(flat) {
		text := line[1 : len(line)-1]
		switch line[0] {
		case '~':
			p.backup.add(text)
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
