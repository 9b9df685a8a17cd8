package main

import (
	"strings"
	"testing"
	"time"

	"cofferdam/scan"
)

func TestProgressLine(t *testing.T) {
	for _, tt := range []struct {
		name    string
		s       scan.Progress
		elapsed time.Duration
		want    string
	}{
		{"nothing", scan.Progress{}, 0, "cofferdam: scanning 0 files, 0 B, 0 findings"},
		{"one", scan.Progress{Files: 1, Bytes: 999, Findings: 1}, time.Second, "cofferdam: scanning 1 file, 999 B, 1 finding"},
		{"still counting", scan.Progress{Files: 10, Bytes: 1000, FoundFiles: 20, FoundBytes: 2000}, time.Second, "cofferdam: scanning 10 files, 1.0 kB, 0 findings"},
		{"half", scan.Progress{Files: 50, Bytes: 5e6, FoundFiles: 100, FoundBytes: 10e6, Walked: true}, 10 * time.Second,
			"cofferdam: scanning 50 of 100 files, 5.0 MB of 10.0 MB, 0 findings, about 10 s left"},
		{"too early to tell", scan.Progress{Files: 1, Bytes: 1, FoundFiles: 100, FoundBytes: 100, Walked: true}, time.Second,
			"cofferdam: scanning 1 of 100 files, 1 B of 100 B, 0 findings"},
		{"files known from before", scan.Progress{Files: 100, FoundFiles: 200, Bytes: 10, FoundBytes: 20, Walked: true}, 6 * time.Minute,
			"cofferdam: scanning 100 of 200 files, 10 B of 20 B, 0 findings, about 6 min left"},
		{"less than a second", scan.Progress{Files: 99, Bytes: 99, FoundFiles: 100, FoundBytes: 100, Walked: true}, time.Second,
			"cofferdam: scanning 99 of 100 files, 99 B of 100 B, 0 findings, about 1 s left"},
		{"hours", scan.Progress{Files: 1, Bytes: 1, FoundFiles: 10, FoundBytes: 10, Walked: true}, time.Hour,
			"cofferdam: scanning 1 of 10 files, 1 B of 10 B, 0 findings, about 9.0 h left"},
		{"more than was counted", scan.Progress{Files: 120, Bytes: 9, FoundFiles: 100, FoundBytes: 5, Walked: true}, time.Second,
			"cofferdam: scanning 120 of 120 files, 9 B of 9 B, 0 findings"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := progressLine("scanning", tt.s, tt.elapsed); got != tt.want {
				t.Errorf("progressLine = %q, want %q", got, tt.want)
			}
		})
	}
}

// For every progress, also an impossible one, the line is printable ASCII, so that it can be cut at any byte.
func TestAProgressLineIsPrintableASCII(t *testing.T) {
	extremes := []int64{-1, 0, 1, 999, 999_950, 1 << 40, 1<<63 - 1}
	for _, files := range extremes {
		for _, found := range extremes {
			s := scan.Progress{Files: files, Bytes: found, FoundFiles: found, FoundBytes: files, Findings: files, Walked: true}
			line := progressLine("scanning", s, time.Minute)
			if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("progressLine(%+v) = %q", s, line)
			}
		}
	}
}
