package fields

import "strings"

// lexInventory reads an inventory of Ansible: hosts with name=value words behind them, and sections of settings.
func lexInventory(d *document) error {
	section := (*key)(nil)
	settings := false
	return d.eachLine(func(line span) error {
		line = d.trim(line)
		text := d.cut(line)
		switch {
		case text == "":
			return nil
		case text[0] == '#' || text[0] == ';':
			return d.comment(line)
		case text[0] == '[':
			name, rest, ok := strings.Cut(text[1:], "]")
			if rest = strings.TrimSpace(rest); !ok || rest != "" && rest[0] != '#' {
				return structure("a section without its end")
			}
			section, settings = (*key)(nil).child(name), strings.HasSuffix(name, ":vars")
			return nil
		case settings:
			op := operatorAt(text, "=")
			if op < 0 {
				return structure("a line that is no setting")
			}
			return inventoryValue.value(d, section.child(strings.TrimSpace(text[:op])), span{line.start + op + 1, line.end})
		}
		return hostLine(d, section, line)
	})
}

var inventoryValue = lineValue{quotes: []quoteMark{{'"', Raw}, {'\'', Raw}}, bare: Bare, comment: "#"}

// hostLine records the words behind a host.
func hostLine(d *document, section *key, line span) error {
	words, err := splitWords(d, line)
	if err != nil {
		return err
	}
	host := section
	for i, word := range words {
		text := d.cut(word)
		op := strings.IndexByte(text, '=')
		switch {
		case i == 0 && op < 0:
			host = section.child(text)
			continue
		case strings.HasPrefix(text, "#"):
			return d.comment(span{word.start, line.end})
		case op <= 0 || !isName(text[:op]):
			return structure("a word that is no setting")
		}
		s, q := span{word.start + op + 1, word.end}, Bare
		if n := s.end - s.start; n >= 2 && d.text[s.start] == d.text[s.end-1] && strings.IndexByte(`"'`, d.text[s.start]) >= 0 {
			s, q = span{s.start + 1, s.end - 1}, Raw
		}
		if s.start == s.end {
			continue
		}
		if _, err := d.add(host.child(text[:op]), s, q, textual); err != nil {
			return err
		}
	}
	return nil
}

// splitWords splits a line at blanks outside quotes.
func splitWords(d *document, line span) ([]span, error) {
	var words []span
	start, quote := -1, byte(0)
	for i := line.start; i <= line.end; i++ {
		if i == line.end || blank(d.text[i]) && quote == 0 {
			if start >= 0 {
				words = append(words, span{start, i})
			}
			start = -1
			continue
		}
		if start < 0 {
			start = i
		}
		switch c := d.text[i]; {
		case c == '\\':
			return nil, structure("a backslash")
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	if quote != 0 {
		return nil, structure("quotes that do not match")
	}
	return words, nil
}

// lexYarn reads .yarnrc of yarn 1: a key and a value a line, each in quotes or not.
func lexYarn(d *document) error {
	return d.eachLine(func(line span) error {
		line = d.trim(line)
		text := d.cut(line)
		if text == "" {
			return nil
		}
		if text[0] == '#' {
			return d.comment(line)
		}
		end := strings.IndexAny(text, " \t")
		name := ""
		if text[0] == '"' {
			if end = closingQuote(text, JSON) + 1; end == 0 {
				return structure("quotes that do not match")
			}
			name = text[1 : end-1]
		} else if end > 0 {
			name = strings.TrimSuffix(text[:end], ":")
		}
		if end <= 0 || end >= len(text) || !blank(text[end]) {
			return structure("a line without a value")
		}
		s, q := d.trim(span{line.start + end, line.end}), Bare
		if d.text[s.start] == '"' {
			if closingQuote(d.cut(s), JSON) != s.end-s.start-1 {
				return structure("quotes that do not match")
			}
			s, q = span{s.start + 1, s.end - 1}, JSON
		}
		if s.start == s.end {
			return nil
		}
		_, err := d.add((*key)(nil).child(name), s, q, textual)
		return err
	})
}
