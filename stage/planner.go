package stage

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// planner finds all that is hidden: first what is hidden on its own account, then whatever else leads to it, until
// nothing is added.
type planner struct {
	report *scan.Report
	lines  ledger
	o      Options

	hidden    []bool           // by line: hidden itself or by a directory around it
	redacted  map[int]Decision // by line; hiding wins
	queue     []int            // hidden lines whose other names are still to be followed
	decisions []Decision
	decided   map[int]int // line to its own decision
	notes     []Note

	twins map[inode][]int
	links []link // by target
}

// inode tells files with several names apart.
type inode struct{ dev, ino uint64 }

// link is a symlink that stays in the tree.
type link struct {
	line   int
	target workspace.Path // in the end; nothing need stand there
	at     int            // its line, or -1: the root has none either
	toDir  bool
}

func newPlanner(r *scan.Report, o Options) *planner {
	p := &planner{report: r, lines: r.Ledger, o: o, hidden: make([]bool, len(r.Ledger)), redacted: map[int]Decision{}, decided: map[int]int{}}
	resolver := newResolver(r.Root, p.lines)
	for i := range p.lines {
		if p.lines[i].Type != workspace.Symlink {
			continue
		}
		if target, ok := resolver.target(i); ok {
			at := p.lines.index(target)
			toDir := target == workspace.Dot || at >= 0 && p.lines[at].Type == workspace.Dir
			p.links = append(p.links, link{i, target, at, toDir})
		}
	}
	slices.SortFunc(p.links, func(a, b link) int {
		return cmp.Or(cmp.Compare(a.target, b.target), cmp.Compare(a.line, b.line))
	})
	return p
}

// hide hides line i and, where it is a directory, all that it holds. The first reason stays.
func (p *planner) hide(i int, d Decision) {
	if p.hidden[i] {
		return
	}
	d.Path, d.Action = p.lines[i].Path, rules.Hide
	p.decided[i] = len(p.decisions)
	p.decisions = append(p.decisions, d)
	p.mark(i)
	if p.lines[i].Type == workspace.Dir {
		from, to := p.lines.below(d.Path)
		for j := from; j < to; j++ {
			p.mark(j)
			if p.lines[j].Type == workspace.Symlink {
				p.queue = append(p.queue, j) // Inside a hidden directory it may say more than its name alone did.
			}
		}
	}
	for _, l := range p.linksTo(d.Path) {
		p.hide(l.line, other(d, "leads to what is hidden"))
	}
}

// redact shows file i with placeholders, or hides it where that cannot be. The first reason stays.
func (p *planner) redact(i int, d Decision) {
	line := &p.lines[i]
	if _, ok := p.redacted[i]; ok || p.hidden[i] || p.o.plain[line.Path] {
		return
	}
	if why, ok := p.o.unfit[line.Path]; ok {
		d.Why = fmt.Sprintf("%s; %s", d.Why, why)
		p.hide(i, d)
		return
	}
	if line.Nlink > 1 && len(p.namesOf(line)) > 1 {
		d.Why += "; a file of several names takes no placeholders"
		p.hide(i, d)
		return
	}
	d.Path, d.Action = line.Path, rules.Redact
	p.redacted[i] = d
}

func (p *planner) mark(i int) {
	if !p.hidden[i] {
		p.hidden[i] = true
		p.queue = append(p.queue, i)
	}
}

// other is the decision for another name of what d hides.
func other(d Decision, why string) Decision {
	return Decision{Rule: d.Rule, Why: why, Source: FromLink, Cause: d.Path}
}

// linksTo is the symlinks that lead to path or into it.
func (p *planner) linksTo(path workspace.Path) []link {
	from := func(to workspace.Path) int {
		return sort.Search(len(p.links), func(i int) bool { return p.links[i].target >= to })
	}
	equal := p.links[from(path):from(path+"\x00")]
	return append(slices.Clip(equal), p.links[from(path+"/"):from(path+"0")]...)
}

