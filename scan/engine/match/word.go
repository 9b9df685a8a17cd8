package match

// known is a scan's own memory of what is to be done at four bytes, by what they are and what kind of byte is before
// them: source code has the same words over and over. So most places where windows stand cost one look here, and the
// automaton goes on where it was behind the four bytes the last time.
type known [1 << knownBits]knownWord

const knownBits = 12

// knownWord is what is to be done at four bytes.
type knownWord struct {
	bytes  uint32
	kind   kind // of the byte before
	there  bool
	ends   bool    // nothing follows the four bytes
	bundle *bundle // nil for nothing

	// Behind the four bytes, where the bundle has one run and nothing that comes before that stops it.
	store *store
	state state
}

// wordAt is what is to be done at a place with four bytes.
func (sc *scan) wordAt(b *buckets, from int) *knownWord {
	bytes := wordOf(sc.text, from)
	k := kindBefore(sc.text, from)
	w := &sc.known[(bytes^uint32(k)<<30)*0x9e3779b1>>(32-knownBits)]
	if !w.there || w.bytes != bytes || w.kind != k {
		*w = knownWord{bytes: bytes, kind: k, there: true, bundle: sc.bundleAt(b, from)}
	}
	return w
}

func wordOf(text string, from int) uint32 {
	t := text[from : from+windowWidth]
	return uint32(t[0]) | uint32(t[1])<<8 | uint32(t[2])<<16 | uint32(t[3])<<24
}

// bundleAt is the bundle of the windows at a place, or nil.
func (sc *scan) bundleAt(b *buckets, from int) *bundle {
	windows := sc.windowsAt(b, sc.groups(b, from), from)
	if len(windows) == 0 {
		sc.dull.add(wordOf(sc.text, from))
		return nil
	}
	return sc.set.binder.of(windows)
}

// meet does what is to be done at four bytes.
func (sc *scan) meet(w *knownWord, from int) {
	if w.bundle == nil {
		return
	}
	sc.begins(w.bundle, from)
	if len(w.bundle.runs) != 1 {
		sc.runs(w.bundle, from)
		return
	}
	r := &w.bundle.runs[0]
	at := from + r.at
	if w.ends || r.tails.gap != nil && !r.tails.gap.follows(sc.text, at) {
		return
	}
	if w.store == nil || w.store != r.tails.current.Load() {
		w.store, w.state = sc.enter(r, from)
		w.ends = w.store == nil
	}
	if w.ends {
		return
	}
	if w.state != 0 {
		sc.tailFrom(r.tails, at, from+windowWidth, w.store, w.state)
	} else {
		sc.tail(r.tails, at)
	}
}

// enter runs over the rest of the four bytes at a place. There is no state where it would have to stop on the way.
func (sc *scan) enter(r *run, from int) (*store, state) {
	first, s, at := r.tails.enter(sc.text, from+r.at)
	for st := first; s != 0 && at < from+windowWidth; at++ {
		if st, s = r.tails.next(st, s, sc.text[at]); s.stops() || st != first {
			s = 0
		}
	}
	return first, s
}
