// Package assemble puts the built-in rules together out of those of gitleaks and the packs. Only what generates the
// built-in rules uses it, and their tests.
package assemble

import (
	"fmt"
	"slices"
	"strings"

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
	widen(all)
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

// Borders behind a token, as gitleaks has them and as they are here: text goes on with a colon after a user that is a
// token, with a slash after one in a path, with a backslash in a string within a string. Behind a value that only its name
// tells, less can stand.
const (
	stockBorder = `(?:[\x60'"\s;]|\\[nr]|$)`
	tokenBorder = `(?:[\x60'"\s;:/\\,.<>&|)\]}]|$)`
	namedBorder = `(?:[\x60'"\s;\\,<&)]|$)`
)

// widen makes the rules of gitleaks find the tokens too that stand before what it did not think of. What goes by any name
// at all stays as it is.
func widen(cfg *secret.Config) {
	for i := range cfg.Rules {
		r := &cfg.Rules[i]
		border := namedBorder
		if strings.HasPrefix(r.Regex, `\b`) {
			border = tokenBorder
		}
		if before, ok := strings.CutSuffix(r.Regex, stockBorder); ok && r.ID != "generic-api-key" {
			r.Regex = before + border
		}
		// A group that repeats a part of the URL would be taken for the secret, which is all of it.
		if r.ID == "microsoft-teams-webhook" {
			r.Regex = strings.ReplaceAll(r.Regex, "([a-z0-9]{4}-)", "(?:[a-z0-9]{4}-)")
		}
	}
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
