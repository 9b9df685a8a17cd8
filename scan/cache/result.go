package cache

import "cofferdam/workspace"

// Result is what a scan found in a file that it read whole. What the rule's identifier tells, a reader of the cache
// knows from the rules.
type Result struct {
	ReadAt     int64          // when reading began, before the kernel was asked for the identity; nanoseconds since the epoch
	Hash       workspace.Hash // of the content; not known where the scan had no need of it
	Credential string         // what in the content makes it a credential file; names a key, never a value
	Problems   []Problem
	Findings   []Finding
}

// Problem is a part of a file that was not looked at, and will not be while file and rules stay as they are.
type Problem struct {
	Member string // path inside the archive; empty for the file
	Reason string
}

// Finding is a place that looks like a secret, as scan.Finding has it, without the value and what the rule tells.
type Finding struct {
	Rule        string // identifier
	Severity    string // where it is not the rule's
	Why         string // where it is not the rule's; no part of the value
	Member      string
	Line        int
	Column      int
	EndLine     int
	EndColumn   int
	Offset      int64
	Length      int64
	Fingerprint string
	Decoded     []string
	Entropy     float32
	Comment     string // the mark on its line that asks to allow it
}

// maxResult bounds a result in the file, in bytes. A file with more findings than that, about 10,000, is read anew.
const maxResult = 1 << 20

const (
	hasHash   = 1 << iota // 32 bytes follow
	hasDetail             // credential, problems and findings follow
)

// appendResult appends r to b. Most results say nothing and take no byte.
func appendResult(b []byte, r Result) []byte {
	var has byte
	if r.Hash.Known() {
		has |= hasHash
	}
	if r.Credential != "" || len(r.Problems) > 0 || len(r.Findings) > 0 {
		has |= hasDetail
	}
	if has == 0 {
		return b
	}
	b = append(b, has)
	if has&hasHash != 0 {
		b = append(b, r.Hash[:]...)
	}
	if has&hasDetail == 0 {
		return b
	}
	b = appendText(b, r.Credential)
	b = appendCount(b, len(r.Problems))
	for _, p := range r.Problems {
		b = appendText(appendText(b, p.Member), p.Reason)
	}
	b = appendCount(b, len(r.Findings))
	for _, f := range r.Findings {
		b = appendFinding(b, f)
	}
	return b
}

func appendFinding(b []byte, f Finding) []byte {
	for _, text := range [...]string{f.Rule, f.Severity, f.Why, f.Member, f.Fingerprint, f.Comment} {
		b = appendText(b, text)
	}
	for _, n := range [...]int{f.Line, f.Column, f.EndLine, f.EndColumn, int(f.Offset), int(f.Length)} {
		b = appendCount(b, n)
	}
	b = appendFloat(b, f.Entropy)
	b = appendCount(b, len(f.Decoded))
	for _, encoding := range f.Decoded {
		b = appendText(b, encoding)
	}
	return b
}

// parseResult is the reverse of appendResult.
func parseResult(b []byte) (r Result, ok bool) {
	if len(b) == 0 {
		return r, true
	}
	c := cursor{rest: b}
	has := c.take(1)[0]
	if has == 0 || has > hasHash|hasDetail {
		return r, false
	}
	if has&hasHash != 0 {
		copy(r.Hash[:], c.take(len(r.Hash)))
	}
	if has&hasDetail != 0 {
		parseDetail(&c, &r)
	}
	if c.bad || len(c.rest) > 0 {
		return Result{}, false
	}
	return r, true
}

func parseDetail(c *cursor, r *Result) {
	r.Credential = c.text()
	for n := c.items(); n > 0 && !c.bad; n-- {
		r.Problems = append(r.Problems, Problem{Member: c.text(), Reason: c.text()})
	}
	for n := c.items(); n > 0 && !c.bad; n-- {
		r.Findings = append(r.Findings, parseFinding(c))
	}
}

func parseFinding(c *cursor) (f Finding) {
	for _, text := range [...]*string{&f.Rule, &f.Severity, &f.Why, &f.Member, &f.Fingerprint, &f.Comment} {
		*text = c.text()
	}
	for _, n := range [...]*int{&f.Line, &f.Column, &f.EndLine, &f.EndColumn} {
		*n = c.count()
	}
	f.Offset, f.Length = int64(c.count()), int64(c.count())
	f.Entropy = c.float()
	for n := c.items(); n > 0 && !c.bad; n-- {
		f.Decoded = append(f.Decoded, c.text())
	}
	return f
}
