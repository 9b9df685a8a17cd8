package match

import (
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
)

// noise is what stands between the texts that are made from expressions.
var noise = []string{"\n", "\n\n", " ", "\t", "key", "token = ", "api_key: \"", "'", "x", "=", ",", "\u017fecret", "to\u212aen=", "\xff\xfe", "\u0130",
	"\u20ac", "\xe2\x84", "\xaa", "\xc5", "%41", "/", "sk", "s.", "password", "https://", "ey", ".ey", ";", "$", "0123456789abcdef",
	"Zm9vYmFyYmF6cXV4MTIzNDU2", "func f() {\n", "\r", "\r\n", "_", "AAAA", "kind: secret\ndata:\n", "curl ", "\u00e9\u00e9", "\U0001f511", "\x00", "------", "PRIVATE KEY-----"}

// randomText is a text of matches and near misses of the expressions, mostly of number id, within noise.
func randomText(random *rand.Rand, exprs []Expr, id int) string {
	var b strings.Builder
	for range 1 + random.IntN(4) {
		for range random.IntN(8) {
			b.WriteString(noise[random.IntN(len(noise))])
		}
		if random.IntN(30) == 0 {
			b.WriteString(strings.Repeat(noise[random.IntN(len(noise))], random.IntN(300)))
		}
		other := id
		if random.IntN(3) == 0 {
			other = random.IntN(len(exprs))
		}
		var part strings.Builder
		generate(&part, random, mustParseForTest(exprs[other].Regex))
		b.WriteString(mutated(random, part.String()))
		if len(exprs[other].Keywords) > 0 && random.IntN(4) == 0 {
			b.WriteString(exprs[other].Keywords[0])
		}
	}
	return b.String()
}

// mutated is text as it is or, now and then, with a byte less, more or other, or letters that fold to themselves.
func mutated(random *rand.Rand, text string) string {
	if text == "" {
		return text
	}
	at := random.IntN(len(text))
	switch random.IntN(12) {
	case 0:
		return text[:at] + text[at+1:]
	case 1:
		return text[:at] + noise[random.IntN(len(noise))] + text[at:]
	case 2:
		return text[:at] + string(rune(random.IntN(128))) + text[at+1:]
	case 3:
		return strings.NewReplacer("s", "\u017f", "k", "\u212a").Replace(text)
	case 4:
		return strings.ToUpper(text)
	case 5:
		return text + text
	case 6:
		return text[:at]
	}
	return text
}

// generate writes a text that re matches, but for its assertions.
func generate(b *strings.Builder, random *rand.Rand, re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if re.Flags&syntax.FoldCase != 0 && random.IntN(4) == 0 {
				r = unicode.SimpleFold(r)
			}
			b.WriteRune(r)
		}
	case syntax.OpCharClass:
		b.WriteString(classText(random, re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteString([]string{"a", "X", "0", " ", ".", ":", "\"", "\xff", "\u00e9"}[random.IntN(9)])
	case syntax.OpCapture:
		generate(b, random, re.Sub[0])
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		least, most := repetition(re)
		if most < 0 {
			most = least + 20
		}
		for range least + random.IntN(most-least+1) {
			generate(b, random, re.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			generate(b, random, sub)
		}
	case syntax.OpAlternate:
		generate(b, random, re.Sub[random.IntN(len(re.Sub))])
	}
}

func classText(random *rand.Rand, ranges []rune) string {
	if len(ranges) == 0 {
		return ""
	}
	for range 20 {
		i := random.IntN(len(ranges)/2) * 2
		r := ranges[i] + rune(random.IntN(int(min(ranges[i+1]-ranges[i], 200))+1))
		if r < 0x80 || random.IntN(20) == 0 {
			return string(r)
		}
	}
	return string(ranges[0])
}

// randomExpr is an expression in which what the rules of scanners are made of occurs.
func randomExpr(random *rand.Rand, depth int) string {
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	atom := func() string {
		return pick("key", "SK", "secret", "a", "s", "k", "AKIA", "x-", "\\.", "=", "[a-z]", "[0-9a-f]", "[A-Za-z0-9_-]", "\\w", "\\d", "\\s", "[^\"]", ".", "[\\s\\S]",
			"[ks]", "\\W", "\u00e9", "[\u00e0-\u00ff]", "(?i:key)", "(?i:s)", "(?i:[k-s])", "(?i:\u00e9)", "[^a-z\\n]", "\xef\xbf\xbd", "\\b", "^", "$", "\\B", "(?m:^)", "(?m:$)", "\\z", "\\A", "token")
	}
	var b strings.Builder
	if depth == 3 {
		b.WriteString(pick("", "", "(?i)", "(?s)", "(?i)\\b", "(?m)"))
	}
	for range 1 + random.IntN(5) {
		part := atom()
		if depth > 0 && random.IntN(4) == 0 {
			part = "(?:" + randomExpr(random, depth-1) + "|" + randomExpr(random, depth-1) + ")"
		}
		repeat := pick("", "", "", "", "*", "+", "?", "{2,5}", "{3}", "{4,}", "{0,6}", "{12}")
		if repeat != "" {
			part = "(?:" + part + ")" + repeat + pick("", "", "?")
		}
		b.WriteString(part)
	}
	if _, err := regexp.Compile(b.String()); err != nil {
		return randomExpr(random, depth) // what repeats too often
	}
	return b.String()
}
