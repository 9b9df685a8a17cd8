package fields

import "strings"

// lexProperties reads the files of java.util.Properties.
func lexProperties(d *document) error {
	var at *key
	var lines []span
	flush := func() error {
		if len(lines) == 0 {
			return nil
		}
		n, err := d.addLines(at, lines, Properties, textual)
		if err == nil && isWordOfState(n.text) {
			n.kind = state
		}
		lines = nil
		return err
	}
	goesOn := false
	err := d.eachLine(func(line span) error {
		line = d.trimLeft(line)
		text := d.cut(line)
		if !goesOn {
			if text == "" {
				return nil
			}
			if text[0] == '#' || text[0] == '!' {
				return commentedProperty(d, line)
			}
			name, value := propertyName(text)
			if strings.HasSuffix(name, "\\") && value == len(text) {
				return structure("a name that goes on")
			}
			if len(name) > maxKey || strings.HasPrefix(text[len(name):], "://") {
				return structure("a name that is none")
			}
			if plain, _, ok := unescape(Properties, name); ok {
				name = plain
			}
			at, line.start = (*key)(nil).child(name), line.start+value
		}
		goesOn = endsInBackslash(d.cut(line))
		if goesOn {
			line.end--
		}
		if line = d.trim(line); line.start < line.end {
			lines = append(lines, line)
		}
		if goesOn {
			return nil
		}
		return flush()
	})
	if err == nil && goesOn {
		return structure("a line that goes on")
	}
	return err
}

func (d *document) trimLeft(s span) span {
	for s.start < s.end && (blank(d.text[s.start]) || d.text[s.start] == '\f') {
		s.start++
	}
	return s
}

// propertyName is the name that text begins with and where the value does.
func propertyName(text string) (name string, value int) {
	end := 0
	for end < len(text) && !blank(text[end]) && text[end] != '=' && text[end] != ':' {
		if text[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end, len(text))
	value = end
	for value < len(text) && blank(text[value]) {
		value++
	}
	if value < len(text) && (text[value] == '=' || text[value] == ':') {
		value++
	}
	for value < len(text) && blank(text[value]) {
		value++
	}
	return text[:end], value
}

// endsInBackslash holds for an odd number of them.
func endsInBackslash(text string) bool {
	return (len(text)-len(strings.TrimRight(text, "\\")))%2 == 1
}

func commentedProperty(d *document, line span) error {
	text := d.cut(line)
	start := len(text) - len(strings.TrimLeft(text, "#! \t"))
	name, value := propertyName(text[start:])
	if promiseOf(name) == nothing || strings.IndexByte("=:", text[start+max(value-1, 0)]) < 0 && !strings.Contains(text[start:start+value], "=") || isProse(text[start+value:]) {
		return d.comment(line)
	}
	s := d.trim(span{line.start + start + value, line.end})
	if s.start == s.end || strings.HasSuffix(d.cut(s), "\\") {
		return d.comment(line)
	}
	_, err := d.add((*key)(nil).child("#"+name), s, Properties, textual)
	return err
}
