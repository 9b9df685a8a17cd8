package cofferdam

import (
	"context"
	"io"
	"sync"

	"cofferdam/gitview"
	"cofferdam/redact"
	"cofferdam/scan"
	"cofferdam/stage"
	"cofferdam/workspace"
)

// shown tells what a view shows of a repository's files.
type shown struct {
	view     *stage.View
	searcher *scan.Searcher
	objects  func() *scan.Objects // what is remembered of old versions
	added    bool                 // something is to be remembered
}

func (p *Project) newShown(view *stage.View) *shown {
	return &shown{view: view, searcher: p.searcher(ScanOptions{}), objects: sync.OnceValue(p.objects)}
}

// objects is what searches of the project's history found.
func (p *Project) objects() *scan.Objects {
	return scan.OpenObjects(p.Root.Path(), p.Rules, scan.Options{CacheDir: p.cacheDir})
}

// remember keeps what was found for the next time.
func (s *shown) remember() {
	if s.added {
		s.objects().Write(false)
	}
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
	size := int64(len(v.Content))
	findings, incomplete, ok := s.objects().Find(v.ID, size, v.Path)
	if !ok {
		var err error
		if findings, incomplete, err = s.searcher.Search(ctx, v.Path, v.Content); err != nil {
			return gitview.Hide, nil, err
		}
		s.objects().Add(v.ID, size, v.Path, findings, incomplete)
		s.added = true
	}
	if len(findings)+len(incomplete) > 0 {
		return gitview.Hide, nil, nil
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
