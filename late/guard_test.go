package late

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// scene is a project below layers that nobody has mounted: a file is a secret where its text says so, or its name ends in
// .key, and what is covered is a whiteout in the upper layer.
type scene struct {
	t                           *testing.T
	project, mask, upper, aside string
	*Guard

	mu      sync.Mutex
	covered []workspace.Path
	notes   []Path
	refuse  error // of Cover, once
	deaf    error // of Note
	unseen  bool
}

func newScene(t *testing.T) *scene {
	t.Helper()
	base := t.TempDir()
	s := &scene{t: t, project: filepath.Join(base, "p"), mask: filepath.Join(base, "m"), upper: filepath.Join(base, "u"), aside: filepath.Join(base, "late")}
	for _, dir := range []string{s.project, s.mask, s.upper} {
		must(t, os.Mkdir(dir, 0o755))
	}
	return s
}

func (s *scene) write(dir, name, text string) {
	s.t.Helper()
	must(s.t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
	must(s.t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
}

func (s *scene) open(dir string) *workspace.Root {
	s.t.Helper()
	root, err := workspace.Open(dir)
	must(s.t, err)
	s.t.Cleanup(func() { root.Close() })
	return root
}

// start begins with all that the project has by now visible, but for hidden.
func (s *scene) start(hidden ...workspace.Path) {
	s.t.Helper()
	root := s.open(s.project)
	entries, _, err := workspace.List(s.t.Context(), root, nil)
	must(s.t, err)
	base := &workspace.Manifest{}
	for _, e := range entries {
		if isHidden := map[workspace.Path]bool{}; len(hidden) > 0 {
			for _, h := range hidden {
				isHidden[h] = true
			}
			if isHidden[e.Path] {
				base.Hidden = append(base.Hidden, e)
				continue
			}
		}
		base.Visible = append(base.Visible, e)
	}
	s.Guard = &Guard{
		Root: root, Base: base, Mask: s.open(s.mask), Upper: s.open(s.upper), Began: time.Now(), Aside: s.aside,
		Judge: judge, Cover: s.cover, Note: s.note,
	}
	s.Start()
}

func judge(_ context.Context, root *workspace.Root, path workspace.Path) (Verdict, error) {
	if strings.HasSuffix(string(path), ".key") {
		return Verdict{Rule: "key", ByName: true}, nil
	}
	text, err := os.ReadFile(filepath.Join(root.Path(), string(path)))
	if errors.Is(err, fs.ErrNotExist) {
		return Verdict{}, nil
	}
	v := Verdict{}
	for word := range strings.FieldsSeq(string(text)) {
		if strings.HasPrefix(word, "SECRET") {
			v.Rule = "word"
			v.Values = append(v.Values, word)
		}
	}
	return v, err
}

func (s *scene) cover(path workspace.Path) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refuse; err != nil {
		if s.refuse = nil; errors.Is(err, ErrEnded) {
			s.refuse = err
		}
		return false, err
	}
	at := filepath.Join(s.upper, string(path))
	if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.RemoveAll(at), unix.Mknod(at, unix.S_IFCHR, 0)); err != nil {
		return false, err
	}
	s.covered = append(s.covered, path)
	return !s.unseen, nil
}

func (s *scene) note(p Path) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes = append(s.notes, p)
	return s.deaf
}

// await waits until n paths are covered.
func (s *scene) await(n int) {
	s.t.Helper()
	for begin := time.Now(); ; time.Sleep(time.Millisecond) {
		s.mu.Lock()
		have := len(s.covered)
		s.mu.Unlock()
		if have >= n {
			return
		}
		if time.Since(begin) > 10*time.Second {
			s.t.Fatalf("%d paths are covered, want %d", have, n)
		}
	}
}

// result is what End tells, a line a path, without times.
func (s *scene) result() string {
	s.t.Helper()
	paths, unwatched := s.End()
	if unwatched != nil {
		s.t.Errorf("not watched: %+v", unwatched)
	}
	var b strings.Builder
	for _, p := range paths {
		fmt.Fprintf(&b, "%s %s", p.Path, p.Rule)
		if p.Hidden {
			b.WriteString(" hidden")
		}
		if p.Problem != "" {
			b.WriteString(" (" + p.Problem + ")")
		}
		if p.Kept != "" {
			b.WriteString(" " + p.Kept)
		}
		b.WriteString("\n")
		if p.Visible < 0 || p.Since.IsZero() {
			s.t.Errorf("%q was visible for %v since %v", p.Path, p.Visible, p.Since)
		}
	}
	return b.String()
}

