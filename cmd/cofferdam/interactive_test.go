package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cofferdam/internal/need"
)

// terminal is a shell in tmux, in a project, with cofferdam on its PATH.
type terminal struct {
	*testing.T
	tmux, socket, project string
}

func newTerminal(t *testing.T) *terminal {
	t.Helper()
	need.Userns(t)
	tmux := need.Program(t, "tmux")
	base := t.TempDir()
	for _, dir := range []string{"bin", "home", "state", "project"} {
		if err := os.Mkdir(filepath.Join(base, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(base, "bin", "cofferdam")); err != nil { // TestMain looks at the name
		t.Fatal(err)
	}
	// A socket's path is limited to 107 bytes.
	socketDir, err := os.MkdirTemp("/tmp", "cofferdam-tmux-")
	if err != nil {
		t.Fatal(err)
	}
	m := &terminal{T: t, tmux: tmux, socket: filepath.Join(socketDir, "s"), project: filepath.Join(base, "project")}
	t.Cleanup(func() {
		exec.Command(tmux, "-S", m.socket, "kill-server").Run()
		os.RemoveAll(socketDir)
	})
	cmd := exec.Command(tmux, "-S", m.socket, "-f", "/dev/null", "new-session", "-d", "-x", "90", "-y", "30", "-c", m.project, "sh -i")
	cmd.Env = []string{"PATH=" + filepath.Join(base, "bin") + ":" + os.Getenv("PATH"), "HOME=" + filepath.Join(base, "home"),
		"XDG_STATE_HOME=" + filepath.Join(base, "state"), "TERM=screen", "PS1=outer> ", "LC_ALL=C.UTF-8", "ENV="}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("tmux: %v: %s", err, out)
	}
	return m
}

func (m *terminal) run(args ...string) string {
	m.Helper()
	out, err := exec.Command(m.tmux, append([]string{"-S", m.socket}, args...)...).CombinedOutput()
	if err != nil {
		m.Fatalf("tmux %v: %v: %s", args, err, out)
	}
	return string(out)
}

func (m *terminal) keys(keys ...string) {
	m.Helper()
	m.run(append([]string{"send-keys"}, keys...)...)
}

// line types a line.
func (m *terminal) line(text string) {
	m.Helper()
	m.run("send-keys", "-l", text)
	m.keys("Enter")
}

func (m *terminal) screen() string { return m.run("capture-pane", "-p", "-J") }

// expect waits until the screen holds text, which should not be in what was typed.
func (m *terminal) expect(text string) {
	m.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if strings.Contains(m.screen(), text) {
			return
		}
	}
	m.Fatalf("the screen does not show %q:\n%s", text, m.screen())
}

// foreground types a command and gives the shell the time to put it into the foreground: a stop or interrupt key that
// comes before that is the shell's, which takes no notice.
func (m *terminal) foreground(command string) {
	m.Helper()
	m.line(command)
	time.Sleep(time.Second)
}

func (m *terminal) file(name string) string {
	text, err := os.ReadFile(filepath.Join(m.project, name))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func TestInteractiveShell(t *testing.T) {
	m := newTerminal(t)
	m.line("cofferdam run --env PS1='inner> ' -- sh -i")
	m.expect("inner> ")
	m.line("stty size")
	m.expect("30 90")
	m.run("resize-window", "-x", "100", "-y", "35")
	m.line("stty size")
	m.expect("35 100")
	// Job control: a job is stopped and goes on in the background.
	m.foreground("sleep 300")
	m.keys("C-z")
	m.expect("Stopped")
	m.line("kill -9 %1; echo killed=$?")
	m.expect("killed=0")
	// Ctrl-C ends the job, not the shell and not cofferdam.
	m.foreground("sleep 300")
	m.keys("C-c")
	m.line("echo still=$((40 + 2))")
	m.expect("still=42")
	m.line("echo written >made; exit 3")
	// A terminal is asked, and no is an answer.
	m.expect("[y/N]")
	m.line("n")
	m.line("echo status=$?")
	m.expect("status=3")
	if got := m.file("made"); !strings.Contains(got, "no such file") {
		t.Errorf("made = %q although the answer was no", got)
	}
	m.line("cofferdam apply")
	m.expect("[y/N]")
	m.line("y")
	m.expect("applied 1 changes")
	if got := m.file("made"); got != "written\n" {
		t.Errorf("made = %q after apply", got)
	}
}

func TestVim(t *testing.T) {
	need.Program(t, "vim")
	m := newTerminal(t)
	m.line("cofferdam run --apply clean -- vim -u NONE -i NONE text")
	m.expect("[New")
	m.keys("i")
	m.run("send-keys", "-l", "typed in vim")
	m.keys("Escape")
	m.line(":wq")
	m.expect("applied 1 changes")
	if got := m.file("text"); got != "typed in vim\n" {
		t.Errorf("text = %q", got)
	}
	m.line(fmt.Sprintf("stty -a | grep -c ' echo '; echo sane=$((%d + 1))", 41)) // the terminal is itself again
	m.expect("sane=42")
}

func TestInterruptLeavesSession(t *testing.T) {
	m := newTerminal(t)
	m.line("cofferdam run --apply never -- sh -c 'echo written >made; echo rea\"\"dy; sleep 300'")
	m.expect("ready")
	m.keys("C-c")
	m.expect("1 changes in session") // until then what is typed belongs to the command
	m.line("echo status=$?")
	m.expect("status=130")
	m.line("clear; cofferdam diff --name-status")
	m.expect("made")
	m.line("cofferdam ls")
	m.expect("finished")
}

// A command without a shell around it is stopped and continued together with cofferdam.
func TestStopAndContinue(t *testing.T) {
	m := newTerminal(t)
	m.line("cofferdam run --apply never -- sh -c 'echo rea\"\"dy; read line; echo got=$line'")
	m.expect("ready")
	m.keys("C-z")
	m.expect("Stopped")
	m.line("fg")
	m.line("word")
	m.expect("got=word")
}

// On a terminal, apply asks for each secret by its name and place, and then for the whole.
func TestAskAboutSecrets(t *testing.T) {
	m := newTerminal(t)
	first, second := "DB_PASSWORD="+canary+"-Xq7!tR9z", "API_TOKEN="+canary+"-Pz3_yH5d"
	if err := os.WriteFile(filepath.Join(m.project, ".env"), []byte(first+"\nA=1\nB=1\nC=1\n"+second+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m.line("cofferdam run --apply never -- sed -i '/^DB/d; /^API/d; s/B=1/B=2/' .env")
	m.expect("1 changes in session")
	m.line("clear; cofferdam apply")
	m.expect("line 1: DB_PASSWORD would be deleted. Accept?")
	m.line("n")
	m.expect("line 5: API_TOKEN would be deleted. Accept?")
	m.line("y")
	m.expect("apply 1 changes to")
	m.line("y")
	m.expect("applied 1 changes")
	if got, want := m.file(".env"), first+"\nA=1\nB=2\nC=1\n"; got != want {
		t.Errorf(".env has %d bytes after apply, want %d", len(got), len(want))
	}
	if strings.Contains(m.screen(), canary) {
		t.Error("the terminal shows a value")
	}
}
