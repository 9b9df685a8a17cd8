package report

import (
	"slices"

	"cofferdam/scan"
)

// severities from the worst down. What is none of them is unknown and stands first: nothing is made light of.
var severities = [...]string{"critical", "high", "medium", "low"}

// rank is 0 for an unknown severity, 1 for critical, 4 for low.
func rank(severity string) int { return slices.Index(severities[:], severity) + 1 }

// pick is the word of a format for a severity; words are for critical, high, medium and low.
func pick(severity string, words [4]string) string { return words[max(rank(severity)-1, 0)] }

// worstFirst sorts findings by severity and leaves those of one severity in their order.
func worstFirst(findings []scan.Finding) []scan.Finding {
	slices.SortStableFunc(findings, func(a, b scan.Finding) int { return rank(a.Severity) - rank(b.Severity) })
	return findings
}
