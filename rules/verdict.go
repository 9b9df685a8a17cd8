package rules

// PathRule is one rule about names.
type PathRule struct {
	Pattern string // as written
	Kind    string // what sort of credential; empty in a config file's rule
	Action  Action
	Why     string
	Binary  bool   // binary content is ordinary under this name, and no sign of a credential
	Code    bool   // the name is given to programs too, in which an assigned literal is no sign of a credential
	Origin  string // "file:line" of a config file's rule
}

// Source says whose rule decided.
type Source string

const (
	FromDefault Source = "default"
	FromProject Source = "project"
	FromUser    Source = "user"
)

// Verdict is what the rules say of one path. The zero Verdict means that none speaks of it. Action differs from that
// of Rule where the place softens it: what a basename would hide is inspected inside test data.
type Verdict struct {
	Action Action
	Rule   PathRule
	Source Source
}
