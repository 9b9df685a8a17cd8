package sandbox

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

const (
	// maxReplaced bounds how many directories one rename replaces, and how many names one of them has.
	maxReplaced = 1 << 17
	// unmapped is the id of what belongs to nobody in this user namespace.
	unmapped = 65534
)

// merged is a directory that cannot be renamed as it is. Times are those that it had before anything was done in it.
type merged struct {
	path  string
	times *unix.Statx_t
}

// survey lists the directories that have to be replaced so that the one at path can be renamed: itself and those below.
// It says beforehand what would be found out half-way: that a part is on another mount, is not this user's, is not to be
// read, or has no room.
func (m *mover) survey(path string) ([]merged, error) {
	var room unix.Statfs_t
	if err := unix.Fstatfs(m.view, &room); err != nil {
		return nil, err
	}
	s := &survey{mover: m, room: int64(room.Bavail) * room.Bsize}
	parent, name, err := m.openParent(path)
	if err != nil {
		return nil, err
	}
	err = s.add(parent, name, path)
	unix.Close(parent)
	for next := 0; err == nil && next < len(s.found); next++ {
		err = s.look(&s.found[next])
	}
	return s.found, err
}

type survey struct {
	mover *mover
	room  int64 // bytes left for copies
	found []merged
}

// add takes a directory into the list unless it can be renamed as it is.
func (s *survey) add(parent int, name, path string) error {
	movable, err := s.mover.movable(parent, name)
	if err == unix.ENOENT {
		return nil
	}
	if err != nil || movable {
		return err
	}
	if s.found = append(s.found, merged{path: path}); len(s.found) > maxReplaced {
		return fmt.Errorf("%w: more than %d directories", errStays, maxReplaced)
	}
	return nil
}

// look goes through one directory of the list.
func (s *survey) look(found *merged) error {
	path := found.path
	if !s.mover.alive() {
		return errStays
	}
	dir, err := s.mover.open(path, unix.O_RDONLY|unix.O_DIRECTORY)
	if err != nil {
		return err
	}
	defer unix.Close(dir)
	stat, err := status(dir, "")
	if err != nil {
		return err
	}
	if stat.Mode&0o700 != 0o700 || int(stat.Uid) != os.Geteuid() {
		return fmt.Errorf("%w: it is not this user's to change", errStays)
	}
	found.times = stat
	names, err := namesIn(dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := s.weigh(dir, name, path+"/"+name); err != nil {
			return err
		}
	}
	return nil
}

func (s *survey) weigh(dir int, name, path string) error {
	stat, err := status(dir, name)
	switch {
	case err == unix.ENOENT:
		return nil
	case err != nil:
		return err
	case stat.Mnt_id != s.mover.mount:
		return fmt.Errorf("%w: another mount is in it", errStays)
	case stat.Uid == unmapped && os.Geteuid() != unmapped, stat.Gid == unmapped && os.Getegid() != unmapped:
		return fmt.Errorf("%w: a part has an owner that cannot be kept", errStays)
	case kindOf(stat) == unix.S_IFDIR:
		return s.add(dir, name, path)
	case !s.mover.young(stat.Ctime):
		s.room -= int64(stat.Blocks) * 512
	}
	if s.room < 0 {
		return fmt.Errorf("%w: no space", errStays)
	}
	return nil
}

// namesIn lists a directory, from its beginning.
func namesIn(dir int) ([]string, error) {
	if _, err := unix.Seek(dir, 0, 0); err != nil {
		return nil, err
	}
	var names []string
	buf := make([]byte, 32<<10)
	for {
		n, err := unix.ReadDirent(dir, buf)
		if err != nil || n == 0 {
			return names, err
		}
		if _, _, names = unix.ParseDirent(buf[:n], -1, names); len(names) > maxReplaced {
			return nil, fmt.Errorf("%w: more than %d names", errStays, maxReplaced)
		}
	}
}
