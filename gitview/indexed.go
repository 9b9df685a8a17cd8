package gitview

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"cofferdam/workspace"
)

// Indexed is what a repository has of its working tree: a commit, and an index that says which files are as git has them.
type Indexed struct {
	Commit  string // hexadecimal; empty before the first
	entries []entry
	mtime   int64
	at      workspace.Path
}

// Indexed reads HEAD and the index. scratch is a directory for git to work in, which it needs where an index is split.
func (r *Repository) Indexed(ctx context.Context, scratch string) (*Indexed, error) {
	head, err := r.readHead()
	if err != nil {
		return nil, err
	}
	index, err := r.readIndex(ctx, scratch)
	if err != nil {
		return nil, err
	}
	x := &Indexed{entries: index.entries, mtime: index.mtime, at: r.At}
	if head.id != "" {
		x.Commit = head.id.String()
	}
	return x, nil
}

// Holds reports whether git tracks anything in a directory of the project.
func (x *Indexed) Holds(dir workspace.Path) bool {
	if x.at != workspace.Dot {
		return false
	}
	prefix := string(dir) + "/"
	i, _ := x.search(prefix)
	return i < len(x.entries) && strings.HasPrefix(x.entries[i].path, prefix)
}

func (x *Indexed) search(name string) (int, bool) {
	return slices.BinarySearchFunc(x.entries, name, func(e entry, name string) int { return cmp.Compare(e.path, name) })
}

// Find reports whether git tracks the file at path of the project, and whether the file with the fingerprint now is, as the
// index knows it, the one that git has. A file that was changed when the index was written, or later, may be another.
func (x *Indexed) Find(path workspace.Path, now workspace.Stat) (tracked, same bool) {
	i, ok := x.search(string(path))
	if x.at != workspace.Dot || !ok {
		return false, false
	}
	e := &x.entries[i]
	return e.tracked(), e.tracked() && now.Mtime < x.mtime && e.stat.matches(now)
}
