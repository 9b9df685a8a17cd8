package diff3

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// bigTexts is 20,000 lines like those of a program, many of which repeat, and 400 edits on each side.
func bigTexts() (base, ours, theirs string) {
	w := &writer{Rand: rand.New(rand.NewPCG(8, 8))}
	common := []string{"\n", "}\n", "\t}\n", "\treturn nil\n", "\tif err != nil {\n", "\t\treturn err\n", ")\n", "\telse {\n"}
	lines := w.lines(20000)
	for i := range lines {
		if w.IntN(2) == 0 {
			lines[i] = common[w.IntN(len(common))]
		}
	}
	var sides [2]script
	for i := range sides {
		for at := w.IntN(40); len(sides[i]) < 400; at += 1 + w.IntN(90) {
			at = w.edit(&sides[i], at, true)
		}
	}
	return strings.Join(lines, ""), sides[0].apply(lines), sides[1].apply(lines)
}

func BenchmarkMerge(b *testing.B) {
	x, y, z := bigTexts()
	base, ours, theirs := []byte(x), []byte(y), []byte(z)
	for b.Loop() {
		Merge(base, ours, theirs, Options{}).Marked(Marks{})
	}
}

// BenchmarkGit merges the same texts with git, and starts it with nothing to merge.
func BenchmarkGit(b *testing.B) {
	base, ours, theirs := bigTexts()
	for name, texts := range map[string][3]string{"merge": {base, ours, theirs}, "start": {}} {
		b.Run(name, func(b *testing.B) {
			git := newGitMerger(b)
			git.write(b, texts[0], texts[1], texts[2])
			for b.Loop() {
				git.merge(b)
			}
		})
	}
}

// hardTexts is texts of n lines made to be hard to compare, or large.
func hardTexts(n int) map[string][3][]byte {
	r := rand.New(rand.NewPCG(9, 9))
	few := func(letters int) []byte {
		var b bytes.Buffer
		for range n {
			fmt.Fprintln(&b, r.IntN(letters))
		}
		return b.Bytes()
	}
	shuffled := func() []byte {
		var b bytes.Buffer
		for _, i := range r.Perm(n) {
			b.WriteString(strconv.Itoa(i) + "\n")
		}
		return b.Bytes()
	}
	every := func(text []byte, from, step int, put string) []byte {
		lines := bytes.SplitAfter(text, lineFeed)
		for i := from; i < len(lines)-1; i += step {
			lines[i] = []byte(put)
		}
		return bytes.Join(lines, nil)
	}
	same, long := bytes.Repeat([]byte("a\n"), n), bytes.Repeat([]byte("long line "), n)
	distinct := shuffled()
	return map[string][3][]byte{
		"all lines alike": {same, same[:len(same)/2], append(bytes.Clone(same), same...)},
		"two letters":     {few(2), few(2), few(2)},
		"300 letters":     {few(300), few(300), few(300)},
		"shuffled":        {shuffled(), shuffled(), shuffled()},
		"every third":     {distinct, every(distinct, 0, 3, "x\n"), every(distinct, 1, 3, "y\n")},
		"every other":     {same, every(same, 0, 2, "x\n"), every(same, 0, 2, "y\n")},
		"long lines":      {long, append(bytes.Clone(long), 'x'), append(bytes.Clone(long), "\ny"...)},
		"blank long lines": {
			bytes.Repeat([]byte(" "), n), bytes.Repeat(append(bytes.Repeat([]byte(" "), 1000), '\n'), n/1000),
			bytes.Repeat(append(bytes.Repeat([]byte(" "), 1000), '\n'), n/500),
		},
		"carriage returns": {same, bytes.ReplaceAll(same, lineFeed, carriageReturn), bytes.Repeat([]byte("\r"), n)},
		"markers":          {nil, bytes.Repeat([]byte("<<<<<<<\n=======\n"), n/2), bytes.Repeat([]byte("=\n==\n========\n"), n/3)},
	}
}

func TestMergeOfHardTexts(t *testing.T) {
	for name, texts := range hardTexts(5000) {
		t.Run(name, func(t *testing.T) {
			check(t, string(texts[0]), string(texts[1]), string(texts[2]))
		})
	}
}

// BenchmarkMergeHard is of a million lines a text.
func BenchmarkMergeHard(b *testing.B) {
	for name, texts := range hardTexts(1 << 20) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(texts[0]) + len(texts[1]) + len(texts[2])))
			for b.Loop() {
				Merge(texts[0], texts[1], texts[2], Options{}).Marked(Marks{})
			}
		})
	}
}
