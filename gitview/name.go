package gitview

import (
	"strings"
	"unicode"
)

// maxPath is the longest path that a kernel takes; a longer one in a tree can only be an attack.
const maxPath = 4096

// treeName reports whether name can be one component of a path in a tree that anyone may check out: git refuses those
// that a less exact file system takes for .git.
func treeName(name string) bool {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00") {
		return false
	}
	if !strings.ContainsAny(name, "gG") { // Most names: nothing makes a g of another letter.
		return true
	}
	for part := range strings.SplitSeq(name, `\`) { // NTFS separates by it.
		plain := plainName(part)
		if strings.EqualFold(plain, ".git") || strings.EqualFold(plain, "git~1") {
			return false
		}
	}
	return true
}

// plainName is name as HFS+ has it, without invisible characters, and NTFS, without a stream and without dots and spaces
// at its end.
func plainName(name string) string {
	name, _, _ = strings.Cut(name, ":")
	name = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	return strings.TrimRight(name, ". ")
}

// treePath is treeName for each component of path.
func treePath(path string) bool {
	if len(path) > maxPath {
		return false
	}
	for name := range strings.SplitSeq(path, "/") {
		if !treeName(name) {
			return false
		}
	}
	return true
}

// branchName reports whether git takes name for that of a branch below refs/heads/.
func branchName(name string) bool {
	if name == "" || name == "HEAD" || name[0] == '-' || len(name) > 200 || strings.Contains(name, "..") || strings.Contains(name, "@{") {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part[0] == '.' || strings.HasSuffix(part, ".lock") || strings.HasSuffix(part, ".") {
			return false
		}
	}
	return !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`~^:?*[\`, r) })
}
