package match

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// Derive chooses where to look for each expression. It depends on nothing but exprs. The error names the expression
// that does not compile, by its place in exprs.
func Derive(exprs []Expr) (*Tables, error) {
	d := &deriver{Tables: new(Tables), chooser: chooser{map[string][]offer{}, map[place][]offer{}}, classes: map[string]int{}, windows: map[string]int{}}
	for rule, expr := range exprs {
		// What package syntax takes can still be too much for package regexp.
		if _, err := regexp.Compile(expr.Regex); err != nil {
			return nil, fmt.Errorf("expression %d: %w", rule, err)
		}
		re, err := syntax.Parse(expr.Regex, syntax.Perl)
		if err != nil {
			return nil, fmt.Errorf("expression %d: %w", rule, err)
		}
		d.add(rule, re, expr.Keywords)
	}
	d.group()
	return d.Tables, nil
}

// deriver fills Tables.
type deriver struct {
	*Tables
	chooser
	classes map[string]int
	windows map[string]int
	chances []float64 // of the windows
}

// bigText is the size of an ordinary file: the chance that it has a keyword decides if that is what to look for.
const bigText = 10_000

func (d *deriver) add(rule int, re *syntax.Regexp, keywords []string) {
	if least, _ := widthOf(re); least == 0 {
		d.search(Search{Rule: rule, Plain: true}, keywords)
		return
	}
	choices, cost := d.branches(re)
	only := 0
	if cost > gateCost(keywords) {
		s := Search{Rule: rule, Cuts: cost < costSearch}
		d.search(s, keywords)
		if only = rule + 1; !s.Cuts {
			return
		}
	}
	for i := range choices {
		d.cut(rule, only, &choices[i])
	}
}

// branches chooses the cuts of each alternative of re.
func (d *deriver) branches(re *syntax.Regexp) (choices []choice, cost float64) {
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	if re.Op != syntax.OpAlternate {
		seq := sequence(re)
		return d.anchor(seq, span{0, len(seq)}, maxApart)
	}
	for _, sub := range re.Sub {
		some, c := d.branches(sub)
		choices, cost = append(choices, some...), cost+c
	}
	return choices, cost
}

func (d *deriver) cut(rule, only int, c *choice) {
	_, before := seqWidth(c.seq[:c.at])
	_, after := seqWidth(c.seq[c.at:])
	var alphabet byteSet
	for _, re := range c.seq[:c.at] {
		alphabetOf(re, &alphabet)
	}
	id := len(d.Cuts)
	tail := loosen(concat(c.seq[c.at:])).String()
	if c.hint {
		tail = ""
	}
	new := Cut{Rule: rule, Tail: tail, Before: before, Alphabet: d.class(&alphabet), After: after, Hinted: c.hinted, Hint: c.hint}
	if !c.hint {
		new.Gap = d.gapOf(c.seq[c.at:])
	}
	d.Cuts = append(d.Cuts, new)
	for i := range c.windows {
		w := d.window(&c.windows[i], only)
		w.Cuts = append(w.Cuts, id)
	}
}

func (d *deriver) class(set *byteSet) int {
	bitmap := set.bitmap()
	id, known := d.classes[bitmap]
	if !known {
		id = len(d.Classes)
		d.classes[bitmap] = id
		d.Classes = append(d.Classes, bitmap)
	}
	return id
}

// window is the entry of w, the same for cuts that have the same.
func (d *deriver) window(w *window, only int) *Window {
	var classes []int
	for i := range w.classes {
		classes = append(classes, d.class(&w.classes[i]))
	}
	key := fmt.Sprint(classes, w.lead, w.odd, only)
	id, known := d.windows[key]
	if !known {
		id = len(d.Windows)
		d.windows[key] = id
		d.Windows = append(d.Windows, Window{Classes: classes, Lead: w.lead, Odd: w.odd, Only: only})
		d.chances = append(d.chances, w.chance())
	}
	return &d.Windows[id]
}

// search enters a rule without a cut, and its keywords.
func (d *deriver) search(s Search, keywords []string) {
	s.Open = !visible(keywords)
	if !s.Open {
		for _, keyword := range keywords {
			w, at := keywordWindow(keyword)
			entry := d.window(&w, 0)
			entry.Gates = append(entry.Gates, Gate{Rule: s.Rule, Keyword: keyword, At: at})
		}
	}
	d.Searched = append(d.Searched, s)
}

// visible reports whether keywords are such that a window can stand for each.
func visible(keywords []string) bool {
	return len(keywords) > 0 && !slices.ContainsFunc(keywords, func(keyword string) bool {
		return len(keyword) < 2 || strings.ContainsFunc(keyword, func(r rune) bool { return r >= utf8.RuneSelf })
	})
}

// gateCost is the cost of a rule that is searched for where one of its keywords stands.
func gateCost(keywords []string) float64 {
	if !visible(keywords) {
		return costSearch
	}
	var cost, chance float64
	for _, keyword := range keywords {
		w, _ := keywordWindow(keyword)
		cost, chance = cost+w.cost(), chance+w.chance()
	}
	return cost + min(chance*bigText, 1)*costSearch
}

// keywordWindow is the rarest window of a keyword, which is in lower case in any text's lower case, and how far into
// the keyword it is.
func keywordWindow(keyword string) (best window, at int) {
	least := float64(costMost) * 2
	for i := range max(len(keyword)-windowWidth, 0) + 1 {
		var w window
		for j := range w.classes {
			w.classes[j] = allBytes
			if i+j < len(keyword) {
				w.classes[j] = byteSet{}
				w.classes[j].add(keyword[i+j])
				w.classes[j].add(strings.ToUpper(keyword[i+j : i+j+1])[0])
			}
		}
		if cost := w.cost(); cost < least {
			best, at, least = w, i, cost
		}
	}
	return best, at
}
