package scan

import (
	"strings"

	"cofferdam/scan/internal/leaks"
)

// window is a part of a text: [start, end).
type window struct{ start, end int }

// windows gathers the windows of one rule, in the order of their anchors.
type windows struct {
	list    []window
	lineEnd int // where the line of the last anchor ends, for a reach in lines
}

// add makes or widens a window for the anchor at text[at:], as far as a rule's match can lie around it. Matches inside
// the windows so made are exactly those of the whole text: each contains an anchor, so it lies in that anchor's window
// with room to spare, and what only touches a window's edge, as $ there could, contains no anchor.
func (w *windows) add(text string, at int, r leaks.Extent) {
	switch {
	case r.Bytes != leaks.Unbounded:
		w.merge(window{max(at-r.Bytes, 0), min(at+r.Bytes+1, len(text))})
	case r.Lines != leaks.Unbounded:
		w.addLines(text, at, r.Lines)
	default:
		w.list = append(w.list[:0], window{0, len(text)})
	}
}

func (w *windows) merge(n window) {
	if last := len(w.list) - 1; last >= 0 && n.start <= w.list[last].end {
		w.list[last].end = max(w.list[last].end, n.end)
		return
	}
	w.list = append(w.list, n)
}

// addLines never looks twice at the same line, so that a file of one line full of anchors costs what its size is.
func (w *windows) addLines(text string, at, lines int) {
	if at < w.lineEnd {
		return
	}
	floor := 0
	if last := len(w.list) - 1; last >= 0 {
		floor = w.list[last].end
	}
	start := at
	for n := 0; n < lines+2 && start > floor; n++ { // one line more, so that no ^ is met at the edge
		start = floor + strings.LastIndexByte(text[floor:start-1], '\n') + 1
	}
	end := lineEnd(text, at)
	w.lineEnd = end
	for range lines + 1 {
		end = lineEnd(text, end)
	}
	w.merge(window{min(start, at), end})
}

// lineEnd is the place behind the line end that follows at, or the end of the text.
func lineEnd(text string, at int) int {
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(text)
}

// lineStart is the place behind the line end that precedes at, or 0.
func lineStart(text string, at int) int { return strings.LastIndexByte(text[:at], '\n') + 1 }
