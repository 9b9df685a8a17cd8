package main

import (
	"os"
	"runtime/debug"

	"golang.org/x/sys/unix"

	"cofferdam/sandbox"
)

func main() {
	// The program starts itself again as PID 1 of a sandbox. That must come before anything else is looked at.
	if sandbox.IsInit(os.Args) {
		sandbox.Init()
	}
	// The scanner has the secrets of the project in memory: no core dump of it.
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	// A scan keeps little and makes little garbage: collecting less often saves a tenth of its time. The limit, in bytes,
	// has it collect more often where there is more.
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(96 << 20)
	os.Exit(execute(streams{in: os.Stdin, out: os.Stdout, err: os.Stderr}, os.Args[1:]))
}
