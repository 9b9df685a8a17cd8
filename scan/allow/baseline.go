package allow

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Baseline is the findings that were there when it was made. One entry covers one finding, so a second copy of a known
// secret is new. Apply does not use entries up: a Baseline is safe for concurrent use.
type Baseline struct {
	known  map[string]map[string]int // how many, by fingerprint and file
	places map[place][]string        // of gitleaks, which has no fingerprint of content: the commits of a place
}

// place is where gitleaks found something.
type place struct {
	rule, file string
	line       int
}

func newBaseline() *Baseline {
	return &Baseline{map[string]map[string]int{}, map[place][]string{}}
}

func (b *Baseline) add(fingerprint, file string, count int) {
	if b.known[fingerprint] == nil {
		b.known[fingerprint] = map[string]int{}
	}
	b.known[fingerprint][file] += count
}

// Len is how many findings the baseline covers.
func (b *Baseline) Len() int {
	n := 0
	for _, files := range b.known {
		for _, count := range files {
			n += count
		}
	}
	for _, commits := range b.places {
		n += len(commits)
	}
	return n
}

// Apply reports for each of the findings whether the baseline covers it, wherever it stands now. Where there are more
// copies than entries, those in the files of the entries are the known ones.
func (b *Baseline) Apply(findings []Finding) []bool {
	covered := make([]bool, len(findings))
	here, left := map[[2]string]int{}, map[string]int{}
	for _, f := range findings {
		files := b.known[f.Fingerprint]
		if _, done := left[f.Fingerprint]; done || files == nil {
			continue
		}
		for file, count := range files {
			here[[2]string{f.Fingerprint, file}] = count
			left[f.Fingerprint] += count
		}
	}
	for i, f := range findings {
		if at := [2]string{f.Fingerprint, f.file()}; here[at] > 0 {
			here[at]--
			left[f.Fingerprint]--
			covered[i] = true
		}
	}
	for i, f := range findings {
		if !covered[i] && left[f.Fingerprint] > 0 {
			left[f.Fingerprint]--
			covered[i] = true
		}
	}
	b.applyPlaces(findings, covered)
	return covered
}

// applyPlaces matches by rule, file and line, and by commit where both sides have one.
func (b *Baseline) applyPlaces(findings []Finding, covered []bool) {
	left := map[place][]string{}
	for i, f := range findings {
		at := place{f.Rule, f.file(), f.Line}
		commits, seen := left[at]
		if !seen {
			commits = slices.Clone(b.places[at])
		}
		if !covered[i] {
			if k := slices.IndexFunc(commits, func(c string) bool { return c == f.Commit || c == "" || f.Commit == "" }); k >= 0 {
				commits, covered[i] = slices.Delete(commits, k, k+1), true
			}
		}
		left[at] = commits
	}
}

// baselineFile is our own form of a baseline.
type baselineFile struct {
	Version int     `json:"version"`
	Entries []entry `json:"entries"`
}

type entry struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	Path        string `json:"path"`
	Bytes       []byte `json:"path_bytes,omitempty"` // where the path is not UTF-8
	Count       int    `json:"count"`
}

// WriteBaseline writes the least that covers the findings: sorted by path, rule and fingerprint, without places, so that
// it changes only where secrets come or go.
func WriteBaseline(w io.Writer, findings []Finding) error {
	type key struct{ file, rule, fingerprint string }
	counts := map[key]int{}
	for _, f := range findings {
		if err := checkFingerprint(f.Fingerprint); err != nil {
			return err
		}
		counts[key{f.file(), f.Rule, f.Fingerprint}]++
	}
	file := baselineFile{baselineVersion, []entry{}}
	for k, n := range counts {
		e := entry{Fingerprint: k.fingerprint, Rule: k.rule, Path: k.file, Count: n}
		if !utf8.ValidString(k.file) {
			e.Path, e.Bytes = strings.ToValidUTF8(k.file, "\ufffd"), []byte(k.file)
		}
		file.Entries = append(file.Entries, e)
	}
	slices.SortFunc(file.Entries, compareEntries)
	text, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

func compareEntries(a, b entry) int {
	if c := strings.Compare(a.Path, b.Path); c != 0 {
		return c
	}
	if c := bytes.Compare(a.Bytes, b.Bytes); c != 0 {
		return c
	}
	if c := strings.Compare(a.Rule, b.Rule); c != 0 {
		return c
	}
	return strings.Compare(a.Fingerprint, b.Fingerprint)
}
