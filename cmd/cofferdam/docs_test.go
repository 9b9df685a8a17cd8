package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cofferdam/report"
)

// Every flag and every format is in the promise.
func TestThePromiseNamesEveryFlag(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "cli.md"))
	if err != nil {
		t.Fatal(err)
	}
	root, _ := newRoot(streams{strings.NewReader(""), io.Discard, io.Discard})
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" && !strings.Contains(string(text), "--"+f.Name) {
				t.Errorf("docs/cli.md does not name --%s of %s", f.Name, cmd.CommandPath())
			}
		})
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(root)
	for _, format := range report.Formats() {
		if !strings.Contains(string(text), "`"+format+"`") {
			t.Errorf("docs/cli.md does not name the format %s", format)
		}
	}
}
