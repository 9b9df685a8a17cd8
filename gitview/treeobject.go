package gitview

import (
	"errors"
	"fmt"
	"strings"
)

// mode is the mode of an entry of a tree or an index.
type mode uint32

const (
	dirMode  mode = 0o040000
	fileMode mode = 0o100644
	execMode mode = 0o100755
	linkMode mode = 0o120000 // a symlink
	gitMode  mode = 0o160000 // a commit of a submodule
)

// clean is m as git writes it today: old trees have modes such as 100664. It is 0 for what git does not know.
func (m mode) clean() mode {
	switch m & 0o170000 {
	case 0o100000:
		if m&0o100 != 0 {
			return execMode
		}
		return fileMode
	case dirMode, linkMode, gitMode:
		return m & 0o170000
	}
	return 0
}

// node is an entry of a tree.
type node struct {
	mode mode
	name string
	id   oid
}

// key is what git orders the entries of a tree by: a directory as though its name ended in a slash.
func (n node) key() string {
	if n.mode == dirMode {
		return n.name + "/"
	}
	return n.name
}

// appendNode appends n as a tree object has it.
func appendNode(b []byte, n node) []byte {
	b = fmt.Appendf(b, "%o %s", uint32(n.mode), n.name)
	b = append(b, 0)
	return append(b, n.id...)
}

func encodeTree(nodes []node) []byte {
	var b []byte
	for _, n := range nodes {
		b = appendNode(b, n)
	}
	return b
}

var errTree = errors.New("a tree object is malformed")

// decodeTree reads the entries of a tree. Their names are whatever the tree has; their order is that of the tree.
func (f *format) decodeTree(content []byte) (nodes []node, err error) {
	text := string(content) // one copy, which the names and ids are parts of
	for text != "" {
		space := strings.IndexByte(text, ' ')
		if space < 1 || space > 7 {
			return nil, errTree
		}
		m := mode(0)
		for _, digit := range []byte(text[:space]) {
			if digit < '0' || digit > '7' {
				return nil, errTree
			}
			m = m<<3 | mode(digit-'0')
		}
		text = text[space+1:]
		end := strings.IndexByte(text, 0)
		if end < 1 || len(text) < end+1+f.size {
			return nil, errTree
		}
		nodes = append(nodes, node{m.clean(), text[:end], oid(text[end+1 : end+1+f.size])})
		text = text[end+1+f.size:]
	}
	return nodes, nil
}
