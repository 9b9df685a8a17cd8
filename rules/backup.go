package rules

import (
	"iter"
	"strings"
)

// maxBackups bounds how many suffixes are taken off one name: id_rsa.bak.old~ has three.
const maxBackups = 8

// backups knows how the names of backup copies are made.
type backups struct {
	suffixes []string // in the order in which they are tried
	ends     bitSet   // of their last two bytes, or of the last one
}

func (b *backups) add(suffix string) {
	b.suffixes = append(b.suffixes, suffix)
	last := suffix[len(suffix)-1]
	if len(suffix) == 1 {
		b.ends.add(three(0, 0, last))
	} else {
		b.ends.add(three(1, suffix[len(suffix)-2], last))
	}
}

// originals yields the names of which name may be a backup copy, the nearest first.
func (b *backups) originals(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for range maxBackups {
			below, ok := b.original(name)
			if !ok || below == "" || !yield(below) {
				return
			}
			// vim keeps the swap file of id_rsa in .id_rsa.swp.
			if dotless, ok := strings.CutPrefix(below, "."); ok && dotless != "" && strings.Contains(name[len(below):], ".sw") {
				if !yield(dotless) {
					return
				}
			}
			name = below
		}
	}
}

func (b *backups) original(name string) (string, bool) {
	if rest, ok := strings.CutPrefix(name, ".#"); ok { // emacs lock
		return rest, true
	}
	if len(name) > 2 && name[0] == '#' { // emacs autosave
		return strings.TrimSuffix(name[1:], "#"), true
	}
	if rest, ok := b.cutSuffix(name); ok {
		return rest, true
	}
	return cutVersion(name)
}

func (b *backups) cutSuffix(name string) (string, bool) {
	n := len(name)
	if n < 2 || !b.ends.has(three(1, name[n-2], name[n-1])) && !b.ends.has(three(0, 0, name[n-1])) {
		return "", false
	}
	for _, suffix := range b.suffixes {
		if rest, ok := strings.CutSuffix(name, suffix); ok && rest != "" {
			return rest, true
		}
	}
	return "", false
}

// cutVersion takes the .1 off id_rsa.1, and the (1) off a copy that a browser made.
func cutVersion(name string) (string, bool) {
	if name == "" {
		return "", false
	}
	switch last := name[len(name)-1]; {
	case last == ')':
		if i := strings.LastIndex(name, " ("); i > 0 && isVersion(name[i+2:len(name)-1]) {
			return name[:i], true
		}
	case strings.IndexByte(versionBytes, last) >= 0:
		if i := strings.LastIndexByte(name, '.'); i > 0 && isVersion(name[i+1:]) {
			return name[:i], true
		}
	}
	return "", false
}

const versionBytes = "0123456789-~"

// isVersion holds for the 1 of id_rsa.1, the ~1 of emacs's id_rsa.~1~, and the date of id_rsa.2026-01-31.
func isVersion(s string) bool { return s != "" && strings.Trim(s, versionBytes) == "" }
