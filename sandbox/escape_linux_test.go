package sandbox

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// attacker sets a project up with everything that an attack could want: a home with a key, sockets, the test binary.
func attacker(t *testing.T) (*project, target, Options) {
	p := newProject(t, t.TempDir())
	home := filepath.Join(t.TempDir(), "home")
	must(t, os.MkdirAll(filepath.Join(home, ".ssh"), 0o700))
	must(t, os.WriteFile(filepath.Join(home, ".ssh", "id_ed25519"), []byte(p.canary), 0o600))
	addBinary(t, p, attackName)
	socket := "@cofferdam-test-" + strconv.Itoa(os.Getpid())
	serve(t, "unix", socket)
	to := target{p.dir, p.state, home, socket, serve(t, "tcp", "127.0.0.1:0")}
	o := p.options(append([]string{"./" + attackName}, to.arguments()...)...)
	o.Environ = append(o.Environ, "HOME="+home, "SECRET_TOKEN="+p.canary)
	return p, to, o
}

// addBinary puts the test binary into the project, by a name under which it does something else.
func addBinary(t testing.TB, p *project, name string) {
	t.Helper()
	data, err := os.ReadFile("/proc/self/exe")
	must(t, err)
	must(t, os.WriteFile(filepath.Join(p.dir, name), data, 0o755))
}

// serve answers every connection with a word that no command is to hear.
func serve(t *testing.T, network, address string) string {
	t.Helper()
	l, err := net.Listen(network, address)
	must(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("REACHED"))
			c.Close()
		}
	}()
	return l.Addr().String()
}

func TestEscape(t *testing.T) {
	p, _, o := attacker(t)
	got := run(t, o, "")
	if got.failure != nil || got.exit.Code != 0 {
		t.Fatalf("Run: %v, %+v, stderr %q", got.failure, got.exit, got.err)
	}
	if all := got.out + got.err; strings.Contains(all, p.canary) {
		t.Errorf("the secret came out:\n%s", all)
	}
	checkAttacks(t, got.out, nil)
	if data, err := os.ReadFile(p.secretFile); err != nil || !strings.Contains(string(data), p.canary) {
		t.Errorf("the project's own secret is gone: %q, %v", data, err)
	}
}

// checkAttacks holds every attack to its line; those in may come through.
func checkAttacks(t *testing.T, out string, may map[string]bool) {
	lines := map[string]string{}
	for line := range strings.Lines(out) {
		state, rest, _ := strings.Cut(line, "\t")
		name, detail, _ := strings.Cut(rest, "\t")
		lines[name] = state + " " + detail
	}
	for _, a := range attacks {
		t.Run(strings.ReplaceAll(a.name, "/", "_"), func(t *testing.T) {
			switch line, ok := lines[a.name]; {
			case !ok:
				t.Errorf("attack %q: no line: it ended the run", a.name)
			case strings.HasPrefix(line, "OPEN") && !may[a.name]:
				t.Errorf("attack %q came through: %s", a.name, line)
			}
		})
	}
}

// With the machine's network the rest has to hold as before. Ports of the machine are then what was asked for.
func TestEscapeNetHost(t *testing.T) {
	p, _, o := attacker(t)
	o.Net = NetHost
	got := run(t, o, "")
	if got.failure != nil || got.exit.Code != 0 {
		t.Fatalf("Run: %v, %+v, stderr %q", got.failure, got.exit, got.err)
	}
	if strings.Contains(got.out+got.err, p.canary) {
		t.Errorf("the secret came out:\n%s", got.out+got.err)
	}
	if !strings.Contains(got.out, "OPEN\treach a port of the machine") {
		t.Errorf("a port of the machine was not reached:\n%s", got.out)
	}
	checkAttacks(t, got.out, map[string]bool{
		"reach a port of the machine": true, "reach the world by UDP": true, "see another network device": true,
	})
}
