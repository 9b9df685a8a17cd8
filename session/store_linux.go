package session

import (
	"cmp"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

// Store is the places that sessions live in, best first: directories of the user, 0700. A session goes to the first
// place on the project's own file system, where a copy-up can be a reflink and an apply a rename, else to the first.
type Store struct {
	places []string
}

// NewStore names the state directories. They are made when a session needs them.
func NewStore(places ...string) *Store { return &Store{places: places} }

// Places is the directories that hold sessions, best first.
func (st *Store) Places() []string { return slices.Clone(st.places) }

// ErrNoPlace says that sessions of a project can be in none of the state directories.
var ErrNoPlace = errors.New("no directory for sessions")

// Prepare makes the best place and returns the directory that its sessions are in.
func (st *Store) Prepare() (string, error) {
	if len(st.places) == 0 {
		return "", ErrNoPlace
	}
	return preparePlace(st.places[0])
}

// Create makes a session for the project at root and locks it. Nothing of it is there when Create fails.
func (st *Store) Create(root *workspace.Root, record Record) (*Session, error) {
	place, err := st.choose(root)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	record.Version, record.ID, record.Project = recordVersion, newID(), root.Path()
	record.ProjectDev, record.ProjectIno = root.Stat().Dev, root.Stat().Ino
	record.Created, record.State = now.UTC(), Staging
	// The dot keeps a session that is being made out of every listing.
	making := filepath.Join(place, "."+record.ID)
	s := &Session{dir: making, Record: record}
	if err := s.make(); err != nil {
		s.Close()
		removeAll(making)
		return nil, fmt.Errorf("create session in %s: %w", place, err)
	}
	s.dir = filepath.Join(place, record.ID)
	if err := os.Rename(making, s.dir); err != nil {
		s.Close()
		removeAll(making)
		return nil, fmt.Errorf("create session: %w", err)
	}
	return s, nil
}

// choose picks the place of a new session: never inside the project, which would show it in the view, and never
// around it, which would make a layer its own parent.
func (st *Store) choose(root *workspace.Root) (string, error) {
	var usable []string
	var problems []error
	for _, place := range st.places {
		dir, err := preparePlace(place)
		if err == nil {
			err = checkApart(dir, root.Path())
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if stat, err := statPath(dir); err == nil && stat.Dev == root.Stat().Dev {
			return dir, nil
		}
		usable = append(usable, dir)
	}
	if len(usable) == 0 {
		return "", fmt.Errorf("%w: %w", ErrNoPlace, errors.Join(problems...))
	}
	return usable[0], nil
}

func checkApart(dir, project string) error {
	if dir == project || strings.HasPrefix(dir, strings.TrimSuffix(project, "/")+"/") {
		return fmt.Errorf("state directory %q lies inside the project %q", dir, project)
	}
	return nil
}

// preparePlace makes the sessions directory of a place and checks that nobody else can write to it.
func preparePlace(place string) (string, error) {
	if !filepath.IsAbs(place) {
		return "", fmt.Errorf("state directory %q is not absolute", place)
	}
	dir := filepath.Join(place, "sessions")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make state directory: %w", err)
	}
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", fmt.Errorf("resolve state directory: %w", err)
	}
	stat, err := statPath(dir)
	if err != nil {
		return "", fmt.Errorf("state directory: %w", err)
	}
	if stat.UID != uint32(os.Getuid()) {
		return "", fmt.Errorf("state directory %q belongs to uid %d, not to you", dir, stat.UID)
	}
	if stat.Mode&0o077 != 0 {
		if err := os.Chmod(dir, 0o700); err != nil {
			return "", fmt.Errorf("close state directory to others: %w", err)
		}
	}
	return dir, nil
}

func statPath(path string) (workspace.Stat, error) {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return workspace.Stat{}, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	f := os.NewFile(uintptr(fd), path)
	defer f.Close()
	return workspace.StatFile(f)
}

// newID is 16 lower-case letters and digits, all random: a short prefix names a session.
func newID() string {
	var b [10]byte
	rand.Read(b[:]) // never fails
	return idEncoding.EncodeToString(b[:])
}

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// List reads the records of all sessions, newest first. A session whose record cannot be read is returned with the
// reason in Problem, so that it can be named and discarded.
func (st *Store) List() ([]Info, error) {
	var all []Info
	for _, place := range st.places {
		dir, err := filepath.EvalSymlinks(filepath.Join(place, "sessions"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("list sessions: %w", err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, fmt.Errorf("list sessions: %w", err)
		}
		for _, e := range entries {
			if e.IsDir() && validID(e.Name()) {
				all = append(all, readInfo(filepath.Join(dir, e.Name())))
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Info) int { return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID)) })
	return slices.CompactFunc(all, func(a, b Info) bool { return a.Dir == b.Dir }), nil
}

func validID(name string) bool {
	raw, err := idEncoding.DecodeString(name)
	return err == nil && len(raw) == 10
}
