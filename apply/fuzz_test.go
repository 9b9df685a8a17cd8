package apply

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"cofferdam/change"
)

// FuzzHostileFile plans and lands whatever a command may have made of a file with placeholders, while the user edits it, too.
// No placeholder ever stands in the project, no value gets lost that nobody gave up, none is in a journal, and undo takes all
// of it back.
func FuzzHostileFile(f *testing.F) {
	host := env(passwordValue, tokenValue)
	file, err := newFinder().Find(context.Background(), "app.env", []byte(host), testKey)
	if err != nil {
		f.Fatal(err)
	}
	view := string(file.Text)
	f.Add(view, byte(0))
	f.Add(strings.Replace(view, "DEBUG=true", "DEBUG=false", 1), byte(1))
	f.Add(strings.ToLower(view), byte(2))
	f.Add(view[:len(view)/2], byte(0))
	f.Add(view+view, byte(1))
	f.Add("\xff\xfe"+view, byte(2))
	f.Add("KEY="+awsKeyValue+"\n"+view, byte(3))
	f.Add(strings.ReplaceAll(view, "\n", "\r\n"), byte(0))
	f.Fuzz(func(t *testing.T, theirs string, user byte) {
		if len(theirs) > 1<<16 {
			return
		}
		b := newSecretBench(t, []string{"app.env"}, func(at tree) { at.file("app.env", host, 0o644) },
			func(at tree, _ map[string]string) { at.file("app.env", theirs, 0o644) })
		project := tree{t, b.project}
		password := passwordValue
		switch user % 4 {
		case 1:
			project.edit("app.env", "LOG=info", "LOG=warn")
		case 2:
			project.edit("app.env", passwordValue, rotatedValue)
			password = rotatedValue
		}
		before := snapshot(t, b.project, false)
		var set *change.Set = b.set(t)
		plan, err := NewPlan(t.Context(), b.root, b.base, set, b.options)
		if err != nil {
			t.Fatal(err)
		}
		if len(plan.Conflicts) > 0 {
			return
		}
		if _, err := Apply(t.Context(), b.root, b.content, plan, b.journal(1), Options{}); err != nil {
			t.Fatal(err)
		}
		got := []byte(b.project1(t, "app.env"))
		if left := b.options.Secrets.set().Remaining(got); len(left) > 0 {
			t.Errorf("%d placeholders in the project", len(left))
		}
		for _, value := range []string{password, tokenValue} {
			if !bytes.Contains(got, []byte(value)) && !bytes.Contains(got, widened(value)) {
				t.Errorf("a value got lost")
			}
		}
		if bytes.Contains(got, []byte(awsKeyValue)) {
			t.Errorf("a new secret landed")
		}
		if len(plan.Ops) == 0 {
			return
		}
		b.takeBack(t)
		if d := diffSnapshots(before, snapshot(t, b.project, false)); d != "" {
			t.Errorf("after undo (-before +after):\n%s", d)
		}
		if found := leaks(t, b.journals); len(found) > 0 {
			t.Errorf("values in %v", found)
		}
	})
}

func widened(s string) []byte {
	var wide []byte
	for _, c := range []byte(s) {
		wide = append(wide, c, 0)
	}
	return wide
}
