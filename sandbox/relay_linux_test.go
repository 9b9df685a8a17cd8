package sandbox

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cofferdam/internal/need"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// screen is a terminal with a sandbox on it.
type screen struct {
	t      *testing.T
	master *os.File
	slave  *os.File
	shown  chan string
	text   string
	done   chan struct{}
	closed atomic.Bool
	exit   *Exit
	err    error
}

// open runs o on a terminal. The test is in no session with it, so the caller counts as one in the background, unless
// it becomes the terminal's foreground: leader does that.
func open(t *testing.T, o Options, stdio func(slave *os.File) Stdio) *screen {
	t.Helper()
	master, slave, err := pty.Open()
	must(t, err)
	must(t, pty.Setsize(slave, &pty.Winsize{Rows: 33, Cols: 111}))
	s := &screen{t: t, master: master, slave: slave, shown: make(chan string, 100), done: make(chan struct{})}
	go s.watch()
	spec, err := NewSpec(o)
	must(t, err)
	go func() {
		s.exit, s.err = Run(context.Background(), spec, stdio(slave))
		close(s.done)
	}()
	t.Cleanup(func() { slave.Close(); s.hangUp() })
	return s
}

// watch gathers what is shown. It never blocks in a read, as close would wait for that.
func (s *screen) watch() {
	defer close(s.shown)
	buf := make([]byte, 4096)
	fds := []unix.PollFd{{Fd: int32(s.master.Fd()), Events: unix.POLLIN}}
	for !s.closed.Load() {
		if n, _ := unix.Poll(fds, 20); n <= 0 {
			continue
		}
		n, err := s.master.Read(buf)
		if n > 0 {
			s.shown <- string(buf[:n])
		}
		if err != nil {
			return
		}
	}
}

// hangUp takes the terminal away.
func (s *screen) hangUp() {
	s.closed.Store(true)
	for range s.shown {
	}
	s.master.Close()
}

// expect waits until the text appears and drops everything up to its end.
func (s *screen) expect(text string) {
	s.t.Helper()
	timeout := time.After(10 * time.Second)
	for {
		if _, rest, ok := strings.Cut(s.text, text); ok {
			s.text = rest
			return
		}
		select {
		case more, ok := <-s.shown:
			if !ok {
				s.t.Fatalf("the terminal ended before %q; shown %q", text, s.text)
			}
			s.text += more
		case <-timeout:
			s.t.Fatalf("no %q on the terminal; shown %q", text, s.text)
		}
	}
}

func (s *screen) key(text string) {
	s.t.Helper()
	_, err := s.master.WriteString(text)
	must(s.t, err)
}

// Only what is a terminal becomes one; output to it arrives without being processed twice.
func TestTerminalOutput(t *testing.T) {
	p := newProject(t, t.TempDir())
	s := open(t, p.options("sh", "-c", "test -t 1 && ! test -t 0 && ! test -t 2 && stty size </dev/tty; echo end; exit 3"), func(slave *os.File) Stdio { return Stdio{Out: slave} })
	s.expect("33 111\r\nend\r\n")
	<-s.done
	if s.err != nil || s.exit.Code != 3 {
		t.Errorf("Run = %+v, %v, want 3", s.exit, s.err)
	}
}

// leaderName is how the test binary is called when it is to be a job of a terminal, with a command in a sandbox.
const leaderName = "leader"

// lead runs its arguments as a shell would run cofferdam: in the foreground of its terminal.
func lead(args []string) {
	o := Options{
		Args: args[4:], Dir: args[0], Environ: append(os.Environ(), "TERM=dumb"),
		View: View{Kind: Overlay, Target: args[0], Lower: []string{args[1], args[0]}, Upper: args[2], Work: args[3]},
	}
	before, _ := unix.IoctlGetTermios(0, unix.TCGETS)
	spec, err := NewSpec(o)
	if err == nil {
		var exit *Exit
		if exit, err = Run(context.Background(), spec, Stdio{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}); err == nil {
			after, _ := unix.IoctlGetTermios(0, unix.TCGETS)
			println("restored", *before == *after, "code", exit.Code)
			os.Exit(exit.Code)
		}
	}
	println("leader:", err.Error())
	os.Exit(125)
}

