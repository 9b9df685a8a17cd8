package sandbox

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"cofferdam/internal/need"

	"golang.org/x/sys/unix"
)

// begin runs o and waits for the first line that the command prints.
func begin(t *testing.T, ctx context.Context, o Options) (line string, out *bufio.Reader, end func() (*Exit, error)) {
	t.Helper()
	spec, err := NewSpec(o)
	must(t, err)
	r, w := pipe(t)
	t.Cleanup(func() { r.Close() })
	type ended struct {
		exit *Exit
		err  error
	}
	done := make(chan ended, 1)
	go func() {
		exit, err := Run(ctx, spec, Stdio{Out: w})
		w.Close()
		done <- ended{exit, err}
	}()
	out = bufio.NewReader(r)
	line, err = out.ReadString('\n')
	if err != nil {
		e := <-done
		t.Fatalf("no line: %v; %+v, %v", err, e.exit, e.err)
	}
	return line, out, func() (*Exit, error) {
		select {
		case e := <-done:
			return e.exit, e.err
		case <-time.After(10 * time.Second):
			t.Fatal("Run does not end")
			return nil, nil
		}
	}
}

func TestSignals(t *testing.T) {
	p := newProject(t, t.TempDir())
	for _, tt := range []struct {
		signal unix.Signal
		name   string
	}{{unix.SIGTERM, "TERM"}, {unix.SIGINT, "INT"}, {unix.SIGHUP, "HUP"}, {unix.SIGQUIT, "QUIT"}, {unix.SIGUSR1, "USR1"}, {unix.SIGUSR2, "USR2"}} {
		t.Run(tt.name, func(t *testing.T) {
			_, out, end := begin(t, context.Background(), p.options("sh", "-c", "trap 'echo got; exit 9' "+tt.name+"; echo ready; while :; do sleep 0.02; done"))
			must(t, unix.Kill(os.Getpid(), tt.signal))
			line, _ := out.ReadString('\n')
			if exit, err := end(); err != nil || exit.Code != 9 || line != "got\n" {
				t.Errorf("after SIG%s: %+v, %v, %q, want 9 and a line", tt.name, exit, err, line)
			}
		})
	}
	_, _, end := begin(t, context.Background(), p.options("sh", "-c", "echo ready; exec sleep 100"))
	must(t, unix.Kill(os.Getpid(), unix.SIGTERM))
	if exit, err := end(); err != nil || exit.Code != 143 || exit.Signal != 15 {
		t.Errorf("after SIGTERM: %+v, %v, want 143", exit, err)
	}
}

func TestContext(t *testing.T) {
	p := newProject(t, t.TempDir())
	ctx, cancel := context.WithCancelCause(context.Background())
	cause := errors.New("enough")
	_, _, end := begin(t, ctx, p.options("sh", "-c", "trap '' TERM INT HUP; echo ready; sleep 100"))
	cancel(cause)
	if exit, err := end(); exit != nil || !errors.Is(err, cause) {
		t.Errorf("Run after cancel = %+v, %v, want the cause", exit, err)
	}
}

// When the process that called Run is killed, nothing of the sandbox is left.
func TestCallerDies(t *testing.T) {
	p := newProject(t, t.TempDir())
	cmd := exec.Command("/proc/self/exe", p.dir, p.mask, p.upper, p.work)
	cmd.Args[0] = callerName
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("caller printed %q, %v", line, err)
	}
	must(t, cmd.Process.Kill())
	rest := make(chan error, 1)
	go func() {
		_, err := bufio.NewReader(out).ReadString('\n') // the pipe ends when the last holder does
		rest <- err
	}()
	select {
	case <-rest:
	case <-time.After(5 * time.Second):
		t.Error("the sandbox outlives its caller")
	}
	_ = cmd.Wait()
}

// callerName is how the test binary is called when it is to run a command that does not end.
const callerName = "caller"

func callAndWait(args []string) {
	spec, err := NewSpec(Options{
		Args: []string{"sh", "-c", "trap '' HUP TERM; echo ready; sleep 100 & sleep 100"}, Dir: args[0], Environ: os.Environ(),
		View: View{Kind: Overlay, Target: args[0], Lower: []string{args[1], args[0]}, Upper: args[2], Work: args[3]},
	})
	if err == nil {
		_, err = Run(context.Background(), spec, Stdio{Out: os.Stdout, Err: os.Stderr})
	}
	println("caller:", err)
	os.Exit(1)
}

