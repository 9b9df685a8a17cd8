package formats

import (
	"fmt"
	"strings"
)

const (
	secretOpen, secretClose = "⟦", "⟧"
	plainOpen, plainClose   = "⟪", "⟫"
)

// Files is the tree with values made up from seed. The same seed gives the same tree. It panics when a template is
// wrong.
func Files(seed uint64) []File {
	all, err := templates()
	if err != nil {
		panic(err)
	}
	files := make([]File, len(all))
	for i, t := range all {
		if files[i], err = t.render(seed); err != nil {
			panic(fmt.Errorf("%s: %w", t.path, err))
		}
	}
	return files
}

func (t template) render(seed uint64) (File, error) {
	r := renderer{seed: seed, path: t.path, cores: map[string]string{}}
	if err := r.write(t.text); err != nil {
		return File{}, err
	}
	f := File{Path: t.path, Parser: t.parser, Values: r.values, Plain: r.plain, Certificates: r.certificates, Hidden: t.flags["hidden"], Notes: t.flags["notes"], encode: t.encode}
	text := r.text.String()
	if t.flags["nofinal"] {
		text = strings.TrimSuffix(text, "\n")
	}
	if t.old != "" && strings.Count(text, t.old) != 1 {
		return File{}, fmt.Errorf("%q, which is to be edited, stands there %d times", t.old, strings.Count(text, t.old))
	}
	f.Edit = Edit{t.encode(t.old), t.encode(t.new)}
	if t.flags["bom"] {
		text = "\uFEFF" + text
	}
	f.Raw = t.encode(text)
	return f, nil
}

type renderer struct {
	seed   uint64
	path   string
	cores  map[string]string
	text   strings.Builder
	values []Value
	plain  []string

	certificates []string
}

func (r *renderer) write(text string) error {
	for text != "" {
		at := strings.IndexAny(text, secretOpen+plainOpen)
		if at < 0 {
			r.text.WriteString(text)
			return nil
		}
		r.text.WriteString(text[:at])
		open, closing, put := secretOpen, secretClose, r.secret
		if strings.HasPrefix(text[at:], plainOpen) {
			open, closing, put = plainOpen, plainClose, r.value
		}
		inner, rest, ok := strings.Cut(text[at+len(open):], closing)
		if !ok {
			return fmt.Errorf("%s is not closed", open)
		}
		if err := put(inner); err != nil {
			return fmt.Errorf("%q: %w", inner, err)
		}
		text = rest
	}
	return nil
}

func (r *renderer) secret(marker string) error {
	name, how, _ := strings.Cut(marker, " ")
	kind, encodings, _ := strings.Cut(how, "|")
	core, err := r.core(name, kind)
	if err != nil {
		return err
	}
	text, raw, err := encodeAll(core, encodings)
	if err != nil {
		return err
	}
	r.values = append(r.values, Value{Name: strings.TrimLeft(name, "^#"), Core: core, Text: text, Raw: raw, Comment: strings.HasPrefix(name, "#")})
	r.text.WriteString(raw)
	return nil
}

// core is the value of a name, which is made up where the name comes first.
func (r *renderer) core(name, kind string) (string, error) {
	if core, ok := r.cores[name]; ok && kind == "" {
		return core, nil
	}
	scope := r.path
	if strings.HasPrefix(name, "^") {
		scope = ""
	}
	core, err := makeUp(kind, newSource(r.seed, scope, name))
	r.cores[name] = core
	return core, err
}

func (r *renderer) value(marker string) error {
	text, raw := marker, marker
	if how, generated := strings.CutPrefix(marker, "@cert"); generated {
		encodings := strings.TrimPrefix(how, "|")
		core, err := makeUp("cert", newSource(r.seed, r.path, marker))
		if err != nil {
			return err
		}
		r.certificates = append(r.certificates, core)
		if text, raw, err = encodeAll(core, encodings); err != nil {
			return err
		}
	}
	r.plain = append(r.plain, text)
	r.text.WriteString(raw)
	return nil
}
