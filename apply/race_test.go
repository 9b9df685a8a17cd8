package apply

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// few is a project with one of each change that a race can meet.
func few(at tree) {
	for _, name := range []string{"dir/edited", "dir/deleted", "dir/chmodded", "gone/x", "type"} {
		at.file(name, "old", 0o644)
	}
	at.link("link", "old")
	at.file("outside/edited", "of the user", 0o644)
}

func fewDone(at tree) {
	at.file("dir/edited", "new", 0o644)
	at.remove("dir/deleted", "gone", "type", "link")
	at.chmod("dir/chmodded", 0o755)
	at.file("dir/added", "new", 0o644)
	at.file("made/x", "new", 0o644)
	at.file("type/x", "new", 0o644)
	at.link("link", "new")
}

// race is something that the user does to a project while an apply runs.
type race struct {
	name  string
	act   func(at tree)               // once
	holds func(at tree) bool          // whether what the user did is still there
	about func(path string) bool      // the paths that it concerns
	setup func(at tree) func(at tree) // instead of act, for what begins before
}

func under(paths ...string) func(string) bool {
	return func(path string) bool {
		return slices.ContainsFunc(paths, func(p string) bool { return path == "/"+p || strings.HasPrefix(path, "/"+p+"/") })
	}
}

func reads(at tree, name, want string) bool {
	content, err := os.ReadFile(at.path(name))
	return err == nil && string(content) == want
}

func races() []race {
	var list []race
	for _, name := range []string{"dir/edited", "dir/deleted", "dir/chmodded", "dir/added", "gone/x", "made/x", "type", "link", "gone/other", "made/other"} {
		list = append(list,
			race{
				name: "save " + name, about: under(name, parentOf(name)),
				act: func(at tree) {
					os.Mkdir(at.path(parentOf(name)), 0o755)
					at.must(os.WriteFile(at.path("outside/save"), []byte("of the user"), 0o644))
					if os.Rename(at.path("outside/save"), at.path(name)) != nil {
						os.Remove(at.path("outside/save"))
						at.must(os.WriteFile(at.path(name+"/save"), []byte("of the user"), 0o644))
					}
				},
				holds: func(at tree) bool { return reads(at, name, "of the user") || reads(at, name+"/save", "of the user") },
			},
			race{
				name: "replace by a link " + name, about: under(name, parentOf(name)),
				act: func(at tree) {
					os.Mkdir(at.path(parentOf(name)), 0o755)
					at.remove(name)
					at.must(os.Symlink(at.path("outside/edited"), at.path(name)))
				},
				holds: func(at tree) bool {
					text, err := os.Readlink(at.path(name))
					return err == nil && text == at.path("outside/edited")
				},
			},
			race{
				name: "delete " + name, about: under(name, parentOf(name)),
				act:   func(at tree) { at.remove(name) },
				holds: func(at tree) bool { return true },
			},
		)
	}
	for _, name := range []string{"dir", "gone", "made", "type"} {
		list = append(list, race{
			name: "replace the parent by a link " + name, about: under(name, "aside"),
			act: func(at tree) {
				os.Rename(at.path(name), at.path("aside"))
				at.must(os.Symlink("outside", at.path(name)))
			},
			holds: func(at tree) bool {
				text, err := os.Readlink(at.path(name))
				return err == nil && text == "outside"
			},
		})
	}
	for _, name := range []string{"dir/edited", "dir/deleted", "gone/x", "type"} {
		list = append(list, race{
			name: "write through an open file " + name, about: under(name),
			setup: func(at tree) func(at tree) {
				f, err := os.OpenFile(at.path(name), os.O_WRONLY, 0)
				if err != nil {
					return nil // There is no such file before an undo.
				}
				info, _ := f.Stat()
				return func(at tree) {
					f.WriteString("OLD")
					f.Close()
					os.Chtimes(at.path(name), info.ModTime(), info.ModTime())
				}
			},
			holds: func(at tree) bool { return reads(at, name, "OLD") },
		})
	}
	return list
}

func parentOf(name string) string {
	if i := strings.LastIndexByte(name, '/'); i > 0 {
		return name[:i]
	}
	return "outside"
}

// TestRaces lets the user change the project before every call of an apply or an undo, or between the crash of an
// apply and its recovery. What he did is still there afterwards, nothing is written through a link of his, and the
// rest is wholly as before or wholly as after.
func TestRaces(t *testing.T) {
	for name, run := range map[string]func(*testing.T, race, int) (bool, error){"apply": raceApply, "undo": raceUndo, "recover": raceRecover} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, r := range races() {
				t.Run(r.name, func(t *testing.T) { raceEverywhere(t, r, name, run) })
			}
		})
	}
}

func raceEverywhere(t *testing.T, r race, verb string, run func(*testing.T, race, int) (bool, error)) {
	conflicts, applied, stride := 0, 0, 1
	if verb != "apply" {
		stride = 3 // The steps are the same code.
	}
	for n := 1; ; n += stride {
		reached, err := run(t, r, n)
		if !reached {
			break
		}
		if err != nil {
			conflicts++
		} else {
			applied++
		}
	}
	if conflicts == 0 && verb == "apply" && !strings.HasPrefix(r.name, "delete") {
		t.Errorf("never a conflict in %d runs", applied)
	}
}

