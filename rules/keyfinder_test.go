package rules

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// walkKeys is what a keyFinder does, by looking at every word.
func walkKeys(c *contentRules, content []byte) (keys []assignment) {
	for end := 1; end <= len(content); end++ {
		if !keyBytes[content[end-1]] || end < len(content) && keyBytes[content[end]] || content[end-1] == '_' {
			continue
		}
		start := end
		for start > max(0, end-maxKey) && keyBytes[content[start-1]] {
			start--
		}
		kind := plainKind(&c.keys, string(content[start:end]))
		width := c.operator(content[end:min(end+maxOperator, len(content))])
		if kind != noKey && width >= 0 && leadsOn(content[end:]) {
			keys = append(keys, assignment{start, end, end + width, kind})
		}
	}
	return keys
}

var dropSeparators = strings.NewReplacer("_", "", "-", "", ".", "")

// plainKind is what keyWords.kind says, without its tables. The words that decide first are those of kind noKey.
func plainKind(k *keyWords, key string) keyKind {
	key = strings.TrimRightFunc(lower(key), func(r rune) bool { return r < 'a' || r > 'z' })
	key = dropSeparators.Replace(key)
	found := noKey
	for _, ends := range k.ends {
		for _, end := range ends {
			if end.whole && key == end.word {
				return end.kind
			}
			if !end.whole && strings.HasSuffix(key, end.word) {
				if end.kind == noKey {
					return noKey
				}
				found = end.kind
			}
		}
	}
	return found
}

func findKeys(c *contentRules, content []byte) (keys []assignment) {
	f := keyFinder{rules: c, content: content}
	for a, ok := f.next(); ok; a, ok = f.next() {
		keys = append(keys, a)
	}
	return keys
}

var keyParts = strings.Fields(`password passwd pass pwd psk pw auth bearer token secret salt apikey api_key API-KEY Secret.Key pass_wor_d PASSWORD_2 TOKEN
	token_ key name value Value val va v </key> </name> <string> <value> bypass nexttoken credentials keydata => := ?= += == = : > ? + < , ;
	" ' ] ) \ x 12 1 _ - . é ` + "\xff ` " + strings.Repeat("-", maxKey) + " " + strings.Repeat("long_", 20))

func keyText(random *rand.Rand) []byte {
	blanks := []string{" ", "  ", "   ", "    ", "\t", "\n", "\r\n", "\v", "\f", strings.Repeat(" ", 79), strings.Repeat(" ", 81), strings.Repeat("\n", 1000)}
	var b strings.Builder
	b.WriteString(strings.Repeat("x", random.IntN(3)*random.IntN(blockSize)))
	for range random.IntN(30) {
		if random.IntN(3) == 0 {
			b.WriteString(blanks[random.IntN(len(blanks))])
		} else {
			b.WriteString(keyParts[random.IntN(len(keyParts))])
		}
	}
	return []byte(b.String())
}

// Law: a keyFinder finds what walking over all words finds.
func TestKeyFinderEqualsWalking(t *testing.T) {
	c := defaultContent()
	random := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 8000 {
		text := keyText(random)
		got, want := findKeys(c, text), walkKeys(c, text)
		if !slices.Equal(got, want) {
			t.Fatalf("keys of %q = %v, want %v", text, got, want)
		}
		found += len(got)
	}
	if found < 2000 {
		t.Errorf("only %d keys", found)
	}
}

func FuzzKeyFinderEqualsWalking(f *testing.F) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		f.Add(keyText(random))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c := defaultContent()
		if got, want := findKeys(c, text), walkKeys(c, text); !slices.Equal(got, want) {
			t.Errorf("keys of %q = %v, want %v", text, got, want)
		}
	})
}

// Law: flowLine says whether the line has a brace before the place.
func TestFlowLineEqualsLooking(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		text := make([]byte, 40)
		for i := range text {
			text[i] = "aaaaaa{\n"[random.IntN(8)]
		}
		line := flowLine{content: text}
		for place := 0; place <= len(text); place += random.IntN(5) {
			before := string(text[:place])
			want := strings.Contains(before[strings.LastIndexByte(before, '\n')+1:], "{")
			if got := line.opensBefore(place); got != want {
				t.Fatalf("opensBefore(%d) in %q = %v, want %v", place, text, got, want)
			}
		}
	}
}
