package detection

import (
	_ "embed"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
)

// Table is the page about both results in Markdown. Both are of the same set.
func Table(ours, gitleaks Result) string {
	var b strings.Builder
	b.WriteString(head)
	summary(&b, ours, gitleaks)
	b.WriteString(aboutSecrets)
	rows(&b, ours.Secrets, gitleaks.Secrets)
	b.WriteString(aboutOthers)
	rows(&b, ours.Others, gitleaks.Others)
	b.WriteString(trees)
	b.WriteString(aboutMisses)
	places(&b, ours.Secrets, func(s Score) []Place { return s.Wrong })
	b.WriteString(aboutReports)
	places(&b, ours.Others, func(s Score) []Place { return s.Wrong })
	b.WriteString(aboutStrays)
	places(&b, slices.Concat(ours.Secrets, ours.Others), func(s Score) []Place { return s.Stray })
	return b.String()
}

const head = `# Detection

Made by ` + "`go generate ./scan/detection`" + ` from the labelled texts in ` + "`scan/detection/labels`" + `; do not edit.

The texts are files as they lie in projects: settings, source code, scripts, logs, in many formats and encodings, with
made-up secrets in them, and others with what only looks like a secret. They were written without looking at the rules;
the rules have been mended since with the misses in sight, so the recall here is better than on texts that nobody has seen.
Each template counts up to three times, each time with other values.

A secret is found when one finding covers nine tenths of it and is at most three times as long, so that it could be
redacted. What is no secret is reported when a finding touches it. A finding in a text that touches nothing labelled is
stray; it counts against precision like a reported one. The files' names were not judged: many of these files would be
hidden for their name alone. gitleaks is version 8.30.1 with its own rules, decoding to the same depth.

`

func summary(b *strings.Builder, ours, gitleaks Result) {
	a, g := ours.Sums(), gitleaks.Sums()
	b.WriteString("| | Cofferdam | gitleaks |\n|---|---:|---:|\n")
	row := func(name string, a, g any) { fmt.Fprintf(b, "| %s | %v | %v |\n", name, a, g) }
	row(fmt.Sprintf("secrets found, of %d in %d kinds", a.Secrets, len(ours.Secrets)), a.Found, g.Found)
	row("**recall**", percent(a.Recall()), percent(g.Recall()))
	row(fmt.Sprintf("reported of what is none, of %d in %d classes", a.Others, len(ours.Others)), a.Others-a.Alone, g.Others-g.Alone)
	row("stray findings", a.Stray, g.Stray)
	row("**precision**", percent(a.Precision()), percent(g.Precision()))
}

// trees is the part about ordinary trees, made by the command of that name.
//
//go:embed trees.md
var trees string

const aboutSecrets = `
## Secrets, by kind

How many are labelled, and how many of them are found.

| group | kind | labelled | found | recall | stray | gitleaks |
|---|---|---:|---:|---:|---:|---:|
`

const aboutOthers = `
## What is no secret, by class

How many are labelled, and how many of them are left alone.

| group | class | labelled | left alone | part | stray | gitleaks |
|---|---|---:|---:|---:|---:|---:|
`

const aboutMisses = `
## Missed

The examples, counted from 1 in their kind, and in how many of their places a secret is missed.

`

const aboutReports = `
## Reported, though no secret

`

const aboutStrays = `
## Stray

`

// places has a line for every example with some of them.
func places(b *strings.Builder, scores []Score, of func(Score) []Place) {
	none := true
	for _, s := range scores {
		for chunk := range perExample(of(s)) {
			fmt.Fprintf(b, "- %s/%d `%s`: %d\n", s.Class.ID, chunk[0].Example, chunk[0].Path, len(chunk))
			none = false
		}
	}
	if none {
		b.WriteString("None.\n")
	}
}

// perExample cuts places where another example begins.
func perExample(places []Place) iter.Seq[[]Place] {
	return func(yield func([]Place) bool) {
		for len(places) > 0 {
			n := slices.IndexFunc(places, func(p Place) bool { return p.Example != places[0].Example })
			if n < 0 {
				n = len(places)
			}
			if !yield(places[:n]) {
				return
			}
			places = places[n:]
		}
	}
}

func rows(b *strings.Builder, ours, gitleaks []Score) {
	for i, s := range ours {
		fmt.Fprintf(b, "| %s | %s | %d | %d | %s | %d | %d |\n",
			s.Class.Group, s.Class.Title, s.Labels, s.Right(), percent(part(s.Right(), s.Labels)), len(s.Stray), gitleaks[i].Right())
	}
}

// percent never rounds up to a whole that is not there.
func percent(p float64) string { return fmt.Sprintf("%.1f%%", math.Floor(p*1000)/10) }
