package match

// An automaton that takes whole runes takes those beyond ASCII for one of three: the two that fold to an ASCII letter,
// and all others. That is enough for expressions as scanners have them, whose classes have either all or none of those.
const (
	kelvinSymbol byte = 0x80 + iota
	longSSymbol
	otherSymbol
)

// advanceRune lists where a rune takes open places, and says where that cannot be told.
func (a *automaton) advanceRune(symbol byte) (extra uint32) {
	for _, it := range a.open {
		in := &a.insts[it.pc()]
		takes := false
		switch c := a.class(it); symbol {
		case kelvinSymbol:
			takes = c.odd&kelvin != 0
		case longSSymbol:
			takes = c.odd&longS != 0
		default:
			if c.loose && c.others != allOthers {
				a.items, a.found = a.items[:0], a.found[:0]
				return muddled
			}
			takes = c.loose
		}
		if takes {
			a.list(newItem(in.out, nothing))
		}
	}
	return 0
}
