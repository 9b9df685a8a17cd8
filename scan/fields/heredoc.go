package fields

import "strings"

// heredoc reads <<EOF and the lines up to EOF.
func (l *lexerHCL) heredoc(at *key) error {
	first, rest, ok := strings.Cut(l.doc.text[l.at:], "\n")
	label := strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(first, "<<"), "-"))
	if !ok || !isName(label) {
		return structure("a heredoc without its name")
	}
	start := l.at + len(first) + 1
	for offset := 0; ; {
		line, after, more := strings.Cut(rest[offset:], "\n")
		if strings.TrimSpace(line) == label {
			s := span{start, start + offset}
			l.at = start + offset + len(line)
			if body := l.doc.cut(s); hasTemplate(body, "${", "$${") || hasTemplate(body, "%{", "%%{") {
				return structure("an expression")
			}
			if lines := l.doc.splitLines(s); len(lines) > 0 {
				_, err := l.doc.addLines(at, lines, Heredoc, textual)
				return err
			}
			return nil
		}
		if !more {
			return structure("a heredoc without its end")
		}
		offset = len(rest) - len(after)
	}
}
