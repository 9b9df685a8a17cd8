package scan

import (
	"crypto/sha256"
	"encoding/hex"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// CredentialFile is the rule that credential files go by where only rules and findings are known.
const CredentialFile = "credential-file"

// Credentials is the ledger's lines for what stands for a credential: by its name, or by what its content is where the
// name has content decide. What lies in a directory that does so as a whole is left out, and so is what is known. Where
// content decides, what was found in it says more: a file with findings is left out, too.
func (r *Report) Credentials() []*Line {
	var picked []*Line
	inside := map[workspace.Path]string{} // patterns of the directories picked
	for i := range r.Ledger {
		l := &r.Ledger[i]
		if l.Known || !l.byName() && (l.Credential == "" || len(r.FindingsIn(l.Path)) > 0) || l.within(inside) {
			continue
		}
		if l.Type == workspace.Dir {
			inside[l.Path] = l.Verdict.Rule.Pattern
		}
		picked = append(picked, l)
	}
	return picked
}

// byName reports whether l stands for a credential whatever its content is.
func (l *Line) byName() bool { return l.Verdict.Action == rules.Hide }

// within reports whether a directory around l was picked for the same reason.
func (l *Line) within(picked map[workspace.Path]string) bool {
	for dir := l.Path.Dir(); dir != workspace.Dot; dir = dir.Dir() {
		if pattern, ok := picked[dir]; ok && pattern == l.Verdict.Rule.Pattern {
			return true
		}
	}
	return false
}

// Because is why l stands for a credential.
func (l *Line) Because() string {
	if l.Credential != "" {
		return l.Credential
	}
	return l.Verdict.Rule.Why
}

// fingerprint names a credential file by its path and rule; its content may change.
func (l *Line) fingerprint() string {
	sum := sha256.Sum256([]byte("cofferdam credential file 1\x00" + l.Verdict.Rule.Pattern + "\x00" + string(l.Path)))
	return hex.EncodeToString(sum[:16])
}

// Finding is l as a finding in formats that know nothing else. It has no place in the file: all of it is meant.
func (l *Line) Finding() Finding {
	f := Finding{
		Rule: CredentialFile, Description: "Credential file", Severity: "high", Why: l.Because(), Path: l.Path, Action: l.Action,
		Fingerprint: l.fingerprint(),
	}
	if l.Type == workspace.Dir {
		f.Path += "/"
	}
	if kind := l.Verdict.Rule.Kind; kind != "" {
		f.Tags = []string{kind}
	}
	return f
}

// whole reports whether f is a credential file as a finding. No other has no line.
func (f *Finding) whole() bool { return f.Rule == CredentialFile && f.Line == 0 }

// All is the findings and, after them, one for each credential file.
func (r *Report) All() []Finding {
	picked := r.Credentials()
	all := make([]Finding, 0, len(r.Findings)+len(picked))
	all = append(all, r.Findings...)
	for _, l := range picked {
		all = append(all, l.Finding())
	}
	return all
}
