package rules

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

const (
	maxConfig = 256 << 10 // bytes; the TOML parser recurses with the nesting of arrays
	maxRules  = 4096
)

// Config is one config file, the user's own or a project's.
type Config struct {
	Name      string
	StateDirs []string // of the user's own file: where a command keeps its state
	Dotenv    Action   // what a view does with dotenv files, Redact or Hide; empty where the file does not say
	rules     []policyRule
}

type policyRule struct {
	PathRule
	pattern ignorePattern
}

type configFile struct {
	StateDirs []string     `toml:"state_dirs"`
	Dotenv    string       `toml:"dotenv"`
	Path      []configRule `toml:"path"`
}

type configRule struct {
	Pattern *string `toml:"pattern"`
	Action  *string `toml:"action"`
	Why     string  `toml:"why"`
}

// DecodeConfig reads the text of a config file; name is what errors and rules call it. It is strict: an unknown key, a
// wrong type, a pattern that does not compile are errors that name the line.
func DecodeConfig(name string, text []byte) (*Config, error) {
	if len(text) > maxConfig {
		return nil, fmt.Errorf("%s: %d bytes, more than %d", name, len(text), maxConfig)
	}
	var f configFile
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&f); err != nil {
		return nil, describe(name, err)
	}
	if len(f.Path) > maxRules {
		return nil, fmt.Errorf("%s: %d rules, more than %d", name, len(f.Path), maxRules)
	}
	c := &Config{Name: name, StateDirs: f.StateDirs, Dotenv: Action(f.Dotenv)}
	if c.Dotenv != "" && c.Dotenv != Redact && c.Dotenv != Hide {
		return nil, fmt.Errorf("%s: dotenv: %.40q is not redact or hide", name, f.Dotenv)
	}
	places := newPlaces(name, text, len(f.Path))
	for i, r := range f.Path {
		rule, err := r.compile(places, i)
		if err != nil {
			return nil, err
		}
		c.rules = append(c.rules, rule)
	}
	return c, nil
}

func (r configRule) compile(at places, i int) (rule policyRule, err error) {
	switch {
	case r.Pattern == nil:
		return rule, fmt.Errorf("%s: pattern is missing", at.table(i))
	case r.Action == nil:
		return rule, fmt.Errorf("%s: action is missing", at.table(i))
	}
	rule.PathRule = PathRule{Pattern: *r.Pattern, Why: r.Why, Origin: at.table(i)}
	if rule.pattern, err = parseIgnore(*r.Pattern); err != nil {
		return rule, fmt.Errorf("%s: path.pattern: %.80q %w", at.key(i, "pattern"), *r.Pattern, err)
	}
	if rule.Action, err = parseAction(*r.Action); err != nil {
		return rule, fmt.Errorf("%s: path.action: %w", at.key(i, "action"), err)
	}
	return rule, nil
}

// places says where in a config file its rules stand. The decoder knows it only of what it refuses itself.
type places struct {
	name   string
	lines  []string
	tables []int // indexes of the lines [[path]]; none where rules are written in another way
}

func newPlaces(name string, text []byte, rules int) places {
	p := places{name: name, lines: strings.Split(string(text), "\n")}
	for i, line := range p.lines {
		if strings.HasPrefix(dropBlanks(line), "[[path]]") {
			p.tables = append(p.tables, i)
		}
	}
	if len(p.tables) != rules {
		p.tables = nil
	}
	return p
}

func dropBlanks(line string) string {
	return strings.ReplaceAll(strings.ReplaceAll(line, " ", ""), "\t", "")
}

func (p places) table(i int) string {
	if p.tables == nil {
		return fmt.Sprintf("%s: path %d", p.name, i+1)
	}
	return fmt.Sprintf("%s:%d", p.name, p.tables[i]+1)
}

func (p places) key(i int, key string) string {
	if p.tables == nil {
		return p.table(i)
	}
	for n := p.tables[i] + 1; n < len(p.lines) && p.lines[n] != "[[path]]"; n++ {
		if strings.HasPrefix(dropBlanks(p.lines[n]), key+"=") {
			return fmt.Sprintf("%s:%d", p.name, n+1)
		}
	}
	return p.table(i)
}

// describe puts the line and the key of a decoding error in front of it.
func describe(name string, err error) error {
	var missing *toml.StrictMissingError
	if errors.As(err, &missing) && len(missing.Errors) > 0 {
		first := &missing.Errors[0]
		line, _ := first.Position()
		return fmt.Errorf("%s:%d: unknown key %s", name, line, strings.Join(first.Key(), "."))
	}
	var decode *toml.DecodeError
	if !errors.As(err, &decode) {
		return fmt.Errorf("%s: %w", name, err)
	}
	line, _ := decode.Position()
	message := strings.TrimPrefix(decode.Error(), "toml: ")
	if key := strings.Join(decode.Key(), "."); key != "" {
		return fmt.Errorf("%s:%d: %s: %s", name, line, key, message)
	}
	return fmt.Errorf("%s:%d: %s", name, line, message)
}
