package match

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"testing"
	"time"

	"cofferdam/rules/secret"
)

func packExprs() []Expr {
	var exprs []Expr
	names, texts := secret.Packs()
	for i := range names {
		p, err := secret.ParsePack(names[i], texts[i])
		if err != nil {
			fmt.Println(names[i], err)
			continue
		}
		for _, r := range p.Config.Rules {
			if r.Regex != "" {
				exprs = append(exprs, Expr{r.Regex, r.Keywords})
			}
		}
	}
	return exprs
}

func TestPacksLaw(t *testing.T) {
	exprs := packExprs()
	t.Log(len(exprs))
	o := newOracle(t, exprs)
	random := rand.New(rand.NewPCG(13, 15))
	n := 0
	for range 2 {
		for i := range exprs {
			n += o.check(t, randomText(random, exprs, i))
		}
	}
	t.Log(n)
}

func BenchmarkPacks(b *testing.B) {
	set, err := New(append(packExprs(), gitleaksExprs()...))
	if err != nil {
		b.Fatal(err)
	}
	benchTexts(b, func(text string) { set.FindAll(text, func(rule, start, end int) { sink++ }) })
}

func TestPacksStat(t *testing.T) {
	texts, _ := treeTexts()
	exprs := append(packExprs(), gitleaksExprs()...)
	start := time.Now()
	set, err := New(exprs)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("derive", time.Since(start), len(exprs), "windows", len(set.windows), "cuts", len(set.cuts))
	for _, s := range set.search {
		fmt.Printf("search %v %v %.100q\n", s.always, s.plain, exprs[s.rule])
	}
	sc := newScan(set)
	var tot work
	found, sifted, size, open := 0, 0, 0, 0
	opens := map[int]int{}
	wk := map[int]work{}
	run := map[string]int{}
	list := new(places)
	for _, text := range texts {
		size += len(text)
		for base := 0; base < rounds(len(text)); base += blockSize {
			n, _ := set.plain.find(bytesOf(text)[base:min(base+blockSize+reach-stride, len(text))], list)
			found += int(n)
			n = set.plain.sift(bytesOf(text), base, list, n)
			sifted += int(n)
			for _, d := range list[:n] {
				for _, from := range []int{base + int(d) - 1, base + int(d)} {
					if from < 0 || from+4 > len(text) {
						continue
					}
					sc.text = text
					for id := range set.windows {
						w := &set.windows[id]
						if set.plain.windows[0] != nil && sc.stands(w, from) && (w.gap == nil || w.gap.follows(text, from+w.lead)) && len(w.cuts) > 0 {
							c := set.cuts[w.cuts[0]]
							run[fmt.Sprintf("%q %d+%d %.80s", text[from:from+4], c.rule, len(w.cuts), c.tail)]++
						}
					}
				}
			}
		}
		sc.begin(text)
		sc.survey(set.plain)
		sc.surveyOdd(set.odd)
		for i := range sc.open {
			if sc.open[i] {
				open += len(text)
				opens[set.search[i].rule] += len(text)
			}
		}
		sc.searchOpen()
		tot.tail += sc.work.tail
		tot.made += sc.work.made
		for _, r := range sc.touched {
			sc.work = work{}
			sc.settle(r)
			w := wk[r]
			w.first += sc.work.first
			w.regexp += sc.work.regexp
			w.tail += len(sc.matches)
			w.made++
			wk[r] = w
		}
		sc.reset()
	}
	fmt.Printf("size %d found %d sifted %d open %d %v tail %d made %d\n", size, found, sifted, open, opens, tot.tail, tot.made)
	var l []int
	for r := range wk {
		l = append(l, r)
	}
	sort.Slice(l, func(i, j int) bool { return wk[l[i]].first+wk[l[i]].regexp*20 > wk[l[j]].first+wk[l[j]].regexp*20 })
	for _, r := range l[:min(15, len(l))] {
		fmt.Printf("%d %+v %.120s\n", r, wk[r], exprs[r].Regex)
	}
	var k []string
	sum := 0
	for x, n := range run {
		k = append(k, x)
		sum += n
	}
	sort.Slice(k, func(i, j int) bool { return run[k[i]] > run[k[j]] })
	fmt.Println("runs", sum)
	for _, x := range k[:min(30, len(k))] {
		fmt.Println(run[x], x)
	}
}
