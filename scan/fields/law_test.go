package fields

import (
	"fmt"
	"strings"
	"testing"

	"cofferdam/rules/secret/sample"
)

// token is a placeholder of the shape that a view has.
func token(i int) string {
	const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	digits := []byte("COFFERDAM_TEST_RULE_AAAAAAAAAAAAAAAA")
	for at := len(digits) - 1; i > 0; at, i = at-1, i/32 {
		digits[at] = base32[i%32]
	}
	return string(digits)
}

// redact puts placeholders in the place of the secrets, and says where they are then.
func redact(t testing.TB, text string, fields []Field) (redacted string, places []sample.Span) {
	t.Helper()
	var b strings.Builder
	done := 0
	for i, f := range secretsOf(fields) {
		raw, ok := Escape(f.Quote, token(i))
		if !ok {
			t.Fatalf("Escape(%v, a placeholder) is not possible", f.Quote)
		}
		b.WriteString(text[done:f.Start])
		places = append(places, sample.Span{Start: b.Len(), End: b.Len() + len(raw)})
		b.WriteString(raw)
		done = f.End
	}
	b.WriteString(text[done:])
	return b.String(), places
}

// For every file: putting the values back into the redacted text gives the text; both have as many lines; no value is left.
func TestRedactRestoreIsIdentity(t *testing.T) {
	eachFile(t, func(t *testing.T, _ realistic, f Format, text string, _ []sample.Span) {
		for _, variant := range []string{text, strings.ReplaceAll(text, "\n", "\r\n"), "\uFEFF" + text, strings.TrimRight(text, "\n")} {
			if strings.HasPrefix(variant, "\uFEFF<?php") {
				continue
			}
			fields, err := f.Read([]byte(variant))
			if err != nil {
				t.Fatalf("Read as %s: %v", f.Name, err)
			}
			redacted, places := redact(t, variant, fields)
			if strings.Count(redacted, "\n") != strings.Count(variant, "\n") || strings.Count(redacted, "\r") != strings.Count(variant, "\r") {
				t.Error("another number of lines")
			}
			restored, done := "", 0
			for i, s := range secretsOf(fields) {
				restored += redacted[done:places[i].Start] + variant[s.Start:s.End]
				done = places[i].End
				if value := variant[s.Start:s.End]; len(value) >= 8 && strings.Contains(redacted, value) {
					t.Errorf("the value of %s is left", s.Key)
				}
			}
			if restored += redacted[done:]; restored != variant {
				t.Error("the restored text is another one")
			}
		}
	})
}

// For every file: the same fields stand in the redacted text, at other places.
func TestRedactedReadsTheSame(t *testing.T) {
	eachFile(t, func(t *testing.T, _ realistic, f Format, text string, _ []sample.Span) {
		before, err := f.Read([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		redacted, _ := redact(t, text, before)
		after, err := f.Read([]byte(redacted))
		if err != nil {
			t.Fatalf("Read of what is redacted: %v", err)
		}
		names := func(fields []Field) (all []string) {
			for _, f := range fields {
				all = append(all, fmt.Sprint(f.Key, f.Line, f.Part, f.Secret, f.Comment))
			}
			return all
		}
		a, b := names(before), names(after)
		for i := range min(len(a), len(b)) {
			// The name of a section of a git configuration has a placeholder, too.
			if a[i] != b[i] && !strings.Contains(b[i], "COFFERDAM_") {
				t.Fatalf("%q, then %q", a[i], b[i])
			}
		}
		if len(a) != len(b) {
			t.Fatalf("%d fields, then %d", len(a), len(b))
		}
	})
}

// For every file: cutting it short anywhere gives fields that are inside it, or ErrStructure, and never a panic.
func TestCutShort(t *testing.T) {
	for _, r := range corpus(t) {
		text, _ := r.expand(1)
		f, _ := Of(r.path, "")
		for end := 0; end < len(text); end += 7 {
			checkFields(t, f, []byte(text[:end]))
		}
	}
}

// For every file and secret: the value can be written in the quotes it stands in, if at all, and read back.
func TestEscapeInPlace(t *testing.T) {
	eachFile(t, func(t *testing.T, _ realistic, f Format, text string, _ []sample.Span) {
		fields, err := f.Read([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range fields {
			value, ok := Unescape(field.Quote, text[field.Start:field.End])
			if !ok {
				t.Fatalf("%s: its raw form cannot be read in %v", field.Key, field.Quote)
			}
			if raw, ok := Escape(field.Quote, value); ok {
				if back, ok := Unescape(field.Quote, raw); !ok || back != value {
					t.Errorf("%s: another value after Escape and Unescape in %v", field.Key, field.Quote)
				}
			}
		}
	})
}
