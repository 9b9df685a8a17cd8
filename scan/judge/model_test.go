package judge

import (
	"math/rand/v2"
	"testing"

	"cofferdam/rules/secret/sample"
)

// For made-up values of each kind: nearly all random ones count as random, and nearly no words.
func TestModelTellsWordsFromRandom(t *testing.T) {
	const tries = 2000
	for _, test := range []struct {
		template    string
		least, most int // of a thousand that count as random
	}{
		{"{{alnum:16}}", 985, 1000}, {"{{alnum:24}}", 990, 1000}, {"{{alnum:40}}", 995, 1000}, {"{{lowernum:24}}", 985, 1000},
		{"{{base64:44}}", 995, 1000}, {"{{base32:32}}", 985, 1000}, {"{{hex:32}}", 1000, 1000}, {"{{HEX:40}}", 1000, 1000}, {"{{uuid}}", 1000, 1000},
		{"{{word}}-{{word}}-{{word}}", 0, 5}, {"{{word}}.{{word}}", 0, 12}, {"{{passphrase}}", 0, 5}, {"{{word}}{{word}}{{word}}", 0, 50},
	} {
		random := 0
		for seed := range uint64(tries) {
			text, _ := sample.Expand(test.template, seed)
			if ok, _ := Default().random(text); ok {
				random++
			}
		}
		if got := random * 1000 / tries; got < test.least || got > test.most {
			t.Errorf("%s: %d of a thousand count as random; want %d to %d", test.template, got, test.least, test.most)
		}
	}
}

// For every text and place in it: what is around has no line end more than the one above, and is where it was cut.
func TestAroundIsCutFromTheText(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		text := make([]byte, r.IntN(700))
		for i := range text {
			text[i] = "ab =\"\n"[r.IntN(6)]
		}
		start := r.IntN(len(text) + 1)
		end := start + r.IntN(len(text)-start+1)
		before, after := Around(string(text), start, end)
		if len(before) > maxBefore || string(text[start-len(before):start]) != before {
			t.Fatalf("Around(%q, %d, %d): %q is not in front", text, start, end, before)
		}
		if len(after) > maxBefore || string(text[end:end+len(after)]) != after {
			t.Fatalf("Around(%q, %d, %d): %q is not behind", text, start, end, after)
		}
	}
}
