package engine

import (
	"encoding/base64"
	"strings"
	"testing"

	"cofferdam/rules/secret"
)

func hostileConfig() *secret.Config {
	list := func(target secret.Target) []secret.Allowlist {
		return []secret.Allowlist{{Regexes: []string{`never\d+here`, `nor this$`}, Target: target}}
	}
	return &secret.Config{Rules: []secret.Rule{
		{ID: "key", Regex: `key=(\w+)`, Keywords: []string{"key"}, Allowlists: list(secret.TargetLine)},
		{ID: "generic-user", Regex: `user=(\w+)`, Allowlists: list(secret.TargetMatch)},
		{ID: "both", Regex: `both=(\w+)`, Required: []secret.Required{{Rule: "key", WithinLines: 3, WithinColumns: -1}}},
		{ID: "block", Regex: `BEGIN[^~]{10,}?END`, Allowlists: list(secret.TargetSecret)},
	}}
}

// What is as long as this takes about as long as reading it a few times over, or is cut short, which the result says.
// There are no clocks here: a quadratic step makes the test run into its limit.
func TestHostileTexts(t *testing.T) {
	const size = 2 << 20
	unit := func(text string) string { return strings.Repeat(text, size/len(text)) }
	e := newPair(t, hostileConfig()).engine
	standard := defaultPair(t).engine
	for name, c := range map[string]struct {
		text      string
		truncated bool
	}{
		"one line":             {unit("key=abc "), true},
		"one line, ended":      {unit("key=abc ") + "\n", true},
		"returns":              {unit("key=abc\r"), true},
		"lines":                {unit("key=abc\n"), true},
		"feeds":                {unit("\n"), false},
		"feeds and a match":    {unit("\n") + "user=x", false},
		"generic in one line":  {unit("user=abc key=abd "), true},
		"composites":           {unit("both=a key=a\n"), true},
		"composites in a line": {unit("both=a key=a "), true},
		"blocks":               {unit("BEGIN key\n"), false},
		"empty":                {"", false},
		"zeros":                {unit("\x00"), false},
		"invalid":              {unit("\xff"), false},
		"private keys":         {unit("-----BEGIN RSA PRIVATE " + "KEY-----\n"), false},
		"assignments":          {unit("api_key="), true},
		"escapes":              {unit("%41"), false},
		"escapes in lines":     {unit("%41key%3D\n"), false},
		"nested escapes":       {unit("%2541"), false},
		"long runs":            {unit("QUtJQUFB"), false},
		"encoded":              {base64.StdEncoding.EncodeToString([]byte(unit("key=abc ")[:size/2])), true},
		"many encoded":         {unit(base64.StdEncoding.EncodeToString([]byte("key=abcd user=abcd\n")) + " "), true},
	} {
		t.Run(name, func(t *testing.T) {
			result := e.Search(t.Context(), "a.txt", c.text, 5)
			if result.Truncated != c.truncated {
				t.Errorf("%d matches, truncated %v, want %v", len(result.Matches), result.Truncated, c.truncated)
			}
			for i := range min(len(result.Matches), 100) {
				m := &result.Matches[i]
				checkSpans(t, c.text, *m)
				m.Place()
			}
			standard.Search(t.Context(), "a.txt", c.text[:min(len(c.text), size/4)], 5)
		})
	}
}
