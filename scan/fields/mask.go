package fields

import "strings"

// templates are the brackets of template languages in files of another format.
var templates = [4]struct{ open, close string }{{"<%", "%>"}, {"{{", "}}"}, {"{%", "%}"}, {"{#", "#}"}}

// mask writes letters over the templates in text, so that what is left is of one format: as many as there were bytes, or
// the same few. A template that is alone on its line becomes a comment. It says where the templates were.
func mask(text string, sameLength bool) (masked string, places []span) {
	if !strings.Contains(text, "<%") && !strings.Contains(text, "{{") && !strings.Contains(text, "{%") {
		return text, nil
	}
	var b strings.Builder
	ends := closings{text: text}
	done := 0
	for i := 0; i+1 < len(text); i++ {
		n := ends.length(i)
		if n == 0 {
			continue
		}
		b.WriteString(text[done:i])
		alone := aloneOnLine(text, i, i+n)
		writeMask(&b, text[i:i+n], alone, sameLength)
		places = append(places, span{i, i + n})
		done = i + n
		i = done - 1
	}
	b.WriteString(text[done:])
	return b.String(), places
}

// longestTemplate bounds one, in bytes.
const longestTemplate = 4096

// closings finds the end of templates without looking at the same bytes twice.
type closings struct {
	text string
	next [4]int // where each closing bracket stands next; -1 for nowhere
}

// length is how long the template at i is, 0 for none.
func (c *closings) length(i int) int {
	if c.text[i] != '<' && c.text[i] != '{' {
		return 0
	}
	for kind, t := range templates {
		if !strings.HasPrefix(c.text[i:], t.open) {
			continue
		}
		if c.next[kind] >= 0 && c.next[kind] <= i+1 {
			c.next[kind] = strings.Index(c.text[i+1:], t.close)
			if c.next[kind] >= 0 {
				c.next[kind] += i + 1
			}
		}
		if end := c.next[kind] - i; end > 0 && end < longestTemplate {
			return end + len(t.close)
		}
	}
	return 0
}

func aloneOnLine(text string, start, end int) bool {
	for start > 0 && blank(text[start-1]) {
		start--
	}
	for end < len(text) && (blank(text[end]) || text[end] == '\r') {
		end++
	}
	return (start == 0 || text[start-1] == '\n') && (end == len(text) || text[end] == '\n')
}

func writeMask(b *strings.Builder, template string, alone, sameLength bool) {
	fresh := true
	for i := range len(template) {
		c := template[i]
		switch {
		case c == '\n' || c == '\r':
			b.WriteByte(c)
			fresh = true
			continue
		case fresh && alone:
			b.WriteByte('#')
		case fresh || sameLength:
			b.WriteByte('x')
		}
		fresh = false
	}
}
