package placeholder

import (
	"strings"
	"testing"
)

func TestWithout(t *testing.T) {
	token := newToken("db-password", mac{1, 2, 3})
	tests := []struct{ name, text, want string }{
		{"none", "a COFFERDAM_ b", "a COFFERDAM_ b"},
		{"empty", "", ""},
		{"whole", token, ""},
		{"two", "a=" + token + "\nb=" + token + ";", "a=\nb=;"},
		{"longer", token + "A", token + "A"},
		{"in a word", "x" + token, "x"},
		{"behind a letter", "X" + token, "X" + token},
		{"cut", token[:len(token)-1], token[:len(token)-1]},
		{"after the prefix", prefix + " " + token, prefix + " "},
		{"long", strings.Repeat(prefix, 9), strings.Repeat(prefix, 9)},
	}
	for _, tt := range tests {
		if got := string(Without([]byte(tt.text))); got != tt.want {
			t.Errorf("%s: Without(%q) = %q, want %q", tt.name, tt.text, got, tt.want)
		}
	}
}
