package scan

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// Whatever way a Secret is printed, alone or inside something, its value does not show.
func TestSecretPrintsRedacted(t *testing.T) {
	const canary = "canary-7f3a91"
	s := NewSecret(canary)
	type outer struct {
		Secret Secret
		hidden Secret
		list   []Secret
		byKey  map[string]Secret
		deep   *struct{ s Secret }
	}
	o := outer{Secret: s, hidden: s, list: []Secret{s}, byKey: map[string]Secret{"k": s}, deep: &struct{ s Secret }{s}}
	var out bytes.Buffer
	for _, value := range []any{s, &s, o, &o, []Secret{s}, map[string]any{"x": s}, errors.Join(fmt.Errorf("%v", s))} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%x", "%X", "%d", "%T", "%p", "%t", "%10.3s", "%U", "%c", "%e"} {
			fmt.Fprintf(&out, verb+"\n", value)
		}
		fmt.Fprintln(&out, value)
		for _, marshal := range []func(any) ([]byte, error){json.Marshal, xml.Marshal, toml.Marshal} {
			text, _ := marshal(value)
			out.Write(text)
		}
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "s", s, "o", o, "p", &s)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "s", s, "o", o, "p", &s)
	for _, form := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), "Y2FuYXJ5"} {
		if strings.Contains(out.String(), form) {
			t.Errorf("a way of printing shows the value as %q", form)
		}
	}
	if fmt.Sprint(s) != redacted || s.Reveal() != canary || s.Len() != len(canary) || (Secret{}).Reveal() != "" {
		t.Errorf("Secret prints %q, reveals %q", fmt.Sprint(s), s.Reveal())
	}
}
