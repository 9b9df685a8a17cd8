package secret

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// maxSize of a config in bytes. The default config of gitleaks has 200,000.
const maxSize = 2 << 20

// Pack is a config with the examples that its rules are tested on.
type Pack struct {
	Config   *Config
	Examples []Examples // in the order of the rules, for those that have any
}

// Examples of a rule are texts.
type Examples struct {
	Rule      string
	Positives []string // the rule finds something in each
	Negatives []string // and nothing in any of these
}

// Parse reads a config in the format of gitleaks. It accepts what gitleaks accepts except for keys that gitleaks would
// ignore, and adds the keys of Rule that gitleaks does not know. Of several rules with one id the last one counts, as it
// does to gitleaks. An error names the file, the line and the key.
func Parse(name string, text []byte) (*Config, error) {
	d, err := parse(name, text)
	if err != nil {
		return nil, err
	}
	if d.config.Extends == nil {
		if err := d.config.complete(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return d.config, nil
}

// ParsePack reads a config that stands alone, with examples. No two of its rules have one id.
func ParsePack(name string, text []byte) (*Pack, error) {
	d, err := parse(name, text)
	if err != nil {
		return nil, err
	}
	switch {
	case d.config.Extends != nil:
		return nil, fmt.Errorf("%s: a pack extends no other config", name)
	case d.twice != "":
		return nil, fmt.Errorf("%s: two rules have the id %q", name, d.twice)
	}
	if err := d.config.complete(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Pack{Config: d.config, Examples: d.examples}, nil
}

func parse(name string, text []byte) (*document, error) {
	if len(text) > maxSize {
		return nil, fmt.Errorf("%s: has %d bytes; a config may have %d", name, len(text), maxSize)
	}
	var values map[string]any
	if err := toml.Unmarshal(text, &values); err != nil {
		return nil, syntaxError(name, err)
	}
	d := &document{config: &Config{}, places: map[string]int{}}
	root := &table{values: values, fault: &fault{}}
	d.read(root)
	root.close()
	if f := root.fault; f.err != nil {
		return nil, fmt.Errorf("%s: %w", place(name, text, f.key), f.named())
	}
	return d, nil
}

func syntaxError(name string, err error) error {
	var at *toml.DecodeError
	if errors.As(err, &at) {
		row, column := at.Position()
		name = fmt.Sprintf("%s:%d:%d", name, row, column)
	}
	return fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "toml: "))
}
