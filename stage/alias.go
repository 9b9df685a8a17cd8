package stage

import (
	"strings"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// seedAliases judges the names that symlinks give to files which the rules saw under another name. A report judges
// each path by its own name: it takes .aws -> conf and conf/credentials for two harmless things.
func (p *planner) seedAliases() {
	budget := 4*len(p.lines) + 10_000 // judged names; without a bound, links to the root would square the tree
	for _, l := range p.links {
		if p.hidden[l.line] {
			continue
		}
		if !l.toDir {
			p.aliasFile(l)
			continue
		}
		if p.asDirectory(&p.lines[l.line]).Action == rules.Hide {
			p.hide(l.line, byVerdict(p.asDirectory(&p.lines[l.line])))
			continue
		}
		if p.o.Set == nil {
			continue
		}
		from, to := p.lines.below(l.target)
		if budget -= to - from; budget < 0 {
			p.hide(l.line, Decision{Why: "too many names lead through symlinked directories to judge them all", Source: FromLink})
			continue
		}
		p.aliasBelow(l, from, to)
	}
}

// wordKind is the kind of rule that goes by a mere word (*token*). It asks for a look at the content, which every file
// gets, and says too little of a symlink to hide code behind it.
const wordKind = "generic"

// aliasFile hides a file that a link gives a name whose content must be checked, when under its own name it was not.
func (p *planner) aliasFile(l link) {
	if l.at < 0 {
		return
	}
	line, target := &p.lines[l.line], &p.lines[l.at]
	check := line.Verdict.Action == rules.Redact || line.Verdict.Action == rules.Inspect
	if !check || line.Verdict.Rule.Kind == wordKind || target.Verdict.Action != "" {
		return
	}
	d := byVerdict(line.Verdict)
	d.Source, d.Cause, d.Why = FromLink, line.Path, "a symlink gives it a name that may hold credentials, under which it was not checked"
	p.hide(l.at, d)
}

// aliasBelow judges what lies in a directory by the names that a link to it gives.
func (p *planner) aliasBelow(l link, from, to int) {
	name, dir := p.lines[l.line].Path, l.target
	for i := from; i < to; i++ {
		line := &p.lines[i]
		if p.hidden[i] || line.Path == name || line.Type == workspace.Symlink {
			continue
		}
		rest := string(line.Path)
		if dir != workspace.Dot {
			rest = rest[len(dir)+1:]
		}
		v := p.o.Set.Decide(name.Join(rest), line.Type)
		// A rule for a bare name had its say under the file's own path, where something nearer may have overruled it.
		if v.Action != rules.Hide || !strings.Contains(strings.TrimSuffix(v.Rule.Pattern, "/"), "/") {
			continue
		}
		d := byVerdict(v)
		d.Source, d.Cause = FromLink, name
		p.hide(i, d)
	}
}

func byVerdict(v rules.Verdict) Decision {
	return Decision{Rule: v.Rule.Pattern, Why: v.Rule.Why, Source: v.Source}
}
