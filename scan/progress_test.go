package scan

import (
	"fmt"
	"testing"

	"cofferdam/workspace"
)

// What is to be done is all files but those that no scan reads.
func TestSurveyCountsWhatAScanReads(t *testing.T) {
	dir := t.TempDir()
	for i := range 20 {
		write(t, dir, fmt.Sprintf("d%d/f", i), "12345")
	}
	write(t, dir, ".git/objects/x", "12345")
	root := open(t, dir)
	m := meter{}
	must(t, workspace.Walk(t.Context(), root, surveyor{&m, root}, 2))
	if files, bytes := m.foundFiles.Load(), m.foundBytes.Load(); files != 20 || bytes != 100 {
		t.Errorf("found %d files, %d bytes", files, bytes)
	}
}

// Law: no number falls, and the last ones are those of the report.
func TestProgressOnlyGrows(t *testing.T) {
	dir := t.TempDir()
	for i := range 2000 {
		write(t, dir, fmt.Sprintf("d%d/f%d", i%13, i), token)
	}
	var last Progress
	r, err := Scan(t.Context(), open(t, dir), nil, Options{Workers: 4, Progress: func(p Progress) {
		if p.Files < last.Files || p.Bytes < last.Bytes || p.Findings < last.Findings {
			t.Errorf("progress %+v after %+v", p, last)
		}
		last = p
	}})
	must(t, err)
	if last.Files != 2000 || last.Bytes != r.Bytes || last.Findings != int64(len(r.Findings)) {
		t.Errorf("last progress %+v of %d bytes, %d findings", last, r.Bytes, len(r.Findings))
	}
}
