package secret

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"

	"github.com/pelletier/go-toml/v2"
)

//go:embed foreign.toml
var foreign []byte

// worth is what some rules have in common that do not say how bad a finding is.
type worth struct {
	Severity string   `toml:"severity"`
	Why      string   `toml:"why"`
	Rules    []string `toml:"rules"`
}

// Rate sets the severity and the reason of each rule of gitleaks' default config in c. It is an error when the list of
// those lacks a rule of c, has one that c has not, or one twice: what generates the built-in rules calls it.
func (c *Config) Rate() error {
	var list struct {
		Classes []worth `toml:"classes"`
	}
	if err := toml.NewDecoder(bytes.NewReader(foreign)).DisallowUnknownFields().Decode(&list); err != nil {
		return fmt.Errorf("foreign.toml: %w", err)
	}
	places := c.places()
	for _, w := range list.Classes {
		if !slices.Contains([]string{"critical", "high", "medium", "low"}, w.Severity) || w.Why == "" {
			return fmt.Errorf("foreign.toml: the class of %q has severity %q and why %q", w.Rules, w.Severity, w.Why)
		}
		for _, id := range w.Rules {
			i, ok := places[id]
			if !ok {
				return fmt.Errorf("foreign.toml: rule %q does not exist, or is there twice", id)
			}
			c.Rules[i].Severity, c.Rules[i].Why = w.Severity, w.Why
			delete(places, id)
		}
	}
	for id := range places {
		return fmt.Errorf("foreign.toml: rule %q is missing", id)
	}
	return nil
}
