package workspace

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// Failure is a path that could not be read.
type Failure struct {
	Path Path
	Err  error
}

// List is everything below r in path order (bytewise by the whole path), without hashes. Where prune is not nil, it
// names the directories not to go into. What could not be read is returned beside what could.
func List(ctx context.Context, r *Root, prune func(Entry) bool) ([]Entry, []Failure, error) {
	c := &collector{prune: prune}
	err := Walk(ctx, r, c, 0)
	SortEntries(c.entries)
	slices.SortFunc(c.failures, func(a, b Failure) int { return cmp.Compare(a.Path, b.Path) })
	return c.entries, c.failures, err
}

// SortEntries puts entries into path order.
func SortEntries(entries []Entry) {
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Path, b.Path) })
}

type collector struct {
	prune    func(Entry) bool
	mu       sync.Mutex
	entries  []Entry
	failures []Failure
}

func (c *collector) Visit(e Entry) bool {
	c.mu.Lock()
	c.entries = append(c.entries, e)
	c.mu.Unlock()
	return c.prune == nil || e.Type == Dir && !c.prune(e)
}

func (c *collector) Fail(path Path, err error) {
	c.mu.Lock()
	c.failures = append(c.failures, Failure{path, err})
	c.mu.Unlock()
}
