package match

// Tables is what Derive learns from expressions: where each of them has to be looked for. It is plain data, so that a
// generator can write it down as a Go literal.
type Tables struct {
	Classes  []string // sets of bytes, each a bit map of 32 bytes
	Cuts     []Cut
	Windows  []Window
	Searched []Search
}

// Search is a rule that is rare to have a keyword, and has no windows that are. Only where a keyword stands is the text
// searched for it, in a pass of its own.
type Search struct {
	Rule  int
	Plain bool // by package regexp alone, as it matches the empty text
	Open  bool // whatever the text has, as it has no keywords that could be seen
	Cuts  bool // it has cuts, whose windows are Only for it; else an automaton goes over all of the text
}

// Unbounded is the width of what has no end.
const Unbounded = -1

// Cut is a place in an expression that every match of one of its branches passes.
type Cut struct {
	Rule     int
	Tail     string // the expression from the cut on
	Before   int    // bytes of a match in front of the cut, at most
	Alphabet int    // class of the bytes that can stand there
	After    int    // bytes of a match behind the cut, at most
	Gap      Gap
	Hinted   bool // a match can start anywhere in front, but for the hints of its rule
	Hint     bool // the cut tells only where matches with a hinted one can start
}

// Window is four classes of bytes that follow some cuts, or that some keywords have.
type Window struct {
	Classes []int // four
	Lead    int   // bytes of the window in front of the cut; what begins a text can lack them
	Group   int   // one of 64, of windows that are looked for together
	Odd     bool  // has a byte of a rune that folds to an ASCII letter
	Only    int   // if not 0, it is looked for only in the search for rule Only-1
	Cuts    []int // what it stands at
	Gates   []Gate
}

// Gate is a keyword of a rule in Searched or Plain, of which a window begins At bytes after its start.
type Gate struct {
	Rule    int
	Keyword string
	At      int
}