func TestGuard(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before func(s *scene)
		hidden []workspace.Path
		during func(s *scene)
		covers int // to wait for
		want   string
	}{
		{name: "nothing", during: func(s *scene) {}},
		{name: "harmless", during: func(s *scene) { s.write(s.project, "new", "x") }},
		{name: "a new secret", during: func(s *scene) { s.write(s.project, "d/new", "SECRET1") }, covers: 1, want: "d/new word hidden\n"},
		{name: "by name", during: func(s *scene) { s.write(s.project, "a.key", "") }, covers: 1, want: "a.key key hidden\n"},
		{
			name: "a file that becomes one", before: func(s *scene) { s.write(s.project, "old", "x") },
			during: func(s *scene) { s.write(s.project, "old", "SECRET1") }, covers: 1, want: "old word hidden\n",
		},
		{
			name: "hidden before", before: func(s *scene) {
				s.write(s.project, "d/x", "SECRET1")
				s.write(s.project, "y", "SECRET1")
			},
			hidden: []workspace.Path{"d", "y"},
			during: func(s *scene) { s.write(s.project, "d/z", "SECRET2"); s.write(s.project, "y", "SECRET2") },
		},
		{
			name: "another file in the mask", before: func(s *scene) { s.write(s.project, "f", "x"); s.write(s.mask, "f", "y") },
			during: func(s *scene) { s.write(s.project, "f", "SECRET2") },
		},
		{
			name: "a hidden file under a new name", before: func(s *scene) { s.write(s.project, "y", "x") }, hidden: []workspace.Path{"y"},
			during: func(s *scene) { must(s.t, os.Rename(filepath.Join(s.project, "y"), filepath.Join(s.project, "z"))) }, covers: 1, want: "z the same file as \"y\" hidden\n",
		},
		{
			name: "all names of a file", before: func(s *scene) {
				s.write(s.project, "one", "x")
				must(s.t, os.Link(filepath.Join(s.project, "one"), filepath.Join(s.project, "two")))
			},
			during: func(s *scene) { s.write(s.project, "one", "SECRET1") }, covers: 2, want: "one word hidden\ntwo word hidden\n",
		},
		{
			name: "what the directory was called", before: func(s *scene) { s.write(s.project, "a/x", "x") },
			during: func(s *scene) {
				time.Sleep(5 * brief) // The watches have to stand.
				must(s.t, os.Rename(filepath.Join(s.project, "a"), filepath.Join(s.project, "b")))
				s.write(s.project, "b/new", "SECRET1")
			}, covers: 2, want: "b/new word hidden\na/new word hidden\n",
		},
		{
			name: "the command deleted it", during: func(s *scene) {
				must(s.t, unix.Mknod(filepath.Join(s.upper, "f"), unix.S_IFCHR, 0))
				s.write(s.project, "f", "SECRET1")
			},
		},
		{
			name: "the command's own, harmless", during: func(s *scene) { s.write(s.upper, "f", "mine"); s.write(s.project, "f", "SECRET1") },
		},
		{
			name: "the command's own, with another secret", during: func(s *scene) { s.write(s.upper, "f", "SECRET2"); s.write(s.project, "f", "SECRET1") },
		},
		{
			name: "the command's own of that name", during: func(s *scene) {
				s.write(s.upper, "f.key", "mine")
				time.Sleep(clockStep)
				s.write(s.project, "f.key", "theirs")
			},
		},
		{
			name: "the command's own directory", during: func(s *scene) { s.write(s.upper, "f/x", "mine"); s.write(s.project, "f", "SECRET1") },
		},
		{
			name: "copied and no more", during: func(s *scene) { s.write(s.upper, "f", "SECRET1"); s.write(s.project, "f", "SECRET1") },
			covers: 1, want: "f word hidden\n",
		},
		{
			name: "copied and edited", during: func(s *scene) { s.write(s.upper, "f", "SECRET1 and mine"); s.write(s.project, "f", "SECRET1") },
			covers: 1, want: "f word hidden late/0001\n",
		},
		{
			name: "not noted", during: func(s *scene) { s.deaf = errors.New("disk full"); s.write(s.project, "f", "SECRET1") },
			want: "f word (disk full)\n",
		},
		{
			name: "refused, and then not", during: func(s *scene) { s.refuse = unix.EACCES; s.write(s.project, "f", "SECRET1") },
			covers: 1, want: "f word hidden\n",
		},
		{
			name: "too late", during: func(s *scene) { s.refuse = ErrEnded; s.write(s.project, "f", "SECRET1") },
			want: "f word (the command has ended)\n",
		},
		{
			name: "odd names", during: func(s *scene) { s.write(s.project, "\xff\n", "SECRET1") }, covers: 1, want: "\xff\n word hidden\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			if tt.before != nil {
				tt.before(s)
			}
			s.start(tt.hidden...)
			s.mu.Lock()
			tt.during(s)
			s.mu.Unlock()
			s.await(tt.covers)
			if got := s.result(); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
			for _, p := range s.notes {
				if text, err := p.MarshalJSON(); err != nil || strings.Contains(string(text), "SECRET") {
					t.Errorf("a note holds a value: %s, %v", text, err)
				}
			}
		})
	}
}

