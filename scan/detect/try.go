package detect

import (
	"context"
	"fmt"

	"cofferdam/rules/secret"
	"cofferdam/rules/secret/sample"
)

// Trial is how an example of a rule fared.
type Trial struct {
	Rule     string
	Positive bool
	Number   int    // of the example, among those of its kind, from 1
	Failure  string // empty where all is well; no part of the example
}

// Try tries a pack's rules on their examples, each of them with a few values made up for it.
func Try(ctx context.Context, pack *secret.Pack) ([]Trial, error) {
	d, err := New(pack.Config)
	if err != nil {
		return nil, err
	}
	var trials []Trial
	for _, e := range pack.Examples {
		for i, template := range e.Positives {
			failure, err := d.tryPositive(ctx, e.Rule, template)
			if err != nil {
				return nil, err
			}
			trials = append(trials, Trial{e.Rule, true, i + 1, failure})
		}
		for i, template := range e.Negatives {
			failure, err := d.tryNegative(ctx, e.Rule, template)
			if err != nil {
				return nil, err
			}
			trials = append(trials, Trial{e.Rule, false, i + 1, failure})
		}
	}
	return trials, nil
}

// tries is how many values are made up for an example.
const tries = 5

func (d *Detector) tryPositive(ctx context.Context, rule, template string) (failure string, err error) {
	path, template := sample.Path(template)
	for seed := range uint64(tries) {
		text, want := sample.Expand(template, seed)
		got, err := d.of(ctx, rule, path, text)
		if err != nil {
			return "", err
		}
		if len(want) == 0 && len(got) == 0 {
			return "nothing was found", nil
		}
		for _, w := range want {
			if !covered(w, got) {
				return fmt.Sprintf("bytes %d to %d were not found, but %d other places", w.Start, w.End, len(got)), nil
			}
		}
	}
	return "", nil
}

func (d *Detector) tryNegative(ctx context.Context, rule, template string) (failure string, err error) {
	path, template := sample.Path(template)
	for seed := range uint64(tries) {
		text, _ := sample.Expand(template, seed)
		got, err := d.of(ctx, rule, path, text)
		if err != nil {
			return "", err
		}
		if len(got) > 0 {
			return fmt.Sprintf("bytes %d to %d were found", got[0].Start, got[0].End), nil
		}
	}
	return "", nil
}

// of is what one rule finds.
func (d *Detector) of(ctx context.Context, rule, path, text string) ([]Match, error) {
	all, err := d.Find(ctx, path, text, 0)
	var own []Match
	for _, m := range all {
		if m.Rule.ID == rule {
			own = append(own, m)
		}
	}
	return own, err
}

func covered(w sample.Span, got []Match) bool {
	for _, m := range got {
		if m.Start <= w.Start && w.End <= m.End {
			return true
		}
	}
	return false
}
