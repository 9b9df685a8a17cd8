package leaks

import (
	"fmt"
	"reflect"
	"strings"
)

// Span is a part of a text: [Start, End).
type Span struct{ Start, End int }

func (s Span) of(text string) string { return text[s.Start:s.End] }

// Rule reads the rule at s, which AddSpans found in text.
func (s Span) Rule(text string) *Rule {
	f, err := Parse(s.of(text))
	if err != nil || len(f.Rules) != 1 {
		panic(fmt.Sprintf("BUG: %d rules at %v: %v", len(f.Rules), s, err))
	}
	return &f.Rules[0]
}

// Allowlist reads the allowlist at s, which AddSpans found in text.
func (s Span) Allowlist(text string) *Allowlist {
	f, err := Parse(s.of(text))
	if err != nil {
		panic(fmt.Sprintf("BUG: allowlist at %v: %v", s, err))
	}
	return &f.Allowlist
}

const (
	ruleHeader   = "\n[[rules]]\n"
	globalHeader = "\n[allowlist]\n"
)

// AddSpans finds the rules of f, and its allowlist, in the text that f was parsed from. Each must read the same there,
// by itself, as it did in the whole.
func (d *Digest) AddSpans(text string, f File) error {
	d.Sum = Sum(text)
	id := 0
	for _, s := range spans(text, ruleHeader) {
		alone, err := Parse(s.of(text))
		if err != nil {
			return err
		}
		if len(alone.Rules) == 0 {
			continue // a rule for names of files
		}
		if id == len(f.Rules) || !reflect.DeepEqual(alone.Rules, f.Rules[id:id+1]) {
			return fmt.Errorf("rule %s does not stand by itself in the text", alone.Rules[0].ID)
		}
		d.Rules[id].Span = s
		id++
	}
	if id < len(f.Rules) {
		return fmt.Errorf("rule %s does not stand by itself in the text", f.Rules[id].ID)
	}
	start, end := strings.Index(text, globalHeader), strings.Index(text, ruleHeader)
	if start < 0 || end < start {
		return fmt.Errorf("no allowlist before the rules")
	}
	d.Global = Span{start, end + 1}
	if !reflect.DeepEqual(*d.Global.Allowlist(text), f.Allowlist) {
		return fmt.Errorf("the allowlist does not stand by itself in the text")
	}
	return nil
}

// spans is the parts of text that begin with header.
func spans(text, header string) (list []Span) {
	for at := strings.Index(text, header); at >= 0; {
		end, next := len(text), strings.Index(text[at+1:], header)
		if next >= 0 {
			next += at + 1
			end = next + 1
		}
		list = append(list, Span{at, end})
		at = next
	}
	return list
}
