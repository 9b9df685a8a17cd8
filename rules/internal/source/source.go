// Package source reads the rule files that people edit and flattens them into the text that package rules embeds, so
// that a run of the program parses no TOML for rules it may never ask.
package source

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// File is one rule file.
type File struct {
	Backup   []string            `toml:"backup"`
	Rules    []Rule              `toml:"rule"`
	Examples map[string][]string `toml:"examples"` // paths by action, or by "none"
}

// Rule is what several patterns have in common.
type Rule struct {
	Kind     string   `toml:"kind"`
	Action   string   `toml:"action"`
	Why      string   `toml:"why"`
	Binary   bool     `toml:"binary"`
	Code     bool     `toml:"code"`
	Patterns []string `toml:"patterns"`
}

// Read reads every rule file of dir, in the order of their names.
func Read(files fs.FS) ([]File, error) {
	names, err := fs.Glob(files, "*.toml")
	if err != nil {
		return nil, err
	}
	var all []File
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var f File
		if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&f); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := f.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, f)
	}
	return all, nil
}

func (f *File) check() error {
	for _, r := range f.Rules {
		if !slices.Contains([]string{"pass", "hide", "redact", "inspect"}, r.Action) {
			return fmt.Errorf("rule of kind %q: action %q", r.Kind, r.Action)
		}
		if r.Kind == "" || r.Why == "" || strings.ContainsAny(r.Kind+r.Why, "\t\n") {
			return fmt.Errorf("rule of kind %q needs a kind and a reason, each on one line", r.Kind)
		}
		for _, p := range r.Patterns {
			if err := checkPattern(p, r.Action); err != nil {
				return fmt.Errorf("pattern %q: %w", p, err)
			}
		}
	}
	return nil
}

func checkPattern(p, action string) error {
	dir := strings.HasSuffix(p, "/") || strings.HasSuffix(p, "/**")
	switch {
	case p == "" || strings.ContainsAny(p, "\t\n"):
		return fmt.Errorf("empty, or not one line")
	case dir && action == "pass":
		return fmt.Errorf("a directory cannot pass as a whole")
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(p, "/"), "/") {
		if _, err := path.Match(name, ""); err != nil {
			return err
		}
	}
	return nil
}

// Flatten is the text form: a line "= kind, action, flags, why" with tabs between before the patterns that share
// them, each on a line after a space; and a line "~ suffix" for each backup suffix.
func Flatten(files []File) []byte {
	var b bytes.Buffer
	for _, f := range files {
		for _, suffix := range f.Backup {
			fmt.Fprintf(&b, "~%s\n", suffix)
		}
		for _, r := range f.Rules {
			flags := ""
			if r.Binary {
				flags += "b"
			}
			if r.Code {
				flags += "c"
			}
			fmt.Fprintf(&b, "=%s\t%s\t%s\t%s\n", r.Kind, r.Action, flags, r.Why)
			for _, p := range r.Patterns {
				fmt.Fprintf(&b, " %s\n", p)
			}
		}
	}
	return b.Bytes()
}
