package patch

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOrdered(t *testing.T) {
	var want, got []int
	for i := range 500 {
		want = append(want, i*i)
	}
	err := ordered(t.Context(), 500,
		func(i int) (int, error) {
			if i%7 == 0 {
				time.Sleep(time.Millisecond)
			}
			return i * i, nil
		},
		func(i, v int) error {
			got = append(got, v)
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOrderedStops(t *testing.T) {
	errWork, errEmit := errors.New("work"), errors.New("emit")
	for _, tt := range []struct {
		name           string
		workAt, emitAt int
		want           error
		emitted        int
	}{
		{"nowhere", -1, -1, nil, 300},
		{"first", 0, -1, errWork, 0},
		{"in the middle", 100, -1, errWork, 100},
		{"last", 299, -1, errWork, 299},
		{"at emit", 200, 50, errEmit, 50},
	} {
		t.Run(tt.name, func(t *testing.T) {
			emitted, working := 0, atomic.Int32{}
			err := ordered(t.Context(), 300,
				func(i int) (int, error) {
					working.Add(1)
					defer working.Add(-1)
					if i == tt.workAt {
						return 0, errWork
					}
					return i, nil
				},
				func(i, _ int) error {
					if i == tt.emitAt {
						return errEmit
					}
					emitted++
					return nil
				})
			if !errors.Is(err, tt.want) || emitted != tt.emitted {
				t.Errorf("ordered = %v after %d, want %v after %d", err, emitted, tt.want, tt.emitted)
			}
			if n := working.Load(); n != 0 {
				t.Errorf("%d still at work", n)
			}
		})
	}
}

func TestOrderedCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	emitted := 0
	err := ordered(ctx, 1000, func(i int) (int, error) { return i, nil }, func(i, _ int) error {
		if emitted++; emitted == 10 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || emitted > 999 {
		t.Errorf("ordered = %v after %d", err, emitted)
	}
}
