//go:build !purego

package decode

import "golang.org/x/sys/cpu"

// hasWide reports whether wideBlocks can run here. It takes an eighth of the time of block.
var hasWide = cpu.X86.HasAVX512BW

// wideBlocks does what block does for count blocks of 64 bytes, one behind the other.
//
//go:noescape
func wideBlocks(text *byte, count int, masks *blocks)
