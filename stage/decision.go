package stage

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// Where a decision comes from, beside rules.FromDefault, FromProject and FromUser.
const (
	FromContent  rules.Source = "content"  // a finding
	FromLink     rules.Source = "link"     // another name of something hidden
	FromGit      rules.Source = "git"      // the mode for .git
	FromCoverage rules.Source = "coverage" // it could not be read, or is nothing that can be read
)

// Decision is what happens to one path, and why. It never holds a value that was found.
type Decision struct {
	Path   workspace.Path
	Action rules.Action
	Rule   string // the pattern, or the content rule
	Why    string
	Source rules.Source
	Cause  workspace.Path // the other name that decided, where Source is FromLink
	Empty  bool           // a directory is shown there, with nothing in it
}

// Note is a fact about a path that the user should hear, though it hides nothing.
type Note struct {
	Path workspace.Path
	Text string
}

// pathText is a path in JSON: as text, and also as bytes (base64) where the text cannot hold it.
func pathText(path string) (text string, bytes []byte) {
	if utf8.ValidString(path) {
		return path, nil
	}
	return path, []byte(path) // encoding/json writes U+FFFD for what is not UTF-8
}

func parsePathText(text string, bytes []byte) (workspace.Path, error) {
	if bytes != nil {
		text = string(bytes)
	}
	return workspace.ParsePath(text)
}

type decisionJSON struct {
	Path       string       `json:"path"`
	PathBytes  []byte       `json:"path_bytes,omitempty"`
	Action     rules.Action `json:"action"`
	Rule       string       `json:"rule,omitempty"`
	Why        string       `json:"why,omitempty"`
	Source     rules.Source `json:"source,omitempty"`
	Cause      string       `json:"cause,omitempty"`
	CauseBytes []byte       `json:"cause_bytes,omitempty"`
	Empty      bool         `json:"empty,omitempty"`
}

// MarshalJSON writes the decision; a path that is not UTF-8 has its bytes beside it.
func (d Decision) MarshalJSON() ([]byte, error) {
	j := decisionJSON{Action: d.Action, Rule: d.Rule, Why: d.Why, Source: d.Source, Empty: d.Empty}
	j.Path, j.PathBytes = pathText(string(d.Path))
	j.Cause, j.CauseBytes = pathText(string(d.Cause))
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (d *Decision) UnmarshalJSON(text []byte) error {
	var j decisionJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	path, err := parsePathText(j.Path, j.PathBytes)
	if err != nil {
		return fmt.Errorf("read decision: %w", err)
	}
	*d = Decision{Path: path, Action: j.Action, Rule: j.Rule, Why: j.Why, Source: j.Source, Empty: j.Empty}
	if j.Cause == "" {
		return nil
	}
	if d.Cause, err = parsePathText(j.Cause, j.CauseBytes); err != nil {
		return fmt.Errorf("read decision: cause: %w", err)
	}
	return nil
}

type noteJSON struct {
	Path      string `json:"path"`
	PathBytes []byte `json:"path_bytes,omitempty"`
	Text      string `json:"text"`
}

// MarshalJSON writes the note in the way of Decision.
func (n Note) MarshalJSON() ([]byte, error) {
	j := noteJSON{Text: n.Text}
	j.Path, j.PathBytes = pathText(string(n.Path))
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (n *Note) UnmarshalJSON(text []byte) error {
	var j noteJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	path, err := parsePathText(j.Path, j.PathBytes)
	*n = Note{Path: path, Text: j.Text}
	return err
}
