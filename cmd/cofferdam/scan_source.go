package main

import (
	"context"
	"io"
	"os"

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
}

// wholeHistory is what --history means without a range.
const wholeHistory = "all"

func (f *sourceFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.staged, "staged", false, "search what the next git commit would bring in")
	flags.StringVar(&f.since, "since", "", "report what came in after `revision`, committed or not")
	flags.StringVar(&f.history, "history", "", "search every version that a file ever had, or those of a `range` of revisions (--history=A..B)")
	flags.Lookup("history").NoOptDefVal = wholeHistory
	flags.StringVar(&f.diff, "diff", "", "search what the patch in `file` adds; - is stdin")
	flags.StringVar(&f.name, "stdin-name", "stdin", "`path` that a text from stdin is taken to have")
}

// search does what the flags ask for.
func (a *app) search(ctx context.Context, args []string, f sourceFlags, o cofferdam.ScanOptions) (*cofferdam.Scanned, error) {
	text := len(args) == 1 && args[0] == "-"
	if len(args) == 1 && !text {
		a.project = args[0]
	}
	p, err := a.open()
	if err != nil {
		return nil, err
	}
	defer p.Close()
	progress := a.newProgress("scanning")
	defer progress.end()
	o.Progress = progress.scan
	switch {
	case text:
		return p.ScanText(ctx, workspace.Path(f.name), a.in, o)
	case f.diff != "":
		in, err := a.input(f.diff)
		if err != nil {
			return nil, err
		}
		defer in.Close()
		return p.ScanPatch(ctx, in, o)
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

// input is a file that the user names, or stdin.
func (a *app) input(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(a.in), nil
	}
	return os.Open(name)
}
