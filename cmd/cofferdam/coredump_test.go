package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A scan that is made to crash leaves neither a core dump nor a word of what it was reading, and nobody may look into it
// meanwhile.
func TestCrashTellsNothing(t *testing.T) {
	b := newMachine(t)
	cmd := exec.CommandContext(t.Context(), "/bin/sh", "-c", "ulimit -c unlimited; exec cofferdam scan -")
	cmd.Dir, cmd.Env = b.repo, append(b.env, "GOTRACEBACK=crash")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(in, leak); err != nil {
		t.Fatal(err)
	}
	waitUndumpable(t, cmd.Process.Pid)
	if err := cmd.Process.Signal(unix.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("it did not crash")
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.CoreDump() {
		t.Errorf("it ended with %v, want a signal without a core dump", cmd.ProcessState)
	}
	if cores, err := filepath.Glob(filepath.Join(b.repo, "core*")); err != nil || len(cores) > 0 {
		t.Errorf("it left %v, %v", cores, err)
	}
	if !bytes.Contains(out.Bytes(), []byte("goroutine")) || bytes.Contains(out.Bytes(), []byte(canary)) {
		t.Errorf("a crash that says %d bytes: no trace, or a planted secret in it", out.Len())
	}
}

// waitUndumpable waits until the process has made itself so. Its files in /proc belong to root then, and it has no core limit.
func waitUndumpable(t *testing.T, pid int) {
	t.Helper()
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	for range 500 {
		limits, err := os.ReadFile(filepath.Join(dir, "limits"))
		if err != nil {
			t.Fatal(err)
		}
		var stat unix.Stat_t
		if err := unix.Stat(filepath.Join(dir, "environ"), &stat); err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(limits) {
			fields := bytes.Fields(line)
			if bytes.HasPrefix(line, []byte("Max core file size")) && string(fields[4]) == "0" && string(fields[5]) == "0" && stat.Uid == 0 {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it can be dumped")
}
