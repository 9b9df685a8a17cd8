package main

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"cofferdam/internal/need"
)

// The scripts run this test binary as cofferdam. It re-executes itself as PID 1 of a sandbox, as the program does.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"cofferdam": main, "cofferdam-init": main})
}

// canary is in every secret that a script plants; nosecret looks for it.
const canary = "canary-0f3e"

func TestScripts(t *testing.T) { runScripts(t, "testdata/script", nil, "overlay") }

// TestGitOfCopies: the git of a copy does what that of an overlay does.
func TestGitOfCopies(t *testing.T) {
	names, err := filepath.Glob("testdata/script/git-*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return filepath.Base(name) == "git-copy.txtar" }) // always is of one
	runScripts(t, "", names, "copy")
}

// runScripts runs the scripts in dir, or the files, with STAGE telling them the kind of view to stage where any will do.
func runScripts(t *testing.T, dir string, files []string, kind string) {
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		Files:               files,
		RequireExplicitExec: false,
		UpdateScripts:       os.Getenv("COFFERDAM_UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("STAGE", kind)
			return setUp(env)
		},
		Condition: condition(t),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit":     exitCommand,
			"nosecret": noSecret,
			"treehash": treeHash,
			"modes":    modes,
			"zip":      zipFiles,
		},
	})
}

// setUp gives a script a home, a state directory outside its project, and an environment without the caller's.
func setUp(env *testscript.Env) error {
	for _, dir := range []string{"home", "state", "config"} {
		if err := os.Mkdir(filepath.Join(env.WorkDir, dir), 0o700); err != nil {
			return err
		}
	}
	env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
	env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
	env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "config"))
	env.Setenv("CANARY", canary)
	env.Setenv("NO_COLOR", "1")
	here, err := os.Getwd()
	env.Setenv("TESTDATA", filepath.Join(here, "testdata"))
	return err
}

// condition answers [userns], [root], [user] and [program:NAME]. In a lane that is promised a missing need fails.
func condition(t *testing.T) func(string) (bool, error) {
	return func(name string) (bool, error) {
		var err error
		switch program, isProgram := strings.CutPrefix(name, "program:"); {
		case name == "userns":
			err = need.TryUserns()
		case name == "root":
			return os.Getuid() == 0, nil
		case isProgram:
			name = program
			_, err = exec.LookPath(program)
		default:
			return false, fmt.Errorf("unknown condition %q", name)
		}
		if err != nil && need.Promised(name) {
			t.Fatalf("lane %s is promised: %v", name, err)
		}
		return err == nil, nil
	}
}

// exitCommand is "exit N command…": runs a command and wants the exit status N. Its output is kept for stdout and stderr.
func exitCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit N command [arg…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s exits with %d, want %d", args[1], got, want)
	}
}

// noSecret is "nosecret [path…]": no file below the paths, and not the output of the last command, holds the canary; packs
// of git are inflated.
func noSecret(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("nosecret cannot be negated")
	}
	for _, stream := range []string{"stdout", "stderr"} {
		if strings.Contains(ts.ReadFile(stream), canary) {
			ts.Fatalf("%s holds a planted secret", stream)
		}
	}
	for _, dir := range args {
		ts.Check(filepath.WalkDir(ts.MkAbs(dir), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && d.Name() == "work" { // the kernel makes its own directory there with mode 0
				return os.Chmod(path, 0o700)
			}
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			content, err := os.ReadFile(path)
			if bytes.Contains(content, []byte(canary)) || strings.HasSuffix(path, ".pack") && inflatedCanary(content) {
				return fmt.Errorf("%s holds a planted secret", path)
			}
			return err
		}))
	}
}

// inflatedCanary reports whether anything in a pack that can be inflated holds the canary. No index of it is trusted.
func inflatedCanary(pack []byte) bool {
	for at := range pack {
		z, err := zlib.NewReader(bytes.NewReader(pack[at:]))
		if err != nil {
			continue
		}
		text, _ := io.ReadAll(z)
		if bytes.Contains(text, []byte(canary)) {
			return true
		}
	}
	return false
}

// treeHash is "treehash NAME dir": sets the variable NAME to a hash of names, types, modes, contents and targets.
func treeHash(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: treehash NAME dir")
	}
	sum := sha256.New()
	root := ts.MkAbs(args[1])
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%q %v ", strings.TrimPrefix(path, root), info.Mode())
		switch {
		case info.Mode().IsRegular():
			content, err := os.ReadFile(path)
			fmt.Fprintf(sum, "%x\n", sha256.Sum256(content))
			return err
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			fmt.Fprintf(sum, "%q\n", target)
			return err
		}
		return nil
	}))
	ts.Setenv(args[0], fmt.Sprintf("%x", sum.Sum(nil)[:8]))
}

// modes is "modes MODE path…": every path has the permission bits MODE, in octal.
func modes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: modes MODE path…")
	}
	want, err := strconv.ParseUint(args[0], 8, 32)
	ts.Check(err)
	for _, path := range args[1:] {
		info, err := os.Lstat(ts.MkAbs(path))
		ts.Check(err)
		if got := info.Mode().Perm(); got != fs.FileMode(want) {
			ts.Fatalf("%s has mode %o, want %o", path, got, want)
		}
	}
}
