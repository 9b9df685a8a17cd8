package workspace

import "testing"

func TestParsePath(t *testing.T) {
	good := []string{".", "a", "a/b", "-rf", "a b\nc", "\xff\xfe", "..a", "...", ".git"}
	bad := []string{"", "/", "/a", "a/", "a//b", "..", "a/..", "../a", "a/./b", "./a", "a\x00b"}
	for _, s := range good {
		if p, err := ParsePath(s); err != nil || string(p) != s {
			t.Errorf("ParsePath(%q) = %q, %v", s, p, err)
		}
	}
	for _, s := range bad {
		if p, err := ParsePath(s); err == nil {
			t.Errorf("ParsePath(%q) = %q, want an error", s, p)
		}
	}
}

func TestPathParts(t *testing.T) {
	tests := []struct {
		path Path
		dir  Path
		base string
	}{{"a", Dot, "a"}, {"a/b", "a", "b"}, {"a/b/c", "a/b", "c"}}
	for _, tt := range tests {
		if tt.path.Dir() != tt.dir || tt.path.Base() != tt.base || tt.dir.Join(tt.base) != tt.path {
			t.Errorf("%q = %q + %q, want %q + %q", tt.path, tt.path.Dir(), tt.path.Base(), tt.dir, tt.base)
		}
	}
}

func TestWithin(t *testing.T) {
	tests := []struct {
		path, dir Path
		want      bool
	}{
		{"a/b", "a", true}, {"a/b/c", "a", true}, {"a", "a", false}, {"ab", "a", false}, {"a-b/c", "a", false},
		{"a", Dot, true}, {Dot, Dot, false}, {"a", "a/b", false},
	}
	for _, tt := range tests {
		if got := tt.path.Within(tt.dir); got != tt.want {
			t.Errorf("%q.Within(%q) = %v, want %v", tt.path, tt.dir, got, tt.want)
		}
	}
}
