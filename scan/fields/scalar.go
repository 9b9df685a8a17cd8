package fields

import (
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// scalarYAML is where a scalar stands.
type scalarYAML struct {
	whole span   // with its quotes
	lines []span // without them, and without indentation
	quote Quote
}

// find is where n stands, which is behind all that was found before.
func (l *lexerYAML) find(n *yaml.Node) (scalarYAML, error) {
	if n.Value == "" && n.Style&^yaml.TaggedStyle == 0 {
		return scalarYAML{whole: span{l.place.at, l.place.at}}, nil // a null that is not written
	}
	start, err := l.seek(n.Line-1, n.Column-1)
	if err != nil {
		return scalarYAML{}, err
	}
	start = l.afterProperties(start)
	switch style := n.Style &^ (yaml.TaggedStyle | yaml.FlowStyle); style {
	case yaml.DoubleQuotedStyle:
		return l.quoted(start, '"', YAMLDouble)
	case yaml.SingleQuotedStyle:
		return l.quoted(start, '\'', YAMLSingle)
	case yaml.LiteralStyle, yaml.FoldedStyle:
		return l.block(start, n)
	case 0:
		return l.plain(start, n.Value)
	}
	return scalarYAML{}, structure("a scalar of no style")
}

// seek is the byte at a line and column, which count characters from 0. It only goes forward.
func (l *lexerYAML) seek(line, column int) (int, error) {
	p := &l.place
	for p.line < line {
		end := strings.IndexByte(l.text[p.at:], '\n')
		if end < 0 {
			return 0, structure("a place that is not there")
		}
		p.line, p.column, p.at = p.line+1, 0, p.at+end+1
	}
	if p.line > line || p.column > column {
		return 0, structure("scalars out of order")
	}
	for ; p.column < column; p.column++ {
		if p.at >= len(l.text) || l.text[p.at] == '\n' {
			return 0, structure("a place that is not there")
		}
		_, n := utf8.DecodeRuneInString(l.text[p.at:])
		p.at += n
	}
	return p.at, nil
}

// afterProperties is where the scalar begins behind its tag and its anchor.
func (l *lexerYAML) afterProperties(at int) int {
	for at < len(l.text) && (l.text[at] == '!' || l.text[at] == '&') {
		for at < len(l.text) && !isSpace(l.text[at]) {
			at++
		}
		for at < len(l.text) && (isSpace(l.text[at]) || l.text[at] == '#' && isSpace(l.text[at-1])) {
			if l.text[at] == '#' {
				for at+1 < len(l.text) && l.text[at] != '\n' {
					at++
				}
			}
			at++
		}
	}
	return at
}

func (l *lexerYAML) quoted(start int, mark byte, q Quote) (scalarYAML, error) {
	if start >= len(l.text) || l.text[start] != mark {
		return scalarYAML{}, structure("no quotes")
	}
	for i := start + 1; i < len(l.text); i++ {
		switch {
		case l.text[i] == '\\' && mark == '"':
			i++
		case l.text[i] == mark && mark == '\'' && i+1 < len(l.text) && l.text[i+1] == mark:
			i++
		case l.text[i] == mark:
			return scalarYAML{span{start, i + 1}, l.quotedLines(span{start + 1, i}, q), q}, nil
		}
	}
	return scalarYAML{}, structure("quotes without their end")
}

// quotedLines is the lines between quotes, without the backslashes that join them.
func (l *lexerYAML) quotedLines(s span, q Quote) []span {
	if s.start == s.end || strings.IndexByte(l.text[s.start:s.end], '\n') < 0 {
		if s.start == s.end {
			return nil
		}
		return []span{s}
	}
	lines := l.doc.splitLines(s)
	kept := lines[:0]
	for _, line := range lines {
		if q == YAMLDouble && line.end < s.end && endsInBackslash(l.text[line.start:line.end]) {
			line.end--
		}
		if line.start < line.end {
			kept = append(kept, line)
		}
	}
	return kept
}

// plain follows value through the text: lines of it are joined by a blank.
func (l *lexerYAML) plain(start int, value string) (scalarYAML, error) {
	if strings.HasPrefix(l.text[start:], value) && strings.IndexByte(value, '\n') < 0 {
		s := span{start, start + len(value)}
		return scalarYAML{s, []span{s}, YAMLPlain}, nil
	}
	var lines []span
	at, line := start, start
	for i := 0; i < len(value); {
		end, next, breaks := lineBreak(l.text, at)
		switch {
		case breaks == 0:
			next = max(next, at+1)
			if next > len(l.text) || !strings.HasPrefix(value[i:], l.text[at:next]) {
				return scalarYAML{}, structure("a scalar that reads another way")
			}
			i += next - at
			at = next
		default:
			joint := " "
			if breaks > 1 {
				joint = strings.Repeat("\n", breaks-1)
			}
			if !strings.HasPrefix(value[i:], joint) {
				return scalarYAML{}, structure("a scalar that reads another way")
			}
			i += len(joint)
			lines = append(lines, span{line, end})
			at, line = next, next
		}
	}
	lines = append(lines, span{line, at})
	return scalarYAML{span{start, at}, lines, YAMLPlain}, nil
}

// lineBreak is how many line ends stand at a place in text, blanks in front of them and between them left out, and where
// the next line begins.
func lineBreak(text string, at int) (end, next, breaks int) {
	next = at
	for next < len(text) && isSpace(text[next]) {
		if text[next] == '\n' {
			breaks++
		}
		next++
	}
	return at, next, breaks
}

// block finds the lines of a block scalar: all that are indented as the first one is.
func (l *lexerYAML) block(start int, n *yaml.Node) (scalarYAML, error) {
	if start >= len(l.text) || l.text[start] != '|' && l.text[start] != '>' {
		return scalarYAML{}, structure("no block")
	}
	at := l.lineEnd(start)
	s := scalarYAML{whole: span{start, start + 1}, quote: YAMLBlock}
	indent := -1
	for at < len(l.text) {
		begin := at + 1
		end := l.lineEnd(begin)
		text := strings.TrimRight(l.text[begin:end], "\r")
		lead := len(text) - len(strings.TrimLeft(text, " "))
		if strings.TrimSpace(text) != "" {
			if indent < 0 {
				indent = lead - leadOf(n.Value)
			}
			if lead < indent || indent < 0 || indent == 0 && (strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...")) {
				break
			}
			if line := l.doc.trim(span{begin + indent, begin + len(text)}); line.start < line.end {
				s.lines = append(s.lines, line)
			}
			s.whole.end = end
		}
		at = end
	}
	return s, l.checkBlock(s, n)
}

func (l *lexerYAML) lineEnd(from int) int {
	if from >= len(l.text) {
		return len(l.text)
	}
	if i := strings.IndexByte(l.text[from:], '\n'); i >= 0 {
		return from + i
	}
	return len(l.text)
}

// leadOf is how many blanks the first line of value that has more than blanks begins with.
func leadOf(value string) int {
	for line := range strings.SplitSeq(value, "\n") {
		if strings.TrimSpace(line) != "" {
			return len(line) - len(strings.TrimLeft(line, " "))
		}
	}
	return 0
}

// checkBlock holds that the lines have the words of the value, in order.
func (l *lexerYAML) checkBlock(s scalarYAML, n *yaml.Node) error {
	rest := strings.TrimSpace(n.Value)
	for _, line := range s.lines {
		text := l.text[line.start:line.end]
		if !strings.HasPrefix(rest, text) {
			return structure("a block that reads another way")
		}
		rest = strings.TrimLeft(rest[len(text):], " \t\n\r")
	}
	if rest != "" {
		return structure("a block that reads another way")
	}
	return nil
}
