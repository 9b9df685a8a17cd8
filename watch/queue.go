package watch

import (
	"container/heap"
	"context"
	"io"
	"sync"
	"time"

	"cofferdam/workspace"
)

const (
	// maxQueued bounds how many events wait to be taken. Who adds more waits, until the kernel's queue overflows: then
	// all is looked at again, and nothing is lost.
	maxQueued = 1 << 16
	// rest is how many times as long as its last event took a path is left alone.
	rest = 20
	// leastRest is the shortest rest that is kept account of.
	leastRest = 100 * time.Millisecond
	// maxResting bounds how many paths are remembered to have cost something.
	maxResting = 1 << 12
)

// queue holds events, one a path, until they are due.
type queue struct {
	wake chan struct{} // holds something when there may be something to do

	mu      sync.Mutex
	room    sync.Cond
	byPath  map[workspace.Path]*waiting
	heap    waitingHeap
	resting map[workspace.Path]time.Time
	last    workspace.Path // what next returned last
	lastAt  time.Time
	hurried bool // everything is due
	ended   bool // nothing is added any more
	closed  bool
}

// waiting is an event that is not due yet.
type waiting struct {
	Event
	at    time.Time
	index int
}

func newQueue() *queue {
	q := &queue{wake: make(chan struct{}, 1), byPath: map[workspace.Path]*waiting{}, resting: map[workspace.Path]time.Time{}}
	q.room.L = &q.mu
	return q
}

func (q *queue) rouse() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// wait waits for room.
func (q *queue) wait() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.heap) >= maxQueued && !q.closed {
		q.room.Wait()
	}
}

// add queues e for the time at. One of the same path is joined with it.
func (q *queue) add(e Event, at time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if until := q.resting[e.Path]; at.Before(until) {
		at = until
	}
	if old := q.byPath[e.Path]; old != nil {
		old.join(e)
		if at.Before(old.at) {
			old.at = at
			heap.Fix(&q.heap, old.index)
		}
	} else {
		w := &waiting{Event: e, at: at}
		q.byPath[e.Path] = w
		heap.Push(&q.heap, w)
	}
	q.rouse()
}

func (w *waiting) join(e Event) {
	if w.Since.IsZero() || !e.Since.IsZero() && e.Since.Before(w.Since) {
		w.Since = e.Since
	}
	if len(e.Former) > len(w.Former) {
		w.Former = e.Former
	}
}

func (q *queue) next(ctx context.Context) (Event, error) {
	q.rested(time.Now())
	for {
		e, wait, err := q.pop(time.Now())
		if err != nil || wait == 0 {
			return e, err
		}
		if err := q.sleep(ctx, wait); err != nil {
			return Event{}, err
		}
	}
}

func (q *queue) sleep(ctx context.Context, d time.Duration) error {
	var after <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		after = timer.C
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-q.wake:
	case <-after:
	}
	return nil
}

// pop takes the first event that is due; else it says how long to wait, forever where that is negative.
func (q *queue) pop(now time.Time) (e Event, wait time.Duration, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || q.ended && len(q.heap) == 0 {
		return Event{}, 0, io.EOF
	}
	if len(q.heap) == 0 {
		return Event{}, -1, nil
	}
	first := q.heap[0]
	if until := first.at.Sub(now); until > 0 && !q.hurried {
		return Event{}, until, nil
	}
	heap.Pop(&q.heap)
	delete(q.byPath, first.Path)
	q.room.Broadcast()
	q.last, q.lastAt = first.Path, now
	return first.Event, 0, nil
}

// rested notes what the last event took.
func (q *queue) rested(now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.last == "" {
		return
	}
	if took := now.Sub(q.lastAt) * rest; took > leastRest {
		if len(q.resting) >= maxResting {
			clear(q.resting)
		}
		q.resting[q.last] = now.Add(took)
	}
	q.last = ""
}

// hurry makes everything due, also what is still to come.
func (q *queue) hurry() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.hurried = true
	q.rouse()
}

// end says that nothing is added any more.
func (q *queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended = true
	q.rouse()
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.room.Broadcast()
	q.rouse()
}

// waitingHeap has the event that is due first at the top.
type waitingHeap []*waiting

func (h waitingHeap) Len() int           { return len(h) }
func (h waitingHeap) Less(i, j int) bool { return h[i].at.Before(h[j].at) }
func (h waitingHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push implements heap.Interface.
func (h *waitingHeap) Push(x any) {
	w := x.(*waiting)
	w.index = len(*h)
	*h = append(*h, w)
}

// Pop implements heap.Interface.
func (h *waitingHeap) Pop() any {
	last := len(*h) - 1
	w := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return w
}
