package placeholder

// A window is the last characters of a text that mean something in a code, those between them left out.
const (
	plainBits, plainWindow   = 5, 8
	hexBits, hexWindow       = 4, 16
	base64Bits, base64Window = 6, 10

	longestGap = 64 // characters that may be left out between two
)

const (
	dropped = 0xFE // has no meaning
	foreign = 0xFF // ends a window
)

type codeTable [256]byte

// The tables are written once, here.
var (
	plainCodes  = plainTable()
	hexCodes    = hexTable()
	base64Codes = base64Table()
)

func plainTable() (t codeTable) {
	for c := range t {
		t[c] = dropped
		switch u := upper(byte(c)); {
		case 'A' <= u && u <= 'Z':
			t[c] = u - 'A'
		case '2' <= u && u <= '7':
			t[c] = u - '2' + 26
		case '0' <= u && u <= '9':
			t[c] = foreign
		}
	}
	return t
}

// gaps is what may stand between the digits of an encoded text.
const gaps = " \t\r\n\"'`,;:%\\\x00"

func withGaps() (t codeTable) {
	for c := range t {
		t[c] = foreign
	}
	for _, c := range []byte(gaps) {
		t[c] = dropped
	}
	return t
}

func hexTable() codeTable {
	t := withGaps()
	for _, c := range []byte("xX-{}=&#") {
		t[c] = dropped
	}
	for i, c := range []byte("0123456789ABCDEF") {
		t[c], t[c|0x20] = byte(i), byte(i)
	}
	return t
}

func base64Table() codeTable {
	t := withGaps()
	for i := range 26 {
		t['A'+i], t['a'+i] = byte(i), byte(26+i)
	}
	for i := range 10 {
		t['0'+i] = byte(52 + i)
	}
	t['+'], t['-'], t['/'], t['_'] = 62, 62, 63, 63
	return t
}

// codes is the code of a window of text.
func codes(t *codeTable, bits uint, text string) (code uint64) {
	for i := range len(text) {
		code = code<<bits | uint64(t[text[i]])
	}
	return code
}

// window slides over a text.
type window struct {
	table        *codeTable
	bits         uint
	mask         uint64
	size         int
	code         uint64
	filled, idle int
}

func newWindow(t *codeTable, bits uint, size int) window {
	return window{table: t, bits: bits, size: size, mask: ^uint64(0) >> (64 - bits*uint(size))}
}

// add takes one byte, and reports whether the window changed and is full.
func (w *window) add(c byte) bool {
	code := w.table[c]
	if code >= dropped {
		if w.idle++; code == foreign || w.idle > longestGap {
			w.filled = 0
		}
		return false
	}
	w.idle = 0
	w.filled++
	w.code = (w.code<<w.bits | uint64(code)) & w.mask
	return w.filled >= w.size
}

func (w *window) reset() { w.filled = 0 }
