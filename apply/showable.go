package apply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"cofferdam/change"
	"cofferdam/internal/charset"
	"cofferdam/redact"
	"cofferdam/workspace"
)

// Showable is the file of the workspace at path with placeholders for what is secret in it now. The error is
// fs.ErrNotExist where nothing is, and the file can be shown as it is.
func (s *Secrets) Showable(ctx context.Context, root *workspace.Root, path workspace.Path) ([]byte, error) {
	text, _, err := readFile(root, path, maxMerged)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	file, err := s.find(ctx, path, text)
	var unfit *redact.UnfitError
	switch {
	case errors.As(err, &unfit):
		return []byte("(what is secret here cannot be told: " + unfit.Why + ")\n"), nil
	case err != nil:
		return nil, err
	case len(file.Spans) == 0:
		return nil, fs.ErrNotExist
	}
	return file.Text, nil
}

// ShowableNew is the new side of a change of which a plan says that something in it is secret, without that: a word about it
// stands there instead. The error is fs.ErrNotExist where nothing is, and the content can be shown as it is.
func (s *Secrets) ShowableNew(ctx context.Context, content *workspace.Root, c *change.Change) ([]byte, error) {
	if c.New.Type == workspace.Symlink {
		return []byte(hiddenTarget), nil
	}
	text, err := readSide(content, c.Path, c.New, maxSearched)
	if errors.Is(err, errTooLarge) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, err
	}
	found, err := s.search(ctx, c.Path, text)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(f finding) bool { return !f.Kind.Asks() })
	if len(found) == 0 {
		return nil, fs.ErrNotExist
	}
	code, _ := charset.Detect(text)
	if code != charset.Bytes || slices.ContainsFunc(found, func(f finding) bool { return f.inside || f.end > len(text) }) {
		return []byte("(not shown: " + found[0].What() + ")\n"), nil
	}
	return masked(text, found), nil
}

// hiddenTarget stands for the target of a symlink that is secret.
const hiddenTarget = "(not shown: it is secret)"

// masked is text with a word in the place of each finding.
func masked(text []byte, found []finding) []byte {
	slices.SortFunc(found, func(a, b finding) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	var out []byte
	done := 0
	for _, f := range found {
		if f.start >= done {
			out = append(append(out, text[done:f.start]...), "[not shown: "+f.Name+"]"...)
		}
		done = max(done, f.end)
	}
	return append(out, text[done:]...)
}
