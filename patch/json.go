package patch

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"cofferdam/change"
	"cofferdam/internal/term"
	"cofferdam/workspace"
)

// changeJSON is a change as JSON writes it. Fields that end in _bytes are base64 and present only where the text is
// not UTF-8; the text beside them has U+FFFD for what is not.
type changeJSON struct {
	Path      string      `json:"path"`
	PathBytes []byte      `json:"path_bytes,omitempty"`
	Kind      change.Kind `json:"kind"` // add, modify, delete
	Old       *sideJSON   `json:"old,omitempty"`
	New       *sideJSON   `json:"new,omitempty"`
	Collides  bool        `json:"collides,omitempty"` // a hidden file of the workspace has this path
	Refused   string      `json:"refused,omitempty"`  // why it never lands
	Stale     bool        `json:"stale,omitempty"`    // the workspace changed meanwhile; counted against that
	Added     int         `json:"added"`              // lines; 0 where binary
	Deleted   int         `json:"deleted"`
	Binary    bool        `json:"binary,omitempty"`
}

// sideJSON is one side of a change; its absence is that of the path.
type sideJSON struct {
	Type        string `json:"type"`           // file, directory, symlink, fifo, socket, character device, block device
	Mode        string `json:"mode"`           // octal, four digits
	Size        int64  `json:"size"`           // bytes of a file
	Hash        string `json:"hash,omitempty"` // SHA-256 of a file, in hex, where it is known
	Target      string `json:"target,omitempty"`
	TargetBytes []byte `json:"target_bytes,omitempty"`
}

// JSON writes {"version":1,"changes":[…],"summary":{…}}, a change to a line, every change of set in path order. The
// fields are those of changeJSON, sideJSON and summary. A head that is not nil must be a struct or a map in JSON's
// eyes; its fields stand after the version. Everything beyond printable text is escaped, so that the output can be
// shown on a terminal.
func JSON(ctx context.Context, w io.Writer, set *change.Set, t Trees, head any) error {
	fields, err := headFields(head)
	if err != nil {
		return fmt.Errorf("write changes as JSON: %w", err)
	}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, `{"version":1,%s"changes":[`, fields)
	var totals summary
	separator := "\n"
	err = eachDelta(ctx, set, t, countDelta, func(n tally) error {
		totals.add(n)
		text, err := marshal(newChangeJSON(n))
		if err != nil {
			return err
		}
		out.WriteString(separator)
		separator = ",\n"
		_, err = out.Write(text)
		return err
	})
	if err == nil {
		var text []byte
		text, err = marshal(totals)
		fmt.Fprintf(out, "\n],\"summary\":%s}\n", text)
	}
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		return fmt.Errorf("write changes as JSON: %w", err)
	}
	return nil
}

// headFields is the fields of head as they stand inside an object, with a comma after the last.
func headFields(head any) (string, error) {
	if head == nil {
		return "", nil
	}
	text, err := marshal(head)
	if err != nil {
		return "", err
	}
	inside, isObject := bytes.CutPrefix(text, []byte{'{'})
	if !isObject {
		return "", fmt.Errorf("BUG: head is %.20s, not an object", text)
	}
	if inside = bytes.TrimSuffix(inside, []byte{'}'}); len(inside) == 0 {
		return "", nil
	}
	return string(inside) + ",", nil
}

func newChangeJSON(n tally) changeJSON {
	c := changeJSON{
		Kind: n.Kind, Old: newSideJSON(n.Old), New: newSideJSON(n.New),
		Collides: n.Collides, Refused: n.Refused, Stale: n.stale,
		Added: n.added, Deleted: n.deleted, Binary: n.binary,
	}
	c.Path, c.PathBytes = textAndBytes(string(n.Path))
	return c
}

func newSideJSON(s change.Side) *sideJSON {
	if s.Type == workspace.None {
		return nil
	}
	side := &sideJSON{Type: s.Type.String(), Mode: fmt.Sprintf("%04o", s.Mode), Size: s.Size}
	if s.Hash.Known() {
		side.Hash = s.Hash.String()
	}
	side.Target, side.TargetBytes = textAndBytes(s.Target)
	return side
}

func textAndBytes(text string) (string, []byte) {
	if utf8.ValidString(text) {
		return text, nil
	}
	return string([]rune(text)), []byte(text)
}

// marshal is v as JSON on one line. Runes that term.Escape escapes stand as \u sequences.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	text := bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
	safe := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		// Beyond ASCII and in DEL there is nothing but what strings hold.
		if r < 0x7f || term.Escape(string(r), false) == string(r) {
			safe = append(safe, text[:size]...)
		} else {
			for _, unit := range utf16.AppendRune(nil, r) {
				safe = fmt.Appendf(safe, `\u%04x`, unit)
			}
		}
		text = text[size:]
	}
	return safe, nil
}
