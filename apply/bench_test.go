package apply

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"cofferdam/internal/need"
	"cofferdam/workspace"
)

const benchFiles = 10_000

// manyFiles makes ten thousand small files in a hundred directories; version is part of the content.
func manyFiles(version string) func(at tree) {
	return func(at tree) {
		for i := range benchFiles {
			at.file(fmt.Sprintf("dir%02d/file%d.go", i%100, i), strings.Repeat(version, 100+i%400), 0o644)
		}
	}
}

// BenchmarkApply lands ten thousand changed files and undoes them. BenchmarkCopy is the measure: cp -a of the same.
func BenchmarkApply(b *testing.B) {
	bench := newBench(b, nil, manyFiles("old\n"), manyFiles("new\n"))
	set := bench.set(b)
	for b.Loop() {
		plan, err := NewPlan(context.Background(), bench.root, bench.base, set, PlanOptions{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Apply(context.Background(), bench.root, bench.content, plan, bench.journal(1), Options{}); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if _, err := bench.undo(Options{}); err != nil {
			b.Fatal(err)
		}
		bench.fresh(b)
		b.StartTimer()
	}
}

// BenchmarkPlan plans to land ten thousand changed files, without and with a search of what they would bring in. Reading is
// the measure: a plan with a search reads each of them once.
func BenchmarkPlan(b *testing.B) {
	bench := newSecretBench(b, []string{"app.env"}, func(at tree) {
		manyFiles("old\n")(at)
		at.file("app.env", env(passwordValue, tokenValue), 0o644)
	}, func(at tree, _ map[string]string) { manyFiles("new\n")(at) })
	set := bench.set(b)
	for name, o := range map[string]PlanOptions{"unsearched": {}, "searched": bench.options} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := NewPlan(context.Background(), bench.root, bench.base, set, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("reading", func(b *testing.B) {
		for b.Loop() {
			for i := range set.Changes {
				if set.Changes[i].New.Type == workspace.File {
					if _, _, err := readFile(bench.content, set.Changes[i].Path, maxSearched); err != nil {
						b.Fatal(err)
					}
				}
			}
		}
	})
}

func BenchmarkUndo(b *testing.B) {
	bench := newBench(b, nil, manyFiles("old\n"), manyFiles("new\n"))
	set := bench.set(b)
	for b.Loop() {
		b.StopTimer()
		if err := bench.do("apply", set, nil); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if _, err := bench.undo(Options{}); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		bench.fresh(b)
		b.StartTimer()
	}
}

// BenchmarkLanded reads the journal of ten thousand ops, as every later command of the session does.
func BenchmarkLanded(b *testing.B) {
	bench := newBench(b, nil, manyFiles("old\n"), manyFiles("new\n"))
	if err := bench.do("apply", bench.set(b), nil); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Landed(bench.journal(1)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCopy(b *testing.B) {
	for name, command := range map[string]string{"cp": `cp -a "$0" "$1"`, "cp+sync": `cp -a "$0" "$1" && sync -f "$1"`} {
		b.Run(name, func(b *testing.B) {
			need.Program(b, "cp")
			dir := tempDir(b)
			manyFiles("new\n")(tree{b, dir + "/from"})
			for b.Loop() {
				if out, err := exec.Command("sh", "-c", command, dir+"/from", dir+"/to").CombinedOutput(); err != nil {
					b.Fatalf("%v: %s", err, out)
				}
				b.StopTimer()
				removeTree(b, dir+"/to")
				b.StartTimer()
			}
		})
	}
}
