package patch

import "strings"

// style is the colour of a line, as an SGR parameter.
type style string

const (
	plainStyle   style = ""
	headStyle    style = "1"
	hunkStyle    style = "36"
	deletedStyle style = "31"
	addedStyle   style = "32"
	noteStyle    style = "33"
)

// line writes text, lines that hold nothing but what this package made or escaped, each in colour s.
func (p *printer) line(s style, text string) {
	if !p.Terminal || !p.Color || s == plainStyle {
		p.out.WriteString(text)
		return
	}
	for line := range strings.Lines(text) {
		p.out.WriteString("\x1b[" + string(s) + "m" + strings.TrimSuffix(line, "\n") + "\x1b[m\n")
	}
}
