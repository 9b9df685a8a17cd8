package patch

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"cofferdam/workspace"
)

// Modes of a content, as git has them.
const (
	plainMode      = 0o100644
	executableMode = 0o100755
	symlinkMode    = 0o120000
)

func fileMode(mode uint32) uint32 {
	if mode&0o100 != 0 {
		return executableMode
	}
	return plainMode
}

// errDefer says that a content is too large to be read beside others.
var errDefer = errors.New("content is large")

// id is the name that git has for a content.
type id [sha1.Size]byte

func (i id) String() string { return hex.EncodeToString(i[:]) }

// content is one side of a path as git sees it: a file, the text of a symlink, or, with mode 0, nothing.
type content struct {
	mode uint32
	size int64
	id   id
	hash workspace.Hash

	data []byte // where the content is not large
	root *workspace.Root
	path workspace.Path
}

func (c *content) exists() bool { return c.mode != 0 }

// large reports whether the content is streamed from its file instead of held.
func (c *content) large() bool { return c.root != nil }

// isText reports whether the content can stand in a patch by lines.
func (c *content) isText() bool {
	return !c.large() && bytes.IndexByte(c.data[:min(len(c.data), binaryProbe)], 0) < 0 &&
		(len(c.data) <= lineLimit || bytes.Count(c.data, []byte{'\n'}) <= lineLimit)
}

func symlink(target string) content {
	c := content{mode: symlinkMode, size: int64(len(target)), data: []byte(target)}
	c.identify()
	return c
}

func (c *content) identify() {
	sum := blobHash(c.size)
	sum.Write(c.data)
	c.id = id(sum.Sum(nil))
	c.hash = sha256.Sum256(c.data)
}

// blobHash is git's hash of a content of size bytes, which are still to be written to it.
func blobHash(size int64) hash.Hash {
	sum := sha1.New()
	fmt.Fprintf(sum, "blob %d\x00", size)
	return sum
}

// readFile reads the file at path. One of more than limit bytes is errDefer; one over textLimit is hashed, not held;
// one over patchLimit is neither.
func readFile(root *workspace.Root, path workspace.Path, limit int64) (content, error) {
	f, err := root.OpenFile(path)
	if err != nil {
		return content{}, err
	}
	defer f.Close()
	before, err := workspace.StatFile(f)
	if err != nil {
		return content{}, err
	}
	c := content{mode: fileMode(before.Mode), size: before.Size}
	switch {
	case c.size > limit:
		return content{}, errDefer
	case c.size > patchLimit:
		c.root, c.path = root, path
		return c, nil
	case c.size > textLimit:
		c.root, c.path = root, path
		err = c.hashFrom(f)
	default:
		c.data = make([]byte, c.size)
		if _, err = io.ReadFull(f, c.data); err == nil {
			c.identify()
		}
	}
	if after, statErr := workspace.StatFile(f); err == nil && statErr == nil && !before.Unchanged(after) {
		err = errors.New("changed while it was read")
	}
	return c, err
}

func (c *content) hashFrom(r io.Reader) error {
	blob, sum := blobHash(c.size), sha256.New()
	n, err := io.Copy(io.MultiWriter(blob, sum), r)
	if err == nil && n != c.size {
		err = io.ErrUnexpectedEOF
	}
	blob.Sum(c.id[:0])
	sum.Sum(c.hash[:0])
	return err
}

// copyTo writes the content to w. What is not the content that was identified is an error.
func (c *content) copyTo(w io.Writer) error {
	if !c.large() {
		_, err := w.Write(c.data)
		return err
	}
	f, err := c.root.OpenFile(c.path)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := blobHash(c.size)
	if _, err := io.Copy(io.MultiWriter(w, sum), io.LimitReader(f, c.size)); err != nil {
		return err
	}
	if id(sum.Sum(nil)) != c.id {
		return fmt.Errorf("%q changed while it was read", c.path)
	}
	return nil
}
