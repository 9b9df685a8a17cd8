// Package detection judges the scanner by labelled texts: secrets as they stand in projects, and what only looks like them.
//
// The labels are the project's own idea of the world. They are written without looking at the rules, and a label is changed
// because it is wrong, never because a rule misses it. No secret stands in them: they are templates of package sample.
package detection

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"cofferdam/rules/secret/sample"
)

//go:generate go run ../internal/detection-table ../../docs/detection.md

//go:embed labels
var labels embed.FS

// Set is all labelled texts.
type Set struct {
	Secrets []Class // kinds of secrets, ordered by group and id
	Others  []Class // kinds of what is no secret, likewise
}

// Class is texts that show one kind of secret, or one kind of what is none.
type Class struct {
	ID       string
	Group    string
	Title    string
	Examples []Example `toml:"example"`
}

// Example is a template for a file. Its marks say what is labelled; in a text of Others without marks it is the whole.
type Example struct {
	Path     string
	Text     string   // as package sample has it
	LineEnds lineEnds `toml:"line_ends"`
	Encoding charset
	Encode   escape // of what is marked
	Indent   int    // spaces before each line but the first of what is marked
}

type file struct {
	Kind  []Class
	Class []Class
}

// Load reads the set, which is part of the package.
func Load() (*Set, error) {
	names, err := fs.Glob(labels, "labels/*.toml")
	if err != nil {
		return nil, err
	}
	var set Set
	for _, name := range names {
		if err := set.add(name); err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(name), err)
		}
	}
	byGroup := func(a, b Class) int { return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.ID, b.ID)) }
	slices.SortFunc(set.Secrets, byGroup)
	slices.SortFunc(set.Others, byGroup)
	return &set, nil
}

func (s *Set) add(name string) error {
	raw, err := labels.ReadFile(name)
	if err != nil {
		return err
	}
	var f file
	if err := toml.NewDecoder(bytes.NewReader(raw)).DisallowUnknownFields().Decode(&f); err != nil {
		return err
	}
	for _, class := range slices.Concat(f.Kind, f.Class) {
		for i, e := range class.Examples {
			if err := e.check(); err != nil {
				return fmt.Errorf("%s/%d: %w", class.ID, i+1, err)
			}
		}
	}
	s.Secrets = append(s.Secrets, f.Kind...)
	s.Others = append(s.Others, f.Class...)
	return nil
}

func (e Example) check() error {
	switch {
	case !e.Encode.known():
		return fmt.Errorf("unknown escape %q", e.Encode)
	case !e.LineEnds.known():
		return fmt.Errorf("unknown line ends %q", e.LineEnds)
	case !e.Encoding.known():
		return fmt.Errorf("unknown encoding %q", e.Encoding)
	}
	if unknown := sample.Unknown(e.Text); len(unknown) > 0 {
		return fmt.Errorf("unknown placeholders %q", unknown)
	}
	return nil
}
