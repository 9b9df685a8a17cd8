package gitview

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"
)

// oid is the bytes of an object's id, as trees and indexes have them.
type oid string

func (o oid) String() string { return hex.EncodeToString([]byte(o)) }

// format is the hash that names the objects of a repository.
type format struct {
	name string
	size int // bytes of an id
	new  func() hash.Hash
}

var (
	formatSHA1   = &format{"sha1", sha1.Size, sha1.New}
	formatSHA256 = &format{"sha256", sha256.Size, sha256.New}
)

func formatNamed(name string) (*format, error) {
	switch name {
	case "", "sha1":
		return formatSHA1, nil
	case "sha256":
		return formatSHA256, nil
	}
	return nil, fmt.Errorf("object format %.20q is not known", name)
}

// parse reads a hexadecimal id.
func (f *format) parse(text string) (oid, error) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != f.size {
		return "", fmt.Errorf("%.80q is no %s id", text, f.name)
	}
	return oid(raw), nil
}

// kind is the type of an object, by the number that a pack gives it.
type kind uint8

const (
	commitKind kind = iota + 1
	treeKind
	blobKind
)

func (k kind) String() string {
	return [...]string{"", "commit", "tree", "blob"}[k]
}

// hasher begins the hash of an object, whose bytes are still to be written to it.
func (f *format) hasher(k kind, size int64) hash.Hash {
	h := f.new()
	header := append([]byte(k.String()), ' ')
	header = strconv.AppendInt(header, size, 10)
	h.Write(append(header, 0))
	return h
}

// id is the id of an object.
func (f *format) id(k kind, content []byte) oid {
	h := f.hasher(k, int64(len(content)))
	h.Write(content)
	return oid(h.Sum(nil))
}
