package report

import (
	"encoding/json"
	"fmt"
	"io"
	"testing"

	"cofferdam/scan"
	"cofferdam/workspace"
)

// Each format beside what encoding/json takes to write the findings as they are.
func BenchmarkFormats(b *testing.B) {
	r := &scan.Report{Root: "/p"}
	for i := range 10_000 {
		r.Findings = append(r.Findings, scan.Finding{
			Rule: fmt.Sprint("rule-", i%200), Description: "A description of what was found", Severity: severities[i%4], Path: workspace.Path(fmt.Sprintf("dir/sub%d/file-%d.go", i%100, i)),
			Line: i, Column: 5, EndLine: i, EndColumn: 45, Offset: int64(i) * 100, Length: 40, Fingerprint: fmt.Sprintf("%032x", i), Entropy: 4.5,
		})
	}
	b.Run("encoding", func(b *testing.B) {
		for b.Loop() {
			if err := json.NewEncoder(io.Discard).Encode(r.Findings); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, format := range Formats() {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := Write(io.Discard, format, r, options()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
