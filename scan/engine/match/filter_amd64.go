//go:build !purego

package match

import "golang.org/x/sys/cpu"

// hasWide reports whether findWide can run here. Its gathers make it two to three times as fast as find alone.
var hasWide = cpu.X86.HasAVX512F && cpu.X86.HasPOPCNT

// findWide does what find does, 32 bytes a round while there are 34, with bits for marks. It returns the bytes done, the
// number of places, and 0x80 if a byte is not ASCII.
//
//go:noescape
func findWide(bits *[1024]uint32, block *byte, size int, list *places) (done, n, all int)
