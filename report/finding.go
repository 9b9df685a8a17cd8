package report

import "cofferdam/scan"

// Finding is f as the JSON form has it, for an answer that is not a report.
func Finding(f *scan.Finding) any { return newFinding(f) }
