package report

import (
	"maps"
	"slices"
	"strings"

	"cofferdam/scan"
)

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifRule struct {
	ID         string              `json:"id"`
	Short      *sarifMessage       `json:"shortDescription,omitempty"`
	Default    sarifConfiguration  `json:"defaultConfiguration"`
	Properties sarifRuleProperties `json:"properties"`
}

type sarifConfiguration struct {
	Level string `json:"level"`
}

// sarifRuleProperties are those that GitHub reads: the number decides the severity of an alert, the tag that it is one
// about security.
type sarifRuleProperties struct {
	Severity string   `json:"security-severity"`
	Tags     []string `json:"tags"`
}

// sarifRules is the rules that findings go by, sorted by id, and where in the list each is.
type sarifRules struct {
	list  []sarifRule
	index map[string]int
}

func newSARIFRules(all []scan.Finding) sarifRules {
	worst := map[string]*scan.Finding{}
	for i := range all {
		if f := worst[all[i].Rule]; f == nil || rank(all[i].Severity) < rank(f.Severity) {
			worst[all[i].Rule] = &all[i]
		}
	}
	rules := sarifRules{[]sarifRule{}, map[string]int{}}
	for _, id := range slices.Sorted(maps.Keys(worst)) {
		f := worst[id]
		rule := sarifRule{
			ID: id, Default: sarifConfiguration{sarifLevel(f.Severity)},
			Properties: sarifRuleProperties{pick(f.Severity, [4]string{"9.5", "8.0", "5.0", "2.0"}), []string{"security"}},
		}
		if f.Description != "" {
			rule.Short = &sarifMessage{inline(f.Description)}
		}
		rules.index[id] = len(rules.list)
		rules.list = append(rules.list, rule)
	}
	return rules
}

func sarifLevel(severity string) string {
	return pick(severity, [4]string{"error", "error", "warning", "note"})
}

type sarifResult struct {
	Rule       string                `json:"ruleId"`
	Index      int                   `json:"ruleIndex"`
	Level      string                `json:"level"`
	Message    sarifMessage          `json:"message"`
	Locations  []sarifLocation       `json:"locations"`
	Partial    map[string]string     `json:"partialFingerprints,omitempty"`
	Properties sarifResultProperties `json:"properties"`
}

// sarifResultProperties say what SARIF has no property for. Columns and offsets are in bytes.
type sarifResultProperties struct {
	Severity  string   `json:"severity"`
	Column    int      `json:"column,omitempty"`
	EndColumn int      `json:"endColumn,omitempty"`
	Offset    int64    `json:"offset"`
	Length    int64    `json:"length"`
	Action    string   `json:"action,omitempty"`
	Decoded   []string `json:"decoded,omitempty"`
	Entropy   float32  `json:"entropy,omitempty"`
	Member    string   `json:"member,omitempty"`
	Commit    *commit  `json:"commit,omitempty"`
	Tags      []string `json:"tags,omitempty"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId,omitempty"`
}

// sarifRegion is whole lines. Columns of a region count UTF-16 code units or code points (3.14.17), which bytes are not
// where a line has more than ASCII; and a byteOffset beside lines would have to mean the same bytes as they do (3.30.2).
// What is exact stands in the properties of the result.
type sarifRegion struct {
	Line    int `json:"startLine"`
	EndLine int `json:"endLine"`
}

func newSARIFResult(f *scan.Finding, index int) sarifResult {
	result := sarifResult{
		Rule: f.Rule, Index: index, Level: sarifLevel(f.Severity), Message: sarifMessage{sarifText(about(f))},
		Locations: []sarifLocation{newSARIFLocation(f)},
		Properties: sarifResultProperties{
			Severity: f.Severity, Column: f.Column, EndColumn: f.EndColumn, Offset: f.Offset, Length: f.Length, Action: f.Action,
			Decoded: f.Decoded, Entropy: finite(f.Entropy), Member: f.Member, Commit: newCommit(f.Commit), Tags: uniqueSorted(f.Tags),
		},
	}
	if f.Fingerprint != "" {
		result.Partial = map[string]string{SARIFFingerprint: f.Fingerprint}
	}
	return result
}

// SARIFFingerprint is the key of a finding's fingerprint among the partialFingerprints of its result.
const SARIFFingerprint = "cofferdamFingerprint/v1"

func newSARIFLocation(f *scan.Finding) sarifLocation {
	at := sarifPhysical{Artifact: sarifArtifact{pathURI(f), sarifRoot}}
	if f.Line > 0 {
		at.Region = &sarifRegion{f.Line, lastLine(f)}
	}
	return sarifLocation{at}
}

// sarifText is plain text as a message: braces are doubled, as {0} would be a placeholder (3.11.5), and brackets escaped,
// as [text](target) would be a link (3.11.6).
func sarifText(text string) string { return sarifEscapes.Replace(text) }

var sarifEscapes = strings.NewReplacer("{", "{{", "}", "}}", `\`, `\\`, "[", `\[`, "]", `\]`)

// uniqueSorted is the tags as a set, which the schema asks for.
func uniqueSorted(tags []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(tags)))
}
