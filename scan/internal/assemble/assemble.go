// Package assemble puts the built-in rules together out of those of gitleaks and the packs. Only what generates the
// built-in rules uses it, and their tests.
package assemble

import (
	"fmt"
	"slices"

	"cofferdam/rules/secret"
)

// Rules is the rules of gitleaks as this program applies them, and those together with the packs. text is the default
// config of gitleaks.
func Rules(text string) (stock, all *secret.Config, err error) {
	stock, err = secret.Parse("gitleaks.toml", []byte(text))
	if err != nil {
		return nil, nil, err
	}
	if err := stock.Rate(); err != nil {
		return nil, nil, err
	}
	stock = stock.ReadAll()
	mend(stock)
	// What a name alone says is for the rules about paths.
	stock.Rules = slices.DeleteFunc(stock.Rules, func(r secret.Rule) bool { return r.Regex == "" })
	all = &secret.Config{Title: "built-in rules", Rules: slices.Clone(stock.Rules), Allowlists: stock.Allowlists}
	names, texts := secret.Packs()
	for i, name := range names {
		pack, err := secret.ParsePack(name, texts[i])
		if err != nil {
			return nil, nil, err
		}
		if len(pack.Config.Allowlists) > 0 {
			return nil, nil, fmt.Errorf("%s: a pack allows nothing for all rules", name)
		}
		all.Rules = append(all.Rules, pack.Config.Rules...)
	}
	return stock, all, unique(all)
}

// mend puts right the pattern that should allow the words true, false and null, and allows every secret with "false" in
// it.
func mend(cfg *secret.Config) {
	for _, list := range cfg.Allowlists {
		for i, pattern := range list.Regexes {
			if pattern == `(?i)^true|false|null$` {
				list.Regexes[i] = `(?i)^(?:true|false|null)$`
			}
		}
	}
}

func unique(cfg *secret.Config) error {
	seen := map[string]bool{}
	for _, r := range cfg.Rules {
		if seen[r.ID] {
			return fmt.Errorf("two rules have the id %q", r.ID)
		}
		seen[r.ID] = true
	}
	return nil
}
