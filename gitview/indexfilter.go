package gitview

import (
	"fmt"
	"slices"
	"strings"
)

// filterIndex makes the index of the view, of what the project's has and of the files that the view shows.
func (b *builder) filterIndex(host hostIndex) error {
	places, err := b.survey(host.entries)
	if err != nil {
		return err
	}
	b.index = make([]entry, 0, len(host.entries))
	b.allowed, b.known = make(map[oid]bool, len(host.entries)), make(map[version]oid, len(host.entries))
	for i := range host.entries {
		kept, err := b.indexEntry(host.entries[i], &places[i], host.mtime)
		if err != nil {
			return err
		}
		if kept.id != "" {
			b.index = append(b.index, kept)
		}
	}
	return nil
}

// indexEntry is what takes the place of e; its id is empty where it is left out. Without data of a file git looks into
// the file itself.
func (b *builder) indexEntry(e entry, p *place, mtime int64) (entry, error) {
	kept := e
	kept.stat, kept.mode = statData{}, e.mode.clean()
	path := strings.TrimSuffix(e.path, "/") // A sparse index ends the path of a directory so.
	var err error
	switch {
	case b.leftOut(e, p):
		b.sparse[path] = true
		kept.id = ""
	case e.mode == dirMode && e.path != path: // one of those, which is shown
		kept.id = ""
		err = b.expand(e, path)
	case e.flags&intentToAdd != 0:
		kept.id, err = b.intended(e)
	case p.same && p.shown.Showing == Pass:
		b.allowed[e.id] = true
		kept.stat = statOf(p.stat)
		b.known[version{e.path, e.id}] = e.id
	case p.same && p.shown.Showing == Redact:
		kept.id, err = b.takeShown(e.path)
		b.known[version{e.path, e.id}] = kept.id
		if p.stat.Type != 0 {
			kept.stat = statOf(p.stat)
		}
	default:
		kept.id, err = b.leaf(node{kept.mode, "", e.id}, e.path)
		if kept.id == e.id && b.converted(e, p, mtime) {
			kept.stat = statOf(p.stat)
		}
	}
	return kept, err
}

// takeShown puts what the view has in the place of a redacted file into it.
func (b *builder) takeShown(path string) (oid, error) {
	file := b.shown.File(b.repo.path(path))
	if file.Showing != Redact {
		return "", fmt.Errorf("%q is redacted no more", path)
	}
	return b.take(file.Content)
}

// leftOut reports whether e is one that a sparse checkout leaves out of the working tree, and so out of the view. Where
// the file is there nonetheless, the flag only says that its changes do not count.
func (b *builder) leftOut(e entry, p *place) bool {
	return e.flags&skipWorktree != 0 && !b.options.Sparse && p.host.Type == 0 && p.shown.Showing != Hide
}

// converted reports whether git has seen, and seen right, that the file of e has its content although the bytes
// differ: line ends, Git LFS and other filters.
func (b *builder) converted(e entry, p *place, mtime int64) bool {
	return p.shown.Showing == Pass && p.host.Type != 0 && p.host.Mtime < mtime && e.stat.matches(p.host)
}

// intended is the empty blob, which stands for what is to be added, where the view may have that.
func (b *builder) intended(e entry) (oid, error) {
	if !treePath(e.path) || b.hides(e.path) {
		return "", nil
	}
	return b.take(nil)
}

// expand puts the files of a directory that a sparse index has as one entry into the index.
func (b *builder) expand(e entry, path string) error {
	made, err := b.child(node{dirMode, "", e.id}, path)
	if err != nil || made == "" {
		return err
	}
	return b.expandTree(e.id, path+"/")
}

func (b *builder) expandTree(id oid, prefix string) error {
	nodes, err := b.objects.tree(id)
	for _, n := range nodes {
		path := prefix + n.name
		if n.mode == dirMode {
			if b.trees[version{path + "/", n.id}] != "" {
				err = b.expandTree(n.id, path+"/")
			}
		} else if made := b.known[version{path, n.id}]; made != "" {
			b.index = append(b.index, entry{mode: n.mode, id: made, flags: skipWorktree, path: path})
		}
		if err != nil {
			return err
		}
	}
	return err
}

// stagedTree makes the tree that a commit of the view's index has. Where a merge is not finished, it has our side.
func (b *builder) stagedTree() (oid, error) {
	trees := treeBuilder{format: b.format(), store: func(tree []byte) (oid, error) { return b.pack.add(treeKind, tree) }}
	id, err := trees.build(committed(b.index))
	b.cached = trees.cached
	return id, err
}

// committed is the entries that a commit of an index has.
func committed(entries []entry) []entry {
	if !slices.ContainsFunc(entries, func(e entry) bool { return !e.tracked() }) {
		return entries
	}
	var kept []entry
	for _, e := range entries {
		if e.tracked() || e.stage() == 2 {
			kept = append(kept, e)
		}
	}
	return kept
}
