package secret

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// complete makes a config whole that stands on nothing any more: it hands the targeted allowlists to their rules. It is
// an error when a rule lacks what it needs, which a config below it could have given.
func (c *Config) complete() error {
	for i := range c.Rules {
		if err := c.Rules[i].validate(); err != nil {
			return err
		}
	}
	places := c.places()
	for _, t := range c.Targeted {
		for _, id := range t.Rules {
			i, ok := places[id]
			if !ok {
				return fmt.Errorf("allowlists: target rule %q does not exist", id)
			}
			// Clipped, since a config below this one may share the array.
			c.Rules[i].Allowlists = append(slices.Clip(c.Rules[i].Allowlists), t.Allowlist)
		}
	}
	c.Targeted, c.Extends = nil, nil
	return nil
}

func (r *Rule) validate() error {
	if strings.TrimSpace(r.ID) == "" {
		return errors.New("rules: a rule has no id")
	}
	if r.Regex == "" && r.Path == "" {
		return fmt.Errorf("rule %s: has neither regex nor path", r.ID)
	}
	if r.Regex == "" || r.SecretGroup == 0 {
		return nil
	}
	re, err := regexp.Compile(r.Regex)
	if err != nil {
		return fmt.Errorf("rule %s: regex: %w", r.ID, err)
	}
	if n := re.NumSubexp(); r.SecretGroup > n {
		return fmt.Errorf("rule %s: secretGroup is %d; its regex has %d groups", r.ID, r.SecretGroup, n)
	}
	return nil
}

// Join is one expression for all of list, in the way of gitleaks: a flag such as (?i) in one of them holds for those
// after it too, so that together they may match more than each by itself.
func Join(list []string) string {
	return "(?:" + strings.Join(list, "|") + ")"
}

// ReadAll is c without what makes it pass over whole files: the paths and commits of its global allowlists. Lists that
// need a path and something else in one, and those of single rules, stay.
func (c *Config) ReadAll() *Config {
	open := *c
	open.Allowlists = nil
	for _, a := range c.Allowlists {
		if !a.All {
			a.Paths, a.Commits = nil, nil
		}
		if len(a.Regexes)+len(a.StopWords) > 0 {
			open.Allowlists = append(open.Allowlists, a)
		}
	}
	return &open
}
