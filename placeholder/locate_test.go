package placeholder

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestLocate(t *testing.T) {
	lines := func(n int, tag string) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf("%s%s%d", tag, body64, i))
		}
		return "-----BEGIN RSA PRIVATE KEY-----\n" + strings.Join(all, "\n") + "\n-----END RSA PRIVATE KEY-----"
	}
	tests := []struct {
		name, base, host string
		want             string // the project's file in tokens: $n, T for a new one; empty for that of the view
		states           string
	}{
		{"unchanged", "a: «k|one-value»\n", "a: «k|one-value»\n", "", "unchanged"},
		{"not found by the scan", "a: «k|one-value»\n", "a: one-value\n", "", "unchanged"},
		{"moved", "a: «one-value»\nb\n", "b\nz = «one-value»\n", "b\nz = $0\n", "unchanged"},
		{"rotated by name", "a: «k|one-value»\n", "x\n  a = «k|two-value»\n", "x\n  a = $0\n", "rotated"},
		{"rotated by its line", "a: «one-value»\nb\n", "a: «two-value»\nb\n", "", "rotated"},
		{"rotated, not found by the scan", "a: «one-value» # x\nb\n", "new\na: changeme # x\nb\n", "new\na: $0 # x\nb\n", "rotated"},
		{"rotated on a line with more", "a: «one-value»\n", "a: «two-value» # more\n", "a: $0 # more\n", "rotated"},
		{"one of two rotated", "a: «a|one-value»\nb: «b|one-value»\n", "a: «a|two-value»\nb: «b|one-value»\n", "", "rotated unchanged"},
		{"one of two rotated, without names", "a: «one-value»\nb: «one-value»\n", "a: «two-value»\nb: «one-value»\n", "", "rotated unchanged"},
		{"one of two rotated, and both moved", "a: «a|one-value»\nb: «b|one-value»\n", "b = «b|one-value»\na = «a|two-value»\n", "b = $0\na = $0\n", "rotated unchanged"},
		{"exchanged", "a: «a|one-value»\nb: «b|two-value»\n", "a: «a|two-value»\nb: «b|one-value»\n", "a: $1\nb: $0\n", "unchanged unchanged"},
		{"gone", "a: «k|one-value»\nb\n", "b\n", "b\n", "gone"},
		{"gone, something else on the line", "a: «k|one-value»\nb\n", "c = other\nb\n", "c = other\nb\n", "gone"},
		{"new", "a: «k|one-value»\n", "a: «k|one-value»\nb: «l|new-value»\n", "a: $0\nb: T\n", "unchanged"},
		{"known value at a new place", "a: «k|one-value»\n", "a: «k|one-value»\nb: «l|one-value»\n", "a: $0\nb: $0\n", "unchanged"},
		{"two lines that look alike", "v: «one-value»\nv: «two-value»\n", "v: x\nv: y\nv: z\n", "v: x\nv: y\nv: z\n", "gone gone"},
		{"rotated block", "k: «k|" + lines(2, "a") + "»\n", "k: «k|" + lines(2, "b") + "»\n", "", "rotated rotated"},
		{"longer block", "k: «k|" + lines(2, "a") + "»\n", "k: «k|" + lines(3, "b") + "»\n",
			"k: -----BEGIN RSA PRIVATE KEY-----\n$0\n$1\nT\n-----END RSA PRIVATE KEY-----\n", "rotated rotated"},
		{"longer block without a name", "k: «" + lines(2, "a") + "»\n", "k: «" + lines(3, "b") + "»\n",
			"k: -----BEGIN RSA PRIVATE KEY-----\n$0\n$1\nT\n-----END RSA PRIVATE KEY-----\n", "rotated rotated"},
		{"with other line ends", "a: «one-value»\nb\n", "a: «two-value»\r\nb\r\n", "a: $0\r\nb\r\n", "rotated"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := stage(t, tt.base, tt.host)
			ours, err := s.values.Redacted()
			if err != nil {
				t.Fatal(err)
			}
			want := s.with(tt.want)
			if tt.want == "" {
				want = string(s.view.Text)
			}
			for _, token := range anyToken.FindAllString(string(ours), -1) {
				if !strings.Contains(string(s.view.Text), token) {
					want = strings.Replace(want, "T\n", token+"\n", 1)
				}
			}
			var states []string
			for _, state := range s.values.States() {
				states = append(states, state.Status.String())
			}
			if got := strings.Join(states, " "); string(ours) != want || got != tt.states {
				t.Errorf("Redacted = %q, states %s, want %q, %s", ours, got, want, tt.states)
			}
		})
	}
}

