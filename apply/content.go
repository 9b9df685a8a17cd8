package apply

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"cofferdam/change"
	"cofferdam/workspace"
)

// errTooLarge says that a file is too large to be held in memory.
var errTooLarge = errors.New("it is too large")

// readFile is the file at path, whole, and its entry with the hash of what was read.
func readFile(root *workspace.Root, path workspace.Path, limit int64) ([]byte, workspace.Entry, error) {
	f, err := root.OpenFile(path)
	if err != nil {
		return nil, workspace.Entry{}, err
	}
	defer f.Close()
	stat, err := workspace.StatFile(f)
	if err != nil {
		return nil, workspace.Entry{}, err
	}
	if stat.Size > limit {
		return nil, workspace.Entry{}, &fs.PathError{Op: "read", Path: string(path), Err: fmt.Errorf("%w: %d bytes", errTooLarge, stat.Size)}
	}
	text := make([]byte, stat.Size)
	if _, err := io.ReadFull(f, text); err != nil {
		return nil, workspace.Entry{}, &fs.PathError{Op: "read", Path: string(path), Err: err}
	}
	after, err := workspace.StatFile(f)
	if err == nil && !stat.Unchanged(after) {
		err = errors.New("changed while it was read")
	}
	if err != nil {
		return nil, workspace.Entry{}, &fs.PathError{Op: "read", Path: string(path), Err: err}
	}
	return text, workspace.Entry{Path: path, Stat: stat, Hash: sha256.Sum256(text)}, nil
}

// readSide is the file at path, which has to be what side says.
func readSide(root *workspace.Root, path workspace.Path, side change.Side, limit int64) ([]byte, error) {
	text, e, err := readFile(root, path, limit)
	if err == nil && e.Hash != side.Hash {
		err = &fs.PathError{Op: "read", Path: string(path), Err: errChanged}
	}
	return text, err
}

// contentSide is the side of a file that has this content.
func contentSide(mode uint32, text []byte) change.Side {
	return change.Side{Type: workspace.File, Mode: mode, Size: int64(len(text)), Hash: sha256.Sum256(text)}
}

// theirs is how the command's version of a file is read.
func (p *planner) theirs(c *change.Change) func(context.Context) ([]byte, error) {
	path, side := c.Path, c.New
	return func(context.Context) ([]byte, error) { return readSide(p.options.Content, path, side, maxMerged) }
}

// shownBefore is how the text that the view showed at the beginning is read. Where one of the two sides is it, nobody needs
// to have kept it.
func (p *planner) shownBefore(c *change.Change, base change.Side) func(ctx context.Context, host, theirs []byte) ([]byte, error) {
	path, shown := c.Path, p.options.Shown
	return func(ctx context.Context, host, theirs []byte) ([]byte, error) {
		for _, text := range [][]byte{host, theirs} {
			if sha256.Sum256(text) == base.Hash {
				return text, nil
			}
		}
		if shown == nil {
			return nil, fmt.Errorf("base of %q: %w", path, fs.ErrNotExist)
		}
		text, err := shown(ctx, path, base)
		if err == nil && sha256.Sum256(text) != base.Hash {
			err = fmt.Errorf("base of %q: %w", path, fs.ErrNotExist)
		}
		return text, err
	}
}
