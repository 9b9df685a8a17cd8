package rules

import "bytes"

// maxValue bounds what of a value is looked at, in bytes.
const maxValue = 4096

// value reads the value that text begins with.
func value(text []byte) (v []byte, quoted bool) {
	text = text[:min(len(text), maxValue)]
	text = bytes.TrimLeft(text, "\\")
	if len(text) == 0 {
		return nil, false
	}
	if q := text[0]; q == '"' || q == '\'' || q == '`' {
		text = bytes.TrimLeft(text, string(q))
		if end := bytes.IndexByte(text, q); end >= 0 {
			text = text[:end]
		}
		line, _, _ := bytes.Cut(text, []byte("\n"))
		return bytes.TrimSuffix(line, []byte("\\")), true
	}
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	switch string(bytes.TrimSpace(line)) {
	case "|", "|-", ">", ">-":
		line, _, _ = bytes.Cut(rest, []byte("\n"))
	}
	v = bytes.TrimSpace(line)
	for _, end := range [...]string{" #", " //", "\t#", "</", "\\n"} {
		v, _, _ = bytes.Cut(v, []byte(end))
	}
	return bytes.TrimRight(v, ",; \t\r\"'"), false
}

// flowLine says of places in content, asked in their order, whether they are inside the braces of YAML's flow style. It
// remembers the line, which can be as long as the file.
type flowLine struct {
	content []byte
	at      int  // up to where it has looked
	open    bool // whether the line of at has a brace before at
}

// opensBefore reports whether there is a brace before place in its line.
func (l *flowLine) opensBefore(place int) bool {
	text := l.content[l.at:place]
	if end := bytes.LastIndexByte(text, '\n'); end >= 0 {
		l.open, text = false, text[end+1:]
	}
	l.open = l.open || bytes.IndexByte(text, '{') >= 0
	l.at = place
	return l.open
}

// firstOfFlow is a flow-style value without what follows it. Braces that the value opens itself are left to it.
func firstOfFlow(v []byte) []byte {
	if end := bytes.IndexAny(v, ",}]{[("); end >= 0 && bytes.IndexByte([]byte(",}]"), v[end]) >= 0 {
		return bytes.TrimSpace(v[:end])
	}
	return v
}