// What the command made of a secret is neither lost nor visible.
func TestWorkIsKept(t *testing.T) {
	s := newScene(t)
	s.start()
	s.mu.Lock()
	s.write(s.upper, "f", "SECRET1 and mine")
	s.write(s.upper, "g.key/sub/x", "mine too")
	s.write(s.project, "f", "SECRET1")
	s.mu.Unlock()
	s.await(1)
	s.result()
	for _, name := range []string{"0001"} {
		if text, err := os.ReadFile(filepath.Join(s.aside, name)); err != nil || string(text) != "SECRET1 and mine" {
			t.Errorf("%s is %q, %v", name, text, err)
		}
	}
	if at, err := s.keep("g.key"); err != nil || at != "late/0002" {
		t.Fatalf("keep = %q, %v", at, err)
	}
	if text, err := os.ReadFile(filepath.Join(s.aside, "0002/sub/x")); err != nil || string(text) != "mine too" {
		t.Errorf("the directory has %q, %v", text, err)
	}
}

// Each cover is noted before it is made and after.
func TestNotesFrameCovers(t *testing.T) {
	s := newScene(t)
	s.write(s.project, "old/x", "x")
	s.start()
	s.write(s.project, "old/new/deep/f", "SECRET1")
	s.await(1)
	s.result()
	if len(s.notes) != 2 || s.notes[0].Hidden || s.notes[0].Problem != "" || !s.notes[1].Hidden {
		t.Fatalf("notes: %+v", s.notes)
	}
	dirs := s.notes[0].Dirs
	if len(dirs) != 2 || dirs[0] != (Dir{"old/new/deep", 0o755}) || dirs[1] != (Dir{"old/new", 0o755}) {
		t.Errorf("directories: %+v", dirs)
	}
}

// A secret that comes and goes is hidden if the command has seen it, by the name alone.
func TestGone(t *testing.T) {
	for _, unseen := range []bool{true, false} {
		s := newScene(t)
		s.start()
		s.unseen = unseen
		s.watcher.Again("a.key", 0)
		s.watcher.Again("a", 0)
		s.await(1)
		want := map[bool]string{true: "", false: "a.key key hidden\n"}[unseen]
		if got := s.result(); got != want {
			t.Errorf("unseen %v: found %q, want %q", unseen, got, want)
		}
	}
}

// What comes after the end is nobody's business.
func TestAfterTheEnd(t *testing.T) {
	s := newScene(t)
	s.start()
	s.ended.Store(time.Now().Add(-time.Minute).UnixNano())
	s.write(s.project, "f", "SECRET1")
	s.watcher.Finish()
	<-s.done
	s.watcher.Close()
	if len(s.order) > 0 {
		t.Errorf("found %+v", s.order[0])
	}
}
