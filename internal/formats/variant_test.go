package formats_test

import (
	"bytes"
	"errors"
	"testing"
	"unicode/utf16"

	"cofferdam/internal/formats"
	"cofferdam/placeholder"
	"cofferdam/redact"
	"cofferdam/workspace"
)

// variants is a text as other editors would have saved it.
func variants(raw []byte) map[string][]byte {
	wide := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(string(raw))) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	return map[string][]byte{
		"crlf":     bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n")),
		"bom":      append([]byte("\uFEFF"), raw...),
		"no end":   bytes.TrimRight(raw, "\n"),
		"utf-16":   wide,
		"trailing": bytes.ReplaceAll(raw, []byte("\n\n"), []byte("\n \n")),
	}
}

// For every file that its parser reads as another editor would have saved it: it is hidden, or redacted as ever.
func TestVariantsAreRedactedToo(t *testing.T) {
	p, finder := formats.NewParsers(t), newFinder()
	key := placeholder.NewKey([32]byte{7})
	read, refused := map[string]int{}, map[string]int{}
	for _, f := range formats.Files(5) {
		if f.Hidden || f.Notes || !bytes.Equal(f.Encode("\n"), []byte("\n")) || bytes.HasPrefix(f.Raw, []byte("\uFEFF")) {
			continue
		}
		for name, raw := range variants(f.Raw) {
			t.Run(f.Path+" "+name, func(t *testing.T) {
				before, err := p.Parse(f.Parser, raw)
				if err != nil {
					t.Skipf("parser %s does not read it", f.Parser)
				}
				redacted, err := finder.Find(t.Context(), workspace.Path(f.Path), raw, key)
				var unfit *redact.UnfitError
				if errors.As(err, &unfit) {
					refused[name]++
					t.Skip(unfit.Why)
				}
				if err != nil {
					t.Fatal(err)
				}
				read[name]++
				for _, leak := range formats.Leaks(redacted.Text, f.Values) {
					t.Errorf("it still has %s", leak)
				}
				after, err := p.Parse(f.Parser, redacted.Text)
				if err != nil {
					t.Fatalf("parser %s does not read it any more: %v", f.Parser, err)
				}
				if where := formats.SameShape(before, after, pattern); where != "" {
					t.Errorf("parser %s finds another thing at %s", f.Parser, where)
				}
			})
		}
	}
	t.Logf("redacted %v, hidden %v", read, refused)
	for name, n := range read {
		if refused[name] > n/5 {
			t.Errorf("%d of %s are hidden, %d redacted", refused[name], name, n)
		}
	}
}
