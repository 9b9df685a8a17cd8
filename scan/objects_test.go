package scan

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cofferdam/rules"
	"cofferdam/workspace"
)

type object struct {
	path    workspace.Path
	content string
}

// id stands for what git names it by.
func (o object) id() string { return fmt.Sprintf("%040x", len(o.content)*1000+len(o.path)) }

func (o object) size() int64 { return int64(len(o.content)) }

var someObjects = []object{
	{"a.txt", "x\nkey = " + token + "\n"},
	{"sub/.env", "PASSWORD=hunter2hunter2\nkey: " + token + "\n"},
	{"id_rsa", "a credential by its name"},
	{"conf/key.json", `{"private_key_id": "x", "password": "swordfish-9"}`},
	{"app/credentials.json", `{"password": "swordfish-9"}`},
	{"a.7z", "7z\xbc\xaf\x27\x1c\x00\x04"},
	{"plain", "nothing"},
	{"(commit message)", "the old key was " + token + "\n"},
}

// searchObjects searches what is not known, and says how much that was.
func searchObjects(t *testing.T, m *Objects, s *Searcher, list []object) (found map[workspace.Path][]Finding, lost []Incomplete, searched int) {
	t.Helper()
	found = map[workspace.Path][]Finding{}
	for _, o := range list {
		findings, incomplete, known := m.Find(o.id(), o.size(), o.path)
		if !known {
			var err error
			findings, incomplete, err = s.Search(t.Context(), o.path, []byte(o.content))
			must(t, err)
			m.Add(o.id(), o.size(), o.path, findings, incomplete)
			searched++
		}
		found[o.path] = findings
		lost = append(lost, incomplete...)
	}
	return found, lost, searched
}

// Law: what is remembered of an object is what a search finds in it.
func TestObjectsAreRememberedAsFound(t *testing.T) {
	names := rules.NewSet(nil, nil)
	options := Options{CacheDir: t.TempDir()}
	s := NewSearcher(options).Judging(names)
	m := OpenObjects("/project", names, options)
	want, lost, searched := searchObjects(t, m, s, someObjects)
	whole := 0
	for _, list := range want {
		if n := len(list); n > 0 && list[n-1].whole() {
			whole++
		}
	}
	if searched != len(someObjects) || whole < 2 || len(want["sub/.env"]) < 2 || len(lost) != 1 {
		t.Fatalf("%d objects searched, %d credential files, %d findings in sub/.env, %v", searched, whole, len(want["sub/.env"]), lost)
	}
	m.Write(true)

	m = OpenObjects("/project", names, options)
	got, again, searched := searchObjects(t, m, s, someObjects)
	if searched != 0 {
		t.Errorf("%d known objects were searched", searched)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Finding{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("findings (-searched +remembered):\n%s", diff)
	}
	if diff := cmp.Diff(lost, again); diff != "" {
		t.Errorf("incomplete (-searched +remembered):\n%s", diff)
	}
	for name, other := range map[string]*Objects{
		"another project":  OpenObjects("/other", names, options),
		"another depth":    OpenObjects("/project", names, Options{CacheDir: options.CacheDir, Depth: -1}),
		"no cache":         OpenObjects("/project", names, Options{CacheDir: options.CacheDir, NoCache: true}),
		"cache in project": OpenObjects(filepath.Dir(options.CacheDir), names, options),
		"nowhere":          OpenObjects("/project", names, Options{}),
	} {
		if _, _, searched := searchObjects(t, other, s, someObjects); searched != len(someObjects) {
			t.Errorf("%s: %d objects searched, want all %d", name, searched, len(someObjects))
		}
	}
}

// An object is judged by its path, and by the policy that holds for it now.
func TestObjectElsewhereIsNotKnown(t *testing.T) {
	names := rules.NewSet(nil, nil)
	options := Options{CacheDir: t.TempDir()}
	s := NewSearcher(options).Judging(names)
	m := OpenObjects("/project", names, options)
	searchObjects(t, m, s, someObjects)
	m.Write(true)
	m = OpenObjects("/project", names, options)
	o := someObjects[0]
	if _, _, ok := m.Find(o.id(), o.size(), "b.txt"); ok {
		t.Error("known at another path")
	}
	if _, _, ok := m.Find(strings.Repeat("0", 40), o.size(), o.path); ok {
		t.Error("known by another id")
	}
	config, err := rules.DecodeConfig("c", []byte("[[path]]\npattern='plain'\naction='hide'\n"))
	must(t, err)
	policy, err := rules.NewPolicy(nil, config)
	must(t, err)
	strict := rules.NewSet(nil, policy)
	m = OpenObjects("/project", strict, options)
	found, _, searched := searchObjects(t, m, NewSearcher(options).Judging(strict), someObjects)
	if searched != 1 || len(found["plain"]) != 1 || !found["plain"][0].whole() {
		t.Errorf("with a policy that hides one: %d searched, found %+v", searched, found["plain"])
	}
}

// Law: what is damaged is forgotten, and remembered again.
func TestDamagedObjectsAreForgotten(t *testing.T) {
	names := rules.NewSet(nil, nil)
	options := Options{CacheDir: t.TempDir()}
	s := NewSearcher(options).Judging(names)
	for round := range 2 {
		m := OpenObjects("/project", names, options)
		if _, _, searched := searchObjects(t, m, s, someObjects); searched != len(someObjects) {
			t.Errorf("round %d: %d objects searched, want all %d", round, searched, len(someObjects))
		}
		m.Write(true)
		caches, err := filepath.Glob(filepath.Join(options.CacheDir, "*"))
		must(t, err)
		raw, err := os.ReadFile(caches[0])
		must(t, err)
		raw[len(raw)/2] ^= 1
		must(t, os.WriteFile(caches[0], raw, 0o600))
	}
}

// Many may ask and add at once, in several processes, and what one of them has written is whole.
func TestObjectsOfManyAtOnce(t *testing.T) {
	names := rules.NewSet(nil, nil)
	options := Options{CacheDir: t.TempDir()}
	s := NewSearcher(options).Judging(names)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			m := OpenObjects("/project", names, options)
			var inner sync.WaitGroup
			for range 2 {
				inner.Go(func() { searchObjects(t, m, s, someObjects) })
			}
			inner.Wait()
			m.Write(true)
		})
	}
	group.Wait()
	if _, _, searched := searchObjects(t, OpenObjects("/project", names, options), s, someObjects); searched != 0 {
		t.Errorf("%d objects searched again", searched)
	}
}
