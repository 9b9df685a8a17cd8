package workspace

import (
	"sync"
	"sync/atomic"
)

// task is a directory to read, or a part of what one holds.
type task struct {
	path Path
	dir  *directory // around the one to read, where that is kept open, or the one that part is of
	part []byte
}

// queue holds tasks, last in, first out, so that it stays short in a wide tree.
type queue struct {
	open    atomic.Int32 // directories
	hungry  atomic.Int32 // workers that wait and for which no task is queued
	stopped atomic.Bool

	mu      sync.Mutex
	wake    sync.Cond
	tasks   []task
	waiting int
	pending int // queued or under way
}

// next waits for a task. There is none left where it is not ok.
func (q *queue) next() (task, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.tasks) == 0 && q.pending > 0 && !q.stopped.Load() {
		q.wait()
	}
	if len(q.tasks) == 0 || q.stopped.Load() {
		return task{}, false
	}
	last := len(q.tasks) - 1
	t := q.tasks[last]
	q.tasks[last] = task{}
	q.tasks = q.tasks[:last]
	q.count()
	return t, true
}

func (q *queue) wait() {
	q.waiting++
	q.count()
	q.wake.Wait()
	q.waiting--
	q.count()
}

func (q *queue) count() { q.hungry.Store(int32(q.waiting - len(q.tasks))) }

// add takes tasks that one under way has found.
func (q *queue) add(tasks []task) {
	if len(tasks) == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.push(tasks)
}

func (q *queue) push(tasks []task) {
	q.tasks = append(q.tasks, tasks...)
	q.pending += len(tasks)
	q.count()
	if q.waiting > 0 {
		q.wake.Broadcast()
	}
}

// done ends a task that has found others.
func (q *queue) done(found []task) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.push(found)
	q.pending--
	if q.pending == 0 {
		q.wake.Broadcast()
	}
}

// abort has every worker stop at the next place.
func (q *queue) abort() {
	q.stopped.Store(true)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.wake.Broadcast()
}

// drop lets go of what an abort has left.
func (q *queue) drop() {
	for _, t := range q.tasks {
		if t.dir != nil {
			t.dir.release()
		}
	}
	q.tasks = nil
}
