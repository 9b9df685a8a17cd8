package diff3

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// script is edits of one side. All lines of base and all new ones are different, so that there is one shortest diff,
// which is this.
type script []struct {
	from, to int // lines of base
	put      []string
}

func (s script) apply(base []string) string {
	var made []string
	at := 0
	for _, e := range s {
		made = append(append(made, base[at:e.from]...), e.put...)
		at = e.to
	}
	return strings.Join(append(made, base[at:]...), "")
}

func (s *script) add(from, to int, put ...string) {
	*s = append(*s, struct {
		from, to int
		put      []string
	}{from, to, put})
}

// writer makes up lines that are all different.
type writer struct {
	*rand.Rand
	made int
}

func (w *writer) lines(n int) []string {
	made := make([]string, n)
	for i := range made {
		w.made++
		made[i] = fmt.Sprintf("%x line %d\n", w.Uint32(), w.made)
	}
	return made
}

// edit adds an edit that begins at line from, and returns where it ends: no insertion where insert is false.
func (w *writer) edit(s *script, from int, insert bool) (to int) {
	old := w.IntN(4)
	if !insert {
		old = 1 + w.IntN(3)
	}
	added := w.IntN(4)
	if old == 0 {
		added++
	}
	s.add(from, from+old, w.lines(added)...)
	return from + old
}

// conflict adds edits of the same place to both sides. They may begin and end with common lines.
func (w *writer) conflict(sides *[2]script, at int) (end int) {
	front, back := w.lines(w.IntN(3)), w.lines(w.IntN(3))
	end = at + w.IntN(5)
	for i := range sides {
		put := slices.Concat(front, w.lines(1+w.IntN(3)), back)
		sides[i].add(at, end, put...)
	}
	return end
}
