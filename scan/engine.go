package scan

import (
	"context"

	"cofferdam/workspace"
)

// engine finds secrets in the text of one file. It is safe for concurrent use.
type engine interface {
	find(ctx context.Context, path workspace.Path, text string) ([]match, error)
}

// match is a secret in a text: text[start:end].
type match struct {
	rule, description string
	start, end        int
	decoded           []string
}
