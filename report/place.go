package report

import (
	"fmt"
	"strings"

	"cofferdam/internal/term"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// name is a path as it may stand in any line of text.
func name(p workspace.Path) string { return inline(string(p)) }

// inline makes text from the project safe anywhere in a line that a person or a CI system reads. Runners take what
// begins with :: (GitHub) or holds ##[, ##vso[ or ##teamcity[ (GitHub's old form, Azure, TeamCity) as commands.
func inline(text string) string {
	text = strings.ReplaceAll(term.Name(text), "##", `#\x23`)
	if strings.HasPrefix(strings.TrimSpace(text), "::") {
		text = strings.Replace(text, "::", `\x3a:`, 1)
	}
	return text
}

// fileOf names the file that a finding is in; one in an archive as archive!member.
func fileOf(f *scan.Finding) string {
	if f.Member == "" {
		return string(f.Path)
	}
	return string(f.Path) + "!" + f.Member
}

// inFile reports whether the finding's lines are those of the file that its path names today.
func inFile(f *scan.Finding) bool { return f.Line > 0 && f.Member == "" && f.Commit == nil }

// lastLine is the line of the finding's last byte; 0 where it has no lines.
func lastLine(f *scan.Finding) int {
	last := f.EndLine
	if f.EndColumn == 1 { // the last byte ends the line before
		last--
	}
	return max(last, f.Line)
}

// placeOf is file:line:column for people, and for what is known by its name the file alone.
func placeOf(f *scan.Finding) string {
	text := inline(fileOf(f))
	if f.Line > 0 {
		text += fmt.Sprintf(":%d:%d", f.Line, f.Column)
	}
	if f.Commit != nil {
		text += " in commit " + inline(shortID(f.Commit))
	}
	return text
}

// about is what a finding is and why, in one line.
func about(f *scan.Finding) string {
	text := inline(f.Description)
	if text == "" {
		text = inline(f.Rule)
	}
	if f.Why != "" {
		text += "; " + inline(f.Why)
	}
	if len(f.Decoded) > 0 {
		text += " (encoded: " + inline(strings.Join(f.Decoded, ", ")) + ")"
	}
	return text
}

func shortID(c *scan.Commit) string { return c.ID[:min(len(c.ID), 12)] }

// pathURI is the path as a relative URI reference: every byte that is not unreserved is percent-encoded, so that no
// name can be a scheme, a query or a fragment, and a name in no encoding keeps its bytes (RFC 3986, section 2).
func pathURI(f *scan.Finding) string {
	uri := escapeURI(string(f.Path))
	if strings.HasPrefix(uri, "/") { // no path of a workspace; //x would be a host
		uri = "." + uri
	}
	if f.Member != "" {
		uri += "!" + escapeURI(f.Member) // a ! of a name is %21
	}
	return uri
}

func escapeURI(path string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(path) {
		c := path[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~/", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}
