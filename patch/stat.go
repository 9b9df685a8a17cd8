package patch

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"cofferdam/change"
	"cofferdam/internal/term"
	"cofferdam/workspace"
)

const (
	defaultWidth  = 80
	narrowestStat = 30
)

// Stat writes a line for each change and a summary, as `git diff --stat` does for a terminal of width columns, 80
// where width is 0. Beyond git, it lists changes of directories by themselves and says, in parentheses, what a
// comment line of the patch says. Those notes may make a line longer than width.
func Stat(ctx context.Context, w io.Writer, set *change.Set, t Trees, width int) error {
	if width == 0 {
		width = defaultWidth
	}
	var rows []tally
	var totals summary
	err := eachDelta(ctx, set, t, countDelta, func(n tally) error {
		totals.add(n)
		if n.worthTelling() {
			rows = append(rows, n)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write diffstat: %w", err)
	}
	out := bufio.NewWriter(w)
	layout := newLayout(rows, max(width, narrowestStat))
	for i := range rows {
		layout.write(out, &rows[i])
	}
	if len(rows) > 0 {
		out.WriteString(totals.String())
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write diffstat: %w", err)
	}
	return nil
}

// String is the last line of a diffstat.
func (t summary) String() string {
	var changed []string
	if t.Files > 0 || t.Directories == 0 {
		changed = append(changed, plural(t.Files, "file"))
	}
	switch {
	case t.Directories == 1:
		changed = append(changed, "1 directory")
	case t.Directories > 1:
		changed = append(changed, fmt.Sprintf("%d directories", t.Directories))
	}
	line := " " + strings.Join(changed, " and ") + " changed"
	if t.Insertions > 0 || t.Deletions == 0 {
		line += ", " + plural(t.Insertions, "insertion") + "(+)"
	}
	if t.Deletions > 0 || t.Insertions == 0 {
		line += ", " + plural(t.Deletions, "deletion") + "(-)"
	}
	return line + "\n"
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// layout is the widths of a diffstat's columns, and the largest change.
type layout struct{ name, number, graph, most int }

// newLayout gives every name and every change its full width where both fit, else at most three eighths of the line
// to the graph and the rest to the names.
func newLayout(rows []tally, width int) layout {
	l := layout{}
	for i := range rows {
		l.name = max(l.name, len(Quote(nameOf(rows[i].Change))))
		l.most = max(l.most, rows[i].added+rows[i].deleted)
		if rows[i].binary {
			l.number = len("Bin")
		}
	}
	l.number = max(l.number, len(fmt.Sprint(l.most)))
	free := width - l.number - len(" "+" | "+" ") - 1
	l.graph = l.most
	if l.name+l.graph > free {
		l.graph = min(l.graph, max(width*3/8-l.number-6, 6))
		l.name = min(l.name, free-l.graph)
		l.graph = min(l.most, free-l.name)
	}
	return l
}

func (l layout) write(out *bufio.Writer, n *tally) {
	name := shortened(Quote(nameOf(n.Change)), l.name)
	line := fmt.Sprintf(" %-*s |", l.name, name)
	switch {
	case n.binary && n.sameContent:
		line += fmt.Sprintf(" %*s", l.number, "Bin")
	case n.binary:
		line += fmt.Sprintf(" %*s %d -> %d bytes", l.number, "Bin", n.oldSize, n.newSize)
	case n.added+n.deleted > 0:
		plus, minus := l.scaled(n.added, n.deleted)
		line += fmt.Sprintf(" %*d %s%s", l.number, n.added+n.deleted, strings.Repeat("+", plus), strings.Repeat("-", minus))
	case !onlyDirs(n.Change):
		line += fmt.Sprintf(" %*d", l.number, 0)
	}
	out.WriteString(line + parenthesized(n) + "\n")
}

// parenthesized is what there is to say beyond the counts.
func parenthesized(n *tally) string {
	notes := n.notes
	if n.Old.Type == workspace.File && n.New.Type == workspace.File && n.Old.Mode != n.New.Mode &&
		gitKnows(n.Old.Mode) && gitKnows(n.New.Mode) {
		notes = append(notes[:len(notes):len(notes)], fmt.Sprintf("mode %04o -> %04o", n.Old.Mode, n.New.Mode))
	}
	if len(notes) == 0 {
		return ""
	}
	return " (" + term.Escape(strings.Join(notes, "; "), false) + ")"
}

// scaled is the lengths of a bar. What is not nothing has at least one column.
func (l layout) scaled(added, deleted int) (plus, minus int) {
	all := added + deleted
	if l.most <= l.graph {
		return added, deleted
	}
	columns := 1 + int(int64(all)*int64(l.graph-1)/int64(l.most))
	if added > 0 && deleted > 0 {
		columns = max(columns, 2)
	}
	plus = int((int64(columns)*int64(added) + int64(all)/2) / int64(all))
	if added > 0 {
		plus = max(plus, 1)
	}
	if deleted > 0 {
		plus = min(plus, columns-1)
	}
	return plus, columns - plus
}

// shortened keeps the end of name, from a slash on where there is one, in width columns.
func shortened(name string, width int) string {
	const ellipsis = "..."
	if len(name) <= width {
		return name
	}
	tail := name[len(name)-max(width-len(ellipsis), 0):]
	if i := strings.IndexByte(tail, '/'); i >= 0 {
		tail = tail[i:]
	}
	return ellipsis + tail
}
