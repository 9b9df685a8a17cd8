package allow

import (
	"bytes"
	"fmt"
	"io"
)

// What is read from a project is bounded, in bytes where nothing else is said.
const (
	maxIgnore       = 256 << 10
	maxIgnoreLines  = 5_000
	maxFingerprints = 8 << 20
	maxIgnoreWork   = 1 << 27 // steps of matching: seconds at the worst, and more than any honest file takes
	maxBaseline     = 64 << 20
)

// read reads all of r, which may have no more than most bytes.
func read(r io.Reader, most int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > most {
		return nil, fmt.Errorf("has more than %d bytes", most)
	}
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), nil
}
