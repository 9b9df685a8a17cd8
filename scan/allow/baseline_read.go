package allow

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
)

const (
	baselineVersion = 1                         // of our own form
	reportVersion   = 1                         // of the JSON of package report
	sarifKey        = "cofferdamFingerprint/v1" // of package report too
)

// ReadBaseline reads a baseline of WriteBaseline, a report of ours in JSON, JSON Lines or SARIF, or one of gitleaks in
// JSON. Entries of gitleaks count for a rule, a file and a line, as they have no fingerprint of content. An error says
// what the file is not; no part of such a file is used.
func ReadBaseline(r io.Reader) (*Baseline, error) {
	text, err := read(r, maxBaseline)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimSpace(text)
	b := newBaseline()
	switch {
	case len(text) == 0:
		return nil, errors.New("is empty")
	case text[0] == '[':
		err = b.readGitleaks(text)
	case text[0] == '{':
		err = b.readObject(text)
	default:
		err = errors.New("is no JSON")
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// object is what tells the forms of an object apart.
type object struct {
	Type     string          `json:"type"`
	Version  json.RawMessage `json:"version"`
	Entries  json.RawMessage `json:"entries"`
	Findings json.RawMessage `json:"findings"`
	Runs     json.RawMessage `json:"runs"`
}

func (b *Baseline) readObject(text []byte) error {
	var first object
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&first); err != nil {
		return fmt.Errorf("is no JSON: %w", plain(err))
	}
	if first.Type != "" {
		return b.readLines(text)
	}
	if !json.Valid(text) {
		return errors.New("has something after its first JSON value")
	}
	switch {
	case first.Entries != nil:
		return errors.Join(isVersion(first.Version, baselineVersion), b.readEntries(first.Entries))
	case first.Runs != nil:
		return b.readSARIF(first.Runs)
	case first.Findings != nil:
		return errors.Join(isVersion(first.Version, reportVersion), b.readFindings(first.Findings))
	}
	return errors.New("is neither a baseline nor a report")
}

func isVersion(text json.RawMessage, want int) error {
	if string(text) != fmt.Sprint(want) {
		return fmt.Errorf("has version %.20q; this program reads version %d", text, want)
	}
	return nil
}

func (b *Baseline) readEntries(text []byte) error {
	var entries []entry
	if err := json.Unmarshal(text, &entries); err != nil {
		return plain(err)
	}
	for i, e := range entries {
		if err := checkFingerprint(e.Fingerprint); err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
		if e.Count < 1 || e.Count > 1<<30 {
			return fmt.Errorf("entry %d: count %d is not a number of findings", i+1, e.Count)
		}
		b.add(e.Fingerprint, pathOf(e.Path, e.Bytes), e.Count)
	}
	return nil
}

// reported is a finding of our JSON.
type reported struct {
	Type        string `json:"type"` // in JSON Lines
	Fingerprint string `json:"fingerprint"`
	Path        string `json:"path"`
	PathBytes   []byte `json:"path_bytes"`
	Member      string `json:"member"`
	MemberBytes []byte `json:"member_bytes"`
}

func (b *Baseline) addReported(f *reported) error {
	if err := checkFingerprint(f.Fingerprint); err != nil {
		return err
	}
	at := Finding{Path: pathOf(f.Path, f.PathBytes), Member: pathOf(f.Member, f.MemberBytes)}
	b.add(f.Fingerprint, at.file(), 1)
	return nil
}

func (b *Baseline) readFindings(text []byte) error {
	var findings []reported
	if err := json.Unmarshal(text, &findings); err != nil {
		return plain(err)
	}
	for i := range findings {
		if err := b.addReported(&findings[i]); err != nil {
			return fmt.Errorf("finding %d: %w", i+1, err)
		}
	}
	return nil
}

// readLines reads JSON Lines. Their last line is a summary; a report without one was cut short, and would let known
// findings look new.
func (b *Baseline) readLines(text []byte) error {
	last := ""
	d := json.NewDecoder(bytes.NewReader(text))
	for n := 1; ; n++ {
		var f reported
		if err := d.Decode(&f); err == io.EOF {
			break
		} else if err != nil {
			return fmt.Errorf("record %d: %w", n, plain(err))
		}
		if last = f.Type; last != "finding" {
			continue
		}
		if err := b.addReported(&f); err != nil {
			return fmt.Errorf("record %d: %w", n, err)
		}
	}
	if last != "summary" {
		return errors.New("ends without a summary: the report was cut short")
	}
	return nil
}

func (b *Baseline) readSARIF(text []byte) error {
	var runs []struct {
		Tool struct {
			Driver struct {
				Name string `json:"name"`
			} `json:"driver"`
		} `json:"tool"`
		Results []struct {
			Partial   map[string]string `json:"partialFingerprints"`
			Locations []struct {
				Physical struct {
					Artifact struct {
						URI string `json:"uri"`
					} `json:"artifactLocation"`
				} `json:"physicalLocation"`
			} `json:"locations"`
		} `json:"results"`
	}
	if err := json.Unmarshal(text, &runs); err != nil {
		return plain(err)
	}
	for _, run := range runs {
		if run.Tool.Driver.Name != "cofferdam" {
			return fmt.Errorf("is SARIF of %.40q; only that of cofferdam has fingerprints that hold here", run.Tool.Driver.Name)
		}
		for _, result := range run.Results {
			fingerprint := result.Partial[sarifKey]
			if checkFingerprint(fingerprint) != nil {
				continue // a credential file, which goes by its name
			}
			file := ""
			if len(result.Locations) > 0 {
				file, _ = url.PathUnescape(result.Locations[0].Physical.Artifact.URI)
			}
			b.add(fingerprint, file, 1)
		}
	}
	return nil
}

func (b *Baseline) readGitleaks(text []byte) error {
	var leaks []struct {
		RuleID, File, Commit string
		StartLine            int
	}
	if err := json.Unmarshal(text, &leaks); err != nil {
		return plain(err)
	}
	for i, l := range leaks {
		if l.RuleID == "" || l.File == "" {
			return fmt.Errorf("entry %d has no RuleID or no File: not a report of gitleaks", i+1)
		}
		at := place{l.RuleID, strings.ReplaceAll(l.File, `\`, "/"), l.StartLine}
		b.places[at] = append(b.places[at], l.Commit)
	}
	return nil
}

// checkFingerprint is an error for what cannot name a finding.
func checkFingerprint(text string) error {
	if text == "" {
		return errors.New("a finding has no fingerprint")
	}
	if len(text) > 128 {
		return fmt.Errorf("a fingerprint has %d characters", len(text))
	}
	return nil
}

func pathOf(text string, bytes []byte) string {
	if bytes != nil {
		return string(bytes)
	}
	return text
}

// plain is an error of the JSON decoder without what it quotes: a report of another tool has secrets in it.
func plain(err error) error {
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		return fmt.Errorf("syntax error at byte %d", syntax.Offset)
	}
	if kind := (*json.UnmarshalTypeError)(nil); errors.As(err, &kind) {
		return fmt.Errorf("field %q is not of the kind that it should be", kind.Field)
	}
	return errors.New("ends in the middle, or does not fit")
}
