package match

import "regexp/syntax"

// longRepeat is from which bound on a repetition counts as unbounded in a tail.
const longRepeat = 64

// loosen is re with its long repetitions unbounded. A tail may take too much, never too little; and {3,256} makes 256
// copies of an instruction, and as many states, where {3,} makes three.
func loosen(re *syntax.Regexp) *syntax.Regexp {
	loose := *re
	loose.Sub = make([]*syntax.Regexp, len(re.Sub))
	for i, sub := range re.Sub {
		loose.Sub[i] = loosen(sub)
	}
	if re.Op == syntax.OpRepeat && re.Max >= longRepeat {
		loose.Max = -1
	}
	return &loose
}
