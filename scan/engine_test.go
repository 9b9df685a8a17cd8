package scan

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
	"github.com/zricethezav/gitleaks/v8/detect/codec"

	"cofferdam/workspace"
)

// stock is the detector of gitleaks as its own loader makes it, but for what this package leaves out on purpose: its
// path allowlist, comments that allow, rules for names alone; and for the pattern that this package mends.
var stock = sync.OnceValues(func() (*detect.Detector, error) {
	engineForTest() // silences its log
	d, err := detect.NewDetectorDefaultConfig()
	if err != nil {
		return nil, err
	}
	d.IgnoreGitleaksAllow = true
	d.MaxDecodeDepth = maxDecode
	for id, rule := range d.Config.Rules {
		if rule.Regex == nil {
			delete(d.Config.Rules, id)
		}
	}
	for i, list := range d.Config.Allowlists {
		own := &config.Allowlist{StopWords: list.StopWords, RegexTarget: list.RegexTarget, MatchCondition: list.MatchCondition}
		for _, re := range list.Regexes {
			own.Regexes = append(own.Regexes, regexp.MustCompile(anchorWords(re.String())))
		}
		if err := own.Validate(); err != nil {
			return nil, err
		}
		d.Config.Allowlists[i] = own
	}
	return d, nil
})

func engineForTest() *leaksEngine {
	e, err := defaultEngine()
	if err != nil {
		panic(err)
	}
	return e
}

// compareWithStock fails unless the engine finds in text exactly what the stock detector does.
func compareWithStock(t *testing.T, path workspace.Path, text string) int {
	t.Helper()
	d, err := stock()
	if err != nil {
		t.Fatal(err)
	}
	e := engineForTest()
	var want []match
	//lint:ignore SA1019 v8 has no other type that DetectContext takes
	for _, f := range d.DetectContext(t.Context(), detect.Fragment{Raw: text, FilePath: string(path), StartLine: 1}) {
		m, err := e.locate(text, f)
		if err != nil {
			t.Fatalf("%s: stock finding: %v", path, err)
		}
		want = append(want, m)
	}
	got, err := e.find(t.Context(), path, text)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	sortMatches(got)
	sortMatches(want)
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(match{})); diff != "" {
		t.Fatalf("%s: text of %d bytes: findings differ from the stock detector (-want +got):\n%s\n%.2000q", path, len(text), diff, text)
	}
	return len(got)
}

// The detector goes through its rules in any order.
func sortMatches(list []match) {
	slices.SortFunc(list, func(a, b match) int {
		return strings.Compare(fmt.Sprintf("%09d %09d %s %v", a.start, a.end, a.rule, a.decoded), fmt.Sprintf("%09d %09d %s %v", b.start, b.end, b.rule, b.decoded))
	})
}

// Law: whatever the text, the engine finds what the stock detector finds. The texts are made out of the rules' own
// expressions, so each rule matches often, next to noise that looks like the beginning of a match.
func TestEngineAgreesWithStock(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	e := engineForTest()
	paths := []workspace.Path{"a/main.go", "deploy/secret.yaml", "x/nuget.config", "main.tf", "go.sum", "vendor/github.com/a/b.svg", "index.php"}
	found := 0
	for round := range 3 {
		for id := range e.rules {
			path := paths[(id+round)%len(paths)]
			found += compareWithStock(t, path, randomText(random, e, id))
		}
	}
	t.Logf("%d findings", found)
	if found < len(e.rules) {
		t.Errorf("only %d findings in texts made for %d rules", found, len(e.rules))
	}
}

func randomText(random *rand.Rand, e *leaksEngine, id int) string {
	var b strings.Builder
	noise := []string{"\n", "\n\n", " ", "\t", "key", "token = ", "api_key: \"", "'", "x", "=", ",", "ſecret", "toKen=", "\xff\xfe", "%41", "\\u0041",
		"U+0041 ", "/", "sk", "s.", "password", "https://", "ey", ".ey", ";", "$", "0123456789abcdef", "Zm9vYmFyYmF6cXV4MTIzNDU2", "func f() {\n", "\r"}
	for range 1 + random.IntN(4) {
		for range random.IntN(8) {
			b.WriteString(noise[random.IntN(len(noise))])
		}
		other := id
		if random.IntN(3) == 0 {
			other = random.IntN(len(e.rules))
		}
		re, err := syntax.Parse(e.source(other).Regex, syntax.Perl)
		if err != nil {
			panic(err)
		}
		generate(&b, random, re)
		if random.IntN(2) == 0 {
			b.WriteString(strings.Repeat("\n", random.IntN(4)))
		}
	}
	return b.String()
}

