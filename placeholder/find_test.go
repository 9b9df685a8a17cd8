package placeholder

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// damages is what may happen to a token, by how Find calls it.
func damages(token string) map[string]string {
	all := map[string]string{
		"lower case":             strings.ToLower(token),
		"mixed case":             token[:12] + strings.ToLower(token[12:]),
		"cut at the end":         token[:len(token)-3],
		"cut at the end by 12":   token[:len(token)-12],
		"cut at the beginning":   token[len(token)-12:],
		"only the tag":           tagOf(token),
		"one character":          token[:len(token)-5] + "9" + token[len(token)-4:],
		"one character less":     token[:len(token)-5] + token[len(token)-4:],
		"one character more":     token[:len(token)-8] + "X" + token[len(token)-8:],
		"another rule":           strings.Replace(token, "TEST_RULE", "OTHER", 1),
		"dashes":                 strings.ReplaceAll(token, "_", "-"),
		"over two lines":         token[:len(token)-6] + "\n    " + token[len(token)-6:],
		"over a continued line":  token[:len(token)-9] + "\\\n" + token[len(token)-9:],
		"joined strings":         token[:len(token)-10] + `" + "` + token[len(token)-10:],
		"escaped line end":       token[:len(token)-7] + `\n` + token[len(token)-7:],
		"escaped tab":            token[:len(token)-7] + `\t` + token[len(token)-7:],
		"hexadecimal":            hex.EncodeToString([]byte(token)),
		"upper hexadecimal":      strings.ToUpper(hex.EncodeToString([]byte("x" + token))),
		"base64":                 base64.StdEncoding.EncodeToString([]byte(token)),
		"base64 in a text":       base64.StdEncoding.EncodeToString([]byte("password: " + token + "\nuser: x")),
		"base64 one byte later":  base64.StdEncoding.EncodeToString([]byte("password:  " + token)),
		"base64 two bytes later": base64.RawURLEncoding.EncodeToString([]byte("password:   " + token)),
	}
	var percent, escaped, array, unicode strings.Builder
	for _, c := range []byte(token) {
		fmt.Fprintf(&percent, "%%%02X", c)
		fmt.Fprintf(&escaped, `\x%02x`, c)
		fmt.Fprintf(&array, "0x%02x, ", c)
		fmt.Fprintf(&unicode, `\u%04x`, c)
	}
	all["percent"], all["escapes"], all["array"], all["unicode escapes"] = percent.String(), escaped.String(), array.String(), unicode.String()
	lines := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 50) + token + strings.Repeat("y", 50)))
	all["base64 in lines"] = lines[:76] + "\r\n" + lines[76:]
	return all
}

func oneRecord(token string) *Record {
	return &Record{Version: recordVersion, Places: []Place{{Token: token, Name: "a.name"}}}
}

func sampleToken(i int) string { return newToken("test-rule", testKey(1).mac([]byte(fmt.Sprint(i)))) }

func TestFind(t *testing.T) {
	want := map[string]Damage{
		"lower case": Case, "mixed case": Case, "cut at the end": Truncated, "cut at the end by 12": Truncated, "cut at the beginning": Truncated,
		"only the tag": Truncated, "one character": Broken, "one character less": Broken, "one character more": Broken, "another rule": Broken,
		"dashes": Broken, "over two lines": Split, "over a continued line": Split, "joined strings": Split, "escaped line end": Split, "escaped tab": Split,
	}
	for i := range 40 {
		token := sampleToken(i)
		set := NewSet(oneRecord(token))
		for name, damaged := range damages(token) {
			damage, ok := want[name]
			if !ok {
				damage = Encoded
			}
			for _, around := range [][2]string{{"", ""}, {"key: ", "\n"}, {`"`, `"`}} {
				text := around[0] + damaged + around[1]
				found := set.Find([]byte(text))
				if len(found) != 1 || found[0].Damage != damage || found[0].Token != token || !found[0].Known {
					t.Errorf("%s: Find(%q) = %+v, want one that is %v", name, text, found, damage)
				}
			}
		}
	}
}

