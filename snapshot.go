package cofferdam

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"

	"cofferdam/change"
	"cofferdam/gitview"
	"cofferdam/session"
	"cofferdam/stage"
	"cofferdam/workspace"
)

// gitFile is the state file of a session that holds what the repositories of its view stand for.
const gitFile = "git.json"

// topGit is the git directory of the project itself.
const topGit workspace.Path = ".git"

// snapshots is the repositories of a view, by their .git.
type snapshots map[workspace.Path]*gitview.Built

// snapshot fills the repositories of the view, those within others first. One that cannot be made stays empty.
func (r *run) snapshot(ctx context.Context) error {
	if r.options.Git != stage.GitSnapshot {
		return nil
	}
	shown, err := r.project.newShown(r.view, r.redactions.Key)
	if err != nil {
		return err
	}
	defer shown.close() // It keeps also what was found before it was stopped.
	if r.snapshots, err = r.fillAll(ctx, shown); err != nil {
		return err
	}
	r.lap("git")
	return r.session.SaveJSON(gitFile, r.snapshots)
}

func (r *run) fillAll(ctx context.Context, shown *shown) (snapshots, error) {
	places, err := r.repositories()
	if err != nil {
		return nil, err
	}
	made, links := snapshots{}, map[workspace.Path]string{}
	for _, at := range slices.Backward(places) {
		built, err := r.fill(ctx, at, shown, links)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			r.options.Tell("%q stays empty: %v", at, err)
			continue
		}
		if err := r.view.ShowRepository(ctx, at); err != nil {
			return nil, err
		}
		made[at], links[at.Dir()] = built, built.Head
		r.tellOmitted(at, built)
	}
	return made, nil
}

// repositories is the .git directories to fill. A project that has none gets one where that was asked for.
func (r *run) repositories() ([]workspace.Path, error) {
	places := r.view.Repositories
	if !r.options.NewGit {
		return places, nil
	}
	if _, err := r.project.Root.Lookup(topGit); !errors.Is(err, fs.ErrNotExist) {
		return places, err
	}
	if err := r.view.AddRepository(r.project.Root, topGit); err != nil {
		return nil, err
	}
	return slices.Insert(slices.Clone(places), 0, topGit), nil
}

func (r *run) fill(ctx context.Context, at workspace.Path, shown *shown, links map[workspace.Path]string) (*gitview.Built, error) {
	dir := filepath.Join(r.view.Mask, string(at))
	o := gitview.Options{History: r.options.History, Copy: shown.copy, Copied: r.began(), Links: links, Shelf: r.project.gitShelf(), Known: r.known()}
	repository, err := gitview.Open(r.project.Root, at.Dir())
	if at == topGit && errors.Is(err, gitview.ErrNone) && !slices.Contains(r.view.Repositories, at) {
		return gitview.Snapshot(ctx, r.project.Root, dir, shown, r.ownFiles(), o)
	}
	if err != nil {
		return nil, err
	}
	defer repository.Close()
	return repository.Build(ctx, dir, shown, o)
}

// known is the values that no repository of the view may have.
func (r *run) known() gitview.Known {
	known := r.view.Finder.Known()
	k := gitview.Known{In: known.In}
	if key, err := gitview.ShelfKey(r.project.gitShelf()); err == nil {
		k.Digest = known.Digest(key)
	}
	return k
}

// gitShelf is where packs wait for the next run; nothing where there is no place for them.
func (p *Project) gitShelf() string {
	cache := p.cache()
	if cache == "" {
		return ""
	}
	return filepath.Join(cache, "git")
}

// ownFiles is the files and symlinks that the view shows, but for those of the repositories inside.
func (r *run) ownFiles() []workspace.Path {
	var paths []workspace.Path
	for i := range r.view.Manifest.Visible {
		e := &r.view.Manifest.Visible[i]
		others := slices.ContainsFunc(r.view.Repositories, func(at workspace.Path) bool { return e.Path.Within(at.Dir()) })
		if !others && (e.Type == workspace.File || e.Type == workspace.Symlink) {
			paths = append(paths, e.Path)
		}
	}
	return paths
}

func (r *run) tellOmitted(at workspace.Path, built *gitview.Built) {
	if n := len(built.Omitted); n > 0 {
		first := built.Omitted[0]
		r.options.Tell("%q lacks %d old or staged versions of files, the first of %q: %s", at, n, first.Path, first.Why)
	}
}

// loadSnapshots reads which repositories the view of a session had.
func loadSnapshots(s *session.Session) (snapshots, error) {
	var made snapshots
	if err := s.LoadJSON(gitFile, &made); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return made, nil
}

// without takes out of set what the command did to the repositories of its view: they are not the project's. It says
// whether the command may have committed something there.
func (made snapshots) without(set *change.Set) (rest *change.Set, committed bool) {
	if len(made) == 0 {
		return set, false
	}
	rest = set.Without(func(c change.Change) bool {
		for at := range made {
			if c.Path == at || c.Path.Within(at) {
				committed = committed || writesRef(c, at)
				return true
			}
		}
		return false
	})
	return rest, committed
}

// writesRef reports whether c is of a file by which the repository at names a commit. A view has none of these before.
func writesRef(c change.Change, at workspace.Path) bool {
	return c.New.Type == workspace.File && (c.Path.Within(at.Join("refs")) || c.Path == at.Join("logs/HEAD"))
}
