package fields

import "strings"

// assigned is the values of telling names in a text: in a query, a connection string, a header, a command line, a line of a
// configuration file.
func assigned(text string) (parts []part) {
	line := lineEnd(text, 0)
	for i := 0; i < len(text); i++ {
		if i > line {
			line = lineEnd(text, i)
		}
		c := text[i]
		if c == '-' && strings.HasPrefix(text[i:], "--") && (i == 0 || !alphanumeric(text[i-1]) && text[i-1] != '-') {
			if p, ok := optionValue(text, i); ok {
				parts = append(parts, p)
				i = p.end - 1
			}
			continue
		}
		if p, ok := userOption(text, i); ok {
			parts = append(parts, p)
			i = p.end - 1
			continue
		}
		if c != '=' && c != ':' && !isArgument(text, i) || c == ':' && strings.HasPrefix(text[i:], "://") {
			continue
		}
		name, before := nameBefore(text, i)
		if name == "" || promiseOf(name) == nothing || strings.EqualFold(name, "auth") {
			continue
		}
		if p, ok := valueBehind(text[:line], i, before); ok {
			p.name = name
			parts = append(parts, p)
			i = max(i, p.end-1)
		}
	}
	return parts
}

// isArgument holds at the comma of define('NAME', 'value').
func isArgument(text string, i int) bool {
	if text[i] != ',' || i == 0 || text[i-1] != '"' && text[i-1] != '\'' {
		return false
	}
	rest := strings.TrimLeft(text[i+1:min(len(text), i+8)], " \t")
	return rest != "" && (rest[0] == '"' || rest[0] == '\'')
}

// nameBefore is the name that the operator at op assigns to, and what stands in front of it: 0 at the start of a line.
func nameBefore(text string, op int) (name string, before byte) {
	end := op
	for end > 0 && op-end < 3 && (blank(text[end-1]) || text[end-1] == ':') {
		end--
	}
	quoted := byte(0)
	if end > 0 && (text[end-1] == '"' || text[end-1] == '\'') {
		quoted = text[end-1]
		end--
		if end > 0 && text[end-1] == '\\' {
			end--
		}
	}
	start := end
	for start > 0 && end-start < longestName && nameByte(text[start-1]) {
		start--
	}
	name = text[start:end]
	if start > 0 && quoted != 0 && text[start-1] == quoted {
		start--
	}
	for start > 0 && blank(text[start-1]) && start > 1 && strings.IndexByte(";,{", text[start-2]) >= 0 {
		start--
	}
	if start == 0 || text[start-1] == '\n' {
		return name, 0
	}
	return name, text[start-1]
}

func nameByte(c byte) bool { return alphanumeric(c) || c == '_' || c == '-' || c == '.' }

func lineEnd(text string, from int) int {
	if i := strings.IndexByte(text[from:], '\n'); i >= 0 {
		return from + i
	}
	return len(text)
}

// valueBehind is the value behind the operator at op; text ends with its line.
func valueBehind(text string, op int, before byte) (part, bool) {
	start := op + 1
	for start < len(text) && (blank(text[start]) || text[start] == '>' && text[op] == '=') {
		start++
	}
	if start >= len(text) {
		return part{}, false
	}
	if q := text[start]; q == '"' || q == '\'' {
		if end := strings.IndexByte(text[start+1:], q); end >= 0 {
			return part{start: start + 1, end: start + 1 + end}, end > 0
		}
	}
	end, flag := endOfValue(text, start, op, before)
	if n, _ := expression(text[start:], 0); n > 0 {
		end = max(end, start+n)
	}
	for end > start && (blank(text[end-1]) || strings.IndexByte("\r,;", text[end-1]) >= 0) {
		end--
	}
	start += schemeLength(text[start:end])
	return part{start: start, end: end, flag: flag}, strings.Trim(text[start:end], "'\"{}[](),;=") != "" && !isProse(text[start:end])
}

// endOfValue is where the value at start ends, by what stands in front of its name.
func endOfValue(text string, start, op int, before byte) (end int, flag Quote) {
	line := len(text)
	until := func(marks string) int {
		if i := strings.IndexAny(text[start:line], marks); i >= 0 {
			return start + i
		}
		return line
	}
	switch before {
	case '?', '&':
		return until("& \t\"'#<>"), Percent
	case ';':
		return until(";"), Pair
	case ',', '{':
		return until(",}"), Pair
	case 0:
		if i := until(";"); i < line && strings.IndexByte(text[i:line], '=') > 0 {
			return i, Pair
		}
		if i := nextPair(text[start:line]); i >= 0 {
			return start + i, Pair
		}
		return line, Bare
	case '"', '\'':
		return until(string(before)), Bare // opened in front of the name
	}
	if text[op] == ':' {
		return line, Bare
	}
	return until(" \t"), Bare
}

// nextPair is where the blank stands behind which name= follows, or -1.
func nextPair(text string) int {
	for i := 0; i < len(text); i++ {
		if !blank(text[i]) {
			continue
		}
		end := i + 1
		for end < len(text) && nameByte(text[end]) {
			end++
		}
		if end > i+1 && end < len(text) && text[end] == '=' {
			return i
		}
		i = end - 1
	}
	return -1
}

// optionValue is the value of an option such as --token VALUE whose dashes stand at i.
func optionValue(text string, i int) (part, bool) {
	end := i + 2
	for end < len(text) && nameByte(text[end]) {
		end++
	}
	if end >= len(text) || !blank(text[end]) || promiseOf(text[i+2:end]) == nothing {
		return part{}, false
	}
	start := end + 1
	for start < len(text) && (blank(text[start]) || text[start] == '"' || text[start] == '\'') {
		start++
	}
	stop := start
	for stop < len(text) && strings.IndexByte(" \t\r\n\"'", text[stop]) < 0 {
		stop++
	}
	return part{start: start, end: stop, name: text[i+2 : end]}, stop > start && text[start] != '-'
}

// userOption is the password behind -u USER:PASSWORD, as curl has it.
func userOption(text string, i int) (part, bool) {
	if !strings.HasPrefix(text[i:], "-u ") || i > 0 && !isSpace(text[i-1]) {
		return part{}, false
	}
	word := strings.TrimLeft(text[i+3:], " \"'")
	start := len(text) - len(word)
	end := strings.IndexAny(word, " \t\n\"'")
	if end < 0 {
		end = len(word)
	}
	user, secret, both := strings.Cut(word[:end], ":")
	return part{start: start + len(user) + 1, end: start + end, name: "user"}, both && secret != ""
}

// isProse holds for a sentence, which follows a name and a colon as well as a value does.
func isProse(text string) bool {
	// What is longer is no sentence, and is not looked at again and again.
	if len(text) > longestSearch || strings.Count(text, " ") < 2 {
		return false
	}
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		if vocabularies().prose[strings.Trim(word, ".,:;!?()\"'")] {
			return true
		}
	}
	return false
}
