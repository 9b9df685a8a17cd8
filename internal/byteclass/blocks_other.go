//go:build !amd64 || purego

package byteclass

const hasWide = false

func wideBlocks(*Class, *byte, int, *uint64) { panic("BUG: there are no wide blocks here") }
