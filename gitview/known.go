package gitview

import (
	"crypto/sha256"
	"fmt"
	"io"
)

// Known is a set of values that must not be shown.
type Known struct {
	// In reports whether text has one of them, and which, in words that do not tell it. Nil where none is known. It is
	// called from several goroutines at once.
	In func(text []byte) (name string, found bool)
	// Digest stands for the set, in a way that does not help to guess the values. Where it is zero, nothing is taken from
	// Options.Shelf, whose blobs were searched for other ones.
	Digest [sha256.Size]byte
}

func (k Known) has(text []byte) bool {
	if k.In == nil {
		return false
	}
	_, found := k.In(text)
	return found
}

// check refuses text where it has a known value; what is the text's kind.
func (k Known) check(what string, text []byte) error {
	if k.In == nil {
		return nil
	}
	if name, found := k.In(text); found {
		return fmt.Errorf("a %s holds the value of %q", what, name)
	}
	return nil
}

// A value that is looked for in a large file has to lie in one window of it, or in what two have in common.
const (
	knownWindow = 8 << 20
	knownShared = 1 << 20
)

// checkAll is check of all that r has.
func (k Known) checkAll(what string, r io.Reader) error {
	if k.In == nil {
		return nil
	}
	window := make([]byte, knownWindow)
	kept := 0
	for {
		n, err := io.ReadFull(r, window[kept:])
		if err := k.check(what, window[:kept+n]); err != nil {
			return err
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err != nil {
			return err
		}
		kept = copy(window, window[knownWindow-knownShared:])
	}
}
