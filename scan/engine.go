package scan

import (
	"context"

	"cofferdam/scan/allow"
	"cofferdam/workspace"
)

// engine finds secrets in the text of one file. It is safe for concurrent use. The text lies in a buffer that is used
// again: the engine keeps no part of it, and neither do the matches.
type engine interface {
	find(ctx context.Context, path workspace.Path, text string) ([]match, error)
}

// pathClasser is an engine that may know which paths are the same to it: in the same text it finds the same at both. The
// other names of a file that was read need not be read then.
type pathClasser interface {
	pathClass(path workspace.Path) (class string, ok bool)
}

// match is a secret in a text: text[start:end].
type match struct {
	rule, description string
	severity, why     string
	start, end        int
	decoded           []string
	tags              []string
	entropy           float32
	fingerprint       string
	comment           allow.Source // on its line
}

// DefaultDepth is how many encodings around a secret are undone.
const DefaultDepth = 5

// MaxDepth is how many can be asked for.
const MaxDepth = 20

// DefaultArchives is how deep archives in archives are unpacked, and the most that can be asked for.
const DefaultArchives = 8
