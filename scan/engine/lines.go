package engine

// lines knows the lines of a text.
type lines struct {
	text    string
	feeds   marks
	tail    int   // where what no line feed ends begins
	returns marks // in the tail, where gitleaks ends a line at one
}

func newLines(text string) *lines {
	l := &lines{text: text, feeds: newMarks(text, "\n")}
	if n := l.feeds.count(); n > 0 {
		l.tail = l.feeds.place(n-1) + 1
	}
	l.returns = newMarks(text[l.tail:], "\r")
	return l
}

// Place is where gitleaks says that a match is. Its columns are off by one after the first line, its lines begin with
// the line feed before them, and a match after the last line feed has all of the text before it in its line. A rule
// about paths alone has the zero Place.
type Place struct {
	StartLine, EndLine     int // from 1
	StartColumn, EndColumn int // bytes
	Line                   string
}

// place is what gitleaks makes of start and end, which may be anything where they come from decoding.
func (l *lines) place(start, end int) Place {
	if start < 0 || l.before(start+1) == l.count() {
		return l.lastPlace(start, end)
	}
	number := l.before(start + 1)
	from, to := l.around(number)
	p := Place{StartLine: number + 1, EndLine: number + 1, StartColumn: start - from + 1}
	if n := l.before(end); n < l.count() {
		lineStart, lineEnd := l.around(n)
		p.EndColumn = end - lineStart
		if n > number {
			p.EndLine, to = n+1, lineEnd
		}
	}
	p.Line = l.part(from, max(to, end))
	return p
}

// lastPlace is in what no line feed ends.
func (l *lines) lastPlace(start, end int) Place {
	last := l.feed(l.count() - 1)
	p := Place{StartLine: l.count() + 1, EndLine: l.count() + 1, StartColumn: start - last + 1, EndColumn: end - last}
	to := min(max(end, 0), len(l.text))
	if n := l.feeds.upTo(to); n < l.feeds.count() {
		to = l.feeds.place(n)
	} else if n := l.returns.upTo(to - l.tail); n < l.returns.count() {
		to = l.tail + l.returns.place(n)
	} else {
		to = len(l.text)
	}
	p.Line = l.part(0, to)
	return p
}

// count is how many line feeds there are. To gitleaks, a text without any has one at its end.
func (l *lines) count() int { return max(l.feeds.count(), 1) }

// before is how many of them are before at.
func (l *lines) before(at int) int {
	if l.feeds.count() > 0 {
		return l.feeds.upTo(at)
	}
	if at > len(l.text) {
		return 1
	}
	return 0
}

// feed is where one of them is.
func (l *lines) feed(number int) int {
	if l.feeds.count() == 0 {
		return len(l.text)
	}
	return l.feeds.place(number)
}

// around is a line that a line feed ends. It begins with the one before it.
func (l *lines) around(number int) (from, to int) {
	if number > 0 {
		from = l.feed(number - 1)
	}
	return from, l.feed(number)
}

func (l *lines) part(from, to int) string {
	to = max(0, min(to, len(l.text)))
	return l.text[min(from, to):to]
}
