package gitview

import (
	"context"
	"errors"
	"fmt"
	"io"

	"cofferdam/internal/git"
)

// source reads objects, and believes none that is not what its id says.
type source struct {
	ctx    context.Context
	format *format
	repo   *git.Repo
	batch  *git.Batch // of repo; nil before the first object
	pack   *pack      // looked into first; may be nil
}

// newSource starts no git yet: one that nobody asks anything may come to the repository while it is being written, and
// complain.
func newSource(ctx context.Context, f *format, repo *git.Repo, p *pack) *source {
	return &source{ctx: ctx, format: f, repo: repo, pack: p}
}

func (s *source) open(id oid) (object git.Object, content io.Reader, err error) {
	if s.batch == nil {
		if s.batch, err = s.repo.Objects(s.ctx); err != nil {
			return git.Object{}, nil, err
		}
	}
	return s.batch.Open(id.String())
}

func (s *source) close() error {
	if s.batch == nil {
		return nil
	}
	return s.batch.Close()
}

// unfitError says why an object cannot be used.
type unfitError struct{ why string }

func (e *unfitError) Error() string { return e.why }

// read reads an object of no more than limit bytes. The error is an *unfitError where the object is to blame.
func (s *source) read(id oid, k kind, limit int64) ([]byte, error) {
	if s.pack != nil && s.pack.has(id) {
		return s.pack.content(id)
	}
	object, from, err := s.open(id)
	switch {
	case err != nil:
		return nil, err
	case object.Type == "missing":
		return nil, &unfitError{"its object is missing in the repository"}
	case object.Type != k.String():
		return nil, &unfitError{"its object is no " + k.String()}
	case object.Size > limit:
		return nil, &unfitError{fmt.Sprintf("it has %d bytes, more than %d", object.Size, limit)}
	}
	content, err := io.ReadAll(from)
	if err != nil {
		return nil, err
	}
	if s.format.id(k, content) != id {
		return nil, &unfitError{"its object is damaged"}
	}
	return content, nil
}

// commit reads a commit.
func (s *source) commit(id oid) (commit, error) {
	content, err := s.read(id, commitKind, maxCommit)
	if err != nil {
		return commit{}, fmt.Errorf("commit %s: %w", id, err)
	}
	c, err := s.format.decodeCommit(content)
	if err != nil {
		return commit{}, fmt.Errorf("commit %s: %w", id, err)
	}
	return c, nil
}

// tree reads the entries of a tree, in order, no name twice; none where id is empty.
func (s *source) tree(id oid) ([]node, error) {
	if id == "" {
		return nil, nil
	}
	content, err := s.read(id, treeKind, maxIndex)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", id, err)
	}
	nodes, err := s.format.decodeTree(content)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", id, err)
	}
	for i := range nodes[min(1, len(nodes)):] {
		if nodes[i].key() >= nodes[i+1].key() || twice(nodes[:i+1], nodes[i+1].name) {
			return nil, fmt.Errorf("tree %s: %w: out of order", id, errTree)
		}
	}
	return nodes, nil
}

// unfit is why an object cannot be used, or empty where err says something else.
func unfit(err error) string {
	var u *unfitError
	if errors.As(err, &u) {
		return u.why
	}
	return ""
}
