package cache

import "testing"

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

// The key is random, so that a hash of one cache says nothing about another's.
func TestCachesHaveKeysOfTheirOwn(t *testing.T) {
	one, two := openCache(t, t.TempDir(), testRules), openCache(t, t.TempDir(), testRules)
	if one.Content(text(1), "") == two.Content(text(1), "") {
		t.Error("two caches give one content the same name")
	}
	if one.Object("id", 1, "place") == two.Object("id", 1, "place") {
		t.Error("two caches give one object the same identity")
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
