package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cofferdam/internal/need"

	"golang.org/x/sys/unix"
)

// TestMain makes the test binary the init process of the sandboxes that it runs.
func TestMain(m *testing.M) {
	if IsInit(os.Args) {
		Init()
	}
	switch filepath.Base(os.Args[0]) {
	case attackName:
		attackAll(os.Args[1:])
		return
	case probeName:
		probeOne(os.Args[1])
	case callerName:
		callAndWait(os.Args[1:])
	case renamerName:
		renamer(os.Args[1:])
	case leaderName:
		lead(os.Args[1:])
	}
	os.Exit(m.Run())
}

// project is a real directory with a secret in it, and the layers of a view that hides the secret.
type project struct {
	dir, state         string
	mask, upper, work  string
	canary, secretFile string
}

// newProject makes one at a path below base, which is a directory of the machine.
func newProject(t testing.TB, base string) *project {
	t.Helper()
	need.Userns(t)
	dir := filepath.Join(base, "project")
	state := filepath.Join(base, "state")
	p := &project{
		dir: dir, state: state, mask: filepath.Join(state, "mask"), upper: filepath.Join(state, "upper"), work: filepath.Join(state, "work"),
		canary: fmt.Sprintf("CANARY-%08x", rand.Uint32()), secretFile: filepath.Join(dir, ".env"),
	}
	for _, d := range []string{dir, p.mask, p.upper, p.work} {
		must(t, os.MkdirAll(d, 0o700))
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(p.work, "work"), 0o700) }) // Overlayfs leaves it to nobody, with a whiteout in it.
	must(t, os.WriteFile(p.secretFile, []byte("TOKEN="+p.canary+"\n"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte("package main\n"), 0o644))
	must(t, unix.Mknod(filepath.Join(p.mask, ".env"), unix.S_IFCHR, 0)) // the whiteout of it
	return p
}

// options are those of a run of args in an overlay view of the project.
func (p *project) options(args ...string) Options {
	return Options{
		Args: args, Dir: p.dir, Environ: os.Environ(), Private: []string{p.state},
		View: View{Kind: Overlay, Target: p.dir, Lower: []string{p.mask, p.dir}, Upper: p.upper, Work: p.work},
	}
}

// result is what a run leaves.
type result struct {
	exit     *Exit
	out, err string
	failure  error
}

// run runs o with stdin and collects what comes out.
func run(t testing.TB, o Options, stdin string) result {
	t.Helper()
	spec, err := NewSpec(o)
	if err != nil {
		return result{failure: err}
	}
	return runSpec(t, spec, stdin)
}

func runSpec(t testing.TB, spec *Spec, stdin string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	in, feed := pipe(t)
	go func() { feed.WriteString(stdin); feed.Close() }()
	stdout, out := pipe(t)
	stderr, errs := pipe(t)
	outText, errText := drain(stdout), drain(stderr)
	exit, err := Run(ctx, spec, Stdio{In: in, Out: out, Err: errs})
	for _, f := range []*os.File{in, out, errs} {
		f.Close()
	}
	return result{exit, <-outText, <-errText, err}
}

func pipe(t testing.TB) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	must(t, err)
	return r, w
}

func drain(f *os.File) <-chan string {
	text := make(chan string, 1)
	go func() {
		var b bytes.Buffer
		_, _ = b.ReadFrom(f)
		f.Close()
		text <- b.String()
	}()
	return text
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
