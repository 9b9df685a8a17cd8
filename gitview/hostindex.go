package gitview

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"cofferdam/internal/git"
	"cofferdam/workspace"
)

// hostIndex is the index of the project.
type hostIndex struct {
	entries []entry
	mtime   int64 // nanoseconds since the epoch: a file changed at that time or later may differ unnoticed
}

// readIndex reads the index. Where there is none, nothing is tracked. scratch is a directory for git to work in.
func (r *Repository) readIndex(ctx context.Context, scratch string) (hostIndex, error) {
	stat, err := r.dir.Lookup("index")
	if errors.Is(err, fs.ErrNotExist) {
		return hostIndex{}, nil
	}
	if err != nil {
		return hostIndex{}, err
	}
	content, err := readSmall(r.dir, "index", maxIndex)
	if err != nil {
		return hostIndex{}, err
	}
	entries, err := r.format.decodeIndex(content)
	var split *splitError
	if errors.As(err, &split) {
		if content, err = r.joinIndex(ctx, content, split.shared, scratch); err == nil {
			entries, err = r.format.decodeIndex(content)
		}
	}
	return hostIndex{entries, stat.Mtime}, err
}

// joinIndex has git put a split index together, in a repository of our own that has no files.
func (r *Repository) joinIndex(ctx context.Context, content []byte, shared oid, scratch string) ([]byte, error) {
	name := workspace.Path(fmt.Sprintf("sharedindex.%s", shared))
	base, err := readSmall(r.dir, name, maxIndex)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(scratch, "index-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	empty := filepath.Join(dir, "empty")
	err = errors.Join(
		newLayout(r.format, nil).write(dir),
		os.Mkdir(empty, 0o700),
		os.WriteFile(filepath.Join(dir, "index"), content, 0o600),
		os.WriteFile(filepath.Join(dir, string(name)), base, 0o600))
	if err != nil {
		return nil, err
	}
	repo := &git.Repo{Top: empty, Dir: dir}
	if _, err := repo.Output(ctx, "update-index", "--no-split-index", "--force-write-index"); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "index"))
}
