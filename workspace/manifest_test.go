package workspace

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func sampleManifest() *Manifest {
	file := Stat{Type: File, Mode: 0o4755, Size: 7, Mtime: -5, Ctime: 9e18, Dev: 1, Ino: 1<<64 - 1, Nlink: 2, UID: 1, GID: 2}
	m := &Manifest{
		Visible: []Entry{
			{Path: "a", Stat: Stat{Type: Dir, Mode: 0o755}},
			{Path: "a-b", Stat: file, Hash: Hash{31: 1}},
			{Path: "a/b \"\n\xff", Stat: file, Hash: Hash{1}},
			{Path: "a/l", Stat: Stat{Type: Symlink, Mode: 0o777}, Target: "../x y\n\x00\xfe"},
			{Path: "a0", Stat: file, Hash: Hash{2}},
		},
		Hidden: []Entry{{Path: ".env", Stat: file}, {Path: "a/.ssh", Stat: Stat{Type: Dir}}},
	}
	SortEntries(m.Visible)
	SortEntries(m.Hidden)
	return m
}

func TestManifestRoundTrip(t *testing.T) {
	for _, want := range []*Manifest{{}, sampleManifest()} {
		var b bytes.Buffer
		n, err := want.WriteTo(&b)
		if err != nil || n != int64(b.Len()) {
			t.Fatalf("WriteTo = %d, %v; wrote %d", n, err, b.Len())
		}
		got, err := ReadManifest(&b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// A manifest cut short anywhere must not pass for a smaller one: what it does not name would look added.
func TestManifestCutShort(t *testing.T) {
	var b bytes.Buffer
	if _, err := sampleManifest().WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	for n := range b.Len() {
		if _, err := ReadManifest(bytes.NewReader(b.Bytes()[:n])); err == nil {
			t.Errorf("ReadManifest of the first %d of %d bytes succeeded", n, b.Len())
		}
	}
}

func TestManifestHostile(t *testing.T) {
	entry := func(path string) string { return "+ 1 644 0 0 0 0 0 0 0 0 0 - " + path + "\n" }
	tests := map[string]string{
		"header":    "cofferdam manifest 2\nend 0\n",
		"escape":    manifestHeader + "\n" + entry(`"../x"`) + "end 1\n",
		"absolute":  manifestHeader + "\n" + entry(`"/x"`) + "end 1\n",
		"unquoted":  manifestHeader + "\n" + entry(`x`) + "end 1\n",
		"order":     manifestHeader + "\n" + entry(`"b"`) + entry(`"a"`) + "end 2\n",
		"twice":     manifestHeader + "\n" + entry(`"a"`) + entry(`"a"`) + "end 2\n",
		"count":     manifestHeader + "\n" + entry(`"a"`) + "end 2\n",
		"more":      manifestHeader + "\n" + entry(`"a" "b"`) + "end 1\n",
		"long hash": manifestHeader + "\n" + strings.Replace(entry(`"a"`), " - ", " "+strings.Repeat("0", 66)+" ", 1) + "end 1\n",
		"mark":      manifestHeader + "\n" + "*" + entry(`"a"`)[1:] + "end 1\n",
	}
	for name, text := range tests {
		if m, err := ReadManifest(strings.NewReader(text)); err == nil {
			t.Errorf("%s: ReadManifest = %+v, want an error", name, m)
		}
	}
}

func FuzzReadManifest(f *testing.F) {
	var b bytes.Buffer
	sampleManifest().WriteTo(&b)
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := ReadManifest(bytes.NewReader(text))
		if err != nil {
			return
		}
		var again bytes.Buffer
		m.WriteTo(&again)
		twice, err := ReadManifest(&again)
		if err != nil || cmp.Diff(m, twice) != "" {
			t.Errorf("an accepted manifest does not survive a round trip: %v\n%s", err, cmp.Diff(m, twice))
		}
	})
}

func TestManifestLookups(t *testing.T) {
	m := sampleManifest()
	if m.Find("a-b") == nil || m.Find("a/zz") != nil {
		t.Error("Find finds the wrong things")
	}
	var below []Path
	for _, e := range m.Below("a") {
		below = append(below, e.Path)
	}
	if diff := cmp.Diff([]Path{"a/b \"\n\xff", "a/l"}, below); diff != "" {
		t.Error(diff)
	}
	if len(m.Below(Dot)) != len(m.Visible) || len(m.HiddenBelow("a")) != 1 {
		t.Error("Below(Dot) or HiddenBelow is incomplete")
	}
	for path, want := range map[Path]bool{".env": true, "a/.ssh": true, "a/.ssh/id/x": true, "a": false, ".envx": false, "a/.sshx": false} {
		if got := m.Covers(path); got != want {
			t.Errorf("Covers(%q) = %v, want %v", path, got, want)
		}
	}
}

func TestManifestUpdated(t *testing.T) {
	m := sampleManifest()
	got := m.Updated([]Entry{{Path: "a-b"}, {Path: "new", Stat: Stat{Type: File}}, {Path: "a0", Stat: Stat{Type: Dir}}})
	if got.Find("a-b") != nil || got.Find("new") == nil || got.Find("a0").Type != Dir || got.Find("a/l") == nil || len(got.Hidden) != 2 {
		t.Errorf("Updated = %+v", got)
	}
	if m.Find("a-b") == nil {
		t.Error("Updated changed its receiver")
	}
}
