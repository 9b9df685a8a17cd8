package stage

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"golang.org/x/sync/errgroup"

	"cofferdam/placeholder"
	"cofferdam/redact"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// redactor makes the texts that a view shows in place of files.
type redactor struct {
	root   *workspace.Root
	finder *redact.Finder // knows the values that were found so far
	key    placeholder.Key
	files  map[workspace.Path]*redactedFile
	hidden map[workspace.Path]*hiddenFile
	search knownSearch

	inspected map[workspace.Path]workspace.Stat // files that a reader was asked about
}

// redactedFile is a file with placeholders, as it was when its fingerprint was stat.
type redactedFile struct {
	*redact.File
	stat workspace.Stat
	hash workspace.Hash // of the text
}

// hiddenFile is what of a hidden file must not show elsewhere.
type hiddenFile struct {
	values []redact.Value
	stat   workspace.Stat
}

func newRedactor(root *workspace.Root, set *rules.Set, dirs Dirs) *redactor {
	key := dirs.Key
	if key == (placeholder.Key{}) {
		key = placeholder.RandomKey() // Nobody will turn the placeholders back.
	}
	return &redactor{
		root: root, key: key, finder: redact.NewFinder(set, scan.NewSearcher(scan.Options{})),
		files: map[workspace.Path]*redactedFile{}, hidden: map[workspace.Path]*hiddenFile{}, search: knownSearch{root: root, dir: dirs.Seen, key: dirs.SeenKey},
		inspected: map[workspace.Path]workspace.Stat{},
	}
}

