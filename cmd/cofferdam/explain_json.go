package main

import (
	"cofferdam"
	"cofferdam/report"
	"cofferdam/rules"
	"cofferdam/scan/allow"
)

// explainJSON is the answer of explain --json.
type explainJSON struct {
	Version int `json:"version"`
	pathRow
	Member   string        `json:"member,omitempty"`
	Line     int           `json:"line,omitempty"`
	Action   rules.Action  `json:"action"`
	Rule     string        `json:"rule,omitempty"`
	Source   rules.Source  `json:"source,omitempty"`
	Cause    string        `json:"cause,omitempty"`
	Findings []explanation `json:"findings"`
}

// explanation is a finding, and what allows it or would.
type explanation struct {
	Finding   any          `json:"finding"`
	AllowedBy allow.Source `json:"allowed_by,omitempty"`
	Obeyed    bool         `json:"obeyed,omitempty"`
}

func newExplainJSON(at target, e *cofferdam.Explained) explainJSON {
	d := e.Decision
	out := explainJSON{Version: 1, pathRow: newRow(d.Path, "", d.Why), Member: at.member, Line: at.line, Action: d.Action, Rule: d.Rule,
		Source: d.Source, Cause: string(d.Cause), Findings: make([]explanation, len(e.Findings))}
	for i, f := range e.Findings {
		out.Findings[i] = explanation{report.Finding(&f.Finding), f.By.Source, f.By.Obeyed}
	}
	return out
}
