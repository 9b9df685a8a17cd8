package gitview

import (
	"fmt"
	"slices"
	"strings"
)

// treeBuilder makes the tree objects of an index.
type treeBuilder struct {
	format *format
	store  func(content []byte) (oid, error) // takes a tree and tells its id
	cached []byte                            // the TREE extension
}

// build makes the trees of entries, which are in order and of stage 0, and returns the root's id.
func (b *treeBuilder) build(entries []entry) (oid, error) {
	b.cached = nil
	return b.directory(entries, "", "")
}

// directory makes the tree of entries, which are all that lies below prefix.
func (b *treeBuilder) directory(entries []entry, prefix, name string) (oid, error) {
	cut := len(b.cached)
	var nodes []node
	var below [][]byte // the TREE extension of the directories inside
	for i := 0; i < len(entries); {
		n, size, err := b.entry(entries[i:], prefix)
		if err != nil {
			return "", err
		}
		if n.mode == dirMode {
			below = append(below, append([]byte(nil), b.cached[cut:]...))
			b.cached = b.cached[:cut]
		}
		if twice(nodes, n.name) {
			return "", fmt.Errorf("%w: %q is both a file and a directory", errIndex, prefix+n.name)
		}
		nodes = append(nodes, n)
		i += size
	}
	id, err := b.store(encodeTree(nodes))
	if err != nil {
		return "", err
	}
	b.cached = fmt.Appendf(append(b.cached, name...), "\x00%d %d\n", len(entries), len(below))
	b.cached = append(b.cached, id...)
	for _, part := range below {
		b.cached = append(b.cached, part...)
	}
	return id, nil
}

// twice reports whether name is among nodes. What is ordered between a file and a directory of one name begins with it.
func twice(nodes []node, name string) bool {
	for _, n := range slices.Backward(nodes) {
		if n.name == name {
			return true
		}
		if !strings.HasPrefix(n.name, name) {
			return false
		}
	}
	return false
}

// entry is the node that entries begin with, and of how many of them it is made.
func (b *treeBuilder) entry(entries []entry, prefix string) (node, int, error) {
	first := &entries[0]
	rest := first.path[len(prefix):]
	name, _, deeper := strings.Cut(rest, "/")
	if !deeper {
		return node{first.mode, name, first.id}, 1, nil
	}
	if first.mode == dirMode && rest == name+"/" { // a directory that a sparse index has in place of its files
		return node{dirMode, name, first.id}, 1, nil
	}
	dir := prefix + name + "/"
	size := 1
	for size < len(entries) && strings.HasPrefix(entries[size].path, dir) {
		size++
	}
	id, err := b.directory(entries[:size], dir, name)
	return node{dirMode, name, id}, size, err
}
