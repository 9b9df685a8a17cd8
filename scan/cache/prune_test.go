package cache

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestPrune(t *testing.T) {
	dir := t.TempDir()
	const day = 24 * time.Hour
	files := map[string]struct {
		age  time.Duration
		size int64
		want bool
	}{
		"kept" + suffix:          {90 * day, 1, true},
		"large" + suffix:         {0, maxAll - 1, true},
		"yesterday" + suffix:     {1 * day, 1, true},
		"one too many" + suffix:  {2 * day, 1, false},
		"old" + suffix:           {31 * day, 0, false},
		"not too old" + suffix:   {29 * day, 0, true},
		"cut" + temporarySuffix:  {2 * time.Hour, 1, false},
		"busy" + temporarySuffix: {time.Minute, 1, true},
		"notes.txt":              {90 * day, 1, true},
	}
	for name, f := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, f.size), os.Chtimes(path, time.Time{}, time.Now().Add(-f.age))); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("notes.txt", filepath.Join(dir, "link"+suffix)); err != nil {
		t.Fatal(err)
	}
	d, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := prune(d, "kept"+suffix, time.Now()); err != nil {
		t.Fatal(err)
	}
	for name, f := range files {
		if _, err := os.Lstat(filepath.Join(dir, name)); (err == nil) != f.want {
			t.Errorf("%s: %v, want kept %v", name, err, f.want)
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, "link"+suffix)); err != nil {
		t.Error("a link was removed")
	}
}
