// Package judge says of a match of a rule whether it is no secret after all: a placeholder, a reference to where the secret
// is, a hash, text for people. It goes by what stands there and in which file, and when in doubt a match stays.
package judge

import (
	"strings"
	"sync"

	"cofferdam/rules/secret"
)

// Case is one match. Nothing is looked at but what it holds.
type Case struct {
	Rule   string // id
	Guess  bool   // secret.Rule.Judge of the rule: a match goes by a name
	Path   string // of the file, with slashes
	Secret string // decoded where it was encoded
	Before string // what stands in front of it, at least on its line; Around cuts it
	After  string // what stands behind it
}

// Judge holds what it judges by, ready for use. It is safe for concurrent use.
type Judge struct {
	guesses, machine, encoded, pairs, lists, parts, short set
	documented                                            set
	words, markers, prose                                 set
	vectors, samples                                      set
	hashes                                                []string
	inside, syntax                                        []string
	runs                                                  []string
	begin                                                 prefixes
	passwords, harmless                                   suffixes
	paths                                                 paths
	model                                                 model
}

type set map[string]struct{}

func newSet(words []string) set {
	s := make(set, len(words))
	for _, w := range words {
		s[w] = struct{}{}
	}
	return s
}

func (s set) has(word string) bool {
	_, ok := s[word]
	return ok
}

// Default is the judge of the data that comes with this program.
var Default = sync.OnceValue(func() *Judge { return New(secret.Judge()) })

// New readies the data of j for use.
func New(j *secret.Judgement) *Judge {
	documented := set{}
	for _, pieces := range j.Documented {
		documented[strings.Join(pieces, "")] = struct{}{}
	}
	return &Judge{
		guesses: newSet(j.Guesses), machine: newSet(j.Machine), encoded: newSet(j.Encoded), pairs: newSet(j.Pairs), lists: newSet(j.Lists), parts: newSet(j.Parts), short: newSet(j.Short),
		documented: documented,
		words:      newSet(append(append([]string{}, j.Placeholders.Words...), j.Placeholders.Markers...)),
		markers:    newSet(j.Placeholders.Markers),
		prose:      newSet(j.Placeholders.Prose),
		inside:     j.Placeholders.Inside,
		syntax:     j.Placeholders.Syntax,
		runs:       j.Placeholders.Runs,
		begin:      newPrefixes(j.References.Begin),
		passwords:  newSuffixes(j.Keys.Passwords),
		harmless:   newSuffixes(j.Keys.Harmless),
		vectors:    newSet(j.Keys.Vectors),
		samples:    newSet(j.Keys.Samples),
		hashes:     j.Keys.Hashes,
		paths:      newPaths(j),
		model:      newModel(j.Model.Pairs),
	}
}

// Verdict reports whether c is no secret, and why. What a rule with a form of its own found is dropped only where it
// stands in a vendor's documentation, is a mask, or is so short that it is in a longer text in base64 by chance.
func (j *Judge) Verdict(c Case) (drop bool, why string) {
	v := newView(c, j.encoded.has(c.Rule))
	switch {
	case j.documented.has(c.Secret):
		return true, "a value of a vendor's documentation"
	case isMask(v.value):
		return true, "a mask"
	case j.short.has(c.Rule) && inBase64(c.Before):
		return true, "a part of a text in base64"
	case !c.Guess && !j.guesses.has(c.Rule):
		return false, ""
	}
	for _, question := range questions {
		if why = question(j, &v); why != "" {
			return true, why
		}
	}
	return false, ""
}

// questions are asked of a guess in this order, the cheap ones first. An answer says why it is no secret.
var questions = [...]func(*Judge, *view) string{
	(*Judge).reference, (*Judge).placeholder, (*Judge).named, (*Judge).text, (*Judge).shape,
}

// IsGuess reports whether matches of a rule are guesses by a name. own is what the rule says of itself.
func (j *Judge) IsGuess(rule string, own bool) bool { return own || j.guesses.has(rule) }

// IsPart reports whether what a rule finds is part of what another one finds whole, where both do.
func (j *Judge) IsPart(rule string) bool { return j.parts.has(rule) }

// Severity is that of a finding in its place: one lower in files that are written for tests or as examples.
func (j *Judge) Severity(path, severity string) string {
	if !j.paths.fixture(strings.ToLower(path)) {
		return severity
	}
	switch severity {
	case "critical":
		return "high"
	case "high":
		return "medium"
	}
	return "low"
}
