package apply

import (
	"strings"
	"unicode"

	"cofferdam/workspace"
)

// metadataNames are directories, or files that stand for one, whose content version control tools obey: hooks,
// configuration that names programs, pointers to another repository. `git~1` is the short name of `.git` on NTFS.
var metadataNames = []string{".git", "git~1", ".hg", ".svn", ".jj", ".bzr", ".pijul", ".fslckout", "_fossil_", "_darcs"}

// bareNames are what git reads in a directory that is itself a repository.
var bareNames = []string{"HEAD", "config", "config.worktree", "objects", "refs", "hooks", "info", "commondir", "gitdir",
	"packed-refs", "index", "modules", "worktrees", "logs", "shallow", "lfs", "rr-cache", "sequencer", "branches",
	"rebase-merge", "rebase-apply"}

// isMetadata reports whether any component of path is one of metadataNames, as any file system would take it.
func isMetadata(path workspace.Path) bool {
	for name := range strings.SplitSeq(string(path), "/") {
		if foldedIn(metadataNames, plainName(name)) {
			return true
		}
	}
	return false
}

// plainName is name as a less exact file system sees it: HFS+ drops invisible characters (CVE-2014-9390), NTFS drops
// trailing dots and spaces and takes what follows a colon as a stream.
func plainName(name string) string {
	if i := strings.IndexAny(name, ":\\"); i > 0 {
		name = name[:i]
	}
	invisible := func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}
	if strings.IndexFunc(name, func(r rune) bool { return r >= 0x80 }) >= 0 {
		name = strings.Map(invisible, name)
	}
	return strings.TrimRight(name, ". ")
}

func foldedIn(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// repositoryMarks are the names by which git takes a directory for a repository.
var repositoryMarks = []string{"HEAD", "objects", "refs", "commondir"}

// repositories answers which directories git would take for a repository once a set of changes has landed.
type repositories struct {
	root  *workspace.Root
	after map[workspace.Path]bool // what the changes do to marks: whether the path, its mark spelt plainly, exists
	known map[workspace.Path]bool
}

func newRepositories(root *workspace.Root, items []item) *repositories {
	r := &repositories{root: root, after: map[workspace.Path]bool{}, known: map[workspace.Path]bool{}}
	for i := range items {
		path := items[i].Path
		for _, mark := range repositoryMarks {
			if strings.EqualFold(mark, path.Base()) {
				key := path.Dir().Join(mark)
				r.after[key] = r.after[key] || items[i].New.Type != workspace.None
			}
		}
	}
	return r
}

// inside reports whether path is part of a repository that stands openly in the tree, and in which directory.
func (r *repositories) inside(path workspace.Path) (workspace.Path, bool) {
	for p := path; p != workspace.Dot; p = p.Dir() {
		if foldedIn(bareNames, p.Base()) && r.is(p.Dir()) {
			return p.Dir(), true
		}
	}
	return "", false
}

// is follows git's is_git_directory, but for what the marks hold: a HEAD, and either objects and refs or a commondir
// that says where these are.
func (r *repositories) is(dir workspace.Path) bool {
	is, ok := r.known[dir]
	if !ok {
		is = r.has(dir, "HEAD") && (r.has(dir, "commondir") || r.has(dir, "objects") && r.has(dir, "refs"))
		r.known[dir] = is
	}
	return is
}

func (r *repositories) has(dir workspace.Path, mark string) bool {
	path := dir.Join(mark)
	if exists, ok := r.after[path]; ok {
		return exists
	}
	_, err := r.root.Lookup(path)
	return err == nil
}
