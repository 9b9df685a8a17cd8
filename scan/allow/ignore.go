package allow

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"cofferdam/rules"
)

// Ignores is a .cofferdamignore: patterns of paths in gitignore syntax, and lines of two more kinds:
//
//	rule:RULE-ID             allows what that rule finds
//	rule:RULE-ID PATTERN     where the path matches, too
//	fingerprint:HEX          allows one value
//
// A path that begins like one of these is written with a slash or a backslash before it. Letter case does not count in
// patterns. Ignores is not safe for concurrent use.
type Ignores struct {
	paths        *rules.Ignores
	rules        map[string][]*rules.Ignores // by id; nil in the list for every path
	fingerprints map[string]bool
	budget       *rules.Budget
}

// ReadIgnores reads a .cofferdamignore. A line that cannot be understood is an error that names it: a file is obeyed as
// a whole or not at all.
func ReadIgnores(r io.Reader) (*Ignores, error) { return readIgnores(r, maxIgnoreWork) }

func readIgnores(r io.Reader, work int) (*Ignores, error) {
	text, err := read(r, maxIgnore)
	if err != nil {
		return nil, err
	}
	b := rules.NewBudget(work)
	list := &Ignores{rules.NewIgnores(b), map[string][]*rules.Ignores{}, map[string]bool{}, b}
	n := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		if n++; n > maxIgnoreLines {
			return nil, fmt.Errorf("has more than %d lines", maxIgnoreLines)
		}
		if err := list.add(strings.TrimSuffix(line, "\r")); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return list, nil
}

func (l *Ignores) add(line string) error {
	if strings.TrimSpace(line) == "" || line[0] == '#' {
		return nil
	}
	if rest, ok := strings.CutPrefix(line, "rule:"); ok {
		return l.addRule(rest)
	}
	if rest, ok := strings.CutPrefix(line, "fingerprint:"); ok {
		return l.addFingerprint(strings.TrimSpace(rest))
	}
	return l.paths.Add(line)
}

func (l *Ignores) addRule(text string) error {
	id, pattern, _ := strings.Cut(strings.TrimSpace(text), " ")
	if id == "" {
		return errors.New("names no rule")
	}
	pattern = strings.TrimLeft(pattern, " ")
	if pattern == "" {
		l.rules[id] = append(l.rules[id], nil)
		return nil
	}
	if pattern[0] == '!' {
		return errors.New("negates the pattern of a rule")
	}
	paths := rules.NewIgnores(l.budget)
	l.rules[id] = append(l.rules[id], paths)
	return paths.Add(pattern)
}

func (l *Ignores) addFingerprint(text string) error {
	if _, err := hex.DecodeString(text); err != nil || len(text) != 2*fingerprintSize {
		return fmt.Errorf("fingerprint is not %d hex digits", 2*fingerprintSize)
	}
	l.fingerprints[strings.ToLower(text)] = true
	return nil
}

// Match reports whether a line allows the finding. What is in an archive is allowed by the archive's path too.
func (l *Ignores) Match(f Finding) bool {
	if l.fingerprints[f.Fingerprint] || matchPath(l.paths, &f) {
		return true
	}
	for _, paths := range l.rules[f.Rule] {
		if paths == nil || matchPath(paths, &f) {
			return true
		}
	}
	return false
}

func matchPath(paths *rules.Ignores, f *Finding) bool {
	return paths.Match(f.Path) || f.Member != "" && paths.Match(f.file())
}

// Exhausted reports whether matching was given up because the patterns cost more than any honest file's would.
func (l *Ignores) Exhausted() bool { return l.budget.Exhausted() }
