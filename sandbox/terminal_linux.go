package sandbox

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// openTerminal makes a terminal in the sandbox's own devpts, makes it the controlling one of this session, and sends its
// other side to the caller. It puts the terminal in place of the files that are to be one; without any it gives -1.
// The descriptor stays open for as long as init lives, so that the other side does not end before the command.
func (b *boot) openTerminal(c *channel, files *[3]int) (int, error) {
	if b.terminal == [3]bool{} {
		return -1, nil
	}
	master, err := unix.Open("/dev/pts/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, step("open terminal", "", err)
	}
	defer unix.Close(master)
	if err := unix.IoctlSetPointerInt(master, unix.TIOCSPTLCK, 0); err != nil {
		return -1, step("unlock terminal", "", err)
	}
	slave, err := openPeer(master)
	if err != nil {
		return -1, step("open terminal", "", err)
	}
	if err := b.dressTerminal(slave); err != nil {
		return -1, step("set up terminal", "", err)
	}
	for i, replace := range b.terminal {
		if replace {
			files[i] = slave
		}
	}
	return slave, step("send terminal", "", c.send(msgTerminal, nil, master))
}

// openPeer opens the other side of a terminal. TIOCGPTPEER takes the open flags in place of a pointer.
func openPeer(master int) (int, error) {
	fd, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(master), unix.TIOCGPTPEER, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC)
	if errno != 0 {
		return -1, errno
	}
	return int(fd), nil
}

func (b *boot) dressTerminal(slave int) error {
	if len(b.termios) == int(unsafe.Sizeof(unix.Termios{})) {
		var termios unix.Termios
		copy(termiosBytes(&termios), b.termios)
		if b.plain {
			termios.Oflag &^= unix.OPOST
		}
		if err := unix.IoctlSetTermios(slave, unix.TCSETS, &termios); err != nil {
			return err
		}
	}
	size := &unix.Winsize{Row: b.size.rows, Col: b.size.columns, Xpixel: b.size.width, Ypixel: b.size.height}
	if err := unix.IoctlSetWinsize(slave, unix.TIOCSWINSZ, size); err != nil {
		return err
	}
	return unix.IoctlSetInt(slave, unix.TIOCSCTTY, 0)
}

func termiosBytes(t *unix.Termios) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(t)), unsafe.Sizeof(*t))
}

// describeTerminal tells the init process of the caller's terminal: which standard streams it is, and how it is set.
func (b *boot) describeTerminal(s *[3]*os.File) {
	first := -1
	for i, f := range s {
		if f == nil || !isTerminal(f) {
			continue
		}
		b.terminal[i] = true
		if first < 0 {
			first = int(f.Fd())
		}
	}
	if first < 0 {
		return
	}
	b.plain = !b.terminal[0]
	if termios, err := unix.IoctlGetTermios(first, unix.TCGETS); err == nil {
		b.termios = string(termiosBytes(termios))
	}
	if size, err := unix.IoctlGetWinsize(first, unix.TIOCGWINSZ); err == nil {
		b.size = windowSize{size.Row, size.Col, size.Xpixel, size.Ypixel}
	}
}

func isTerminal(f *os.File) bool {
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	return err == nil
}
