package apply

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"cofferdam/placeholder"
)

const (
	largePiece = 8 << 20 // bytes
	// largeOverlap is how much of a piece is in the next one, too: more than any way to write a known value, or a placeholder.
	largeOverlap = 64 << 10
)

// checkLarge looks for placeholders and known values in a content that is too large for the rules, and tells that these did not
// see it.
func (p *planner) checkLarge(ctx context.Context, it *item) error {
	f, err := p.options.Content.OpenFile(it.Path)
	if err != nil {
		it.clash(Unreadable, "what would land cannot be read: %v", err)
		return nil
	}
	defer f.Close()
	sum := sha256.New()
	r := io.TeeReader(io.LimitReader(f, it.New.Size+1), sum)
	buf, have := make([]byte, largePiece), 0
	for {
		n, err := io.ReadFull(r, buf[have:])
		have += n
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			it.clash(Unreadable, "what would land cannot be read: %v", err)
			return nil
		}
		p.checkPiece(it, buf[:have])
		if end || it.fate == held {
			break
		}
		have = copy(buf, buf[have-largeOverlap:have])
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if it.fate != held && [sha256.Size]byte(sum.Sum(nil)) != it.New.Hash {
		it.clash(Unreadable, "what would land cannot be read: %v", errChanged)
		return nil
	}
	p.note(it, SecretEvent{Path: it.Path, Kind: Unsearched, Where: InContent, Name: fmt.Sprintf("it has %d bytes", it.New.Size)})
	return nil
}

func (p *planner) checkPiece(it *item, piece []byte) {
	for _, e := range p.set.Strays(piece) {
		if e.Kind != placeholder.Unknown { // Those of others may have been there before.
			event := eventOf(it.Path, e)
			event.Line, event.Column = 0, 0
			p.note(it, event)
			return
		}
	}
	if name, found := p.options.Secrets.known().In(piece); found {
		p.note(it, SecretEvent{Path: it.Path, Kind: KnownValue, Where: InContent, Name: name})
	}
}
