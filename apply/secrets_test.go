package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cofferdam/change"
	"cofferdam/placeholder"
	"cofferdam/redact"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// secretBench is a bench whose view shows some files with placeholders.
type secretBench struct {
	*bench
	tokens map[string]string // by the names of values
}

// madeUp puts a value together, so that none stands whole in the sources.
func madeUp(parts ...string) string { return strings.Join(parts, "") }

var (
	passwordValue = madeUp("Xq7!", "tR9z", "Lm2#", "canary")
	rotatedValue  = madeUp("Bv4%", "kW8p", "Ns6&", "canary")
	tokenValue    = madeUp("Pz3_", "yH5d", "Qc1_", "canary")
	awsKeyValue   = madeUp("AKIA", "Z5Q3", "T7WN", "M2KD", "VX4B")
)

const canary = "canary"

var testKey = placeholder.NewKey([32]byte{7, 1})

func newFinder() *redact.Finder {
	return redact.NewFinder(rules.NewSet(nil, nil), scan.NewSearcher(scan.Options{}))
}

// newSecretBench redacts the files at paths, and shows all others as they are.
func newSecretBench(t testing.TB, paths []string, project func(at tree), agent func(at tree, tokens map[string]string)) *secretBench {
	t.Helper()
	dir := tempDir(t)
	b := &secretBench{newBenchIn(t, dir, nil, project, nil), nil}
	b.tokens = b.redact(t, dir, paths...)
	agent(tree{t, b.agent}, b.tokens)
	return b
}

