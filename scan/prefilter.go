package scan

import (
	"slices"
	"strings"

	"cofferdam/scan/internal/leaks"
	"cofferdam/workspace"
)

// candidates is the rules that match somewhere in a text, and where that is.
type candidates struct {
	rules   []int
	windows []window // in order, apart
	matches int      // of the expressions, before anything is allowed
}

// everywhere is for a text of which every part matters.
func everywhere(window) bool { return true }

// oddRunes become ASCII letters when case is folded, or in lower case: an s, a k, an i. Anchors do not see those.
var oddRunes = []string{"\u017f", "\u212a", "\u0130"}

// prefilter finds the candidates in text, in those windows that matter. It never leaves one out.
func (e *leaksEngine) prefilter(path workspace.Path, text string, matters func(window) bool) candidates {
	var c candidates
	for id, state := range e.survey(text) {
		if !state.keyword || len(state.list) == 0 || !e.applies(id, path) {
			continue
		}
		n, hit := e.matching(id, text, state.list, matters)
		c.matches += n
		if len(hit) > 0 {
			c.rules = append(c.rules, id)
			c.windows = append(c.windows, hit...)
		}
	}
	c.windows = mergeWindows(c.windows)
	return c
}

// ruleState is what a survey of a text says of one rule.
type ruleState struct {
	windows
	keyword bool
}

// survey finds the keywords of the rules, and the places where each could match.
func (e *leaksEngine) survey(text string) []ruleState {
	states := make([]ruleState, len(e.rules))
	var generic genericScan
	e.finder.each(text, func(word, at int) {
		w := &e.digest.Words[word]
		for _, id := range w.KeywordOf {
			states[id].keyword = true
		}
		for i := range w.AnchorOf {
			a := &w.AnchorOf[i]
			switch end := at + len(w.Text); {
			case a.Rule == e.digest.Generic:
				if n, ok := generic.anchor(text, at, end); ok {
					states[a.Rule].merge(n)
				}
			case e.leads(a, text[end:]):
				states[a.Rule].add(text, at, e.digest.Rules[a.Rule].Reach)
			}
		}
	})
	e.surveyOdd(text, states)
	return states
}

// leads reports whether what must follow an anchor does.
func (e *leaksEngine) leads(a *leaks.Anchor, rest string) bool {
	if len(rest) < a.Least {
		return false
	}
	class := &e.classes[a.Class]
	for i := range a.Least {
		if !class[rest[i]] {
			return false
		}
	}
	return true
}

// surveyOdd adds to a survey what stands around odd runes, which any match may hold in place of a letter.
func (e *leaksEngine) surveyOdd(text string, states []ruleState) {
	places := oddPlaces(text)
	if len(places) == 0 {
		return
	}
	lower := strings.ToLower(text)
	for id := range states {
		rule := &e.digest.Rules[id]
		s := ruleState{}
		s.keyword = slices.ContainsFunc(rule.Keywords, func(word string) bool { return strings.Contains(lower, word) })
		for _, at := range places {
			s.add(text, at, rule.Reach)
		}
		s.list = mergeWindows(append(s.list, states[id].list...))
		states[id] = s
	}
}

func oddPlaces(text string) (places []int) {
	for _, r := range oddRunes {
		for at := strings.Index(text, r); at >= 0; {
			places = append(places, at)
			next := strings.Index(text[at+1:], r)
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	slices.Sort(places)
	return places
}

func (e *leaksEngine) applies(id int, path workspace.Path) bool {
	return e.source(id).Path == "" || e.rule(id).Path.MatchString(string(path))
}

// matching counts the matches of a rule in windows, and returns those windows that have a promising one.
func (e *leaksEngine) matching(id int, text string, list []window, matters func(window) bool) (count int, hit []window) {
	re := e.expr(id)
	for _, w := range list {
		if !matters(w) {
			continue
		}
		part := text[w.start:w.end]
		matches := re.FindAllStringIndex(part, -1)
		count += len(matches)
		if slices.ContainsFunc(matches, func(m []int) bool { return promising(e.source(id), re, part[m[0]:m[1]]) }) {
			hit = append(hit, w)
		}
	}
	return count, hit
}

func mergeWindows(list []window) []window {
	slices.SortFunc(list, func(a, b window) int { return a.start - b.start })
	var merged windows
	for _, w := range list {
		merged.merge(w)
	}
	return merged.list
}
