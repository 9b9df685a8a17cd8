package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"

	"golang.org/x/sys/unix"

	"cofferdam/sandbox"
)

func main() {
	// The program starts itself again as PID 1 of a sandbox. That must come before anything else is looked at.
	if sandbox.IsInit(os.Args) {
		sandbox.Init()
	}
	// The scanner has the secrets of the project in memory: no core dump of it, not even into a pipe, which the limit does
	// not keep from, and no look into it by other programs of the user.
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	collectLate()
	os.Exit(execute(streams{in: os.Stdin, out: os.Stdout, err: os.Stderr}, os.Args[1:]))
}

// Most scans end before they have filled firstHeap bytes, and make hardly any garbage. So it is first collected then, and
// from then on often, as what it takes grows by the memory that a scan is allowed: 150 MB for a tree of 50,000 files.
const firstHeap = 96 << 20

func collectLate() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(firstHeap)
	runtime.AddCleanup(new([16]byte), func(struct{}) {
		debug.SetGCPercent(20)
		debug.SetMemoryLimit(math.MaxInt64)
	}, struct{}{})
}
