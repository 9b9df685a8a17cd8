// Command generate writes the text that package rules embeds, from the rule files in data.
package main

import (
	"fmt"
	"os"

	"cofferdam/rules/internal/source"
)

func main() {
	if err := generate(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate() error {
	files, err := source.Read(os.DirFS("data"))
	if err != nil {
		return err
	}
	return os.WriteFile("paths.txt", source.Flatten(files), 0o644)
}
