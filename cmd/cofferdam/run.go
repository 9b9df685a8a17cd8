package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	units "github.com/docker/go-units"
	"github.com/spf13/cobra"

	"cofferdam"
	"cofferdam/sandbox"
	"cofferdam/stage"
	"cofferdam/workspace"
)

type runFlags struct {
	stage, git, net, apply   string
	env, home                []string
	memory, tmp, disk        string
	history                  int
	newGit                   bool // --git snapshot was asked for, so that the view has one where the project has none
	pids                     int64
	cpus                     float64
	requireComplete, timings bool
	ptrace                   bool
}

func (a *app) newRun() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run [flags] -- COMMAND [ARG…]",
		Short: "Run a command on the project without its secrets, and keep what it changes for review",
		Args:  cobra.ArbitraryArgs,
		RunE:  func(cmd *cobra.Command, args []string) error { return a.run(cmd, args, f) },
	}
	flags := cmd.Flags()
	flags.SetInterspersed(false) // what follows the command's name belongs to the command
	flags.StringVar(&f.stage, "stage", "", "overlay, copy or bind (default: overlay, and a copy where it cannot be had)")
	flags.StringVar(&f.git, "git", "snapshot", "`snapshot`, none or host: what .git shows; snapshot is a repository of what the view shows, none an empty directory, host is read-only and has the whole history")
	flags.IntVar(&f.history, "history", 0, "show the last `N` commits in the view's git, less what they hold of secrets; with --git snapshot alone")
	flags.StringVar(&f.net, "net", "none", "`none` or host")
	flags.StringVar(&f.apply, "apply", "ask", "`ask`, never or clean: what happens to the changes afterwards")
	flags.StringArrayVar(&f.env, "env", nil, "pass an environment variable in: `NAME[=VALUE]`")
	flags.StringArrayVar(&f.home, "home-path", nil, "show a path below $HOME: `PATH[:rw]`")
	flags.StringVar(&f.memory, "memory", "", "limit of memory, as 2G")
	flags.Int64Var(&f.pids, "pids", 0, "limit of processes and threads")
	flags.Float64Var(&f.cpus, "cpus", 0, "limit of processors, as 1.5")
	flags.StringVar(&f.tmp, "tmp-size", "", "limit of each temporary directory, as 1G")
	flags.StringVar(&f.disk, "disk", "", "limit of what the command may write to the project")
	flags.BoolVar(&f.ptrace, "ptrace", false, "let the command debug its own processes")
	flags.BoolVar(&f.requireComplete, "require-complete", false, "do not start, and exit 5, when something could not be scanned")
	flags.BoolVar(&f.timings, "timings", false, "say what each step took")
	return cmd
}

func (a *app) run(cmd *cobra.Command, args []string, f runFlags) error {
	if len(args) == 0 {
		return usage("run needs a command: cofferdam run -- COMMAND")
	}
	if f.newGit = cmd.Flags().Changed("git"); !f.newGit && f.history > 0 {
		f.git = string(stage.GitSnapshot)
	}
	if err := f.check(); err != nil {
		return err
	}
	p, err := a.open()
	if err != nil {
		return err
	}
	defer p.Close()
	o, err := a.runOptions(p, args, f)
	if err != nil {
		return err
	}
	// Until the command runs, an interrupt stops the staging; from then on the sandbox passes signals to the command.
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	progress := a.newProgress("scanning")
	o.Progress = progress.teller()
	o.Ready = func(r *cofferdam.RunResult) {
		progress.end()
		stop()
		a.announce(r, f)
	}
	result, err := p.Run(ctx, o)
	progress.end()
	if errors.Is(err, cofferdam.ErrIncomplete) {
		return &codeError{code: exitIncomplete, err: err, hint: "cofferdam scan names them"}
	}
	if err != nil {
		return err
	}
	defer result.Work.Close()
	if err := a.finish(context.WithoutCancel(ctx), result, f); err != nil {
		return err
	}
	if result.Exit.Code != 0 {
		return &codeError{code: result.Exit.Code}
	}
	return nil
}

// check finds words that no flag knows, before anything is scanned.
func (f runFlags) check() error {
	for _, flag := range []struct {
		name, value string
		known       []string
	}{
		{"apply", f.apply, []string{"ask", "never", "clean"}},
		{"stage", f.stage, []string{"", "overlay", "copy", "bind"}},
		{"git", f.git, []string{"snapshot", "none", "host"}},
		{"net", f.net, []string{"none", "host"}},
	} {
		if !slices.Contains(flag.known, flag.value) {
			return usage("--%s %q is not one of %s", flag.name, flag.value, strings.TrimSpace(strings.Join(flag.known, " ")))
		}
	}
	if f.history < 0 || f.history > 0 && f.git != string(stage.GitSnapshot) {
		return usage("--history %d --git %s means nothing: history is part of a snapshot", f.history, f.git)
	}
	return nil
}

