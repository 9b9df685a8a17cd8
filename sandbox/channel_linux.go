package sandbox

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"golang.org/x/sys/unix"
)

// channel is the socket between the process that wants a sandbox and the init process of it. It ends when either of
// them does, which is how each learns of the other's death.
type channel struct {
	fd      int
	sending sync.Mutex // a message goes in one piece
}

// kind of a message. To the init process go boot, cover, signal and vanish, from it come the others.
type kind byte

const (
	msgBoot     kind = 'b'
	msgCover    kind = 'c' // paths, after boot
	msgSignal   kind = 's' // number
	msgVanish   kind = 'v' // path
	msgTerminal kind = 't' // with the master of the terminal
	msgStarted  kind = 'o'
	msgStopped  kind = 'z' // signal
	msgVanished kind = 'g' // vanished
	msgExited   kind = 'x' // wait status
	msgFailed   kind = 'e' // failure
	msgProbed   kind = 'p' // probeResult
)

// maxMessage bounds what a message may hold; arguments and environment are bounded by the kernel at 6 MB.
const maxMessage = 16 << 20

// newChannel is the two ends; both close on exec.
func newChannel() (here, there *channel, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	return &channel{fd: fds[0]}, &channel{fd: fds[1]}, nil
}

func (c *channel) close() { unix.Close(c.fd) }

// send writes one message, with the descriptor file unless that is negative.
func (c *channel) send(k kind, payload []byte, file int) error {
	data := append(binary.LittleEndian.AppendUint32([]byte{byte(k)}, uint32(len(payload))), payload...)
	var rights []byte
	if file >= 0 {
		rights = unix.UnixRights(file)
	}
	c.sending.Lock()
	defer c.sending.Unlock()
	for len(data) > 0 {
		n, err := unix.SendmsgN(c.fd, data, rights, nil, unix.MSG_NOSIGNAL)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		data, rights = data[n:], nil
	}
	return nil
}

// receive reads one message; the other end's death is io.EOF. A descriptor that came with it belongs to the caller,
// else file is -1.
func (c *channel) receive() (k kind, payload []byte, file int, err error) {
	head := make([]byte, 5)
	if file, err = c.read(head, true); err != nil {
		return 0, nil, file, err
	}
	size := binary.LittleEndian.Uint32(head[1:])
	if size > maxMessage {
		return 0, nil, file, fmt.Errorf("message of %d bytes", size)
	}
	payload = make([]byte, size)
	if _, err = c.read(payload, false); errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return kind(head[0]), payload, file, err
}

func (c *channel) read(buf []byte, withRights bool) (file int, err error) {
	file = -1
	for len(buf) > 0 {
		var rights []byte
		if withRights {
			rights = make([]byte, unix.CmsgSpace(4))
		}
		n, got, _, _, err := unix.Recvmsg(c.fd, buf, rights, unix.MSG_CMSG_CLOEXEC)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.ECONNRESET || err == nil && n == 0:
			return file, io.EOF
		case err != nil:
			return file, err
		}
		if got > 0 {
			if file, err = oneRight(rights[:got]); err != nil {
				return file, err
			}
		}
		buf, withRights = buf[n:], false
	}
	return file, nil
}

func oneRight(control []byte) (int, error) {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil || len(messages) != 1 {
		return -1, fmt.Errorf("control message of %d parts: %v", len(messages), err)
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(fds) != 1 {
		return -1, fmt.Errorf("control message of %d descriptors: %v", len(fds), err)
	}
	return fds[0], nil
}
