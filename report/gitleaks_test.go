package report

import (
	"testing"

	"cofferdam/scan"
)

// For every line and column: gitleaks' form gives the column that gitleaks' own detector prints for the place.
func TestGitleaksColumnsAreItsOwn(t *testing.T) {
	for _, tt := range []struct {
		f          scan.Finding
		start, end int
	}{
		{scan.Finding{Line: 1, Column: 1, EndLine: 1, EndColumn: 5}, 1, 4},
		{scan.Finding{Line: 2, Column: 1, EndLine: 2, EndColumn: 5}, 2, 5},
		{scan.Finding{Line: 1, Column: 8, EndLine: 2, EndColumn: 3}, 8, 3},
	} {
		if l := newLeak(&tt.f); l.StartColumn != tt.start || l.EndColumn != tt.end {
			t.Errorf("columns of %+v = %d, %d, want %d, %d", tt.f, l.StartColumn, l.EndColumn, tt.start, tt.end)
		}
	}
}