// generate writes a text that re matches, but for its assertions.
func generate(b *strings.Builder, random *rand.Rand, re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		b.WriteRune(classRune(random, re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte("abcXYZ019 .:\"'"[random.IntN(14)])
	case syntax.OpCapture:
		generate(b, random, re.Sub[0])
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		least, most := re.Min, re.Max
		switch re.Op {
		case syntax.OpStar:
			least, most = 0, -1
		case syntax.OpPlus:
			least, most = 1, -1
		case syntax.OpQuest:
			least, most = 0, 1
		}
		if most < 0 {
			most = least + 40
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

func classRune(random *rand.Rand, ranges []rune) rune {
	for range 20 {
		i := random.IntN(len(ranges)/2) * 2
		r := ranges[i] + rune(random.IntN(int(min(ranges[i+1]-ranges[i], 200))+1))
		if r < 0x80 || random.IntN(20) == 0 {
			return r
		}
	}
	return ranges[0]
}

func TestEngineAgreesWithStockOnEdges(t *testing.T) {
	secret := "api_key = \"" + "aB3dE5fG7hJ9kL1mN3pQ" + "\""
	token := "gh" + "p_" + strings.Repeat("aB3dE5fG7h", 3) + "Kl9mN1"
	for name, text := range map[string]string{
		"empty": "", "newline": "\n", "first line": secret, "last line": "a\nb\n" + secret, "after newlines": "\n\n\n" + secret + "\n\n",
		"twice on a line": secret + " " + secret, "token": token, "token in token": token + "XYZ", "false in it": "password = \"" + "xFalse9s8d7f6g5h4" + "\"",
		"odd runes": "to\u212aen = \"" + "aB3dE5fG7hJ9kL1mN3pQ" + "\"\n" + "\u017fecret = \"" + "aB3dE5fG7hJ9kL1mN3pQ" + "\"", "odd i": "ap\u0130_" + secret,
		"allow comment": secret + " // gitleaks:allow", "far keyword": "airtable\n" + strings.Repeat("x\n", 500) + "pat" + "AbCdEfGhIjKl12." + strings.Repeat("0a1b2c3d", 8) + "\n",
		"base64": "x: " + "YXBpX2tleSA9ICJhQjNkRTVmRzdoSjlrTDFtTjNwUSI=" + "\n", "percent": "x=" + "api_key%3D%22aB3dE5fG7hJ9kL1mN3pQ%22" + "\n", "last without newline": "x\nx=" + "api_key%3D%22aB3dE5fG7hJ9kL1mN3pQ%22",
		"long value": "token=" + strings.Repeat("a1", 90) + "\n", "value at a bound": "key" + strings.Repeat(" ", 20) + "'\"'" + ":::=" + "`'\" =" + "a1b2c3d4e5f6g7h8i9" + ";",
	} {
		t.Run(name, func(t *testing.T) { compareWithStock(t, "a.txt", text) })
	}
}

// A tree given in COFFERDAM_SCAN_TREE is compared file by file; it takes as long as gitleaks does.
func TestEngineAgreesWithStockOnTree(t *testing.T) {
	tree := os.Getenv("COFFERDAM_SCAN_TREE")
	if tree == "" {
		t.Skip("COFFERDAM_SCAN_TREE names no tree")
	}
	err := filepath.WalkDir(tree, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(name)
		if err == nil {
			path, _ := filepath.Rel(tree, name)
			compareWithStock(t, workspace.Path(path), newText(raw).body)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Law: where mayDecode says no, the decoder undoes nothing.
func TestMayDecodeIsNecessary(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	parts := []string{"%41", "%e9", "%", "\\u0061", "\\\\U0041", "U+0041", "U+0041 ", "+", "deadbeef", "0123456789abcdef0123456789ABCDEF", "Zm9vYmFy", "MTIzNDU2Nzg5", "abc", "_", "/", "-",
		"=", "==", " ", "\n", ".", "466973684D617048756E6B79212121363334", "x", "U", "u"}
	yes := 0
	for range 20_000 {
		var b strings.Builder
		for range random.IntN(10) {
			b.WriteString(parts[random.IntN(len(parts))])
		}
		_, segments := codec.NewDecoder().Decode(b.String(), nil)
		if len(segments) > 0 && !mayDecode(b.String()) {
			t.Fatalf("mayDecode(%q) is false, the decoder finds %d parts", b.String(), len(segments))
		}
		whole, n := b.String(), len(segments)
		want, _ := codec.NewDecoder().Decode(whole, nil)
		if got, _, m := decodeLines(whole); got != want || m != n {
			t.Fatalf("decodeLines(%q) = %q, %d parts, want %q, %d", whole, got, m, want, n)
		}
		yes += min(n, 1)
	}
	if yes < 1000 {
		t.Errorf("only %d texts had something to decode", yes)
	}
}

// Hostile texts cost time in proportion to their size, or are refused.
func TestEngineIsLinear(t *testing.T) {
	e := engineForTest()
	for _, unit := range []string{"key=", "token:a1b2c3d4e5f6g7h8\n", "curl ", "curl -u a:b\n", ".ey", "s.", "%41", "%41\n", "%2541\n", "\\u0041\n", "private key", "-----BEGIN RSA PRIVATE " + "KEY-----\n",
		"ſ", "secret\n", "kind: secret\ndata:\n", "a", "Zm9vYmFyYmF6cXV4MTIzNDU2\n", "<add key=\"password\" value=\""} {
		start := time.Now()
		_, err := e.find(context.Background(), "a.yaml", strings.Repeat(unit, (128<<10)/len(unit)))
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("128 KiB of %q took %s (%v)", unit, took, err)
		} else if took > time.Second {
			t.Logf("128 KiB of %q took %s (%v)", unit, took, err)
		}
	}
}
