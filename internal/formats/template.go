package formats

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
)

//go:embed testdata/*.txtar
var testdata embed.FS

// template is a file before its values are made up. In its text
//
//	⟦NAME kind|encoding|…⟧   is a secret: see kind.go and encoding.go; without a kind, the value of that NAME again
//	⟦^NAME …⟧                is the same value in every file of the tree
//	⟪text⟫                   is a value that is no secret; ⟪@cert|base64⟫ is a made-up certificate
//
// What is said of it follows as a file of its own, "PATH about", in lines:
//
//	parser NAME
//	edit OLD => NEW
//	crlf, bom, utf-16le, utf-16be, latin-1, nofinal, hidden, notes
type template struct {
	path, text, parser, old, new string
	flags                        map[string]bool
}

func templates() ([]template, error) {
	names, err := fs.Glob(testdata, "testdata/*.txtar")
	if err != nil {
		return nil, err
	}
	var all []template
	for _, name := range names {
		data, err := testdata.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files := txtar.Parse(data).Files
		for i := 0; i+1 < len(files); i += 2 {
			if files[i+1].Name != files[i].Name+" about" {
				return nil, fmt.Errorf("%s: nothing is said about %s", path.Base(name), files[i].Name)
			}
			t := template{path: files[i].Name, text: string(files[i].Data), flags: map[string]bool{}}
			if err := t.about(string(files[i+1].Data)); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", path.Base(name), t.path, err)
			}
			all = append(all, t)
		}
	}
	return all, nil
}

func (t *template) about(text string) error {
	for line := range strings.Lines(text) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "":
		case "parser":
			t.parser = rest
		case "edit":
			var ok bool
			if t.old, t.new, ok = strings.Cut(rest, " => "); !ok {
				return fmt.Errorf("edit %q", rest)
			}
		case "crlf", "bom", "utf-16le", "utf-16be", "latin-1", "nofinal", "hidden", "notes":
			t.flags[word] = true
		default:
			return fmt.Errorf("unknown word %q", word)
		}
	}
	return nil
}
