package leaks

import (
	"fmt"
	"hash/crc32"
	"regexp/syntax"
	"slices"
)

// Digest is what a scan has to know of all rules before it compiles one.
type Digest struct {
	Sum     uint32 // of the text that the spans are in
	Global  Span   // of the allowlist for all rules
	Rules   []Brief
	Words   []Word
	Classes []Class
	Generic int // index of GenericRule, -1 where it is not as we know it
}

// Brief is what a Digest has of one rule.
type Brief struct {
	ID       string
	Span     Span
	Keywords []string
	Reach    Extent // of a match around an anchor
}

// Word is a word that rules ask for. A rule matches nowhere but around its anchors, and nothing in a text that has none
// of its keywords anywhere.
type Word struct {
	Text      string // in lower case, two bytes or more
	AnchorOf  []Anchor
	KeywordOf []int
}

// Class is a set of bytes: the first and the last one of each of its ranges.
type Class string

// Fill sets the bytes of c in set.
func (c Class) Fill(set *[256]bool) {
	for i := 0; i+1 < len(c); i += 2 {
		for b := int(c[i]); b <= int(c[i+1]); b++ {
			set[b] = true
		}
	}
}

func newClass(set *[256]bool) Class {
	var ranges []byte
	for b := range set {
		if set[b] && (b == 0 || !set[b-1]) {
			ranges = append(ranges, byte(b))
		}
		if set[b] && (b == len(set)-1 || !set[b+1]) {
			ranges = append(ranges, byte(b))
		}
	}
	return Class(ranges)
}

// Anchor is a word as one rule's anchor: at least so many bytes of a class follow it.
type Anchor struct{ Rule, Least, Class int }

// GenericRule is the rule that costs the most: its words stand in every source file, and most of them lead nowhere.
// GenericPattern is the form of it that package scan knows; should the rule change, it is treated like any other.
const (
	GenericRule    = "generic-api-key"
	GenericPattern = `(?i)[\w.-]{0,50}?(?:access|auth|(?-i:[Aa]pi|API)|credential|creds|key|passw(?:or)?d|secret|token)(?:[ \t\w.-]{0,20})` +
		`[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([\w.=-]{10,150}|[a-z0-9][a-z0-9+/]{11,}={0,3})(?:[\x60'"\s;]|\\[nr]|$)`
)

// Sum is what Digest.Sum is for text. It tells versions of gitleaks apart, not forgeries: both texts are our own.
func Sum(text string) uint32 { return crc32.ChecksumIEEE([]byte(text)) }

// digester makes a Digest; it knows the words and classes by their places in it.
type digester struct {
	Digest
	words   map[string]int
	classes map[Class]int
}

// NewDigest derives the digest of rules. It has no spans, see AddSpans.
func NewDigest(rules []Rule) (*Digest, error) {
	d := &digester{words: map[string]int{}, classes: map[Class]int{}}
	d.Generic = -1
	for id, rule := range rules {
		if err := d.add(id, rule); err != nil {
			return nil, fmt.Errorf("rule %s: %w", rule.ID, err)
		}
	}
	return &d.Digest, nil
}

func (d *digester) add(id int, rule Rule) error {
	re, err := syntax.Parse(rule.Regex, syntax.Perl)
	if err != nil {
		return err
	}
	brief := Brief{ID: rule.ID, Keywords: rule.Keywords, Reach: extentOf(re)}
	set := anchors(re)
	if shortest(set) < 2 {
		brief.Reach = Extent{Unbounded, Unbounded}
		set = nil
		for _, word := range rule.Keywords {
			set = append(set, anchor{text: word})
		}
		if shortest(set) < 2 {
			return fmt.Errorf("needs keywords of two bytes or more")
		}
	}
	d.Rules = append(d.Rules, brief)
	if rule.ID == GenericRule && rule.Regex == GenericPattern {
		d.Generic = id
	}
	for _, a := range set {
		w := d.word(a.text)
		found := Anchor{Rule: id, Least: a.least, Class: d.class(a.class)}
		if !slices.Contains(w.AnchorOf, found) { // texts that differ in case become one
			w.AnchorOf = append(w.AnchorOf, found)
		}
	}
	for _, text := range rule.Keywords {
		w := d.word(text)
		w.KeywordOf = append(w.KeywordOf, id)
	}
	return nil
}

func (d *digester) word(text string) *Word {
	i, known := d.words[text]
	if !known {
		i = len(d.Words)
		d.words[text] = i
		d.Words = append(d.Words, Word{Text: text})
	}
	return &d.Words[i]
}

func (d *digester) class(set *[256]bool) int {
	if set == nil {
		return 0 // nothing needs to follow, so it is not looked at
	}
	class := newClass(set)
	i, known := d.classes[class]
	if !known {
		i = len(d.Classes)
		d.classes[class] = i
		d.Classes = append(d.Classes, class)
	}
	return i
}
