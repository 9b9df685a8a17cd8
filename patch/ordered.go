package patch

import (
	"context"
	"errors"
	"math"
	"runtime"
	"sync"

	"cofferdam/change"
)

// maxWorkers bounds what is held at a time: four results a worker.
const maxWorkers = 8

// ordered calls work for 0 to n-1 on several goroutines and emit for each result on this one, in order. It stops at
// the first error of either, in that order, and when ctx is done; no goroutine is left when it returns.
func ordered[T any](ctx context.Context, n int, work func(int) (T, error), emit func(int, T) error) error {
	workers := min(runtime.GOMAXPROCS(0), maxWorkers, n)
	q := &queue[T]{jobs: make(chan job[T]), order: make(chan job[T], 4*workers)}
	var group sync.WaitGroup
	defer group.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	group.Go(func() { q.fill(ctx, n) })
	for range workers {
		group.Go(func() { q.work(work) })
	}
	for j := range q.order {
		select {
		case r := <-j.done:
			if r.err != nil {
				return r.err
			}
			if err := emit(j.index, r.value); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}

type job[T any] struct {
	index int
	done  chan result[T] // room for one, so that nobody waits to fill it
}

type result[T any] struct {
	value T
	err   error
}

type queue[T any] struct {
	jobs  chan job[T]
	order chan job[T]
}

func (q *queue[T]) fill(ctx context.Context, n int) {
	defer close(q.jobs)
	defer close(q.order)
	for i := range n {
		j := job[T]{i, make(chan result[T], 1)}
		for _, to := range []chan job[T]{q.order, q.jobs} {
			select {
			case to <- j:
			case <-ctx.Done():
				return
			}
		}
	}
}

func (q *queue[T]) work(do func(int) (T, error)) {
	for j := range q.jobs {
		value, err := do(j.index)
		j.done <- result[T]{value, err}
	}
}

// eachDelta loads every change of set and calls use for it, on several goroutines, and emit with what it returned, in
// path order. A delta with large contents is loaded and used when its turn to emit comes, so one at a time.
func eachDelta[T any](
	ctx context.Context, set *change.Set, t Trees, use func(*delta) (T, error), emit func(T) error,
) error {
	l := newLoader(set, t)
	return ordered(ctx, len(set.Changes),
		func(i int) (result[T], error) {
			d, err := l.load(&set.Changes[i], smallContent)
			if err != nil {
				return result[T]{err: err}, nil
			}
			value, err := use(d)
			return result[T]{value, err}, nil
		},
		func(i int, r result[T]) error {
			if errors.Is(r.err, errDefer) {
				d, err := l.load(&set.Changes[i], math.MaxInt64)
				if err != nil {
					return err
				}
				r.value, r.err = use(d)
			}
			if r.err != nil {
				return r.err
			}
			return emit(r.value)
		})
}
