package late

import (
	"encoding/json"
	"time"
	"unicode/utf8"

	"cofferdam/workspace"
)

// Path is a path of the project that became a secret while the command ran. It holds no value.
type Path struct {
	Path workspace.Path
	Rule string // the rule that found it, or the kind of credential that its name stands for

	Since   time.Time     // from when on the view could show it
	Visible time.Duration // for how long it did; zero where the command could not have seen it
	Hidden  bool          // it is hidden from then on, in the session too
	Problem string        // why it could not be hidden; empty where it was, or nobody knows
	Kept    string        // where in the session's directory is what the command had made of it; empty for nothing

	// Dirs is the directories around it that the project had got, or of another mode, since the view was made.
	Dirs []Dir
}

// Dir is a directory and its mode.
type Dir struct {
	Path workspace.Path
	Mode uint32
}

type pathJSON struct {
	Path    string    `json:"path"`
	Bytes   []byte    `json:"path_bytes,omitempty"` // where the text cannot hold it
	Rule    string    `json:"rule"`
	Since   time.Time `json:"since"`
	Visible float64   `json:"visible_ms"`
	Hidden  bool      `json:"hidden"`
	Problem string    `json:"problem,omitempty"`
	Kept    string    `json:"kept,omitempty"`
	Dirs    []dirJSON `json:"directories,omitempty"`
}

type dirJSON struct {
	Path  string `json:"path"`
	Bytes []byte `json:"path_bytes,omitempty"`
	Mode  uint32 `json:"mode"`
}

// MarshalJSON writes the path; one that is not UTF-8 has its bytes (base64) beside it.
func (p Path) MarshalJSON() ([]byte, error) {
	j := pathJSON{Rule: p.Rule, Since: p.Since, Visible: float64(p.Visible.Microseconds()) / 1000, Hidden: p.Hidden, Problem: p.Problem, Kept: p.Kept}
	j.Path, j.Bytes = toText(p.Path)
	for _, d := range p.Dirs {
		text, bytes := toText(d.Path)
		j.Dirs = append(j.Dirs, dirJSON{text, bytes, d.Mode})
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Path) UnmarshalJSON(text []byte) error {
	var j pathJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	path, err := fromText(j.Path, j.Bytes)
	if err != nil {
		return err
	}
	*p = Path{Path: path, Rule: j.Rule, Since: j.Since, Visible: time.Duration(j.Visible * float64(time.Millisecond)), Hidden: j.Hidden, Problem: j.Problem, Kept: j.Kept}
	for _, d := range j.Dirs {
		if path, err = fromText(d.Path, d.Bytes); err != nil {
			return err
		}
		p.Dirs = append(p.Dirs, Dir{path, d.Mode})
	}
	return nil
}

func toText(path workspace.Path) (string, []byte) {
	if utf8.ValidString(string(path)) {
		return string(path), nil
	}
	return string(path), []byte(path)
}

func fromText(text string, bytes []byte) (workspace.Path, error) {
	if bytes != nil {
		text = string(bytes)
	}
	return workspace.ParsePath(text)
}
