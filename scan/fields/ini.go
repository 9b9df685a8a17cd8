package fields

import "strings"

// ini reads sections of lines such as key = value, in its many dialects.
type ini struct {
	operators string // between a key and its value
	comments  string // marks that begin one
	git       bool   // values have escapes, sections have names in quotes
	nested    bool   // what is indented below a key belongs to it
	loose     bool   // a line may be a key alone
}

// lexINI is the state of one reading.
type lexINI struct {
	ini
	doc     *document
	section *key
	current *key // the key that indented lines belong to
	goesOn  bool // the line before joins this one
	value   lineValue
}

func (l ini) lex(d *document) error {
	x := lexINI{ini: l, doc: d}
	x.value = lineValue{quotes: []quoteMark{{'"', Raw}, {'\'', Raw}}, bare: Bare, comment: l.comments, goesOn: l.nested}
	if l.git {
		x.value = lineValue{quotes: []quoteMark{{'"', Git}}, bare: Bare, comment: l.comments, goesOn: true}
	}
	return d.eachLine(x.line)
}

func (x *lexINI) line(line span) error {
	indented := line.start < line.end && blank(x.doc.text[line.start])
	line = x.doc.trim(line)
	text := x.doc.cut(line)
	before := x.goesOn
	x.goesOn = endsInBackslash(text)
	switch {
	case before && (x.current == nil || !x.git && !indented):
		return structure("a line that goes on")
	case before && x.git:
		return x.value.value(x.doc, x.current, line)
	case text == "":
		return nil
	case strings.IndexByte(x.comments, text[0]) >= 0:
		x.goesOn = false
		return x.comment(line)
	case text[0] == '[':
		return x.header(line)
	case indented && x.nested && x.current != nil:
		return x.continued(line)
	}
	return x.assign(line, x.section)
}

// comment records an assignment that is commented out as well as other comments.
func (x *lexINI) comment(line span) error {
	text := x.doc.cut(line)
	start := len(text) - len(strings.TrimLeft(text, x.comments+" \t"))
	if op := operatorAt(text[start:], x.operators); op > 0 {
		name := strings.TrimSpace(text[start : start+op])
		if promiseOf(name) != nothing && !strings.ContainsAny(name, " \t") && !isProse(text[start+op+1:]) {
			return x.value.value(x.doc, x.section.child("#"+name), span{line.start + start + op + 1, line.end})
		}
	}
	return x.doc.comment(line)
}

func (x *lexINI) header(line span) error {
	text := x.doc.cut(line)
	end := strings.LastIndexByte(text, ']')
	if mark := x.value.endOfBare(text); mark < len(text) && x.git {
		end = strings.LastIndexByte(text[:mark], ']')
	}
	if end < 0 {
		return structure("a section without its end")
	}
	if rest := strings.TrimSpace(text[end+1:]); rest != "" && strings.IndexByte(x.comments, rest[0]) < 0 {
		return structure("text behind a section")
	}
	name := strings.TrimSpace(text[1:end])
	x.section, x.current = (*key)(nil).child(strings.ReplaceAll(name, "\"", "")), nil
	x.section.masked = false // the password in the URL of a git section is found here
	return x.doc.comment(line)
}

// continued records an indented line below a key: another value of it, or a setting of its own.
func (x *lexINI) continued(line span) error {
	text := x.doc.cut(line)
	if op := operatorAt(text, "="); op > 0 && isKey(strings.TrimSpace(text[:op])) {
		return x.value.value(x.doc, x.current.child(strings.TrimSpace(text[:op])), span{line.start + op + 1, line.end})
	}
	return x.value.value(x.doc, x.current, line)
}

func (x *lexINI) assign(line span, section *key) error {
	text := x.doc.cut(line)
	op := operatorAt(text, x.operators)
	if op > 0 && strings.HasPrefix(text[op:], "://") {
		op = operatorAt(text, "=")
	}
	if op < 0 {
		if x.loose && (isKey(text) || text[0] == '!') || x.git && isKey(text) {
			return nil
		}
		return structure("a line that is no setting")
	}
	name := strings.TrimSpace(text[:op])
	if name == "" || len(name) > maxKey {
		return structure("a setting without a name")
	}
	x.current = section.child(name)
	return x.value.value(x.doc, x.current, span{line.start + op + 1, line.end})
}

// isKey holds for what the keys of settings are made of.
func isKey(text string) bool {
	for i := range len(text) {
		if !nameByte(text[i]) {
			return false
		}
	}
	return text != "" && len(text) <= longestName
}
