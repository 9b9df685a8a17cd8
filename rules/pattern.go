package rules

import "strings"

// rank orders rules by how exactly they name a path; see data/about.toml.
type rank uint8

const (
	rankDirInspect rank = iota + 1
	rankDirRedact
	rankGlob
	rankLiteral
	rankPathGlob
	rankPathLiteral
	rankDirHide
)

// pattern is the pattern of a rule, taken apart. Everything is lower case.
type pattern struct {
	name     string   // last component
	parents  []string // components before it, outermost first; ** stands for any number of them
	anchored bool     // the parents start at the root of the workspace
	dir      bool     // a directory and all that it holds; else a file or symlink
	rank     rank
}

// place is where a pattern counts from.
type place uint8

const (
	anywhere place = iota
	belowHome
	absolute
)

// split takes the mark of its place off a pattern.
func split(text string) (place, string) {
	if rest, ok := strings.CutPrefix(text, "~/"); ok {
		return belowHome, rest
	}
	if rest, ok := strings.CutPrefix(text, "/"); ok {
		return absolute, rest
	}
	return anywhere, text
}

// parsePattern parses a pattern without the mark of its place. One that is not anchored matches at any depth: a
// monorepo has its config/master.key far below the root.
func parsePattern(text string, action Action, anchored bool) pattern {
	text = lower(text)
	p := pattern{anchored: anchored}
	for _, end := range []string{"/", "/**"} {
		if trimmed, ok := strings.CutSuffix(text, end); ok {
			p.dir, text = true, trimmed
			break
		}
	}
	for !anchored && strings.HasPrefix(text, "**/") {
		text = text[len("**/"):]
		p.rank = rankPathLiteral
	}
	parts := strings.Split(text, "/")
	p.name, p.parents = parts[len(parts)-1], parts[:len(parts)-1]
	p.rank = p.rankFor(text, action)
	return p
}

func (p *pattern) rankFor(text string, action Action) rank {
	path := p.anchored || len(p.parents) > 0 || p.rank != 0
	switch {
	case p.dir && action == Hide:
		return rankDirHide
	case p.dir && action == Redact:
		return rankDirRedact
	case p.dir:
		return rankDirInspect
	case path && hasMeta(text):
		return rankPathGlob
	case path:
		return rankPathLiteral
	case hasMeta(text):
		return rankGlob
	}
	return rankLiteral
}

// matchParents reports whether dir, empty for the root, is what the pattern wants around its name.
func (p *pattern) matchParents(dir string) bool { return matchParents(p.parents, dir, p.anchored) }

func matchParents(parents []string, dir string, anchored bool) bool {
	for len(parents) > 0 {
		want := parents[len(parents)-1]
		rest := parents[:len(parents)-1]
		if want == "**" {
			return matchAnyParents(rest, dir, anchored)
		}
		if dir == "" {
			return false
		}
		outer, name := splitLast(dir)
		if want != name && !(hasMeta(want) && glob(want, name)) {
			return false
		}
		parents, dir = rest, outer
	}
	return !anchored || dir == ""
}

func matchAnyParents(parents []string, dir string, anchored bool) bool {
	for {
		if matchParents(parents, dir, anchored) {
			return true
		}
		if dir == "" {
			return false
		}
		dir, _ = splitLast(dir)
	}
}

// splitLast splits a path into its directory, empty at the root, and its last component.
func splitLast(path string) (dir, name string) {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i], path[i+1:]
	}
	return "", path
}
