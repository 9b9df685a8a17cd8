package fields

import (
	"strings"
)

// columns reads lines of words with colons between them, such as .pgpass and .htpasswd.
type columns struct {
	names   []string // of the columns; the last one takes what is left, colons included, unless escapes is set
	escapes bool     // a backslash stands before a colon in a value
	label   []int    // the columns that name a line
}

func (c columns) lex(d *document) error {
	return d.eachLine(func(line span) error {
		line = d.trim(line)
		text := d.cut(line)
		prefix := ""
		if strings.HasPrefix(text, "#") {
			start := len(text) - len(strings.TrimLeft(text, "# \t"))
			if cells := c.split(text[start:]); len(cells) != len(c.names) || text[start+cells[0].start:start+cells[0].end] == c.names[0] {
				return d.comment(line)
			}
			prefix, line.start = "#", line.start+start
			text = d.cut(line)
		}
		if text == "" {
			return nil
		}
		cells := c.split(text)
		if len(cells) < len(c.names) || len(cells) > len(c.names) {
			return structure("a line of another number of columns")
		}
		var names []string
		for _, i := range c.label {
			names = append(names, text[cells[i].start:cells[i].end])
		}
		row := (*key)(nil).child(prefix + strings.Join(names, ":"))
		for i, cell := range cells {
			if cell.start == cell.end {
				continue
			}
			q := Bare
			if c.escapes {
				q = Colons
			}
			if _, err := d.add(row.child(c.names[i]), span{line.start + cell.start, line.start + cell.end}, q, textual); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c columns) split(text string) []span {
	var cells []span
	start := 0
	for i := 0; i <= len(text); i++ {
		switch {
		case i < len(text) && c.escapes && text[i] == '\\':
			i++
			if i == len(text) {
				cells = append(cells, span{start, i})
			}
		case i == len(text), text[i] == ':' && (c.escapes || len(cells) < len(c.names)-1):
			cells = append(cells, span{start, i})
			start = i + 1
		}
	}
	return cells
}

// lexURLs reads a URL a line, as git's credential store has them.
func lexURLs(d *document) error {
	return d.eachLine(func(line span) error {
		line = d.trim(line)
		text := d.cut(line)
		if text == "" {
			return nil
		}
		if text[0] == '#' {
			return d.comment(line)
		}
		_, rest, ok := strings.Cut(text, "://")
		userinfo, host, both := cutLast(rest, "@")
		if !ok || !both || strings.IndexByte(userinfo, ':') < 0 || strings.ContainsAny(userinfo, "/ \t") {
			return structure("a line that is no URL with a password")
		}
		user, password, _ := strings.Cut(userinfo, ":")
		at := (*key)(nil).child(strings.TrimRight(host, "/") + ":" + user).child("password")
		end := line.end - len(host) - 1
		if password == "" {
			return nil
		}
		_, err := d.add(at, span{end - len(password), end}, Bare|Percent, textual)
		return err
	})
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
