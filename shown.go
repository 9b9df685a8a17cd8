package cofferdam

import (
	"context"
	"errors"
	"io"
	"sync"

	"cofferdam/gitview"
	"cofferdam/placeholder"
	"cofferdam/redact"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/stage"
	"cofferdam/workspace"
)

// shown tells what a view shows of a repository's files.
type shown struct {
	searcher *scan.Searcher
	finder   *redact.Finder
	names    *rules.Set
	key      placeholder.Key
	objects  func() *scan.Objects // what is remembered of old versions
	added    bool                 // something is to be remembered

	mask    *workspace.Root
	copy    *workspace.Root // where the view is one; nil for the other kinds
	decided map[workspace.Path]*stage.Decision
	visible map[workspace.Path]*workspace.Entry
	origins *workspace.Manifest // what the files of a copy were made of
}

func (p *Project) newShown(view *stage.View, key placeholder.Key) (*shown, error) {
	mask, err := workspace.Open(view.Mask)
	if err != nil {
		return nil, err
	}
	s := &shown{searcher: p.searcher(ScanOptions{}), finder: view.Finder, names: p.Rules, key: key, mask: mask, origins: view.Manifest, objects: sync.OnceValue(p.objects)}
	s.decided = make(map[workspace.Path]*stage.Decision, len(view.Plan.Decisions))
	for i := range view.Plan.Decisions {
		d := &view.Plan.Decisions[i]
		s.decided[d.Path] = d
	}
	files := view.Manifest
	if view.Kind == stage.Copy {
		files = view.Copied
		if s.copy, err = workspace.Open(view.Copy); err != nil {
			return nil, errors.Join(err, mask.Close())
		}
	}
	s.visible = make(map[workspace.Path]*workspace.Entry, len(files.Visible))
	for i := range files.Visible {
		e := &files.Visible[i]
		s.visible[e.Path] = e
	}
	return s, nil
}

// objects is what searches of the project's history found.
func (p *Project) objects() *scan.Objects {
	return scan.OpenObjects(p.Root.Path(), p.Rules, scan.Options{CacheDir: p.cacheDir})
}

// close keeps what was found for the next time.
func (s *shown) close() {
	s.mask.Close()
	if s.copy != nil {
		s.copy.Close()
	}
	if s.added {
		s.objects().Write(false)
	}
}

// File implements gitview.Shown.
func (s *shown) File(path workspace.Path) gitview.File {
	if s.hides(path) {
		return gitview.File{}
	}
	if s.redacts(path) {
		return s.redacted(path)
	}
	e := s.visible[path]
	if e == nil || e.Type != workspace.File && e.Type != workspace.Symlink {
		return gitview.File{Showing: gitview.Absent}
	}
	file := gitview.File{Showing: gitview.Pass, Judged: e.Stat}
	if s.copy != nil {
		if origin := s.origins.Find(path); origin != nil {
			file.Origin = origin.Stat
		}
	}
	return file
}

// hides is what stage.Plan.Hides says, in time for a hundred thousand paths.
func (s *shown) hides(path workspace.Path) bool {
	for at := path; at != workspace.Dot; at = at.Dir() {
		if d := s.decided[at]; d != nil && d.Action != rules.Redact {
			return !d.Empty || at != path
		}
	}
	return false
}

// redacts reports whether the view has the file at path with placeholders.
func (s *shown) redacts(path workspace.Path) bool {
	d := s.decided[path]
	return d != nil && d.Action == rules.Redact
}

// redacted is a file that the view shows with placeholders, which stands in the mask. A copy has one of its own.
func (s *shown) redacted(path workspace.Path) gitview.File {
	f, err := s.mask.OpenFile(path)
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
	if s.copy != nil {
		stat = workspace.Stat{}
		if e := s.visible[path]; e != nil {
			stat = e.Stat
		}
	}
	return gitview.File{Showing: gitview.Redact, Content: text, Stat: stat}
}

// Blob implements gitview.Shown. An old version with a secret in it is shown as the file would be, with placeholders or
// not at all. One that its name alone makes a credential is shown only where the file still stands in the view so.
func (s *shown) Blob(ctx context.Context, v gitview.Version) (gitview.Showing, []byte, error) {
	ok, err := s.clean(ctx, v)
	if err != nil || ok {
		return gitview.Pass, nil, err
	}
	if v.Symlink || s.finder == nil || s.names.Decide(v.Path, workspace.File).Action == rules.Hide && !s.redacts(v.Path) {
		return gitview.Hide, nil, nil
	}
	file, err := s.finder.Find(ctx, v.Path, v.Content, s.key)
	var unfit *redact.UnfitError
	switch {
	case errors.As(err, &unfit):
		return gitview.Hide, nil, nil
	case err != nil:
		return gitview.Hide, nil, err
	case len(file.Spans) == 0: // It is a credential for its name alone.
		return gitview.Hide, nil, nil
	}
	return gitview.Redact, file.Text, nil
}

// clean reports whether a version has no secret in it. What a search finds is remembered; which values are known is not
// the same the next time.
func (s *shown) clean(ctx context.Context, v gitview.Version) (bool, error) {
	size := int64(len(v.Content))
	findings, incomplete, ok := s.objects().Find(v.ID, size, v.Path)
	if !ok {
		var err error
		if findings, incomplete, err = s.searcher.Search(ctx, v.Path, v.Content); err != nil {
			return false, err
		}
		s.objects().Add(v.ID, size, v.Path, findings, incomplete)
		s.added = true
	}
	return len(findings)+len(incomplete) == 0 && !s.knows(v.Content), nil
}

func (s *shown) knows(text []byte) bool {
	if s.finder == nil {
		return false
	}
	_, known := s.finder.Known().In(text)
	return known
}

// Text implements gitview.Shown: all of a text, or nothing.
func (s *shown) Text(ctx context.Context, text []byte) ([]byte, error) {
	ok, err := clean(ctx, s.searcher, "text", text)
	if err != nil || !ok || s.knows(text) {
		return nil, err
	}
	return text, nil
}

// clean reports whether all of content was searched and nothing was found.
func clean(ctx context.Context, s *scan.Searcher, path workspace.Path, content []byte) (bool, error) {
	findings, incomplete, err := s.Search(ctx, path, content)
	return err == nil && len(findings)+len(incomplete) == 0, err
}
