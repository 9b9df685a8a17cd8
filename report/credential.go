package report

import (
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// credentials is the ledger's lines for credential files.
func credentials(r *scan.Report) []scan.Line {
	var picked []scan.Line
	for _, l := range r.Credentials() {
		picked = append(picked, *l)
	}
	return picked
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
	Texts      int   `json:"texts,omitempty"` // searched, where no tree was walked
}

func count(r *scan.Report) ledger {
	n := ledger{Texts: r.Texts}
	size := int64(0)
	for _, l := range r.Ledger {
		if l.Type == workspace.File {
			n.Files++
		}
		switch l.State {
		case scan.Scanned:
			n.Scanned++
			size += l.Size
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
	// What is known from an earlier scan counts as what was read now: the answer does not depend on what is remembered.
	n.Bytes = max(r.Bytes, size)
	return n
}
