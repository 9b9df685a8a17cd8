// Package history searches what git keeps of a project: the index, the difference to a revision, and every version that
// a file ever had. It reads objects through package git and never the working tree; which secrets a text has it asks of
// whoever calls.
package history

import (
	"context"
	"fmt"
	"io"

	"cofferdam/scan"
	"cofferdam/workspace"
)

// Searcher finds the secrets in one text that stands, or stood, at path. It is safe for concurrent use.
type Searcher interface {
	Search(ctx context.Context, path workspace.Path, raw []byte) ([]scan.Finding, []scan.Incomplete, error)
}

// maxObject bounds an object that is read, in bytes: git keeps it in memory whole, and so does the search.
const maxObject = 64 << 20

// readObject is the content of an object, or why there is none to search.
func readObject(size int64, r io.Reader) (raw []byte, reason string, err error) {
	if size > maxObject {
		return nil, fmt.Sprintf("an object of %d bytes, over the limit of %d MiB", size, maxObject>>20), nil
	}
	raw = make([]byte, size)
	_, err = io.ReadFull(r, raw)
	return raw, "", err
}
