package secret

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// document is a config as a file gives it.
type document struct {
	config   *Config
	examples []Examples
	places   map[string]int // of the rules in config, by their ids
	twice    string         // an id that two rules have; empty for none
}

func (d *document) read(t *table) {
	d.config.Title = t.text("title")
	t.text("description")
	// To gitleaks this is cause for a warning, no more. What a newer one knows and this does not is an unknown key here.
	t.text("minVersion")
	d.extension(t.table("extend"))
	for _, rule := range t.tables("rules") {
		d.rule(rule)
	}
	for i := range d.config.Rules {
		d.requirements(t, &d.config.Rules[i])
	}
	for _, list := range lists(t) {
		targets := list.words("targetRules")
		allowlist := readAllowlist(list)
		if len(targets) > 0 {
			d.config.Targeted = append(d.config.Targeted, Targeted{Rules: targets, Allowlist: allowlist})
		} else {
			d.config.Allowlists = append(d.config.Allowlists, allowlist)
		}
	}
}

func (d *document) extension(t *table) {
	if t == nil {
		return
	}
	x := &Extension{Path: t.text("path"), UseDefault: t.flag("useDefault"), Disabled: t.words("disabledRules")}
	if t.text("url") != "" {
		t.fail("url", "a config cannot extend a URL: save it to a file and name that in path")
	}
	if x.Path != "" && x.UseDefault {
		t.fail("path", "a config extends the default one or that at a path, not both")
	}
	if x.Path != "" || x.UseDefault {
		d.config.Extends = x
	}
	t.close()
}

func (d *document) rule(t *table) {
	r := Rule{ID: t.text("id")}
	if t.fault.err == nil {
		t.fault.rule = r.ID
	}
	r.Description, r.Regex, r.Path = t.text("description"), t.regex("regex"), t.regex("path")
	r.SecretGroup, r.Entropy = t.count("secretGroup", 0), t.number("entropy")
	r.Keywords, r.Tags = t.keywords(), t.words("tags")
	r.SkipReport = t.flag("skipReport")
	for _, list := range lists(t) {
		r.Allowlists = append(r.Allowlists, readAllowlist(list))
	}
	for _, q := range t.tables("required") {
		r.Required = append(r.Required, readRequired(q))
	}
	r.Severity, r.Why, r.Check, r.Judge = t.severity(), t.text("why"), t.text("check"), t.flag("judge")
	e := Examples{Rule: r.ID, Positives: t.words("positives"), Negatives: t.words("negatives")}
	t.close()
	if t.fault.err == nil {
		t.fault.rule = ""
	}
	d.add(r, e)
}

func (d *document) add(r Rule, e Examples) {
	if len(e.Positives)+len(e.Negatives) > 0 {
		d.examples = append(d.examples, e)
	}
	i, twice := d.places[r.ID]
	if twice {
		d.config.Rules[i] = r
		d.twice = r.ID
		return
	}
	d.places[r.ID] = len(d.config.Rules)
	d.config.Rules = append(d.config.Rules, r)
}

// requirements makes sure that what a rule requires is in the same file. Rules below it do not count, to gitleaks either.
func (d *document) requirements(t *table, r *Rule) {
	for _, q := range r.Required {
		if _, ok := d.places[q.Rule]; !ok {
			t.fail("rules", "rule %q requires %q, which is not in this file", r.ID, q.Rule)
		}
	}
}

func readRequired(t *table) Required {
	q := Required{Rule: t.text("id"), WithinLines: t.count("withinLines", -1), WithinColumns: t.count("withinColumns", -1)}
	if q.Rule == "" {
		t.fail("id", "a required rule needs an id")
	}
	t.close()
	return q
}

// lists are the allowlists of a table, in their new form or in the old one.
func lists(t *table) []*table {
	list, old := t.tables("allowlists"), t.table("allowlist")
	if old == nil {
		return list
	}
	if len(list) > 0 {
		t.fail("allowlist", "is the old form of allowlists and cannot stand beside it")
	}
	return append(list, old)
}

func readAllowlist(t *table) Allowlist {
	a := Allowlist{Description: t.text("description"), Commits: t.words("commits"), Paths: t.regexes("paths")}
	a.Regexes, a.StopWords = t.regexes("regexes"), t.words("stopwords")
	switch condition := t.text("condition"); strings.ToUpper(condition) {
	case "AND", "&&":
		a.All = true
	case "", "OR", "||":
	default:
		t.fail("condition", "is %q; want and, or", condition)
	}
	switch target := t.text("regexTarget"); target {
	case "", "secret":
	case string(TargetMatch), string(TargetLine):
		a.Target = Target(target)
	default:
		t.fail("regexTarget", "is %q; want secret, match or line", target)
	}
	if len(a.Commits)+len(a.Paths)+len(a.Regexes)+len(a.StopWords) == 0 {
		t.fail("", "%w", errNoCheck)
	}
	t.close()
	return a
}

func (t *table) regex(key string) string {
	expr := t.text(key)
	t.compile(key, expr)
	return expr
}

// regexes are expressions that have to compile each and, as they are used, joined.
func (t *table) regexes(key string) []string {
	list := t.words(key)
	for i, expr := range list {
		t.compile(fmt.Sprintf("%s[%d]", key, i), expr)
	}
	if len(list) > 1 {
		t.compile(key, Join(list))
	}
	return list
}

func (t *table) compile(key, expr string) {
	if _, err := regexp.Compile(expr); err != nil {
		t.fail(key, "%w", err)
	}
}

// keywords are in lower case.
func (t *table) keywords() []string {
	words := t.words("keywords")
	for i, word := range words {
		if word == "" {
			t.fail(fmt.Sprintf("keywords[%d]", i), "an empty keyword is in no text")
		}
		words[i] = strings.ToLower(word)
	}
	return words
}

func (t *table) severity() string {
	s := t.text("severity")
	if s != "" && !slices.Contains([]string{"critical", "high", "medium", "low"}, s) {
		t.fail("severity", "is %q; want critical, high, medium or low", s)
	}
	return s
}
