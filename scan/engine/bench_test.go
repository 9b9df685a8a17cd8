package engine

import (
	"fmt"
	"strings"
	"testing"
)

func BenchmarkFind(b *testing.B) {
	w := newWriter(7, nil)
	cfg, err := defaultConfig()
	if err != nil {
		b.Fatal(err)
	}
	e := newPair(b, cfg).engine
	plain := strings.Repeat("func add(a, b int) int {\n\treturn a + b // the sum of both\n}\n", 1<<14)
	assignments := strings.Repeat("token: \""+w.matching("[a-z0-9]{30}")+"\"\nx := keyOf(y)\n", 1<<14)
	for name, text := range map[string]string{"code": plain, "assignments": assignments} {
		for _, depth := range []int{0, 5} {
			b.Run(fmt.Sprintf("%s/%d", name, depth), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					e.Find(b.Context(), "a.go", text, depth)
				}
			})
		}
		b.Run(name+"/read", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			n := 0
			for b.Loop() {
				n += strings.Count(text, "\n")
			}
		})
	}
}
