// Package leaks reads rules as gitleaks writes them, and derives what a scan has to know of a rule before it compiles
// it. Deriving takes milliseconds, so the digest of the rules that come with gitleaks is made when this program is
// built.
package leaks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// File is a configuration of gitleaks, as it is written. Reading it through viper takes ten times as long.
type File struct {
	Allowlist Allowlist `toml:"allowlist"`
	Rules     []Rule    `toml:"rules"`
}

// Rule is one rule of a File. Its keywords are in lower case.
type Rule struct {
	ID          string      `toml:"id"`
	Description string      `toml:"description"`
	Path        string      `toml:"path"`
	Regex       string      `toml:"regex"`
	SecretGroup int         `toml:"secretGroup"`
	Entropy     float64     `toml:"entropy"`
	Keywords    []string    `toml:"keywords"`
	Allowlists  []Allowlist `toml:"allowlists"`
}

// Allowlist says what is no finding. Its stop words are as Prefixes makes them.
type Allowlist struct {
	Description string   `toml:"description"`
	Condition   string   `toml:"condition"`
	Paths       []string `toml:"paths"`
	RegexTarget string   `toml:"regexTarget"`
	Regexes     []string `toml:"regexes"`
	StopWords   Prefixes `toml:"stopwords"`
}

// And reports whether all the checks of a list have to agree, where otherwise one suffices.
func (l *Allowlist) And() bool { return strings.EqualFold(l.Condition, "and") || l.Condition == "&&" }

// Parse reads a configuration. Rules without an expression are left out: names of files are for package rules.
func Parse(text string) (File, error) {
	var f File
	if err := toml.Unmarshal([]byte(text), &f); err != nil {
		return File{}, fmt.Errorf("read the rules of gitleaks: %w", err)
	}
	f.Allowlist.StopWords = newPrefixes(f.Allowlist.StopWords)
	f.Rules = slices.DeleteFunc(f.Rules, func(r Rule) bool { return r.Regex == "" })
	for _, r := range f.Rules {
		for i, word := range r.Keywords {
			r.Keywords[i] = strings.ToLower(word)
		}
		for i, list := range r.Allowlists {
			r.Allowlists[i].StopWords = newPrefixes(list.StopWords)
		}
	}
	return f, nil
}
