package cache

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cofferdam/workspace"
)

func TestSettled(t *testing.T) {
	whole := then - then%second
	for name, c := range map[string]struct {
		mtime, ctime, readAt int64
		want                 bool
	}{
		"long ago":                  {then, then, readAt, true},
		"just before":               {then, then, then + 1, false},
		"within a step":             {then, then, then + clockStep, false},
		"after a step":              {then, then, then + clockStep + 1, true},
		"ctime within a step":       {then - second, then, then + clockStep, false},
		"mtime within a step":       {then, then - second, then + clockStep, false},
		"ctime in the future":       {then, readAt + 1, readAt, false},
		"mtime in the future":       {math.MaxInt64, then, readAt, false},
		"in seconds, one after":     {whole, whole, whole + second, false},
		"in seconds, two after":     {whole, whole, whole + 2*second, false},
		"in seconds, three after":   {whole, whole, whole + 3*second, true},
		"ctime in seconds, one":     {then - 9*second, whole, whole + second, false},
		"at the epoch":              {0, then, readAt, true},
		"before the epoch":          {-5, then, readAt, true},
		"the least mtime":           {math.MinInt64, then, readAt, true},
		"never read":                {then, then, 0, false},
		"read before all times":     {math.MinInt64, math.MinInt64, math.MinInt64, false},
		"read at the end of time":   {then, then, math.MaxInt64, true},
		"changed at the end of it":  {math.MaxInt64, math.MaxInt64, math.MaxInt64, false},
		"changed a step before end": {then, math.MaxInt64 - clockStep, math.MaxInt64, false},
	} {
		if got := (Key{Mtime: c.mtime, Ctime: c.ctime}).settled(c.readAt); got != c.want {
			t.Errorf("%s: settled = %v, want %v", name, got, c.want)
		}
	}
}

// What was read within a step of its change is found by its content alone.
func TestRacyFileIsReadAgain(t *testing.T) {
	dir := t.TempDir()
	c := openCache(t, dir, testRules)
	racy := Result{ReadAt: then + clockStep/2, Credential: "old"}
	c.Add(c.Key(file(0)), c.Content(text(0), ""), racy)
	c.Add(c.Key(file(7)), Content{}, racy)
	if err := c.Write(Whole); err != nil {
		t.Fatal(err)
	}
	c = openCache(t, dir, testRules)
	if c.Len() != 1 {
		t.Errorf("%d results, want 1: one that nothing can find is not kept", c.Len())
	}
	if _, ok := c.Find(c.Key(file(0)), later); ok {
		t.Error("Find served a file that may have changed since it was read")
	}
	if _, ok := c.FindContent(c.Content(text(0), "")); !ok {
		t.Error("FindContent does not know the content")
	}
	settled := result(0)
	c.Add(c.Key(file(0)), c.Content(text(0), ""), settled)
	if err := c.Write(Part); err != nil {
		t.Fatal(err)
	}
	c = openCache(t, dir, testRules)
	if _, ok := c.Find(c.Key(file(0)), later); !ok || c.Len() != 1 {
		t.Errorf("after a second reading: Find = %v among %d results, want true among 1", ok, c.Len())
	}
}

// An object is found by its id, size and place, with no time in it; any other is another object.
func TestObjectIsFoundByAllThatItIs(t *testing.T) {
	dir := t.TempDir()
	id := strings.Repeat("a1", 20)
	c := openCache(t, dir, testRules)
	c.Add(c.Object(id, 7, "conf/app"), Content{}, result(1))
	if err := c.Write(Whole); err != nil {
		t.Fatal(err)
	}
	c = openCache(t, dir, testRules)
	for name, o := range map[string]struct {
		id    string
		size  int64
		place string
		want  bool
	}{
		"it":             {id, 7, "conf/app", true},
		"another id":     {id[:39] + "2", 7, "conf/app", false},
		"a longer id":    {id + "00", 7, "conf/app", false},
		"another size":   {id, 8, "conf/app", false},
		"another place":  {id, 7, "conf/ap", false},
		"nothing at all": {},
	} {
		if got, ok := c.Find(c.Object(o.id, o.size, o.place), later); ok != o.want || ok && !cmp.Equal(got, result(1)) {
			t.Errorf("%s: Find = %+v, %v, want %v", name, got, ok, o.want)
		}
	}
}

// A clock that was set back says nothing of what was read before.
func TestReadingInTheFutureIsNotServed(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir, 2)
	c := openCache(t, dir, testRules)
	for now, want := range map[int64]bool{readAt - 1: false, readAt: true, later: true, 0: false, math.MinInt64: false} {
		if _, ok := c.Find(c.Key(file(1)), now); ok != want {
			t.Errorf("Find at %d = %v, want %v", now-readAt, ok, want)
		}
	}
}

// For every change of a file after a reading: Find does not serve what was read. The kernel is the judge.
func TestNoChangeIsMissed(t *testing.T) {
	dir, caches := t.TempDir(), t.TempDir()
	root, err := workspace.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	name := filepath.Join(dir, "f")
	served := 0
	for round := range 40 {
		old := fmt.Sprintf("%04d", round)
		if err := os.WriteFile(name, []byte(old), 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.IntN(40)) * time.Millisecond)
		c := Open(caches, dir, testRules)
		began := time.Now().UnixNano()
		e, err := root.Lookup("f")
		if err != nil {
			t.Fatal(err)
		}
		c.Add(c.Key("f", e.Stat), Content{}, Result{ReadAt: began, Credential: old})
		if err := c.Write(Whole); err != nil {
			t.Fatal(err)
		}
		changed := rand.IntN(2) == 0
		if changed {
			if err := os.WriteFile(name, []byte("new!"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if e, err = root.Lookup("f"); err != nil {
			t.Fatal(err)
		}
		c = Open(caches, dir, testRules)
		_, ok := c.Find(c.Key("f", e.Stat), time.Now().UnixNano())
		if ok && changed {
			t.Fatalf("round %d: the file has changed and its old result was served", round)
		}
		if ok {
			served++
		}
	}
	if served == 0 {
		t.Error("nothing was ever served")
	}
}

// No two of many like paths, and no two of many like identities, share a hash.
func TestHashesSpread(t *testing.T) {
	var key [32]byte
	rand.NewChaCha8([32]byte{7}).Read(key[:])
	s := seedsOf(key)
	paths, keys := map[uint64]string{}, map[uint64]Key{}
	for i := range 200_000 {
		path := fmt.Sprintf("%0*d", 1+i%40, i)
		if other, ok := paths[s.path(path)]; ok && other != path {
			t.Fatalf("%q and %q have one hash", path, other)
		}
		paths[s.path(path)] = path
		k := Key{Path: 1, Dev: uint64(i % 3), Ino: uint64(i % 1000), Size: int64(i % 7), Mtime: then, Ctime: then + int64(i/1000)}
		if other, ok := keys[s.key(k)]; ok && other != k {
			t.Fatalf("%v and %v have one hash", k, other)
		}
		keys[s.key(k)] = k
	}
	for _, pair := range [][2]string{{"", "\x00"}, {"a", "a\x00"}, {"12345678", "12345678\x00"}, {"12345678", "123456780"}} {
		if s.path(pair[0]) == s.path(pair[1]) {
			t.Errorf("%q and %q have one hash", pair[0], pair[1])
		}
	}
}
