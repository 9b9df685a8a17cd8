package main

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"cofferdam/rules/secret/sample"
	"cofferdam/scan/detection"
)

func TestGitleaksIsSeenWhereTheSecretStands(t *testing.T) {
	find, err := gitleaks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	token, _ := sample.Expand("{{check:github:ghp_}}", 1)
	encoded := base64.StdEncoding.EncodeToString([]byte("the token is " + token))
	for name, text := range map[string]string{
		"first line":        "token = '«" + token + "»'\n",
		"later line":        "a\nb\n  token = '«" + token + "»'\n",
		"CRLF":              "a\r\ntoken: «" + token + "»\r\nb\r\n",
		"no end of line":    "a\n«" + token + "»",
		"nothing":           "token = nil\n",
		"encoded":           "data: «" + encoded + "»\n",
		"encoded, at a end": "a\nb\ndata: «" + encoded + "»",
	} {
		t.Run(name, func(t *testing.T) {
			plain, want := sample.Expand(text, 1)
			got, err := find("notes.txt", []byte(plain))
			if err != nil {
				t.Fatal(err)
			}
			if len(want) == 0 && len(got) == 0 {
				return
			}
			if len(want) == 0 || !slices.ContainsFunc(got, func(s detection.Span) bool {
				return s.Start <= want[0].Start && want[0].End <= s.End && s.End-s.Start <= 2*(want[0].End-want[0].Start)
			}) {
				t.Errorf("found at %v, want %v", got, want)
			}
		})
	}
}

func TestLineStart(t *testing.T) {
	text := []byte(strings.Repeat("ab\n", 3))
	for line, want := range map[int]int{0: 0, 1: 0, 2: 3, 3: 6, 4: 9, 5: 9} {
		if got := lineStart(text, line); got != want {
			t.Errorf("lineStart(line %d) = %d, want %d", line, got, want)
		}
	}
}
