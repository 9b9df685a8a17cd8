package session

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"cofferdam/internal/atomicfile"
	"cofferdam/workspace"
)

// ErrBusy says that another process has the session in use.
var ErrBusy = errors.New("session is in use by another process")

// Session is one run's directories and record, locked by this process until Close. It is not safe for concurrent use.
type Session struct {
	Record
	dir  string
	lock *os.File
}

// The directories of a session. Mask, Upper, Work and Copy are layers; Journals holds one directory an apply.
func (s *Session) Dir() string   { return s.dir }
func (s *Session) Mask() string  { return filepath.Join(s.dir, "mask") }
func (s *Session) Upper() string { return filepath.Join(s.dir, "upper") }
func (s *Session) Work() string  { return filepath.Join(s.dir, "work") }
func (s *Session) Copy() string  { return filepath.Join(s.dir, "copy") }

// Journal is the directory of the n-th apply, from 1.
func (s *Session) Journal(n int) string {
	return filepath.Join(s.dir, "journal", fmt.Sprintf("%04d", n))
}

// DropJournal removes the newest journal with all that is in it, and takes it out of the record's count.
func (s *Session) DropJournal() error {
	if err := removeAll(s.Journal(s.Journals)); err != nil {
		return fmt.Errorf("drop journal %d of session %s: %w", s.Journals, s.ID, err)
	}
	s.Journals--
	return nil
}

func (s *Session) make() error {
	for _, dir := range []string{s.dir, s.Mask(), s.Upper(), s.Work(), s.Copy(), filepath.Join(s.dir, "journal")} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return err
		}
	}
	lock, err := lockDir(s.dir)
	if err != nil {
		return err
	}
	s.lock = lock
	// Nobody can see the session yet, and what it is for begins with the next Save: no need to wait for the disk.
	return s.SaveNote("record.json", s.forJSON())
}

// lockDir takes the lock of a session, which the kernel releases when its holder dies, however it dies.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock session: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("session %s: %w", filepath.Base(dir), ErrBusy)
		}
		return nil, fmt.Errorf("lock session %s: %w", filepath.Base(dir), err)
	}
	return f, nil
}

// Open locks the session that info names and reads its record again.
func Open(info Info) (*Session, error) {
	lock, err := lockDir(info.Dir)
	if err != nil {
		return nil, err
	}
	record, err := readRecord(info.Dir)
	if err != nil {
		lock.Close()
		return nil, err
	}
	return &Session{Record: record, dir: info.Dir, lock: lock}, nil
}

// Close gives the lock back. The session stays.
func (s *Session) Close() error {
	if s.lock == nil {
		return nil
	}
	err := s.lock.Close()
	s.lock = nil
	return err
}

// Save writes the record: whole or not at all, and durably.
func (s *Session) Save() error { return s.SaveJSON("record.json", s.forJSON()) }

func (s *Session) forJSON() Record {
	s.ProjectBytes = nil
	if !utf8.ValidString(s.Project) {
		s.ProjectBytes = []byte(s.Project)
	}
	return s.Record
}

// SaveJSON writes v as a state file of the session: whole or not at all, and durably.
func (s *Session) SaveJSON(name string, v any) error {
	return s.save(name, v, func(path string, text []byte) error {
		return atomicfile.Write(path, 0o600, func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		})
	})
}

// LoadJSON reads what SaveJSON wrote. The error is fs.ErrNotExist where it wrote nothing.
func (s *Session) LoadJSON(name string, v any) error {
	text, err := os.ReadFile(filepath.Join(s.dir, name))
	if err == nil {
		err = json.Unmarshal(text, v)
	}
	if err != nil {
		return fmt.Errorf("load %s of session %s: %w", name, s.ID, err)
	}
	return nil
}

// SaveNote writes v for people to read. A crash may leave it cut short, so nothing is decided by it.
func (s *Session) SaveNote(name string, v any) error {
	return s.save(name, v, func(path string, text []byte) error { return os.WriteFile(path, text, 0o600) })
}

