package cofferdam

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cofferdam/change"
	"cofferdam/overlay"
	"cofferdam/sandbox"
	"cofferdam/scan"
	"cofferdam/session"
	"cofferdam/stage"
	"cofferdam/workspace"
)

// RunOptions is how a command is run. The zero value of each is the strict one.
type RunOptions struct {
	Sandbox         sandbox.Options // View and Private are filled in
	Stdio           sandbox.Stdio
	Stage           stage.Kind // empty: overlay, and a copy where overlayfs cannot be had
	Git             stage.GitMode
	NewGit          bool // with a snapshot: also where the project has no repository
	History         int  // how many commits a snapshot shows; 0 for one that was never made
	RequireComplete bool // do not start when something could not be scanned

	Tell     func(format string, args ...any) // takes what the user should hear before the command starts
	Progress func(scan.Progress)
	Ready    func(*RunResult) // called when the view stands, right before the command starts
}

// RunResult is what came of a run. Work holds its session; the caller closes it.
type RunResult struct {
	Work    *Work
	Exit    *sandbox.Exit
	Changes *change.Set
	Report  *scan.Report
	Plan    *stage.Plan
	Late    []LatePath // what became a secret in the project while the command ran
	Timings []Timing
}

// Timing is how long a step took.
type Timing struct {
	Step string
	Took time.Duration
}

// ErrIncomplete says that something could not be scanned where completeness was asked for.
var ErrIncomplete = errors.New("the scan is incomplete")

// Run is the whole flow: scan, stage, run the command, read what it changed. ctx stops it only until the command
// starts; from then on signals go to the command, and whatever happens the session keeps what it wrote.
func (p *Project) Run(ctx context.Context, o RunOptions) (*RunResult, error) {
	r := &run{project: p, options: o, result: &RunResult{}, clock: time.Now()}
	if err := p.prune(ctx); err != nil {
		return nil, err
	}
	r.lap("sessions")
	if err := r.scan(ctx); err != nil {
		return nil, err
	}
	// Not before prune: until it executes, a new process holds every lock that is taken and given back meanwhile.
	r.prepared = sandbox.Prepare(o.Sandbox.Net, o.Sandbox.Limits, o.Stdio)
	defer r.prepared.Close()
	if err := r.stageAndStart(ctx); err != nil {
		if r.wrote(context.WithoutCancel(ctx)) {
			return nil, r.keep(err)
		}
		r.abandon()
		return nil, err
	}
	if err := r.gather(context.WithoutCancel(ctx)); err != nil {
		return nil, r.keep(err)
	}
	return r.result, nil
}

// run is one Run under way.
type run struct {
	project *Project
	options RunOptions
	result  *RunResult
	session *session.Session
	view    *stage.View

	redactions redactions
	snapshots  snapshots
	prepared   *sandbox.Prepared
	clock      time.Time
}

func (r *run) lap(step string) {
	now := time.Now()
	r.result.Timings = append(r.result.Timings, Timing{step, now.Sub(r.clock)})
	r.clock = now
}

func (r *run) scan(ctx context.Context) error {
	report, err := scan.Scan(ctx, r.project.Root, r.project.Rules, scan.Options{Hash: true, CacheDir: r.project.cacheDir, Progress: r.options.Progress})
	if err != nil {
		return err
	}
	r.result.Report = report
	r.lap("scan")
	if r.options.RequireComplete && len(report.Incomplete) > 0 {
		first := report.Incomplete[0]
		return fmt.Errorf("refusing to run: %w: %d paths, the first %q: %s", ErrIncomplete, len(report.Incomplete), first.Path, first.Reason)
	}
	return nil
}

// stageAndStart stages the view and runs the command. Where no kind was asked for and overlayfs cannot be had, it
// says so and stages a copy.
func (r *run) stageAndStart(ctx context.Context) error {
	kind := r.options.Stage
	if kind == "" {
		kind = r.usualKind()
	}
	err := r.attempt(ctx, kind)
	var mount *overlay.MountError
	if kind == stage.Overlay && r.options.Stage == "" && errors.As(err, &mount) {
		r.options.Tell("%v; staging a copy instead, as --stage copy would", mount)
		r.abandon()
		err = r.attempt(ctx, stage.Copy)
	}
	return err
}

func (r *run) usualKind() stage.Kind {
	if mounts := r.result.Report.Mounts; len(mounts) > 0 {
		r.options.Tell("%q is a mount inside the project, which overlayfs refuses; staging a copy instead, as --stage copy would", mounts[0])
		return stage.Copy
	}
	if foreign := r.result.Report.Foreign; len(foreign) > 0 {
		r.options.Tell("%d files belong to somebody else and cannot be changed in an overlay, the first %q; --stage copy makes them yours", len(foreign), foreign[0])
	}
	return stage.Overlay
}

