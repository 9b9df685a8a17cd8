package match

import "regexp/syntax"

// Bounds of a repetition in a tail: one that may be longer than longRepeat counts as unbounded, and one that is at least
// longLeast counts as at least that, and unbounded.
const (
	longRepeat = 64
	longLeast  = 16
)

// loosen is re with its long repetitions unbounded. A tail may take too much, never too little; and {3,256} makes 256
// copies of an instruction, and as many states, where {3,} makes three.
func loosen(re *syntax.Regexp) *syntax.Regexp {
	loose := *re
	loose.Sub = make([]*syntax.Regexp, len(re.Sub))
	for i, sub := range re.Sub {
		loose.Sub[i] = loosen(sub)
	}
	if re.Op == syntax.OpRepeat && (re.Max >= longRepeat || re.Min > longLeast) {
		loose.Min, loose.Max = min(re.Min, longLeast), -1
	}
	return &loose
}
