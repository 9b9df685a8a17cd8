package judge

import "strings"

// text says why v is text for people, or markup.
func (j *Judge) text(v *view) string {
	switch {
	case v.class.foreign > 0 && v.class.digit == 0 && j.isTranslation(v):
		return "a translation"
	case j.paths.locales.has(v.path) && v.class.digit == 0:
		return "a translation"
	case strings.Contains(v.value, "</") || strings.HasPrefix(v.value, "<") && strings.Contains(v.value, ">"):
		return "markup"
	case isColour(v.low):
		return "a colour"
	case v.class.blank > 0 && j.isSentence(v):
		return "a sentence"
	}
	return ""
}

// isTranslation holds for letters that are not ASCII with no mark among them that people put into passwords.
func (j *Judge) isTranslation(v *view) bool {
	return v.class.mark-v.class.separators == 0 || v.class.blank > 0
}

// isSentence reports whether v has a word that only sentences have, or ends as they do.
func (j *Judge) isSentence(v *view) bool {
	if v.class.blank >= 8 || strings.HasSuffix(v.value, ":") || strings.HasSuffix(v.value, "?") {
		return true
	}
	for word := range strings.FieldsSeq(v.low) {
		if word = strings.Trim(word, `.,:;!?()'"*`); word == "" || j.prose.has(word) {
			return true
		}
	}
	return false
}

// isColour holds for #fff, #a0b1c2 and #a0b1c2d3.
func isColour(low string) bool {
	if low == "" || low[0] != '#' || len(low) != 4 && len(low) != 7 && len(low) != 9 {
		return false
	}
	for i := 1; i < len(low); i++ {
		if !hexDigit(low[i]) {
			return false
		}
	}
	return true
}
