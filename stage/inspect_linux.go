package stage

import (
	"context"

	"cofferdam/redact"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// inspect asks the readers of formats about the files whose content decides and in which nothing was found by itself: a weak
// password is one by its place alone. It says whether the plan has to be made again.
func (b *builder) inspect(ctx context.Context) (again bool, moved []workspace.Path, err error) {
	for _, line := range b.plan.undecided(b.report.Ledger) {
		if stat, ok := b.redactor.inspected[line.Path]; ok && stat.Unchanged(line.Stat) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return false, nil, err
		}
		raw, err := readWhole(b.root, &line.Entry)
		if err != nil {
			moved = append(moved, line.Path)
			continue
		}
		b.redactor.inspected[line.Path] = line.Stat
		if name, ok := b.redactor.finder.Named(line.Path, raw); ok {
			b.options.tainted[line.Path], again = holdsNamed(name), true
		}
	}
	return again, moved, nil
}

// vague holds for the kinds of rules that ask for a look at so many files of all formats that a weak value in one is more
// likely an example than a secret.
func vague(kind string) bool { return kind == wordKind || kind == "testdata" || kind == "log" }

// undecided is the lines of the files that the view shows as they are although their names ask for a look at the content, and
// whose format is known.
func (p *Plan) undecided(lines ledger) []*scan.Line {
	var undecided []*scan.Line
	for i := range lines {
		if line := &lines[i]; inspected(line) && p.covering(line.Path) == nil && !p.Redacts(line.Path) {
			undecided = append(undecided, line)
		}
	}
	return undecided
}

// inspected reports whether the reader of its format is to be asked about a file.
func inspected(line *scan.Line) bool {
	v := &line.Verdict
	return line.Type == workspace.File && v.Action == rules.Inspect && v.Rule.Action == rules.Inspect && !vague(v.Rule.Kind) &&
		line.Size <= redact.MaxFile && redact.Understood(line.Path, v.Rule.Kind)
}

func holdsNamed(name string) string { return "it has a value for " + name }
