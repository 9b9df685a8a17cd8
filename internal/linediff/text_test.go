package linediff

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewText(t *testing.T) {
	for _, tt := range []struct {
		data string
		want []string
	}{
		{"", nil},
		{"\n", []string{"\n"}},
		{"a", []string{"a"}},
		{"a\nb\n", []string{"a\n", "b\n"}},
		{"a\r\n\nb", []string{"a\r\n", "\n", "b"}},
	} {
		text := NewText([]byte(tt.data))
		var got []string
		for i := range text.Len() {
			got = append(got, string(text.Line(i)))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("NewText(%q): %s", tt.data, diff)
		}
	}
}
