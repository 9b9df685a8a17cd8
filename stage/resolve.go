package stage

import (
	"path/filepath"
	"strings"

	"cofferdam/workspace"
)

// resolver follows symlinks in a ledger, as the kernel would on the tree that it describes, without touching it. A
// link is resolved once, so the work is in proportion to the texts of all links, whatever chains they form.
type resolver struct {
	root  string // absolute
	lines ledger
	memo  map[int]string
}

// following stands in the memo for a link that is being resolved: to meet it again is a loop. An absolute path that
// is known to leave the tree, and one that leads nowhere, is "" as well.
const following = ""

func newResolver(root string, lines ledger) *resolver {
	return &resolver{root: filepath.Clean(root), lines: lines, memo: map[int]string{}}
}

// target is the path that the link at line i leads to in the end; ok is false where it leaves the tree or loops.
// Nothing need stand there.
func (r *resolver) target(i int) (path workspace.Path, ok bool) {
	return r.inside(r.follow(i))
}

// inside turns an absolute path into one below the root.
func (r *resolver) inside(abs string) (workspace.Path, bool) {
	if abs == r.root && abs != "" {
		return workspace.Dot, true
	}
	if rest, ok := strings.CutPrefix(abs, strings.TrimSuffix(r.root, "/")+"/"); ok {
		return workspace.Path(rest), true
	}
	return "", false
}

// above reports whether the root lies below abs. A link may climb out of the tree and come back by the root's name.
func (r *resolver) above(abs string) bool {
	return abs == "/" || strings.HasPrefix(r.root, abs+"/")
}

// follow is the absolute path that link i leads to, or "".
func (r *resolver) follow(i int) string {
	if abs, seen := r.memo[i]; seen {
		return abs
	}
	r.memo[i] = following
	abs := r.walk(r.absolute(r.lines[i].Path.Dir()), r.lines[i].Target)
	r.memo[i] = abs
	return abs
}

func (r *resolver) absolute(dir workspace.Path) string {
	if dir == workspace.Dot {
		return r.root
	}
	return strings.TrimSuffix(r.root, "/") + "/" + string(dir)
}

// walk takes target apart from the directory at. Every prefix of at is a real directory, so ".." is its parent.
func (r *resolver) walk(at, target string) string {
	if strings.HasPrefix(target, "/") {
		at = "/"
	}
	for name := range strings.SplitSeq(target, "/") {
		switch name {
		case "", ".":
			continue
		case "..":
			at = filepath.Dir(at)
			continue
		}
		if at = r.step(strings.TrimSuffix(at, "/") + "/" + name); at == "" {
			return ""
		}
	}
	return at
}

// step is what abs leads to, whose parent leads to itself.
func (r *resolver) step(abs string) string {
	path, ok := r.inside(abs)
	if !ok {
		if r.above(abs) {
			return abs
		}
		return ""
	}
	if path == workspace.Dot {
		return abs
	}
	if i := r.lines.index(path); i >= 0 && r.lines[i].Type == workspace.Symlink {
		return r.follow(i)
	}
	return abs
}
