package workspace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cofferdam/internal/need"
)

// find(1) is the oracle: the same names, whatever bytes they have.
func TestListEqualsFind(t *testing.T) {
	find := need.Program(t, "find")
	names := []string{"-rf", "a\nb", "\xff\xfe", strings.Repeat("n", 255), "link -> ..", "loop -> loop", "dir -> d", "fifo | ", "empty/"}
	for i := range 300 {
		names = append(names, fmt.Sprintf("d/%d/%d/f%d", i%7, i%31, i))
	}
	root := tree(t, names...)
	out, err := exec.Command(find, root.Path(), "-mindepth", "1", "-printf", `%P\0`).Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []Path
	for name := range bytes.SplitSeq(bytes.TrimSuffix(out, []byte{0}), []byte{0}) {
		want = append(want, Path(name))
	}
	slices.Sort(want)
	entries, failures, err := List(context.Background(), root, nil)
	if err != nil || len(failures) != 0 {
		t.Fatal(failures, err)
	}
	var got []Path
	for _, e := range entries {
		got = append(got, e.Path)
	}
	if !slices.Equal(got, want) {
		t.Errorf("List has %d entries, find %d", len(got), len(want))
	}
}

func TestListPrunes(t *testing.T) {
	root := tree(t, "a/.git/config", "a/b", ".git/x/y")
	entries, _, err := List(context.Background(), root, func(e Entry) bool { return e.Path.Base() == ".git" })
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, string(e.Path))
	}
	if want := []string{".git", "a", "a/.git", "a/b"}; !slices.Equal(got, want) {
		t.Errorf("List = %q, want %q", got, want)
	}
}

func TestListNamesWhatItCannotRead(t *testing.T) {
	need.User(t)
	root := tree(t, "open/file", "closed/file")
	closed := filepath.Join(root.Path(), "closed")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(closed, 0o700) })
	entries, failures, err := List(context.Background(), root, nil)
	if err != nil || len(failures) != 1 || failures[0].Path != "closed" || len(entries) != 3 {
		t.Errorf("List = %v, %v, %v; want closed to fail alone", entries, failures, err)
	}
}

// Paths longer than PATH_MAX cannot be opened by name. They must be named, not passed over.
func TestListDeeperThanPathMax(t *testing.T) {
	root := tree(t)
	name := strings.Repeat("d", 250)
	dir, err := os.Open(root.Path())
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		inner, err := os.OpenRoot(fmt.Sprintf("/proc/self/fd/%d", dir.Fd()))
		if err != nil {
			t.Fatal(err)
		}
		if err := inner.Mkdir(name, 0o755); err != nil {
			t.Fatal(err)
		}
		next, err := inner.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		inner.Close()
		dir.Close()
		dir = next
	}
	dir.Close()
	entries, failures, err := List(context.Background(), root, nil)
	if err != nil || len(failures) == 0 || len(entries) < 15 {
		t.Errorf("List = %d entries, %v, %v; want the deep part named as a failure", len(entries), failures, err)
	}
}

func TestWalkStopsWithContext(t *testing.T) {
	root := tree(t, "a/b/c")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := List(ctx, root, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("List = %v, want context.Canceled", err)
	}
}
