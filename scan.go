package cofferdam

import (
	"context"

	"cofferdam/scan"
	"cofferdam/scan/allow"
	"cofferdam/scan/detect"
	"cofferdam/stage"
)

// ScanOptions say what a scan looks for and what of it is known. The zero value finds everything.
type ScanOptions struct {
	Detector *detect.Detector // nil for the built-in rules
	Depth    int              // of decoding, see scan.Options
	Archives int              // how deep archives are unpacked, see scan.Options
	NoCache  bool             // neither use nor keep what earlier scans found out
	Known    allow.Policy     // what the operator declares known; what the project declares is added
	Progress func(scan.Progress)
}

// Scanned is what a scan found that is not known.
type Scanned struct {
	Report     *scan.Report
	Unlisted   *scan.Report      // Report with what only the operator's baseline knows
	Suppressed []scan.Suppressed // what is known, and what would be if the project were trusted
	Notes      []string          // what of the project's own lists could not be heeded, in words
}

// Scan reads the whole project and says what it found, and what a view without that does with it.
func (p *Project) Scan(ctx context.Context, o ScanOptions) (*Scanned, error) {
	r, plan, err := p.plan(ctx, stage.Options{}, o.scan())
	if err != nil {
		return nil, err
	}
	plan.Annotate(r)
	return p.less(r, o)
}

func (o ScanOptions) scan() scan.Options {
	return scan.Options{Detector: o.Detector, Depth: o.Depth, Archives: o.Archives, NoCache: o.NoCache, Progress: o.Progress}
}

// plan scans the project and decides what a view of it shows.
func (p *Project) plan(ctx context.Context, o stage.Options, s scan.Options) (*scan.Report, *stage.Plan, error) {
	s.CacheDir = p.cacheDir
	r, err := scan.Scan(ctx, p.Root, p.Rules, s)
	if err != nil {
		return nil, nil, err
	}
	o.Set = p.Rules
	plan, err := stage.NewPlan(r, o)
	return r, plan, err
}
