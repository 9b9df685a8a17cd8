package rules

import (
	"strings"

	ignore "github.com/sabhiram/go-gitignore"
)

// Budget is what matching may cost, in steps of the matcher beneath, shared by the patterns that one file holds.
type Budget struct{ left int }

// NewBudget is a budget of so many steps. A step is some nanoseconds.
func NewBudget(steps int) *Budget { return &Budget{steps} }

// Exhausted reports whether it is spent. Nothing matches any more then.
func (b *Budget) Exhausted() bool { return b.left < 0 }

// endOfPath ends the path, and the pattern that may name nothing but the whole of it. It is no byte that was shifted.
const endOfPath = 0x200

// Ignores is lines in gitignore syntax, matched without regard to the case of ASCII letters. It remembers directories and
// counts its work, so it is not safe for concurrent use.
type Ignores struct {
	lines  []ignoreLine
	dirs   map[string]bool // by shifted path: whether the directory is ignored
	budget *Budget
}

// NewIgnores is no lines yet.
func NewIgnores(b *Budget) *Ignores { return &Ignores{dirs: map[string]bool{}, budget: b} }

type ignoreLine struct {
	negated, dirOnly bool
	literal          string // part of every path that it matches
	size             int    // of the pattern, translated
	matcher          *ignore.GitIgnore
}

// Add appends a line, which is neither empty nor a comment and may negate.
func (g *Ignores) Add(line string) error {
	line, negated := strings.CutPrefix(line, "!")
	if negated && line != "" && strings.Contains("!#", line[:1]) {
		line = `\` + line
	}
	p, text, err := translatePattern(line)
	if err != nil {
		return err
	}
	l := ignoreLine{negated: negated, dirOnly: p.dirOnly, literal: literalOf(text), size: len(text)}
	if !endsInStars(line) {
		text += string(rune(endOfPath))
	}
	l.matcher = ignore.CompileIgnoreLines(text)
	g.lines = append(g.lines, l)
	return nil
}

// endsInStars reports whether the last component is **, which names what lies at any depth below and not one path alone.
func endsInStars(line string) bool {
	_, name := splitLast(strings.TrimSuffix(trimSpaces(line), "/"))
	return len(name) > 1 && strings.Trim(name, "*") == ""
}

// Match reports whether the lines ignore the file at path: as in git the last line that names the file or a directory
// around it decides, and what lies in an ignored directory cannot be taken back.
func (g *Ignores) Match(path string) bool {
	if len(g.lines) == 0 {
		return false
	}
	shifted := shiftPath(path)
	dir, _ := splitLast(shifted)
	return dir != "" && g.dir(dir) || g.last(shifted, false)
}

func (g *Ignores) dir(shifted string) bool {
	ignored, known := g.dirs[shifted]
	if !known {
		parent, _ := splitLast(shifted)
		ignored = parent != "" && g.dir(parent) || g.last(shifted, true)
		g.dirs[shifted] = ignored
	}
	return ignored
}

// last is what the last line that matches this very path says.
func (g *Ignores) last(shifted string, isDir bool) bool {
	for i := len(g.lines) - 1; i >= 0; i-- {
		l := &g.lines[i]
		g.budget.left -= 8
		if l.dirOnly && !isDir || !strings.Contains(shifted, l.literal) {
			continue
		}
		g.budget.left -= len(shifted) * l.size
		if g.budget.Exhausted() {
			return false
		}
		if l.matcher.MatchesPath(shifted + string(rune(endOfPath))) {
			return !l.negated
		}
	}
	return false
}

// literalOf is the longest run of bytes of a translated pattern that every match has.
func literalOf(text string) string {
	best, start, set := "", 0, false
	for i, r := range text + "*" {
		if !set && r >= 0x100 {
			continue
		}
		if !set && i-start > len(best) {
			best = text[start:i]
		}
		set = r == '[' || set && r != ']'
		start = i + 1
	}
	return best
}
