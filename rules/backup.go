package rules

import (
	"iter"
	"strings"
)

// maxBackups bounds how many suffixes are taken off one name: id_rsa.bak.old~ has three.
const maxBackups = 8

// originals yields the names of which name may be a backup copy, the nearest first.
func (p *Paths) originals(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for range maxBackups {
			below, ok := p.original(name)
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

func (p *Paths) original(name string) (string, bool) {
	if rest, ok := strings.CutPrefix(name, ".#"); ok { // emacs lock
		return rest, true
	}
	if len(name) > 2 && name[0] == '#' { // emacs autosave
		return strings.TrimSuffix(name[1:], "#"), true
	}
	for _, suffix := range p.backup {
		if rest, ok := strings.CutSuffix(name, suffix); ok && rest != "" {
			return rest, true
		}
	}
	if i := strings.LastIndexByte(name, '.'); i > 0 && i+1 < len(name) && isVersion(name[i+1:]) {
		return name[:i], true
	}
	if i := strings.LastIndex(name, " ("); i > 0 && strings.HasSuffix(name, ")") && isVersion(name[i+2:len(name)-1]) {
		return name[:i], true
	}
	return "", false
}

// isVersion holds for the 1 of id_rsa.1, the ~1 of emacs's id_rsa.~1~, and the date of id_rsa.2026-01-31.
func isVersion(s string) bool { return s != "" && strings.Trim(s, "0123456789-~") == "" }
