package engine

import (
	"regexp"
	"regexp/syntax"
	"sync"
	"unicode/utf8"

	"cofferdam/scan/engine/match"
)

// groups finds the groups of an expression in the text of a match, as FindStringSubmatchIndex does. Package regexp
// falls back to its slowest machine for expressions of more than 500 instructions, which most rules are; a match is
// short, so that noting every pair of instruction and place is cheap here. The method is that of RE2's BitState.
type groups struct {
	source string
	once   sync.Once
	expr   func() *regexp.Regexp // for long texts
	steps  []step
	start  int
	places int // in the result: two for the match and for each group
}

// step is an instruction.
type step struct {
	syntax.Inst
	ascii [2]uint64 // the ASCII that it takes, where it takes a rune
}

// maxNotes is how many pairs are noted, at most, in bits. A private key takes 7 million.
const maxNotes = 1 << 24

// notes is the memory of a search for groups.
type notes struct {
	seen   []uint64
	jobs   []job
	places []int
}

// job is to go on at an instruction and a place or, where the instruction is negative, to set back places[^pc].
type job struct{ pc, at int }

func (g *groups) build() {
	g.expr = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(g.source) })
	re, err := syntax.Parse(g.source, syntax.Perl)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		panic("BUG: " + err.Error())
	}
	g.start, g.places = prog.Start, 2+2*re.MaxCap()
	g.steps = make([]step, len(prog.Inst))
	classes := map[*rune][2]uint64{} // copies of a repeated part share their runes
	for i := range prog.Inst {
		in := &prog.Inst[i]
		g.steps[i].Inst = *in
		if len(in.Rune) < 2 {
			g.steps[i].ascii = match.ASCII(in)
			continue
		}
		ascii, known := classes[&in.Rune[0]]
		if !known {
			ascii = match.ASCII(in)
			classes[&in.Rune[0]] = ascii
		}
		g.steps[i].ascii = ascii
	}
}

// count is how many groups there are.
func (g *groups) count() int {
	g.once.Do(g.build)
	return g.places/2 - 1
}

// find is the places of the match and its groups, -1 for what is not in it; nil where nothing matches. They are valid
// until the notes are used again.
func (g *groups) find(text string, n *notes) []int {
	g.once.Do(g.build)
	width := len(text) + 1
	if len(g.steps)*width > maxNotes {
		return g.expr().FindStringSubmatchIndex(text)
	}
	n.clear(len(g.steps)*width, g.places)
	for at := 0; ; {
		if g.from(text, at, n) {
			return n.places
		}
		if at == len(text) {
			return nil
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
}

func (n *notes) clear(bits, places int) {
	words := (bits + 63) / 64
	if cap(n.seen) < words {
		n.seen = make([]uint64, words)
	}
	n.seen = n.seen[:words]
	clear(n.seen)
	n.places = n.places[:0]
	for range places {
		n.places = append(n.places, -1)
	}
}

// see says whether a pair is new, and notes it.
func (n *notes) see(pair int) bool {
	word, bit := &n.seen[pair/64], uint64(1)<<(pair%64)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	return true
}

// from looks for a match that begins at a place. Alternatives are tried in the order of preference, so the first match
// is the one. What failed at a pair will fail there again, from whatever beginning.
func (g *groups) from(text string, begin int, n *notes) bool {
	n.places[0] = begin
	n.jobs = append(n.jobs[:0], job{g.start, begin})
	for len(n.jobs) > 0 {
		j := n.jobs[len(n.jobs)-1]
		n.jobs = n.jobs[:len(n.jobs)-1]
		if j.pc < 0 {
			n.places[^j.pc] = j.at
		} else if g.follow(text, j, n) {
			return true
		}
	}
	return false
}

// follow goes on with a job until it fails or matches.
func (g *groups) follow(text string, j job, n *notes) bool {
	for {
		if !n.see(j.pc*(len(text)+1) + j.at) {
			return false
		}
		s := &g.steps[j.pc]
		switch s.Op {
		case syntax.InstMatch:
			n.places[1] = j.at
			return true
		case syntax.InstFail:
			return false
		case syntax.InstAlt, syntax.InstAltMatch:
			n.jobs = append(n.jobs, job{int(s.Arg), j.at})
		case syntax.InstCapture:
			n.jobs = append(n.jobs, job{^int(s.Arg), n.places[s.Arg]})
			n.places[s.Arg] = j.at
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(s.Arg)&^around(text, j.at) != 0 {
				return false
			}
		case syntax.InstNop:
		default:
			size := s.take(text[j.at:])
			if size == 0 {
				return false
			}
			j.at += size
		}
		j.pc = int(s.Out)
	}
}

// take is the size of the rune that text begins with, where the step takes it.
func (s *step) take(text string) int {
	if text == "" {
		return 0
	}
	if b := text[0]; b < utf8.RuneSelf {
		return int(s.ascii[b/64] >> (b % 64) & 1)
	}
	if r, size := utf8.DecodeRuneInString(text); s.MatchRune(r) {
		return size
	}
	return 0
}

// around is the assertions that hold at a place.
func around(text string, at int) syntax.EmptyOp {
	before, after := rune(-1), rune(-1)
	if at > 0 {
		before, _ = utf8.DecodeLastRuneInString(text[:at])
	}
	if at < len(text) {
		after, _ = utf8.DecodeRuneInString(text[at:])
	}
	return syntax.EmptyOpContext(before, after)
}
