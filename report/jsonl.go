package report

import (
	"bufio"
	"io"

	"cofferdam/scan"
	"cofferdam/workspace"
)

// record is what a line of JSON Lines is: "finding", "credential", "incomplete" or "summary".
type record struct {
	Type string `json:"type"`
}

type findingRecord struct {
	record
	finding
}

type credentialRecord struct {
	record
	credential
}

type incompleteRecord struct {
	record
	incomplete
}

type summaryRecord struct {
	record
	Version     int          `json:"version"`
	Root        string       `json:"root"`
	RootBytes   []byte       `json:"root_bytes,omitempty"`
	Findings    int          `json:"findings"`
	Credentials int          `json:"credentials"`
	Incomplete  int          `json:"incomplete"`
	Ledger      ledger       `json:"ledger"`
	Suppressed  []suppressed `json:"suppressed,omitempty"`
}

// JSONLines writes r as one JSON object a line, with the fields of JSON: findings, then credential files, then what was
// not scanned. The last line is the summary; a file without one was cut short.
func JSONLines(w io.Writer, r *scan.Report, o Options) error {
	b := bufio.NewWriter(w)
	for i := range r.Findings {
		if err := encodeJSON(b, findingRecord{record{"finding"}, newFinding(&r.Findings[i])}, ""); err != nil {
			return err
		}
	}
	picked := credentials(r)
	for _, l := range picked {
		if err := encodeJSON(b, credentialRecord{record{"credential"}, newCredential(l)}, ""); err != nil {
			return err
		}
	}
	for _, i := range r.Incomplete {
		if err := encodeJSON(b, incompleteRecord{record{"incomplete"}, incomplete{newPath(i.Path), i.Reason}}, ""); err != nil {
			return err
		}
	}
	root := newPath(workspace.Path(r.Root))
	if err := encodeJSON(b, summaryRecord{
		record{"summary"}, version, root.Path, root.Bytes,
		len(r.Findings), len(picked), len(r.Incomplete), count(r), newSuppressed(o.Suppressed),
	}, ""); err != nil {
		return err
	}
	return b.Flush()
}
