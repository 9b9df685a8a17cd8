// Command generate writes the digest of the rules that come with gitleaks.
package main

import (
	"fmt"
	"os"

	"github.com/zricethezav/gitleaks/v8/config"

	"cofferdam/scan/internal/leaks"
)

func main() {
	if err := generate(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate() error {
	source, err := leaks.Source(config.DefaultConfig)
	if err != nil {
		return err
	}
	return os.WriteFile("digest.go", source, 0o644)
}
