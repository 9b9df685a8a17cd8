package sandbox

import (
	"encoding/binary"
	"errors"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// command is the process that the sandbox is for.
type command struct {
	pid      int      // also its process group
	renames  *renames // nil where nothing is done about them
	vanisher *vanisher
}

// start makes the sandbox around the calling thread and starts the command from it, so that it inherits every restriction.
func (b *boot) start(c *channel) (*command, error) {
	if err := b.makeRoot(c); err != nil {
		return nil, err
	}
	if err := b.makeSystem(); err != nil {
		return nil, err
	}
	files := [3]int{0, 1, 2}
	slave, err := b.openTerminal(c, &files)
	if err != nil {
		return nil, err
	}
	null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, step("open /dev/null", "", err)
	}
	if err := b.confine(); err != nil {
		return nil, err
	}
	vanisher := newVanisher(b.writable)
	renames := b.watchRenames(vanisher)
	pid, err := b.execute(files, slave)
	if err != nil {
		return nil, err
	}
	// A pipe ends for its reader when the command lets go of it, not when this process does.
	for fd := range 3 {
		if err := unix.Dup3(null, fd, unix.O_CLOEXEC); err != nil {
			return nil, step("let go of the standard streams", "", err)
		}
	}
	unix.Close(null)
	return &command{pid, renames, vanisher}, step("report the start", "", c.send(msgStarted, nil, -1))
}

// execute forks and executes the command. It gets a process group of its own in the session of this process: as leader
// of the session it would be an orphan, and the terminal's stop key would do nothing.
func (b *boot) execute(files [3]int, slave int) (int, error) {
	name := b.args[0]
	path, err := b.find(name)
	if err != nil {
		return 0, err
	}
	if err := checkDir(b.dir); err != nil {
		return 0, step("enter directory", b.dir, err)
	}
	attributes := &syscall.ProcAttr{
		Dir: b.dir, Env: b.env,
		Files: []uintptr{uintptr(files[0]), uintptr(files[1]), uintptr(files[2])},
		Sys:   &syscall.SysProcAttr{Setpgid: true, Foreground: slave >= 0, Ctty: slave},
	}
	pid, err := syscall.ForkExec(path, b.args, attributes)
	if err != nil {
		return 0, &CannotStartError{Name: name, Err: err}
	}
	return pid, nil
}

func checkDir(dir string) error {
	fd, err := unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.Faccessat(fd, ".", unix.X_OK, unix.AT_EACCESS)
}

// find looks a command up as execvp does: a name with a slash is a path, another is searched for, and a file that may
// not be executed does not end the search.
func (b *boot) find(name string) (string, error) {
	if strings.Contains(name, "/") {
		path := name
		if path[0] != '/' {
			path = b.dir + "/" + path
		}
		switch err := checkExecutable(path); {
		case err == nil:
			return path, nil
		case errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENOTDIR):
			return "", &NotFoundError{Name: name}
		default:
			return "", &CannotStartError{Name: name, Err: err}
		}
	}
	var refused error
	for dir := range strings.SplitSeq(b.variable("PATH"), ":") {
		if !strings.HasPrefix(dir, "/") {
			continue
		}
		path := dir + "/" + name
		switch err := checkExecutable(path); {
		case err == nil:
			return path, nil
		case errors.Is(err, unix.EACCES) && refused == nil:
			var stat unix.Stat_t
			if unix.Stat(path, &stat) == nil {
				refused = err
			}
		}
	}
	if refused != nil {
		return "", &CannotStartError{Name: name, Err: refused}
	}
	return "", &NotFoundError{Name: name}
}

func (b *boot) variable(name string) string {
	for _, entry := range b.env {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

func checkExecutable(path string) error {
	var stat unix.Stat_t
	if err := unix.Stat(path, &stat); err != nil {
		return err
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFREG {
		return unix.EACCES
	}
	return unix.Faccessat(unix.AT_FDCWD, path, unix.X_OK, unix.AT_EACCESS)
}

// reap collects every process of the sandbox that ends, until the command does. This process is init: with it all
// others end.
func (c *command) reap(out *channel) {
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, unix.WUNTRACED, nil)
		switch {
		case err == unix.EINTR || err == nil && pid != c.pid:
		case err != nil:
			giveUp(out, step("wait for the command", "", err))
		case status.Stopped():
			_ = out.send(msgStopped, binary.LittleEndian.AppendUint32(nil, uint32(status.StopSignal())), -1)
		default:
			_ = out.send(msgExited, binary.LittleEndian.AppendUint32(nil, uint32(status)), -1)
			os.Exit(0)
		}
	}
}

// obey passes signals on to the command, and paths to the vanisher. What a terminal would send goes to the process group.
func (c *command) obey(in *channel) {
	for {
		kind, payload, _, err := in.receive()
		if err == nil && kind == msgVanish {
			c.vanisher.paths <- string(payload) // The caller asks for one at a time.
			continue
		}
		if err != nil || kind != msgSignal || len(payload) != 4 {
			os.Exit(125) // The caller is gone, and with this process everything in the sandbox goes.
		}
		to := c.pid
		s := unix.Signal(binary.LittleEndian.Uint32(payload))
		switch s {
		case unix.SIGINT, unix.SIGQUIT, unix.SIGHUP, unix.SIGCONT, unix.SIGWINCH, unix.SIGTSTP:
			to = -to
		}
		_ = unix.Kill(to, s)
	}
}
