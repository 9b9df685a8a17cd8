package cofferdam

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"cofferdam/apply"
	"cofferdam/gitview"
	"cofferdam/internal/git"
	"cofferdam/sandbox"
	"cofferdam/scan"
	"cofferdam/stage"
	"cofferdam/workspace"
)

// Landing is what came back of one repository.
type Landing struct {
	Repository workspace.Path // its working tree
	Note       string         // why nothing of it can land
	*gitview.Landed
}

// ErrNoCommits says that the view of a session had no repository that the command could commit in.
var ErrNoCommits = errors.New("the view had no repository: cofferdam run --git snapshot makes one")

// ownNote is of a repository that a view had and its project does not.
const ownNote = "the project has no repository that commits can land in; cofferdam apply lands the files"

// LandCommits brings back what the command committed in the repositories of its view, as refs/cofferdam/<session> of the
// project's own. Each commit keeps what the view hid as the project has it. Branches, indexes, configuration and files of
// the project stay as they are.
func (w *Work) LandCommits(ctx context.Context, h Host) ([]Landing, error) {
	if len(w.snapshots) == 0 {
		return nil, ErrNoCommits
	}
	p, err := OpenProject(h, w.Root.Path())
	if err != nil {
		return nil, err
	}
	defer p.Close()
	secrets, err := w.secrets(ctx, h)
	if err != nil {
		return nil, err
	}
	gate := &gate{p.searcher(ScanOptions{}), secrets}
	var landings []Landing
	for _, at := range slices.Sorted(maps.Keys(w.snapshots)) {
		if w.snapshots[at].Own {
			landings = append(landings, Landing{at.Dir(), ownNote, &gitview.Landed{}})
			continue
		}
		landed, err := w.landCommits(ctx, p, at, gate)
		if err != nil {
			return landings, fmt.Errorf("commits in %q: %w", at.Dir(), err)
		}
		landings = append(landings, Landing{at.Dir(), "", landed})
	}
	if w.Session.Commits && !slices.ContainsFunc(landings, Landing.left) {
		w.Session.Commits = false // Nothing else keeps a session that changed no file.
		return landings, w.Session.Save()
	}
	return landings, nil
}

// left reports whether something of l did not land.
func (l Landing) left() bool { return l.Note != "" || len(l.Held)+len(l.Others) > 0 }

func (w *Work) landCommits(ctx context.Context, p *Project, at workspace.Path, gate *gate) (_ *gitview.Landed, err error) {
	repository, err := gitview.Open(w.Root, at.Dir())
	if err != nil {
		return nil, err
	}
	defer repository.Close()
	scratch, err := os.MkdirTemp(w.Session.Dir(), "land-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	built := w.snapshots[at]
	bundle, err := w.openBundle(ctx, p, at, built.BundleCommand())
	if err != nil {
		return nil, err
	}
	o := gitview.LandOptions{Session: w.Session.ID, Scratch: scratch, User: gitUser(ctx)}
	landed, err := repository.Land(ctx, built, filepath.Join(w.Session.Mask(), string(at)), bundle, gate, o)
	if err = errors.Join(err, bundle.close()); errors.Is(err, errNothing) {
		return &gitview.Landed{}, nil
	}
	return landed, err
}

// bundle is what git writes in the sandbox, as it comes. Only there does git run on what the command wrote.
type bundle struct {
	*os.File
	ended chan error
}

var errNothing = errors.New("nothing was committed")

func (w *Work) openBundle(ctx context.Context, p *Project, at workspace.Path, command []string) (*bundle, error) {
	spec, err := sandbox.NewSpec(sandbox.Options{
		Args: command, Dir: filepath.Join(w.Root.Path(), string(at.Dir())), Environ: os.Environ(), Private: append(p.Store.Places(), w.Session.Dir()),
		View: w.view(),
	})
	if err != nil {
		return nil, err
	}
	complaint, err := os.CreateTemp(w.Session.Dir(), "bundle-")
	if err != nil {
		return nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, complaint.Close(), os.Remove(complaint.Name()))
	}
	b := &bundle{read, make(chan error, 1)}
	go func() {
		exit, err := sandbox.Run(ctx, spec, sandbox.Stdio{Out: write, Err: complaint})
		write.Close()
		if err == nil && exit.Code != 0 {
			err = whyNoBundle(exit.Code, complaint)
		}
		b.ended <- errors.Join(err, complaint.Close(), os.Remove(complaint.Name()))
	}()
	return b, nil
}

// view is what the command of the session saw, with what it did.
func (w *Work) view() sandbox.View {
	s, root := w.Session, w.Root.Path()
	if stage.Kind(s.Stage) == stage.Copy {
		return sandbox.View{Kind: sandbox.Copy, Target: root, Dir: s.Copy()}
	}
	return sandbox.View{Kind: sandbox.Overlay, Target: root, Lower: []string{s.Mask(), root}, Upper: s.Upper(), Work: s.Work()}
}

// whyNoBundle is errNothing where git says so: it refuses to write a bundle without a commit in it.
func whyNoBundle(code int, complaint *os.File) error {
	var text [1024]byte
	n, err := complaint.ReadAt(text[:], 0)
	if code == 128 && bytes.Contains(text[:n], []byte("empty bundle")) {
		return errNothing
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(fmt.Errorf("git bundle in the sandbox ended with status %d", code), err)
}

// close waits for the sandbox to end.
func (b *bundle) close() error {
	b.File.Close()
	return <-b.ended
}

// gate lets commits land that bring in nothing that a scan finds, and puts back the values that the project's commits have.
type gate struct {
	searcher *scan.Searcher // judges names, too
	secrets  *apply.Secrets
}

// File implements gitview.Gate.
func (g *gate) File(ctx context.Context, c gitview.FileChange) (content []byte, held string, err error) {
	if c.New == nil {
		return nil, "", nil
	}
	if c.New.Mode&0o170000 == 0o120000 && leaves(c.Path, string(c.New.Bytes)) {
		return nil, "the symlink leads out of the project", nil
	}
	f := apply.CommittedFile{Path: c.Path, New: c.New.Bytes}
	if c.Old != nil {
		f.Old = c.Old.Bytes
	}
	if c.Host != nil {
		f.Host = c.Host.Bytes
		return g.secrets.Committed(ctx, f)
	}
	found, incomplete, err := g.searcher.Search(ctx, c.Path, c.New.Bytes)
	switch {
	case err != nil:
		return nil, "", err
	case len(found) > 0:
		return nil, "it holds a secret: " + found[0].Rule, nil
	case len(incomplete) > 0:
		return nil, "it could not be searched: " + incomplete[0].Reason, nil
	}
	return g.secrets.Committed(ctx, f)
}

// leaves reports whether a symlink leads out of the project.
func leaves(at workspace.Path, target string) bool {
	return path.IsAbs(target) || strings.HasPrefix(path.Join(string(at.Dir()), target)+"/", "../")
}

// Message implements gitview.Gate.
func (g *gate) Message(ctx context.Context, _ string, text []byte) ([]byte, error) {
	if g.secrets.Mentions(text) {
		return []byte("(The message is left out: it holds a placeholder, or what one stands for.)\n"), nil
	}
	ok, err := clean(ctx, g.searcher, "message", text)
	if err == nil && !ok {
		return []byte("(The message is left out: it holds a secret.)\n"), nil
	}
	return text, err
}

func gitUser(ctx context.Context) gitview.Person {
	name, email := git.User(ctx)
	return gitview.Person{Name: name, Email: email}
}
