package main

import (
	"fmt"
	"strings"

	"cofferdam"
	"cofferdam/internal/term"
	"cofferdam/workspace"
)

func placeOf(f *cofferdam.Known) string {
	if f.Line == 0 {
		return f.Rule
	}
	if f.Member != "" {
		return fmt.Sprintf("!%s:%d:%d %s", f.Member, f.Line, f.Column, f.Rule)
	}
	return fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Rule)
}

// explainLine is about what was found in one place.
func (a *app) explainLine(at target, findings []cofferdam.Known) error {
	if len(findings) == 0 {
		_, err := fmt.Fprintf(a.out, "nothing was found in %s\n", term.Name(at.String()))
		return err
	}
	for _, f := range findings {
		a.printRows([][2]string{{"finding", fmt.Sprintf("%d:%d to %d:%d", f.Line, f.Column, f.EndLine, f.EndColumn)}, {"member", f.Member},
			{"rule", f.Rule}, {"severity", f.Severity}, {"what", f.Description}, {"why", f.Why}, {"encoded", strings.Join(f.Decoded, ", ")},
			{"action", f.Action}, {"fingerprint", f.Fingerprint}, {"allowed by", allowedBy(&f)}})
		fmt.Fprint(a.out, allowing(&f))
	}
	return nil
}

func allowedBy(f *cofferdam.Known) string {
	if f.By.Source == "" || f.By.Obeyed {
		return string(f.By.Source)
	}
	return string(f.By.Source) + ", once --trust-project says so"
}

// allowing says in which ways a finding can be allowed.
func allowing(f *cofferdam.Known) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nto allow it, any one of:\n\n")
	fmt.Fprintf(&b, "    fingerprint:%s\n", f.Fingerprint)
	fmt.Fprintf(&b, "    rule:%s %s\n", term.Name(f.Rule), exactly(f.Path))
	fmt.Fprint(&b, "        a line of .cofferdamignore, with --trust-project, or of another file, with --ignore-file FILE\n")
	if f.Member == "" {
		fmt.Fprint(&b, "    cofferdam:allow\n        a comment on the line, with --trust-project\n")
	}
	fmt.Fprint(&b, "    cofferdam scan --write-baseline FILE\n        calls all that is there known, with --baseline FILE\n\n")
	if text := b.String(); strings.HasSuffix(text, " ") {
		return text[:len(text)-1] + `\ ` // a pattern's last blank does not count else
	}
	return b.String()
}

// exactly is the pattern of a path, as .gitignore has them, that fits this path alone.
func exactly(path workspace.Path) string {
	var b strings.Builder
	b.WriteByte('/')
	for _, r := range term.Name(string(path)) {
		if strings.ContainsRune(`*?[\`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	if text := b.String(); strings.HasSuffix(text, " ") {
		return text[:len(text)-1] + `\ ` // a pattern's last blank does not count else
	}
	return b.String()
}
