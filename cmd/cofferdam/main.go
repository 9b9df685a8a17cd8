package main

import (
	"os"

	"cofferdam/sandbox"
)

func main() {
	// The program starts itself again as PID 1 of a sandbox. That must come before anything else is looked at.
	if sandbox.IsInit(os.Args) {
		sandbox.Init()
	}
	os.Exit(execute(streams{in: os.Stdin, out: os.Stdout, err: os.Stderr}, os.Args[1:]))
}
