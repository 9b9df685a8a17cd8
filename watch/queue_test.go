package watch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"cofferdam/workspace"
)

func TestQueueJoinsEventsOfAPath(t *testing.T) {
	q, now := newQueue(), time.Now()
	q.add(Event{Path: "a", Since: now}, now.Add(time.Hour))
	q.add(Event{Path: "a", Since: now.Add(-time.Second)}, now)
	q.add(Event{Path: "b", Since: now}, now.Add(-time.Second))
	for _, want := range []workspace.Path{"b", "a"} {
		if e, err := q.next(t.Context()); err != nil || e.Path != want {
			t.Fatalf("next = %+v, %v, want %q", e, err, want)
		} else if want == "a" && !e.Since.Equal(now.Add(-time.Second)) {
			t.Errorf("Since = %v, want the earliest", e.Since)
		}
	}
	q.end()
	if _, err := q.next(t.Context()); !errors.Is(err, io.EOF) {
		t.Errorf("next at the end = %v", err)
	}
}

// What took long is left alone for longer, until the end.
func TestQueueRests(t *testing.T) {
	q, now := newQueue(), time.Now()
	q.add(Event{Path: "large"}, now)
	_, _, err := q.pop(now)
	must(t, err)
	q.rested(now.Add(time.Second))
	q.add(Event{Path: "large"}, now.Add(time.Second))
	if _, wait, err := q.pop(now.Add(2 * time.Second)); err != nil || wait != 19*time.Second {
		t.Errorf("pop a second later: wait %v, %v, want 19s", wait, err)
	}
	q.hurry()
	if e, _, err := q.pop(now.Add(2 * time.Second)); err != nil || e.Path != "large" {
		t.Errorf("pop in a hurry = %+v, %v", e, err)
	}
}

func TestQueueIsBounded(t *testing.T) {
	q, now := newQueue(), time.Now()
	full := make(chan bool)
	go func() {
		for i := range maxQueued + 10 {
			if i == maxQueued {
				full <- true
			}
			q.wait()
			q.add(Event{Path: workspace.Path(fmt.Sprint(i))}, now)
		}
		close(full)
	}()
	<-full
	if n := len(q.heap); n != maxQueued {
		t.Fatalf("%d events are queued, want %d", n, maxQueued)
	}
	for range 10 {
		_, err := q.next(context.Background())
		must(t, err)
	}
	<-full
}
