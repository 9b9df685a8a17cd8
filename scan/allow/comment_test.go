package allow

import "testing"

func TestComment(t *testing.T) {
	for _, tt := range []struct {
		line string
		want Source
	}{
		{"", ""}, {"x = 1 # gitleaks:allow", GitleaksComment}, {"x//gitleaks:allowed", GitleaksComment}, {"x /* cofferdam:allow */", CofferdamComment},
		{"cofferdam:allow", CofferdamComment}, {"# cofferdam:allowlist", ""}, {"# my-cofferdam:allow", ""}, {"cofferdam:allowed cofferdam:allow", CofferdamComment},
		{"gitleaks:allow cofferdam:allow", CofferdamComment}, {"gitleaks: allow", ""}, {"GITLEAKS:ALLOW", ""}, {"#cofferdam:allow#", CofferdamComment}, {"cofferdam:allow:x", ""},
	} {
		if got := Comment(tt.line); got != tt.want {
			t.Errorf("Comment(%q) = %q, want %q", tt.line, got, tt.want)
		}
	}
}
