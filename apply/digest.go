package apply

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"cofferdam/change"
	"cofferdam/workspace"
)

// digest covers what is done with every change and why, both sides with the hashes of their contents, and nothing
// that differs from one look to the next, like times. Paths are quoted, so that no name can pass for another line. Of a
// content that is made and may hold values, it has no hash that a guess could be compared with.
func (p *planner) digest() string {
	h := sha256.New()
	fmt.Fprintln(h, "cofferdam plan 2")
	for i := range p.items {
		it := &p.items[i]
		c := it.inView()
		fmt.Fprintf(h, "%d %q %s %s %q\n", it.fate, it.Path, c.Kind, it.conflict, it.why)
		for _, s := range []*change.Side{&c.Old, &c.New} {
			fmt.Fprintf(h, "\t%d %o %d %s %q\n", s.Type, s.Mode, s.Size, s.Hash, s.Target)
		}
		if it.made != nil && it.fate == lands {
			fmt.Fprintf(h, "\tmade %o %x\n", it.New.Mode, p.keyed(it.New.Hash))
		}
		for _, e := range it.events {
			fmt.Fprintf(h, "\t%s %s %q %d %d %t %t\n", e.Kind, e.Where, e.Name, e.Line, e.Column, e.Held, e.Rotated)
		}
	}
	for _, c := range p.strays {
		fmt.Fprintf(h, "stray %q %s\n", c.Path, c.Kind)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// keyed is hash as only who has the session's key can compute it.
func (p *planner) keyed(hash workspace.Hash) []byte {
	secret := p.options.Secrets.key().Reveal()
	mac := hmac.New(sha256.New, secret[:])
	mac.Write(hash[:])
	return mac.Sum(nil)
}
