package report

import (
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// credentials is the ledger's lines for what stands for a credential: by its name, or by what its content is where the
// name has content decide. What lies in a directory that does so as a whole is left out.
func credentials(r *scan.Report) []scan.Line {
	var picked []scan.Line
	inside := map[workspace.Path]string{} // patterns of the directories picked
	for _, l := range r.Ledger {
		if l.Verdict.Action != rules.Hide && l.Credential == "" || l.Known {
			continue
		}
		pattern := l.Verdict.Rule.Pattern
		covered := false
		for dir := l.Path.Dir(); dir != workspace.Dot && !covered; dir = dir.Dir() {
			p, ok := inside[dir]
			covered = ok && p == pattern
		}
		if covered {
			continue
		}
		if l.Type == workspace.Dir {
			inside[l.Path] = pattern
		}
		picked = append(picked, l)
	}
	return picked
}

// because is why a line was picked.
func because(l scan.Line) string {
	if l.Credential != "" {
		return l.Credential
	}
	return l.Verdict.Rule.Why
}

// ledger is the ledger in numbers. Hidden, Redacted and Passed are the plan's and 0 before there is one.
type ledger struct {
	Files      int   `json:"files"`
	Bytes      int64 `json:"bytes"`
	Scanned    int   `json:"scanned"`
	Hidden     int   `json:"hidden"`
	Redacted   int   `json:"redacted"`
	Passed     int   `json:"passed"`
	Unreadable int   `json:"unreadable"`
	Special    int   `json:"special"`
}

func count(r *scan.Report) ledger {
	n := ledger{Bytes: r.Bytes}
	for _, l := range r.Ledger {
		if l.Type == workspace.File {
			n.Files++
		}
		switch l.State {
		case scan.Scanned:
			n.Scanned++
		case scan.Unreadable:
			n.Unreadable++
		case scan.Special:
			n.Special++
		}
		switch rules.Action(l.Action) {
		case rules.Hide:
			n.Hidden++
		case rules.Redact:
			n.Redacted++
		case rules.Pass:
			n.Passed++
		}
	}
	return n
}
