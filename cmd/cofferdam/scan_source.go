package main

import (
	"context"
	"io"
	"os"
	"path"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cofferdam"
	"cofferdam/workspace"
)

// sourceFlags say what is searched.
type sourceFlags struct {
	staged  bool
	since   string
	history string
	diff    string
	name    string

	stdin bool // the argument is -
}

// wholeHistory is what --history means without a range.
const wholeHistory = "all"

func (f *sourceFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.staged, "staged", false, "search what the next git commit would bring in")
	flags.StringVar(&f.since, "since", "", "report only what came in after the merge base of `revision` and HEAD, committed or not")
	flags.StringVar(&f.history, "history", "", "search every version that a file ever had; with --history=A..B (the = is needed), what those `commits` brought in")
	flags.Lookup("history").NoOptDefVal = wholeHistory
	flags.StringVar(&f.diff, "diff", "", "search what the patch in `file` adds; - is stdin")
	flags.StringVar(&f.name, "stdin-name", "stdin", "`path` that the text from stdin is taken to have")
}

// check refuses what contradicts itself.
func (f *sourceFlags) check(cmd *cobra.Command, args []string) error {
	f.stdin = len(args) == 1 && args[0] == "-"
	given := ""
	for _, name := range []string{"staged", "since", "history", "diff"} {
		if !cmd.Flags().Changed(name) {
			continue
		}
		if given != "" {
			return usage("--%s and --%s search two things; one of them is needed", given, name)
		}
		given = name
		if value := cmd.Flags().Lookup(name).Value.String(); value == "" {
			return usage("--%s needs a value", name)
		}
	}
	switch path := len(args) == 1 && !f.stdin; {
	case f.stdin && given != "":
		return usage("- is a text from stdin, which has no --%s", given)
	case path && (given == "staged" || given == "diff"):
		return usage("--%s searches no PATH; -C %s names a project", given, args[0])
	case path && cmd.Flags().Changed("project"):
		return usage("--project and PATH both say where")
	case !f.stdin && cmd.Flags().Changed("stdin-name"):
		return usage("--stdin-name names the text of cofferdam scan -")
	}
	return f.checkName()
}

func (f *sourceFlags) checkName() error {
	name, err := workspace.ParsePath(path.Clean(f.name))
	if err != nil {
		return usage("--stdin-name: %w", err)
	}
	f.name = string(name)
	return nil
}

// part is the flag or argument that makes a scan one of a part, or empty.
func (f *sourceFlags) part() string {
	switch {
	case f.stdin:
		return "-"
	case f.diff != "":
		return "--diff"
	case f.staged:
		return "--staged"
	case f.since != "":
		return "--since"
	case f.history != "" && f.history != wholeHistory:
		return "--history=" + f.history
	}
	return ""
}

// search does what the flags ask for.
func (a *app) search(ctx context.Context, args []string, f sourceFlags, o cofferdam.ScanOptions) (*cofferdam.Scanned, error) {
	if len(args) == 1 && !f.stdin {
		a.project = args[0]
		if info, err := os.Stat(args[0]); err == nil && info.Mode().IsRegular() {
			return nil, &codeError{exitUsage, usage("%q is a file; scan takes a directory", args[0]), "cofferdam scan - --stdin-name FILE < FILE searches one"}
		}
	}
	p, err := a.open()
	if err != nil {
		return nil, err
	}
	defer p.Close()
	progress := a.newProgress("scanning")
	defer progress.end()
	o.Progress = progress.teller()
	return a.searchIn(ctx, p, f, o)
}

func (a *app) searchIn(ctx context.Context, p *cofferdam.Project, f sourceFlags, o cofferdam.ScanOptions) (*cofferdam.Scanned, error) {
	switch {
	case f.stdin:
		return p.ScanText(ctx, workspace.Path(f.name), a.in, o)
	case f.diff != "":
		return a.searchPatch(ctx, p, f.diff, o)
	case f.staged:
		return p.ScanStaged(ctx, o)
	case f.since != "":
		return p.ScanSince(ctx, f.since, o)
	case f.history == wholeHistory:
		return p.ScanHistory(ctx, nil, o)
	case f.history != "":
		return p.ScanHistory(ctx, []string{f.history}, o)
	}
	return p.Scan(ctx, o)
}

func (a *app) searchPatch(ctx context.Context, p *cofferdam.Project, name string, o cofferdam.ScanOptions) (*cofferdam.Scanned, error) {
	in, err := a.input(name)
	if err != nil {
		return nil, usage("--diff: %w", err)
	}
	defer in.Close()
	s, err := p.ScanPatch(ctx, in, o)
	if err == nil && s.Report.Texts == 0 && s.Report.Bytes > 0 {
		a.tell("note: no file in the patch gets any text")
	}
	return s, err
}

// input is a file that the user names, or stdin.
func (a *app) input(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(a.in), nil
	}
	return os.Open(name)
}
