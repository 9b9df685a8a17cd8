package patch

import (
	"bytes"
	"strconv"
	"strings"

	"cofferdam/internal/linediff"
	"cofferdam/internal/term"
)

// hunks writes the difference of two texts. An empty file that comes or goes has none.
func (p *printer) hunks(name string, x part) {
	old, now, edits := x.edits()
	if len(edits) == 0 {
		return
	}
	oldName, newName := sideNames(name, x)
	p.line(headStyle, "--- "+tabbed(oldName)+"\n")
	p.line(headStyle, "+++ "+tabbed(newName)+"\n")
	for _, h := range linediff.Hunks(edits, old.Len(), now.Len(), contextLines) {
		p.line(hunkStyle, "@@ -"+position(h.Old)+" +"+position(h.New)+" @@\n")
		at := h.Old.Start
		for _, e := range h.Edits {
			p.lines(' ', plainStyle, old, linediff.Range{Start: at, End: e.Old.Start})
			p.lines('-', deletedStyle, old, e.Old)
			p.lines('+', addedStyle, now, e.New)
			at = e.Old.End
		}
		p.lines(' ', plainStyle, old, linediff.Range{Start: at, End: h.Old.End})
	}
}

// tabbed marks the end of a name that has a space, as git does for readers that stop at the first.
func tabbed(name string) string {
	if strings.Contains(name, " ") {
		return name + "\t"
	}
	return name
}

// position is a range of lines in a hunk's header: an empty one is named by the line before it.
func position(r linediff.Range) string {
	switch r.Len() {
	case 0:
		return strconv.Itoa(r.Start) + ",0"
	case 1:
		return strconv.Itoa(r.Start + 1)
	}
	return strconv.Itoa(r.Start+1) + "," + strconv.Itoa(r.Len())
}

const noNewline = "\\ No newline at end of file\n"

func (p *printer) lines(mark byte, s style, t linediff.Text, r linediff.Range) {
	for i := r.Start; i < r.End; i++ {
		line, ended := bytes.CutSuffix(t.Line(i), []byte{'\n'})
		switch {
		case !p.Terminal:
			p.out.WriteByte(mark)
			p.out.Write(line)
			p.out.WriteByte('\n')
		default:
			p.line(s, string(mark)+term.Escape(string(line), true)+"\n")
		}
		if !ended {
			p.out.WriteString(noNewline)
		}
	}
}
