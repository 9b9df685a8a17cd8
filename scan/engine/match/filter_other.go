//go:build !amd64 || purego

package match

const hasWide = false

func findWide(bits *[1024]uint32, block *byte, size int, list *places) (done, n, all int) {
	panic("BUG: there is no wide filter here")
}
