package stage

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// Version is the version of a saved Plan.
const Version = 1

// Options is what a plan depends on beside the report. Its zero value is the strict one.
type Options struct {
	Kind Kind    // Overlay where empty
	Git  GitMode // GitNone where empty

	// Set also judges the names that files have through symlinked directories (.aws -> conf makes conf/credentials
	// an .aws/credentials). Where it is nil, only the names that the report judged count.
	Set *rules.Set

	barred  map[workspace.Path]string // files to hide for a reason that showed while the view was built
	unfit   map[workspace.Path]string // files to hide because they cannot be shown with placeholders
	tainted map[workspace.Path]string // files to redact though nothing was found in them by itself
	plain   map[workspace.Path]bool   // files to show as they are, although their names promise secrets
}

// Plan is what happens to the paths of a workspace. It lists what does not pass, hidden or redacted; a path that it does not name, and
// that does not lie in a directory it names, passes.
type Plan struct {
	Version   int
	Root      string
	Kind      Kind
	Git       GitMode
	Decisions []Decision // path order; a hidden directory stands for all that it holds
	Notes     []Note     // path order

	options Options
	report  *scan.Report // what the plan was made of; nil in a plan that was read
}

// NewPlan decides what the report's workspace shows. It is a function of its arguments alone, takes time in
// proportion to the ledger, and keeps a reference to r, which must not change.
func NewPlan(r *scan.Report, o Options) (*Plan, error) {
	o.Kind, o.Git = cmp.Or(o.Kind, Overlay), cmp.Or(o.Git, GitNone)
	if err := errors.Join(o.Kind.check(), o.Git.check()); err != nil {
		return nil, err
	}
	if !ledger(r.Ledger).inOrder() {
		return nil, fmt.Errorf("plan %s: BUG: ledger is not in path order", r.Root)
	}
	p := newPlanner(r, o)
	if err := p.seed(); err != nil {
		return nil, fmt.Errorf("plan %s: %w", r.Root, err)
	}
	p.close()
	plan := &Plan{Version: Version, Root: r.Root, Kind: o.Kind, Git: o.Git, options: o, report: r}
	plan.Decisions, plan.Notes = p.result()
	return plan, nil
}

func (p *Plan) find(path workspace.Path) *Decision {
	i, ok := slices.BinarySearchFunc(p.Decisions, path, func(d Decision, to workspace.Path) int { return cmp.Compare(d.Path, to) })
	if !ok {
		return nil
	}
	return &p.Decisions[i]
}

// Hides reports whether the view does not show path.
func (p *Plan) Hides(path workspace.Path) bool {
	d := p.covering(path)
	return d != nil && !(d.Empty && d.Path == path)
}

// Redacts reports whether the view shows path with placeholders.
func (p *Plan) Redacts(path workspace.Path) bool {
	d := p.find(path)
	return d != nil && d.Action == rules.Redact
}

// covering is the decision that hides path or a directory around it, or nil.
func (p *Plan) covering(path workspace.Path) *Decision {
	for at := path; at != workspace.Dot; at = at.Dir() {
		if d := p.find(at); d != nil && d.Action != rules.Redact {
			return d
		}
	}
	return nil
}

// Decision is what happens to path, and why: its own decision, that of the directory around it, or pass with the
// reason. A plan that was read from a file knows the reasons for passing only as far as its notes tell.
func (p *Plan) Decision(path workspace.Path) Decision {
	if d := p.find(path); d != nil {
		return *d
	}
	if d := p.covering(path); d != nil {
		return *d
	}
	d := Decision{Path: path, Action: rules.Pass, Why: "no rule hides it and nothing was found in it"}
	if p.report == nil {
		return d
	}
	line := ledger(p.report.Ledger).find(path)
	if line == nil {
		d.Why = "it is not in the workspace"
		return d
	}
	if v := line.Verdict; v.Action != "" {
		d.Rule, d.Source, d.Why = v.Rule.Pattern, v.Source, passWhy(v)
	}
	return d
}

func passWhy(v rules.Verdict) string {
	if v.Action == rules.Redact || v.Action == rules.Inspect {
		return "its name may hold credentials, its content holds none"
	}
	return cmp.Or(v.Rule.Why, "a rule passes it")
}

type planJSON struct {
	Version   int        `json:"version"`
	Root      string     `json:"root"`
	RootBytes []byte     `json:"root_bytes,omitempty"`
	Kind      Kind       `json:"kind"`
	Git       GitMode    `json:"git"`
	Decisions []Decision `json:"decisions"`
	Notes     []Note     `json:"notes"`
}

// MarshalJSON writes the plan; paths that are not UTF-8 have their bytes (base64) beside them.
func (p *Plan) MarshalJSON() ([]byte, error) {
	j := planJSON{Version: p.Version, Kind: p.Kind, Git: p.Git, Decisions: p.Decisions, Notes: p.Notes}
	j.Root, j.RootBytes = pathText(p.Root)
	if j.Decisions == nil {
		j.Decisions = []Decision{}
	}
	if j.Notes == nil {
		j.Notes = []Note{}
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote. A plan of another version is an error.
func (p *Plan) UnmarshalJSON(text []byte) error {
	var j planJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	if j.Version != Version {
		return fmt.Errorf("read plan: version %d; this program reads %d", j.Version, Version)
	}
	if j.RootBytes != nil {
		j.Root = string(j.RootBytes)
	}
	if err := errors.Join(j.Kind.check(), j.Git.check()); err != nil {
		return fmt.Errorf("read plan: %w", err)
	}
	*p = Plan{Version: j.Version, Root: j.Root, Kind: j.Kind, Git: j.Git, Decisions: j.Decisions, Notes: j.Notes}
	if !slices.IsSortedFunc(p.Decisions, func(a, b Decision) int { return cmp.Compare(a.Path, b.Path) }) {
		return errors.New("read plan: decisions are out of order")
	}
	return nil
}
