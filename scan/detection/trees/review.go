package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"regexp"
	"slices"

	"github.com/pelletier/go-toml/v2"
)

//go:embed classes.toml
var reviewed []byte

// review is what a person says of the findings on some trees.
type review struct {
	Trees   []tree  `toml:"tree"`
	Classes []class `toml:"class"`
}

// tree is one that the review is about.
type tree struct {
	Name  string
	Title string
}

// class is findings of one kind.
type class struct {
	Title  string
	Why    string // it is right to report them, or tolerable
	Places []place
}

// place is where the findings of a class are.
type place struct {
	Tree  string
	Rules []string
	Path  string // an expression

	path *regexp.Regexp
}

func loadReview(text []byte) (*review, error) {
	var r review
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&r); err != nil {
		return nil, fmt.Errorf("classes.toml: %w", err)
	}
	for i, c := range r.Classes {
		if c.Title == "" || c.Why == "" || len(c.Places) == 0 {
			return nil, fmt.Errorf("classes.toml: class %d lacks a title, a why or places", i+1)
		}
		for k := range c.Places {
			if err := r.ready(&c.Places[k]); err != nil {
				return nil, fmt.Errorf("classes.toml: %s: %w", c.Title, err)
			}
		}
	}
	return &r, nil
}

func (r *review) ready(p *place) (err error) {
	if _, ok := r.tree(p.Tree); !ok {
		return fmt.Errorf("unknown tree %q", p.Tree)
	}
	if len(p.Rules) == 0 || p.Path == "" {
		return fmt.Errorf("a place in %s lacks rules or a path", p.Tree)
	}
	p.path, err = regexp.Compile(p.Path)
	return err
}

func (r *review) tree(name string) (tree, bool) {
	i := slices.IndexFunc(r.Trees, func(t tree) bool { return t.Name == name })
	if i < 0 {
		return tree{}, false
	}
	return r.Trees[i], true
}

// classOf is the first class that a finding of rule at path is in, or -1.
func (r *review) classOf(tree, rule, path string) int {
	return slices.IndexFunc(r.Classes, func(c class) bool {
		return slices.ContainsFunc(c.Places, func(p place) bool {
			return p.Tree == tree && slices.Contains(p.Rules, rule) && p.path.MatchString(path)
		})
	})
}
