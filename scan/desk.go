package scan

// desk is where one file is read and turned into text.
type desk struct {
	raw  []byte
	main text
	wide wideText
}

// of is the room for size bytes, always the same.
func (d *desk) of(size int) []byte {
	if d.raw == nil {
		d.raw = newRoom(size)
	}
	return d.raw
}

const (
	// smallDesk is the largest file, in bytes, that a reader has room for by itself.
	smallDesk = 1 << 20
	// memberDesk is as much of a member of an archive, in bytes, as is searched at once.
	memberDesk = 2 << 20
	// pieceSize is as much of a file as is searched at once. Smaller ones are read whole.
	pieceSize = 4 << 20
	// overlap is how much of a piece, at most, is in the next one too. A secret has to be shorter than a quarter of it
	// to be found for certain, and so has what makes it one: a word before it, an allowed context.
	overlap = 256 << 10
	// largeDesks bounds how many large files are read at once, and with them the memory of a scan.
	largeDesks = 4
)

// desks holds those for large files.
type desks chan *desk

func newDesks(readers int) desks {
	d := make(desks, min(readers, largeDesks))
	for range cap(d) {
		d <- &desk{}
	}
	return d
}

// take waits for a desk; bring gives it back.
func (d desks) take() *desk {
	desk := <-d
	desk.of(pieceSize)
	return desk
}

func (d desks) bring(desk *desk) { d <- desk }
