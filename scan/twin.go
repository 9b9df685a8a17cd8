package scan

import (
	"crypto/sha256"
	"slices"
	"sync"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// twins remembers files with several names, so that each is read once: a tree can have more names for one large file
// than anybody can wait for.
type twins struct {
	mu       sync.Mutex
	told     *sync.Cond // that a twin is not pending any more
	families map[identity]*family
}

func newTwins() *twins {
	t := &twins{families: map[identity]*family{}}
	t.told = sync.NewCond(&t.mu)
	return t
}

// identity is a file in a state. Names of one identity have one content.
type identity struct {
	dev, ino           uint64
	size, mtime, ctime int64
}

func identityOf(s workspace.Stat) identity { return identity{s.Dev, s.Ino, s.Size, s.Mtime, s.Ctime} }

// family is the names of one file.
type family struct {
	eldest *twin
	twins  map[likeness]*twin // the first of those that are alike; nil while there is one name
}

// likeness is a hash of what a name has to do with what is found under it. There may be as many as there are names.
type likeness [16]byte

// twin is a name under which a file is read, and then what was found.
type twin struct {
	path    workspace.Path
	verdict *rules.Verdict
	pending bool
	alike   bool   // what was found is the same under each name that is alike
	readAt  int64  // when reading began
	found   *found // nil for nothing
}

// found is what is known of a file once it was read.
type found struct {
	hash       workspace.Hash
	credential string
	findings   []Finding
	problems   []Incomplete
}

// readOrCopy reads f, or takes what was found under another name of it.
func (r *reader) readOrCopy(p *workspace.Place, f *file) error {
	if f.stat.Nlink < 2 {
		return r.readFile(p, f)
	}
	own, first := r.claim(f)
	if first != nil && r.twins.wait(first) {
		f.Close()
		f.copy(first)
		r.reused++
		return nil
	}
	id := identityOf(f.stat)
	err := r.readFile(p, f)
	if own != nil {
		r.twins.tell(own, f, err == nil && identityOf(f.stat) == id)
	}
	return err
}

// claim returns the twin that f is to be, for others to wait for, or else the one that has a name like it; neither where
// it is not known which names are alike.
func (s *scanner) claim(f *file) (own, first *twin) {
	own = &twin{path: f.path, verdict: f.verdict, pending: true}
	family, known := s.twins.family(own, identityOf(f.stat))
	if !known {
		return own, nil
	}
	like, ok := s.likeness(own)
	if !ok {
		return nil, nil
	}
	eldest, _ := s.likeness(family.eldest)
	s.twins.mu.Lock()
	defer s.twins.mu.Unlock()
	if family.twins == nil {
		family.twins = map[likeness]*twin{eldest: family.eldest}
	}
	if first, ok := family.twins[like]; ok {
		return nil, first
	}
	family.twins[like] = own
	return own, nil
}

// family is that of an identity, which begins with own where it is not known.
func (t *twins) family(own *twin, id identity) (f *family, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f, known = t.families[id]
	if !known {
		f = &family{eldest: own}
		t.families[id] = f
	}
	return f, known
}

// likeness is not known with an engine that does not tell.
func (s *scanner) likeness(t *twin) (like likeness, ok bool) {
	engine, err := s.engine()
	if err != nil {
		return like, false
	}
	classer, ok := engine.(pathClasser)
	if !ok {
		return like, false
	}
	class, ok := classer.pathClass(t.path)
	sum := sha256.Sum256([]byte(class + place("", t.verdict)))
	return likeness(sum[:16]), ok
}

// wait is over when first was read, and says whether that serves for others. A reader that reads waits for no twin, so
// that each one is told of.
func (t *twins) wait(first *twin) (alike bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for first.pending {
		t.told.Wait()
	}
	return first.alike
}

// tell enters what was found in f, which was read whole or not.
func (t *twins) tell(own *twin, f *file, whole bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	own.pending, own.readAt = false, f.readAt
	// A member of an archive has the archive's whole path before its own, and rules may look at all of that.
	own.alike = whole && !f.unpacked
	if own.alike && (f.hash.Known() || f.credential != "" || len(f.findings)+len(f.problems) > 0) {
		own.found = &found{f.hash, f.credential, slices.Clone(f.findings), slices.Clone(f.problems)}
	}
	t.told.Broadcast()
}

// copy makes f what was found under another name of it.
func (f *file) copy(t *twin) {
	f.begin(t.readAt, f.sum != nil)
	if t.found == nil {
		return
	}
	f.hash, f.credential = t.found.hash, t.found.credential
	f.findings, f.problems = slices.Clone(t.found.findings), slices.Clone(t.found.problems)
	for i := range f.findings {
		f.findings[i].Path = f.path
	}
	for i := range f.problems {
		f.problems[i].Path = f.path
	}
}
