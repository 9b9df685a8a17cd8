package stage

import (
	"sort"

	"cofferdam/scan"
	"cofferdam/workspace"
)

// ledger is the lines of a report, in path order. Lines are large, so it goes by index and copies none.
type ledger []scan.Line

func (l ledger) inOrder() bool {
	for i := 1; i < len(l); i++ {
		if l[i-1].Path >= l[i].Path {
			return false
		}
	}
	return true
}

func (l ledger) from(path workspace.Path) int {
	return sort.Search(len(l), func(i int) bool { return l[i].Path >= path })
}

// index is where path stands, or -1.
func (l ledger) index(path workspace.Path) int {
	if i := l.from(path); i < len(l) && l[i].Path == path {
		return i
	}
	return -1
}

// below is the range of lines inside dir, at any depth.
func (l ledger) below(dir workspace.Path) (from, to int) {
	if dir == workspace.Dot {
		return 0, len(l)
	}
	return l.from(dir + "/"), l.from(dir + "0") // '0' follows '/'
}

func (l ledger) find(path workspace.Path) *scan.Line {
	if i := l.index(path); i >= 0 {
		return &l[i]
	}
	return nil
}
