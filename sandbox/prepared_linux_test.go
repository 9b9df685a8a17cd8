package sandbox

import (
	"context"
	"errors"
	"testing"

	"golang.org/x/sys/unix"
)

func TestPrepared(t *testing.T) {
	p := newProject(t, t.TempDir())
	for _, tt := range []struct {
		name   string
		net    Net
		limits Limits
		want   bool // that the process which waits is used
	}{
		{name: "fits", want: true},
		{name: "other network", net: NetHost},
		{name: "other limits", limits: Limits{TmpSize: 1 << 20}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			read, write := pipe(t)
			text := drain(read)
			prepared := Prepare(tt.net, tt.limits, Stdio{Out: write})
			prepared.settle()
			waiting := prepared.runner.pid
			spec, err := NewSpec(p.options("sh", "-c", "readlink /proc/self/ns/net; exit 3"))
			must(t, err)
			if got := prepared.fits(spec); got != tt.want {
				t.Errorf("fits = %v, want %v", got, tt.want)
			}
			for range 2 { // The second starts its own.
				exit, err := prepared.Run(context.Background(), spec)
				if err != nil || exit.Code != 3 {
					t.Fatalf("Run = %+v, %v, want status 3", exit, err)
				}
			}
			write.Close()
			if out := <-text; len(out) == 0 {
				t.Error("the command wrote nothing")
			}
			if err := unix.Kill(waiting, 0); !errors.Is(err, unix.ESRCH) {
				t.Errorf("process %d is there after Run: %v", waiting, err)
			}
		})
	}
}

func TestPreparedClose(t *testing.T) {
	newProject(t, t.TempDir())
	prepared := Prepare(NetNone, Limits{}, Stdio{})
	prepared.settle()
	pid := prepared.runner.pid
	prepared.Close()
	prepared.Close()
	if err := unix.Kill(pid, 0); !errors.Is(err, unix.ESRCH) {
		t.Errorf("process %d is there after Close: %v", pid, err)
	}
}

func BenchmarkRunTrue(b *testing.B) {
	spec, err := NewSpec(newProject(b, b.TempDir()).options("true"))
	must(b, err)
	for b.Loop() {
		if _, err := Run(context.Background(), spec, Stdio{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPreparedTrue(b *testing.B) {
	spec, err := NewSpec(newProject(b, b.TempDir()).options("true"))
	must(b, err)
	for b.Loop() {
		b.StopTimer()
		p := Prepare(NetNone, Limits{}, Stdio{})
		unix.Nanosleep(&unix.Timespec{Nsec: 20e6}, nil)
		b.StartTimer()
		if _, err := p.Run(context.Background(), spec); err != nil {
			b.Fatal(err)
		}
	}
}
