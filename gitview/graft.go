package gitview

import (
	"slices"
	"strings"
)

// Why changes do not land that nobody is asked about.
const (
	whyCovered  = "the project has something there that the view does not show"
	whyOccupied = "the project keeps something there that the commit cannot replace"
	whyName     = "git refuses its name"
	whyLink     = "it names a commit of a submodule that the project's does not have"
	whyMode     = "git does not know its mode"
	whyLFS      = "Git LFS keeps its content, which the commit has itself: commit it in the project"
)

// directory applies what changed between two directories of the view to one of the project, and tells the result. Each
// is empty where there is none, the result also where nothing is left.
func (l *lander) directory(before, after, host oid, prefix string) (oid, error) {
	if before == after {
		return host, nil
	}
	pairs, err := l.pairs(before, after, host)
	if err != nil {
		return "", err
	}
	var left []node
	for _, p := range pairs {
		n := p.host
		if !p.same() {
			if n, err = l.node(p, prefix+p.name); err != nil {
				return "", err
			}
		}
		if n.id != "" {
			n.name = p.name
			left = append(left, n)
		}
	}
	if len(left) == 0 {
		return "", nil
	}
	slices.SortFunc(left, func(a, b node) int { return strings.Compare(a.key(), b.key()) })
	return l.pack.add(treeKind, encodeTree(left))
}

// node is what a name of the project becomes, which changed in the view; its id is empty where it goes away.
func (l *lander) node(p pair, path string) (node, error) {
	if !treePath(path) {
		l.hold(path, whyName)
		return p.host, nil
	}
	var err error
	dir := p.host.dir()
	if p.old.dir() != p.new.dir() {
		if dir, err = l.directory(p.old.dir(), p.new.dir(), dir, path+"/"); err != nil {
			return node{}, err
		}
	}
	leaf := node{}
	if p.host.leaf() {
		leaf = p.host
	}
	if p.old.leaf() || p.new.leaf() {
		if leaf, err = l.leaf(p, leaf, path); err != nil {
			return node{}, err
		}
	}
	switch {
	case leaf.id != "" && dir != "":
		l.hold(path, whyOccupied)
		return p.host, nil
	case dir != "":
		return node{mode: dirMode, id: dir}, nil
	}
	return leaf, nil
}

// leaf is what a file of the project becomes. One that is held back stays.
func (l *lander) leaf(p pair, host node, path string) (node, error) {
	if !p.old.leaf() && host.id != "" && p.new.leaf() {
		l.hold(path, whyCovered)
		return host, nil
	}
	if p.new.leaf() && p.new.mode == gitMode {
		return l.submodule(p, host, path), nil
	}
	if p.new.leaf() && p.new.mode == 0 {
		l.hold(path, whyMode)
		return host, nil
	}
	change, err := l.change(p, host, path)
	if why := unfit(err); why != "" {
		l.hold(path, why)
		return host, nil
	}
	if err != nil {
		return node{}, err
	}
	if change.unpointed() {
		l.hold(path, whyLFS)
		return host, nil
	}
	content, held, err := l.gate.File(l.ctx, change)
	if err != nil {
		return node{}, err
	}
	if held != "" {
		l.hold(path, held)
		return host, nil
	}
	if change.New == nil {
		return node{}, nil
	}
	id, err := l.pack.add(blobKind, content)
	return node{mode: p.new.mode, id: id}, err
}

func (l *lander) submodule(p pair, host node, path string) node {
	if l.options.Link != nil {
		if commit, ok := l.options.Link(l.repo.path(path), p.new.id.String()); ok {
			if id, err := l.repo.format.parse(commit); err == nil {
				return node{mode: gitMode, id: id}
			}
		}
	}
	l.hold(path, whyLink)
	return host
}

// change is what the gate is asked about.
func (l *lander) change(p pair, host node, path string) (c FileChange, err error) {
	c = FileChange{Commit: l.commit.String(), Path: l.repo.path(path)}
	if c.Old, err = l.content(l.inside, p.old); err != nil {
		return c, err
	}
	if c.New, err = l.content(l.inside, p.new); err != nil {
		return c, err
	}
	if from, moved := l.renames[p.new.id]; moved && !p.old.leaf() {
		c.From = l.repo.path(from)
	}
	c.Host, err = l.content(l.host, host)
	return c, err
}

func (l *lander) content(s *source, n node) (*Content, error) {
	if !n.leaf() {
		return nil, nil
	}
	if n.mode == gitMode {
		return &Content{Mode: uint32(n.mode)}, nil
	}
	bytes, err := s.read(n.id, blobKind, l.options.maxFile())
	return &Content{uint32(n.mode), bytes}, err
}

// hold notes that a change does not land.
func (l *lander) hold(path, why string) {
	l.landed.Held = append(l.landed.Held, Held{l.commit.String(), l.repo.path(path), why})
}