// job starts the leader on a new terminal, itself or under a shell with job control.
func job(t *testing.T, p *project, shell bool, args ...string) *screen {
	t.Helper()
	call := append([]string{p.dir, p.mask, p.upper, p.work}, args...)
	cmd := exec.Command("/proc/self/exe", call...)
	cmd.Args[0] = leaderName
	if shell {
		exe, err := os.Executable()
		must(t, err)
		link := filepath.Join(t.TempDir(), leaderName)
		must(t, os.Symlink(exe, link))
		cmd = exec.Command(need.Program(t, "bash"), append([]string{"--norc", "--noprofile", "-i", "-c",
			`set -m; "$@"; echo "shell has it: $?"; fg; echo "ended $?"`, "bash", link}, call...)...)
		cmd.Env = append(os.Environ(), "TERM=dumb")
	}
	master, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 33, Cols: 111})
	must(t, err)
	s := &screen{t: t, master: master, shown: make(chan string, 100), done: make(chan struct{})}
	go s.watch()
	go func() { _ = cmd.Wait(); close(s.done) }()
	t.Cleanup(func() { s.hangUp(); _ = cmd.Process.Kill(); <-s.done })
	return s
}

func TestTerminal(t *testing.T) {
	p := newProject(t, t.TempDir())
	t.Run("size", func(t *testing.T) {
		s := job(t, p, false, "sh", "-c", "trap 'stty size' WINCH; tty; stty size; while :; do sleep 0.02; done")
		s.expect("/dev/pts/0\r\n33 111\r\n")
		must(t, pty.Setsize(s.master, &pty.Winsize{Rows: 20, Cols: 70}))
		s.expect("20 70\r\n")
		s.key("\x03")
		s.expect("restored true code 130")
	})
	t.Run("interrupt", func(t *testing.T) {
		s := job(t, p, false, "sh", "-c", "trap 'echo caught; exit 4' INT; echo ready; while :; do sleep 0.02; done")
		s.expect("ready")
		s.key("\x03")
		s.expect("caught")
		s.expect("restored true code 4")
	})
	t.Run("input and end of file", func(t *testing.T) {
		s := job(t, p, false, "sh", "-c", "echo ready; exec cat")
		s.expect("ready\r\n")
		s.key("hello\r")
		s.expect("hello\r\nhello\r\n")
		s.key("\x04")
		s.expect("restored true code 0")
	})
	t.Run("job control inside", func(t *testing.T) {
		s := job(t, p, false, "sh", "-i")
		s.key("sleep 100\r")
		time.Sleep(300 * time.Millisecond)
		s.key("\x1a")
		s.expect("Stopped")
		s.key("echo $((40+2))\r")
		s.expect("42\r\n")
		s.key("fg\r")
		time.Sleep(200 * time.Millisecond)
		s.key("\x03")
		s.key("echo $((50+2))\r")
		s.expect("52\r\n")
		s.key("exit 5\r")
		s.expect("restored true code 5")
	})
	t.Run("stop and resume", func(t *testing.T) {
		s := job(t, p, true, "sh", "-c", "echo ready; read line; echo got $line; exit 6")
		s.expect("ready")
		time.Sleep(100 * time.Millisecond)
		s.key("\x1a")
		s.expect("shell has it: 148")
		time.Sleep(300 * time.Millisecond)
		s.key("word\r")
		s.expect("got word")
		s.expect("restored true code 6")
		s.expect("ended 6")
	})
	t.Run("stop without a shell goes on", func(t *testing.T) {
		s := job(t, p, false, "sh", "-c", "echo ready; exec cat")
		s.expect("ready\r\n")
		s.key("one\r")
		s.expect("one\r\none\r\n")
		s.key("\x1a")
		time.Sleep(300 * time.Millisecond)
		s.key("two\r")
		s.expect("two\r\n")
		s.expect("two\r\n")
		s.key("\x04")
		s.expect("code 0")
	})
	t.Run("stop while it starts", func(t *testing.T) {
		s := job(t, p, false, "cat")
		s.key("\x1a\x1aone\r")
		s.expect("one\r\n")
		time.Sleep(300 * time.Millisecond)
		s.key("two\r")
		s.expect("two\r\ntwo\r\n")
		s.key("\x04")
		s.expect("code 0")
	})
	t.Run("hang up", func(t *testing.T) {
		s := job(t, p, false, "sh", "-c", "echo ready; exec sleep 100")
		s.expect("ready")
		s.hangUp()
		select {
		case <-s.done:
		case <-time.After(5 * time.Second):
			t.Error("the sandbox outlives its terminal")
		}
	})
}
