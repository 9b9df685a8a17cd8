package diff3

import "bytes"

// probed is how much of a content git looks at.
const probed = 8000

// IsBinary reports whether git takes content for binary: a NUL is among its first 8000 bytes. Merge does not ask; a
// merge of binary contents by lines is well defined and seldom of use.
func IsBinary(content []byte) bool {
	return bytes.IndexByte(content[:min(len(content), probed)], 0) >= 0
}