func TestFindWhole(t *testing.T) {
	a, b := sampleToken(1), sampleToken(2)
	other := newToken("other-rule", testKey(2).mac([]byte("x")))
	set := NewSet(oneRecord(a), oneRecord(b))
	tests := []struct {
		name, text string
		want       string // as show
	}{
		{"none", "COFFERDAM_LANES=root COFFERDAM_ COFFERDAM_TEST_RULE", ""},
		{"one", "x" + a + "y", "1 whole"},
		{"two that touch", a + b + a, "0 whole, 36 whole, 72 whole"},
		{"of another session", "k=" + other + ";", "2 whole unknown"},
		{"behind its own beginning", "COFFERDAM_TEST_RULE_" + a, "20 whole"},
		{"behind another one's beginning", a[:30] + b, "0 broken, 30 whole"},
		{"rule of several words", newToken("a-b", testKey(1).mac([]byte("1"))), "14 broken"},
		{"beginning with the whole rule", a[:len(a)-14] + "\n", "0 truncated"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var show []string
			for _, o := range set.Find([]byte(tt.text)) {
				line := fmt.Sprint(o.Start, " ", o.Damage)
				if !o.Known {
					line += " unknown"
				}
				show = append(show, line)
			}
			if got := strings.Join(show, ", "); got != tt.want {
				t.Errorf("Find(%q) = %s, want %s", tt.text, got, tt.want)
			}
		})
	}
}

func TestFindInUTF16(t *testing.T) {
	token := sampleToken(1)
	set := NewSet(oneRecord(token))
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, mark := range []bool{true, false} {
			raw := utf16Of("key: \U0001f511"+token+" and more text of any kind\n", order, mark)
			found := set.Find(raw)
			if len(found) != 1 || found[0].Damage != Whole || string(raw[found[0].Start:found[0].End]) != string(utf16Of(token, order, false)) {
				t.Errorf("%v, %v: Find = %+v", order, mark, found)
			}
			if !set.Taken(raw) || len(set.Remaining(raw)) != 1 {
				t.Errorf("%v, %v: Taken = %v, Remaining = %v", order, mark, set.Taken(raw), set.Remaining(raw))
			}
		}
	}
	if set.Taken([]byte(token[1:])) || !set.Taken([]byte("x"+token)) || NewSet().Taken([]byte(token)) {
		t.Error("Taken is wrong about plain text")
	}
}

// A Set of many tokens finds each of them and, in text that has none, nothing.
func TestFindAmongMany(t *testing.T) {
	r := &Record{}
	var text strings.Builder
	for i := range 2000 {
		r.Places = append(r.Places, Place{Token: sampleToken(i)})
		fmt.Fprintf(&text, "%d: %s\n", i, sampleToken(i))
	}
	set := NewSet(r)
	if found := set.Find([]byte(text.String())); len(found) != 2000 || set.Len() != 2000 {
		t.Errorf("%d of 2000 found", len(found))
	}
	noise := rand.New(rand.NewPCG(1, 1))
	random := make([]byte, 1<<20)
	for i := range random {
		random[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abcdefghijklmnopqrstuvwxyz0189+/ \n"[noise.IntN(66)]
	}
	if found := set.Find(random); len(found) > 1 {
		t.Errorf("%d found in noise", len(found))
	}
}

func TestTokensMatchThePattern(t *testing.T) {
	pattern := regexp.MustCompile("^(?:" + Pattern + ")$")
	for _, id := range []string{"", "aws-access-token", "__", "Ü", strings.Repeat("a-", 100), strings.Repeat("-", 100), "a", "9", "A__B", strings.Repeat("x", 31) + "-y"} {
		token := newToken(id, testKey(1).mac([]byte(id)))
		if !pattern.MatchString(token) || !isToken(token) || len(token) > maxToken || Rule(Rule(id)) != Rule(id) {
			t.Errorf("Rule(%q) = %q, token %q", id, Rule(id), token)
		}
	}
	if a, b := newToken("a", testKey(1).mac([]byte("x"))), newToken("a", testKey(2).mac([]byte("x"))); a == b {
		t.Error("one token in two sessions")
	}
}
