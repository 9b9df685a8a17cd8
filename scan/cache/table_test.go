package cache

import "testing"

// A full table, or one whose records all look alike, costs no more than maxProbe looks.
func TestProbeIsBounded(t *testing.T) {
	const slots = 100 * maxProbe
	full := make(table, slots*slotLen)
	for i := range full {
		full[i] = 0x55
	}
	looks := 0
	never := func(int) bool { looks++; return false }
	if _, ok := full.find(0x55, never); ok || looks != maxProbe {
		t.Errorf("find = %v after %d looks, want false after %d", ok, looks, maxProbe)
	}
	if full.insert(0x55, 1, never) {
		t.Error("insert found room in a full table")
	}
	for _, empty := range []table{nil, make(table, slotLen)} {
		if _, ok := empty.find(1<<63, never); ok {
			t.Errorf("find in %d bytes of nothing", len(empty))
		}
	}
}

// What a table takes it gives back, also where hashes crowd at its end and go on at its start; and it takes maxProbe of
// them wherever they crowd.
func TestTableHoldsAll(t *testing.T) {
	for _, n := range []int{1, 2, 3, 10, 1000} {
		hash := func(i int) uint64 { return ^uint64(0) - uint64(i)<<55*uint64(i%2) } // crowded at the end
		filled := make(table, slotsFor(n)*slotLen)
		var entered []int
		for i := range n {
			if filled.insert(hash(i), i, func(j int) bool { return i == j }) {
				entered = append(entered, i)
			}
		}
		for _, i := range entered {
			if got, ok := filled.find(hash(i), func(j int) bool { return i == j }); !ok || got != i {
				t.Fatalf("of %d: find(%d) = %d, %v", n, i, got, ok)
			}
		}
		if len(entered) < min(n, maxProbe) {
			t.Errorf("of %d: %d entered", n, len(entered))
		}
	}
}
