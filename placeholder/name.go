package placeholder

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strings"
)

const (
	longestName  = 256
	leastInNames = 4 // bytes of a value; a shorter one is in any name by chance
)

// names takes the values out of the names that values are known by: a section of a git configuration, for one, is named
// by a URL, which may have a password in it.
type names struct{ cleaned map[string]string }

func newNames(text []byte, pieces []piece, spans []Span, key Key) names {
	n := names{map[string]string{}}
	for _, p := range pieces {
		if p.name != "" {
			n.cleaned[p.name] = ""
		}
	}
	if len(n.cleaned) == 0 {
		return n
	}
	values := valuesReplacer(text, pieces, spans)
	for name := range n.cleaned {
		if len(name) > longestName {
			m := key.mac([]byte(name))
			n.cleaned[name] = "name " + hex.EncodeToString(m[:8])
			continue
		}
		n.cleaned[name] = strings.ToValidUTF8(values.Replace(name), "?")
	}
	return n
}

// clean is name without values.
func (n names) clean(name string) string { return n.cleaned[name] }

// valuesReplacer puts tokens in the place of values, and of what they mean.
func valuesReplacer(text []byte, pieces []piece, spans []Span) *strings.Replacer {
	type pair struct{ value, token string }
	var pairs []pair
	for _, p := range pieces {
		forms := []string{string(p.raw(text))}
		if own := spans[p.group].Value.text; own != nil {
			forms = append(forms, *own)
		}
		for _, value := range forms {
			if len(value) >= leastInNames && len(value) <= longestName {
				pairs = append(pairs, pair{value, newToken(p.rule, p.mac)})
			}
		}
	}
	// Of two values that begin at one place the longer one counts: no rest of it stays.
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(len(b.value), len(a.value)) })
	flat := make([]string, 0, 2*len(pairs))
	for _, p := range pairs {
		flat = append(flat, p.value, p.token)
	}
	return strings.NewReplacer(flat...)
}
