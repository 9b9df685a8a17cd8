package allow

import (
	"io"
	"strconv"
	"strings"
)

// Fingerprints is a .gitleaksignore: file:rule:line allows a finding in every commit, commit:file:rule:line in one. Both
// are compared as text, as gitleaks does, so that a file with a colon in its name has its place too.
type Fingerprints struct {
	known map[string]bool
}

// ReadFingerprints reads a .gitleaksignore. Lines that are no fingerprint match nothing; an error is that of r or of a file
// that is too large.
func ReadFingerprints(r io.Reader) (*Fingerprints, error) {
	text, err := read(r, maxFingerprints)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for line := range strings.SplitSeq(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		parts := strings.Split(line, ":")
		switch len(parts) { // paths that Windows wrote, where gitleaks changes them
		case 3:
			parts[0] = strings.ReplaceAll(parts[0], `\`, "/")
		case 4:
			parts[1] = strings.ReplaceAll(parts[1], `\`, "/")
		}
		known[strings.Join(parts, ":")] = true
	}
	return &Fingerprints{known}, nil
}

// Match reports whether the finding is listed.
func (l *Fingerprints) Match(f Finding) bool {
	anywhere := f.file() + ":" + f.Rule + ":" + strconv.Itoa(f.Line)
	return l.known[anywhere] || f.Commit != "" && l.known[f.Commit+":"+anywhere]
}
