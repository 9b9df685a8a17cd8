package match

import "testing"

// Law: bytes of one column are of one kind, and every class has all of them or none; the byte that stands for a column is
// in it.
func TestColumnsAreNotToldApart(t *testing.T) {
	for _, e := range gitleaksExprs() {
		a := newAutomaton(false, 0, nil)
		a.add(mustParse(e.Regex), 0)
		c := newColumns(a.classes, false)
		for b, column := range c.of {
			of := c.bytes[column]
			switch {
			case (b < 0x80) != (of < 0x80):
				t.Fatalf("%#x is in the column of %#x", b, of)
			case b >= 0x80:
				continue
			case kindOf(byte(b)) != kindOf(of):
				t.Errorf("%#x and %#x are of one column", b, of)
			}
			for i := range a.classes {
				if mask := a.classes[i].ascii; mask.has(byte(b)) != mask.has(of) {
					t.Fatalf("%.80q tells %#x and %#x apart, of one column", e.Regex, b, of)
				}
			}
		}
		for column, b := range c.bytes {
			if int(c.of[b]) != column {
				t.Errorf("%#x stands for column %d and is in %d", b, column, c.of[b])
			}
		}
		for _, b := range beyond {
			if c.bytes[c.of[b]] != b {
				t.Errorf("%#x shares a column", b)
			}
		}
	}
}
