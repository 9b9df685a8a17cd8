package scan

import (
	"sync"

	"github.com/rs/zerolog"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/logging"
	"github.com/zricethezav/gitleaks/v8/regexp"

	"cofferdam/scan/internal/leaks"
)

// leaksEngine finds secrets with the rules of gitleaks, and its detector. A rule is read and compiled when a text first
// has one of its anchors.
type leaksEngine struct {
	digest  *leaks.Digest
	read    func(id int) *leaks.Rule
	rules   []leaksEntry
	ids     map[string]int // of the rules, by their names
	classes [][256]bool    // of the digest
	finder  *finder        // of the words of the digest, by their places in it
	global  func() []*config.Allowlist
}

// leaksEntry is one rule. Its parts are made on demand, and apart: few texts match, and the allowlists cost more than
// the expression.
type leaksEntry struct {
	source onDemand[*leaks.Rule]
	expr   onDemand[*regexp.Regexp]
	full   onDemand[*config.Rule]
}

// onDemand is a value that is made when it is first asked for. Unlike sync.OnceValue it costs nothing until then.
type onDemand[T any] struct {
	once  sync.Once
	value T
}

func (d *onDemand[T]) get(build func() T) T {
	d.once.Do(func() { d.value = build() })
	return d.value
}

var defaultEngine = sync.OnceValues(func() (*leaksEngine, error) {
	// At debug level it logs what it decodes.
	logging.Logger = zerolog.New(nil).Level(zerolog.Disabled)
	return newDefaultEngine()
})

// newDefaultEngine makes the engine of the rules that come with gitleaks. A program that imports this module may be
// built with another version of gitleaks than the digest is of.
func newDefaultEngine() (*leaksEngine, error) {
	text := config.DefaultConfig
	if leaks.Sum(text) != defaultDigest.Sum {
		return newLeaksEngine(text)
	}
	read := func(id int) *leaks.Rule { return defaultDigest.Rules[id].Span.Rule(text) }
	global := func() *leaks.Allowlist { return defaultDigest.Global.Allowlist(text) }
	return newEngine(&defaultDigest, read, global), nil
}

func newLeaksEngine(text string) (*leaksEngine, error) {
	file, err := leaks.Parse(text)
	if err != nil {
		return nil, err
	}
	digest, err := leaks.NewDigest(file.Rules)
	if err != nil {
		return nil, err
	}
	read := func(id int) *leaks.Rule { return &file.Rules[id] }
	global := func() *leaks.Allowlist { return &file.Allowlist }
	return newEngine(digest, read, global), nil
}

func newEngine(digest *leaks.Digest, read func(id int) *leaks.Rule, global func() *leaks.Allowlist) *leaksEngine {
	e := &leaksEngine{digest: digest, read: read, rules: make([]leaksEntry, len(digest.Rules))}
	e.ids = make(map[string]int, len(digest.Rules))
	for id, rule := range digest.Rules {
		e.ids[rule.ID] = id
	}
	e.classes = make([][256]bool, max(len(digest.Classes), 1))
	for i, class := range digest.Classes {
		class.Fill(&e.classes[i])
	}
	words := make([]string, len(digest.Words))
	for i, word := range digest.Words {
		words[i] = word.Text
	}
	e.finder = newFinder(words)
	e.global = sync.OnceValue(func() []*config.Allowlist {
		// Which files to look at is not for a list of path patterns to say.
		list := *global()
		list.Paths = nil
		return []*config.Allowlist{compileAllowlist(&list)}
	})
	return e
}

// source is a rule as it is written.
func (e *leaksEngine) source(id int) *leaks.Rule {
	return e.rules[id].source.get(func() *leaks.Rule { return e.read(id) })
}

// expr is the expression of a rule.
func (e *leaksEngine) expr(id int) *regexp.Regexp {
	return e.rules[id].expr.get(func() *regexp.Regexp { return regexp.MustCompile(e.source(id).Regex) })
}

// rule is a rule as the detector takes it.
func (e *leaksEngine) rule(id int) *config.Rule {
	return e.rules[id].full.get(func() *config.Rule { return compileRule(e.source(id), e.expr(id)) })
}
