package apply

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"cofferdam/change"
)

// digest covers what is done with every change and why, both sides with the hashes of their contents, and nothing
// that differs from one look to the next, like times. Paths are quoted, so that no name can pass for another line.
func digest(items []item, strays []Conflict) string {
	h := sha256.New()
	fmt.Fprintln(h, "cofferdam plan 1")
	for i := range items {
		it := &items[i]
		fmt.Fprintf(h, "%d %q %s %s %q\n", it.fate, it.Path, it.Kind, it.conflict, it.why)
		for _, s := range []*change.Side{&it.Old, &it.New} {
			fmt.Fprintf(h, "\t%d %o %d %s %q\n", s.Type, s.Mode, s.Size, s.Hash, s.Target)
		}
	}
	for _, c := range strays {
		fmt.Fprintf(h, "stray %q %s\n", c.Path, c.Kind)
	}
	return hex.EncodeToString(h.Sum(nil))
}
