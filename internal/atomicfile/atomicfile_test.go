package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func write(text string, err error) func(io.Writer) error {
	return func(w io.Writer) error {
		io.WriteString(w, text)
		return err
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "record")
	if err := Write(path, 0o600, write("one", nil)); err != nil {
		t.Fatal(err)
	}
	full := errors.New("no space")
	if err := Write(path, 0o600, write("half of tw", full)); !errors.Is(err, full) {
		t.Errorf("Write = %v, want %v", err, full)
	}
	if got, _ := os.ReadFile(path); string(got) != "one" {
		t.Errorf("after a failed write: %q, want the old content", got)
	}
	if err := Write(path, 0o600, write("two", nil)); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "two" {
		t.Errorf("content = %q, want %q", got, "two")
	}
	if info, _ := os.Stat(path); info.Mode() != 0o600 {
		t.Errorf("mode = %v, want 0600", info.Mode())
	}
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Errorf("%d files in the directory, want 1: no temporary file stays", len(names))
	}
}
