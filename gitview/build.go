package gitview

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cofferdam/internal/git"
)

// Build writes the repository of the view into dir, an absolute empty directory outside of the project, which is to be
// its .git. It has HEAD's tree as the view shows it in one commit, or the last commits as Options.History says; one more
// commit for what is staged; and an index that fits the files of the view, so that git finds changed in the view what it
// finds changed in the project. Where Build fails, dir is empty again.
//
// Everything that is in dir is looked at again before Build returns: every object is one that was allowed and is in
// use, and no name is one that the view hides.
func (r *Repository) Build(ctx context.Context, dir string, shown Shown, o Options) (*Built, error) {
	built, err := r.buildWith(ctx, dir, shown, o, (*builder).fill)
	if err != nil && o.Shelf != "" && ctx.Err() == nil { // Whatever it was, it must not be because of what an earlier one left.
		o.Shelf = ""
		built, err = r.buildWith(ctx, dir, shown, o, (*builder).fill)
	}
	if err != nil {
		return nil, fmt.Errorf("git of %q: %w", r.At, err)
	}
	return built, nil
}

// buildWith makes a repository of what fill puts into it.
func (r *Repository) buildWith(ctx context.Context, dir string, shown Shown, o Options, fill func(*builder) error) (*Built, error) {
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		return nil, errors.Join(err, fmt.Errorf("%s is not empty", dir))
	}
	b, err := r.newBuilder(ctx, dir, shown, o)
	if err == nil {
		defer func() { b.shelf.close() }()
		if err = errors.Join(b.build(fill), b.objects.close()); err == nil {
			err = b.verify()
		}
		if err == nil {
			b.keep()
		}
	}
	if err != nil {
		return nil, errors.Join(err, removeAll(dir))
	}
	return b.built, nil
}

// removeAll removes what is in dir, which this package alone wrote.
func removeAll(dir string) error {
	left, err := os.ReadDir(dir)
	for _, e := range left {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	return err
}

// maxPlain is the bytes of objects that are not deflated: beyond that, room on disk counts more than time.
const maxPlain = 16 << 20

// builder makes one repository.
type builder struct {
	*filter
	dir    string
	began  time.Time
	layout *layout
	index  []entry
	cached []byte // the TREE extension of index
	built  *Built
}

func (r *Repository) newBuilder(ctx context.Context, dir string, shown Shown, o Options) (*builder, error) {
	b := &builder{dir: dir, began: time.Now(), layout: newLayout(r.format, r.config), built: &Built{Format: r.format.name, Commits: map[string]string{}}}
	b.layout.config = renderConfig(r.format, r.config, o.Coarse)
	if err := b.layout.write(dir); err != nil {
		return nil, err
	}
	packDir := filepath.Join(dir, "objects/pack")
	p, err := newPack(r.format, packDir, maxPlain, o.Known)
	if err != nil {
		return nil, err
	}
	host := &git.Repo{Top: dir, Dir: dir}
	if r.common != nil {
		host.Borrowed = []string{filepath.Join(r.common.Path(), "objects")}
	}
	objects := newSource(ctx, r.format, host, nil)
	b.filter = &filter{ctx: ctx, repo: r, shown: shown, options: o, packDir: packDir, files: map[oid]bool{}, pack: p, objects: objects, known: map[version]oid{},
		allowed: map[oid]bool{}, trees: map[version]oid{}, hidden: map[string]bool{}, sparse: map[string]bool{}}
	return b, nil
}

func (b *builder) build(fill func(*builder) error) error {
	if err := fill(b); err != nil {
		b.pack.abandon()
		return err
	}
	_, err := b.pack.finish()
	b.built.Omitted, b.built.Hidden, b.built.Objects = b.omitted, len(b.hidden), len(b.files)+len(b.pack.objects)
	return errors.Join(err, b.layout.write(b.dir), b.writeIndex())
}

// fill makes all objects, the index and the layout of what the project's repository has.
func (b *builder) fill() error {
	head, err := b.repo.readHead()
	if err != nil {
		return err
	}
	host, err := b.repo.readIndex(b.ctx, b.dir)
	if err != nil {
		return err
	}
	if err := b.filterIndex(host); err != nil {
		return err
	}
	tip, err := b.commits(head, host.entries)
	if err != nil {
		return err
	}
	branch, err := b.branch(head.branch)
	if err != nil {
		return err
	}
	b.layout.setHead(branch, tip)
	b.built.Branch = branch
	if tip != "" {
		b.built.Head = tip.String()
	}
	return b.exclude()
}

// branch is the name of the branch in the view.
func (b *builder) branch(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	if plainBranch(name) {
		return name, nil
	}
	text, err := b.shown.Text(b.ctx, []byte(name))
	if string(text) != name || !branchName(name) {
		name = "main"
	}
	return name, err
}

// exclude takes over the patterns of files that the project does not track. A file that Text changes stays away.
func (b *builder) exclude() error {
	text, err := readSmall(b.repo.common, "info/exclude", maxConfig)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !patterns(text) {
		return nil
	}
	filtered, err := b.shown.Text(b.ctx, text)
	if bytes.Equal(filtered, text) {
		b.layout.exclude = text
	}
	return err
}

// plainBranch reports whether a branch has a name of small words, which need not be searched.
func plainBranch(name string) bool {
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '/' || r == '-' }) {
		if len(word) > 12 || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") != "" {
			return false
		}
	}
	return branchName(name)
}

// patterns reports whether a file of patterns has more than comments.
func patterns(text []byte) bool {
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			return true
		}
	}
	return false
}

// writeIndex writes the index. Its time is that when Build began: git looks again into a file that changed since.
func (b *builder) writeIndex() error {
	cached := b.cached
	if slices.ContainsFunc(b.index, func(e entry) bool { return !e.tracked() }) {
		cached = nil
	}
	path := filepath.Join(b.dir, "index")
	if err := os.WriteFile(path, b.format().encodeIndex(b.index, cached), 0o644); err != nil {
		return err
	}
	return os.Chtimes(path, b.began, b.began)
}
