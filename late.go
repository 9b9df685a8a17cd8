package cofferdam

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"cofferdam/late"
	"cofferdam/overlay"
	"cofferdam/rules"
	"cofferdam/sandbox"
	"cofferdam/scan"
	"cofferdam/session"
	"cofferdam/stage"
	"cofferdam/workspace"
)

// LatePath is a path that became a secret while the command ran.
type LatePath = late.Path

// lateFile is the log of a session that holds what was hidden while the command ran.
const lateFile = "late.jsonl"

// watch hides what becomes a secret in the project from now on, until the function that it returns is called: while an
// overlay is mounted, what the user writes in the project shows in it at once. A copy shows nothing of that.
func (r *run) watch() (end func()) {
	if r.view.Kind == stage.Copy {
		return func() {}
	}
	g, free, err := r.guard()
	if err != nil {
		free()
		r.options.Tell("secrets that come into the project while the command runs will not be hidden: %v", err)
		return func() {}
	}
	g.Start()
	return func() {
		paths, unwatched := g.End()
		free()
		r.result.Late = paths
		for _, path := range paths {
			if path.Kept != "" {
				r.session.Kept++
			}
		}
		if u := unwatched; u != nil {
			r.options.Tell("secrets that came into %d directories of the project were not hidden while the command ran, the first %q: %v", u.Count, u.First, u.Why)
		}
		r.lap("late secrets")
	}
}

// guard is the guard of the run's view; free gives back what it holds, also where there is an error.
func (r *run) guard() (g *late.Guard, free func(), err error) {
	var open closers
	if r.view.Kind == stage.Bind { // What is hidden in it needs a layer all the same.
		if err := overlay.PrepareUpper(r.session.Upper(), r.project.Root); err != nil {
			return nil, open.close, err
		}
	}
	mask, err := workspace.Open(r.session.Mask())
	if err != nil {
		return nil, open.close, err
	}
	open = append(open, mask)
	upper, err := workspace.Open(r.session.Upper())
	if err != nil {
		return nil, open.close, err
	}
	open = append(open, upper)
	log := r.session.Log(lateFile)
	open = append(open, log)
	return &late.Guard{
		Root: r.project.Root, Base: r.view.Manifest, Mask: mask, Upper: upper, Began: r.began(),
		Likely: func(p workspace.Path) bool { return byName(r.project.Rules.Decide(p, workspace.File)).Rule != "" },
		Judge:  r.lateJudge(upper), Cover: r.cover, Note: func(p late.Path) error { return log.Append(p) },
		Aside: filepath.Join(r.session.Dir(), "late"),
	}, open.close, nil
}

// began is when the run did.
func (r *run) began() time.Time {
	at := r.clock
	for _, t := range r.result.Timings {
		at = at.Add(-t.Took)
	}
	return at
}

func (r *run) cover(path workspace.Path) (bool, error) {
	seen, err := r.prepared.Cover(string(path))
	if errors.Is(err, sandbox.ErrEnded) {
		err = late.ErrEnded
	}
	return seen, err
}

// lateJudge judges a path of the project, or of the layer above it, as staging would.
func (r *run) lateJudge(upper *workspace.Root) func(context.Context, *workspace.Root, workspace.Path) (late.Verdict, error) {
	p := r.project
	spots := map[*workspace.Root]*scan.Spot{}
	for _, root := range []*workspace.Root{p.Root, upper} {
		spots[root] = scan.NewSpot(root, p.Rules, scan.Options{})
	}
	return func(ctx context.Context, root *workspace.Root, path workspace.Path) (late.Verdict, error) {
		report, err := spots[root].Look(ctx, path)
		if errors.Is(err, fs.ErrNotExist) {
			return byName(p.Rules.Decide(path, workspace.File)), nil
		}
		if err != nil {
			return late.Verdict{}, err
		}
		d, err := r.view.Judge(ctx, root, p.Rules, report)
		if err != nil {
			return late.Verdict{}, err
		}
		return lateVerdict(d, report), nil
	}
}

func byName(v rules.Verdict) late.Verdict {
	if v.Action != rules.Hide {
		return late.Verdict{}
	}
	return late.Verdict{Rule: cmp.Or(v.Rule.Kind, v.Rule.Pattern), ByName: true}
}

func lateVerdict(d stage.Decision, report *scan.Report) (v late.Verdict) {
	if d.Action == rules.Pass {
		return v
	}
	v.Rule = cmp.Or(d.Rule, d.Why)
	if d.Source != stage.FromContent {
		v.Rule = cmp.Or(report.Ledger[0].Verdict.Rule.Kind, v.Rule)
	} else if d.Rule == "" {
		v.Values = append(v.Values, d.Why)
	}
	for _, f := range report.Findings {
		v.Values = append(v.Values, f.Fingerprint)
	}
	v.ByName = len(v.Values) == 0
	return v
}

// lateIn is base with what was hidden while the command of s ran.
func lateIn(s *session.Session, base *workspace.Manifest) (*workspace.Manifest, error) {
	var paths []late.Path
	last := map[workspace.Path]int{}
	err := s.ReadLog(lateFile, func(line []byte) error {
		var p late.Path
		if err := json.Unmarshal(line, &p); err != nil {
			return err
		}
		i, again := last[p.Path]
		if !again {
			i = len(paths)
			last[p.Path] = i
			paths = append(paths, p)
		}
		paths[i] = p
		return nil
	})
	return late.Hide(base, paths), err
}

// closers are closed together.
type closers []interface{ Close() error }

func (c closers) close() {
	for _, one := range c {
		one.Close()
	}
}
