package scan

import (
	"fmt"
	"regexp/syntax"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
	"github.com/rs/zerolog"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/logging"
	"github.com/zricethezav/gitleaks/v8/regexp"
)

// The default configuration, as it is written. Reading it through viper takes ten times as long.
type leaksFile struct {
	Allowlist leaksAllowlist `toml:"allowlist"`
	Rules     []leaksRule    `toml:"rules"`
}

type leaksRule struct {
	ID          string           `toml:"id"`
	Description string           `toml:"description"`
	Path        string           `toml:"path"`
	Regex       string           `toml:"regex"`
	SecretGroup int              `toml:"secretGroup"`
	Entropy     float64          `toml:"entropy"`
	Keywords    []string         `toml:"keywords"`
	Allowlists  []leaksAllowlist `toml:"allowlists"`
}

type leaksAllowlist struct {
	Description string   `toml:"description"`
	Condition   string   `toml:"condition"`
	Paths       []string `toml:"paths"`
	RegexTarget string   `toml:"regexTarget"`
	Regexes     []string `toml:"regexes"`
	StopWords   []string `toml:"stopwords"`
}

// leaksEngine finds secrets with the rules of gitleaks, and its detector. Rules are compiled when a text first has
// one of their anchors.
type leaksEngine struct {
	rules   []*leaksEntry
	ids     map[string]int // of the rules, by their names
	words   []leaksWord    // by the id that the finder gives
	finder  *finder
	generic int // index of genericRule, -1 where it is not as we know it
	global  func() []*config.Allowlist
}

// leaksWord is a word that rules ask for. A rule matches nowhere but around its anchors, and nothing in a text that has
// none of its keywords anywhere.
type leaksWord struct {
	text      string
	anchorOf  []leaksAnchor
	keywordOf []int
}

// leaksAnchor is a word as one rule's anchor.
type leaksAnchor struct {
	anchor
	rule int
}

// leaksEntry is one rule: how to see cheaply that it cannot match, its expression, and the rule itself. The last two
// are made on demand, and apart: few texts match, and the allowlists cost more than the expression.
type leaksEntry struct {
	source leaksRule
	reach  reach
	expr   func() *regexp.Regexp
	rule   func() config.Rule
}

var defaultEngine = sync.OnceValues(func() (*leaksEngine, error) {
	// At debug level it logs what it decodes.
	logging.Logger = zerolog.New(nil).Level(zerolog.Disabled)
	return newLeaksEngine(config.DefaultConfig)
})

func newLeaksEngine(text string) (*leaksEngine, error) {
	var file leaksFile
	if err := toml.Unmarshal([]byte(text), &file); err != nil {
		return nil, fmt.Errorf("read the rules of gitleaks: %w", err)
	}
	e := &leaksEngine{generic: -1, ids: map[string]int{}}
	e.global = sync.OnceValue(func() []*config.Allowlist {
		// Which files to look at is not for a list of path patterns to say.
		global := file.Allowlist
		global.Paths = nil
		return []*config.Allowlist{global.compile()}
	})
	index := map[string]int{}
	for _, source := range file.Rules {
		if source.Regex == "" {
			continue // names of files are for package rules
		}
		if err := e.addRule(source, index); err != nil {
			return nil, err
		}
	}
	texts := make([]string, len(e.words))
	for i, word := range e.words {
		texts[i] = word.text
	}
	e.finder = newFinder(texts)
	return e, nil
}

func (e *leaksEngine) addRule(source leaksRule, index map[string]int) error {
	re, err := syntax.Parse(source.Regex, syntax.Perl)
	if err != nil {
		return fmt.Errorf("rule %s: %w", source.ID, err)
	}
	for i, word := range source.Keywords {
		source.Keywords[i] = strings.ToLower(word)
	}
	entry := &leaksEntry{source: source, reach: reach(extentOf(re))}
	entry.expr = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(source.Regex) })
	entry.rule = sync.OnceValue(func() config.Rule { return source.compile(entry.expr()) })
	words := anchors(re)
	if shortest(words) < 2 {
		entry.reach = reach{unbounded, unbounded}
		words = nil
		for _, word := range source.Keywords {
			words = append(words, anchor{text: word})
		}
		if shortest(words) < 2 {
			return fmt.Errorf("rule %s: needs keywords of two bytes or more", source.ID)
		}
	}
	id := len(e.rules)
	e.rules = append(e.rules, entry)
	e.ids[source.ID] = id
	if source.ID == genericRule && source.Regex == genericPattern {
		e.generic = id
	}
	for _, a := range words {
		w := e.word(a.text, index)
		w.anchorOf = append(w.anchorOf, leaksAnchor{a, id})
	}
	for _, word := range source.Keywords {
		w := e.word(word, index)
		w.keywordOf = append(w.keywordOf, id)
	}
	return nil
}

func (e *leaksEngine) word(text string, index map[string]int) *leaksWord {
	i, ok := index[text]
	if !ok {
		i = len(e.words)
		index[text] = i
		e.words = append(e.words, leaksWord{text: text})
	}
	return &e.words[i]
}

func (r leaksRule) compile(expr *regexp.Regexp) config.Rule {
	rule := config.Rule{RuleID: r.ID, Description: r.Description, Entropy: r.Entropy, SecretGroup: r.SecretGroup}
	rule.Regex = expr
	if r.Path != "" {
		rule.Path = regexp.MustCompile(r.Path)
	}
	rule.Keywords = r.Keywords
	for _, list := range r.Allowlists {
		rule.Allowlists = append(rule.Allowlists, list.compile())
	}
	return rule
}

func (l leaksAllowlist) compile() *config.Allowlist {
	list := &config.Allowlist{Description: l.Description, StopWords: l.StopWords}
	if l.RegexTarget != "secret" {
		list.RegexTarget = l.RegexTarget
	}
	if strings.EqualFold(l.Condition, "and") || l.Condition == "&&" {
		list.MatchCondition = config.AllowlistMatchAnd
	}
	for _, pattern := range l.Regexes {
		list.Regexes = append(list.Regexes, regexp.MustCompile(anchorWords(pattern)))
	}
	for _, pattern := range l.Paths {
		list.Paths = append(list.Paths, regexp.MustCompile(pattern))
	}
	// Validate also joins the patterns and builds the search for stop words.
	if err := list.Validate(); err != nil {
		panic(fmt.Sprintf("BUG: allowlist %q: %v", l.Description, err))
	}
	return list
}

// anchorWords mends the pattern that should allow the words true, false and null, and allows every secret with "false"
// in it.
func anchorWords(pattern string) string {
	if pattern == `(?i)^true|false|null$` {
		return `(?i)^(?:true|false|null)$`
	}
	return pattern
}