func (s *Session) save(name string, v any, write func(path string, text []byte) error) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err == nil {
		err = write(filepath.Join(s.dir, name), append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("save %s: %w", name, err)
	}
	return nil
}

// SaveManifest writes a manifest as a state file.
func (s *Session) SaveManifest(name string, m io.WriterTo) error {
	err := atomicfile.Write(filepath.Join(s.dir, name), 0o600, func(w io.Writer) error {
		_, err := m.WriteTo(w)
		return err
	})
	if err != nil {
		return fmt.Errorf("save %s: %w", name, err)
	}
	return nil
}

// LoadManifest reads what SaveManifest wrote.
func (s *Session) LoadManifest(name string) (*workspace.Manifest, error) {
	f, err := os.Open(filepath.Join(s.dir, name))
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", name, err)
	}
	defer f.Close()
	m, err := workspace.ReadManifest(bufio.NewReaderSize(f, 1<<16))
	if err != nil {
		return nil, fmt.Errorf("load %s of session %s: %w", name, s.ID, err)
	}
	return m, nil
}

// Remove deletes the session, lock and all. It takes the name away first, so that what is left of an interrupted
// removal is no session.
func (s *Session) Remove() error {
	defer s.Close()
	return Discard(Info{Dir: s.dir})
}

// Discard is Remove for a session that cannot be opened, because its record is damaged. The caller has seen that it
// is not busy.
func Discard(info Info) error {
	gone := filepath.Join(filepath.Dir(info.Dir), "."+filepath.Base(info.Dir))
	if err := os.Rename(info.Dir, gone); err != nil {
		return fmt.Errorf("discard session: %w", err)
	}
	if err := removeAll(gone); err != nil {
		return fmt.Errorf("discard session: %w", err)
	}
	return nil
}

// removeAll is os.RemoveAll for trees whose directories may be closed even to their owner: the kernel makes work/work
// with mode 0, and a command may have done the like in the upper layer.
func removeAll(dir string) error {
	err := os.RemoveAll(dir)
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	root, err := workspace.Open(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := openUp(root, workspace.Dot); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}

// openUp gives the owner access to dir and every directory in it.
func openUp(root *workspace.Root, dir workspace.Path) error {
	f, err := root.OpenDir(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		stat, err := workspace.StatAt(f, name)
		if err != nil || stat.Type != workspace.Dir {
			continue
		}
		if stat.Mode&0o700 != 0o700 {
			if err := unix.Fchmodat(int(f.Fd()), name, 0o700, 0); err != nil {
				return &fs.PathError{Op: "chmod", Path: string(dir.Join(name)), Err: err}
			}
		}
		if err := openUp(root, dir.Join(name)); err != nil {
			return err
		}
	}
	return nil
}

// Find picks the session whose id begins with prefix, or where prefix is empty the newest for which fits holds.
func Find(all []Info, prefix string, fits func(Info) bool) (Info, error) {
	var found []Info
	for _, info := range all {
		if prefix == "" && info.Problem == nil && fits(info) {
			return info, nil
		}
		if prefix != "" && strings.HasPrefix(info.ID, strings.ToLower(prefix)) {
			found = append(found, info)
		}
	}
	switch {
	case prefix == "":
		return Info{}, ErrNone
	case len(found) == 0:
		return Info{}, fmt.Errorf("no session begins with %q", prefix)
	case len(found) > 1:
		return Info{}, fmt.Errorf("%d sessions begin with %q: %s, %s; give more of the id", len(found), prefix, found[0].ID, found[1].ID)
	}
	return found[0], nil
}

// Of is the sessions of the project at the absolute path project. A damaged record names no project and is left out.
func Of(all []Info, project string) []Info {
	return slices.DeleteFunc(slices.Clone(all), func(i Info) bool { return i.Project != project })
}

// Idle is the sessions that no process uses.
func Idle(all []Info) []Info {
	return slices.DeleteFunc(slices.Clone(all), func(i Info) bool { return i.Busy })
}

// ErrNone says that there is no session to mean.
var ErrNone = errors.New("no session of this project")
