package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"cofferdam"
	"cofferdam/session"
	"cofferdam/workspace"
)

// minPrefix is how much of an id an argument needs to be taken for a session rather than a path.
const minPrefix = 4

// selection is what the arguments of diff, apply and undo mean.
type selection struct {
	work  *cofferdam.Work
	paths []workspace.Path
}

// projectDir is the project's absolute path without links. It need not be a project that can be opened.
func (a *app) projectDir() (string, error) {
	if a.project == "" {
		return cofferdam.FindProject(a.host, ".")
	}
	abs, err := filepath.Abs(a.project)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// findSession splits the arguments into a session and the rest. The first argument is a session when it begins the
// id of one; --session says so without doubt.
func (a *app) findSession(ref string, args []string, wanted cofferdam.Wanted) (session.Info, []string, error) {
	dir, err := a.projectDir()
	if err != nil {
		return session.Info{}, nil, err
	}
	if ref == "" && len(args) > 0 && len(args[0]) >= minPrefix {
		info, err := cofferdam.FindSession(a.host, dir, args[0], wanted)
		if err == nil {
			return info, args[1:], nil
		}
	}
	info, err := cofferdam.FindSession(a.host, dir, ref, wanted)
	return info, args, err
}

// openWork opens the session and the paths that the arguments mean.
func (a *app) openWork(ctx context.Context, ref string, args []string, wanted cofferdam.Wanted) (*selection, error) {
	info, rest, err := a.findSession(ref, args, wanted)
	if err != nil {
		return nil, err
	}
	w, err := cofferdam.OpenWork(ctx, info)
	if err != nil {
		return nil, err
	}
	for _, line := range w.Recovered {
		a.tell("%s", line)
	}
	s := &selection{work: w}
	for _, name := range rest {
		path, err := pathInside(w.Root.Path(), name)
		if err != nil {
			w.Close()
			return nil, err
		}
		s.paths = append(s.paths, path)
	}
	return s, nil
}

func sessionFlag(cmd *cobra.Command, ref *string) {
	cmd.Flags().StringVar(ref, "session", "", "session `id` or the beginning of one (default: the newest of the project)")
}

// mayAsk reports whether there is somebody to answer a question.
func (a *app) mayAsk() bool { return !a.json && isTerminal(a.in) && isTerminal(a.err) }

// workingDir is the working directory for a command on the project at root: the caller's own where it lies inside.
func workingDir(root string) (string, error) {
	wd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	if wd, err = filepath.EvalSymlinks(wd); err != nil {
		return "", err
	}
	if _, err := pathInside(root, wd); err != nil {
		var outside *codeError
		if errors.As(err, &outside) {
			return root, nil
		}
		return "", err
	}
	return wd, nil
}
