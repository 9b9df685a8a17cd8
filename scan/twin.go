package scan

import (
	"slices"
	"sync"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// twins remembers files with several names, so that each is read once: a tree can have more names for one large file
// than anybody can wait for.
type twins struct {
	mu    sync.Mutex
	first map[twin]workspace.Stat
	names map[twin]workspace.Path
}

// twin is what tells results apart: the file, and what its name has to do with what is found in it.
type twin struct {
	dev, ino uint64
	class    string
	verdict  rules.Verdict
}

// claim is the name under which another reader reads the same file, or has, with the same result.
func (s *scanner) claim(f *file) (first workspace.Path, ok bool) {
	engine, err := s.engine()
	classer, knows := engine.(pathClasser)
	if err != nil || !knows || f.stat.Nlink < 2 {
		return "", false
	}
	id := twin{dev: f.stat.Dev, ino: f.stat.Ino, class: classer.pathClass(f.path)}
	if f.verdict != nil {
		id.verdict = *f.verdict
	}
	s.twins.mu.Lock()
	defer s.twins.mu.Unlock()
	if stat, ok := s.twins.first[id]; ok && stat.Unchanged(f.stat) {
		return s.twins.names[id], true
	}
	if s.twins.first == nil {
		s.twins.first, s.twins.names = map[twin]workspace.Stat{}, map[twin]workspace.Path{}
	}
	s.twins.first[id], s.twins.names[id] = f.stat, f.path
	return "", false
}

// settleTwins gives the other names of files what was found under the first.
func (r *Report) settleTwins() {
	var more []Finding
	var lost []Incomplete
	r.sort()
	for i := range r.Ledger {
		l := &r.Ledger[i]
		if l.twinOf == "" {
			continue
		}
		first := r.Find(l.twinOf)
		if first == nil || first.twinOf != "" {
			l.State, l.Reason = Unreadable, "another name of it, "+string(l.twinOf)+", was not read"
			continue
		}
		l.State, l.Reason, l.Credential, l.Hash, l.readAt = first.State, first.Reason, first.Credential, first.Hash, first.readAt
		if !first.Unchanged(l.Stat) {
			l.State, l.Reason = Unreadable, errChanging.Error()
		}
		for _, inc := range r.incompleteIn(l.twinOf) {
			lost = append(lost, Incomplete{l.Path, inc.Reason})
		}
		copies := slices.Clone(r.FindingsIn(l.twinOf))
		for i := range copies {
			copies[i].Path = l.Path
		}
		more = append(more, copies...)
	}
	r.Findings = append(r.Findings, more...)
	r.Incomplete = append(r.Incomplete, lost...)
}
