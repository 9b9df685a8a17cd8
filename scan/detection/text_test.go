package detection

import (
	"bytes"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"cofferdam/rules/secret/sample"
)

// For every example: what a label covers is the marked secret, once what the example did to it is undone.
func TestLabelsCoverTheMarkedSecret(t *testing.T) {
	set := load(t)
	for _, c := range set.Secrets {
		for _, e := range c.Examples {
			plain, marked := sample.Expand(e.Text, 1)
			text := e.text(1)
			if len(text.Labels) != len(marked) {
				t.Fatalf("%s %s: %d labels for %d marks", c.ID, e.Path, len(text.Labels), len(marked))
			}
			for i, label := range text.Labels {
				got := undo(t, e, text.Raw[label.Start:label.End])
				if want := plain[marked[i].Start:marked[i].End]; got != want {
					t.Errorf("%s %s: label %d covers %d bytes, not the %d of the secret", c.ID, e.Path, i+1, len(got), len(want))
				}
			}
		}
	}
}

func undo(t *testing.T, e Example, raw []byte) string {
	t.Helper()
	text := decode(e.Encoding, raw)
	if e.LineEnds == crlf {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	indent := "\n" + strings.Repeat(" ", e.Indent)
	var err error
	switch e.Encode {
	case asJSON:
		text, err = strconv.Unquote(`"` + text + `"`)
	case asUnicode:
		text, err = strconv.Unquote(`"` + text + `"`)
	case asJoined:
		text = strings.ReplaceAll(text, `\n" +`+indent+`"`, "\n")
	case asPercent:
		text, err = url.PathUnescape(text)
	case asHex:
		var b []byte
		b, err = hex.DecodeString(text)
		text = string(b)
	default:
		text = strings.ReplaceAll(text, indent, "\n")
	}
	if err != nil {
		t.Fatalf("%s: %v", e.Path, err)
	}
	return text
}

func decode(c charset, raw []byte) string {
	if c == "" {
		return string(raw)
	}
	low, high := 0, 1
	if c == bigEndian {
		low, high = 1, 0
	}
	var units []uint16
	for ; len(raw) >= 2; raw = raw[2:] {
		units = append(units, uint16(raw[low])|uint16(raw[high])<<8)
	}
	return string(utf16.Decode(units))
}

func TestTexts(t *testing.T) {
	for _, c := range []struct {
		name    string
		example Example
		want    string // of the first copy
		copies  int
	}{
		{"nothing varies", Example{Text: "a\n"}, "a\n", 1},
		{"mark", Example{Text: "a «b» c"}, "a b c", 1},
		{"crlf", Example{Text: "a\n«b\nc»\n", LineEnds: crlf}, "a\r\nb\r\nc\r\n", 1},
		{"indent", Example{Text: "a\n  «b\nc»\n", Indent: 2}, "a\n  b\n  c\n", 1},
		{"json", Example{Text: "\"«b\nc»\"\n", Encode: asJSON}, "\"b\\nc\"\n", 1},
		{"percent", Example{Text: "a-b «c-d»", Encode: asPercent}, "a-b c%2Dd", 1},
		{"hex", Example{Text: "a «bc»", Encode: asHex}, "a 6263", 1},
		{"unicode", Example{Text: "a «b»", Encode: asUnicode}, `a \u0062`, 1},
		{"utf16le", Example{Text: "a«b»", Encoding: littleEndian}, "\xff\xfea\x00b\x00", 1},
		{"utf16be", Example{Text: "a«b»", Encoding: bigEndian}, "\xfe\xff\x00a\x00b", 1},
		{"varies", Example{Text: "{{of:a:1}}{{digits:0}}"}, "a", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			texts := c.example.Texts()
			if got := string(texts[0].Raw); got != c.want || len(texts) != c.copies {
				t.Errorf("Texts() = %q and %d copies, want %q and %d", got, len(texts), c.want, c.copies)
			}
		})
	}
}

func TestCopiesHaveOtherValues(t *testing.T) {
	texts := Example{Text: "token = «{{alnum:30}}»\n"}.Texts()
	if len(texts) != copies {
		t.Fatalf("%d copies, want %d", len(texts), copies)
	}
	for i := range texts[1:] {
		if bytes.Equal(texts[i].Raw, texts[i+1].Raw) {
			t.Errorf("copies %d and %d are equal", i+1, i+2)
		}
	}
}