// memory is a file system without a disk, where there is one: these tests sync thousands of times.
func memory() string {
	const shm = "/dev/shm"
	if info, err := os.Stat(shm); err == nil && info.IsDir() {
		return shm
	}
	return ""
}

// onBench runs f on a bench of its own.
func onBench(t *testing.T, f func(b *bench, at tree)) {
	t.Helper()
	dir, err := os.MkdirTemp(memory(), "apply")
	if err != nil {
		t.Fatal(err)
	}
	defer removeTree(t, dir)
	b := newBenchIn(t, dir, nil, few, fewDone)
	defer b.root.Close()
	defer b.content.Close()
	f(b, tree{t, b.project})
}

func raceApply(t *testing.T, r race, n int) (reached bool, err error) {
	onBench(t, func(b *bench, at tree) {
		before, after := snapshot(t, b.project, false), snapshot(t, b.agent, false)
		reached, err = b.raceVerb(t, at, r, "apply", n, before, after)
	})
	return reached, err
}

func raceUndo(t *testing.T, r race, n int) (reached bool, err error) {
	onBench(t, func(b *bench, at tree) {
		before, after := snapshot(t, b.project, false), snapshot(t, b.agent, false)
		at.must(b.do("apply", b.set(t), nil))
		reached, err = b.raceVerb(t, at, r, "undo", n, after, before)
	})
	return reached, err
}

// raceVerb runs a verb that leads from one state to another, and lets the user act before its nth call.
func (b *bench) raceVerb(t *testing.T, at tree, r race, verb string, n int, from, to map[string]string) (reached bool, err error) {
	act := r.act
	if r.setup != nil {
		if act = r.setup(at); act == nil {
			return false, nil
		}
	}
	what, calls, lastMove := "", 0, 0
	err = b.do(verb, b.set(t), func(call string) error {
		if calls++; calls == n {
			reached, what = true, call
			act(at)
		}
		if call == "rename" {
			lastMove = calls
		}
		return nil
	})
	// Once everything is in place and verified, an open file is the user's own affair: undo will say that it changed.
	late := r.setup != nil && err == nil && lastMove < n
	what = fmt.Sprintf("call %d (%s): %v", n, what, err)
	if reached && !late && !r.holds(at) {
		t.Fatalf("%s: what the user did is gone\n%v", what, snapshot(t, b.project, false))
	}
	var conflict *ConflictError
	if err != nil && !errors.As(err, &conflict) {
		t.Fatalf("%s: want a conflict", what)
	}
	if err != nil {
		to = from
	}
	b.compareBut(t, r, to, what)
	return reached, err
}

// raceRecover lets an apply die at its nth call and the user act before the recovery.
func raceRecover(t *testing.T, r race, n int) (reached bool, err error) {
	onBench(t, func(b *bench, at tree) {
		before, after := snapshot(t, b.project, false), snapshot(t, b.agent, false)
		act := r.act
		if r.setup != nil {
			act = r.setup(at)
		}
		if err := b.do("apply", b.set(t), deadFrom(n, errDead)); err == nil {
			return
		}
		reached = true
		act(at)
		recovery, err := Recover(context.Background(), b.root, b.journal(1))
		if err != nil {
			t.Fatalf("call %d: Recover: %v", n, err)
		}
		what := fmt.Sprintf("call %d: %+v", n, *recovery)
		want := before
		if recovery.Status == Applied {
			want = after
		} else if !r.holds(at) {
			t.Fatalf("%s: what the user did is gone\n%v", what, snapshot(t, b.project, false))
		}
		b.compareBut(t, r, want, what)
		b.checkBackups(t, recovery)
	})
	return reached, err
}

// checkBackups: what a recovery could not put back is where it says.
func (b *bench) checkBackups(t *testing.T, r *Recovery) {
	t.Helper()
	for _, l := range r.Left {
		if _, err := os.Lstat(l.Backup); l.Backup != "" && err != nil {
			t.Errorf("backup of %q: %v", l.Path, err)
		}
	}
	if r.Status == Aborted != (len(r.Left) > 0) {
		t.Errorf("status %v with %d paths left", r.Status, len(r.Left))
	}
	again, err := Recover(context.Background(), b.root, b.journal(1))
	if err != nil || again.RolledBack || len(again.Left) != len(r.Left) {
		t.Errorf("second Recover = %+v, %v, want %+v", again, err, r)
	}
}

// compareBut compares the project with want, but for the paths that the race is about.
func (b *bench) compareBut(t *testing.T, r race, want map[string]string, what string) {
	t.Helper()
	got := snapshot(t, b.project, false)
	for _, m := range []map[string]string{want, got} {
		for path := range m {
			if r.about(path) && !strings.HasPrefix(path, "/outside") {
				delete(m, path)
			}
		}
	}
	if d := diffSnapshots(want, got); d != "" {
		t.Fatalf("%s: (-want +got)\n%s", what, d)
	}
}