// redact makes the text of every file that the plan redacts, and the plan again where a file cannot be redacted, has
// nothing to redact, or turns out to hold a value of another one. It returns the files that are not as they were scanned.
func (b *builder) redact(ctx context.Context) (moved []workspace.Path, err error) {
	again, moved, err := b.inspect(ctx)
	for {
		if err != nil || len(moved) > 0 {
			return moved, err
		}
		if again {
			if b.plan, err = NewPlan(b.report, b.options); err != nil {
				return nil, err
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if again, moved, err = b.redactAll(ctx); err != nil || len(moved) > 0 || again {
			continue
		}
		if again, moved, err = b.spread(ctx); err == nil && len(moved) == 0 && !again {
			return nil, nil
		}
	}
}

// redactAll is one look at every file to be redacted. It says whether the plan has to be made again.
func (b *builder) redactAll(ctx context.Context) (again bool, moved []workspace.Path, err error) {
	paths := b.plan.Redacted()
	errs := make([]error, len(paths))
	files := make([]*redactedFile, len(paths))
	for i, path := range paths {
		files[i] = b.redactor.files[path]
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, path := range paths {
		group.Go(func() error {
			files[i], errs[i] = b.redactFile(ctx, path, files[i])
			return nil
		})
	}
	_ = group.Wait()
	for i, path := range paths {
		b.redactor.files[path] = files[i]
		err := errs[i]
		var unfit *redact.UnfitError
		var gone sourceError
		switch {
		case errors.As(err, &unfit):
			b.options.unfit[path], again = unfit.Why, true
		case errors.As(err, &gone):
			moved = append(moved, path)
		case err != nil:
			return false, nil, fmt.Errorf("redact %q: %w", path, err)
		case len(files[i].Spans) == 0:
			b.options.plain[path], again = true, true
		}
	}
	return again, moved, nil
}

// redactFile is the file at path with placeholders: f, where it has not changed and has no known value in it.
func (b *builder) redactFile(ctx context.Context, path workspace.Path, f *redactedFile) (*redactedFile, error) {
	r := b.redactor
	line := ledger(b.report.Ledger).find(path)
	if line == nil {
		return nil, sourceError{fs.ErrNotExist}
	}
	if f != nil && f.stat.Unchanged(line.Stat) {
		if _, has := r.finder.Known().In(f.Text); !has {
			return f, nil
		}
	}
	raw, err := readWhole(r.root, &line.Entry)
	if err != nil {
		return nil, err
	}
	file, err := r.finder.Find(ctx, path, raw, r.key)
	if err != nil {
		return nil, err
	}
	return &redactedFile{file, line.Stat, sha256.Sum256(file.Text)}, nil
}

// readWhole is the content of a file that is as e says before and after.
func readWhole(root *workspace.Root, e *workspace.Entry) ([]byte, error) {
	if e.Size > redact.MaxFile {
		return nil, &redact.UnfitError{Why: fmt.Sprintf("over the limit of %d MiB for placeholders", redact.MaxFile>>20)}
	}
	f, err := root.OpenFile(e.Path)
	if err != nil {
		return nil, sourceError{err}
	}
	defer f.Close()
	return readAs(f, e)
}

func readAs(f *os.File, e *workspace.Entry) ([]byte, error) {
	if err := stillIs(f, *e); err != nil {
		return nil, err
	}
	raw := make([]byte, e.Size)
	if _, err := io.ReadFull(f, raw); err != nil {
		return nil, sourceError{err}
	}
	return raw, stillIs(f, *e)
}

// spread looks for what is secret in one place in all others. It says whether the plan has to be made again.
func (b *builder) spread(ctx context.Context) (again bool, moved []workspace.Path, err error) {
	r := b.redactor
	values, err := b.values(ctx)
	if err != nil {
		return false, nil, err
	}
	if !r.finder.Known().Of(values) {
		r.finder = r.finder.Knowing(redact.NewKnown(values))
		if again, moved, err = b.redactAll(ctx); err != nil || len(moved) > 0 || again {
			return again, moved, err
		}
	}
	known := r.finder.Known()
	hits, moved, err := r.search.find(ctx, known, b.plan.passing(b.report.Ledger))
	if err != nil || len(moved) > 0 {
		return false, moved, err
	}
	lines := ledger(b.report.Ledger)
	for path, name := range hits {
		why := fmt.Sprintf("the value of %s stands in it", name)
		if line := lines.find(path); line.Type == workspace.File {
			b.options.tainted[path] = why
			delete(b.options.plain, path)
		} else {
			b.options.barred[path] = why
		}
	}
	return b.barNames(known) || len(hits) > 0, nil, nil
}

// barNames hides what has a known value in its name, where no placeholder can stand. It says whether there is any more.
func (b *builder) barNames(known *redact.Known) (any bool) {
	lines := ledger(b.report.Ledger)
	for _, i := range b.plan.visible(lines) {
		name, ok := known.In([]byte(lines[i].Path.Base()))
		if ok && !passedByUser(&lines[i]) {
			b.options.barred[lines[i].Path] = fmt.Sprintf("the value of %s stands in its name", name)
			any = true
		}
	}
	return any
}

// values is what is known to be secret: what placeholders stand for, and what hidden files hold.
func (b *builder) values(ctx context.Context) ([]redact.Value, error) {
	var values []redact.Value
	for _, path := range b.plan.Redacted() {
		if f := b.redactor.files[path]; f != nil {
			values = append(values, f.Values...)
		}
	}
	for _, line := range b.plan.hiddenFiles(b.report.Ledger) {
		h, err := b.hiddenFile(ctx, line)
		if err != nil {
			return nil, err
		}
		values = append(values, h.values...)
	}
	return values, nil
}

// hiddenFile is what is secret in a file that the view does not show. One that cannot be read shows nothing, and tells
// nothing.
func (b *builder) hiddenFile(ctx context.Context, line *scan.Line) (*hiddenFile, error) {
	r := b.redactor
	if h := r.hidden[line.Path]; h != nil && h.stat.Unchanged(line.Stat) {
		return h, nil
	}
	h := &hiddenFile{stat: line.Stat}
	r.hidden[line.Path] = h
	raw, err := readWhole(r.root, &line.Entry)
	if err != nil {
		return h, ctx.Err()
	}
	h.values, err = r.finder.Values(ctx, line.Path, raw)
	return h, err
}

// texts is the redacted files of the plan.
func (b *builder) texts() map[workspace.Path]*redactedFile {
	texts := map[workspace.Path]*redactedFile{}
	for _, path := range b.plan.Redacted() {
		texts[path] = b.redactor.files[path]
	}
	return texts
}

// book is what the session has to know of the redacted files.
func (b *builder) book() *redact.Book {
	book := &redact.Book{Version: redact.BookVersion, Files: map[workspace.Path]*placeholder.Record{}}
	for path, f := range b.texts() {
		book.Files[path] = &f.Record
	}
	return book
}

// asShown gives the entries of redacted files the size and the hash that the view shows.
func (b *builder) asShown(m *workspace.Manifest) {
	for path, f := range b.texts() {
		if e := m.Find(path); e != nil {
			e.Size, e.Hash = int64(len(f.Text)), f.hash
		}
	}
}
