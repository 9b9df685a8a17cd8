package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const head = `
## On ordinary trees

Made by ` + "`go run ./scan/detection/trees`" + `, whose package comment has the whole command. These trees are public, and hardly
anything in them is a secret that somebody uses. What is reported has been looked at and put into classes, in
` + "`scan/detection/trees/classes.toml`" + `. A finding in no class is counted as not reviewed, and the command fails.

Credential files, known by their name with content that bears it out, count as findings. What is not read whole are
archives that are broken on purpose.

`

func (r *review) table(tallies []tally) string {
	var b strings.Builder
	b.WriteString(head)
	b.WriteString("| tree | files | findings | per 10,000 files | critical | high | medium | low | not reviewed | not read whole |\n" +
		"|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, t := range tallies {
		s := t.severities
		fmt.Fprintf(&b, "| %s | %d | %d | %.1f | %d | %d | %d | %d | %d | %d |\n", t.tree.Title, t.files, t.findings,
			per10000(t.findings, t.files), s["critical"], s["high"], s["medium"], s["low"], len(t.unknown), t.incomplete)
	}
	b.WriteString("\n| class |" + columns(tallies) + " why |\n|---|" + strings.Repeat("---:|", len(tallies)) + "---|\n")
	for i, c := range r.Classes {
		row(&b, c.Title, tallies, func(t tally) int { return t.classes[i] })
		fmt.Fprintf(&b, " %s |\n", c.Why)
	}
	b.WriteString("\n| rule |" + columns(tallies) + "\n|---|" + strings.Repeat("---:|", len(tallies)) + "\n")
	for _, rule := range rulesOf(tallies) {
		row(&b, "`"+rule+"`", tallies, func(t tally) int { return t.rules[rule] })
		b.WriteByte('\n')
	}
	return b.String()
}

func per10000(n, of int) float64 { return float64(n) * 10_000 / float64(max(of, 1)) }

func columns(tallies []tally) string {
	var b strings.Builder
	for _, t := range tallies {
		b.WriteString(" " + t.tree.Name + " |")
	}
	return b.String()
}

func row(b *strings.Builder, title string, tallies []tally, count func(tally) int) {
	fmt.Fprintf(b, "| %s |", title)
	for _, t := range tallies {
		fmt.Fprintf(b, " %d |", count(t))
	}
}

// rulesOf is the rules that found something, those that found most first.
func rulesOf(tallies []tally) []string {
	sum := map[string]int{}
	for _, t := range tallies {
		for rule, n := range t.rules {
			sum[rule] += n
		}
	}
	return slices.SortedFunc(maps.Keys(sum), func(a, b string) int { return cmp.Or(sum[b]-sum[a], cmp.Compare(a, b)) })
}
