package judge

import "strings"

// leastRow is how long a key is, at the least, that is itself a value in a list of such.
const leastRow = 16

// sample says why what stands in front of v makes it one.
func (j *Judge) sample(v *view) string {
	switch {
	case j.samples.has(v.key) && !j.looksRandom(v.value):
		return "a sample of a URL"
	case isSampleBelow(v.Before):
		return "a sample in a description"
	case len(v.Before) >= leastTable && !strings.ContainsAny(strings.TrimRight(v.Before, "=:"), " \t\r\n\"'`<>&=,\x00"):
		return "one of many texts run together"
	}
	return ""
}

// leastTable is how many bytes in front of a value have nothing between them in a program's table of texts.
const leastTable = 200

// isSampleBelow reports whether the line above a value opens a sample, as descriptions of interfaces have them.
func isSampleBelow(before string) bool {
	last := strings.LastIndexByte(before, '\n')
	if last < 0 {
		return false
	}
	above := before[strings.LastIndexByte(before[:last], '\n')+1 : last]
	return strings.Trim(lower(above), "\" \t\r{") == "example:"
}

// leastAround is how many bytes of base64 stand in front of what is only a part of it.
const leastAround = 32

// inBase64 reports whether before ends in a text in base64 that goes on, on its line or from the one above.
func inBase64(before string) bool {
	start := len(before)
	for start > 0 && base64Byte(before[start-1]) {
		start--
	}
	class := classesOf(before[start:])
	return len(before)-start >= leastAround && class.lower > 0 && class.upper > 0 && class.digit > 0
}

func base64Byte(c byte) bool {
	return kinds[c] != other && kinds[c] != between || c == '+' || c == '/' || c == '\n' || c == '\r'
}
