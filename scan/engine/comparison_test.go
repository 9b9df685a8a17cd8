package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/zricethezav/gitleaks/v8/detect"
	"github.com/zricethezav/gitleaks/v8/detect/codec"

	"cofferdam/rules/secret"
)

// comparison holds many texts against gitleaks, two at a time. What it reports has no part of a text in it.
type comparison struct {
	t       *testing.T
	config  *secret.Config
	pairs   [2]*pair // with one engine: it has to bear being used by both
	answers *answers

	bytes, asked, failed, differences atomic.Int64
	mu                                sync.Mutex
	found                             [len(bothDepths)]int
	rules                             map[string]int // findings at the last depth
}

func newComparison(t *testing.T, name string, cfg *secret.Config) *comparison {
	t.Helper()
	c := &comparison{t: t, config: cfg, answers: newAnswers(t, name, cfg), rules: map[string]int{}}
	first := newPair(t, cfg)
	for i := range c.pairs {
		d := detect.NewDetector(toGitleaks(t, cfg))
		d.IgnoreGitleaksAllow = true
		c.pairs[i] = &pair{config: cfg, engine: first.engine, detector: d}
	}
	return c
}

// run compares n texts, which open makes for one of the workers.
func (c *comparison) run(n int, open func(worker, i int) (path, text string)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for worker, p := range c.pairs {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				path, text := open(worker, i)
				c.compare(p, i, path, text)
				if (i+1)%2000 == 0 {
					c.report(i+1, n)
				}
			}
		})
	}
	group.Wait()
	c.report(n, n)
}

// report says what is known after about so many texts.
func (c *comparison) report(done, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t.Logf("%d files of %d, %.1f MB, %d findings at depth %d, %d at depth %d, %d differences; gitleaks was asked about %d files and panicked %d times",
		done, n, float64(c.bytes.Load())/1e6, c.found[0], bothDepths[0], c.found[1], bothDepths[1], c.differences.Load(), c.asked.Load(), c.failed.Load())
}

func (c *comparison) compare(p *pair, number int, path, text string) {
	place := fmt.Sprintf("%d %s", number, path)
	c.bytes.Add(int64(len(text)))
	key := c.answers.key(path, text)
	want, known := c.answers.get(key)
	if !known {
		want = c.ask(p, path, text)
		if err := c.answers.put(key, want); err != nil {
			c.t.Error(err)
		}
	}
	for i, depth := range bothDepths {
		got := c.own(p, place, path, text, depth)
		c.count(i, got)
		if want[i].failed {
			c.failed.Add(1)
		} else if !want[i].equal(newAnswer(got)) {
			c.explain(p, place, path, text, depth, got)
		}
	}
}

// ask is the answer of gitleaks.
func (c *comparison) ask(p *pair, path, text string) (list [2]answer) {
	c.asked.Add(1)
	for i, depth := range bothDepths {
		if i > 0 && !decodes(text) {
			list[i] = list[0] // it would end where it did before
			continue
		}
		all, ok := p.gitleaks(c.t, path, text, depth)
		list[i] = newAnswer(all)
		list[i].failed = !ok
	}
	return list
}

// decodes says whether gitleaks has anything to do after its first pass.
func decodes(text string) (yes bool) {
	defer func() {
		if recover() != nil {
			yes = true
		}
	}()
	_, segments := codec.NewDecoder().Decode(text, nil)
	return len(segments) > 0
}

func (c *comparison) count(i int, list []found) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.found[i] += len(list)
	if i == len(bothDepths)-1 {
		for k := range list {
			c.rules[list[k].Rule]++
		}
	}
}

// missing is the rules that nothing was found with.
func (c *comparison) missing() []string {
	all := map[string]bool{}
	for i := range c.config.Rules {
		all[c.config.Rules[i].ID] = true
	}
	maps.DeleteFunc(all, func(id string, _ bool) bool { return c.rules[id] > 0 })
	return slices.Sorted(maps.Keys(all))
}

// own is what the engine finds.
func (c *comparison) own(p *pair, place, path, text string, depth int) (list []found) {
	result := p.engine.Search(c.t.Context(), path, text, depth)
	if result.Truncated {
		c.t.Errorf("%s at depth %d: cut short after %d findings", place, depth, len(result.Matches))
	}
	for i := range result.Matches {
		m := &result.Matches[i]
		one := toFound(*m)
		one.Tags, one.Entropy = append([]string{}, m.Tags()...), float64(m.Entropy)
		list = append(list, one)
		if fault := spanFault(text, m); fault != "" {
			c.t.Errorf("%s at depth %d: %s in line %d: %s", place, depth, m.Rule.ID, one.StartLine, fault)
		}
	}
	sortFound(list)
	return list
}

// spanFault is checkSpans without values.
func spanFault(text string, m *Match) string {
	switch {
	case m.Start < 0 || m.Start > m.End || m.End > len(text):
		return fmt.Sprintf("match %d to %d of %d bytes", m.Start, m.End, len(text))
	case m.SecretStart < 0 || m.SecretStart > m.SecretEnd || m.SecretEnd > len(text):
		return fmt.Sprintf("secret %d to %d of %d bytes", m.SecretStart, m.SecretEnd, len(text))
	case m.Rule.Regex == "" || m.Depth > 0:
		return ""
	case text[m.Start:m.End] != m.MatchText:
		return fmt.Sprintf("the match is not at %d to %d", m.Start, m.End)
	case text[m.SecretStart:m.SecretEnd] != m.Secret:
		return fmt.Sprintf("the secret is not at %d to %d", m.SecretStart, m.SecretEnd)
	}
	return ""
}

// explain names the findings in which both differ.
func (c *comparison) explain(p *pair, place, path, text string, depth int, got []found) {
	c.differences.Add(1)
	want, ok := p.gitleaks(c.t, path, text, depth)
	fresh, own := newAnswer(want), newAnswer(got)
	if !ok || fresh.equal(own) {
		c.t.Errorf("%s at depth %d: gitleaks does not answer as it did before", place, depth)
		return
	}
	var b strings.Builder
	describe(&b, "only gitleaks", want, own)
	describe(&b, "only the engine", got, fresh)
	c.t.Errorf("%s (%d bytes) at depth %d:%s", place, len(text), depth, b.String())
}

func describe(b *strings.Builder, who string, list []found, other answer) {
	for i, own := range newAnswer(list).list {
		if !slices.ContainsFunc(other.list, own.equal) {
			f := &list[i]
			fmt.Fprintf(b, "\n\t%s: %s from line %d column %d to line %d column %d, match of %d bytes, secret of %d, line of %d, tags %q, entropy %.3f",
				who, f.Rule, f.StartLine, f.StartColumn, f.EndLine, f.EndColumn, len(f.Match), len(f.Secret), len(f.Line), f.Tags, f.Entropy)
		}
	}
}
