package placeholder

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// forms is a value in the ways in which it might leak.
func forms(value string) []string {
	backwards := []byte(value)
	slices.Reverse(backwards)
	all := []string{value, strings.ToUpper(value), hex.EncodeToString([]byte(value)), fmt.Sprintf("%X", value), string(backwards), url.QueryEscape(value), value[:8], value[len(value)-8:]}
	numbers := fmt.Sprint([]byte(value))
	all = append(all, numbers[1:len(numbers)-1], strings.ReplaceAll(numbers[1:len(numbers)-1], " ", ", "))
	for shift := range 3 {
		all = append(all, base64Core(value, shift))
	}
	return append(all, base64.URLEncoding.EncodeToString([]byte(value))[:10])
}

// No way of printing anything that this package makes, and no record, shows a value or a key.
func TestNothingShowsAValue(t *testing.T) {
	values := []string{"canary/7f3a+91:x", "second@canary%20z", "rotated/canary+55", "new/canary&66;yyy"}
	key := NewKey([32]byte([]byte("canary-key-of-32-bytes-exactly!!")))
	base := fmt.Sprintf("a: «url.https://me:%s@x|%s»\nb: «%s»\n", values[0], values[0], values[1])
	raw, spans := spansOf(base)
	spans[0].Name = "url.https://me:" + values[0] + "@x"
	spans[0].Value = NewValue(values[0])
	clean := []Span{{Rule: "r", Value: NewValue(values[0])}}
	start := strings.Index(raw, values[0]+"\n")
	spans[0].Start, spans[0].End = start, start+len(values[0])
	view, err := Redact([]byte(raw), spans, key)
	if err != nil {
		t.Fatal(err)
	}
	host, again := spansOf(fmt.Sprintf("a: «%s» # more\nb: «%s»\nc: «n-%s|%s»\n", values[2], values[1], values[3], values[3]))
	located, err := Locate(view.Text, []byte(host), &view.Record, key, again)
	if err != nil {
		t.Fatal(err)
	}
	tokens := view.Record.Tokens()
	outcome, err := Restore([]byte("a: "+tokens[0]+" # x\nc: "+tokens[1]+"\nd: "+tokens[0]+"\n"), located, Options{Accept: yes})
	if err != nil {
		t.Fatal(err)
	}
	ours, err := located.Redacted()
	if err != nil {
		t.Fatal(err)
	}
	record, err := json.Marshal(view.Record)
	if err != nil {
		t.Fatal(err)
	}
	_, errTaken := Redact([]byte(raw+tokens[0]), spans, key)
	_, errWritten := Locate(view.Text, []byte(host+tokens[0]), &view.Record, key, again)
	_, errSpan := Redact([]byte(raw), []Span{{Start: 1, End: 1 << 20, Value: NewValue(values[0]), Name: "n"}}, key)
	_, errText := outcome.Text(0)
	type nested struct {
		Key, key         Key
		Value, value     Value
		Spans, spans     []Span
		Values, values   *Values
		Outcome, outcome *Outcome
		Plain, plain     Values
		Out, out         Outcome
		Set, set         *Set
	}
	set := NewSet(&view.Record)
	all := nested{key, key, spans[0].Value, spans[0].Value, clean, clean, located, located, outcome, outcome, *located, *located, *outcome, *outcome, set, set}
	var out bytes.Buffer
	out.Write(record)
	out.Write(ours)
	out.Write(view.Text)
	printAll(&out, all, &all, key, &key, clean, clean[0], view, *view, located, *located, outcome, *outcome, outcome.Events(), located.States(), set,
		errTaken, errWritten, errSpan, errText, outcome.Conflicts(), Options{Places: clean}, map[string]any{"k": key, "v": located})
	text := out.String()
	for _, value := range append(values, "canary-key-of-32-bytes-exactly!!") {
		for _, form := range forms(value) {
			if i := strings.Index(text, form); i >= 0 {
				t.Errorf("a value shows as %q in %q", form, text[max(0, i-80):min(len(text), i+80)])
			}
		}
	}
	if !strings.Contains(text, hidden) || key.Reveal() == ([32]byte{}) {
		t.Error("nothing is printed")
	}
}

func printAll(out *bytes.Buffer, all ...any) {
	for _, value := range all {
		for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%x", "%X", "%d", "%T", "%t", "%10.3s", "%U", "%c", "%e"} {
			fmt.Fprintf(out, verb+"\n", value)
		}
		fmt.Fprintln(out, value)
		for _, marshal := range []func(any) ([]byte, error){json.Marshal, xml.Marshal, toml.Marshal} {
			text, _ := marshal(value)
			out.Write(text)
		}
		slog.New(slog.NewTextHandler(out, nil)).Info("x", "v", value)
		slog.New(slog.NewJSONHandler(out, nil)).Info("x", "v", value)
	}
}
