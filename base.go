package cofferdam

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"cofferdam/apply"
	"cofferdam/change"
	"cofferdam/gitview"
	"cofferdam/internal/git"
	"cofferdam/redact"
	"cofferdam/session"
	"cofferdam/workspace"
)

// What a session keeps of the files of its view, so that edits of both sides can be merged.
const (
	baseFile = "base.json"
	baseDir  = "base"
)

// keepBase keeps what nobody else would have when the command has ended. It does so beside the command: what is changed
// until it comes to that is left out. The function that it returns waits for it.
func (r *run) keepBase(ctx context.Context) (wait func()) {
	var kept sync.WaitGroup
	kept.Go(func() {
		// Without it, what both sides edited conflicts. That is said then, and no reason to stop the command.
		_ = r.saveBase(context.WithoutCancel(ctx))
	})
	return kept.Wait
}

func (r *run) saveBase(ctx context.Context) error {
	var index apply.Index
	var commit string
	if indexed, err := r.indexed(ctx); err == nil {
		index, commit = indexed, indexed.Commit
	}
	// What holds anything secret is not copied, although it may show.
	secret := func(path workspace.Path) bool {
		return r.redactions.Book.Files[path] != nil || len(r.view.Report.FindingsIn(path)) > 0
	}
	kept, err := apply.KeepBase(ctx, r.project.Root, r.view.Manifest, filepath.Join(r.session.Dir(), baseDir), index, secret)
	if err != nil {
		return err
	}
	kept.Commit = commit
	// Not worth to wait for the disk: what of it is lost is a conflict, and whoever reads a copy knows its hash.
	return r.session.SaveNote(baseFile, kept)
}

// indexed is what git has of the project.
func (r *run) indexed(ctx context.Context) (*gitview.Indexed, error) {
	repository, err := gitview.Open(r.project.Root, workspace.Dot)
	if err != nil {
		return nil, err
	}
	defer repository.Close()
	return repository.Indexed(ctx, r.session.Dir())
}

// bases finds the content that a file had in the view when the command started.
type bases struct {
	kept *apply.Copies
	dir  *workspace.Root // of copies; nil where there are none
	root *workspace.Root

	mu    sync.Mutex
	repo  *git.Repo
	batch *git.Batch
}

func loadBases(s *session.Session, root *workspace.Root) (*bases, error) {
	b := &bases{kept: &apply.Copies{}, root: root}
	if err := s.LoadJSON(baseFile, b.kept); err != nil || len(b.kept.Files) == 0 {
		b.kept.Files = nil // A crash may have cut it short.
		return b, nil
	}
	var err error
	b.dir, err = workspace.Open(filepath.Join(s.Dir(), baseDir))
	return b, err
}

// find is the content of path that has the hash of side: a copy, or what git has of it. The error is fs.ErrNotExist where
// nobody has it.
func (b *bases) find(ctx context.Context, path workspace.Path, side change.Side) ([]byte, error) {
	if side.Size == 0 {
		return nil, nil
	}
	if i, ok := b.kept.Files[path]; ok {
		return readText(b.dir, workspace.Path(strconv.Itoa(i)))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.open(ctx); err != nil {
		return nil, errors.Join(ctx.Err(), fs.ErrNotExist)
	}
	name := b.repo.Prefix + string(path)
	if strings.ContainsAny(name, "\n\x00") {
		return nil, fs.ErrNotExist
	}
	for _, revision := range []string{b.kept.Commit, "", "HEAD"} {
		if revision == "" && b.kept.Commit == revision {
			continue
		}
		// A name with spaces that git does not have is an error, which says nothing about the next.
		if text, err := b.read(revision + ":" + name); err == nil && sha256.Sum256(text) == side.Hash {
			return text, nil
		}
	}
	return nil, fs.ErrNotExist
}

// open starts the git that reads objects, which ends with close.
func (b *bases) open(ctx context.Context) (err error) {
	if b.batch != nil {
		return nil
	}
	if b.repo, err = git.Open(b.root.Path()); err != nil {
		return err
	}
	b.batch, err = b.repo.Objects(context.WithoutCancel(ctx))
	return err
}

// read is a blob; nothing, where there is none of that name that a merge could take.
func (b *bases) read(name string) ([]byte, error) {
	object, r, err := b.batch.Open(name)
	if err != nil || object.Type != "blob" || object.Size > redact.MaxFile {
		return nil, err
	}
	text := make([]byte, object.Size)
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, fmt.Errorf("read %.200q: %w", name, err)
	}
	return text, nil
}

func (b *bases) close() error {
	var errs []error
	if b.batch != nil {
		errs = append(errs, b.batch.Close())
	}
	if b.dir != nil {
		errs = append(errs, b.dir.Close())
	}
	return errors.Join(errs...)
}
