package sandbox

import (
	"fmt"
	"net"
	"os"
	"strings"
	"testing"

	"cofferdam/internal/need"

	"golang.org/x/sys/unix"
)

// probeName is how the test binary is called when it is to try one thing that a command may or may not do.
const probeName = "probe"

func probeOne(what string) {
	switch what {
	case "loopback":
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err == nil {
			_, err = net.Dial("tcp", l.Addr().String())
		}
		fmt.Println(err == nil)
	case "udp":
		c, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err == nil {
			_, err = c.WriteTo([]byte("x"), c.LocalAddr())
		}
		fmt.Println(err == nil)
	case "x32":
		_, _, errno := unix.RawSyscall(0x40000000|unix.SYS_GETPID, 0, 0, 0)
		fmt.Println(errno)
	}
	os.Exit(0)
}

func TestLoopback(t *testing.T) {
	p := newProject(t, t.TempDir())
	addBinary(t, p, probeName)
	for _, tt := range []struct {
		what     string
		loopback bool
		want     string
	}{{"loopback", false, "false\n"}, {"loopback", true, "true\n"}, {"udp", false, "true\n"}} {
		o := p.options("./"+probeName, tt.what)
		o.Loopback = tt.loopback
		if got := run(t, o, ""); got.failure != nil || got.out != tt.want {
			t.Errorf("%s with Loopback %v = %q, %q, %v, want %q", tt.what, tt.loopback, got.out, got.err, got.failure, tt.want)
		}
	}
}

func TestForeignCallsAreKilled(t *testing.T) {
	if foreignBit == 0 {
		t.Skip("this architecture has no second one under its name")
	}
	p := newProject(t, t.TempDir())
	addBinary(t, p, probeName)
	got := run(t, p.options("./"+probeName, "x32"), "")
	if got.failure != nil || got.exit.Signal != int(unix.SIGSYS) {
		t.Errorf("a call of x32 = %+v, %q, %v, want SIGSYS", got.exit, got.out, got.failure)
	}
}

// Debuggers work on the command's own processes where asked for, and reach init no more than before.
func TestPtrace(t *testing.T) {
	need.Program(t, "strace")
	p, _, o := attacker(t)
	attack := o.Args
	for _, knob := range []bool{false, true} {
		o.Ptrace = knob
		o.Args = []string{"strace", "-f", "-o", "/dev/null", "sh", "-c", "echo traced"}
		got := run(t, o, "")
		if got.failure != nil || (got.out == "traced\n" && got.exit.Code == 0) != knob {
			t.Errorf("strace with Ptrace %v = %+v, %q, %q, %v", knob, got.exit, got.out, got.err, got.failure)
		}
	}
	o.Args = attack
	got := run(t, o, "")
	if got.failure != nil || strings.Contains(got.out+got.err, p.canary) {
		t.Fatalf("Run = %q, %v", got.out, got.failure)
	}
	checkAttacks(t, got.out, nil)
}

// What is waived is not there, and the rest is.
func TestWaive(t *testing.T) {
	p := newProject(t, t.TempDir())
	o := p.options("grep", "-E", "^(Seccomp|NoNewPrivs|CapEff):", "/proc/self/status")
	o.Waive = []string{WaiveLandlock, WaiveSeccomp}
	if got := run(t, o, ""); got.failure != nil || got.out != "CapEff:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t0\n" {
		t.Errorf("Run = %q, %q, %v", got.out, got.err, got.failure)
	}
	o.Waive = []string{"everything"}
	if _, err := NewSpec(o); err == nil {
		t.Error("NewSpec with an unknown waiver: no error")
	}
}

// A spec that was changed on the way is not run with less than it should have.
func TestSpecChecked(t *testing.T) {
	p := newProject(t, t.TempDir())
	for name, change := range map[string]func(*Spec){
		"no process":          func(s *Spec) { s.OCI.Process = nil },
		"no linux part":       func(s *Spec) { s.OCI.Linux = nil },
		"new privileges":      func(s *Spec) { s.OCI.Process.NoNewPrivileges = false },
		"capabilities":        func(s *Spec) { s.OCI.Process.Capabilities.Bounding = []string{"CAP_SYS_ADMIN"} },
		"no seccomp":          func(s *Spec) { s.OCI.Linux.Seccomp = nil },
		"no user namespace":   func(s *Spec) { s.OCI.Linux.Namespaces = s.OCI.Linux.Namespaces[1:] },
		"a namespace to join": func(s *Spec) { s.OCI.Linux.Namespaces[1].Path = "/proc/1/ns/mnt" },
		"the host's network":  func(s *Spec) { s.OCI.Linux.Namespaces = s.OCI.Linux.Namespaces[:6] },
		"unknown rlimit":      func(s *Spec) { s.OCI.Process.Rlimits[0].Type = "RLIMIT_X" },
		"unknown file system": func(s *Spec) { s.OCI.Mounts[0].Type = "ext4" },
	} {
		spec, err := NewSpec(p.options("true"))
		must(t, err)
		change(spec)
		if got := runSpec(t, spec, ""); got.failure == nil {
			t.Errorf("Run of a spec with %s: no error", name)
		}
	}
}
