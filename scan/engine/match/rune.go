package match

// An automaton that takes whole runes takes those beyond ASCII for one of three: the two that fold to an ASCII letter,
// and all others. That is enough for expressions as scanners have them, whose classes have either all or none of those.
const (
	kelvinSymbol byte = 0x80 + iota
	longSSymbol
	otherSymbol
)

// muddle is the state behind a rune that had to be told apart from others.
var muddle = state{stop: true}

// stepRune makes the state that a rune leads to from s, whose places are open.
func (a *automaton) stepRune(s *state, symbol byte) *state {
	for _, it := range a.open {
		in := &a.insts[it.pc()]
		takes := false
		switch c := in.class; symbol {
		case kelvinSymbol:
			takes = c.odd&kelvin != 0
		case longSSymbol:
			takes = c.odd&longS != 0
		default:
			if c.loose && c.others != allOthers {
				s.lead(symbol, &muddle)
				return &muddle
			}
			takes = c.loose
		}
		if takes {
			a.list(newItem(in.out, nothing))
		}
	}
	next := a.intern(other)
	s.lead(symbol, next)
	return next
}
