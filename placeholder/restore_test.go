package placeholder

import (
	"strings"
	"testing"
)

const config = "server:\n  host: example.org\n  password: «db.password|correct-horse»\n  user: app\nmail:\n  token: «mail.token|battery-staple»\n  port: 25\n"

// The rows of the design's table, in one file.
func TestRestore(t *testing.T) {
	view := strings.NewReplacer("«db.password|correct-horse»", "$0", "«mail.token|battery-staple»", "$1").Replace(config)
	plain, _ := spansOf(config)
	other := newToken("x", testKey(3).mac(nil))
	tests := []struct {
		name         string
		base         string // marked; config where it is empty
		host         string // marked; base where it is empty
		theirs       string // $n are the tokens
		options      Options
		want, events string
		wantHeld     int
	}{
		{name: "left", theirs: strings.Replace(view, "user: app", "user: web", 1), want: strings.Replace(plain, "user: app", "user: web", 1)},
		{name: "edited beside", theirs: strings.Replace(view, "$0", "$0 # rotate me", 1), events: "restored",
			want: strings.Replace(plain, "correct-horse", "correct-horse # rotate me", 1)},
		{name: "moved", theirs: "first: $1\n" + strings.Replace(view, "  token: $1\n", "", 1), events: "moved",
			want: "first: battery-staple\n" + strings.Replace(plain, "  token: battery-staple\n", "", 1)},
		{name: "re-indented", theirs: strings.Replace(view, "  password", "      password", 1), events: "restored",
			want: strings.Replace(plain, "  password", "      password", 1)},
		{name: "copied", theirs: view + "again: $0\n", events: "copied", want: plain + "again: correct-horse\n"},
		{name: "rotated", host: strings.Replace(config, "correct-horse", "new-value", 1), theirs: strings.Replace(view, "$0", "$0 #", 1),
			want: strings.Replace(plain, "correct-horse", "new-value #", 1), events: "restored(rotated)"},
		{name: "rotated and moved", host: strings.Replace(config, "correct-horse", "new-value", 1), theirs: "top: $0\n" + strings.Replace(view, "  password: $0\n", "", 1),
			want: "top: new-value\n" + strings.Replace(plain, "  password: correct-horse\n", "", 1), events: "moved(rotated)"},
		{name: "deleted", theirs: strings.Replace(view, "  password: $0\n", "", 1), want: plain, events: "deleted!", wantHeld: 1},
		{name: "deleted with a yes", theirs: strings.Replace(view, "  password: $0\n", "", 1), options: Options{Accept: yes},
			want: strings.Replace(plain, "  password: correct-horse\n", "", 1), events: "deleted"},
		{name: "replaced", theirs: strings.Replace(view, "$0", "changeme", 1), want: plain, events: "replaced!", wantHeld: 1},
		{name: "replaced with a yes", theirs: strings.Replace(view, "$0", "changeme", 1), options: Options{Accept: yes},
			want: strings.Replace(plain, "correct-horse", "changeme", 1), events: "replaced"},
		{name: "same edit on both sides", host: strings.Replace(config, "user: app", "user: web", 1), theirs: strings.Replace(view, "user: app", "user: web", 1),
			want: strings.Replace(plain, "user: app", "user: web", 1)},
		{name: "moved into a hunk that is held back", theirs: "x: $1 y: " + other + "\n" + strings.Replace(view, "  token: $1\n", "", 1),
			want: plain, events: "moved! unknown! bound!", wantHeld: 2},
		{name: "exchanged", theirs: strings.NewReplacer("$0", "$1", "$1", "$0").Replace(view),
			want: strings.NewReplacer("correct-horse", "battery-staple", "battery-staple", "correct-horse").Replace(plain), events: "moved moved"},
		{name: "emptied", theirs: "", want: plain, events: "deleted! deleted!", wantHeld: 1},
		{name: "no scan finds what stands there now, and moved", base: "a: «k|one-value»\nb\nc\n", host: "a: none\nb\nc\n", theirs: "b\nc\nd: $0\n",
			want: "b\nc\nd: none\n", events: "moved(rotated)", options: Options{Accept: yes}},
		{name: "value is gone, and copied", base: "a: «k|one-value»\nb\nc\n", host: "b\nc\n", theirs: "a: $0\nb\nc\nd: $0\n",
			want: "b\nc\n", events: "valueless!", wantHeld: 1},
		{name: "two values for one token", base: "a: «a|one-value»\nb: «b|one-value»\n", host: "a: «a|one-value»\nb: «b|two-value»\n",
			theirs: "a: $0\nb: $0\nc: $0\n", want: "a: one-value\nb: two-value\n", events: "ambiguous!", wantHeld: 1},
		{name: "two values for one token, on their lines", base: "a: «a|one-value»\nb: «b|one-value»\n", host: "a: «a|one-value»\nb: «b|two-value»\n",
			theirs: "a: $0 #\nb: $0 #\n", want: "a: one-value #\nb: two-value #\n", events: "restored restored(rotated)"},
		{name: "two values for one token, one of them moved", base: "a: «a|one-value»\nm\nb: «b|one-value»\ne\n", host: "a: «a|one-value»\nm\nb: «b|two-value»\ne\n",
			theirs: "m\nb: $0\ne\nc: $0\n", options: Options{Accept: yes}, want: "a: one-value\nm\nb: two-value\ne\n", events: "bound! ambiguous!", wantHeld: 2},
		{name: "beside a token of another session that was there", base: "a: «one-value» " + other + "\n", theirs: "a: $0  " + other + "\n",
			want: "a: one-value  " + other + "\n", events: "restored"},
		{name: "one more token of another session", base: "a: «one-value» " + other + "\n", theirs: "a: $0 " + other + other + "\n",
			want: "a: one-value " + other + "\n", events: "restored! unknown!", wantHeld: 1},
		{name: "a token in the place of another", theirs: strings.Replace(view, "$0", "$1", 1), want: plain, events: "copied! replaced!", wantHeld: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			base := tt.base
			if base == "" {
				base = config
			}
			host := tt.host
			if host == "" {
				host = base
			}
			s := stage(t, base, host)
			outcome := s.restore(tt.theirs, tt.options)
			got := textOf(t, outcome)
			if got != tt.want || kinds(outcome.Events()) != tt.events || outcome.Held() != tt.wantHeld || len(outcome.Conflicts()) > 0 {
				t.Errorf("Restore = %q, %q, %d held, %v; want %q, %q, %d", got, kinds(outcome.Events()), outcome.Held(), outcome.Conflicts(), tt.want, tt.events, tt.wantHeld)
			}
			checkNothingRemains(t, s, outcome)
		})
	}
}

