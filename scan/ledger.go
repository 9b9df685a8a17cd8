package scan

import (
	"cmp"
	"slices"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// record is a Line while a scan is under way. A Line takes 350 bytes and a record less than half, as most files have
// nothing to tell.
type record struct {
	path    workspace.Path
	stat    workspace.Stat
	state   State
	readAt  int64
	verdict *rules.Verdict // nil for none
	more    *detail        // nil for none
}

type detail struct {
	target     string
	hash       workspace.Hash
	reason     string
	credential string
}

func (r *record) detail() *detail {
	if r.more == nil {
		r.more = &detail{}
	}
	return r.more
}

// fill makes the empty line l that of r.
func (r *record) fill(l *Line) {
	l.State, l.readAt, l.Path, l.Stat = r.state, r.readAt, r.path, r.stat
	if r.verdict != nil {
		l.Verdict = *r.verdict
	}
	if d := r.more; d != nil {
		l.Target, l.Hash, l.Reason, l.Credential = d.target, d.hash, d.reason, d.credential
	}
}

// recordStore allots records in large pieces.
type recordStore []record

func (s *recordStore) add(r record) *record {
	const piece = 128
	if len(*s) == cap(*s) {
		*s = make([]record, 0, piece)
	}
	*s = append(*s, r)
	return &(*s)[len(*s)-1]
}

// listing is what one reader saw of one directory, in the order of names.
type listing struct {
	dir     workspace.Path
	records []*record
}

// ledgerWriter puts listings into path order. Sorting all paths would take as long as reading the files.
type ledgerWriter struct {
	listings map[workspace.Path][]*record
	mixed    map[workspace.Path]bool // those that are to be sorted
	lost     []*record               // that no reader saw
	total    int
	lines    []Line
}

// ledger is all that readers saw, with a line for every path that failed.
func (s *scanner) ledger(readers []*reader, failed map[workspace.Path]string) []Line {
	w := &ledgerWriter{listings: map[workspace.Path][]*record{}, mixed: map[workspace.Path]bool{}}
	for _, r := range readers {
		for _, l := range r.listings {
			w.add(l)
		}
	}
	w.sort()
	for path, why := range failed {
		if !w.explain(path, why) && path != workspace.Dot {
			lost := &record{path: path, state: Unreadable, more: &detail{reason: why}}
			if v := s.set.Decide(path, workspace.None); v != (rules.Verdict{}) {
				lost.verdict = &v
			}
			w.lost = append(w.lost, lost)
		}
	}
	for _, r := range w.lost {
		w.add(listing{r.path.Dir(), []*record{r}})
	}
	w.sort()
	w.lines = make([]Line, 0, w.total)
	w.write(workspace.Dot)
	return w.lines
}

func (w *ledgerWriter) add(l listing) {
	w.total += len(l.records)
	if have, ok := w.listings[l.dir]; ok {
		w.listings[l.dir] = append(have, l.records...)
		w.mixed[l.dir] = true
	} else {
		w.listings[l.dir] = l.records
	}
}

func (w *ledgerWriter) sort() {
	for dir := range w.mixed {
		slices.SortFunc(w.listings[dir], byPath)
	}
	clear(w.mixed)
}

func byPath(a, b *record) int { return cmp.Compare(a.path, b.path) }

// explain has the record at path, of a directory that was seen and could not be read, say why.
func (w *ledgerWriter) explain(path workspace.Path, why string) bool {
	list := w.listings[path.Dir()]
	i, ok := slices.BinarySearchFunc(list, &record{path: path}, byPath)
	if !ok {
		return false
	}
	if r := list[i]; why == string(Mount) {
		r.state = Mount
	} else {
		r.state = Unreadable
		r.detail().reason = why
	}
	return true
}

// write appends the lines of what lies below dir. In path order a-b stands between a and a/c, so what a directory holds
// comes as late as its path with a slash behind it.
func (w *ledgerWriter) write(dir workspace.Path) {
	list := w.listings[dir]
	skip := 0
	if dir != workspace.Dot {
		skip = len(dir) + 1
	}
	var held []workspace.Path // directories, by their paths with a slash
	for i := range list {
		if list[i].stat.Type != workspace.Dir {
			continue
		}
		if _, ok := w.listings[list[i].path]; ok {
			held = append(held, list[i].path)
		}
	}
	slices.SortFunc(held, func(a, b workspace.Path) int { return compareHeld(a[skip:], b[skip:]) })
	for i := range list {
		for len(held) > 0 && compareWithHeld(list[i].path[skip:], held[0][skip:]) > 0 {
			w.write(held[0])
			held = held[1:]
		}
		if i == 0 || list[i].path != list[i-1].path { // A directory that changes may tell a name twice.
			w.lines = w.lines[:len(w.lines)+1]
			list[i].fill(&w.lines[len(w.lines)-1])
		}
	}
	for _, path := range held {
		w.write(path)
	}
	delete(w.listings, dir)
}

// compareWithHeld compares name with what the directory dir holds: with dir and a slash.
func compareWithHeld(name, dir workspace.Path) int {
	n := min(len(name), len(dir))
	if c := cmp.Compare(name[:n], dir[:n]); c != 0 {
		return c
	}
	if len(name) <= len(dir) {
		return -1
	}
	return cmp.Compare(name[n], '/')
}

// compareHeld compares what two directories hold.
func compareHeld(a, b workspace.Path) int {
	n := min(len(a), len(b))
	if c := cmp.Compare(a[:n], b[:n]); c != 0 || len(a) == len(b) {
		return c
	}
	if len(a) < len(b) {
		return cmp.Compare('/', b[n])
	}
	return cmp.Compare(a[n], '/')
}
