package cofferdam

import (
	"context"
	"io"

	"cofferdam/apply"
	"cofferdam/change"
	"cofferdam/redact"
	"cofferdam/workspace"
)

// secrets is what diff, apply and undo have to know of the values that the view did not show: they are read in the project
// as it is now.
func (w *Work) secrets(ctx context.Context, h Host) (*apply.Secrets, error) {
	if w.known != nil {
		return w.known, nil
	}
	p, err := OpenProject(h, w.Root.Path())
	if err != nil {
		return nil, err
	}
	defer p.Close()
	w.known, err = apply.NewSecrets(ctx, w.Root, w.Base, p.Rules, w.redactions.Key, w.redactions.Book)
	return w.known, err
}

// shown is the content of a file as the view showed it when the command started.
func (w *Work) shown(ctx context.Context, path workspace.Path, side change.Side) ([]byte, error) {
	if w.redactions.Book.Files[path] != nil {
		return w.masked(path)
	}
	return w.bases.find(ctx, path, side)
}

// redacted is the tree of the texts with placeholders, which is closed with w.
func (w *Work) redacted() (*workspace.Root, error) {
	var err error
	if w.mask == nil {
		w.mask, err = workspace.Open(w.Session.Mask())
	}
	return w.mask, err
}

// masked is the text with placeholders that the view showed.
func (w *Work) masked(path workspace.Path) ([]byte, error) {
	mask, err := w.redacted()
	if err != nil {
		return nil, err
	}
	return readText(mask, path)
}

// readText is a file of the session that is no larger than a merge can take.
func readText(root *workspace.Root, path workspace.Path) ([]byte, error) {
	f, err := root.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 2*redact.MaxFile))
}
