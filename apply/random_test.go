package apply

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Whatever a command and the user make of a file with values, and whatever is accepted: no placeholder lands, no value goes that
// was not given up, undo gives the file before to the byte, and no journal holds a value but where apply says so.
func TestRandomEdits(t *testing.T) {
	rounds, first := 60, uint64(1)
	if n, err := strconv.Atoi(os.Getenv("APPLY_TEST_ROUNDS")); err == nil {
		rounds = n
	}
	for round := range uint64(rounds) {
		landed := checkRandomEdits(t, rand.New(rand.NewPCG(first+round, 9)))
		if t.Failed() {
			t.Fatalf("round %d; landed\n%s", round, landed)
		}
	}
}

func checkRandomEdits(t *testing.T, random *rand.Rand) string {
	host := env(passwordValue, tokenValue) + "PAD=1\n\nPAD2=2\nX_SECRET=" + strings.ReplaceAll(passwordValue, "Lm2", "Lm3") + "\n"
	b := newSecretBench(t, []string{"app.env"}, func(at tree) { at.file("app.env", host, 0o644) }, func(at tree, tokens map[string]string) {
		text, err := os.ReadFile(at.path("app.env"))
		at.must(err)
		at.file("app.env", scramble(random, string(text), 1+random.IntN(5)), 0o644)
	})
	password := passwordValue
	project := tree{t, b.project}
	if random.IntN(3) == 0 {
		project.edit("app.env", passwordValue, rotatedValue)
		password = rotatedValue
	}
	if random.IntN(3) == 0 {
		project.edit("app.env", "TIMEOUT=30", "TIMEOUT=31")
	}
	var accepted []EventKind
	for _, k := range Asking() {
		if random.IntN(3) == 0 {
			accepted = append(accepted, k)
		}
	}
	o := b.accepting(accepted...)
	o.Conflict = []ConflictMode{Fail, Ours, Theirs, Markers}[random.IntN(4)]
	before := snapshot(t, b.project, false)
	plan := b.plan(t, o)
	if len(plan.Conflicts) > 0 {
		return ""
	}
	result, err := Apply(t.Context(), b.root, b.content, plan, b.journal(1), Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := b.project1(t, "app.env")
	if left := b.options.Secrets.set().Remaining([]byte(got)); len(left) > 0 {
		t.Error("a placeholder is in the project")
	}
	if !slices.Contains(accepted, deleted) && !slices.Contains(accepted, EventKind("replaced")) && (!strings.Contains(got, password) || !strings.Contains(got, tokenValue)) {
		t.Errorf("a value is lost; accepted %v, told %s", accepted, told(plan.Secrets))
	}
	if len(plan.Ops) == 0 {
		return got
	}
	kept := slices.ContainsFunc(result.Notes, func(n Note) bool { return strings.Contains(n.Text, "is kept in the session") })
	if found := leaks(t, b.journals); (len(found) > 0) != kept {
		t.Errorf("values in the journals: %v; it says so: %v", found, kept)
	}
	b.takeBack(t)
	if d := diffSnapshots(before, snapshot(t, b.project, false)); d != "" {
		t.Errorf("after undo (-before +after):\n%s", d)
	}
	if found := leaks(t, b.journals); len(found) > 0 {
		t.Errorf("values in the journals after undo: %v", found)
	}
	return got
}

// scramble edits a text line by line, placeholders and all.
func scramble(random *rand.Rand, text string, times int) string {
	lines := strings.Split(text, "\n")
	for range times {
		at, other := random.IntN(len(lines)), random.IntN(len(lines))
		switch random.IntN(9) {
		case 0:
			lines = slices.Delete(lines, at, at+1)
		case 1:
			lines = slices.Insert(lines, at, lines[other])
		case 2:
			lines[at], lines[other] = lines[other], lines[at]
		case 3:
			lines = slices.Insert(lines, at, "NEW"+strconv.Itoa(random.IntN(100))+"=1")
		case 4:
			lines[at] = strings.Replace(lines[at], "=", " = ", 1)
		case 5:
			key, value, _ := strings.Cut(lines[at], "=")
			lines[at] = key + "='" + value + "'"
		case 6:
			lines[at] = lines[at][:random.IntN(len(lines[at])+1)]
		case 7:
			key, _, _ := strings.Cut(lines[at], "=")
			_, value, _ := strings.Cut(lines[other], "=")
			lines[at] = key + "=" + value
		default:
			lines[at] = "export " + lines[at]
		}
		if len(lines) == 0 {
			lines = []string{""}
		}
	}
	return strings.Join(lines, "\n")
}