// attempt stages one kind of view and runs the command in it.
func (r *run) attempt(ctx context.Context, kind stage.Kind) error {
	plan, err := stage.NewPlan(r.result.Report, stage.Options{Kind: kind, Git: r.options.Git, Set: r.project.Rules})
	if err != nil {
		return err
	}
	r.lap("plan")
	if r.session, err = r.project.Store.Create(r.project.Root, r.record(plan)); err != nil {
		return err
	}
	r.lap("session")
	s := r.session
	r.redactions = newRedactions()
	dirs := stage.Dirs{Mask: s.Mask(), Upper: s.Upper(), Work: s.Work(), Copy: s.Copy(), Key: r.redactions.Key}
	dirs.Seen, dirs.SeenKey = r.project.seen()
	r.view, err = plan.Build(ctx, r.project.Root, r.project.Rules, r.result.Report, dirs)
	if err != nil {
		return err
	}
	r.result.Plan, r.redactions.Book = r.view.Plan, r.view.Book
	r.lap("mask and walk")
	if err := r.snapshot(ctx); err != nil {
		return err
	}
	if err := r.remember(); err != nil {
		return err
	}
	r.lap("record")
	return r.start(ctx)
}

func (r *run) record(plan *stage.Plan) session.Record {
	record := session.Record{Stage: string(plan.Kind), Git: string(plan.Git)}
	if args := r.options.Sandbox.Args; len(args) > 0 {
		record.Program = args[0]
	}
	return record
}

// remember saves all that diff and apply need, before the command can write anything.
func (r *run) remember() error {
	if err := r.session.SaveManifest(manifestFile, r.view.Manifest); err != nil {
		return err
	}
	if r.view.Copied != nil {
		if err := r.session.SaveManifest(copiedFile, r.view.Copied); err != nil {
			return err
		}
	}
	if err := r.redactions.save(r.session); err != nil {
		return err
	}
	if err := r.session.SaveNote("plan.json", r.view.Plan); err != nil {
		return err
	}
	r.session.State = session.Running
	return r.session.Save()
}

func (r *run) start(ctx context.Context) error {
	o := r.options.Sandbox
	o.View = r.sandboxView()
	o.Private = append(r.project.Store.Places(), r.session.Dir())
	if cache := r.project.cache(); cache != "" {
		o.Private = append(o.Private, cache)
	}
	spec, err := sandbox.NewSpec(o)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	r.options.Ready(r.result)
	kept, end := r.keepBase(ctx), r.watch()
	exit, err := r.prepared.Run(context.WithoutCancel(ctx), spec)
	r.lap("command")
	kept()
	end()
	r.result.Exit = exit
	return err
}

func (r *run) sandboxView() sandbox.View {
	v := sandbox.View{Target: r.view.Root}
	switch r.view.Kind {
	case stage.Copy:
		v.Kind, v.Dir = sandbox.Copy, r.view.Copy
	default:
		v.Kind, v.Lower, v.Upper, v.Work = sandbox.Overlay, r.view.Lower, r.session.Upper(), r.session.Work()
		v.ReadOnly = r.view.Kind == stage.Bind
	}
	if r.view.GitHost {
		v.Git = r.view.Root + "/.git"
	}
	return v
}

// gather reads what the command changed and makes the session one that waits for a decision.
func (r *run) gather(ctx context.Context) error {
	work, set, err := r.changes(ctx)
	if err != nil {
		return err
	}
	r.result.Work, r.result.Changes = work, set
	count, bytes := len(set.Changes), set.Bytes()
	s := r.session
	s.State, s.ExitCode, s.Changes, s.Bytes, s.Commits = session.Finished, &r.result.Exit.Code, &count, &bytes, work.Committed
	if err := s.Save(); err != nil {
		work.Content.Close()
		return err
	}
	r.lap("read changes")
	return nil
}

// changes reads what stands in the upper layer or the copy.
func (r *run) changes(ctx context.Context) (*Work, *change.Set, error) {
	base, err := lateIn(r.session, r.view.Manifest)
	if err != nil {
		return nil, nil, err
	}
	content, err := workspace.Open(contentDir(r.session))
	if err != nil {
		return nil, nil, err
	}
	w := &Work{Session: r.session, Root: r.project.Root, Base: base, Content: content, copied: r.view.Copied, redactions: r.redactions, snapshots: r.snapshots, shared: true}
	set, err := w.Changes(ctx)
	if err != nil {
		content.Close()
		return nil, nil, err
	}
	return w, set, nil
}

// wrote reports whether a run that failed may have left work behind: the sandbox can be killed from outside while the
// command runs. What cannot be read counts as work.
func (r *run) wrote(ctx context.Context) bool {
	if r.session == nil || r.session.State != session.Running {
		return false
	}
	w, set, err := r.changes(ctx)
	if err != nil {
		return true
	}
	w.Content.Close()
	return len(set.Changes) > 0 || w.Committed
}

// keep gives the session back as it is, and says so.
func (r *run) keep(err error) error {
	id := r.session.ID
	r.session.Close()
	return fmt.Errorf("%w; session %s keeps what the command wrote", err, id)
}

// abandon removes a session in which nothing was written.
func (r *run) abandon() {
	if r.session == nil {
		return
	}
	if err := r.session.Remove(); err != nil {
		r.options.Tell("%v", err)
	}
	r.session = nil
}
