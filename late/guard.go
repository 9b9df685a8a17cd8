package late

import (
	"context"
	"errors"
	"io/fs"
	"sync/atomic"
	"time"

	"cofferdam/watch"
	"cofferdam/workspace"
)

// ErrEnded is what Guard.Cover says when the command has ended.
var ErrEnded = errors.New("the command has ended")

// Verdict is what is known of a path. The zero Verdict is harmless.
type Verdict struct {
	Rule   string   // what makes it a secret
	ByName bool     // its name does, whatever its content
	Values []string // fingerprints of what was found in it
}

// Guard watches a project below an overlay while a command runs in it, and hides what becomes a secret. Its fields are set
// before Start. Likely is called from a goroutine of its own, the other functions from another.
type Guard struct {
	Root  *workspace.Root     // the project
	Base  *workspace.Manifest // what the view shows and hides
	Mask  *workspace.Root     // the layer above the project
	Upper *workspace.Root     // the layer above both, in which the command writes
	Began time.Time           // before the scan that Base is of

	// Likely reports whether a name alone makes a path look like a secret: it is looked at before others.
	Likely func(path workspace.Path) bool
	// Judge says what stands at a path of the project or of the upper layer. Of what is not there it judges the name.
	Judge func(ctx context.Context, root *workspace.Root, path workspace.Path) (Verdict, error)
	// Cover takes a path out of the view; seen says that it had shown it. Its error may be ErrEnded.
	Cover func(path workspace.Path) (seen bool, err error)
	// Note remembers what is about to be done, and what was done. What it has not taken is not done: the upper layer
	// could not be told from one in which the command has deleted the path.
	Note func(Path) error
	// Aside is a directory, which need not exist, for what the command has made of a secret.
	Aside string

	watcher *watch.Watcher
	started time.Time
	ended   atomic.Int64 // nanoseconds since the epoch; 0 while the command runs
	done    chan struct{}
	found   map[workspace.Path]*Path
	order   []*Path
	judged  map[workspace.Path]judgement
	tries   map[workspace.Path]int
	inodes  *inodes
	kept    int
}

// judgement is that a file was looked at and harmless.
type judgement struct {
	stat workspace.Stat
	at   time.Time
}

// Start begins, and goes on in the background.
func (g *Guard) Start() {
	g.started, g.done = time.Now(), make(chan struct{})
	g.found, g.judged, g.tries = map[workspace.Path]*Path{}, map[workspace.Path]judgement{}, map[workspace.Path]int{}
	g.watcher = watch.New(g.Root, watch.Options{Skip: g.Base.Covers, Known: g.known, First: g.Likely, After: brief})
	go g.work()
}

// brief is how long a command may take for which it is not worth while to watch: the project is looked at when it has ended.
const brief = 10 * time.Millisecond

// End says that the command has ended. It is told what became a secret until then, in the order in which that was found,
// and what was not watched.
func (g *Guard) End() ([]Path, *watch.Unwatched) {
	g.ended.Store(time.Now().UnixNano())
	g.watcher.Finish()
	<-g.done
	unwatched := g.watcher.Unwatched()
	go g.watcher.Close() // The kernel takes milliseconds to let go of a watch, and nobody needs to wait for it.
	paths := make([]Path, 0, len(g.order))
	for _, p := range g.order {
		paths = append(paths, *p)
	}
	return paths, unwatched
}

func (g *Guard) work() {
	defer close(g.done)
	ctx := context.Background()
	for {
		e, err := g.watcher.Next(ctx)
		if err != nil {
			return
		}
		g.look(ctx, e)
	}
}

// clockStep is how much later than a change of a file a second one can happen and leave the same times.
const clockStep = 20 * time.Millisecond

// known reports whether an entry is as the scan knew it. One that was changed when that had begun may have been changed
// once more in the same tick of the file system's clock.
func (g *Guard) known(e workspace.Entry) bool {
	old := g.Base.Find(e.Path)
	return old != nil && old.Unchanged(e.Stat) && old.Ctime < g.Began.Add(-clockStep).UnixNano()
}

// look looks at one path and hides it, with its other names, where it is a secret.
func (g *Guard) look(ctx context.Context, event watch.Event) {
	path := event.Path
	if g.shadowed(path) {
		return
	}
	now, err := g.Root.Lookup(path)
	gone := errors.Is(err, fs.ErrNotExist)
	if err == nil && g.lookedAt(now) {
		return
	}
	at := time.Now()
	v, err := g.Judge(ctx, g.Root, path)
	if err != nil {
		return // It has gone, or its directory has.
	}
	if v.Rule == "" && !gone {
		v.Rule = g.hiddenTwin(now.Stat)
	}
	if v.Rule == "" {
		if !gone {
			g.judged[path] = judgement{now.Stat, at}
		}
		return
	}
	s := secret{Verdict: v, now: now, gone: gone, since: g.since(event, now.Stat, gone)}
	if ended := g.ended.Load(); ended != 0 && s.since.UnixNano() > ended {
		return
	}
	for _, name := range append([]workspace.Path{path}, event.Former...) {
		g.hide(ctx, name, s)
	}
	for _, name := range g.twins(now.Stat) {
		if e, err := g.Root.Lookup(name); err == nil && e.SameFile(now.Stat) {
			g.hide(ctx, name, s)
		}
	}
}

// shadowed reports whether the view does not show what the project has at path: the mask hides it, or has a file of its own
// there.
func (g *Guard) shadowed(path workspace.Path) bool {
	if g.Base.Covers(path) {
		return true
	}
	for ; path != workspace.Dot; path = path.Dir() {
		if e, err := g.Mask.Lookup(path); err == nil && e.Type != workspace.Dir {
			return true
		}
	}
	return false
}

// lookedAt reports whether e was looked at and has not been touched since.
func (g *Guard) lookedAt(e workspace.Entry) bool {
	j, ok := g.judged[e.Path]
	return ok && j.stat.Unchanged(e.Stat) && e.Ctime < j.at.Add(-clockStep).UnixNano() || !ok && g.known(e)
}

// since is from when on the view can have shown what a path has become: its last change, or the first that the kernel told
// of, but not before the last time that it was harmless, nor before the command was there.
func (g *Guard) since(event watch.Event, stat workspace.Stat, gone bool) time.Time {
	since := event.Since
	if changed := time.Unix(0, stat.Ctime); !gone && (since.IsZero() || changed.Before(since)) {
		since = changed
	}
	if j, ok := g.judged[event.Path]; ok && since.Before(j.at) {
		since = j.at
	}
	if since.Before(g.started) {
		since = g.started
	}
	return since
}
