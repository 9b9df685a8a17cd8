package session

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestLog(t *testing.T) {
	s := &Session{dir: t.TempDir()}
	read := func() (got []string) {
		t.Helper()
		err := s.ReadLog("log", func(line []byte) error {
			var text string
			err := json.Unmarshal(line, &text)
			got = append(got, text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := read(); len(got) > 0 {
		t.Errorf("no log has %q", got)
	}
	for _, text := range []string{"one", "two\n"} {
		log := s.Log("log")
		if err := errors.Join(log.Append(text), log.Close()); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(`"cut sh`); err != nil {
		t.Fatal(err)
	}
	if got := read(); !slices.Equal(got, []string{"one", "two\n"}) {
		t.Errorf("the log has %q", got)
	}
	unused := s.Log("unused")
	if err := unused.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(s.dir, "unused")); !os.IsNotExist(err) {
		t.Errorf("a log without a line is there: %v", err)
	}
	bad := errors.New("bad")
	if err := s.ReadLog("log", func([]byte) error { return bad }); !errors.Is(err, bad) {
		t.Errorf("ReadLog = %v", err)
	}
}
