package fields

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Field is one value in a file, or a part of one.
type Field struct {
	// Key is the name a person knows the value by, such as "users.0.user.token" or "DB_PASSWORD". No two values of a file
	// have the same one: a later value with the key of an earlier one has "#2" behind it. Parts of one value share theirs.
	Key string
	// Line counts from 1 in a value that stands on several lines, one Field or more a line; 0 where it stands on one.
	Line int
	// Part counts from 1 in a line of a value of which some is secret and some is not; 0 where the Field is all of it.
	Part       int
	Start, End int   // bytes of it in the text, without quotes; never empty
	Quote      Quote // what it stands in, and so how it is written there
	Secret     bool  // it is a secret by the rules of the format; else it is only a value
	Comment    bool  // it stands in a comment
}

// ErrStructure is that a file is not what its name promises, or not surely understood. It has to be hidden whole.
var ErrStructure = errors.New("structure not understood")

func structure(why string) error { return fmt.Errorf("%w: %s", ErrStructure, why) }

// maxText bounds what is read, in bytes. Parsers take up to a hundred times as much memory.
const maxText = 4 << 20

// Read finds the fields of text, which is UTF-8 with or without a byte order mark, in the order they stand in. They are
// not empty and do not overlap. All errors are ErrStructure. It holds that text, with what Escape makes of a placeholder in
// the place of each secret, has the same lines, keys and other values.
func (f Format) Read(text []byte) ([]Field, error) {
	if f.lex == nil {
		return nil, structure("no format")
	}
	if len(text) > maxText {
		return nil, structure("too long")
	}
	doc, err := f.document(text)
	if err != nil {
		return nil, err
	}
	fields, err := f.fields(doc)
	if err != nil {
		return nil, err
	}
	if err := f.prove(string(text), doc, fields); err != nil {
		return nil, err
	}
	return fields, nil
}

// document is text under the lexer of the format.
func (f Format) document(text []byte) (*document, error) {
	offset, err := checkBytes(text)
	if err != nil {
		return nil, err
	}
	doc := &document{text: string(text[offset:]), offset: offset}
	if err := f.lex(doc); err != nil {
		return nil, err
	}
	slices.SortStableFunc(doc.nodes, func(a, b *node) int { return cmp.Compare(a.start(), b.start()) })
	return doc, nil
}

// fields is Read without the proof.
func (f Format) fields(doc *document) ([]Field, error) {
	doc.name()
	for _, mark := range f.marks {
		mark(doc)
	}
	return doc.fields(f.judge)
}

// checkBytes refuses what editors and parsers read in different ways, and says where the text behind a byte order mark
// begins.
func checkBytes(text []byte) (start int, err error) {
	if len(text) >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF {
		start = 3
	}
	for i, c := range text {
		if c == 0 {
			return 0, structure("a NUL byte")
		}
		// Some parsers end a line there and some do not.
		if c == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			return 0, structure("a carriage return without a line feed")
		}
	}
	return start, nil
}
