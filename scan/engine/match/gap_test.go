package match

import (
	"math/rand/v2"
	"testing"
)

// Law: an automaton finds nothing where the gap that its cuts have in common does not follow.
func TestGapFollowsEveryMatch(t *testing.T) {
	o := gitleaksOracle()
	random := rand.New(rand.NewPCG(15, 16))
	refused, followed := 0, 0
	sc := newScan(o.set)
	for i := range o.exprs {
		sc.begin(randomText(random, o.exprs, i))
		for id := range o.set.windows {
			bundle := o.set.binder.of([]int{id})
			if len(bundle.runs) == 0 || bundle.runs[0].tails.gap == nil {
				continue
			}
			r := bundle.runs[0]
			for from := range len(sc.text) {
				if !sc.stands(&o.set.windows[id], from) {
					continue
				}
				follows := r.tails.gap.follows(sc.text, from+r.at)
				sc.tail(r.tails, from+r.at)
				if hit := len(sc.touched) > 0; hit && !follows {
					t.Fatalf("window %d at %d of %q: a match, though no gap follows", id, from, sc.text)
				} else if hit {
					followed++
				} else {
					refused++
				}
				sc.forget()
			}
		}
	}
	if refused == 0 || followed == 0 {
		t.Errorf("%d places were refused, %d followed", refused, followed)
	}
}

// Law: the gap of several cuts follows wherever one of theirs does.
func TestGapOfSeveralIsWider(t *testing.T) {
	o := gitleaksOracle()
	random := rand.New(rand.NewPCG(17, 18))
	classes := o.set.binder.classes
	follows := 0
	for i := range o.exprs {
		text := randomText(random, o.exprs, i)
		for range 50 {
			one, other := random.IntN(len(o.set.cuts)), random.IntN(len(o.set.cuts))
			single, both := newGap([]int{one}, o.set.cuts, classes), newGap([]int{one, other}, o.set.cuts, classes)
			if both == nil {
				continue
			}
			for at := range len(text) {
				if single.follows(text, at) {
					if follows++; !both.follows(text, at) {
						t.Fatalf("cuts %d and %d at %d of %q: only the gap of the first follows", one, other, at, text)
					}
				}
			}
		}
	}
	if follows == 0 {
		t.Error("no gap follows anywhere")
	}
}

// forget forgets what was found, not the text.
func (sc *scan) forget() {
	text := sc.text
	sc.reset()
	sc.begin(text)
}
