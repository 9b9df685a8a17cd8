package scan

import (
	"strings"

	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/regexp"

	"cofferdam/scan/internal/leaks"
)

// compileRule makes of a rule what the detector takes.
func compileRule(r *leaks.Rule, expr *regexp.Regexp) *config.Rule {
	rule := &config.Rule{RuleID: r.ID, Description: r.Description, Entropy: r.Entropy, SecretGroup: r.SecretGroup}
	rule.Regex, rule.Keywords = expr, r.Keywords
	if r.Path != "" {
		rule.Path = regexp.MustCompile(r.Path)
	}
	for i := range r.Allowlists {
		rule.Allowlists = append(rule.Allowlists, compileAllowlist(&r.Allowlists[i]))
	}
	return rule
}

// compileAllowlist makes of a list what the detector takes. It does without Allowlist.Validate, which compiles each
// pattern by itself and then all again, joined, and builds a search for the stop words; without that search the detector
// tries them one by one, which is no loss where it is asked about few places, see promising.
func compileAllowlist(l *leaks.Allowlist) *config.Allowlist {
	list := &config.Allowlist{Description: l.Description, StopWords: l.StopWords}
	if l.RegexTarget != "secret" {
		list.RegexTarget = l.RegexTarget
	}
	if l.And() {
		list.MatchCondition = config.AllowlistMatchAnd
	}
	list.Regexes = joined(l.Regexes)
	list.Paths = joined(l.Paths)
	return list
}

// joined is one expression for all patterns, as Allowlist.Validate joins them: a flag such as (?i) holds for all that
// follow, so that they do not mean the same one by one.
func joined(patterns []string) []*regexp.Regexp {
	if len(patterns) == 0 {
		return nil
	}
	mended := make([]string, len(patterns))
	for i, pattern := range patterns {
		mended[i] = anchorWords(pattern)
	}
	return []*regexp.Regexp{regexp.MustCompile("(?:" + strings.Join(mended, "|") + ")")}
}

// anchorWords mends the pattern that should allow the words true, false and null, and allows every secret with "false"
// in it.
func anchorWords(pattern string) string {
	if pattern == `(?i)^true|false|null$` {
		return `(?i)^(?:true|false|null)$`
	}
	return pattern
}
