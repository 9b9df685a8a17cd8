package redact

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"cofferdam/placeholder"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

func newFinderForTest() *Finder {
	return NewFinder(rules.NewSet(nil, nil), scan.NewSearcher(scan.Options{}))
}

func keyForTest() placeholder.Key { return placeholder.NewKey([32]byte{1, 2, 3}) }

// made puts a value together, so that none stands whole in the sources.
func made(parts ...string) string { return strings.Join(parts, "") }

var (
	password = made("Xq7!", "tR9z", "Lm2#")
	weak     = made("ros", "ebud")
	awsKey   = made("AKIA", "Z5Q3", "T7WN", "M2KD", "VX4B")
)

func TestFind(t *testing.T) {
	tests := []struct {
		name, path, raw string
		secrets, plain  []string
	}{
		{"dotenv", ".env", "DB_HOST=db.internal\nDB_PASSWORD=" + weak + "\nDEBUG=true\n", []string{weak}, []string{"DB_PASSWORD=COFFERDAM_", "DEBUG=true"}},
		{"json", "appsettings.json", `{"Logging": {"Level": "Info"}, "Db": {"Password": "` + password + `"}}` + "\n", []string{password}, []string{`"Level": "Info"`, `"Password": "COFFERDAM_`}},
		{"source", "main.go", "package main\n\nconst id = \"" + awsKey + "\"\n", []string{awsKey}, []string{`const id = "COFFERDAM_`}},
		{"crlf", ".env", "A_TOKEN=" + password + "\r\nB=1\r\n", []string{password}, []string{"\r\nB=1\r\n"}},
		{"no end", "notes.txt", "the key is " + awsKey, []string{awsKey}, []string{"the key is COFFERDAM_"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := newFinderForTest().Find(t.Context(), workspace.Path(tt.path), []byte(tt.raw), keyForTest())
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range tt.secrets {
				if bytes.Contains(f.Text, []byte(secret)) {
					t.Errorf("%s still has its secret:\n%s", tt.path, f.Text)
				}
			}
			for _, plain := range tt.plain {
				if !bytes.Contains(f.Text, []byte(plain)) {
					t.Errorf("%s has lost %q:\n%s", tt.path, plain, f.Text)
				}
			}
			if got, want := bytes.Count(f.Text, []byte("\n")), strings.Count(tt.raw, "\n"); got != want {
				t.Errorf("%d lines, want %d", got, want)
			}
			values, err := placeholder.Locate(f.Text, []byte(tt.raw), &f.Record, keyForTest(), f.Spans)
			if err != nil {
				t.Fatal(err)
			}
			back, err := placeholder.Restore(f.Text, values, placeholder.Options{Escape: Escape})
			if err != nil {
				t.Fatal(err)
			}
			if text, err := back.Text(0); err != nil || string(text) != tt.raw {
				t.Errorf("it does not come back: %v", err)
			}
		})
	}
}

func TestFindUTF16(t *testing.T) {
	text := "\ufeff{\"ConnectionStrings\": {\"Main\": \"Server=db;User Id=app;Password=" + password + ";\"}}\r\n"
	var raw []byte
	for _, u := range utf16.Encode([]rune(text)) {
		raw = append(raw, byte(u), byte(u>>8))
	}
	f, err := newFinderForTest().Find(t.Context(), "appsettings.json", raw, keyForTest())
	if err != nil {
		t.Fatal(err)
	}
	got := string(narrowed(f.Text).body)
	if strings.Contains(got, password) || !strings.Contains(got, "Server=db;User Id=app;Password=COFFERDAM_") {
		t.Errorf("got %s", got)
	}
	if len(f.Values) != 1 || f.Values[0].Secret.Reveal() != password {
		t.Errorf("%d values, want the password", len(f.Values))
	}
}

func TestUnfit(t *testing.T) {
	tests := []struct {
		name, path string
		raw        []byte
	}{
		{"binary", "key.bin", []byte("\x00\x01" + awsKey)},
		{"broken", "appsettings.json", []byte(`{"Password": "` + password)},
		{"large", "big.txt", make([]byte, MaxFile+1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newFinderForTest().Find(t.Context(), workspace.Path(tt.path), tt.raw, keyForTest())
			var unfit *UnfitError
			if !errors.As(err, &unfit) {
				t.Fatalf("Find = %v, want an UnfitError", err)
			}
			if strings.Contains(err.Error(), password) || strings.Contains(err.Error(), awsKey) {
				t.Error("the error has a value in it")
			}
		})
	}
}
