package rules

import "fmt"

// Action is what a view does with a path. The zero Action means that no rule speaks of it.
type Action string

const (
	Pass    Action = "pass"    // visible; its content is still scanned
	Hide    Action = "hide"    // not in the view
	Redact  Action = "redact"  // visible, with placeholders for what is secret in it
	Inspect Action = "inspect" // the content decides
)

// parseAction reads the word for an action.
func parseAction(text string) (Action, error) {
	switch action := Action(text); action {
	case Pass, Hide, Redact, Inspect:
		return action, nil
	}
	return "", fmt.Errorf("action %.40q is not pass, hide, redact or inspect", text)
}

// Stricter reports whether a shows less than b does.
func (a Action) Stricter(b Action) bool { return a.strictness() > b.strictness() }

func (a Action) strictness() int {
	switch a {
	case Hide:
		return 3
	case Redact:
		return 2
	case Inspect:
		return 1
	}
	return 0
}