// A pipe ends for its reader when the command closes it, though the sandbox goes on.
func TestPipeEnds(t *testing.T) {
	p := newProject(t, t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	spec, err := NewSpec(p.options("sh", "-c", "exec 0<&- 1>&- 2>&-; exec sleep 100"))
	must(t, err)
	r, w := pipe(t)
	done := make(chan struct{})
	go func() { _, _ = Run(ctx, spec, Stdio{Out: w, In: nil}); close(done) }()
	time.Sleep(200 * time.Millisecond)
	w.Close()
	ended := drain(r)
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Error("init holds the standard streams of the command")
	}
	cancel()
	<-done
}

// Descriptors that the caller inherited do not get to the command, and neither does the caller's environment.
func TestNothingLeaks(t *testing.T) {
	p := newProject(t, t.TempDir())
	secret, err := os.Open(p.secretFile)
	must(t, err)
	defer secret.Close()
	fd, err := unix.FcntlInt(secret.Fd(), unix.F_DUPFD, 100) // without close-on-exec, as a careless shell leaves it
	must(t, err)
	defer unix.Close(fd)
	o := p.options("sh", "-c", "ls -l /proc/self/fd | sed -n 's/.* -> //p' | grep -v /proc/ | wc -l; env | sort | cut -d= -f1 | tr '\\n' ' '; cat /proc/1/environ 2>/dev/null")
	o.Environ = []string{"HOME=/home/u", "PATH=.:/usr/bin:/bin::rel", "AWS_SECRET_ACCESS_KEY=" + p.canary, "LC_ALL=C", "TERM=dumb", "KEPT=1", "LD_PRELOAD=x"}
	o.Env = []string{"KEPT", "MISSING", "SET=a=b"}
	got := run(t, o, "")
	if got.failure != nil || got.out != "3\nHOME KEPT LC_ALL PATH PWD SET TERM TMPDIR " {
		t.Errorf("Run = %q, %q, %v", got.out, got.err, got.failure)
	}
}

// /dev/stdout opens anew what was passed in, also where that is a file outside of every path of the sandbox.
func TestStandardFile(t *testing.T) {
	p := newProject(t, t.TempDir())
	spec, err := NewSpec(p.options("sh", "-c", "cat /dev/stdin > /dev/stdout"))
	must(t, err)
	in, err := os.Open("/etc/passwd")
	must(t, err)
	defer in.Close()
	out, err := os.Create(p.state + "/out")
	must(t, err)
	defer out.Close()
	exit, err := Run(context.Background(), spec, Stdio{In: in, Out: out})
	if err != nil || exit.Code != 0 {
		t.Fatalf("Run = %+v, %v", exit, err)
	}
	if info, err := out.Stat(); err != nil || info.Size() == 0 {
		t.Errorf("nothing was written: %v, %v", info.Size(), err)
	}
}

func TestSession(t *testing.T) {
	p := newProject(t, t.TempDir())
	got := run(t, p.options("sh", "-c", "cut -d' ' -f6,7 /proc/self/stat; { : < /dev/tty; } 2>/dev/null && echo tty"), "")
	if fields := strings.Fields(got.out); got.failure != nil || len(fields) != 2 || fields[0] != "1" || fields[1] != "0" {
		t.Errorf("session and terminal of a command without one are %q, %v", got.out, got.failure)
	}
}

// The limit holds, and the processes of the same user outside do not count.
func TestPidsLimit(t *testing.T) {
	need.User(t)
	p := newProject(t, t.TempDir())
	o := p.options("sh", "-c", "for i in $(seq 100); do sleep 5 & done; echo all")
	o.Limits.Pids = 20
	got := run(t, o, "")
	if got.failure != nil || got.exit.Code == 0 || strings.Contains(got.out, "all") {
		t.Errorf("Run of 100 processes with a limit of 20 = %+v, %q, %v", got.exit, got.out, got.failure)
	}
	o.Args = []string{"sh", "-c", "for i in $(seq 10); do sleep 5 & done; echo all"}
	if got := run(t, o, ""); got.failure != nil || got.out != "all\n" {
		t.Errorf("Run of 10 processes with a limit of 20 = %+v, %q, %q, %v", got.exit, got.out, got.err, got.failure)
	}
}

func TestTmpSize(t *testing.T) {
	p := newProject(t, t.TempDir())
	o := p.options("sh", "-c", "for d in /tmp /var/tmp /run /dev/shm; do head -c 2000000 /dev/zero > $d/x && echo wrote; rm -f $d/x; head -c 500000 /dev/zero > $d/x || echo refused; done")
	o.Limits.TmpSize = 1 << 20
	if got := run(t, o, ""); got.failure != nil || got.out != "" {
		t.Errorf("Run = %q, %q, %v", got.out, got.err, got.failure)
	}
}
