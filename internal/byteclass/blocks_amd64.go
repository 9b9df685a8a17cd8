//go:build !purego

package byteclass

import "golang.org/x/sys/cpu"

var hasWide = cpu.X86.HasAVX512BW

// wideBlocks sets count blocks.
//
//go:noescape
func wideBlocks(c *Class, text *byte, count int, blocks *uint64)
