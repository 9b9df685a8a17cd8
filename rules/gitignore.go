package rules

import (
	"errors"
	"fmt"
	"strings"

	ignore "github.com/sabhiram/go-gitignore"
)

// maxPattern bounds one pattern of a config file, in bytes.
const maxPattern = 1024

// ignorePattern is one pattern with the meaning that git gives it in a .gitignore at the root of the workspace,
// matched without regard to the case of ASCII letters.
//
// The matcher beneath translates a pattern into a regular expression by replacing text, so most of what git does not
// treat as special is special to it, and some of what git does is not. It is therefore given only what it translates
// rightly: every literal byte travels as the rune 0x100 above it, in patterns and in paths alike, which leaves it no
// special character but those put there on purpose, and makes it match bytes, as git does.
type ignorePattern struct {
	dirOnly bool
	matcher *ignore.GitIgnore
}

// parseIgnore compiles pattern. What git would read as a comment, as a negation or as nothing is an error here: it
// would be a rule that silently never holds.
func parseIgnore(pattern string) (ignorePattern, error) {
	p, line, err := translatePattern(pattern)
	if err == nil {
		p.matcher = ignore.CompileIgnoreLines(line)
	}
	return p, err
}

// translatePattern is the pattern without its matcher, and the line that the matcher is made of.
func translatePattern(pattern string) (p ignorePattern, line string, err error) {
	if err := checkIgnore(pattern); err != nil {
		return p, "", err
	}
	text := trimSpaces(pattern)
	p.dirOnly = strings.HasSuffix(text, "/")
	text = strings.TrimSuffix(text, "/")
	anchored := strings.Contains(text, "/")
	text = strings.TrimPrefix(text, "/")
	if text == "" {
		return p, "", errors.New("names nothing below the workspace")
	}
	line, err = translateIgnore(text, anchored)
	return p, line, err
}

func checkIgnore(pattern string) error {
	switch {
	case len(pattern) > maxPattern:
		return fmt.Errorf("has %d bytes, more than %d", len(pattern), maxPattern)
	case strings.TrimRight(pattern, " ") == "":
		return errors.New("is empty")
	case strings.ContainsAny(pattern, "\n\r\x00"):
		return errors.New("holds a line break or a NUL")
	case pattern[0] == '#':
		return errors.New(`is a comment to git; write \# for a name that begins with #`)
	case pattern[0] == '!':
		return errors.New(`negates; use the action "pass" instead, or write \! for a name that begins so`)
	}
	return nil
}

// trimSpaces drops trailing spaces, except one that a backslash keeps.
func trimSpaces(pattern string) string {
	end := 0
	for i := 0; i < len(pattern); i++ {
		if pattern[i] == '\\' && i+1 < len(pattern) {
			i++
			end = i + 1
		} else if pattern[i] != ' ' {
			end = i + 1
		}
	}
	return pattern[:end]
}

// translateIgnore writes the pattern in the runes that the matcher gets. text has no slash at either end.
func translateIgnore(text string, anchored bool) (string, error) {
	components := strings.Split(text, "/")
	for i, c := range components {
		if len(c) > 2 && strings.Trim(c, "*") == "" {
			components[i] = "**"
		}
	}
	var b strings.Builder
	if anchored {
		b.WriteByte('/')
	}
	for i, c := range components {
		last := i == len(components)-1
		switch {
		case c == "**" && i > 0 && components[i-1] == "**" && !last:
			// A run of ** means what one means.
		case c == "**" && !last && i == 0:
			b.Reset()
			b.WriteString("**/")
		case c == "**" && !last:
			b.WriteString("**/")
		default:
			// A last ** is all that lies inside; a * says so, as what lies deeper is matched by its directory.
			if err := translateName(&b, c); err != nil {
				return "", err
			}
			if !last {
				b.WriteByte('/')
			}
		}
	}
	return b.String(), nil
}

func translateName(b *strings.Builder, name string) error {
	for i := 0; i < len(name); {
		switch c := name[i]; c {
		case '*':
			for i < len(name) && name[i] == '*' {
				i++
			}
			b.WriteByte('*')
			continue
		case '?':
			b.WriteString("[^/]")
		case '[':
			set, width, err := parseClass(name[i:])
			if err != nil {
				return err
			}
			set.write(b)
			i += width
			continue
		case '\\':
			i++
			if i == len(name) {
				return errors.New(`ends in a backslash`)
			}
			b.WriteRune(shift(name[i]))
		default:
			b.WriteRune(shift(c))
		}
		i++
	}
	return nil
}

// shift is the rune that stands for a byte.
func shift(c byte) rune { return 0x100 + rune(lowerByte(c)) }

// shiftPath writes a path in those runes.
func shiftPath(path string) string {
	var b strings.Builder
	b.Grow(2 * len(path))
	for i := range len(path) {
		if path[i] == '/' {
			b.WriteByte('/')
		} else {
			b.WriteRune(shift(path[i]))
		}
	}
	return b.String()
}

// match reports whether the pattern names the path, or a directory around it. The path is shifted.
func (p *ignorePattern) match(shifted string, isDir bool) bool {
	if p.dirOnly && !isDir {
		dir, _ := splitLast(shifted)
		return dir != "" && p.matcher.MatchesPath(dir)
	}
	return p.matcher.MatchesPath(shifted)
}
