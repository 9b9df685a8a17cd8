package match

import (
	"math/rand/v2"
	"testing"
)

// Law: where a gap does not follow, the automaton of the cut finds nothing.
func TestGapIsNecessary(t *testing.T) {
	o := gitleaksOracle()
	random := rand.New(rand.NewPCG(15, 16))
	refused, followed := 0, 0
	sc := newScan(o.set)
	for i := range o.exprs {
		sc.begin(randomText(random, o.exprs, i))
		for id := range o.set.windows {
			w := &o.set.windows[id]
			if w.gap == nil {
				continue
			}
			for from := range len(sc.text) {
				if !sc.stands(w, from) {
					continue
				}
				follows := w.gap.follows(sc.text, from+w.lead)
				sc.tail(w, from+w.lead)
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
		t.Errorf("%d windows refused, %d followed", refused, followed)
	}
}

// forget forgets what was found, not the text.
func (sc *scan) forget() {
	text := sc.text
	sc.reset()
	sc.begin(text)
}
