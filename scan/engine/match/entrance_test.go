package match

import (
	"math/rand/v2"
	"testing"
)

// Law: a run that enters behind its windows accepts what one from their begin on does, and its columns tell apart what
// its states can come to ask.
func TestEnteringBehindWindowsIsTheSame(t *testing.T) {
	o := gitleaksOracle()
	random := rand.New(rand.NewPCG(41, 42))
	sc, plain := newScan(o.set), newScan(o.set)
	accepted := 0
	for i := range o.exprs {
		text := randomText(random, o.exprs, i)
		for id := range o.set.windows {
			bundle := o.set.binder.of([]int{id})
			if len(bundle.runs) == 0 {
				continue
			}
			r := bundle.runs[0]
			whole := wholeTails(o.set, r.tails.cuts)
			for from := range len(text) - windowWidth {
				sc.begin(text)
				plain.begin(text)
				if !sc.stands(&o.set.windows[id], from) {
					continue
				}
				sc.tail(r.tails, from+r.at)
				plain.tail(whole, from+r.at)
				for _, cut := range r.tails.cuts {
					rule := o.set.cuts[cut].rule
					got, want := sc.found[rule].hits, plain.found[rule].hits
					if len(got) != len(want) || len(got) > 0 && got[0] != want[0] {
						t.Fatalf("window %d at %d of %q: %v, want %v", id, from, text, got, want)
					}
					accepted += len(got)
				}
				sc.reset()
				plain.reset()
			}
		}
	}
	if accepted == 0 {
		t.Error("nothing was accepted")
	}
}

// wholeTails begins at the cuts.
func wholeTails(s *Set, cuts []int) *tails {
	t := &tails{automaton: newAutomaton(false, kinds, &memory{}), cuts: cuts}
	var e entrance
	for _, id := range cuts {
		e.pcs = append(e.pcs, t.add(s.cuts[id].tail(), id))
	}
	t.seal(t.classes)
	t.ready = func() entrance { return e }
	return t
}
