package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"cofferdam"
)

type versionJSON struct {
	Version   int    `json:"version"`
	Cofferdam string `json:"cofferdam"`
	Commit    string `json:"commit,omitempty"`
	Go        string `json:"go"`
	Platform  string `json:"platform"`
}

func (a *app) newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v := versionJSON{Version: 1, Cofferdam: cofferdam.Version, Commit: commit(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
			if a.json {
				return writeJSON(a.out, v)
			}
			_, err := fmt.Fprintf(a.out, "cofferdam %s %s %s %s\n", v.Cofferdam, v.Commit, v.Go, v.Platform)
			return err
		},
	}
}

func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}
