package secret

import (
	"embed"
	"io/fs"
	"path"
)

//go:embed packs/*.toml
var packs embed.FS

// Packs is this project's own rule files: their names, in order, and their texts.
func Packs() (names []string, texts [][]byte) {
	names, err := fs.Glob(packs, "packs/*.toml")
	if err != nil {
		panic("BUG: " + err.Error())
	}
	for i, name := range names {
		text, err := packs.ReadFile(name)
		if err != nil {
			panic("BUG: " + err.Error())
		}
		texts = append(texts, text)
		names[i] = path.Base(name)
	}
	return names, texts
}
