package stage

import (
	"context"
	"errors"
	"fmt"

	"cofferdam/placeholder"
	"cofferdam/redact"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// Judge decides on the one path that report is of, which came or changed below root when the view had been made, as Build
// would have: it passes, is hidden, or would be redacted. What holds a value that the view does not show is hidden. A file
// that the rules hide by its name is never looked into.
func (v *View) Judge(ctx context.Context, root *workspace.Root, set *rules.Set, report *scan.Report) (Decision, error) {
	plan, err := NewPlan(report, Options{Set: set})
	if err != nil {
		return Decision{}, err
	}
	line := &report.Ledger[0]
	d := plan.Decision(line.Path)
	switch {
	case d.Action == rules.Redact && line.Verdict.Action == rules.Redact && line.Credential == "" && len(report.Findings) == 0:
		return v.judgeFields(ctx, root, line, d)
	case d.Action == rules.Pass && inspected(line):
		return v.judgeNamed(root, line, d), nil
	case d.Action == rules.Pass && !passedByUser(line):
		return v.judgeValues(root, line, d), nil
	}
	return d, nil
}

// judgeFields decides on a file of which only the name says that it may have something to redact.
func (v *View) judgeFields(ctx context.Context, root *workspace.Root, line *scan.Line, d Decision) (Decision, error) {
	raw, err := readWhole(root, &line.Entry)
	if err != nil {
		return d, nil // It is being written, or too large for placeholders.
	}
	var unfit *redact.UnfitError
	switch file, err := v.Finder.Find(ctx, line.Path, raw, placeholder.RandomKey()); {
	case errors.As(err, &unfit): // As understood has it: nothing but the name speaks against it.
	case err != nil || len(file.Spans) > 0:
		return d, err
	}
	d.Action = rules.Pass
	return v.judgeValues(root, line, d), nil
}

// judgeNamed decides on a file whose content decides, by what the reader of its format finds.
func (v *View) judgeNamed(root *workspace.Root, line *scan.Line, d Decision) Decision {
	raw, err := readWhole(root, &line.Entry)
	if err != nil {
		return v.judgeValues(root, line, d)
	}
	if name, ok := v.Finder.Named(line.Path, raw); ok {
		return Decision{Path: line.Path, Action: rules.Redact, Source: FromContent, Why: holdsNamed(name)}
	}
	return v.judgeValues(root, line, d)
}

// judgeValues hides what would pass and holds a known value.
func (v *View) judgeValues(root *workspace.Root, line *scan.Line, d Decision) Decision {
	known := v.Finder.Known()
	if known.Len() == 0 {
		return d
	}
	if name, ok := known.In([]byte(line.Path.Base())); ok {
		return Decision{Path: line.Path, Action: rules.Hide, Source: FromContent, Why: fmt.Sprintf("the value of %s stands in its name", name)}
	}
	if line.Type != workspace.File && line.Type != workspace.Symlink {
		return d
	}
	search := knownSearch{root: root, with: known}
	if found := search.search(line, make([]byte, min(max(line.Size+1, 2*searchOverlap), searchBuffer))); found.name != "" {
		return Decision{Path: line.Path, Action: rules.Hide, Source: FromContent, Why: fmt.Sprintf("the value of %s stands in it", found.name)}
	}
	return d
}
