// Package sample writes made-up secrets into templates, so that no token-like value stands in a rule file or a test.
// The same template and seed always give the same text.
//
// A template is text with placeholders:
//
//	{{hex:40}} {{HEX:32}}           hexadecimal digits
//	{{lower:8}} {{upper:8}}         a-z, A-Z
//	{{digits:12}}                   0-9, not beginning with 0
//	{{alnum:24}}                    A-Z a-z 0-9
//	{{lowernum:10}} {{uppernum:16}} a-z 0-9, A-Z 0-9
//	{{base32:32}} {{base58:88}}     as RFC 4648 and Bitcoin write them
//	{{base64:44}}                   a whole encoding, padded where 16, 32, 64 or 128 bytes need it
//	{{base64url:43}}                without padding
//	{{of:ABC:9}}                    nine of these characters
//	{{uuid}} {{UUID}}
//	{{word}} {{host}} {{email}}
//	{{password}} {{passphrase}}     as people choose them
//	{{jwt}} {{jwt:RS256}}
//	{{pem:RSA PRIVATE KEY}}         a block with its BEGIN and END lines; no line end after it
//	{{check:github:ghp_}}           a token with a right checksum; see check.go for the kinds
//	{{badcheck:github:ghp_}}        the same with a wrong one
//	{{b64:TEMPLATE}}                base64 of what the template gives
//	{{raw:TEXT}}                    TEXT as it is, for literal braces
//
// Counts may be ranges: {{alnum:20-40}}. «» mark where the secret is and are left out of the text. Anything else in
// braces stays as it is; Unknown lists what looks like a placeholder and is none. A first line such as "@path conf/.env"
// says in which file the text stands; see Path.
package sample

import (
	"encoding/base64"
	"hash/fnv"
	"math/rand/v2"
	"strings"
)

// Span is where a secret is: text[Start:End].
type Span struct{ Start, End int }

// Expand writes made-up values into template and says where the marked ones are, in order.
func Expand(template string, seed uint64) (text string, secrets []Span) {
	h := fnv.New64a()
	h.Write([]byte(template))
	w := &writer{rand: rand.New(rand.NewPCG(seed, h.Sum64()))}
	w.expand(template)
	return w.text.String(), w.secrets
}

// Path takes the line that says in which file a template stands off it; without one it is some text file.
func Path(template string) (path, rest string) {
	after, named := strings.CutPrefix(template, "@path ")
	if !named {
		return "example.txt", template
	}
	path, rest, _ = strings.Cut(after, "\n")
	return path, rest
}

// Unknown is the placeholders in template that are none, and marks that are not paired.
func Unknown(template string) []string {
	w := &writer{rand: rand.New(rand.NewPCG(1, 1))}
	w.expand(template)
	if w.open {
		w.unknown = append(w.unknown, markOpen)
	}
	return w.unknown
}

const (
	markOpen  = "«"
	markClose = "»"
)

type writer struct {
	rand    *rand.Rand
	text    strings.Builder
	secrets []Span
	start   int // of the secret whose mark is open
	open    bool
	unknown []string
}

func (w *writer) expand(template string) {
	for template != "" {
		switch {
		case strings.HasPrefix(template, markOpen):
			if w.open {
				w.unknown = append(w.unknown, markOpen)
			}
			w.start, w.open = w.text.Len(), true
			template = template[len(markOpen):]
		case strings.HasPrefix(template, markClose):
			w.close()
			template = template[len(markClose):]
		case strings.HasPrefix(template, "{{"):
			n := w.placeholder(template)
			template = template[n:]
		default:
			w.text.WriteByte(template[0])
			template = template[1:]
		}
	}
}

func (w *writer) close() {
	if !w.open {
		w.unknown = append(w.unknown, markClose)
		return
	}
	w.secrets = append(w.secrets, Span{w.start, w.text.Len()})
	w.open = false
}

// placeholder writes the value for the placeholder that template begins with and says how long the placeholder is.
func (w *writer) placeholder(template string) int {
	end := closing(template)
	if end < 0 {
		w.text.WriteString("{{")
		return len("{{")
	}
	inner := template[len("{{") : end-len("}}")]
	name, argument, _ := strings.Cut(inner, ":")
	value, ok := w.value(name, argument)
	if !ok {
		if isName(name) {
			w.unknown = append(w.unknown, inner)
		}
		w.text.WriteString("{{")
		return len("{{")
	}
	w.text.WriteString(value)
	return end
}

// closing is the index after the braces that close those which text begins with, or -1.
func closing(text string) int {
	depth := 0
	for i := 0; i+1 < len(text); {
		switch text[i : i+2] {
		case "{{":
			depth++
			i += 2
		case "}}":
			depth--
			i += 2
			if depth == 0 {
				return i
			}
		default:
			i++
		}
	}
	return -1
}

// Templates of other languages put a space or a dot inside their braces.
func isName(name string) bool {
	return name != "" && !strings.ContainsAny(name, " .|()\"'$\n")
}

func (w *writer) value(name, argument string) (value string, ok bool) {
	switch name {
	case "raw":
		return argument, true
	case "b64":
		inner := &writer{rand: w.rand}
		inner.expand(argument)
		w.unknown = append(w.unknown, inner.unknown...)
		return base64.StdEncoding.EncodeToString([]byte(inner.text.String())), true
	case "of":
		alphabet, count, found := cutLast(argument)
		if !found || alphabet == "" {
			return "", false
		}
		return w.counted(alphabet, count)
	case "base64":
		n, ok := w.count(argument)
		return w.base64(n), ok
	case "digits":
		n, ok := w.count(argument)
		return w.digits(n), ok
	case "check":
		return w.checked(argument)
	case "badcheck":
		good, ok := w.checked(argument)
		return spoil(good), ok
	case "pem":
		return w.pem(argument), argument != ""
	case "jwt":
		return w.jwt(argument), true
	}
	if alphabet, ok := alphabets[name]; ok {
		return w.counted(alphabet, argument)
	}
	if argument != "" {
		return "", false
	}
	return w.phrase(name)
}
