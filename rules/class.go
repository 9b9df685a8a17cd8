package rules

import (
	"errors"
	"fmt"
	"strings"
)

// byteSet is what a [set] of a gitignore pattern matches, upper case folded into lower.
type byteSet [256]bool

var classNames = map[string]func(c byte) bool{
	"alpha": func(c byte) bool { return 'a' <= lowerByte(c) && lowerByte(c) <= 'z' },
	"digit": func(c byte) bool { return '0' <= c && c <= '9' },
	"alnum": func(c byte) bool { return '0' <= c && c <= '9' || 'a' <= lowerByte(c) && lowerByte(c) <= 'z' },
	"blank": func(c byte) bool { return c == ' ' || c == '\t' },
	"cntrl": func(c byte) bool { return c < 0x20 || c == 0x7f },
	"graph": func(c byte) bool { return 0x21 <= c && c <= 0x7e },
	"lower": func(c byte) bool { return 'a' <= lowerByte(c) && lowerByte(c) <= 'z' },
	"upper": func(c byte) bool { return 'a' <= lowerByte(c) && lowerByte(c) <= 'z' },
	"print": func(c byte) bool { return 0x20 <= c && c <= 0x7e },
	"punct": func(c byte) bool {
		return 0x21 <= c && c <= 0x7e && lowerByte(c) == c && !('a' <= c && c <= 'z') && !('0' <= c && c <= '9')
	},
	"space":  func(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' },
	"xdigit": func(c byte) bool { return '0' <= c && c <= '9' || 'a' <= lowerByte(c) && lowerByte(c) <= 'f' },
}

var errOpenClass = errors.New("has a [ without its ]")

// parseClass parses the set that text begins with and says how long it is. A ] directly after the bracket is a member.
func parseClass(text string) (set byteSet, width int, err error) {
	i := 1
	negated := i < len(text) && (text[i] == '!' || text[i] == '^')
	if negated {
		i++
	}
	for first := true; ; first = false {
		if i >= len(text) {
			return set, 0, errOpenClass
		}
		if text[i] == ']' && !first {
			break
		}
		if i, err = set.addMember(text, i); err != nil {
			return set, 0, err
		}
	}
	if negated {
		for c := range set {
			set[c] = !set[c]
		}
	}
	set['/'] = false // no set matches across directories
	return set, i + 1, nil
}

// addMember adds the byte, range or [:class:] at i and returns where the next member begins.
func (s *byteSet) addMember(text string, i int) (int, error) {
	if rest, ok := strings.CutPrefix(text[i:], "[:"); ok {
		name, _, closed := strings.Cut(rest, ":]")
		if holds := classNames[name]; closed && holds != nil {
			for c := range s {
				s[c] = s[c] || holds(byte(c))
			}
			return i + len("[:") + len(name) + len(":]"), nil
		}
		return 0, fmt.Errorf("has an unknown class in %q", text)
	}
	from, i, err := member(text, i)
	if err != nil {
		return 0, err
	}
	s[lowerByte(from)] = true // git counts the first byte of [z-a] as well
	if i+1 >= len(text) || text[i] != '-' || text[i+1] == ']' {
		return i, nil
	}
	to, i, err := member(text, i+1)
	if err != nil {
		return 0, err
	}
	for c := int(from); c <= int(to); c++ {
		s[lowerByte(byte(c))] = true
	}
	return i, nil
}

func member(text string, i int) (byte, int, error) {
	if text[i] == '\\' {
		i++
	}
	if i >= len(text) {
		return 0, 0, errOpenClass
	}
	return text[i], i + 1, nil
}

// write writes the set for the matcher.
func (s *byteSet) write(b *strings.Builder) {
	empty := true
	for c := range s {
		if s[c] && lowerByte(byte(c)) == byte(c) {
			if empty {
				b.WriteByte('[')
			}
			empty = false
			b.WriteRune(shift(byte(c)))
		}
	}
	if empty {
		b.WriteString(`[^\x00-\x{10FFFF}]`) // matches nothing
		return
	}
	b.WriteByte(']')
}
