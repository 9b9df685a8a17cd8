package term

import "testing"

func TestEscape(t *testing.T) {
	tests := []struct {
		in        string
		keepLines bool
		want      string
	}{
		{"plain äö 漢字 🙂.go", false, "plain äö 漢字 🙂.go"},
		{"a\nb\tc", false, `a\nb\tc`},
		{"a\nb\tc", true, "a\nb\tc"},
		{"\x1b[31mred\x07\r", true, `\x1b[31mred\x07\x0d`},
		{"\x9b31m", false, `\x9b31m`},
		{"\u009b31m", false, `\x9b31m`},
		{"\xff\xfe", false, `\xff\xfe`},
		{"evil\u202etxt.exe", false, `evil\u202etxt.exe`},
		{"zero\u200bwidth\ufeff\u2066", false, `zero\u200bwidth\ufeff\u2066`},
		{"soft\u00adhyphen\u2028", false, `soft\xadhyphen\u2028`},
		{"tag\U000e0041", false, `tag\U000e0041`},
		{"\ufffd", false, "\ufffd"},
		{"\x7f", false, `\x7f`},
	}
	for _, tt := range tests {
		if got := Escape(tt.in, tt.keepLines); got != tt.want {
			t.Errorf("Escape(%q, %v) = %q, want %q", tt.in, tt.keepLines, got, tt.want)
		}
	}
}
