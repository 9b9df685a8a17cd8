// Package git runs git on repositories that nobody vouches for: no hook, filter, helper or configuration of the user or of
// the repository runs a program, and nothing is written but where the caller says so. It runs none of the commands that
// look into files of the working tree, because those apply the filters that the repository names.
package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// ErrNone says that there is no repository.
var ErrNone = errors.New("not a git repository")

// Repo is a repository with a working tree.
type Repo struct {
	Top    string // the working tree
	Prefix string // of the directory that was opened, below Top: "" or "a/b/"

	// Dir is the git directory, where it is not the .git of Top. A caller that sets it to a directory of its own, with
	// the objects of another repository as Borrowed, works on those without any configuration of that repository.
	Dir      string
	Store    string   // where objects are written to, and read from first, where not in the git directory
	Borrowed []string // further directories to read objects from: absolute
}

// Open finds the repository that dir, an absolute path, belongs to: the nearest directory upwards that has a .git.
func Open(dir string) (*Repo, error) {
	for at := dir; ; at = filepath.Dir(at) {
		_, err := os.Lstat(filepath.Join(at, ".git"))
		if err == nil {
			prefix, _ := filepath.Rel(at, dir)
			if prefix == "." {
				return &Repo{Top: at}, nil
			}
			return &Repo{Top: at, Prefix: prefix + "/"}, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if at == filepath.Dir(at) {
			return nil, fmt.Errorf("%q: %w", dir, ErrNone)
		}
	}
}

// harmless turns off what would run a program or let another file than the repository's own decide. safe.directory is
// the owner check of git, which is there because of such programs; the rest of this list is what it protects from.
var harmless = []string{
	"core.fsmonitor=false", "core.hooksPath=/dev/null", "core.attributesFile=/dev/null", "core.excludesFile=/dev/null", "core.pager=cat",
	"core.untrackedCache=false", "protocol.allow=never", "protocol.ext.allow=never", "log.showSignature=false", "diff.external=",
	"safe.directory=*", "safe.bareRepository=explicit", "gc.auto=0", "maintenance.auto=false",
}

// environment is all that git gets to see of ours.
func environment() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "XDG_CONFIG_HOME=/nonexistent", "LC_ALL=C",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_ATTR_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0",
		"GIT_ALLOW_PROTOCOL=file", "GIT_NO_LAZY_FETCH=1", "GIT_NO_REPLACE_OBJECTS=1", "GIT_OPTIONAL_LOCKS=0",
	}
}

// Command is git with args on r, not started. It ends with ctx.
func (r *Repo) Command(ctx context.Context, args ...string) *exec.Cmd {
	dir := r.Dir
	if dir == "" {
		dir = filepath.Join(r.Top, ".git")
	}
	all := []string{"--no-pager", "--git-dir=" + dir, "--work-tree=" + r.Top}
	for _, setting := range harmless {
		all = append(all, "-c", setting)
	}
	cmd := exec.CommandContext(ctx, "git", append(all, args...)...)
	cmd.Dir, cmd.Env = r.Top, append(environment(), r.stores()...)
	return cmd
}

// stores is the environment that says where objects are.
func (r *Repo) stores() (env []string) {
	if r.Store != "" {
		env = append(env, "GIT_OBJECT_DIRECTORY="+r.Store)
	}
	if len(r.Borrowed) == 0 {
		return env
	}
	var list strings.Builder
	for i, dir := range r.Borrowed {
		if i > 0 {
			list.WriteByte(':')
		}
		quotePath(&list, dir)
	}
	return append(env, "GIT_ALTERNATE_OBJECT_DIRECTORIES="+list.String())
}

// quotePath writes path as git takes it in a list that colons separate: quoted, so that it may hold one.
func quotePath(b *strings.Builder, path string) {
	b.WriteByte('"')
	for _, c := range []byte(path) {
		if c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			fmt.Fprintf(b, `\%03o`, c)
			continue
		}
		b.WriteByte(c)
	}
	b.WriteByte('"')
}

// Output is what git with args prints.
func (r *Repo) Output(ctx context.Context, args ...string) ([]byte, error) {
	cmd := r.Command(ctx, args...)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return nil, failed(ctx, args[0], complaint.Bytes(), err)
	}
	return out.Bytes(), nil
}

// Resolve is the object id that revision names. A revision is a word of the user's: one that begins with a dash is none.
func (r *Repo) Resolve(ctx context.Context, revision string) (string, error) {
	out, err := r.Output(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("%q names no commit", revision)
	}
	return strings.TrimSpace(string(out)), nil
}

// failed is the error of a git that ended badly, with the first line of its complaint.
func failed(ctx context.Context, verb string, complaint []byte, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("git %s: git is not installed: %w", verb, err)
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(complaint)), "\n")
	if line == "" {
		return fmt.Errorf("git %s: %w", verb, err)
	}
	return fmt.Errorf("git %s: %.300q: %w", verb, line, err)
}
