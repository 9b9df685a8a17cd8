package decode

import (
	"unsafe"

	"cofferdam/internal/byteclass"
)

const (
	ones = 0x0101010101010101
	high = 0x80 * ones
)

// digits marks the bytes of w that are base64 digits of either alphabet by their high bit. All eight are compared at once:
// a byte below 0x80 plus 0x80-c has its high bit set from c on, and nothing carries into the next.
func digits(w uint64) uint64 {
	low := w &^ high
	folded := low | 0x20*ones
	letter := (folded + (0x80-'a')*ones) &^ (folded + (0x7f-'z')*ones)
	plusToNine := (low + (0x80-'+')*ones) &^ (low + (0x7f-'9')*ones)
	noDotOrComma := (low&^(0x02*ones) ^ ','*ones) + 0x7f*ones // '.' is ',' with one bit more
	noUnderscore := (low ^ '_'*ones) + 0x7f*ones
	return (letter | plusToNine&noDotOrComma | ^noUnderscore) &^ w & high
}

// gather is a bit for each byte of w that is a digit. The factor moves the high bit of byte k to bit 56+k; no two of the
// products' bits meet.
func gather(w uint64) uint64 { return digits(w) * 0x0002040810204081 >> 56 }

// block is a bit for each of the 64 bytes of text from at that is a digit; behind the end of text there is none.
func block(text string, at int) uint64 {
	if at+64 > len(text) {
		return lastBlock(text, at)
	}
	s := text[at : at+64]
	return gather(load(s, 0)) | gather(load(s, 8))<<8 | gather(load(s, 16))<<16 | gather(load(s, 24))<<24 |
		gather(load(s, 32))<<32 | gather(load(s, 40))<<40 | gather(load(s, 48))<<48 | gather(load(s, 56))<<56
}

// blocks is what block makes of as many blocks, one behind the other.
type blocks [16]uint64

var digitClass = byteclass.New("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")

// fill makes count of them, from at on.
func (b *blocks) fill(text string, at, count int) {
	if byteclass.Wide() && count > 1 {
		digitClass.Blocks(bytesOf(text[at:]), b[:count])
		return
	}
	for i := range count {
		b[i] = block(text, at+64*i)
	}
}

func lastBlock(text string, at int) (mask uint64) {
	i := 0
	for ; at+i+8 <= len(text); i += 8 {
		mask |= gather(load(text, at+i)) << i
	}
	for ; at+i < len(text); i++ {
		mask |= gather(uint64(text[at+i])) << i
	}
	return mask
}

func load(text string, at int) uint64 {
	s := text[at : at+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// streak follows runs of digits through blocks. Each field has a bit where so many digits end in a row; it keeps those of
// the block before, since a run goes on from there. It has four fields, so that the compiler keeps it in registers.
type streak struct{ of1, of2, of4, of8 uint64 }

// on is the streak in the next block, and a bit for each 16th digit in a row.
func (s streak) on(of1 uint64) (next streak, of16 uint64) {
	of2 := of1 & (of1<<1 | s.of1>>63)
	of4 := of2 & (of2<<2 | s.of2>>62)
	of8 := of4 & (of4<<4 | s.of4>>60)
	return streak{of1, of2, of4, of8}, of8 & (of8<<8 | s.of8>>56)
}

func bytesOf(text string) []byte { return unsafe.Slice(unsafe.StringData(text), len(text)) }
