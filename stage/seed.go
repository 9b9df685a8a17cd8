package stage

import (
	"fmt"

	"cofferdam/redact"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

const gitName = ".git"

// seed hides what is hidden on its own account.
func (p *planner) seed() error {
	for i := range p.lines {
		if p.hidden[i] {
			continue
		}
		if p.lines[i].Path.Base() == gitName {
			if err := p.seedGit(i); err != nil {
				return err
			}
			continue
		}
		p.seedName(i)
	}
	p.seedFindings()
	if err := p.seedIncomplete(); err != nil {
		return err
	}
	for path, why := range p.o.barred {
		p.hideAt(path, Decision{Why: why, Source: FromCoverage})
	}
	for path, why := range p.o.tainted {
		if i := p.lines.index(path); i >= 0 && p.lines[i].Type == workspace.File {
			p.redact(i, Decision{Why: why, Source: FromContent})
		}
	}
	p.seedAliases()
	return nil
}

// seedGit decides on a .git, which is a unit and was not entered.
func (p *planner) seedGit(i int) error {
	line := &p.lines[i]
	if p.o.Git == GitHost && line.Path == gitName {
		if line.Type == workspace.Dir {
			return nil
		}
		return fmt.Errorf("git mode host needs a .git directory; this .git is a %s", line.Type)
	}
	// That of a linked worktree or a submodule is a file that points to it.
	filled := p.o.Git == GitSnapshot && line.Type == workspace.File
	p.hide(i, Decision{Rule: gitName, Source: FromGit, Empty: line.Type == workspace.Dir || filled,
		Why: "the history holds what the tree does not show"})
	return nil
}

// seedName hides by the verdict on the name, and what is nothing that could be read.
func (p *planner) seedName(i int) {
	line := &p.lines[i]
	verdict := line.Verdict
	d := byVerdict(verdict)
	switch {
	case line.Type.Special():
		p.hide(i, Decision{Why: "it is a " + line.Type.String(), Source: FromCoverage})
	case verdict.Action == rules.Hide && !p.readable(line):
		p.hide(i, d)
	case line.Type == workspace.File && (verdict.Action == rules.Hide || verdict.Action == rules.Redact && p.understood(line)):
		p.redact(i, d)
	case verdict.Action == rules.Inspect && line.Credential != "":
		d.Why = line.Credential
		p.redact(i, d)
	}
}

// understood is false for a file that cannot be redacted, where nothing but its name says that there is anything to redact.
func (p *planner) understood(line *scan.Line) bool {
	_, unfit := p.o.unfit[line.Path]
	return !unfit || line.Credential != ""
}

// readable reports whether a file that the default rules hide is of a kind whose every secret has its place, so that the
// rest of it can be shown. What the user or the project hides stays hidden.
func (p *planner) readable(line *scan.Line) bool {
	v := line.Verdict
	if line.Type != workspace.File || v.Source != rules.FromDefault || !redact.Readable(line.Path, v.Rule.Kind) {
		return false
	}
	return v.Rule.Kind != dotenvKind || p.o.Set == nil || !p.o.Set.HidesDotenv()
}

// dotenvKind is the kind of the rules for dotenv files.
const dotenvKind = "dotenv"

// passedByUser reports whether the user's own config says that line i passes, whatever is in it.
func (p *planner) passedByUser(i int) bool { return passedByUser(&p.lines[i]) }

func passedByUser(line *scan.Line) bool {
	v := line.Verdict
	return v.Action == rules.Pass && v.Source == rules.FromUser
}

// seedFindings redacts every file with a finding, unless the user passed it. A default rule that passes a name says
// nothing about the content.
func (p *planner) seedFindings() {
	for _, f := range p.report.Findings {
		i := p.lines.index(f.Path)
		switch {
		case i < 0:
		case p.passedByUser(i):
			p.notes = append(p.notes, Note{f.Path, "shown because the user's config passes it: " + f.Rule + " was found in it"})
		default:
			d := Decision{Rule: f.Rule, Why: fmt.Sprintf("found in line %d", f.Line), Source: FromContent}
			if p.lines[i].Type == workspace.File && f.Member == "" {
				p.redact(i, d)
			} else {
				p.hide(i, d)
			}
		}
	}
}

// seedIncomplete hides what could not be read whole. A file that the user passed stays: nothing about its content
// would have hidden it.
func (p *planner) seedIncomplete() error {
	for _, inc := range p.report.Incomplete {
		if inc.Path == workspace.Dot {
			return fmt.Errorf("the workspace itself was not read: %s", inc.Reason)
		}
		i := p.lines.index(inc.Path)
		if i >= 0 && p.lines[i].Type == workspace.File && p.passedByUser(i) {
			p.notes = append(p.notes, Note{inc.Path, "shown because the user's config passes it: " + inc.Reason})
			continue
		}
		p.hideAt(inc.Path, Decision{Why: inc.Reason, Source: FromCoverage})
	}
	return nil
}

// hideAt hides path, also where the ledger has no line for it because not even its type could be read.
func (p *planner) hideAt(path workspace.Path, d Decision) {
	if i := p.lines.index(path); i >= 0 {
		p.hide(i, d)
		return
	}
	d.Path, d.Action = path, rules.Hide
	p.decisions = append(p.decisions, d)
}
