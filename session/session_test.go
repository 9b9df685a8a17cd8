package session

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

func newProject(t *testing.T) *workspace.Root {
	t.Helper()
	root, err := workspace.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func TestCreateOpenDiscard(t *testing.T) {
	root, store := newProject(t), NewStore(t.TempDir())
	s, err := store.Create(root, Record{Program: "true"})
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{s.Dir(), s.Mask(), s.Upper(), s.Work(), s.Copy()} {
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v; want mode 0700", dir, info, err)
		}
	}
	all, err := store.List()
	if err != nil || len(all) != 1 || !all[0].Busy || all[0].Project != root.Path() {
		t.Fatalf("List() = %+v, %v; want one busy session", all, err)
	}
	if _, err := Open(all[0]); !errors.Is(err, ErrBusy) {
		t.Errorf("Open of a locked session: %v, want ErrBusy", err)
	}
	s.State = Finished
	if err := errors.Join(s.Save(), s.Close()); err != nil {
		t.Fatal(err)
	}
	again, err := Open(all[0])
	if err != nil || again.State != Finished {
		t.Fatalf("Open = %+v, %v; want the saved state", again, err)
	}
	if err := again.Remove(); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(all[0].Dir), "*")); len(left) != 0 {
		t.Errorf("left after Remove: %v", left)
	}
}

func TestRecordKeepsAnyPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not UTF-8 \xff \n")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	root, err := workspace.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	store := NewStore(t.TempDir())
	s, err := store.Create(root, Record{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all, err := store.List()
	if err != nil || len(Of(all, root.Path())) != 1 {
		t.Errorf("List() = %+v, %v; want the session of %q", all, err, root.Path())
	}
}

func TestRemoveClosedDirectories(t *testing.T) {
	s, err := NewStore(t.TempDir()).Create(newProject(t), Record{})
	if err != nil {
		t.Fatal(err)
	}
	deep := filepath.Join(s.Upper(), "a", "b")
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		os.WriteFile(filepath.Join(deep, "file"), nil, 0),
		os.Symlink("/etc/passwd", filepath.Join(deep, "link")),
		unix.Mknod(filepath.Join(deep, "whiteout"), unix.S_IFCHR, 0),
		os.Chmod(deep, 0),
		os.Chmod(filepath.Dir(deep), 0),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Remove(); err != nil {
		t.Fatal(err)
	}
}

func TestCreateKeepsApart(t *testing.T) {
	root := newProject(t)
	inside := filepath.Join(root.Path(), "state")
	if _, err := NewStore(inside).Create(root, Record{}); err == nil {
		t.Error("Create inside the project succeeded")
	}
	outside := t.TempDir()
	s, err := NewStore(inside, outside).Create(root, Record{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if want := filepath.Join(outside, "sessions", s.ID); s.Dir() != want {
		t.Errorf("Dir() = %s, want %s", s.Dir(), want)
	}
}

func TestListNamesDamagedRecords(t *testing.T) {
	tests := map[string]string{
		"empty":    "",
		"no json":  "{",
		"version":  `{"version":9}`,
		"other id": `{"version":1,"id":"zzzz"}`,
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			store := NewStore(t.TempDir())
			s, err := store.Create(newProject(t), Record{})
			if err != nil {
				t.Fatal(err)
			}
			s.Close()
			if err := os.WriteFile(filepath.Join(s.Dir(), "record.json"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			all, err := store.List()
			if err != nil || len(all) != 1 || all[0].Problem == nil || all[0].ID != s.ID {
				t.Fatalf("List() = %+v, %v; want one session with a problem", all, err)
			}
			if err := Discard(all[0]); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFind(t *testing.T) {
	all := []Info{{Record: Record{ID: "abcd", Project: "/p"}}, {Record: Record{ID: "abxy", Project: "/q"}}}
	in := func(project string) func(Info) bool { return func(i Info) bool { return i.Project == project } }
	tests := []struct{ prefix, project, want string }{
		{"", "/q", "abxy"},
		{"", "/p", "abcd"},
		{"", "/none", ""},
		{"abc", "/q", "abcd"},
		{"ABX", "/p", "abxy"},
		{"ab", "/p", ""},
		{"z", "/p", ""},
	}
	for _, tt := range tests {
		info, err := Find(all, tt.prefix, in(tt.project))
		if info.ID != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("Find(%q, %s) = %q, %v; want %q", tt.prefix, tt.project, info.ID, err, tt.want)
		}
	}
}

func TestIDsHaveShortPrefixes(t *testing.T) {
	ids := make([]string, 50)
	for i := range ids {
		ids[i] = newID()[:8]
		if !validID(newID()) {
			t.Fatal("newID is not valid")
		}
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 50 {
		t.Error("two of 50 ids share eight characters")
	}
}
