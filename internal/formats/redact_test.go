package formats_test

import (
	"bytes"
	"regexp"
	"testing"

	"cofferdam/internal/formats"
	"cofferdam/placeholder"
	"cofferdam/redact"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

var pattern = regexp.MustCompile(placeholder.Pattern)

func newFinder() *redact.Finder {
	return redact.NewFinder(rules.NewSet(nil, nil), scan.NewSearcher(scan.Options{}))
}

// eachRedacted shows every file of a tree but those that are hidden whole with placeholders, knowing the values of all.
func eachRedacted(t *testing.T, seed uint64, visit func(t *testing.T, f formats.File, redacted *redact.File)) {
	key := placeholder.NewKey([32]byte{byte(seed), 1})
	finder, files := newFinder(), formats.Files(seed)
	var known []redact.Value
	for _, f := range files {
		known = append(known, valuesOf(t, finder, f, key)...)
	}
	finder = finder.Knowing(redact.NewKnown(known))
	for _, f := range files {
		if f.Hidden {
			continue
		}
		t.Run(f.Path, func(t *testing.T) {
			redacted, err := finder.Find(t.Context(), workspace.Path(f.Path), f.Raw, key)
			if err != nil {
				t.Fatalf("it has to be hidden: %v", err)
			}
			visit(t, f, redacted)
		})
	}
}

// valuesOf is what finder takes for secret in f.
func valuesOf(t *testing.T, finder *redact.Finder, f formats.File, key placeholder.Key) []redact.Value {
	if !f.Hidden {
		if redacted, err := finder.Find(t.Context(), workspace.Path(f.Path), f.Raw, key); err == nil {
			return redacted.Values
		}
	}
	values, err := finder.Values(t.Context(), workspace.Path(f.Path), f.Raw)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// For every file: no value is left in the redacted one, in any encoding.
func TestRedactedHoldsNoValue(t *testing.T) {
	for seed := range uint64(seeds) {
		eachRedacted(t, seed, func(t *testing.T, f formats.File, redacted *redact.File) {
			for _, leak := range formats.Leaks(redacted.Text, f.Values) {
				t.Errorf("it still has %s", leak)
			}
		})
	}
}

// For every file: its own parser reads the redacted one, and finds the same there but for tokens in the place of values.
func TestRedactedParsesTheSame(t *testing.T) {
	p := formats.NewParsers(t)
	for seed := range uint64(seeds) {
		eachRedacted(t, seed, func(t *testing.T, f formats.File, redacted *redact.File) {
			before, err := p.Parse(f.Parser, f.Raw)
			if err != nil {
				t.Fatal(err)
			}
			after, err := p.Parse(f.Parser, redacted.Text)
			if err != nil {
				t.Fatalf("parser %s does not read it any more: %v", f.Parser, err)
			}
			if where := formats.SameShape(before, after, pattern); where != "" {
				t.Errorf("parser %s finds another thing at %s", f.Parser, where)
			}
			for _, plain := range f.Plain {
				if !formats.Holds(after, plain) {
					t.Errorf("%q, which is no secret, does not show any more", plain)
				}
			}
		})
	}
}

// For every file: the redacted one has as many lines, that end in the same way, and the same mark at its beginning.
func TestRedactedKeepsItsLines(t *testing.T) {
	for seed := range uint64(seeds) {
		eachRedacted(t, seed, func(t *testing.T, f formats.File, redacted *redact.File) {
			for _, end := range []string{"\n", "\r\n"} {
				if got, want := bytes.Count(redacted.Text, f.Encode(end)), bytes.Count(f.Raw, f.Encode(end)); got != want {
					t.Errorf("%d times %q, want %d", got, end, want)
				}
			}
			mark := f.Encode("\uFEFF")
			if bytes.HasPrefix(redacted.Text, mark) != bytes.HasPrefix(f.Raw, mark) {
				t.Error("another byte order mark")
			}
			if bytes.HasSuffix(redacted.Text, f.Encode("\n")) != bytes.HasSuffix(f.Raw, f.Encode("\n")) {
				t.Error("another end of the last line")
			}
		})
	}
}

// For every file: an edit of one line of the redacted one, brought back, is the edit of the file itself.
func TestEditOfRedactedIsEditOfFile(t *testing.T) {
	for seed := range uint64(seeds) {
		key := placeholder.NewKey([32]byte{byte(seed), 1})
		eachRedacted(t, seed, func(t *testing.T, f formats.File, redacted *redact.File) {
			want, ok := f.Edit.Apply(f.Raw)
			edited, possible := f.Edit.Apply(redacted.Text)
			if !ok || !possible {
				t.Fatal("the edit is not possible any more")
			}
			values, err := placeholder.Locate(redacted.Text, f.Raw, &redacted.Record, key, redacted.Spans)
			if err != nil {
				t.Fatal(err)
			}
			restored, err := placeholder.Restore(edited, values, placeholder.Options{Escape: redact.Escape})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range restored.Events() {
				if e.Held {
					t.Errorf("%v", e)
				}
			}
			if got, err := restored.Text(0); err != nil || !bytes.Equal(got, want) {
				t.Errorf("another text than the edited file: %v", err)
			}
		})
	}
}

// At least this many files are redacted, as their issue asks for.
func TestEnoughFiles(t *testing.T) {
	redacted, formatsSeen := 0, map[string]bool{}
	for _, f := range formats.Files(0) {
		if !f.Hidden {
			redacted++
			formatsSeen[f.Parser] = true
		}
	}
	if redacted < 60 || len(formatsSeen) < 15 {
		t.Errorf("%d files of %d parsers, want 60 of 15", redacted, len(formatsSeen))
	}
}
