// Package cofferdam tells the story: open a project, scan it, stage a view without its secrets, run a command on it,
// read what changed, apply or discard or undo. Each verb is one exported function in a file of its own. This package
// composes the rooms below it and does nothing itself: no loop over files, no system call.
package cofferdam

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"cofferdam/rules"
	"cofferdam/session"
	"cofferdam/workspace"
)

// Version is the version of this program.
const Version = "0.1.0-dev"

// ProjectConfig is the name of a project's own policy file.
const ProjectConfig = ".cofferdam.toml"

// Host is what the program knows of the user, read once at the start.
type Host struct {
	Home       string // absolute
	ConfigFile string // the user's policy; need not exist
	StateDir   string // where sessions live
	CacheDir   string // what can be found out again
}

// Project is an open project with the rules that hold for it.
type Project struct {
	Root  *workspace.Root
	Rules *rules.Set
	Store *session.Store

	cacheDir string // of scans

	// Ignored is what the project's own file asked for and may not have, in words.
	Ignored []string
}

// OpenProject opens the directory dir with the user's and the project's policy.
func OpenProject(h Host, dir string) (*Project, error) {
	root, err := workspace.Open(dir)
	if err != nil {
		return nil, err
	}
	p := &Project{Root: root, cacheDir: filepath.Join(h.CacheDir, "scan")}
	if err := p.loadPolicy(h); err != nil {
		root.Close()
		return nil, err
	}
	return p, nil
}

// Close releases the project's directory.
func (p *Project) Close() error { return p.Root.Close() }

func (p *Project) loadPolicy(h Host) error {
	user, err := loadUserConfig(h)
	if err != nil {
		return err
	}
	own, err := loadConfig(ProjectConfig, p.readOwn)
	if err != nil {
		return err
	}
	policy, err := rules.NewPolicy(user, own)
	if err != nil {
		return err
	}
	p.Rules = rules.NewSet(rules.Default().In(p.Root.Path(), h.Home), policy)
	for _, rule := range policy.Ignored() {
		p.Ignored = append(p.Ignored, fmt.Sprintf("%s: %s %q has no effect: a project can hide more, not less", ProjectConfig, rule.Action, rule.Pattern))
	}
	p.Store = newStore(h, user)
	return nil
}

func loadUserConfig(h Host) (*rules.Config, error) { return loadConfig(h.ConfigFile, os.ReadFile) }

func newStore(h Host, user *rules.Config) *session.Store {
	places := []string{h.StateDir}
	if user != nil {
		places = append(places, user.StateDirs...)
	}
	return session.NewStore(places...)
}

// maxConfig bounds a policy file in bytes; the project's own is hostile input.
const maxConfig = 1 << 20

func (p *Project) readOwn(name string) ([]byte, error) {
	entry, err := p.Root.Lookup(workspace.Path(name))
	if err != nil {
		return nil, err
	}
	if entry.Type != workspace.File || entry.Size > maxConfig {
		return nil, fmt.Errorf("a %s of %d bytes is not a policy file", entry.Type, entry.Size)
	}
	f, err := p.Root.OpenFile(workspace.Path(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := make([]byte, entry.Size)
	n, err := f.ReadAt(text, 0)
	if err != nil && n < len(text) {
		return nil, err
	}
	return text, nil
}

func loadConfig(name string, read func(string) ([]byte, error)) (*rules.Config, error) {
	text, err := read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return rules.DecodeConfig(name, text)
}

// FindProject is the directory that a command started in dir is about: the nearest one upwards that has a
// .cofferdam.toml or a .git, else dir. The user's home and the root are never found from below: a dotfile repository
// would make everything one project.
func FindProject(h Host, dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return "", err
	}
	for at := abs; at != "/" && (at != h.Home || at == abs); at = filepath.Dir(at) {
		for _, mark := range []string{ProjectConfig, ".git"} {
			if _, err := os.Lstat(filepath.Join(at, mark)); err == nil {
				return at, nil
			}
		}
	}
	return abs, nil
}
