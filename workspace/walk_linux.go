package workspace

import (
	"context"
	"runtime"
)

// Visitor receives the tree that Walk finds. Its methods are called from several goroutines at once, a directory
// before what it holds and otherwise in no order.
type Visitor interface {
	// Visit takes one entry, the root itself excepted. For a directory, descend says whether to go into it.
	Visit(e Entry) (descend bool)
	// Fail takes a path that could not be read, with the reason.
	Fail(path Path, err error)
}

// Walk visits every entry below r with workers goroutines, as many as there are processors where workers is 0. A
// directory on another mount is visited but never entered: its Mount differs from that of r.Stat(). Walk returns an
// error only for ctx.
func Walk(ctx context.Context, r *Root, v Visitor, workers int) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	walkers := make([]walker, workers)
	for i := range walkers {
		walkers[i] = walker{r, v}
	}
	return Sweep(ctx, r, walkers)
}

// walker is a Sweeper that looks at every place.
type walker struct {
	root    *Root
	visitor Visitor
}

func (walker) Enter(Path) {}

func (w walker) Visit(p *Place) bool {
	e, err := p.Lookup()
	if err != nil {
		w.visitor.Fail(p.Path, err)
		return false
	}
	return w.visitor.Visit(e) && e.Type == Dir && e.Mount == w.root.stat.Mount
}

func (w walker) Fail(path Path, err error) { w.visitor.Fail(path, err) }
