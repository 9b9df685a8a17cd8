package fields

import "testing"

func TestIsVersionRange(t *testing.T) {
	for value, want := range map[string]bool{
		"^7.1.2": true, "~1.0": true, ">=3.0.0 <5 || ^6.0.0-rc.1": true, "^3.0.0 || ^4.0.0": true, "^1.x": true, ">= 2": false, "": false, "^": false,
		"1.2.3": true, "1.2": false, "123456": false, "1..2": false, "^Xq7tR9zLm2": false, "~hunter2": false, "^123456": false, "latest": false,
	} {
		if got := isVersionRange(value); got != want {
			t.Errorf("isVersionRange(%q) = %v, want %v", value, got, want)
		}
	}
}
