package match

import (
	"fmt"
	"math/bits"
	"sort"
	"testing"
)

func TestStat3(t *testing.T) {
	texts, _ := treeTexts()
	o := gitleaksOracle()
	list := new(places)
	var size, found, sifted, groups, stands, ok, follow, edge int
	bad := map[string]int{}
	good := map[string]int{}
	per := map[int]int{}
	sc := newScan(o.set)
	for _, text := range texts {
		size += len(text)
		b := bytesOf(text)
		sc.begin(text)
		edge += bits.OnesCount64(o.set.plain.led)
		for base := 0; base < rounds(len(text)); base += blockSize {
			n, _ := o.set.marks.find(b[base:min(base+blockSize+reach-stride, len(text))], list)
			found += int(n)
			n = o.set.plain.sift(b, base, list, n)
			sifted += int(n)
			for _, d := range list[:n] {
				for _, from := range []int{base + int(d) - 1, base + int(d)} {
					if from < 0 || from+4 > len(text) {
						continue
					}
					for g := sc.groups(o.set.plain, from); g != 0; g &= g - 1 {
						groups++
						x := bits.TrailingZeros64(g)
						for _, id := range o.set.plain.windows[x] {
							if len(o.set.plain.windows[x]) > 1 {
								stands++
							}
							w := &o.set.windows[id]
							if sc.stands(w, from) {
								ok++
								key := ""
								for _, c := range w.cuts {
									key += fmt.Sprint(o.set.cuts[c].rule, " ")
								}
								if w.gap == nil || w.gap.follows(text, from+w.lead) {
									follow++
									good[fmt.Sprint(w.gap == nil, text[from:from+4], " ", key)]++
								}
							} else {
								bad[text[from:from+4]]++
								per[x]++
							}
						}
					}
				}
			}
		}
	}
	fmt.Println("size", size, "found", found, "sifted", sifted, "groups", groups, "stands", stands, "ok", ok, "follow", follow, "edge", edge, "windows", len(o.set.windows))
	show := func(m map[string]int) {
		var l []string
		sum := 0
		for k, n := range m {
			l = append(l, k)
			sum += n
		}
		sort.Slice(l, func(i, j int) bool { return m[l[i]] > m[l[j]] })
		fmt.Println("total", sum)
		for _, k := range l[:min(40, len(l))] {
			fmt.Printf("%q %d; ", k, m[k])
		}
		fmt.Println()
	}
	show(bad)
	show(good)
	fmt.Println(per)
}
