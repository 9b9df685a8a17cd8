package apply

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"cofferdam/placeholder"
	"cofferdam/redact"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

const (
	maxSources     = 10_000    // files that are read for the values in them
	maxSourceBytes = 256 << 20 // of all of them
)

// NewSecrets reads in the workspace what its view did not show: the files that the book says have placeholders there, and
// those that base says are hidden. What cannot be read tells nothing.
func NewSecrets(ctx context.Context, root *workspace.Root, base *workspace.Manifest, set *rules.Set, key placeholder.Key, book *redact.Book) (*Secrets, error) {
	searcher := scan.NewSearcher(scan.Options{})
	s := &Secrets{Finder: redact.NewFinder(set, searcher), Searcher: searcher, Rules: set, Key: key, Book: book}
	s.tokens = s.set()
	sources := &sources{root: root, left: maxSourceBytes}
	if book != nil {
		for _, path := range slices.Sorted(maps.Keys(book.Files)) {
			sources.add(path)
		}
	}
	for i := range base.Hidden {
		sources.addHidden(base.Hidden[i].Path, 0)
	}
	values, err := sources.values(ctx, s)
	if err != nil {
		return nil, err
	}
	s.Finder = s.Finder.Knowing(redact.NewKnown(values))
	return s, nil
}

// sources is the files that hold the values of a workspace.
type sources struct {
	root  *workspace.Root
	paths []workspace.Path
	left  int64 // bytes
}

func (s *sources) add(path workspace.Path) bool {
	e, err := s.root.Lookup(path)
	if err != nil || e.Type != workspace.File || e.Size > redact.MaxFile || e.Size > s.left || len(s.paths) >= maxSources {
		return err == nil && e.Type == workspace.Dir
	}
	s.left -= e.Size
	s.paths = append(s.paths, path)
	return false
}

const deepest = 100 // directories

// addHidden adds a file, or those in a directory. What git keeps is no place where a value is known by.
func (s *sources) addHidden(path workspace.Path, depth int) {
	if path.Base() == ".git" || depth > deepest || len(s.paths) >= maxSources || !s.add(path) {
		return
	}
	dir, err := s.root.OpenDir(path)
	if err != nil {
		return
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(maxSources)
	slices.Sort(names)
	for _, name := range names {
		s.addHidden(path.Join(name), depth+1)
	}
}

func (s *sources) values(ctx context.Context, secrets *Secrets) ([]redact.Value, error) {
	found := make([][]redact.Value, len(s.paths))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, path := range s.paths {
		group.Go(func() error {
			text, _, err := readFile(s.root, path, redact.MaxFile)
			if err != nil {
				return ctx.Err()
			}
			found[i], err = secrets.valuesIn(ctx, path, text)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(found...), nil
}

// valuesIn is what is secret in a file that the view did not show as it is.
func (s *Secrets) valuesIn(ctx context.Context, path workspace.Path, text []byte) ([]redact.Value, error) {
	if s.record(path) == nil {
		return s.Finder.Values(ctx, path, text)
	}
	file, err := s.Finder.Find(ctx, path, text, s.key())
	var unfit *redact.UnfitError
	switch {
	case errors.As(err, &unfit) || errors.Is(err, placeholder.ErrTaken):
		return s.Finder.Values(ctx, path, text)
	case err != nil:
		return nil, err
	}
	return file.Values, nil
}
