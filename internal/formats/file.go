package formats

import (
	"bytes"
	"os"
	"path/filepath"
)

// File is one file of the tree.
type File struct {
	Path   string // below the tree, with slashes
	Raw    []byte
	Parser string   // that reads it; see Parsers
	Values []Value  // in the order they stand in; the same one may stand in several places
	Plain  []string // values that are no secret, as a parser reads them: they have to stay
	Edit   Edit
	Hidden bool // it has to be hidden whole
	Notes  bool // no configuration: it mentions values of other files
	// Certificates are those among Plain, in PEM.
	Certificates []string
	encode       func(string) []byte
}

// Value is a secret in a File.
type Value struct {
	Name string
	Core string // the secret itself
	Text string // what a parser of the file reads there, which has Core in it in some encoding
	Raw  string // how that is written, in UTF-8 and with LF
	// Comment is that it stands in a comment, which no parser reads.
	Comment bool
}

// Edit is a change of one line that has no secret in it, in the encoding of the file.
type Edit struct{ Old, New []byte }

// Apply makes the change in raw. It is not ok unless Old stands in it exactly once.
func (e Edit) Apply(raw []byte) (edited []byte, ok bool) {
	if len(e.Old) == 0 || bytes.Count(raw, e.Old) != 1 {
		return nil, false
	}
	return bytes.Replace(raw, e.Old, e.New, 1), true
}

// Encode is text as it stands in the file: its character encoding and its line ends, without a byte order mark.
func (f File) Encode(text string) []byte { return f.encode(text) }

// Write writes the files below dir.
func Write(dir string, files []File) error {
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.Raw, 0o644); err != nil {
			return err
		}
	}
	return nil
}
