package judge

import "strings"

// isMask holds for a value that shows no more than one letter or digit: ****, xxxx, 00000000, XXXX-XXXX, "...".
func isMask(v string) bool {
	var seen byte
	for i := range len(v) {
		c := v[i]
		switch {
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		case c >= 0x80:
			return false
		default:
			continue
		}
		if seen != 0 && c != seen {
			return false
		}
		seen = c
	}
	return true
}

// placeholder says why v stands for a value that somebody has yet to write.
func (j *Judge) placeholder(v *view) string {
	if containsAny(v.low, j.inside) || containsAny(v.value, j.syntax) && !j.looksRandom(v.value) {
		return "a placeholder"
	}
	if bracketed(v.value) {
		return "a placeholder in brackets"
	}
	if elided(v.value) {
		return "a value cut short"
	}
	if j.isRun(v.low) {
		return "a row of keys"
	}
	all, marked := j.filler(v.value)
	switch {
	case !all:
		return ""
	case marked:
		return "words of a placeholder"
	case j.paths.live.has(v.path) && len(v.value) >= 8 && !j.paths.fixture(v.path) && v.key != bare(v.low):
		return "" // a lazy password is one
	}
	return "words that only name a secret"
}

func containsAny(s string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

// bracketed holds for <password>, [token], {key}, %KEY%, __KEY__ and $KEY.
func bracketed(v string) bool {
	if len(v) < 3 {
		return false
	}
	first, last := v[0], v[len(v)-1]
	switch {
	case first == '<' && last == '>', first == '[' && last == ']', first == '{' && last == '}', first == '(' && last == ')':
		return true
	case first == '%' && last == '%', strings.HasPrefix(v, "__") && strings.HasSuffix(v, "__"):
		return isName(strings.Trim(v, "%_"))
	case first == '$':
		name := v[1:]
		return isName(name) && (strings.ToUpper(name) == name || strings.Trim(lower(name), "abcdefghijklmnopqrstuvwxyz_") == "")
	}
	return false
}

// elided holds where a value ends or begins in dots, as values do that are shown in part.
func elided(v string) bool { return strings.HasSuffix(v, "...") || strings.HasPrefix(v, "...") }

func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !(keyByte(c) && c != '-') {
			return false
		}
	}
	return s != "" && (s[0] < '0' || s[0] > '9')
}

// shortestRun is the least part of a row of keys that counts.
const shortestRun = 3

// isRun reports whether low is made of rows of keys, or of one short piece again and again.
func (j *Judge) isRun(low string) bool {
	low = strings.Trim(low, "!.@#-_ ")
	if len(low) < 2*shortestRun && len(low) != shortestRun && len(low) != 4 && len(low) != 5 {
		return false
	}
	if len(low) > 128 {
		return false
	}
	if repeats(low) {
		return true
	}
	for rest := low; rest != ""; {
		n := j.longestRun(rest)
		if n < shortestRun {
			return false
		}
		rest = strings.TrimLeft(rest[n:], "-_.: ")
	}
	return true
}

func (j *Judge) longestRun(s string) int {
	longest := 0
	for _, run := range j.runs {
		for at := 0; at < len(run); {
			i := strings.IndexByte(run[at:], s[0])
			if i < 0 {
				break
			}
			at += i
			n := 0
			for n < len(s) && at+n < len(run) && s[n] == run[at+n] {
				n++
			}
			longest = max(longest, n)
			at++
		}
	}
	return longest
}

// repeats holds for a piece of up to four bytes, three times and more: abababab, 0000.
func repeats(s string) bool {
	for n := 1; n <= 4 && n*3 <= len(s); n++ {
		if s[n:] == s[:len(s)-n] {
			return true
		}
	}
	return false
}

// longestPiece is how long a piece of letters may be to be taken apart.
const longestPiece = 48

// filler reports whether v is made of words that name or stand for a secret, with at most digits in order behind them;
// and whether one of them says that it stands for one.
func (j *Judge) filler(v string) (all, marked bool) {
	if len(v) > 2*longestPiece {
		return false, false
	}
	low := lower(v)
	words := 0
	for i := 0; i < len(low); {
		c := low[i]
		switch {
		case 'a' <= c && c <= 'z':
			end := i
			for end < len(low) && 'a' <= low[end] && low[end] <= 'z' {
				end++
			}
			ok, mark := j.wordsOf(low[i:end])
			if !ok {
				return false, false
			}
			marked = marked || mark
			words++
			i = end
		case '0' <= c && c <= '9':
			end := i
			for end < len(low) && '0' <= low[end] && low[end] <= '9' {
				end++
			}
			if n := end - i; n > 3 && !j.isRun(low[i:end]) || words == 0 {
				return false, false
			}
			i = end
		case c == '!' || c == '@' || c == '$' || c == '#' || c >= 0x80:
			return false, false // a person made a password of it
		default:
			i++
		}
	}
	return words > 0, marked
}

// wordsOf reports whether piece, letters in lower case, is words and nothing else. It takes the longest word each time
// and goes back where that leads nowhere.
func (j *Judge) wordsOf(piece string) (ok, marked bool) {
	if len(piece) > longestPiece {
		return false, false
	}
	var reach, mark [longestPiece + 1]bool
	reach[0] = true
	for start := range len(piece) {
		if !reach[start] {
			continue
		}
		for end := start + 1; end <= len(piece) && end-start <= 16; end++ {
			word := piece[start:end]
			// Words of one and two letters count only where they stand alone, or any text would be made of words.
			if len(word) < 3 && len(word) != len(piece) && word != "my" && word != "db" && word != "id" || !j.words.has(word) {
				continue
			}
			reach[end] = true
			mark[end] = mark[end] || mark[start] || j.markers.has(word)
		}
	}
	return reach[len(piece)], mark[len(piece)]
}
