package cache

import (
	"bytes"
	"testing"
)

func TestContentIsOfItsScope(t *testing.T) {
	dir := t.TempDir()
	c := openCache(t, dir, testRules)
	c.Add(c.Key(file(1)), c.Content(text(1), "tests"), result(1))
	if err := c.Write(Whole); err != nil {
		t.Fatal(err)
	}
	c = openCache(t, dir, testRules)
	for scope, want := range map[string]bool{"tests": true, "": false, "tests\x00": false} {
		if _, ok := c.FindContent(c.Content(text(1), scope)); ok != want {
			t.Errorf("FindContent in scope %q = %v, want %v", scope, ok, want)
		}
	}
}

func TestHasherAgreesWithContent(t *testing.T) {
	c := openCache(t, t.TempDir(), testRules)
	h := c.Hasher()
	all := bytes.Repeat([]byte("0123456789"), 100)
	for _, piece := range []int{1, 7, 32, 64, 999, 1000} {
		h.Reset()
		for rest := all; len(rest) > 0; rest = rest[min(piece, len(rest)):] {
			h.Write(rest[:min(piece, len(rest))])
		}
		if got, want := h.Content("scope"), c.Content(all, "scope"); got != want {
			t.Errorf("in pieces of %d: %x, want %x", piece, got, want)
		}
	}
	if c.Content(all, "") == openCache(t, t.TempDir(), testRules).Content(all, "") {
		t.Error("two caches have the same key")
	}
}

func TestManyOfOneContent(t *testing.T) {
	dir := t.TempDir()
	c := openCache(t, dir, testRules)
	for i := range 2000 {
		c.Add(c.Key(file(i)), c.Content(nil, ""), Result{ReadAt: readAt})
	}
	c.Add(c.Key(file(3000)), c.Content(text(1), ""), result(1))
	if err := c.Write(Whole); err != nil {
		t.Fatal(err)
	}
	c = openCache(t, dir, testRules)
	if _, ok := c.FindContent(c.Content(nil, "")); !ok {
		t.Error("FindContent does not know the empty content")
	}
	if _, ok := c.FindContent(c.Content(text(1), "")); !ok {
		t.Error("FindContent does not know the other content")
	}
	if got := len(has(t, dir, 2000)); got != 2000 {
		t.Errorf("%d of 2000 files of one content are known", got)
	}
}
