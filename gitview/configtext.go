package gitview

import "strings"

// plainConfig reads a configuration in which nothing is quoted, escaped, continued or included, as those that git itself
// writes, and reports whether text is one. It is there because to ask git takes as long as all else in a small project.
func plainConfig(text string) (config, bool) {
	c := config{}
	section := ""
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.Trim(line, " \t")
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		if line[0] == '[' {
			var ok bool
			if section, ok = plainSection(line); !ok {
				return nil, false
			}
			continue
		}
		name, value, assigned := strings.Cut(line, "=")
		name, value = strings.TrimRight(name, " \t"), strings.TrimLeft(value, " \t")
		if !assigned {
			value = "true"
		}
		if section == "" || !plainWord(name) || !isLetter(name[0]) || strings.ContainsFunc(value, notPlain) {
			return nil, false
		}
		c[strings.ToLower(section+name)] = value
	}
	return c, true
}

// plainSection is the beginning of the names in a section, of its head.
func plainSection(line string) (string, bool) {
	name, ok := strings.CutSuffix(line[1:], "]")
	if !ok {
		return "", false
	}
	if plainWord(name) {
		return name + ".", !strings.HasPrefix(strings.ToLower(name), "include")
	}
	name, sub, ok := strings.Cut(name, ` "`)
	sub, closed := strings.CutSuffix(sub, `"`)
	plain := ok && closed && plainWord(name) && !strings.ContainsFunc(sub, notPlain)
	return name + "." + sub + ".", plain && !strings.HasPrefix(strings.ToLower(name), "include")
}

// plainWord reports whether word is made of letters, digits and dashes.
func plainWord(word string) bool {
	return word != "" && !strings.ContainsFunc(word, func(r rune) bool {
		return r >= 0x80 || !isLetter(byte(r)) && (r < '0' || r > '9') && r != '-'
	})
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// notPlain reports whether r may mean something else than itself in a value.
func notPlain(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`"\#;`, r) }
