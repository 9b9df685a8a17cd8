package formats_test

import (
	"testing"

	"cofferdam/internal/formats"
)

const seeds = 5

// For every file: its parser finds every value in it, and all that is plain. So the templates are right.
func TestParsersFindTheValues(t *testing.T) {
	p := formats.NewParsers(t)
	for seed := range uint64(seeds) {
		for _, f := range formats.Files(seed) {
			t.Run(f.Path, func(t *testing.T) {
				tree, err := p.Parse(f.Parser, f.Raw)
				if err != nil {
					t.Fatalf("parser %s: %v", f.Parser, err)
				}
				for _, v := range f.Values {
					if !v.Comment && !f.Hidden && !formats.Holds(tree, v.Text) {
						t.Errorf("parser %s does not find %s", f.Parser, v.Name)
					}
				}
				for _, plain := range f.Plain {
					if !formats.Holds(tree, plain) {
						t.Errorf("parser %s does not find %q", f.Parser, plain)
					}
				}
			})
		}
	}
}
