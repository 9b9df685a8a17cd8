package gitview

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"cofferdam/workspace"
)

// ErrNone says that there is no repository.
var ErrNone = errors.New("not a git repository")

// Repository is the git of a directory of the project: of its top, or of a submodule or another repository inside.
type Repository struct {
	At      workspace.Path // the working tree
	project *workspace.Root
	dir     *workspace.Root // HEAD and index
	common  *workspace.Root // objects and refs; dir itself unless this is a linked worktree
	config  config
	format  *format
}

// Open opens the repository whose working tree is the directory at of the project. The error is ErrNone where at has no
// .git. A .git may be a file that points elsewhere only if what it points to points back, as a linked worktree and a
// submodule do: a project must not be able to show the repositories of others.
func Open(project *workspace.Root, at workspace.Path) (*Repository, error) {
	r := &Repository{At: at, project: project}
	if err := r.open(); err != nil {
		r.Close()
		return nil, fmt.Errorf("git of %q: %w", at, err)
	}
	return r, nil
}

// Close releases the repository's directories.
func (r *Repository) Close() {
	if r.common != nil && r.common != r.dir {
		r.common.Close()
	}
	if r.dir != nil {
		r.dir.Close()
	}
}

// path is the path in the project of a path of the repository.
func (r *Repository) path(name string) workspace.Path {
	if r.At == workspace.Dot {
		return workspace.Path(name)
	}
	return r.At + "/" + workspace.Path(name)
}

func (r *Repository) worktree() string { return filepath.Join(r.project.Path(), string(r.At)) }

func (r *Repository) open() (err error) {
	dot, err := r.project.Lookup(r.At.Join(".git"))
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNone
	}
	if err != nil {
		return err
	}
	switch dot.Type {
	case workspace.Dir:
		r.dir, err = openPlain(filepath.Join(r.worktree(), ".git"))
	case workspace.File:
		r.dir, err = r.followFile()
	default:
		err = fmt.Errorf("its .git is a %s", dot.Type)
	}
	if err != nil {
		return err
	}
	if err := r.openCommon(); err != nil {
		return err
	}
	if r.config, err = readConfig(r.common, r.dir); err != nil {
		return err
	}
	if r.format, err = formatNamed(r.config["extensions.objectformat"]); err != nil {
		return err
	}
	if err := r.checkPlace(); err != nil {
		return err
	}
	return checkStore(r.common)
}

// openPlain opens a directory by a path without symlinks.
func openPlain(path string) (*workspace.Root, error) {
	root, err := workspace.Open(path)
	if err != nil {
		return nil, err
	}
	if root.Path() != filepath.Clean(path) {
		root.Close()
		return nil, fmt.Errorf("%q is reached through a symlink", path)
	}
	return root, nil
}

// followFile opens what a .git file points to.
func (r *Repository) followFile() (*workspace.Root, error) {
	text, err := readSmall(r.project, r.At.Join(".git"), 8192)
	if err != nil {
		return nil, err
	}
	target, err := pointer(text, "gitdir: ")
	if err != nil {
		return nil, err
	}
	return workspace.Open(absolute(r.worktree(), target))
}

// openCommon opens the directory that a linked worktree shares with its repository.
func (r *Repository) openCommon() error {
	text, err := readSmall(r.dir, "commondir", 8192)
	if errors.Is(err, fs.ErrNotExist) {
		r.common = r.dir
		return nil
	}
	if err != nil {
		return err
	}
	target, err := pointer(text, "")
	if err != nil {
		return err
	}
	r.common, err = workspace.Open(absolute(r.dir.Path(), target))
	return err
}

// checkPlace reports whether the repository may be shown as that of the project.
func (r *Repository) checkPlace() error {
	tree := r.config["core.worktree"]
	home := r.worktree()
	if tree != "" && !sameDir(absolute(r.dir.Path(), tree), home) {
		return errors.New("the working tree of its .git is elsewhere")
	}
	if within(r.project.Path(), r.dir.Path()) && within(r.project.Path(), r.common.Path()) {
		return nil
	}
	if r.common == r.dir {
		if tree == "" {
			return fmt.Errorf("its .git file points to %q, which does not point back", r.dir.Path())
		}
		return nil
	}
	if filepath.Dir(filepath.Dir(r.dir.Path())) != r.common.Path() || filepath.Base(filepath.Dir(r.dir.Path())) != "worktrees" {
		return fmt.Errorf("its .git shares %q, which does not hold it", r.common.Path())
	}
	text, err := readSmall(r.dir, "gitdir", 8192)
	if err != nil {
		return err
	}
	back, err := pointer(text, "")
	if err != nil {
		return err
	}
	back = absolute(r.dir.Path(), back)
	if filepath.Base(back) != ".git" || !sameDir(filepath.Dir(back), home) {
		return fmt.Errorf("its .git file points to %q, which does not point back", r.dir.Path())
	}
	return nil
}
