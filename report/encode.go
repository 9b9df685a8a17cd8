package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"

	"cofferdam/internal/term"
)

// encodeJSON writes v as one JSON value and a newline, indented where indent is not empty. What a terminal or a CI
// system would act on is written as an escape that means the same to a JSON parser.
func encodeJSON(w io.Writer, v any, indent string) error {
	text, err := marshal(v, "", indent)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

func marshal(v any, prefix, indent string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, indent)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return harmless(b.Bytes()), nil
}

// list stands in a value for an array that encodeList fills in.
func list(n int) []json.RawMessage {
	if n == 0 {
		return []json.RawMessage{}
	}
	return []json.RawMessage{json.RawMessage("null")}
}

// encodeList is encodeJSON of a value with a list of n items in it, of which it holds one at a time: a project may have
// more findings than fit into memory twice.
func encodeList(w io.Writer, v any, indent string, n int, item func(i int) any) error {
	text, err := marshal(v, "", indent)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	if n > 0 {
		head, tail, pad := cutLine(text, "null")
		b.Write(head)
		for i := range n {
			one, err := marshal(item(i), pad, indent)
			if err != nil {
				return err
			}
			b.WriteString(pad)
			b.Write(bytes.TrimSuffix(one, []byte("\n")))
			if i < n-1 {
				b.WriteByte(',')
			}
			b.WriteByte('\n')
		}
		text = tail
	}
	b.Write(text)
	return b.Flush()
}

// cutLine cuts text around the line that is word and spaces before it. No string of JSON can hold such a line.
func cutLine(text []byte, word string) (head, tail []byte, pad string) {
	at := 0
	for line := range bytes.Lines(text) {
		if rest := bytes.TrimLeft(line, " "); string(rest) == word+"\n" {
			return text[:at], text[at+len(line):], string(line[:len(line)-len(rest)])
		}
		at += len(line)
	}
	return text, nil, ""
}

// harmless escapes, in JSON, controls beyond ASCII, bidirectional and zero-width marks, and the second of two #. All of
// them can stand in strings only.
func harmless(text []byte) []byte {
	if isPlain(text) {
		return text
	}
	out := make([]byte, 0, len(text)+len(text)/8)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch s := text[i : i+size]; {
		case r == '#' && i > 0 && text[i-1] == '#':
			out = append(out, `\u0023`...)
		case r >= 0x7f && term.Name(string(s)) != string(s):
			out = appendUTF16(out, r)
		default:
			out = append(out, s...)
		}
		i += size
	}
	return out
}

func isPlain(text []byte) bool {
	for _, c := range text {
		if c >= 0x7f {
			return false
		}
	}
	return !bytes.Contains(text, []byte("##"))
}

func appendUTF16(out []byte, r rune) []byte {
	if r < 0x10000 {
		return fmt.Appendf(out, `\u%04x`, r)
	}
	r -= 0x10000
	return fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
}