// redact has the view show files with placeholders, keeps in dir what a session does, and what the view showed of all others.
func (b *bench) redact(t testing.TB, dir string, paths ...string) (tokens map[string]string) {
	t.Helper()
	copyTree(t, b.project, dir+"/shown")
	book := &redact.Book{Version: redact.BookVersion, Files: map[workspace.Path]*placeholder.Record{}}
	tokens = map[string]string{}
	for _, path := range paths {
		path := workspace.Path(path)
		e := b.base.Find(path)
		raw, err := os.ReadFile(b.project + "/" + string(path))
		if err != nil {
			t.Fatal(err)
		}
		file, err := newFinder().Find(t.Context(), path, raw, testKey)
		if err != nil || len(file.Record.Places) == 0 {
			t.Fatalf("redact %s: %v", path, err)
		}
		for _, place := range file.Record.Places {
			tokens[place.Name] = place.Token
		}
		book.Files[path] = &file.Record
		side := contentSide(e.Mode, file.Text)
		e.Size, e.Hash = side.Size, side.Hash
		for _, at := range []tree{{t, b.agent}, {t, dir + "/shown"}} {
			at.file(string(path), string(file.Text), os.FileMode(e.Mode))
		}
	}
	text, err := json.Marshal(book)
	if err == nil {
		err = os.WriteFile(dir+"/book", text, 0o600)
	}
	if err == nil {
		err = b.loadSecrets(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

// loadSecrets reads what redact kept.
func (b *bench) loadSecrets(dir string) error {
	book := &redact.Book{}
	text, err := os.ReadFile(dir + "/book")
	if err == nil {
		err = json.Unmarshal(text, book)
	}
	if err != nil {
		return err
	}
	shown, err := workspace.Open(dir + "/shown")
	if err != nil {
		return err
	}
	b.options = PlanOptions{Content: b.content, Shown: func(_ context.Context, path workspace.Path, side change.Side) ([]byte, error) {
		return readSide(shown, path, side, maxMerged)
	}}
	b.options.Secrets, err = NewSecrets(context.Background(), b.root, b.base, rules.NewSet(nil, nil), testKey, book)
	return err
}

func (b *secretBench) accepting(kinds ...EventKind) PlanOptions {
	o := b.options
	o.Accept = func(e SecretEvent) bool { return slices.Contains(kinds, e.Kind) }
	return o
}

func (b *secretBench) plan(t testing.TB, o PlanOptions) *Plan {
	t.Helper()
	plan, err := NewPlan(context.Background(), b.root, b.base, b.set(t), o)
	if err != nil {
		t.Fatalf("NewPlan: %v", err)
	}
	return plan
}

func (b *secretBench) land(t testing.TB, o PlanOptions) (*Plan, *Result) {
	t.Helper()
	plan := b.plan(t, o)
	result, err := Apply(context.Background(), b.root, b.content, plan, b.journal(1), Options{})
	if err != nil {
		t.Fatalf("Apply: %v", err)
	}
	return plan, result
}

func (b *secretBench) takeBack(t testing.TB) {
	t.Helper()
	if _, err := b.bench.undo(Options{}); err != nil {
		t.Fatalf("Undo: %v", err)
	}
}

func (b *secretBench) project1(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(b.project, path))
	if errors.Is(err, fs.ErrNotExist) {
		return "(none)"
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// leaks is the files below dir that have a canary in them.
func leaks(t testing.TB, dir string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), canary) {
			found = append(found, strings.TrimPrefix(path, dir))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// checkScrubbed looks in the journals for hashes of what has values in it, which could confirm a guess of one.
func (b *bench) checkScrubbed(t *testing.T, lines ...string) {
	t.Helper()
	for _, line := range lines {
		hash := line[strings.LastIndexByte(line, ' ')+1:] // its beginning
		err := filepath.WalkDir(b.journals, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			if strings.Contains(string(text), hash) {
				t.Errorf("%s has the hash of a file with values", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func told(events []SecretEvent) string {
	var lines []string
	for _, e := range events {
		held := ""
		if e.Held {
			held = " held"
		}
		if e.Rotated {
			held += " rotated"
		}
		place := string(e.Path)
		if e.Line > 0 {
			place += ":" + strconv.Itoa(e.Line)
		}
		lines = append(lines, fmt.Sprintf("%s %s%s", place, e.Kind, held))
	}
	return strings.Join(lines, "; ")
}

const (
	envBefore = "# settings\nDEBUG=true\n\nTIMEOUT=30\nDB_PASSWORD=%s\nDB_PORT=5432\n\nLOG=info\nAPI_TOKEN=%s\nEND=1\n"
)

func env(password, token string) string { return fmt.Sprintf(envBefore, password, token) }

// The table of what an agent does to a placeholder, and what apply does then. Undo takes all of it back, and no journal
// holds a value, but where one was given up.
func TestPlaceholders(t *testing.T) {
	edit := func(old, now string) func(tree, map[string]string) {
		return func(at tree, tokens map[string]string) {
			text, err := os.ReadFile(at.path("app.env"))
			at.must(err)
			for name, token := range tokens {
				old, now = strings.ReplaceAll(old, "«"+name+"»", token), strings.ReplaceAll(now, "«"+name+"»", token)
			}
			if !strings.Contains(string(text), old) {
				at.Fatalf("the view has no %q:\n%s", old, text)
			}
			at.file("app.env", strings.ReplaceAll(string(text), old, now), 0o644)
		}
	}
	with := func(old, now string) string {
		return strings.ReplaceAll(env(passwordValue, tokenValue), old, now)
	}
	original := env(passwordValue, tokenValue)
	tests := []struct {
		name   string
		agent  func(tree, map[string]string)
		host   string // what the user made of the file meanwhile
		accept []EventKind
		want   string // the file, after
		told   string // but for restored
		keeps  bool   // the backup, since a value is given up
	}{
		{name: "edited elsewhere", agent: edit("DEBUG=true", "DEBUG=false"), want: with("DEBUG=true", "DEBUG=false")},
		{name: "edited beside", agent: edit("DB_PORT=5432", "DB_PORT=6543"), want: with("DB_PORT=5432", "DB_PORT=6543")},
		{name: "edited on its line", agent: edit("DB_PASSWORD=", "export DB_PASSWORD="), want: with("DB_PASSWORD=", "export DB_PASSWORD=")},
		{name: "moved", agent: func(at tree, tokens map[string]string) {
			edit("API_TOKEN=«API_TOKEN»\n", "")(at, tokens)
			edit("# settings\n", "# settings\nAPI_TOKEN=«API_TOKEN»\n")(at, tokens)
		}, want: "# settings\nAPI_TOKEN=" + tokenValue + "\n" + strings.TrimPrefix(with("API_TOKEN="+tokenValue+"\n", ""), "# settings\n"), told: "app.env:2 moved"},
		{name: "copied", agent: edit("END=1\n", "END=1\nOLD_TOKEN=«API_TOKEN»\n"), want: original + "OLD_TOKEN=" + tokenValue + "\n", told: "app.env:11 copied"},
		{name: "damaged", agent: edit("DB_PASSWORD=COFFERDAM_", "DB_PASSWORD=OFFERDAM_"), want: original, told: "app.env:5 damaged held"},
		{name: "damaged, and edited elsewhere", agent: func(at tree, tokens map[string]string) {
			edit("DB_PASSWORD=COFFERDAM_", "DB_PASSWORD=")(at, tokens)
			edit("LOG=info", "LOG=debug")(at, tokens)
		}, want: with("LOG=info", "LOG=debug"), told: "app.env:5 damaged held"},
		{name: "deleted", agent: edit("API_TOKEN=«API_TOKEN»\n", ""), want: original, told: "app.env:9 deleted held"},
		{name: "deleted, accepted", agent: edit("API_TOKEN=«API_TOKEN»\n", ""), accept: []EventKind{deleted}, want: with("API_TOKEN="+tokenValue+"\n", ""), told: "app.env:9 deleted", keeps: true},
		{name: "replaced", agent: edit("«DB_PASSWORD»", "changeme"), want: original, told: "app.env:5 replaced held"},
		{name: "replaced, accepted", agent: edit("«DB_PASSWORD»", "changeme"), accept: []EventKind{"replaced"}, want: with(passwordValue, "changeme"), told: "app.env:5 replaced", keeps: true},
		{name: "rotated by the user", agent: edit("DEBUG=true", "DEBUG=false"), host: env(rotatedValue, tokenValue), want: strings.ReplaceAll(env(rotatedValue, tokenValue), "DEBUG=true", "DEBUG=false")},
		{name: "rotated, and edited beside", agent: edit("TIMEOUT=30", "TIMEOUT=60"), host: env(rotatedValue, tokenValue), want: strings.ReplaceAll(env(rotatedValue, tokenValue), "TIMEOUT=30", "TIMEOUT=60")},
		{name: "edited by both", agent: edit("DEBUG=true", "DEBUG=false"), host: with("LOG=info", "LOG=warn"), want: strings.ReplaceAll(with("LOG=info", "LOG=warn"), "DEBUG=true", "DEBUG=false")},
		{name: "only its mode", agent: func(at tree, _ map[string]string) { at.chmod("app.env", 0o600) }, want: original},
		{name: "file deleted", agent: func(at tree, _ map[string]string) { at.remove("app.env") }, want: original, told: "app.env:5 deleted held; app.env:9 deleted held"},
		{name: "file deleted, accepted", agent: func(at tree, _ map[string]string) { at.remove("app.env") }, accept: []EventKind{deleted}, want: "(none)", told: "app.env:5 deleted; app.env:9 deleted", keeps: true},
		{name: "new secret beside", agent: edit("END=1\n", "END=1\nKEY="+awsKeyValue+"\n"), want: original, told: "app.env:11 new-secret held"},
		{name: "new secret, and edited elsewhere", agent: func(at tree, tokens map[string]string) {
			edit("END=1\n", "END=1\nKEY="+awsKeyValue+"\n")(at, tokens)
			edit("DEBUG=true", "DEBUG=false")(at, tokens)
		}, want: with("DEBUG=true", "DEBUG=false"), told: "app.env:11 new-secret held"},
		{name: "new secret, accepted", agent: edit("END=1\n", "END=1\nKEY="+awsKeyValue+"\n"), accept: []EventKind{NewSecret}, want: original + "KEY=" + awsKeyValue + "\n", told: "app.env:11 new-secret"},
		{name: "value in the clear", agent: edit("END=1\n", "END=1\nCOPY="+tokenValue+"\n"), want: original, told: "app.env:11 known-value held"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newSecretBench(t, []string{"app.env"}, func(at tree) { at.file("app.env", original, 0o644); at.file("other", "x\n", 0o644) }, tt.agent)
			if tt.host != "" {
				tree{t, b.project}.file("app.env", tt.host, 0o644)
			}
			before := snapshot(t, b.project, false)
			plan, _ := b.land(t, b.accepting(tt.accept...))
			if got := b.project1(t, "app.env"); got != tt.want {
				t.Errorf("it landed as\n%s\nwant\n%s", got, tt.want)
			}
			var loud []SecretEvent
			for _, e := range plan.Secrets {
				if e.Kind != restored {
					loud = append(loud, e)
				}
			}
			if got := told(loud); got != tt.told {
				t.Errorf("told %q, want %q", got, tt.told)
			}
			if found := leaks(t, b.journals); (len(found) > 0) != tt.keeps {
				t.Errorf("values in the journals: %v, want some: %v", found, tt.keeps)
			}
			if len(plan.Ops) == 0 {
				return
			}
			if !tt.keeps {
				b.checkScrubbed(t, before["/app.env"], snapshot(t, b.project, false)["/app.env"])
			}
			b.takeBack(t)
			if d := diffSnapshots(before, snapshot(t, b.project, false)); d != "" {
				t.Errorf("after undo (-before +after):\n%s", d)
			}
			if found := leaks(t, b.journals); len(found) > 0 {
				t.Errorf("values in the journals after undo: %v", found)
			}
		})
	}
}
