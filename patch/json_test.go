package patch

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJSON(t *testing.T) {
	before := tree{"a": file("1\n2\n"), "bin": file("\x00"), "d": dir(tree{}), "gone\x1b": file("1\n")}
	after := tree{
		"a": file("1\n3\n"), "bin": file("\x00\x01"), "d": &node{dir: tree{}, mode: 0o700}, "l": link("\u202etxt\xff"),
		"n\xe9": file("<&>\n"), "\u009b\U000e0001": file(""),
	}
	p := newPair(t, before, after)
	p.set.Find("a").Refused = "setuid"
	p.set.Find("l").Collides = true
	var b bytes.Buffer
	if err := JSON(t.Context(), &b, p.set, p.trees, nil); err != nil {
		t.Fatal(err)
	}
	want := `{"version":1,"changes":[
{"path":"a","kind":"modify","old":{"type":"file","mode":"0644","size":4,"hash":"H"},"new":{"type":"file","mode":"0644","size":4,"hash":"H"},"refused":"setuid","added":1,"deleted":1},
{"path":"bin","kind":"modify","old":{"type":"file","mode":"0644","size":1,"hash":"H"},"new":{"type":"file","mode":"0644","size":2,"hash":"H"},"added":0,"deleted":0,"binary":true},
{"path":"d","kind":"modify","old":{"type":"directory","mode":"0755","size":0},"new":{"type":"directory","mode":"0700","size":0},"added":0,"deleted":0},
{"path":"gone\u001b","kind":"delete","old":{"type":"file","mode":"0644","size":2,"hash":"H"},"added":0,"deleted":1},
{"path":"l","kind":"add","new":{"type":"symlink","mode":"0777","size":0,"target":"\u202etxt` + "\ufffd" + `","target_bytes":"4oCudHh0/w=="},"collides":true,"added":1,"deleted":0},
{"path":"n` + "\ufffd" + `","path_bytes":"buk=","kind":"add","new":{"type":"file","mode":"0644","size":4,"hash":"H"},"added":1,"deleted":0},
{"path":"\u009b\udb40\udc01","kind":"add","new":{"type":"file","mode":"0644","size":0,"hash":"H"},"added":0,"deleted":0}
],"summary":{"files":6,"directories":1,"insertions":3,"deletions":2}}
`
	got := regexp.MustCompile(`[0-9a-f]{64}`).ReplaceAllString(b.String(), "H")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	var value struct {
		Changes []struct{ Path string }
	}
	if err := json.Unmarshal(b.Bytes(), &value); err != nil {
		t.Fatal(err)
	}
	if got, want := value.Changes[6].Path, "\u009b\U000e0001"; got != want {
		t.Errorf("path is %q, want %q", got, want)
	}
}

func TestJSONOfNothing(t *testing.T) {
	p := newPair(t, nil, nil)
	var b bytes.Buffer
	if err := JSON(t.Context(), &b, p.set, p.trees, nil); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(b.Bytes()) {
		t.Errorf("%s is not JSON", b.String())
	}
}

func TestJSONHead(t *testing.T) {
	p := newPair(t, nil, nil)
	const rest = `"changes":[
],"summary":{"files":0,"directories":0,"insertions":0,"deletions":0}}
`
	for _, tt := range []struct {
		head any
		want string
	}{
		{struct {
			Session string `json:"session"`
			Rows    []int  `json:"rows"`
		}{"s\u202e", []int{1}}, `{"version":1,"session":"s\u202e","rows":[1],` + rest},
		{struct{}{}, `{"version":1,` + rest},
		{[]int{1}, ""},
	} {
		var b bytes.Buffer
		err := JSON(t.Context(), &b, p.set, p.trees, tt.head)
		if (err != nil) != (tt.want == "") || b.String() != tt.want {
			t.Errorf("JSON with head %v = %q, %v, want %q", tt.head, b.String(), err, tt.want)
		}
	}
}
