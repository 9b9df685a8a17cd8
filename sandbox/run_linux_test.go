package sandbox

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestRunExit(t *testing.T) {
	p := newProject(t, t.TempDir())
	for _, tt := range []struct {
		name string
		args []string
		in   string
		want Exit
		out  string
		err  string
	}{
		{name: "true", args: []string{"true"}},
		{name: "false", args: []string{"false"}, want: Exit{Code: 1}},
		{name: "status 7", args: []string{"sh", "-c", "exit 7"}, want: Exit{Code: 7}},
		{name: "status 125", args: []string{"sh", "-c", "exit 125"}, want: Exit{Code: 125}},
		{name: "status 255", args: []string{"sh", "-c", "exit 255"}, want: Exit{Code: 255}},
		{name: "killed", args: []string{"sh", "-c", "kill -KILL $$"}, want: Exit{Code: 137, Signal: 9}},
		{name: "terminated", args: []string{"sh", "-c", "kill -TERM $$"}, want: Exit{Code: 143, Signal: 15}},
		{name: "aborted", args: []string{"sh", "-c", "kill -ABRT $$"}, want: Exit{Code: 134, Signal: 6}},
		{name: "streams", args: []string{"sh", "-c", "cat; echo two >&2"}, in: "one\n", out: "one\n", err: "two\n"},
		{name: "arguments", args: []string{"printf", "%s|", "a b", "", "*", "\xff"}, out: "a b||*|\xff|"},
		{name: "view", args: []string{"sh", "-c", "ls -A; cat .env 2>&1; pwd >&2"}, out: "main.go\ncat: .env: No such file or directory\n", err: p.dir + "\n"},
		{name: "leftover is killed", args: []string{"sh", "-c", "sleep 100 & echo done"}, out: "done\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, p.options(tt.args...), tt.in)
			if got.failure != nil {
				t.Fatalf("Run(%q): %v; stderr %q", tt.args, got.failure, got.err)
			}
			if *got.exit != tt.want || got.out != tt.out || got.err != tt.err {
				t.Errorf("Run(%q) = %+v, %q, %q, want %+v, %q, %q", tt.args, *got.exit, got.out, got.err, tt.want, tt.out, tt.err)
			}
		})
	}
}

func TestRunCannotStart(t *testing.T) {
	p := newProject(t, t.TempDir())
	var missing *NotFoundError
	if got := run(t, p.options("no-such-program"), ""); !errors.As(got.failure, &missing) {
		t.Errorf("Run of an unknown name: %v, want a NotFoundError", got.failure)
	}
	if got := run(t, p.options("./no-such-program"), ""); !errors.As(got.failure, &missing) {
		t.Errorf("Run of an unknown path: %v, want a NotFoundError", got.failure)
	}
	var start *CannotStartError
	if got := run(t, p.options("./main.go"), ""); !errors.As(got.failure, &start) || !errors.Is(got.failure, unix.EACCES) {
		t.Errorf("Run of a file that is not executable: %v, want a CannotStartError with EACCES", got.failure)
	}
	if got := run(t, p.options("/usr"), ""); !errors.As(got.failure, &start) {
		t.Errorf("Run of a directory: %v, want a CannotStartError", got.failure)
	}
}

func TestRunStatus(t *testing.T) {
	p := newProject(t, t.TempDir())
	got := run(t, p.options("sh", "-c", "cat /proc/self/status; echo PID1; grep . /proc/1/status; hostname; cat /proc/sys/user/max_user_namespaces"), "")
	if got.failure != nil {
		t.Fatal(got.failure)
	}
	own, init, _ := strings.Cut(got.out, "PID1\n")
	statuses := []string{own, init}
	if cgo {
		statuses = statuses[:1] // Go cannot reach every thread of init then.
	}
	for _, status := range statuses {
		for _, want := range []string{
			"CapInh:\t0000000000000000", "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "CapAmb:\t0000000000000000",
			"NoNewPrivs:\t1", "Seccomp:\t2",
		} {
			if !strings.Contains(status, want) {
				t.Errorf("status has no %q:\n%s", want, status)
			}
		}
	}
	if !strings.Contains(own, "CapBnd:\t0000000000000000") {
		t.Errorf("the bounding set is not empty:\n%s", own)
	}
	if !strings.Contains(init, "NoNewPrivs:\t1") || !strings.Contains(init, "Seccomp:\t2") {
		t.Errorf("init is not under the filter:\n%s", init)
	}
	if !strings.HasSuffix(got.out, "cofferdam\n0\n") {
		t.Errorf("host name and namespace limit are not set: %q", got.out[len(got.out)-40:])
	}
}
