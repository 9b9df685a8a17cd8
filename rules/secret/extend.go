package secret

import (
	"cmp"
	"fmt"
	"slices"
)

// maxDepth is how many configs may stand below another. What stands deeper gitleaks leaves out without a word.
const maxDepth = 2

// Source is where the configs are that others extend.
type Source struct {
	Default func() (*Config, error)                    // the default config
	Read    func(path string) (text []byte, err error) // the file that a config names, as it names it
}

// Load reads a config and those that it extends.
func Load(name string, text []byte, from Source) (*Config, error) {
	cfg, err := from.load(name, text, 0)
	if err != nil {
		return nil, err
	}
	if err := cfg.complete(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return cfg, nil
}

func (s Source) load(name string, text []byte, depth int) (*Config, error) {
	d, err := parse(name, text)
	if err != nil || d.config.Extends == nil {
		return d.orNil(), err
	}
	if depth == maxDepth {
		return nil, fmt.Errorf("%s: extends another config; only %d may stand below the first", name, maxDepth)
	}
	base, err := s.base(d.config.Extends, depth+1)
	if err != nil {
		return nil, fmt.Errorf("%s: extend: %w", name, err)
	}
	return merge(base, d.config), nil
}

func (d *document) orNil() *Config {
	if d == nil {
		return nil
	}
	return d.config
}

func (s Source) base(x *Extension, depth int) (*Config, error) {
	if x.UseDefault {
		if s.Default == nil {
			return nil, fmt.Errorf("no default config here")
		}
		return s.Default()
	}
	if s.Read == nil {
		return nil, fmt.Errorf("%s: no other files here", x.Path)
	}
	text, err := s.Read(x.Path)
	if err != nil {
		return nil, err
	}
	return s.load(x.Path, text, depth)
}

// merge puts cfg on top of base. Its rules are sorted by id. Allowlists of base that target rules are left out, as
// gitleaks leaves them out.
func merge(base, cfg *Config) *Config {
	whole := &Config{Title: cfg.Title, Targeted: cfg.Targeted}
	whole.Allowlists = slices.Concat(cfg.Allowlists, base.Allowlists)
	own, merged := cfg.places(), map[string]bool{}
	for _, below := range base.Rules {
		if cfg.Extends != nil && slices.Contains(cfg.Extends.Disabled, below.ID) {
			continue
		}
		if i, ok := own[below.ID]; ok {
			below = mergeRule(below, &cfg.Rules[i])
			merged[below.ID] = true
		}
		whole.Rules = append(whole.Rules, below)
	}
	for _, above := range cfg.Rules {
		if !merged[above.ID] {
			whole.Rules = append(whole.Rules, above)
		}
	}
	slices.SortStableFunc(whole.Rules, func(a, b Rule) int { return cmp.Compare(a.ID, b.ID) })
	return whole
}

// mergeRule is a rule with what the one above it sets, or adds to it. What it requires and whether it is reported stays
// as it is below, as with gitleaks.
func mergeRule(below Rule, above *Rule) Rule {
	r := below
	r.Description = cmp.Or(above.Description, below.Description)
	r.Entropy = cmp.Or(above.Entropy, below.Entropy)
	r.SecretGroup = cmp.Or(above.SecretGroup, below.SecretGroup)
	r.Regex = cmp.Or(above.Regex, below.Regex)
	r.Path = cmp.Or(above.Path, below.Path)
	r.Tags = slices.Concat(below.Tags, above.Tags)
	r.Keywords = slices.Concat(below.Keywords, above.Keywords)
	r.Allowlists = slices.Concat(below.Allowlists, above.Allowlists)
	r.Severity = cmp.Or(above.Severity, below.Severity)
	r.Why = cmp.Or(above.Why, below.Why)
	r.Check = cmp.Or(above.Check, below.Check)
	r.Judge = above.Judge || below.Judge
	return r
}

// places are the places of the rules, by their ids.
func (c *Config) places() map[string]int {
	places := make(map[string]int, len(c.Rules))
	for i := range c.Rules {
		places[c.Rules[i].ID] = i
	}
	return places
}
