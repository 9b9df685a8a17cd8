package scan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
	"github.com/zricethezav/gitleaks/v8/report"

	"cofferdam/workspace"
)

// maxMatches bounds what one text may match, before anything is allowed: the detector's work grows with the product of
// matches and lines.
const maxMatches = 10_000

// find is what the detector of gitleaks finds in the whole text as one fragment, at the cost of looking only where the
// prefilter saw something.
func (e *leaksEngine) find(ctx context.Context, path workspace.Path, text string) ([]match, error) {
	c := e.prefilter(path, text, everywhere)
	hidden, depth := e.decoded(path, text)
	if c.matches+hidden.matches > maxMatches {
		return nil, fmt.Errorf("over the limit of %d places that look like secrets", maxMatches)
	}
	if len(hidden.rules) > 0 {
		c.rules = append(c.rules, hidden.rules...)
		c.windows = []window{{0, len(text)}}
	}
	if len(c.rules) == 0 {
		return nil, nil
	}
	slices.Sort(c.rules)
	regions := wholeLines(text, c.windows)
	whole := len(regions) == 1 && regions[0] == window{0, len(text)}
	detector := e.detector(slices.Compact(c.rules), whole)
	detector.MaxDecodeDepth = depth
	return e.detect(ctx, detector, path, text, regions)
}

// wholeLines widens windows to the lines that they touch: what is allowed depends on the line, and of two findings on
// one line the better one is kept.
func wholeLines(text string, list []window) []window {
	var regions windows
	for _, w := range list {
		regions.merge(window{lineStart(text, w.start), lineEnd(text, w.end)})
	}
	return regions.list
}

// detector is the detector of gitleaks with some of the rules. One that does not get the whole text has to take the
// prefilter's word that the keywords are there.
func (e *leaksEngine) detector(ids []int, whole bool) *detect.Detector {
	cfg := config.Config{Rules: map[string]config.Rule{}, Keywords: map[string]struct{}{}, Allowlists: e.global()}
	for _, id := range ids {
		rule := *e.rule(id)
		if !whole {
			rule.Keywords = nil
		}
		cfg.Rules[rule.RuleID] = rule
		cfg.OrderedRules = append(cfg.OrderedRules, rule.RuleID)
		for _, word := range rule.Keywords {
			cfg.Keywords[word] = struct{}{}
		}
	}
	detector := detect.NewDetector(cfg)
	detector.IgnoreGitleaksAllow = true // the project's comments are not for us
	return detector
}

// detect runs the detector on each region and finds the places in text of what it finds.
func (e *leaksEngine) detect(ctx context.Context, d *detect.Detector, path workspace.Path, text string, regions []window) ([]match, error) {
	var matches []match
	for _, r := range regions {
		part := text[r.start:r.end]
		//lint:ignore SA1019 v8 has no other type that DetectContext takes
		for _, f := range d.DetectContext(ctx, detect.Fragment{Raw: part, FilePath: string(path), StartLine: 1}) {
			m, err := e.locate(part, f)
			if err != nil {
				return nil, err
			}
			m.start += r.start
			m.end += r.start
			matches = append(matches, m)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return matches, nil
}

// locate finds the place of a finding's secret in text. The detector gives lines and columns of the match; after the
// first line its columns are one too high.
func (e *leaksEngine) locate(text string, f report.Finding) (match, error) {
	m := match{rule: f.RuleID, description: f.Description, decoded: decodedTags(f.Tags)}
	m.start = place(text, f.StartLine, f.StartColumn) - 1
	if len(m.decoded) > 0 {
		m.end = place(text, f.EndLine, f.EndColumn)
		if m.start >= 0 && m.start < len(text) && m.end <= m.start { // the detector loses the end in a last line without LF
			m.end = lineEnd(text, m.start)
		}
		if m.start < 0 || m.end > len(text) || m.start >= m.end {
			return match{}, fmt.Errorf("BUG: %s at %d:%d lies outside the text", f.RuleID, f.StartLine, f.StartColumn)
		}
		return m, nil
	}
	// Line ends at the edges of a match are left out of it, those before it without moving its place.
	for m.start >= 0 && m.start < len(text) && text[m.start] == '\n' && !strings.HasPrefix(text[m.start:], f.Match) {
		m.start++
	}
	if m.start < 0 || m.start > len(text) || !strings.HasPrefix(text[m.start:], f.Match) {
		return match{}, fmt.Errorf("BUG: %s at %d:%d is not where the detector says", f.RuleID, f.StartLine, f.StartColumn)
	}
	from, to := e.secretIn(f)
	m.start, m.end = m.start+from, m.start+to
	if f.Secret != "" && text[m.start:m.end] != f.Secret {
		return match{}, fmt.Errorf("BUG: %s at %d:%d holds another secret", f.RuleID, f.StartLine, f.StartColumn)
	}
	m.end = tokenEnd(text, m.start, m.end)
	return m, nil
}

// place turns a line, counted from 1, and a column of the detector into an offset, one too high for a start.
func place(text string, line, column int) int {
	before := 0
	for range line - 1 {
		i := strings.IndexByte(text[before:], '\n')
		if i < 0 {
			return len(text) + 1
		}
		before += i + 1
	}
	return max(before-1, 0) + column
}

// secretIn is the span of the secret in the match: the group that the detector takes.
func (e *leaksEngine) secretIn(f report.Finding) (from, to int) {
	rule := e.rule(e.ids[f.RuleID])
	groups := rule.Regex.FindStringSubmatchIndex(f.Match)
	if len(groups) < 4 {
		return 0, len(f.Match)
	}
	if g := 2 * rule.SecretGroup; f.Secret == "" || g >= len(groups) {
		return 0, len(f.Match)
	} else if g > 0 {
		return groups[g], groups[g+1]
	}
	for i := 2; i < len(groups); i += 2 {
		if groups[i] >= 0 && groups[i+1] > groups[i] {
			return groups[i], groups[i+1]
		}
	}
	return 0, len(f.Match)
}

func decodedTags(tags []string) (decoded []string) {
	for _, tag := range tags {
		if name, ok := strings.CutPrefix(tag, "decoded:"); ok {
			decoded = append(decoded, name)
		}
	}
	return decoded
}

// maxToken bounds how far a secret is extended.
const maxToken = 4096

// tokenEnd is the end of the token that the secret text[start:end] begins: some rules stop at the length that a key
// usually has, and what they leave would be shown.
func tokenEnd(text string, start, end int) int {
	secret := text[start:end]
	if secret == "" || strings.Contains(secret, "\n") || strings.HasSuffix(secret, "-----") || !tokenByte(secret[len(secret)-1]) {
		return end
	}
	base64 := strings.ContainsAny(secret, "+/")
	dotted := strings.Contains(secret, ".")
	limit := min(len(text), end+maxToken)
	for end < limit {
		c := text[end]
		inner := dotted && c == '.' && end+1 < limit && tokenByte(text[end+1])
		if !tokenByte(c) && !inner && !(base64 && (c == '+' || c == '/')) {
			break
		}
		end++
	}
	for n := 0; n < 2 && end < limit && text[end] == '='; n++ {
		end++
	}
	return end
}

func tokenByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '-'
}
