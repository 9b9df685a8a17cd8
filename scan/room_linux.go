package scan

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// hugePage is the size of the larger pages of most processors, in bytes.
const hugePage = 2 << 20

// newRoom allots size bytes. A large room is asked for in large pages: to get one of its small ones when it is first
// written to takes the kernel as long as to read from a file what fits in.
func newRoom(size int) []byte {
	if size < hugePage {
		return make([]byte, size)
	}
	b := make([]byte, size+hugePage)
	skip := -uintptr(unsafe.Pointer(unsafe.SliceData(b))) % hugePage
	b = b[skip : skip+uintptr(size)]
	_ = unix.Madvise(b, unix.MADV_HUGEPAGE)
	return b
}
