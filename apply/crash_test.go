package apply

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"cofferdam/change"
	"cofferdam/internal/need"
	"cofferdam/workspace"
)

// crashEnv makes the test binary the victim of a crash test: "VERB N DIR".
const crashEnv = "APPLY_TEST_CRASH"

func TestMain(m *testing.M) {
	if order := os.Getenv(crashEnv); order != "" {
		if err := beVictim(order); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// beVictim runs a verb on a bench that stands in a directory and dies before its Nth call.
func beVictim(order string) error {
	word := strings.SplitN(order, " ", 3)
	n, err := strconv.Atoi(word[1])
	if err != nil {
		return err
	}
	b, set, err := readBench(word[2])
	if err != nil {
		return err
	}
	left := n
	return b.do(word[0], set, func(string) error {
		if left--; left == 0 {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		return nil
	})
}

// do runs a verb with a hook before every call.
func (b *bench) do(verb string, set *change.Set, before func(string) error) error {
	ctx := context.Background()
	switch verb {
	case "apply":
		plan, err := NewPlan(ctx, b.root, b.base, set, b.options)
		if err == nil {
			_, err = Apply(ctx, b.root, b.content, plan, b.journal(1), Options{before: before})
		}
		return err
	case "undo":
		_, err := b.undo(Options{before: before})
		return err
	case "recover":
		_, err := recoverWith(ctx, b.root, b.journal(1), calls{before})
		return err
	}
	return errors.New("no such verb: " + verb)
}

func writeBench(t testing.TB, b *bench, dir string) {
	t.Helper()
	f, err := os.Create(dir + "/manifest")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := b.base.WriteTo(f); err != nil {
		t.Fatal(err)
	}
}

func readBench(dir string) (*bench, *change.Set, error) {
	b := &bench{project: dir + "/project", agent: dir + "/agent", journals: dir + "/journals"}
	f, err := os.Open(dir + "/manifest")
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	var errs [3]error
	b.base, errs[0] = workspace.ReadManifest(f)
	b.root, errs[1] = workspace.Open(b.project)
	b.content, errs[2] = workspace.Open(b.agent)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, nil, err
	}
	if err := b.loadSecrets(dir); err != nil {
		return nil, nil, err
	}
	return b, b.set(&testing.T{}), nil
}

// states are the two that a project may ever be found in.
type states struct{ before, after map[string]string }

func (s states) name(now map[string]string) string {
	switch "" {
	case diffSnapshots(s.before, now):
		return "before"
	case diffSnapshots(s.after, now):
		return "after"
	}
	return "between"
}

// newVictims is a bench in a directory, with the exact snapshots of its two states. It is left as it was before.
func newVictims(t *testing.T) (string, *bench, *change.Set, states) {
	t.Helper()
	dir := tempDir(t)
	b := newBenchIn(t, dir, []string{"conf/.env"}, func(at tree) {
		everything(at)
		at.file("restored.env", env(passwordValue, tokenValue), 0o640)
		at.file("merged", "one\ntwo\nthree\n", 0o644)
	}, nil)
	b.redact(t, dir, "restored.env")
	at := tree{t, b.agent}
	everythingDone(at)
	at.edit("restored.env", "TIMEOUT=30", "TIMEOUT=60")
	at.edit("merged", "three", "agent")
	tree{t, b.project}.edit("merged", "one", "user")
	writeBench(t, b, dir)
	s := states{before: b.exact(t)}
	if _, err := b.apply(t, Options{}); err != nil {
		t.Fatal(err)
	}
	s.after = snapshot(t, b.project, false)
	if _, err := b.undo(Options{}); err != nil {
		t.Fatal(err)
	}
	b.fresh(t)
	return dir, b, b.set(t), s
}

// fresh removes the journal, as the caller's next apply has one of its own.
func (b *bench) fresh(t testing.TB) {
	t.Helper()
	removeTree(t, b.journal(1))
}

func (b *bench) mustRecover(t *testing.T) *Recovery {
	t.Helper()
	for range 2 { // The second time there must be nothing left to do.
		r, err := Recover(context.Background(), b.root, b.journal(1))
		if err != nil {
			t.Fatalf("Recover: %v", err)
		}
		if len(r.Left) > 0 {
			t.Fatalf("Recover left %v", r.Left)
		}
	}
	if found := leaks(t, b.journals); len(found) > 0 {
		t.Fatalf("after recovery values are in %v", found)
	}
	r, _ := Recover(context.Background(), b.root, b.journal(1))
	return r
}

// state is where the project is; exactly there, inodes and times included, where that was before.
func (b *bench) state(t *testing.T, s states) string {
	t.Helper()
	if exact := b.exact(t); diffSnapshots(s.before, exact) == "" {
		return "before"
	}
	now := snapshot(t, b.project, false)
	if d := diffSnapshots(s.after, now); d != "" {
		t.Fatalf("the project is neither as before nor as after (-after +now):\n%s\n(-before +now):\n%s", d, diffSnapshots(s.before, b.exact(t)))
	}
	return "after"
}

// exact is the exact snapshot, but for the file that undo makes again and does not put back.
func (b *bench) exact(t testing.TB) map[string]string {
	t.Helper()
	now := snapshot(t, b.project, true)
	if made := snapshot(t, b.project, false)["/restored.env"]; made != "" {
		now["/restored.env"] = made
	}
	return now
}

// TestKill kills a process that applies, then one that undoes, before each of its system calls.
func TestKill(t *testing.T) {
	t.Parallel()
	dir, b, _, s := newVictims(t)
	for _, verb := range []string{"apply", "undo"} {
		first, last := "before", "after"
		if verb == "undo" {
			first, last = last, first
		}
		n := 1
		for ; ; n++ {
			killed := runVictim(t, verb, n, dir)
			status := b.mustRecover(t).Status
			switch state := b.state(t, s); {
			case state == first && killed:
				continue
			case state != last:
				t.Fatalf("%s, call %d: the project is as %s, status %v", verb, n, state, status)
			}
			break
		}
		t.Logf("%s: taken back whole at each of %d calls", verb, n-1)
		if n < 50 {
			t.Errorf("%s: only %d calls", verb, n)
		}
	}
}

func runVictim(t *testing.T, verb string, n int, dir string) (killed bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d %s", crashEnv, verb, n, dir))
	out, err := cmd.CombinedOutput()
	if err == nil {
		return false
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("%s, call %d: %v\n%s", verb, n, err, out)
	}
	return true
}

var errDead = errors.New("dead")

// deadFrom fails every call from the nth on, which leaves behind what a crash before that call does.
func deadFrom(n int, err error) func(string) error {
	return func(string) error {
		if n--; n < 0 {
			return err
		}
		return nil
	}
}

func failOnce(n int, err error) func(string) error {
	return func(string) error {
		if n--; n == 0 {
			return err
		}
		return nil
	}
}

// TestKillRecover interrupts recoveries: at every call, after an interruption at some.
func TestKillRecover(t *testing.T) {
	t.Parallel()
	_, b, set, s := newVictims(t)
	for _, verb := range []string{"apply", "undo"} {
		first := "before"
		if verb == "undo" {
			first = "after"
			b.do("apply", set, nil)
		}
		runs := 0
		for n := 1; ; n += 17 {
			if err := b.do(verb, set, deadFrom(n, errDead)); err == nil {
				break
			}
			for k := 1; ; k += 3 {
				runs++
				if err := b.do("recover", set, deadFrom(k, errDead)); err == nil {
					break
				}
			}
			status := b.mustRecover(t).Status
			if state := b.state(t, s); state != first {
				// At the last call the commit record was written.
				if committed := map[string]Status{"apply": Applied, "undo": Undone}[verb]; status != committed {
					t.Fatalf("%s died at call %d: the project is as %s, want %s", verb, n, state, first)
				}
				break
			}
		}
		t.Logf("%s: %d interrupted recoveries", verb, runs)
		b.mustRecover(t)
		b.undo(Options{})
		b.fresh(t)
	}
}

// TestFaults lets every call fail, once and for good, in apply and undo.
func TestFaults(t *testing.T) {
	t.Parallel()
	_, b, set, s := newVictims(t)
	for _, verb := range []string{"apply", "undo"} {
		for name, hook := range map[string]func(int, error) func(string) error{"once": failOnce, "for good": deadFrom} {
			t.Run(verb+" "+name, func(t *testing.T) {
				if verb == "undo" {
					if err := b.do("apply", set, nil); err != nil {
						t.Fatal(err)
					}
				}
				stride := 1
				if name == "for good" {
					stride = 4 // TestKill is the thorough form of this.
				}
				b.failEverywhere(t, verb, set, s, hook, stride)
				if verb == "apply" {
					if _, err := b.undo(Options{}); err != nil {
						t.Fatal(err)
					}
				}
				b.fresh(t)
			})
		}
	}
}

func (b *bench) failEverywhere(t *testing.T, verb string, set *change.Set, s states, hook func(int, error) func(string) error, stride int) {
	t.Helper()
	first, last := "before", "after"
	if verb == "undo" {
		first, last = last, first
	}
	for n := 1; ; n += stride {
		fault := []error{syscall.ENOSPC, syscall.EIO}[n/stride%2]
		calls := 0
		fail := hook(n, fault)
		err := b.do(verb, set, func(call string) error { calls++; return fail(call) })
		var failed *FailedError
		if errors.As(err, &failed) && failed.Unfinished == nil || err != nil && failed == nil && n < 5 {
			if state := b.state(t, s); state != first {
				t.Fatalf("call %d: %v, and the project is as %s without recovery", n, err, state)
			}
		}
		b.mustRecover(t)
		state := b.state(t, s)
		switch {
		case err == nil && state == last:
			if calls < n {
				return // It came to its end without reaching the fault.
			}
			b.rewind(t, verb, set)
		case err == nil:
			t.Fatalf("call %d failed, %s returned no error, and the project is as %s", n, verb, state)
		case state == last && failed != nil && failed.Unfinished != nil:
			// The commit record was written, could not be synced and could not be removed: it holds.
			b.rewind(t, verb, set)
		case state != first:
			t.Fatalf("call %d: %v, and the project is as %s", n, err, state)
		}
	}
}

// TestFaultsAcrossFileSystems does the same with a staging area in the project and copies as backups: whose inodes are
// new after an undo.
func TestFaultsAcrossFileSystems(t *testing.T) {
	t.Parallel()
	_, b, set, s := newVictims(t)
	b.journals = secondFileSystem(t, b)
	s.before = snapshot(t, b.project, false)
	for _, verb := range []string{"apply", "undo"} {
		first := map[string]string{"apply": "before", "undo": "after"}[verb]
		for n := 1; ; n += 2 {
			err := b.do(verb, set, deadFrom(n, errDead))
			b.mustRecover(t)
			state := s.name(snapshot(t, b.project, false))
			if err == nil || state != first {
				if state == "between" || err == nil && state == first {
					t.Fatalf("%s died at call %d: %v, the project is as %s", verb, n, err, state)
				}
				break
			}
		}
	}
}

func secondFileSystem(t *testing.T, b *bench) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "apply")
	need.Nil(t, "shm", err)
	t.Cleanup(func() { removeTree(t, dir) })
	near, err := reaches(dir, b.root)
	if near {
		err = errors.New("/dev/shm is on the file system of the tests")
	}
	need.Nil(t, "shm", err)
	return dir
}

// rewind brings the bench back to where the verb starts from.
func (b *bench) rewind(t *testing.T, verb string, set *change.Set) {
	t.Helper()
	other := map[string]string{"apply": "undo", "undo": "apply"}[verb]
	if other == "apply" {
		b.fresh(t)
	}
	if err := b.do(other, set, nil); err != nil {
		t.Fatalf("%s: %v", other, err)
	}
	if other == "undo" {
		b.fresh(t)
	}
}
