package gitview

import (
	"fmt"
)

// replay makes, of the commits that tip descends from and the project does not have, commits of the project.
func (l *lander) replay(tip oid) error {
	commits, err := l.fresh(tip)
	if err != nil {
		return err
	}
	for _, id := range parentsFirst(tip, commits) {
		if _, old := l.made[id]; old {
			continue
		}
		l.commit = id
		if l.made[id], err = l.one(id, commits[id]); err != nil {
			return fmt.Errorf("commit %s: %w", id, err)
		}
		l.landed.Commits = append(l.landed.Commits, LandedCommit{id.String(), l.made[id].String()})
	}
	return nil
}

// fresh reads the commits that do not stand for one of the project's.
func (l *lander) fresh(tip oid) (map[oid]commit, error) {
	commits := map[oid]commit{}
	for queue := []oid{tip}; len(queue) > 0; queue = queue[1:] {
		id := queue[0]
		if _, old := l.made[id]; old {
			continue
		}
		if _, seen := commits[id]; seen {
			continue
		}
		c, err := l.inside.commit(id)
		if err != nil {
			return nil, err
		}
		if commits[id] = c; len(commits) > l.options.commits() {
			return nil, fmt.Errorf("there are more than %d commits", l.options.commits())
		}
		queue = append(queue, c.parents...)
	}
	return commits, nil
}

// one replays one commit: what it changes against its first parent is changed in the commit that this became.
func (l *lander) one(id oid, c commit) (oid, error) {
	parents, err := l.parents(c)
	if err != nil {
		return "", err
	}
	var before, onto oid
	if len(parents) > 0 {
		if before, err = treeOf(l.inside, parents[0]); err != nil {
			return "", err
		}
		if onto, err = treeOf(l.host, l.made[parents[0]]); err != nil {
			return "", err
		}
	}
	l.renames = map[oid]string{}
	if err := l.removed(before, c.tree, ""); err != nil {
		return "", err
	}
	tree, err := l.directory(before, c.tree, onto, "")
	if err != nil {
		return "", err
	}
	if tree == "" {
		if tree, err = l.pack.add(treeKind, nil); err != nil {
			return "", err
		}
	}
	return l.write(id, c, tree, parents)
}

func treeOf(s *source, id oid) (oid, error) {
	c, err := s.commit(id)
	return c.tree, err
}

// parents is those of c in the view. One that has none gets the one that stands for the project's HEAD: without it the
// files that the view hides would be missing.
func (l *lander) parents(c commit) ([]oid, error) {
	if len(c.parents) > 0 || l.built.Base == "" {
		return c.parents, nil
	}
	base, err := l.repo.format.parse(l.built.Base)
	return []oid{base}, err
}

func (l *lander) write(id oid, c commit, tree oid, parents []oid) (oid, error) {
	landed := commit{tree: tree, author: l.signature(c.author), committer: l.signature(c.committer), encoding: c.encoding}
	for _, parent := range parents {
		landed.parents = append(landed.parents, l.made[parent])
	}
	var err error
	if landed.message, err = l.gate.Message(l.ctx, id.String(), c.message); err != nil {
		return "", err
	}
	return l.pack.add(commitKind, landed.encode())
}

// signature puts the user in the place of the person that the view's configuration names.
func (l *lander) signature(s signature) signature {
	if s.Person == Inside && l.options.User.Name != "" {
		s.Person = Person{plainPerson(l.options.User.Name), plainPerson(l.options.User.Email)}
	}
	return s
}

// removed notes which contents a commit takes away, and where.
func (l *lander) removed(before, after oid, prefix string) error {
	pairs, err := l.pairs(before, after, "")
	if err != nil {
		return err
	}
	for _, p := range pairs {
		path := prefix + p.name
		if p.old.leaf() && p.new.id == "" {
			l.renames[p.old.id] = path
		}
		if a, b := p.old.dir(), p.new.dir(); a != b && a != "" {
			if err := l.removed(a, b, path+"/"); err != nil {
				return err
			}
		}
	}
	return nil
}

// pair is one name in a directory of the view, before and after a commit, and in that of the project.
type pair struct {
	name           string
	old, new, host node
}

func (n node) leaf() bool { return n.id != "" && n.mode != dirMode }

// dir is the id of a directory, or empty.
func (n node) dir() oid {
	if n.mode == dirMode {
		return n.id
	}
	return ""
}

// pairs is the names of three directories, of which any may be missing, in order of the names.
func (l *lander) pairs(before, after, host oid) ([]pair, error) {
	var lists [3][]node
	for i, id := range []oid{before, after, host} {
		from := l.inside
		if i == 2 {
			from = l.host
		}
		var err error
		if lists[i], err = from.tree(id); err != nil {
			return nil, err
		}
		if l.nodes += len(lists[i]); l.nodes > maxReplayed {
			return nil, fmt.Errorf("the commits touch directories of more than %d entries", maxReplayed)
		}
	}
	return join(lists), nil
}

// maxReplayed bounds the entries of all directories that commits touch.
const maxReplayed = 1 << 26

func join(lists [3][]node) (pairs []pair) {
	byName := map[string]int{}
	for which, list := range lists {
		for _, n := range list {
			i, known := byName[n.name]
			if !known {
				i = len(pairs)
				byName[n.name] = i
				pairs = append(pairs, pair{name: n.name})
			}
			*[]*node{&pairs[i].old, &pairs[i].new, &pairs[i].host}[which] = n
		}
	}
	return pairs
}

// same reports whether a name is the same in two directories of the view.
func (p pair) same() bool { return p.old.id == p.new.id && p.old.mode == p.new.mode }
