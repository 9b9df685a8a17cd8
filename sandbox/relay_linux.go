package sandbox

import (
	"os"

	"golang.org/x/sys/unix"
)

// relay passes between the caller's terminal and that of the sandbox. Its methods are for one goroutine.
type relay struct {
	in     *os.File // nil where the command does not read from the terminal
	out    *os.File
	master int
	saved  *unix.Termios // of in, while that is raw
	stop   [2]int        // a pipe: closing the second ends the input
	drawn  chan struct{} // closed when all output is through; nil before it begins
	typed  chan struct{} // closed when the input has ended; nil before it begins
}

// newRelay prepares a relay. It begins when the command has started: a stop key before that would stop the process that is
// to become the command, and init with it, which waits for it.
func newRelay(streams *[3]*os.File, terminal [3]bool, master int) (*relay, error) {
	r := &relay{master: master}
	if terminal[0] {
		r.in = streams[0]
	}
	for _, i := range []int{1, 2, 0} {
		if terminal[i] {
			r.out = streams[i]
			break
		}
	}
	if err := unix.Pipe2(r.stop[:], unix.O_CLOEXEC); err != nil {
		return nil, err
	}
	if err := unix.SetNonblock(master, true); err != nil {
		return nil, err
	}
	return r, nil
}

// begin claims the terminal and passes on output from then on: what came before the terminal is raw, that would
// process once more.
func (r *relay) begin() {
	r.claim()
	r.drawn = make(chan struct{})
	go r.draw()
}

// claim makes the terminal raw and takes its input, where the caller is in the foreground. Elsewhere the kernel would stop
// the caller for trying, though the command may never read.
func (r *relay) claim() {
	if r.in == nil || r.saved != nil {
		return
	}
	group, err := unix.IoctlGetInt(int(r.in.Fd()), unix.TIOCGPGRP)
	if err != nil || group != unix.Getpgrp() {
		return
	}
	saved, err := unix.IoctlGetTermios(int(r.in.Fd()), unix.TCGETS)
	if err != nil {
		return
	}
	raw := *saved
	raw.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	raw.Oflag &^= unix.OPOST
	raw.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	raw.Cflag = raw.Cflag&^(unix.CSIZE|unix.PARENB) | unix.CS8
	raw.Cc[unix.VMIN], raw.Cc[unix.VTIME] = 1, 0
	if unix.IoctlSetTermios(int(r.in.Fd()), unix.TCSETSW, &raw) != nil {
		return
	}
	r.saved = saved
	r.resize()
	if r.typed == nil {
		r.typed = make(chan struct{})
		go r.typing()
	}
}

// release gives the terminal back as it was.
func (r *relay) release() {
	if r.saved != nil {
		_ = unix.IoctlSetTermios(int(r.in.Fd()), unix.TCSETSW, r.saved)
		r.saved = nil
	}
}

// resize gives the sandbox's terminal the size of the caller's; the kernel tells the command.
func (r *relay) resize() {
	if size, err := unix.IoctlGetWinsize(int(r.out.Fd()), unix.TIOCGWINSZ); err == nil {
		_ = unix.IoctlSetWinsize(r.master, unix.TIOCSWINSZ, size)
	}
}

// close ends the relay once the sandbox has ended: the remaining output is passed on, the terminal is as it was.
func (r *relay) close() {
	if r.drawn != nil {
		<-r.drawn
	}
	unix.Close(r.stop[1])
	if r.typed != nil {
		<-r.typed
	}
	r.release()
	unix.Close(r.stop[0])
	unix.Close(r.master)
}

// draw passes output on until no process has the sandbox's terminal any more, which is EIO. Output that the caller's
// terminal does not take is dropped, so that the command does not hang on it.
func (r *relay) draw() {
	defer close(r.drawn)
	buf := make([]byte, 32<<10)
	for {
		n, err := unix.Read(r.master, buf)
		switch {
		case err == unix.EINTR:
		case err == unix.EAGAIN:
			wait(unix.PollFd{Fd: int32(r.master), Events: unix.POLLIN})
		case err != nil || n == 0:
			return
		default:
			writeAll(int(r.out.Fd()), buf[:n], -1)
		}
	}
}

func (r *relay) typing() {
	defer close(r.typed)
	in := int(r.in.Fd())
	buf := make([]byte, 4<<10)
	for {
		ready := wait(unix.PollFd{Fd: int32(r.stop[0]), Events: unix.POLLIN}, unix.PollFd{Fd: int32(in), Events: unix.POLLIN})
		if ready[0].Revents != 0 {
			return
		}
		if ready[1].Revents == 0 {
			continue
		}
		n, err := unix.Read(in, buf)
		switch {
		case err == unix.EINTR || err == unix.EAGAIN:
		case err != nil || n == 0:
			return // The caller's terminal has hung up; a signal says so as well.
		case !writeAll(r.master, buf[:n], r.stop[0]):
			return
		}
	}
}

// wait is poll until something is ready.
func wait(fds ...unix.PollFd) []unix.PollFd {
	for {
		if n, err := unix.Poll(fds, -1); n > 0 || err != nil && err != unix.EINTR {
			return fds
		}
	}
}

// writeAll writes data to a terminal; it gives up when stop can be read, or on an error.
func writeAll(fd int, data []byte, stop int) bool {
	for len(data) > 0 {
		n, err := unix.Write(fd, data)
		switch {
		case err == unix.EINTR:
		case err == unix.EAGAIN:
			if wait(unix.PollFd{Fd: int32(fd), Events: unix.POLLOUT}, unix.PollFd{Fd: int32(stop), Events: unix.POLLIN})[1].Revents != 0 {
				return false
			}
		case err != nil:
			return false
		default:
			data = data[n:]
		}
	}
	return true
}
