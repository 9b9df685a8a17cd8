package apply

import (
	"encoding/base64"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"cofferdam/placeholder"
	"cofferdam/workspace"
)

// What a command may bring in, and what is held back of it.
func TestOutgoing(t *testing.T) {
	const token = "API_TOKEN"
	foreign := madeUp("COFFERDAM_", "SECRET_", "AAAABBBBCCCCDDDD")
	tests := []struct {
		name   string
		agent  func(at tree, tokens map[string]string)
		accept []EventKind
		lands  string // paths
		held   string
		told   string
	}{
		{name: "nothing secret", agent: func(at tree, _ map[string]string) { at.file("new", "x\n", 0o644) }, lands: "new"},
		{name: "placeholder in a new file", agent: func(at tree, tokens map[string]string) { at.file("new", "x\n"+tokens[token]+"\n", 0o644) }, held: "new", told: "new:2 stray held"},
		{name: "placeholder in a file", agent: func(at tree, tokens map[string]string) {
			at.edit("doc", "three", tokens[token])
			at.edit("doc", "one", "1")
		}, lands: "doc", told: "doc:3 stray held"},
		{name: "nothing but a placeholder", agent: func(at tree, tokens map[string]string) { at.edit("doc", "three", tokens[token]) }, held: "doc", told: "doc:3 stray held"},
		{name: "encoded", agent: func(at tree, tokens map[string]string) {
			at.file("new", base64.StdEncoding.EncodeToString([]byte(tokens[token])), 0o644)
		}, held: "new", told: "new:1 damaged held"},
		{name: "binary", agent: func(at tree, tokens map[string]string) { at.file("bin", "\x00\x01"+tokens[token], 0o644) }, held: "bin", told: "bin:1 stray held"},
		{name: "of another session", agent: func(at tree, _ map[string]string) { at.edit("doc", "two", foreign) }, held: "doc", told: "doc:2 unknown held"},
		{name: "of another session, accepted", agent: func(at tree, _ map[string]string) { at.edit("doc", "two", foreign) }, accept: []EventKind{"unknown"}, lands: "doc", told: "doc:2 unknown"},
		{name: "in a name", agent: func(at tree, tokens map[string]string) { at.file(tokens[token], "x", 0o644) }, held: "*", told: "* stray held"},
		{name: "in the name of a directory", agent: func(at tree, tokens map[string]string) { at.file(tokens[token]+"/a/b", "x", 0o644) }, held: "* */a */a/b", told: "* stray held"},
		{name: "in a link", agent: func(at tree, tokens map[string]string) { at.link("link", "/"+tokens[token]) }, held: "link", told: "link stray held"},
		{name: "value in a name", agent: func(at tree, _ map[string]string) { at.file("x"+tokenValue, "x", 0o644) }, held: "x" + tokenValue, told: "x" + tokenValue + " known-value held"},
		{name: "new secret in a link", agent: func(at tree, _ map[string]string) { at.link("link", "/"+awsKeyValue) }, held: "link", told: "link new-secret held"},
		{name: "renamed", agent: func(at tree, _ map[string]string) { at.must(os.Rename(at.path("shown"), at.path("dir/shown"))) }, lands: "dir/shown shown"},
		{name: "copied", agent: func(at tree, _ map[string]string) { at.file("dir/shown", "id = "+awsKeyValue+"\n", 0o644) }, held: "dir/shown", told: "dir/shown:1 new-secret held"},
		{name: "link, accepted", agent: func(at tree, _ map[string]string) { at.link("link", "/"+awsKeyValue) }, accept: []EventKind{NewSecret}, lands: "link", told: "link new-secret"},
		{name: "new secret in a binary", agent: func(at tree, _ map[string]string) { at.file("bin", "\x00\x01 "+awsKeyValue+" ", 0o644) }, held: "bin", told: "bin:1 new-secret held"},
		{name: "credential file", agent: func(at tree, _ map[string]string) { at.file("id_rsa", "x", 0o600) }, held: "id_rsa", told: "id_rsa credential-file held"},
		{name: "credential file, accepted", agent: func(at tree, _ map[string]string) { at.file("id_rsa", "x", 0o600) }, accept: []EventKind{CredentialFile}, lands: "id_rsa", told: "id_rsa credential-file"},
		{name: "directory with a redacted file", agent: func(at tree, _ map[string]string) { at.remove("conf") }, held: "conf/app.env", lands: "conf/plain", told: "conf/app.env:5 deleted held; conf/app.env:9 deleted held"},
		{name: "directory, accepted", agent: func(at tree, _ map[string]string) { at.remove("conf") }, accept: []EventKind{deleted}, lands: "conf conf/app.env conf/plain", told: "conf/app.env:5 deleted; conf/app.env:9 deleted"},
		{name: "directory that becomes a file", agent: func(at tree, tokens map[string]string) { at.remove("dir"); at.file("dir", tokens[token], 0o644) }, held: "dir dir/in", told: "dir:1 stray held"},
		{name: "redacted file that becomes a link", agent: func(at tree, _ map[string]string) { at.remove("conf/app.env"); at.link("conf/app.env", "plain") }, held: "conf/app.env", told: "conf/app.env:5 deleted held; conf/app.env:9 deleted held"},
		{name: "redacted file that was moved", agent: func(at tree, _ map[string]string) { at.must(os.Rename(at.path("conf/app.env"), at.path("conf/b.env"))) }, held: "conf/app.env conf/b.env", told: "conf/app.env:5 deleted held; conf/app.env:9 deleted held; conf/b.env:5 stray held; conf/b.env:9 stray held"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newSecretBench(t, []string{"conf/app.env"}, func(at tree) {
				at.file("conf/app.env", env(passwordValue, tokenValue), 0o644)
				at.file("conf/plain", "x\n", 0o644)
				at.file("doc", "one\ntwo\nthree\nfour\n", 0o644)
				at.file("dir/in", "x\n", 0o644)
				at.file("shown", "id = "+awsKeyValue+"\n", 0o644)
			}, tt.agent)
			plan := b.plan(t, b.accepting(tt.accept...))
			plain := func(s string) string { return strings.ReplaceAll(s, b.tokens[token], "*") }
			var lands, held []string
			for _, op := range plan.Ops {
				lands = append(lands, string(op.Path))
			}
			for _, h := range plan.Held {
				held = append(held, string(h.Path))
			}
			if got := plain(strings.Join(lands, " ")); got != tt.lands {
				t.Errorf("lands %q, want %q", got, tt.lands)
			}
			if got := plain(strings.Join(held, " ")); got != tt.held {
				t.Errorf("held %q, want %q", got, tt.held)
			}
			if got := plain(told(plan.Secrets)); got != tt.told {
				t.Errorf("told %q, want %q", got, tt.told)
			}
			if len(plan.Conflicts)+len(plan.Refused) > 0 {
				t.Errorf("conflicts %v, refused %v", plan.Conflicts, plan.Refused)
			}
			if again := b.plan(t, b.accepting(tt.accept...)); again.Digest != plan.Digest {
				t.Error("the digest of the same plan is another one")
			}
			if _, err := Apply(t.Context(), b.root, b.content, plan, b.journal(1), Options{}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// What is accepted is another plan than what is shown, and so is what was rotated.
func TestDigestOfSecrets(t *testing.T) {
	b := newSecretBench(t, []string{"app.env"}, func(at tree) { at.file("app.env", env(passwordValue, tokenValue), 0o644) },
		func(at tree, _ map[string]string) {
			at.edit("app.env", "TIMEOUT=30", "TIMEOUT=60")
			at.edit("app.env", "END=1", "KEY="+awsKeyValue)
		})
	digests := map[string]string{"shown": b.plan(t, b.options).Digest, "accepted": b.plan(t, b.accepting(NewSecret)).Digest}
	tree{t, b.project}.edit("app.env", passwordValue, rotatedValue)
	digests["rotated"] = b.plan(t, b.options).Digest
	if got := slices.Compact(slices.Sorted(maps.Values(digests))); len(got) != 3 {
		t.Errorf("digests %v, want three", digests)
	}
}

// A hostile file is no more than so many events, and none of them is lost for what is held back.
func TestManyPlaceholders(t *testing.T) {
	b := newSecretBench(t, []string{"app.env"}, func(at tree) { at.file("app.env", env(passwordValue, tokenValue), 0o644) },
		func(at tree, tokens map[string]string) {
			at.file("many", strings.Repeat(tokens["API_TOKEN"]+"\n", 50_000), 0o644)
			at.file("known", strings.Repeat(tokenValue+"\n", 50_000), 0o644)
		})
	plan := b.plan(t, b.options)
	if len(plan.Held) != 2 || len(plan.Secrets) > 2*maxEvents {
		t.Errorf("%d paths held, %d events", len(plan.Held), len(plan.Secrets))
	}
}

// A content that is too large for the rules is looked through for placeholders and known values, over the borders of pieces.
func TestLargeContent(t *testing.T) {
	for name, secret := range map[string]func(tokens map[string]string) string{
		"stray":       func(tokens map[string]string) string { return tokens["API_TOKEN"] },
		"known-value": func(map[string]string) string { return tokenValue },
		"":            func(map[string]string) string { return "nothing" },
	} {
		b := newSecretBench(t, []string{"app.env"}, func(at tree) { at.file("app.env", env(passwordValue, tokenValue), 0o644) },
			func(at tree, tokens map[string]string) {
				line := strings.Repeat("some text, and no more\n", 1000)
				half := strings.Repeat(line, maxSearched/2/len(line)+1)
				at.file("large", half[:largePiece-10]+secret(tokens)+half+half, 0o644)
			})
		plan := b.plan(t, b.options)
		if held := len(plan.Held) == 1; held != (name != "") || len(plan.Secrets) == 0 || name != "" && string(plan.Secrets[0].Kind) != name {
			t.Errorf("%s: held %v, told %s", name, plan.Held, told(plan.Secrets))
		}
		if len(plan.Ops)+len(plan.Held) != 1 {
			t.Errorf("%s: %d ops, conflicts %v", name, len(plan.Ops), plan.Conflicts)
		}
	}
}

// Of a commit, values come back only where the project's commit has them.
func TestCommitted(t *testing.T) {
	host := env(passwordValue, tokenValue)
	file, err := newFinder().Find(t.Context(), "app.env", []byte(host), testKey)
	if err != nil {
		t.Fatal(err)
	}
	b := newSecretBench(t, []string{"app.env"}, func(at tree) { at.file("app.env", host, 0o644) }, func(tree, map[string]string) {})
	view := string(file.Text)
	tests := []struct {
		name           string
		path           workspace.Path
		old, now, host string // "" is absence
		want, held     string
	}{
		{name: "edited", path: "app.env", old: view, now: strings.Replace(view, "LOG=info", "LOG=warn", 1), host: host, want: strings.Replace(host, "LOG=info", "LOG=warn", 1)},
		{name: "rewritten", path: "app.env", now: "API_TOKEN=" + b.tokens["API_TOKEN"] + "\n", host: host, held: "DB_PASSWORD would be deleted, in line 5"},
		{name: "not in the project's commit", path: "app.env", now: view, held: "the placeholder of DB_PASSWORD, whose value the file did not hold, in line 5"},
		{name: "elsewhere", path: "doc", old: "x\n", now: "x\n" + b.tokens["API_TOKEN"] + "\n", host: "x\n", held: "the placeholder of API_TOKEN, whose value the file did not hold, in line 2"},
		{name: "a value", path: "doc", old: "x\n", now: "x\n" + tokenValue + "\n", host: "x\n", held: "the value of API_TOKEN in the clear, in line 2"},
		{name: "a secret that was there", path: "doc", old: awsKeyValue + "\n", now: awsKeyValue + "\nx\n", host: awsKeyValue + "\n", want: awsKeyValue + "\nx\n"},
		{name: "plain", path: "doc", old: "x\n", now: "y\n", host: "x\n", want: "y\n"},
	}
	bytesOf := func(s string) []byte {
		if s == "" {
			return nil
		}
		return []byte(s)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, held, err := b.options.Secrets.Committed(t.Context(), CommittedFile{tt.path, bytesOf(tt.old), bytesOf(tt.now), bytesOf(tt.host)})
			if err != nil || held != tt.held || string(got) != tt.want {
				t.Errorf("got %q, held %q, %v; want %q, held %q", got, held, err, tt.want, tt.held)
			}
		})
	}
	for text, want := range map[string]bool{"see " + b.tokens["API_TOKEN"]: true, "it is " + tokenValue: true, "plain": false} {
		if got := b.options.Secrets.Mentions([]byte(text)); got != want {
			t.Errorf("Mentions = %v, want %v", got, want)
		}
	}
}

// Every kind of event says something of its own, and asks as its placeholder does.
func TestEventKinds(t *testing.T) {
	said := map[string]bool{}
	for k := placeholder.Restored; k <= placeholder.Bound; k++ {
		e := SecretEvent{Kind: kindOf(k), Where: InContent, Name: "NAME", Line: 3}
		said[e.What()] = true
		if e.Kind.Asks() != k.Asks() {
			t.Errorf("%s asks: %v", k, e.Kind.Asks())
		}
	}
	for _, k := range []EventKind{NewSecret, KnownValue, CredentialFile, Unsearched} {
		said[SecretEvent{Kind: k, Name: "NAME"}.What()] = true
	}
	if len(said) != 17 {
		t.Errorf("%d phrases: %v", len(said), said)
	}
	for _, k := range Asking() {
		if !k.Asks() {
			t.Errorf("%s does not ask", k)
		}
	}
}
