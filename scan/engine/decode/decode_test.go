package decode

import (
	b64 "encoding/base64"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

func TestPass(t *testing.T) {
	const secret = "some secret words"
	plain := b64.StdEncoding.EncodeToString([]byte(secret))
	twice := b64.StdEncoding.EncodeToString([]byte("twice: " + plain))
	tests := []struct {
		name, text, want string
		segs             int
	}{
		{"empty", "", "", 0},
		{"plain", "func main() { fmt.Println() }", "func main() { fmt.Println() }", 0},
		{"base64", "a " + plain + " b", "a " + secret + " b", 1},
		{"base64 within base64", twice, "twice: " + plain, 1},
		{"hex", "x=" + each(secret, "%02x"), "x=" + secret, 1},
		{"odd hex", "x=" + each(secret, "%02x") + "a", "x=" + each(secret, "%02x") + "a", 0},
		{"percent to the last of the line", "%41 b %43 d\n%45", "A b C d\nE", 2},
		{"percent that does not print", "%41 %ff", "%41 %ff", 0},
		{"escapes", `"\u0041\\U0042"`, `"AB"`, 1},
		{"three backslashes", `\\\u0041`, `\A`, 1},
		{"code points", "U+0041 U+0042", "AB", 1},
		{"code point within a word", "U+0041x", "U+0041x", 0},
		{"surrogates", `\ud83d\ude00`, "\uFFFD\uFFFD", 1},
		{"base64 waits for percent", plain[:len(plain)-1] + "%3D", plain, 1},
		{"base64 waits for a percent that never decodes", plain + "%FF", plain + "%FF", 0},
		{"hex before base64", each(secret, "%02x") + "+" + plain, secret + "+" + plain, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, segs := Pass(test.text, nil)
			if got != test.want || len(segs) != test.segs {
				t.Errorf("Pass(%q) = %q, %d segments, want %q, %d", test.text, got, len(segs), test.want, test.segs)
			}
			agree(t, test.text)
		})
	}
}

// For every text: each pass, and each function on its segments, equals the oracle's.
func TestPassEqualsOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	decoded := 0
	for range 1_000 {
		decoded += agree(t, garble(r, 3))
	}
	if decoded < 2_000 {
		t.Errorf("only %d segments in all: the texts do not try the decoder", decoded)
	}
}

// Runs are found by words of eight; every length at every offset, between bytes of every value.
func TestRunsAtEveryOffset(t *testing.T) {
	source := b64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("words and words ", 4)))
	for offset := range 17 {
		for length := range 40 {
			text := strings.Repeat(" ", offset) + source[:length] + "\n" + strings.Repeat(".", offset%5)
			agree(t, text)
		}
	}
	for c := range 256 {
		agree(t, string([]byte{byte(c)})+source[:24]+string([]byte{byte(c)}))
		agree(t, source[:20]+string([]byte{byte(c)})+source[:19])
	}
}

// digits marks what the expression [\w/+-] matches, whatever the bytes around it.
func TestDigitsMarksTheClass(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		w := r.Uint64()
		mask := digits(w)
		for i := range 8 {
			c := byte(w >> (8 * i))
			want := strings.IndexByte("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_/+-", c) >= 0
			if got := mask>>(8*i)&0xff == 0x80; got != want || !want && mask>>(8*i)&0xff != 0 {
				t.Fatalf("digits(%#x) = %#x: byte %d is %v, want %v", w, mask, i, got, want)
			}
		}
	}
}

func TestPassAllocatesNothingOnPlainText(t *testing.T) {
	text := strings.Repeat("\tif err := walk(\"%s\\n\", getElementByIdentifier); err != nil { // a/b/c/d/e/f/g/h/i U+4\n", 100)
	if n := testing.AllocsPerRun(10, func() { Pass(text, nil); May(text) }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// A text of twice the length may allocate twice as much, not more: segments double and are not searched one by one.
func TestAllocationsGrowWithTheText(t *testing.T) {
	for name, part := range hostileParts {
		t.Run(name, func(t *testing.T) {
			once, twice := allocated(strings.Repeat(part, 2_000)), allocated(strings.Repeat(part, 4_000))
			if twice > 3*once+4096 {
				t.Errorf("%d bytes for one length, %d for twice that", once, twice)
			}
		})
	}
}

var hostileParts = map[string]string{
	"code points":        "U+0041 ",
	"code points joined": "U+0041",
	"percent":            "%41",
	"percent by lines":   "%41\n",
	"broken percent":     "%4%",
	"escapes":            `\u0041`,
	"escapes apart":      `\u0041.`,
	"backslashes":        `\`,
	"hex runs":           each("some secret word", "%02x") + "\n",
	"base64 runs":        "c29tZSBzZWNyZXQgd29yZHM=\n",
	"percent escaped":    "%25%34%31\n",
	"code points hexed":  each("U+0041 U+0042 U+0043 ", "%02x") + " ",
}

func allocated(text string) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	all(text)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A megabyte of parts as short as they get has a quarter of a million segments. Their square would take hours.
func TestManySegmentsEnd(t *testing.T) {
	for name, part := range hostileParts {
		t.Run(name, func(t *testing.T) {
			all(strings.Repeat(part, 1<<20/len(part)))
		})
	}
}

// all makes every pass over text and looks up each segment, as a scanner would.
func all(text string) (places int) {
	var segs []Segment
	for range passes {
		text, segs = Pass(text, segs)
		if len(segs) == 0 {
			break
		}
		for _, s := range segs {
			start, _ := Original(Overlapping(segs, s.decoded.start, s.decoded.end), s.decoded.start, s.decoded.end)
			places += start
		}
	}
	return places
}

// For every text: next is no longer than text, and each segment is where Decoded says.
func FuzzPassEqualsOracle(f *testing.F) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 50 {
		f.Add(garble(r, 2))
	}
	for _, part := range hostileParts {
		f.Add(part)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return
		}
		agree(t, text)
		next, segs := Pass(text, nil)
		if len(next) > len(text) {
			t.Errorf("Pass(%q) is longer: %q", text, next)
		}
		for _, s := range segs {
			if start, end := s.Decoded(); start >= end || end > len(next) {
				t.Errorf("segment at %d to %d of %d bytes", start, end, len(next))
			}
		}
	})
}

// FuzzGarbleEqualsOracle has the fuzzer choose among texts that are full of encoded parts.
func FuzzGarbleEqualsOracle(f *testing.F) {
	f.Add(uint64(1), uint64(2), uint8(3))
	f.Fuzz(func(t *testing.T, a, b uint64, depth uint8) {
		agree(t, garble(rand.New(rand.NewPCG(a, b)), int(depth%4)))
	})
}

func ExamplePass() {
	text := "token: " + b64.StdEncoding.EncodeToString([]byte("not a secret at all"))
	next, segs := Pass(text, nil)
	start, end := segs[0].Decoded()
	from, to := Original(segs, start+4, end)
	fmt.Println(next, from, to, Tags(segs))
	// Output: token: not a secret at all 7 35 [decoded:base64 decode-depth:1]
}
