package placeholder

import "unicode/utf8"

func isHigh(r rune) bool { return 0xD800 <= r && r < 0xDC00 }
func isLow(r rune) bool  { return 0xDC00 <= r && r < 0xE000 }

// appendRune writes r as UTF-8 does, half surrogate pairs included, which package utf8 refuses.
func appendRune(text []byte, r rune) []byte {
	if 0xD800 <= r && r < 0xE000 {
		return append(text, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
	}
	return utf8.AppendRune(text, r)
}

// runeAt reads what appendRune wrote. It is -1 for one byte that is of no character.
func runeAt(text []byte) (r rune, n int) {
	r, n = utf8.DecodeRune(text)
	if r != utf8.RuneError || n != 1 {
		return r, n
	}
	if len(text) >= 3 && text[0] == 0xED && text[1] >= 0xA0 && text[1] < 0xC0 && text[2]&0xC0 == 0x80 {
		return 0xD000 | rune(text[1]&0x3F)<<6 | rune(text[2]&0x3F), 3
	}
	return -1, 1
}

// wide is how many bytes of UTF-16 the character r takes.
func wide(r rune) int {
	if r >= 0x10000 {
		return 4
	}
	return 2
}

// cursor walks down a body and knows where it is in the raw text. Places are asked for in rising order.
type cursor struct {
	b       body
	at, raw int
}

// to walks to the last character that begins at or before the byte raw of the raw text, and says whether one begins there.
func (c *cursor) to(raw int) (at int, exact bool) {
	if c.b.code == Bytes {
		return raw, true
	}
	for c.at < len(c.b.text) {
		r, n := runeAt(c.b.text[c.at:])
		if c.raw+wide(r) > raw {
			break
		}
		c.at, c.raw = c.at+n, c.raw+wide(r)
	}
	return c.at, c.raw == raw
}

// past walks to the first character that begins at or after the byte raw of the raw text.
func (c *cursor) past(raw int) int {
	at, exact := c.to(raw)
	if !exact && at < len(c.b.text) {
		_, n := runeAt(c.b.text[at:])
		return at + n
	}
	return at
}

// rawOf is the place in the raw text of the byte at of the body.
func (c *cursor) rawOf(at int) int {
	if c.b.code == Bytes {
		return at
	}
	for c.at < at && c.at < len(c.b.text) {
		r, n := runeAt(c.b.text[c.at:])
		c.at, c.raw = c.at+n, c.raw+wide(r)
	}
	return c.raw
}

// wholeRunes widens text[start:end] so that it begins and ends between characters, where text has any there.
func wholeRunes(text []byte, start, end int) (int, int) {
	if from, _, inside := runeAround(text, start); inside {
		start = from
	}
	if _, to, inside := runeAround(text, end); inside {
		end = to
	}
	return start, end
}

// runeAround is the character that has the byte at, and not as its first.
func runeAround(text []byte, at int) (from, to int, inside bool) {
	for from = at - 1; from >= 0 && from > at-utf8.UTFMax; from-- {
		if utf8.RuneStart(text[from]) {
			r, n := runeAt(text[from:])
			return from, from + n, r >= 0 && from+n > at
		}
	}
	return 0, 0, false
}