func checkNothingRemains(t *testing.T, s *session, o *Outcome) {
	t.Helper()
	if left := NewSet(&s.view.Record).Remaining([]byte(textOf(t, o))); len(left) > 0 {
		t.Errorf("%v remain", left)
	}
}

// A damaged token is flagged and its hunk held back; the other hunk lands.
func TestRestoreDamaged(t *testing.T) {
	s := stage(t, config, config)
	token := s.tokens[0]
	for name, damaged := range damages(token) {
		t.Run(name, func(t *testing.T) {
			theirs := strings.Replace(string(s.view.Text), token, damaged, 1)
			theirs = strings.Replace(theirs, "port: 25", "port: 587", 1)
			outcome := s.restore(theirs, Options{Accept: yes})
			events := outcome.Events()
			if len(events) == 0 || events[0].Kind != Damaged || !events[0].Held || events[0].Name != "db.password" || events[0].Line < 3 || events[0].Line > 4 {
				t.Fatalf("events %v", events)
			}
			if got, want := textOf(t, outcome), strings.Replace(s.host, "port: 25", "port: 587", 1); got != want {
				t.Errorf("text %q, want %q", got, want)
			}
		})
	}
}

// A token goes into no text that did not hold its value: another file, a name, a message.
func TestTokenInAnotherFile(t *testing.T) {
	s := stage(t, config, config)
	other := stage(t, "note: «elsewhere|other-value»\n", "note: «elsewhere|other-value»\n")
	set := NewSet(&s.view.Record, &other.view.Record)
	outcome := other.restore("note: $0\nleak: "+s.tokens[0]+"\n", Options{Set: set, Accept: yes})
	if got := textOf(t, outcome); got != other.host || kinds(outcome.Events()) != "stray!" || outcome.Events()[0].Name != "db.password" {
		t.Errorf("Restore = %q, %v", got, outcome.Events())
	}
	events := set.Strays([]byte("Merge " + s.tokens[1] + "\n\nand " + strings.ToLower(s.tokens[0])))
	if kinds(events) != "stray! damaged!" || events[0].Name != "mail.token" || events[0].Column != 7 || events[1].Line != 3 {
		t.Errorf("Strays = %v", events)
	}
	plain, err := Locate([]byte("a\n"), []byte("a\n"), nil, testKey(1), nil)
	if err != nil {
		t.Fatal(err)
	}
	outcome, err = Restore([]byte("a\nb: "+s.tokens[0]+"\n"), plain, Options{Set: set})
	if err != nil || textOf(t, outcome) != "a\n" || kinds(outcome.Events()) != "stray!" {
		t.Errorf("in a file without secrets: %v, %v", err, outcome.Events())
	}
}

func TestRestoreNeedsTheSessionsSet(t *testing.T) {
	s := stage(t, config, config)
	if _, err := Restore(s.view.Text, s.values, Options{Set: NewSet()}); err == nil {
		t.Error("Restore with another session's set is no error")
	}
}
