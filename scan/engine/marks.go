package engine

import (
	"sort"
	"strings"
)

// marks knows where a byte is in a text, without holding a number for each place: it counts them by blocks.
type marks struct {
	text   string
	mark   string
	before []int // marks before each block and, last, in all of text
}

const markBlock = 4096

func newMarks(text string, mark string) marks {
	m := marks{text: text, mark: mark, before: make([]int, 1, len(text)/markBlock+2)}
	for at, n := 0, 0; at < len(text); at += markBlock {
		n += m.in(at, min(at+markBlock, len(text)))
		m.before = append(m.before, n)
	}
	return m
}

func (m *marks) in(from, to int) int { return strings.Count(m.text[from:to], m.mark) }

func (m *marks) count() int { return m.before[len(m.before)-1] }

// upTo is how many marks are in text[:at].
func (m *marks) upTo(at int) int {
	at = max(0, min(at, len(m.text)))
	block := at / markBlock
	return m.before[block] + m.in(block*markBlock, at)
}

// place is where mark number n is, from zero; there is one.
func (m *marks) place(n int) int {
	// The last block with at most n marks before it has it.
	block := sort.Search(len(m.before), func(i int) bool { return m.before[i] > n }) - 1
	at := block * markBlock
	for skip := n - m.before[block]; ; skip-- {
		at += strings.IndexByte(m.text[at:], m.mark[0])
		if skip == 0 {
			return at
		}
		at++
	}
}
