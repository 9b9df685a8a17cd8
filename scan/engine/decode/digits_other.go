//go:build !amd64 || purego

package decode

const hasWide = false

func wideBlocks(*byte, int, *blocks) { panic("BUG: there are no wide blocks here") }
