package judge

import "strings"

// named says why the name of v, or the file it stands in, makes it no secret.
func (j *Judge) named(v *view) string {
	switch {
	case v.key != "" && len(v.value) <= 64 && bare(v.value) == v.key:
		return "the name of its own key"
	case (j.machine.has(v.Rule) || j.encoded.has(v.Rule)) && j.harmless.match(v.key) && !j.passwords.match(v.key):
		return "a value that is made public"
	case strings.Contains(v.key, "public") || strings.HasSuffix(v.key, "pubkey"):
		return "a public key"
	case j.paths.locks.match(v.path):
		return "a hash in a file of hashes"
	case isUUID(v.low) && !strings.Contains(v.key, "secret") && !strings.Contains(v.key, "token") && !strings.Contains(v.key, "key") && !strings.Contains(v.key, "pass") && j.isMachine(v):
		return "a UUID"
	case j.pairs.has(v.Rule) && !v.pair:
		return "no user and password in base64"
	case j.isMachine(v) && j.isDigestOf(v):
		return "a hash"
	case j.isMachine(v) && len(v.key) >= leastRow && j.looksRandom(v.key):
		return "one of many random texts"
	}
	return j.sample(v)
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (s[i] == '-') || !dash && !hexDigit(s[i]) {
			return false
		}
	}
	return true
}

func hexDigit(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' }

// isDigestOf holds for hexadecimal of a hash's length on a line that speaks of hashes.
func (j *Judge) isDigestOf(v *view) bool {
	switch len(v.low) {
	case 32, 40, 56, 64, 96, 128:
	default:
		return false
	}
	for i := range len(v.low) {
		if !hexDigit(v.low[i]) {
			return false
		}
	}
	before := lower(v.Before[max(len(v.Before)-maxBefore, 0):])
	before = before[strings.LastIndexByte(before, '\n')+1:]
	return containsAny(before, j.hashes)
}