func (a *app) runOptions(p *cofferdam.Project, args []string, f runFlags) (o cofferdam.RunOptions, err error) {
	dir, err := workingDir(p.Root.Path())
	if err != nil {
		return o, err
	}
	o = cofferdam.RunOptions{
		Stage:           stage.Kind(f.stage),
		Git:             stage.GitMode(f.git),
		NewGit:          f.newGit,
		History:         f.history,
		RequireComplete: f.requireComplete,
		Tell:            a.tell,
		Sandbox:         sandbox.Options{Args: args, Dir: dir, Environ: os.Environ(), Env: f.env, Loopback: true, Ptrace: f.ptrace},
	}
	if f.net == "host" {
		o.Sandbox.Net = sandbox.NetHost
	}
	for _, entry := range f.home {
		relative, rw := strings.CutSuffix(entry, ":rw")
		o.Sandbox.HomePaths = append(o.Sandbox.HomePaths, sandbox.HomePath{Relative: relative, RW: rw})
	}
	o.Stdio.In, _ = a.in.(*os.File)
	o.Stdio.Out, _ = a.out.(*os.File)
	o.Stdio.Err, _ = a.err.(*os.File)
	o.Sandbox.Limits, err = f.limits()
	return o, err
}

func (f runFlags) limits() (sandbox.Limits, error) {
	l := sandbox.Limits{Pids: f.pids, CPUs: f.cpus}
	for _, size := range []struct {
		flag, text string
		into       *int64
	}{{"memory", f.memory, &l.Memory}, {"tmp-size", f.tmp, &l.TmpSize}, {"disk", f.disk, &l.Disk}} {
		if size.text == "" {
			continue
		}
		n, err := units.RAMInBytes(size.text)
		if err != nil || n <= 0 {
			return l, usage("--%s %q is not a size such as 512M or 2G", size.flag, size.text)
		}
		*size.into = n
	}
	if l.Pids < 0 || l.CPUs < 0 {
		return l, usage("a limit below zero means nothing")
	}
	return l, nil
}

// announce says before the command starts what it will see, and what was waived.
func (a *app) announce(r *cofferdam.RunResult, f runFlags) {
	if a.json {
		return
	}
	hidden, redacted := r.Plan.Hidden(), r.Plan.Redacted()
	a.tell("%d paths scanned, %d hidden%s", len(r.Report.Ledger), len(hidden), someOf(hidden))
	if len(redacted) > 0 {
		a.tell("%d shown with placeholders for their secrets%s", len(redacted), someOf(redacted))
	}
	if n := len(r.Report.Incomplete); n > 0 {
		a.tell("%d paths could not be scanned and are hidden, the first %q: %s", n, r.Report.Incomplete[0].Path, r.Report.Incomplete[0].Reason)
	}
	if f.git == "host" {
		a.tell("--git host: the command can read the whole history of the repository")
	}
	if f.net == "host" {
		a.tell("--net host: the command has the network and can send away all that it sees")
	}
}

// someOf is the first few of paths, as the end of a sentence.
func someOf(paths []workspace.Path) string {
	const few = 5
	var b strings.Builder
	for i, path := range paths[:min(few, len(paths))] {
		b.WriteString([]string{": ", ", "}[min(i, 1)] + quoted(path))
	}
	if len(paths) > few {
		b.WriteString(", …")
	}
	return b.String()
}

type timingJSON struct {
	Step string  `json:"step"`
	MS   float64 `json:"ms"`
}

type runJSON struct {
	Version    int          `json:"version"`
	Session    string       `json:"session"`
	Project    string       `json:"project"`
	ExitCode   int          `json:"exit_code"`
	Stage      stage.Kind   `json:"stage"`
	Git        string       `json:"git"`
	Hidden     int          `json:"hidden"`
	Redacted   int          `json:"redacted"`
	Incomplete int          `json:"incomplete"`
	Changes    int          `json:"changes"`
	Commits    bool         `json:"commits"` // the command committed something
	Late       []lateJSON   `json:"late_secrets"`
	Timings    []timingJSON `json:"timings"`
}

// finish says what came of the run and deals with its changes as --apply says.
func (a *app) finish(ctx context.Context, r *cofferdam.RunResult, f runFlags) error {
	id := r.Work.Session.ID
	if r.Exit.OOM {
		a.tell("the memory limit had processes of the command killed")
	}
	a.tellLate(r)
	if f.timings && !a.json {
		for _, t := range r.Timings {
			fmt.Fprintf(a.err, "cofferdam: %-14s %8.1f ms\n", t.Step, milliseconds(t.Took))
		}
	}
	if a.json {
		return writeJSON(a.out, runSummary(r))
	}
	committed := r.Work.Committed
	if committed {
		a.tell("the command committed: cofferdam apply --commits brings that to refs/cofferdam/%s", id)
	}
	if len(r.Changes.Changes) == 0 {
		if !committed {
			a.tell("nothing was changed")
		}
		return nil
	}
	a.tell("%d changes in session %s", len(r.Changes.Changes), id[:8])
	switch {
	case f.apply == "clean":
		return a.land(ctx, &selection{work: r.Work}, applyFlags{yes: true})
	case f.apply == "ask" && a.mayAsk():
		return a.land(ctx, &selection{work: r.Work}, applyFlags{})
	}
	a.tell("next: cofferdam diff, then cofferdam apply or cofferdam discard")
	return nil
}

func runSummary(r *cofferdam.RunResult) runJSON {
	s := r.Work.Session
	j := runJSON{Version: 1, Session: s.ID, Project: s.Project, ExitCode: r.Exit.Code, Stage: r.Plan.Kind, Git: s.Git,
		Hidden: len(r.Plan.Hidden()), Redacted: len(r.Plan.Redacted()), Incomplete: len(r.Report.Incomplete), Changes: len(r.Changes.Changes),
		Commits: r.Work.Committed, Late: lateSummary(r)}
	for _, t := range r.Timings {
		j.Timings = append(j.Timings, timingJSON{t.Step, milliseconds(t.Took)})
	}
	return j
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
