package fields

import "strings"

// comments records what follows a mark outside the scalars.
func (l *lexerYAML) comments() error {
	done := 0
	for _, s := range append(l.covered, span{len(l.text), len(l.text)}) {
		for at := done; at < s.start; at++ {
			if l.text[at] != '#' || at > 0 && !isSpace(l.text[at-1]) {
				continue
			}
			end := strings.IndexByte(l.text[at:], '\n')
			if end < 0 {
				end = len(l.text) - at
			}
			if err := l.doc.comment(span{at, at + end}); err != nil {
				return err
			}
			at += end
		}
		done = max(done, s.end)
	}
	return nil
}
