package match

import (
	_ "embed"
	"math"
	"sync"
)

// frequencyData is how often three bytes, each cut down to its lower five bits, and single bytes follow one another in
// source: of Go's distribution (programs, tests, assembly, web pages, prose), of Kubernetes 1.34 (programs, generated
// ones, manifests), and of packages of npm (JavaScript as written, minified, and as source maps). Each is a byte, eight
// times the logarithm to base two of occurrences in 2^24 bytes. To count anew: go run ./generate DIRECTORY...
//
//go:embed frequency.bin
var frequencyData string

// frequencies are the chances that a place in a text holds something.
type frequencies struct {
	trigram [1 << 15]float64
	pair    [1 << 10]float64 // the first two of a trigram
	single  [256]float64
}

var ordinary = sync.OnceValue(func() *frequencies {
	var f frequencies
	chance := func(code byte) float64 {
		if code == 0 {
			return 1e-8
		}
		return math.Exp2(float64(code)/8 - 24)
	}
	for i := range f.trigram {
		f.trigram[i] = chance(frequencyData[i])
		f.pair[i&(1<<10-1)] += f.trigram[i]
	}
	for b := range f.single {
		f.single[b] = chance(frequencyData[1<<15+b])
	}
	return &f
})

// fold is a byte as the filter sees it: letters without case, and some digits and signs like letters.
func fold(b byte) uint32 { return uint32(b & 31) }