// close follows the other names of what is hidden until there are no more.
func (p *planner) close() {
	targets := make(map[int]link, len(p.links))
	for _, l := range p.links {
		targets[l.line] = l
	}
	for len(p.queue) > 0 {
		i := p.queue[len(p.queue)-1]
		p.queue = p.queue[:len(p.queue)-1]
		switch line := &p.lines[i]; {
		case line.Type == workspace.File && line.Nlink > 1:
			p.hideTwins(i)
		case line.Type == workspace.Symlink:
			if l, ok := targets[i]; ok {
				p.hideTarget(l)
			}
		}
	}
}

// hideTwins hides the other hard links of a file.
func (p *planner) hideTwins(i int) {
	line := &p.lines[i]
	names := p.namesOf(line)
	for _, j := range names {
		p.hide(j, other(p.because(i), "the same file under another name"))
	}
	if uint64(len(names)) < line.Nlink {
		text := fmt.Sprintf("hidden, and has %d more names outside of the workspace or in .git", line.Nlink-uint64(len(names)))
		p.notes = append(p.notes, Note{line.Path, text})
	}
}

func (p *planner) namesOf(line *scan.Line) []int {
	if p.twins == nil {
		p.twins = map[inode][]int{}
		for i := range p.lines {
			if l := &p.lines[i]; l.Nlink > 1 && l.Type == workspace.File {
				id := inode{l.Dev, l.Ino}
				p.twins[id] = append(p.twins[id], i)
			}
		}
	}
	return p.twins[inode{line.Dev, line.Ino}]
}

// because is the decision that line i hands on to its other names.
func (p *planner) because(i int) Decision {
	if at, ok := p.decided[i]; ok {
		return p.decisions[at]
	}
	return Decision{Path: p.lines[i].Path, Rule: p.lines[i].Verdict.Rule.Pattern}
}

// hideTarget hides what a hidden symlink leads to: a name that holds credentials makes them of its target.
func (p *planner) hideTarget(l link) {
	line := &p.lines[l.line]
	d := other(p.because(l.line), "a hidden symlink leads to it")
	switch {
	case l.toDir && line.Path.Within(l.target):
		p.notes = append(p.notes, Note{line.Path, "hidden, but not the directory that it leads to, which holds it"})
	case l.at >= 0 && (!l.toDir || p.hidesDirectory(line)):
		p.hide(l.at, d)
	}
}

// hidesDirectory reports whether the symlink hides a directory that it leads to. A file rule (.env) does not: .env is
// also a usual name for a Python environment.
func (p *planner) hidesDirectory(line *scan.Line) bool {
	inHidden := false
	if i := p.lines.index(line.Path.Dir()); i >= 0 {
		inHidden = p.hidden[i]
	}
	return inHidden || line.Path.Base() == gitName || p.asDirectory(line).Action == rules.Hide
}

func (p *planner) asDirectory(line *scan.Line) rules.Verdict {
	if p.o.Set != nil {
		return p.o.Set.Decide(line.Path, workspace.Dir)
	}
	if pattern := line.Verdict.Rule.Pattern; strings.HasSuffix(pattern, "/") || strings.HasSuffix(pattern, "/**") {
		return line.Verdict
	}
	return rules.Verdict{}
}

// result is the decisions that no other covers, and the notes.
func (p *planner) result() ([]Decision, []Note) {
	byPath := func(a, b Decision) int { return cmp.Compare(a.Path, b.Path) }
	for i, d := range p.redacted {
		if !p.hidden[i] {
			p.decisions = append(p.decisions, d)
		}
	}
	slices.SortFunc(p.decisions, byPath)
	plan := Plan{Decisions: p.decisions}
	kept := make([]Decision, 0, len(p.decisions))
	for _, d := range p.decisions {
		if dir := d.Path.Dir(); dir == workspace.Dot || plan.covering(dir) == nil {
			kept = append(kept, d)
		}
	}
	slices.SortFunc(p.notes, func(a, b Note) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Text, b.Text)) })
	return kept, slices.Compact(p.notes)
}
