package redact

import (
	"bytes"
	"errors"
	"testing"

	"cofferdam/placeholder"
	"cofferdam/workspace"
)

// Whatever a file holds: either it cannot be redacted, or its text has nothing in it that is found in a second look, has as
// many lines, and gives the file back.
func FuzzFindRestoreRoundTrip(f *testing.F) {
	for _, seed := range []struct{ path, raw string }{
		{".env", "A_TOKEN=" + password + "\r\nB='x\ny'\n"}, {"appsettings.json", `{"Password": "` + password + `", "n": 1}`},
		{"database.yml", "production:\n  password: |\n    " + password + "\n"}, {"main.go", "x := \"" + awsKey + "\""},
		{".netrc", "machine h login l password " + password}, {"config.xml", "<a password=\"" + password + "\"/>"},
		{".env", "\xff\xfeA\x00=\x00b\x00"}, {"pip.conf", "[a]\nindex-url = https://u:" + password + "@h/\n"},
	} {
		f.Add(seed.path, []byte(seed.raw))
	}
	finder := newFinderForTest().Knowing(knownForTest(password))
	f.Fuzz(func(t *testing.T, name string, raw []byte) {
		path, err := workspace.ParsePath(name)
		if err != nil {
			return
		}
		file, err := finder.Find(t.Context(), path, raw, keyForTest())
		var unfit *UnfitError
		if errors.As(err, &unfit) || errors.Is(err, placeholder.ErrTaken) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if more, err := finder.left(t.Context(), path, file.Text); err != nil || len(more) > 0 {
			t.Fatalf("%d things are found in the redacted text, %v", len(more), err)
		}
		if bytes.Count(file.Text, []byte("\n")) != bytes.Count(raw, []byte("\n")) {
			t.Fatal("another number of lines")
		}
		values, err := placeholder.Locate(file.Text, raw, &file.Record, keyForTest(), file.Spans)
		if err != nil {
			t.Fatal(err)
		}
		outcome, err := placeholder.Restore(file.Text, values, placeholder.Options{Escape: Escape, Places: finder.Places(path, file.Text)})
		if err != nil {
			t.Fatal(err)
		}
		if back, err := outcome.Text(0); err != nil || !bytes.Equal(back, raw) {
			t.Fatalf("it does not come back: %v", err)
		}
	})
}
