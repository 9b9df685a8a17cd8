package scan

import (
	"path"
	"strings"
	"sync"
	"unicode/utf8"

	"cofferdam/rules/secret"
	"cofferdam/scan/builtin"
	"cofferdam/scan/detect"
	matcher "cofferdam/scan/engine/match"
	"cofferdam/workspace"
)

// pathClass implements pathClasser. Only of the built-in rules is it known what they ask of a path: a detector does not
// tell of the allowlists that a user's own have.
func (d detector) pathClass(p workspace.Path) (string, bool) {
	switch d.Detector {
	case detect.Default():
		return allClasses().of(string(p)), true
	case detect.Gitleaks():
		return gitleaksClasses().of(string(p)), true
	}
	return "", false
}

var (
	allClasses      = sync.OnceValue(func() *pathClasses { return newPathClasses(builtin.All().Config) })
	gitleaksClasses = sync.OnceValue(func() *pathClasses { return newPathClasses(builtin.Gitleaks().Config) })
)

// pathClasses is every question that rules and the judge ask of a path. Paths with the same answers are the same to them.
type pathClasses struct {
	exprs *matcher.Set
	count int
	words []string // of the judge: it looks for them in lower case, anywhere or at the end
}

func newPathClasses(cfg *secret.Config) *pathClasses {
	var exprs []matcher.Expr
	seen := map[string]bool{"": true}
	add := func(list ...string) {
		for _, e := range list {
			if !seen[e] {
				seen[e] = true
				exprs = append(exprs, matcher.Expr{Regex: e})
			}
		}
	}
	for _, list := range cfg.Allowlists {
		add(list.Paths...)
	}
	for i := range cfg.Rules {
		add(cfg.Rules[i].Path)
		for _, list := range cfg.Rules[i].Allowlists {
			add(list.Paths...)
		}
	}
	set, err := matcher.New(exprs)
	if err != nil {
		panic("BUG: a built-in rule: " + err.Error())
	}
	return &pathClasses{exprs: set, count: len(exprs), words: judgedWords(secret.Judge())}
}

func judgedWords(j *secret.Judgement) (words []string) {
	p := &j.Paths
	for _, list := range [][]string{p.Fixtures, p.Locales, p.Locks, p.Code, p.Documents, p.Live} {
		words = append(words, list...)
	}
	return words
}

// of is the answers for p, a byte each, and the ending, by which some archives are known.
func (c *pathClasses) of(p string) string {
	answers := make([]byte, c.count, c.count+2*len(c.words)+16)
	c.exprs.FindAll(p, func(expr, _, _ int) { answers[expr] = 1 })
	answers = c.judged(answers, strings.ToLower(p))
	if strings.IndexFunc(p, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		answers = c.judged(answers, strings.Map(lowerASCII, p)) // The judge folds one way here and another there.
	}
	return string(answers) + strings.ToLower(path.Ext(p))
}

func (c *pathClasses) judged(answers []byte, low string) []byte {
	rooted := "/" + low // A part that begins with a slash may stand at the front of a path.
	for _, w := range c.words {
		var answer byte
		if strings.Contains(rooted, w) {
			answer = 1
		}
		if strings.HasSuffix(low, w) {
			answer |= 2
		}
		answers = append(answers, answer)
	}
	return answers
}

func lowerASCII(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}
