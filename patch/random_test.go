package patch

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
)

// oddNames are names that a patch can get wrong.
var oddNames = []string{
	"plain.txt", "a", "b", "-rf", "--- a", "a b", " lead", "trail ", "tab\there", "new\nline", "quote\"s", "back\\slash", "x:y,z",
	"caf\u00e9", "\u202eevil", "latin\xe9", "\xff\xfe", "\a\b\v\f\r\x1b\x7f", "@@ -1 +1 @@", "a b b", "# cofferdam", "dev",
	strings.Repeat("n", 255), "a\x01b", "\\n", "diff --git a", "single'", "*?[x]", "x b", "~",
}

func randomNode(r *rand.Rand, depth int) *node {
	switch n := r.IntN(10); {
	case n == 0:
		return link([]string{"a", "../x y", "no\nsuch", "\xff", "plain.txt", "/dev/null"}[r.IntN(6)])
	case n < 4 && depth > 0:
		d := tree{}
		for range 1 + r.IntN(4) {
			d[oddNames[r.IntN(len(oddNames))]] = randomNode(r, depth-1)
		}
		return dir(d)
	default:
		return &node{data: randomData(r), mode: []os.FileMode{0o644, 0o644, 0o755, 0o600, 0o700}[r.IntN(5)]}
	}
}

func randomData(r *rand.Rand) string {
	switch r.IntN(8) {
	case 0:
		return ""
	case 1:
		data := make([]byte, r.IntN(300))
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		return string(data) + "\x00"
	}
	end := []string{"\n", "\n", "\r\n"}[r.IntN(3)]
	var b strings.Builder
	for range r.IntN(60) {
		fmt.Fprintf(&b, "%s%d%s", []string{"", "\t", "-- ", "++ ", "\\ ", "@@ -1 +1 @@ "}[r.IntN(6)], r.IntN(40), end)
	}
	if r.IntN(4) == 0 {
		b.WriteString("no final newline")
	}
	if r.IntN(12) == 0 {
		b.WriteString(strings.Repeat("z", binaryProbe) + "\x00\n")
	}
	return b.String()
}

// mutated is n after a few random edits.
func mutated(r *rand.Rand, n *node, depth int) *node {
	if n.dir != nil && r.IntN(12) > 0 {
		d := tree{}
		for _, name := range slices.Sorted(maps.Keys(n.dir)) {
			if r.IntN(6) > 0 {
				d[name] = mutated(r, n.dir[name], depth-1)
			}
		}
		for range r.IntN(3) {
			d[oddNames[r.IntN(len(oddNames))]] = randomNode(r, max(depth-1, 0))
		}
		return dir(d)
	}
	switch r.IntN(6) {
	case 0:
		return n
	case 1:
		return randomNode(r, max(depth, 0))
	}
	if n.dir != nil || n.target != "" {
		return n
	}
	m := *n
	if r.IntN(3) == 0 {
		m.mode ^= 0o100 // 0644 to 0744: git sees 100755
	}
	lines := strings.SplitAfter(m.data, "\n")
	for range r.IntN(4) {
		i := r.IntN(len(lines))
		switch r.IntN(3) {
		case 0:
			lines[i] = fmt.Sprintf("edited %d\n", r.IntN(99))
		case 1:
			lines[i] = ""
		case 2:
			lines[i] += "inserted\n"
		}
	}
	m.data = strings.Join(lines, "")
	return &m
}
