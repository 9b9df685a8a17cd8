package diff3

import "testing"

func TestMergeEndings(t *testing.T) {
	for _, tt := range []struct{ name, base, ours, theirs, want string }{
		{"ours converted", "a\nb\nc\n", "a\r\nb\r\nc\r\n", "a\nx\nc\n", "a\r\nx\r\nc\r\n"},
		{"theirs converted", "a\nb\nc\n", "a\nx\nc\n", "a\r\nb\r\nc\r\n", "a\r\nx\r\nc\r\n"},
		{"converted and edited", "a\nb\nc\n", "x\r\nb\r\nc\r\n", "a\nb\ny\n", "x\r\nb\r\ny\r\n"},
		{"theirs dropped the carriage returns", "a\r\nb\r\nc\r\n", "a\r\nx\r\nc\r\n", "a\nb\ny\n", "a\nx\ny\n"},
		{"both converted", "a\nb\nc\n", "x\r\nb\r\nc\r\n", "a\r\nb\r\ny\r\n", "x\r\nb\r\ny\r\n"},
		{"all alike", "a\r\nb\r\nc\r\n", "x\r\nb\r\nc\r\n", "a\r\nb\r\ny\r\n", "x\r\nb\r\ny\r\n"},
		{"last line has no end", "a\nb\nc", "a\r\nb\r\nc", "a\nb\nx", "a\r\nb\r\nx"},
		{"mixed endings are bytes", "a\nb\r\nc\n", "x\nb\r\nc\n", "a\nb\r\ny\r\n", "x\nb\r\ny\r\n"},
		{"one line converted", "a\nb\nc\n", "a\r\nb\nc\n", "a\nb\ny\n", "a\r\nb\ny\n"},
		{"two carriage returns", "a\nb\r\r\n", "a\nb\r\r\n", "x\nb\r\r\n", "x\nb\r\r\n"},
		{"emptied and converted", "a\n", "", "a\r\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := check(t, tt.base, tt.ours, tt.theirs)
			if got, clean := r.Merged(); !clean || string(got) != tt.want {
				t.Errorf("Merge(%q, %q, %q) = %q, %v, want %q", tt.base, tt.ours, tt.theirs, got, clean, tt.want)
			}
		})
	}
}
