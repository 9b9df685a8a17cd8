package sandbox

import (
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sys/unix"
)

// ErrEnded says that there is no command any more to hide a path from.
var ErrEnded = errors.New("the command has ended")

// covers is the caller's side of Prepared.Cover.
type covers struct {
	turn sync.Mutex // who has it waits for an answer

	started chan struct{} // closed when the command has been started
	ended   chan struct{} // closed when it has ended, or was not started
	answers chan vanished
	begun   sync.Once
	over    sync.Once

	mu      sync.Mutex
	channel *channel // nil unless the command runs
}

func newCovers() *covers {
	return &covers{started: make(chan struct{}), ended: make(chan struct{}), answers: make(chan vanished, 1)}
}

// Cover takes a path of the view, relative to its root, out of it, with all that it holds, while Run is under way on
// another goroutine: from its return on no process of the sandbox finds it by name. One that has it open goes on reading.
// What the command itself may have at that path goes too. In the upper layer it leaves what a deletion would.
//
// Cover waits until the command has been started. Seen says that the view had something there up to then. The error is
// ErrEnded once the first command has ended, or that of the kernel where the path could not be covered, such as EACCES for a
// directory that the caller may not write to, and EROFS where the view has no upper layer. It is safe for concurrent use.
func (p *Prepared) Cover(path string) (seen bool, err error) {
	c := p.covers
	c.turn.Lock()
	defer c.turn.Unlock()
	select {
	case <-c.started:
	case <-c.ended:
		return false, ErrEnded
	}
	if err := c.send(path); err != nil {
		return false, err
	}
	select {
	case v := <-c.answers:
		if v.errno != 0 {
			return v.seen, fmt.Errorf("cover: %w", v.errno)
		}
		return v.seen, nil
	case <-c.ended:
		return false, ErrEnded
	}
}

func (c *covers) send(path string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.channel == nil || c.channel.send(msgVanish, []byte(path), -1) != nil {
		return ErrEnded
	}
	return nil
}

// begin says that the command runs.
func (c *covers) begin(to *channel) {
	c.begun.Do(func() {
		c.mu.Lock()
		c.channel = to
		c.mu.Unlock()
		close(c.started)
	})
}

// end says that it does not. Afterwards the channel is not used any more.
func (c *covers) end() {
	c.mu.Lock()
	c.channel = nil
	c.mu.Unlock()
	c.over.Do(func() { close(c.ended) })
}

// answer passes on what the init process says.
func (c *covers) answer(payload []byte) {
	if v, err := decodeVanished(payload); err == nil {
		select {
		case c.answers <- v:
		default: // Nobody asked.
		}
	}
}

// vanished is what came of one Cover.
type vanished struct {
	seen  bool
	errno unix.Errno
}

func (v *vanished) code(c *codec) {
	c.flag(&v.seen)
	n := uint64(v.errno)
	c.num(&n)
	v.errno = unix.Errno(n)
}

func (v vanished) encode() []byte {
	c := &codec{}
	v.code(c)
	return c.buf
}

func decodeVanished(data []byte) (v vanished, err error) {
	c := &codec{buf: data, reading: true}
	v.code(c)
	return v, c.err
}
