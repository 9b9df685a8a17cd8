package allow

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode"
)

// A value is strong from so many bytes and so many bits that a guesser would have to get right.
const (
	strongLength = 16
	strongBits   = 64
)

// strong reports whether nobody can guess the value, not even who knows all of it but one part: where it has parts, most
// of it has to be strong; a URL is as strong as its password, and base64 as what it says. It errs on the side of weak,
// which costs little: what tells weak values apart is their line.
func strong(value string) bool { return isStrong(value, 2) }

// separators are what stands between the parts of a value. A dot does not make parts that are known apart: what it
// separates was made together, as in a JWT.
const separators = " \t\r\n:@;,&?#|<>\"'`{}()[]=\\"

// isStrong looks into text that is encoded up to depth times.
func isStrong(value string, depth int) bool {
	value = passwordOf(value)
	size := len(value)
	dotted, total := !strings.ContainsAny(value, separators), 0
	for len(value) > 0 {
		var part string
		if part, value = nextPart(value); isStrongPart(part, depth) {
			total += len(part)
		}
	}
	return total > 0 && (dotted || 2*total >= size)
}

// nextPart is the part that value begins with, and what follows the separator behind it.
func nextPart(value string) (part, rest string) {
	for i := range len(value) {
		if parts[value[i]] {
			return value[:i], value[i+1:]
		}
	}
	return value, ""
}

// parts is the bytes that part a value.
var parts = func() (table [256]bool) {
	for _, c := range []byte("." + separators) {
		table[c] = true
	}
	return table
}()

func isStrongPart(part string, depth int) bool {
	if len(part) < strongLength || guessBits(part) < strongBits {
		return false
	}
	text, encoded := readable(part)
	return !encoded || depth > 0 && isStrong(text, depth-1)
}

// passwordOf is the password in a URL, or what stands in its place, and any other value itself.
func passwordOf(value string) string {
	_, rest, _ := strings.Cut(value, "://")
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return value
	}
	user, password, both := strings.Cut(rest[:at], ":")
	if !both {
		return user
	}
	return password
}

// readable is the text that a value is base64 or hex of, where it is. Random bytes hardly ever make text.
func readable(value string) (string, bool) {
	if raw, err := hex.DecodeString(value); err == nil && isText(raw) {
		return string(raw), true
	}
	if len(value)%4 == 1 {
		value = value[:len(value)-1] // cut in the middle
	}
	alphabet := base64.RawStdEncoding
	if strings.ContainsAny(value, "-_") {
		value, alphabet = strings.NewReplacer("+", "-", "/", "_").Replace(value), base64.RawURLEncoding
	}
	raw, err := alphabet.DecodeString(value)
	return string(raw), err == nil && isText(raw)
}

func isText(raw []byte) bool {
	for _, c := range raw {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c >= 0x7f {
			return false
		}
	}
	return true
}

// guessBits estimates from below how many bits a guesser has to get right who knows words, names, dates, rows of keys
// and repetitions. It stops counting once there are enough. Shannon's entropy does not serve: it takes abcdefghijklmnop for 64 bits, and a sentence for more.
func guessBits(value string) int {
	most := 4 // as many as a hexadecimal digit has
	if strings.ContainsFunc(value, unicode.IsUpper) && strings.ContainsFunc(value, unicode.IsLower) && strings.ContainsAny(value, "0123456789") {
		most = 5
	}
	total, seen := 0, map[[2]byte]bool{}
	for i := 0; i < len(value) && total < strongBits; {
		run := runOf(value[i:])
		each := most
		switch {
		case len(run) > 2 && isDigit(run[0]):
			each = 2 // a year, a date, a telephone number
		case len(run) > 2 && isLetter(run[0]) && readsLikeWords(run):
			each = 1
		case !isLetter(run[0]) && !isDigit(run[0]):
			each = 2 // what stands between words, or ends them
		}
		for k := range len(run) {
			at := i + k
			if at > 0 {
				pair := [2]byte{lowerCase(value[at-1]), lowerCase(value[at])}
				if follows(value[at-1], value[at]) || seen[pair] {
					continue // a sequence, or a pair that was there before
				}
				seen[pair] = true
			}
			total += each
		}
		i += len(run)
	}
	return total
}

// runOf is the letters, digits or other bytes that the value begins with. A capital begins a new run unless a capital
// stands before it.
func runOf(value string) string {
	for i := 1; i < len(value); i++ {
		a, b := value[i-1], value[i]
		if isLetter(a) != isLetter(b) || isDigit(a) != isDigit(b) || isUpper(b) && !isUpper(a) {
			return value[:i]
		}
	}
	return value
}

// rows are the rows of keyboards, in which neighbours follow each other.
const rows = "qwertyuiop asdfghjkl zxcvbnm qwertz azerty 1234567890 !@#$%^&*()"

// follows reports whether b is a after itself: the same, the next or the last one of the alphabet or of a row of keys.
func follows(a, b byte) bool {
	a, b = lowerCase(a), lowerCase(b)
	if a == b || a+1 == b || a == b+1 {
		return true
	}
	return strings.Contains(rows, string([]byte{a, b})) || strings.Contains(rows, string([]byte{b, a}))
}

// pairs are the pairs of letters that words of English and of programs are most often made of.
const pairs = " th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li " +
	"ch ll be ma si om ur ss pa ss sw wo rd ke ey us se ad mi dm ap pi au ut et oo ot cr ct ec da ab ba sa am pr od du uc em ex mp pl la " +
	"un up do ow wn ge ag id el lo ol lt il ai no wa ac pe ho so ta ie tr rs ns ly rt fo fi ef im ty ll su bl ig gh wh ay av "

// common is pairs, by the lower five bits of both letters.
var common = func() (table [32][32]bool) {
	for pair := range strings.FieldsSeq(pairs) {
		table[pair[0]&31][pair[1]&31] = true
	}
	return table
}()

// readsLikeWords reports whether a third of the pairs of letters are common ones; of random letters a seventh are.
func readsLikeWords(run string) bool {
	n := 0
	for i := range len(run) - 1 {
		if common[run[i]&31][run[i+1]&31] {
			n++
		}
	}
	return 3*n >= len(run)-1
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isUpper(c byte) bool  { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

func lowerCase(c byte) byte {
	if isUpper(c) {
		return c | 0x20
	}
	return c
}
