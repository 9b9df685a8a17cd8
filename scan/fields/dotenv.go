package fields

import "strings"

var dotenvValue = lineValue{quotes: []quoteMark{{'"', Double}, {'\'', Single}, {'`', Raw}}, bare: Bare, comment: "#"}

// dotenv reads NAME=value lines. In a shell script other lines are commands.
type dotenv struct{ shell bool }

// lexDotenv is the state of one reading.
type lexDotenv struct {
	dotenv
	open map[byte]bool // quotes that nothing closes from here on
}

func (f dotenv) lex(d *document) error {
	l := lexDotenv{f, map[byte]bool{}}
	skip := 0 // up to where a value of several lines reached
	return d.eachLine(func(line span) error {
		if line.start < skip {
			return nil
		}
		line = d.trim(line)
		text := d.cut(line)
		switch {
		case text == "":
			return nil
		case text[0] == '#':
			return l.comment(d, line)
		}
		name, value, ok := dotenvName(text)
		if !ok {
			return l.other(d, line)
		}
		at := (*key)(nil).child(name)
		start := line.start + value
		end, err := l.block(d, at, start, line.end)
		if skip = end; end > 0 || err != nil {
			return err
		}
		return dotenvValue.value(d, at, span{start, line.end})
	})
}

// dotenvName is the name that a line assigns to, and where the value begins.
func dotenvName(text string) (name string, value int, ok bool) {
	start := 0
	for _, word := range []string{"export ", "set ", "declare -x ", "setenv "} {
		if strings.HasPrefix(text, word) {
			start = len(word)
		}
	}
	for start < len(text) && blank(text[start]) {
		start++
	}
	end := start
	for end < len(text) && nameByte(text[end]) {
		end++
	}
	op := end
	for op < len(text) && blank(text[op]) {
		op++
	}
	if end == start || digit(text[start]) || op == len(text) {
		return "", 0, false
	}
	if c := text[op]; c != '=' && !(c == ':' && op == end && (op+1 == len(text) || blank(text[op+1]))) {
		return "", 0, false
	}
	return text[start:end], op + 1, true
}

// comment records an assignment that is commented out as one, and other comments.
func (l *lexDotenv) comment(d *document, line span) error {
	text := d.cut(line)
	start := len(text) - len(strings.TrimLeft(text, "# \t"))
	name, value, ok := dotenvName(text[start:])
	if !ok || strings.ContainsAny(text[start+value-1:start+value], ":") && promiseOf(name) == nothing {
		return d.comment(line)
	}
	at := (*key)(nil).child("#" + name)
	return dotenvValue.value(d, at, span{line.start + start + value, line.end})
}

// block records a value in quotes that goes on over the line end, and says where it ends; 0 where it does not.
func (l *lexDotenv) block(d *document, at *key, start, lineEnd int) (end int, err error) {
	for start < lineEnd && blank(d.text[start]) {
		start++
	}
	if start == lineEnd {
		return 0, nil
	}
	mark := d.text[start]
	q, quoted := dotenvValue.quote(mark)
	if !quoted || l.open[mark] {
		return 0, nil
	}
	close := closingQuote(d.text[start:], q)
	if close < 0 || start+close < lineEnd {
		l.open[mark] = close < 0
		return 0, nil
	}
	close += start
	rest, _, _ := strings.Cut(d.text[close+1:], "\n")
	if rest = strings.TrimSpace(rest); rest != "" && rest[0] != '#' {
		return 0, structure("quotes that do not match")
	}
	n, err := d.addLines(at, d.splitLines(span{start + 1, close}), q, textual)
	if err != nil || len(n.lines) == 0 {
		return close + 1, err
	}
	return close + 1, nil
}

// other records a line that assigns nothing: a name that is passed through, or a command.
func (l *lexDotenv) other(d *document, line span) error {
	name := strings.TrimPrefix(d.cut(line), "export ")
	switch {
	case l.shell && isDirective(d.cut(line)):
		return d.comment(line)
	case isName(name) && len(name) <= longestName && strings.ToUpper(name) == name:
		return nil
	}
	return structure("a line that is no assignment")
}

// isDirective holds for lines of direnv and of the shell that have no values of their own. Other lines may belong to a
// value that goes on.
func isDirective(text string) bool {
	word, _, _ := strings.Cut(text, " ")
	switch strings.TrimSuffix(word, ";") {
	case "source", ".", "source_up", "source_up_if_exists", "source_env", "source_env_if_exists", "source_url", "dotenv", "dotenv_if_exists", "layout", "use", "PATH_add", "path_add",
		"MANPATH_add", "watch_file", "watch_dir", "load_prefix", "strict_env", "unstrict_env", "unset", "has", "log_status", "log_error", "if", "elif", "else", "fi", "then", "case", "esac",
		"for", "do", "done", "while", "[", "[[", "test", "set", "return", "exit", "export", "}", "curl", "eval", "cd":
		return !strings.HasSuffix(text, "\\") && !strings.Contains(text, "<<")
	}
	return false
}
