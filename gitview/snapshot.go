package gitview

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"slices"
	"strings"

	"cofferdam/internal/git"
	"cofferdam/workspace"
)

// Snapshot writes a repository into dir whose one commit has what the view shows of paths, those left out that the
// project's .gitignore files name. It is for a project that has no repository, or none that should be shown. Its
// commits cannot land. See Build for dir.
func Snapshot(ctx context.Context, project *workspace.Root, dir string, shown Shown, paths []workspace.Path, o Options) (*Built, error) {
	r := &Repository{At: workspace.Dot, project: project, config: config{}, format: formatSHA1}
	built, err := r.buildWith(ctx, dir, shown, o, func(b *builder) error { return b.fillFrom(paths) })
	if err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	return built, nil
}

// fillFrom makes all objects, the index and the layout of the files at paths.
func (b *builder) fillFrom(paths []workspace.Path) error {
	ignored, err := b.ignored(paths)
	if err != nil {
		return err
	}
	var entries []entry
	for _, path := range paths {
		if m := b.modeAt(path); m != 0 && !ignored[string(path)] {
			entries = append(entries, entry{mode: m, path: string(path)})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.path, b.path) })
	entries = slices.CompactFunc(entries, func(a, b entry) bool { return a.path == b.path })
	places, err := b.survey(entries)
	if err != nil {
		return err
	}
	for i, e := range entries {
		if err := b.adopt(e, &places[i]); err != nil {
			return err
		}
	}
	tree, err := b.stagedTree()
	if err != nil {
		return err
	}
	tip, err := b.synthetic(tree, nil, stateMessage, 0)
	b.layout.setHead("main", tip)
	b.built.Branch, b.built.Head, b.built.Own = "main", tip.String(), true
	return err
}

// viewed is what the view shows, or more.
func (b *builder) viewed() *workspace.Root {
	if b.options.Copy != nil {
		return b.options.Copy
	}
	return b.repo.project
}

// adopt puts the file of e, as the view has it, into the index.
func (b *builder) adopt(e entry, p *place) error {
	if !p.same {
		return nil // It is hidden, or has gone meanwhile.
	}
	e.stat = statOf(p.stat)
	if p.shown.Showing == Pass {
		b.allowed[e.id] = true
	} else {
		id, err := b.takeShown(e.path)
		if err != nil {
			return err
		}
		e.id = id
		if p.stat.Type == workspace.None {
			e.stat = statData{}
		}
	}
	b.index = append(b.index, e)
	return nil
}

// modeAt is the mode that an index has for what stands at path now, 0 for what it does not have.
func (b *builder) modeAt(path workspace.Path) mode {
	found, err := b.viewed().Lookup(path)
	switch {
	case err != nil || !treePath(string(path)):
		return 0
	case found.Type == workspace.Symlink:
		return linkMode
	case found.Type == workspace.File && found.Mode&0o100 != 0:
		return execMode
	case found.Type == workspace.File:
		return fileMode
	}
	return 0
}

// ignored asks git which of paths the project's .gitignore files name. Git reads those and looks at nothing else.
func (b *builder) ignored(paths []workspace.Path) (map[string]bool, error) {
	if err := b.checkIgnoreFiles(paths); err != nil {
		return nil, err
	}
	var list bytes.Buffer
	for _, path := range paths {
		fmt.Fprintf(&list, "%s\x00", path)
	}
	repo := &git.Repo{Top: b.viewed().Path(), Dir: b.dir}
	cmd := repo.Command(b.ctx, "check-ignore", "--no-index", "--stdin", "-z")
	cmd.Stdin = &list
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) { // 1: none of them
		return nil, fmt.Errorf("git check-ignore: %w", err)
	}
	ignored := map[string]bool{}
	for path := range strings.SplitSeq(string(out), "\x00") {
		ignored[path] = true
	}
	return ignored, nil
}

// checkIgnoreFiles refuses a FIFO in the place of a .gitignore, which git would wait for.
func (b *builder) checkIgnoreFiles(paths []workspace.Path) error {
	seen := map[workspace.Path]bool{}
	for _, path := range paths {
		for dir := path; dir != workspace.Dot; {
			dir = dir.Dir()
			if seen[dir] {
				break
			}
			seen[dir] = true
			found, err := b.viewed().Lookup(dir.Join(".gitignore"))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			if found.Type.Special() {
				return fmt.Errorf("%q is a %s", dir.Join(".gitignore"), found.Type)
			}
		}
	}
	return nil
}
