package cofferdam

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"

	"cofferdam/change"
	"cofferdam/gitview"
	"cofferdam/redact"
	"cofferdam/scan"
	"cofferdam/session"
	"cofferdam/stage"
	"cofferdam/workspace"
)

// gitFile is the state file of a session that holds what the repositories of its view stand for.
const gitFile = "git.json"

// snapshots is the repositories of a view, by their .git.
type snapshots map[workspace.Path]*gitview.Built

// snapshot fills the repositories of the view, those within others first. One that cannot be made stays empty.
func (r *run) snapshot(ctx context.Context) error {
	if r.options.Git != stage.GitSnapshot {
		return nil
	}
	if r.view.Kind == stage.Copy {
		r.options.Tell("a copy has no repositories yet: every .git in it is empty")
		return nil
	}
	made := snapshots{}
	shown := &shown{r.view, r.project.searcher(ScanOptions{})}
	links := map[workspace.Path]string{}
	for _, at := range slices.Backward(r.view.Repositories) {
		built, err := r.fill(ctx, at, shown, links)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			r.options.Tell("%q stays empty: %v", at, err)
			continue
		}
		made[at], links[at.Dir()] = built, built.Head
		r.tellOmitted(at, built)
	}
	r.snapshots = made
	r.lap("git")
	return r.session.SaveJSON(gitFile, made)
}

func (r *run) fill(ctx context.Context, at workspace.Path, shown gitview.Shown, links map[workspace.Path]string) (*gitview.Built, error) {
	repository, err := gitview.Open(r.project.Root, at.Dir())
	if err != nil {
		return nil, err
	}
	defer repository.Close()
	return repository.Build(ctx, filepath.Join(r.view.Lower[0], string(at)), shown, gitview.Options{Links: links})
}

func (r *run) tellOmitted(at workspace.Path, built *gitview.Built) {
	if n := len(built.Omitted); n > 0 {
		first := built.Omitted[0]
		r.options.Tell("%q lacks %d versions of files that the view shows, the first of %q: %s", at, n, first.Path, first.Why)
	}
}

// shown tells what a view shows of a repository's files.
type shown struct {
	view     *stage.View
	searcher *scan.Searcher
}

// File implements gitview.Shown.
func (s *shown) File(path workspace.Path) gitview.File {
	if s.view.Plan.Hides(path) {
		return gitview.File{}
	}
	if s.view.Plan.Redacts(path) {
		return s.redacted(path)
	}
	e := s.view.Manifest.Find(path)
	if e == nil || e.Type != workspace.File && e.Type != workspace.Symlink {
		return gitview.File{Showing: gitview.Absent}
	}
	return gitview.File{Showing: gitview.Pass, Judged: e.Stat}
}

// redacted is a file that the view shows with placeholders, which stands in the mask.
func (s *shown) redacted(path workspace.Path) gitview.File {
	mask, err := workspace.Open(s.view.Lower[0])
	if err != nil {
		return gitview.File{}
	}
	defer mask.Close()
	f, err := mask.OpenFile(path)
	if err != nil {
		return gitview.File{}
	}
	defer f.Close()
	stat, err := workspace.StatFile(f)
	if err != nil {
		return gitview.File{}
	}
	text, err := io.ReadAll(io.LimitReader(f, redact.MaxFile*2))
	if err != nil {
		return gitview.File{}
	}
	return gitview.File{Showing: gitview.Redact, Content: text, Stat: stat}
}

// Blob implements gitview.Shown. An old version with a secret in it is left out as a whole.
func (s *shown) Blob(ctx context.Context, v gitview.Version) (gitview.Showing, []byte, error) {
	ok, err := clean(ctx, s.searcher, v.Path, v.Content)
	if err != nil || !ok {
		return gitview.Hide, nil, err
	}
	return gitview.Pass, nil, nil
}

// Text implements gitview.Shown: all of a text, or nothing.
func (s *shown) Text(ctx context.Context, text []byte) ([]byte, error) {
	ok, err := clean(ctx, s.searcher, "text", text)
	if err != nil || !ok {
		return nil, err
	}
	return text, nil
}

// clean reports whether all of content was searched and nothing was found.
func clean(ctx context.Context, s *scan.Searcher, path workspace.Path, content []byte) (bool, error) {
	findings, incomplete, err := s.Search(ctx, path, content)
	return err == nil && len(findings)+len(incomplete) == 0, err
}

// loadSnapshots reads which repositories the view of a session had.
func loadSnapshots(s *session.Session) (snapshots, error) {
	var made snapshots
	if err := s.LoadJSON(gitFile, &made); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return made, nil
}

// without takes out of set what the command did to the repositories of its view: they are not the project's.
func (made snapshots) without(set *change.Set) *change.Set {
	if len(made) == 0 {
		return set
	}
	return set.Without(func(c change.Change) bool {
		for at := range made {
			if c.Path == at || c.Path.Within(at) {
				return true
			}
		}
		return false
	})
}