// A block that has another number of lines by now is never put together from two.
func TestReshapedBlockIsNotMoved(t *testing.T) {
	base := "k: «k|one\ntwo»\nend\n"
	s := stage(t, base, "k: «k|eins\nzwei\ndrei»\nend\n")
	outcome := s.restore("k: \nend\nmoved: $0\n$1\n", Options{Accept: yes})
	if got := textOf(t, outcome); got != s.host {
		t.Errorf("Restore = %q, %v", got, outcome.Events())
	}
}

func TestLocateRefuses(t *testing.T) {
	s := stage(t, "a: «one-value»\nb: «b|two-value»\n", "")
	host := []byte("a: one-value\n")
	locate := func(r Record) error {
		_, err := Locate(s.view.Text, host, &r, testKey(1), nil)
		return err
	}
	copyOf := func(change func(*Record)) Record {
		text, err := json.Marshal(s.view.Record)
		if err != nil {
			t.Fatal(err)
		}
		var r Record
		if err := json.Unmarshal(text, &r); err != nil {
			t.Fatal(err)
		}
		change(&r)
		return r
	}
	if err := locate(copyOf(func(*Record) {})); err != nil {
		t.Fatalf("a record that was written and read: %v", err)
	}
	for name, change := range map[string]func(*Record){
		"version":          func(r *Record) { r.Version = 9 },
		"encoding":         func(r *Record) { r.Encoding = 9 },
		"another encoding": func(r *Record) { r.Encoding = UTF16LE },
		"sum":              func(r *Record) { r.Sum = "" },
		"start":            func(r *Record) { r.Places[0].Start++ },
		"far start":        func(r *Record) { r.Places[0].Start = 1<<63 - 1 },
		"negative":         func(r *Record) { r.Places[0].Start = -1 << 63 },
		"end":              func(r *Record) { r.Places[1].End = 1<<63 - 1 },
		"order":            func(r *Record) { r.Places[0], r.Places[1] = r.Places[1], r.Places[0] },
		"twice":            func(r *Record) { r.Places[1] = r.Places[0] },
		"token":            func(r *Record) { r.Places[0].Token = "" },
		"another token":    func(r *Record) { r.Places[0].Token = r.Places[1].Token },
		"mac":              func(r *Record) { r.Places[0].MAC = r.Places[1].MAC },
		"short mac":        func(r *Record) { r.Places[0].MAC = "00" },
		"quote":            func(r *Record) { r.Places[0].Quote = 'x' },
		"value":            func(r *Record) { r.Places[1].Value = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			if err := locate(copyOf(change)); !errors.Is(err, ErrRecord) {
				t.Errorf("Locate: %v, want ErrRecord", err)
			}
		})
	}
	if _, err := Locate(append(s.view.Text, 'x'), host, &s.view.Record, testKey(1), nil); !errors.Is(err, ErrRecord) {
		t.Errorf("another base: %v", err)
	}
	if _, err := Locate(s.view.Text, []byte("a\na: "+s.tokens[0]+"\n"), &s.view.Record, testKey(1), nil); !errors.Is(err, ErrWritten) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a project's file with a token in it: %v", err)
	}
	if _, err := Locate(s.view.Text, host, &s.view.Record, testKey(1), []Span{{Start: 0, End: 99}}); err == nil {
		t.Error("spans outside the file: no error")
	}
}
