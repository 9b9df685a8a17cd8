package match

import (
	"strings"
	"testing"
)

// Law: the bytes that any part goes over are in proportion to the text's, however hostile it is.
func TestWorkIsLinear(t *testing.T) {
	o := gitleaksOracle()
	begin, end := "-----BEGIN RSA PRIVATE "+"KEY-----\n", "-----END RSA PRIVATE "+"KEY-----\n"
	hex := strings.Repeat("0a1b2c3d", 8)
	for _, unit := range []string{
		"key=", "key = ", "token:a1b2c3d4e5f6g7h8\n", "curl ", "curl -u a:b\n", "curl -u a:b ", ".ey", "s.", " s.a", "private key", begin, end, begin + end, "\u017f", "\u212a", "\u0130", "secret\n",
		"kind: secret\ndata:\n", "data: kind: secret ", "data: ", "a", "A", "AAAAEAAA", "Zm9vYmFyYmF6cXV4MTIzNDU2", "<add key=\"password\" value=\"", "facebook 1234567890123456|", "sgp_" + hex, hex,
		"eyJhbGciOi.", "ey" + hex + ".ey" + hex + ".", "\x00", "\xff", "\xe2\x84", "\u20ac", "xoxb-1234567890-", "api_key_", "password", "discord" + hex, "ops_eyJ", "EAAC", "\u017fecret=", "'", "\n",
	} {
		t.Run(clipped(unit), func(t *testing.T) {
			for _, size := range []int{64 << 10, 512 << 10} {
				text := strings.Repeat(unit, size/len(unit))
				sc := newScan(o.set)
				matches := 0
				sc.findAll(text, func(rule, start, end int) { matches++ })
				w := sc.work
				t.Logf("%q: %d bytes, %d matches, %+v", unit, len(text), matches, w)
				if bound := (tailPerByte+1)*len(text) + tailFree + passageEvery; w.tail > bound {
					t.Errorf("automata went over %d bytes behind cuts, want at most %d", w.tail, bound)
				}
				if bound := 2 * (firstPerByte*len(text) + firstFree); w.first > bound {
					t.Errorf("automata went over %d bytes for matches, want at most %d", w.first, bound)
				}
				if bound := 20*len(text) + 100_000; w.regexp > bound {
					t.Errorf("package regexp was given %d bytes, want at most %d", w.regexp, bound)
				}
				if w.made > madeFree+len(text)/passageEvery+1000 {
					t.Errorf("%d states were made", w.made)
				}
			}
		})
	}
}
