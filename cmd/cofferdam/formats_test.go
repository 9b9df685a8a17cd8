package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cofferdam/internal/formats"
	"cofferdam/internal/need"
	"cofferdam/placeholder"
)

// A project of realistic files in formats that hold credentials, and a user who works on it.
type formatsProject struct {
	t        *testing.T
	dir      string // with all of the user's directories
	files    []formats.File
	values   []formats.Value // of all files
	listings bytes.Buffer    // all that the program said
}

func newFormatsProject(t *testing.T, seed uint64) *formatsProject {
	t.Helper()
	need.Userns(t)
	p := &formatsProject{t: t, dir: t.TempDir(), files: formats.Files(seed)}
	for _, dir := range []string{"home", "project"} {
		if err := os.Mkdir(filepath.Join(p.dir, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := formats.Write(p.at("project"), p.files); err != nil {
		t.Fatal(err)
	}
	for _, f := range p.files {
		p.values = append(p.values, f.Values...)
	}
	p.git("init", "-q", "-b", "main")
	p.git("add", "-A")
	p.git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "all")
	return p
}

func (p *formatsProject) at(names ...string) string {
	return filepath.Join(append([]string{p.dir}, names...)...)
}

func (p *formatsProject) environ() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.at("home"), "XDG_STATE_HOME=" + p.at("state"), "XDG_CACHE_HOME=" + p.at("cache"),
		"XDG_CONFIG_HOME=" + p.at("config"), "GIT_CONFIG_NOSYSTEM=1", "NO_COLOR=1"}
}

func (p *formatsProject) git(args ...string) {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), "git", args...)
	cmd.Dir, cmd.Env = p.at("project"), p.environ()
	if out, err := cmd.CombinedOutput(); err != nil {
		p.t.Fatalf("git %s: %v\n%s", args[0], err, out)
	}
}

// cofferdam is what the program writes to stdout. What it says is kept.
func (p *formatsProject) cofferdam(stdin string, args ...string) []byte {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), "cofferdam", args...)
	cmd.Dir, cmd.Env, cmd.Stdin = p.at("project"), p.environ(), strings.NewReader(stdin)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	p.listings.Write(said.Bytes())
	if err != nil {
		p.t.Fatalf("cofferdam %s: %v\n%s", args[0], err, said.Bytes())
	}
	return out
}

// noLeak holds that text, which was found at place, has none of the values in it.
func (p *formatsProject) noLeak(place string, text []byte) {
	p.t.Helper()
	for _, leak := range formats.Leaks(text, p.values) {
		p.t.Errorf("%s holds %s", place, leak)
	}
}

// noLeakBelow holds it of all files below a directory, and of their names.
func (p *formatsProject) noLeakBelow(dir string) {
	p.t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "work" { // the kernel makes its own directory there with mode 0
			_ = os.Chmod(filepath.Join(path, "work"), 0o700)
		}
		if errors.Is(err, fs.ErrNotExist) || err == nil && !d.Type().IsRegular() {
			return nil
		}
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		p.noLeak(path, append(text, path...))
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// untar is the regular files of a tar archive by their paths.
func (p *formatsProject) untar(archive []byte) map[string][]byte {
	p.t.Helper()
	files := map[string][]byte{}
	for r := tar.NewReader(bytes.NewReader(archive)); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			p.t.Fatal(err)
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		if files[strings.TrimPrefix(header.Name, "./")], err = io.ReadAll(r); err != nil {
			p.t.Fatal(err)
		}
	}
}

// mustRedact is how many files have to be redacted, not hidden; the issue asks for 60.
const mustRedact = 75

// checkView holds that a view shows the project's files, redacted, as their own parsers read them.
func (p *formatsProject) checkView(view map[string][]byte) {
	parsers := formats.NewParsers(p.t)
	token := regexp.MustCompile(placeholder.Pattern)
	redacted := 0
	var hidden []string
	for _, f := range p.files {
		text, shown := view[f.Path]
		switch {
		case shown && f.Hidden:
			p.t.Errorf("%s is shown", f.Path)
		case shown:
			redacted++
			p.t.Run(f.Path, func(t *testing.T) { checkRedacted(t, parsers, token, f, text) })
		default:
			hidden = append(hidden, f.Path)
		}
	}
	for path, text := range view {
		p.noLeak(path+" in the view", append(text, path...))
	}
	p.t.Logf("%d files redacted, %d hidden: %s", redacted, len(hidden), strings.Join(hidden, " "))
	if redacted < mustRedact {
		p.t.Errorf("%d files are redacted, want %d", redacted, mustRedact)
	}
}

func checkRedacted(t *testing.T, parsers *formats.Parsers, token *regexp.Regexp, f formats.File, text []byte) {
	before, err := parsers.Parse(f.Parser, f.Raw)
	if err != nil {
		t.Fatal(err)
	}
	after, err := parsers.Parse(f.Parser, text)
	if err != nil {
		t.Fatalf("parser %s does not read it in the view: %v", f.Parser, err)
	}
	if where := formats.SameShape(before, after, token); where != "" {
		t.Errorf("parser %s finds another thing at %s", f.Parser, where)
	}
	for _, plain := range f.Plain {
		if !formats.Holds(after, plain) {
			t.Errorf("%q, which is no secret, does not show", plain)
		}
	}
	if bytes.Equal(text, f.Raw) {
		t.Error("it is shown as it is")
	}
}

func TestFormatsInView(t *testing.T) {
	for _, kind := range []string{"overlay", "copy", "bind"} {
		t.Run(kind, func(t *testing.T) {
			p := newFormatsProject(t, 11)
			args := []string{"run", "--stage", kind, "--git", "none", "--", "tar", "cf", "-", "."}
			p.checkView(p.untar(p.cofferdam("", args...)))
			p.noLeak("what the program said", p.listings.Bytes())
			for _, dir := range []string{"state", "cache", "home"} {
				p.noLeakBelow(p.at(dir))
			}
		})
	}
}

// The repository that the view has for its own holds none of the values either, in no object, ref or log.
func TestFormatsInGit(t *testing.T) {
	p := newFormatsProject(t, 12)
	const all = `git cat-file --batch --batch-all-objects && git log --all -p --format=%B%n%an && git status --short`
	out := p.cofferdam("", "run", "--git", "snapshot", "--", "sh", "-c", all)
	if bytes.Count(out, []byte("COFFERDAM_")) < mustRedact {
		t.Error("the repository does not have the redacted files")
	}
	p.noLeak("the repository of the view", out)
	for name, text := range p.untar(p.cofferdam("", "run", "--git", "snapshot", "--", "tar", "cf", "-", ".git")) {
		p.noLeak(name, text)
	}
}

func TestFormatsInStagedCopy(t *testing.T) {
	p := newFormatsProject(t, 13)
	p.cofferdam("", "stage", "-o", p.at("out"))
	view := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(p.at("out")), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			view[path], err = os.ReadFile(p.at("out", path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p.checkView(view)
}
