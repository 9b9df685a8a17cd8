package match

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Law: find lists the even places of a block at which a marked trigram stands, in order, however it goes about it.
func TestFindEqualsItsDefinition(t *testing.T) {
	m := gitleaksOracle().set.plain.marks
	random := rand.New(rand.NewPCG(7, 8))
	wide, narrow := new(places), new(places)
	total := 0
	for range 3000 {
		block := randomBlock(random)
		n, all := m.find(block, wide)
		k, every := m.bytes.find(block, narrow, 0, 0)
		var want []uint16
		var or uint64
		for at := 0; at < rounds(len(block)); at += 2 {
			if m.bytes[fold(block[at])|fold(block[at+1])<<5|fold(block[at+2])<<10] != 0 {
				want = append(want, uint16(at))
			}
			or |= uint64(block[at] | block[at+1])
		}
		if !slices.Equal(wide[:n], want) || !slices.Equal(narrow[:k], want) {
			t.Fatalf("in %q: %v and %v, want %v", block, wide[:n], narrow[:k], want)
		}
		for _, got := range []uint64{all, every} {
			if (got&0x8080_8080_8080_8080 != 0) != (or&0x80 != 0) {
				t.Fatalf("in %q: not ASCII is %v, want %v", block, got&0x8080_8080_8080_8080 != 0, or&0x80 != 0)
			}
		}
		total += len(want)
	}
	if total < 3000 {
		t.Errorf("only %d places found", total)
	}
}

func randomBlock(random *rand.Rand) []byte {
	block := make([]byte, random.IntN(200))
	if random.IntN(10) == 0 {
		block = make([]byte, blockSize-random.IntN(40)+reach-stride)
	}
	exprs := gitleaksExprs()
	for at := 0; at < len(block); {
		at += copy(block[at:], randomText(random, exprs, random.IntN(len(exprs))))
	}
	if random.IntN(2) == 0 {
		for i := range block {
			block[i] &= 0x7f
		}
	}
	return block
}

// Law: sift keeps the places where a window stands, or stands one byte before.
func TestSiftKeepsEveryWindow(t *testing.T) {
	s := gitleaksOracle().set
	sc := newScan(s)
	random := rand.New(rand.NewPCG(9, 10))
	total := 0
	for range 300 {
		block := randomBlock(random)
		sc.text = string(block)
		list := new(places)
		n, _ := s.plain.find(block, list)
		kept := list[:s.plain.sift(block, 0, list, n)]
		for at := 1; at < rounds(len(block)); at++ {
			for id := range s.windows {
				if !slices.Contains(s.plain.windows[s.group(id)], id) || !sc.stands(&s.windows[id], at) {
					continue
				}
				total++
				if even := at + at&1; even < rounds(len(block)) && !slices.Contains(kept, uint16(even)) {
					t.Fatalf("window %d at %d of %q is not among %v", id, at, block, kept)
				}
			}
		}
	}
	if total < 300 {
		t.Errorf("only %d windows", total)
	}
}

// group is the group of a plain window.
func (s *Set) group(window int) int {
	for g, list := range s.plain.windows {
		if slices.Contains(list, window) {
			return g
		}
	}
	return 0
}
