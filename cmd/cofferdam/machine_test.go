package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"cofferdam/internal/need"
)

// leak is a line that a scan finds something in. No file of this repository holds it as it is.
const leak = "url = postgres://app:" + canary + "-pw@db.internal.net/app\n"

// machine is a repository of git with cofferdam on the PATH, as the machine of a CI system has it.
type machine struct {
	*testing.T
	base, repo string
	env        []string
	caches     []string // of go, where it is to build
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	need.Program(t, "git")
	b := &machine{T: t, base: t.TempDir()}
	b.repo = filepath.Join(b.base, "repo")
	for _, dir := range []string{"bin", "home", "temp", "repo"} {
		if err := os.Mkdir(filepath.Join(b.base, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(b.base, "bin", "cofferdam")); err != nil { // TestMain looks at the name
		t.Fatal(err)
	}
	b.env = []string{"PATH=" + filepath.Join(b.base, "bin") + ":" + os.Getenv("PATH"), "HOME=" + filepath.Join(b.base, "home"),
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.invalid", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.invalid",
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1"}
	b.write("clean", "clean\n")
	b.mustRun("git", "init", "-q", "-b", "main")
	b.mustRun("git", "add", "-A")
	b.mustRun("git", "commit", "-q", "-m", "one")
	return b
}

func (b *machine) write(name, text string) {
	b.Helper()
	if err := os.WriteFile(filepath.Join(b.repo, name), []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
}

func (b *machine) read(name string) []byte {
	b.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	if bytes.Contains(text, []byte(canary)) {
		b.Errorf("%s holds a planted secret", filepath.Base(name))
	}
	return text
}

// run runs a program in the repository and says how it ended and what it said.
func (b *machine) run(extra []string, name string, args ...string) (code int, output string) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), name, args...)
	cmd.Dir, cmd.Env = b.repo, append(b.env, extra...)
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		b.Fatal(err)
	}
	if bytes.Contains(out, []byte(canary)) {
		b.Errorf("%s prints a planted secret", name)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func (b *machine) mustRun(name string, args ...string) {
	b.Helper()
	if code, out := b.run(nil, name, args...); code != 0 {
		b.Fatalf("%s %v exits with %d: %s", name, args, code, out)
	}
}
