package sandbox

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"cofferdam/overlay"

	"golang.org/x/sys/unix"
)

// errStays says that a directory is left as it is.
var errStays = errors.New("directory is not replaced")

// mover replaces directories of an overlay by such as can be renamed. All it does is to the view, by its descriptor.
// It is for one thread.
type mover struct {
	root    string // of the view, as a path of the sandbox
	view    int
	mount   uint64 // the view's
	began   int64  // seconds; what is younger is in the upper layer, or looks like it
	staging int
	alive   func() bool  // whether somebody still waits for it
	step    func() error // before each change, for tests; an error takes its place
}

func newMover(view string) (*mover, error) {
	fd, err := unix.Open(view, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	m := &mover{root: view, view: fd, staging: -1, step: func() error { return nil }}
	var now unix.Timespec
	stat, err := status(fd, "")
	if err == nil {
		err = unix.ClockGettime(unix.CLOCK_REALTIME, &now)
	}
	if err != nil {
		m.close()
		return nil, err
	}
	m.mount, m.began = stat.Mnt_id, now.Sec
	return m, nil
}

func (m *mover) close() { unix.Close(m.view) }

const statusMask = unix.STATX_BASIC_STATS | unix.STATX_BTIME | unix.STATX_MNT_ID

// status is statx of a name in a directory, or of the directory itself.
func status(dir int, name string) (*unix.Statx_t, error) {
	stat := &unix.Statx_t{}
	flags := unix.AT_SYMLINK_NOFOLLOW | unix.AT_STATX_SYNC_AS_STAT | unix.AT_NO_AUTOMOUNT
	if name == "" {
		flags |= unix.AT_EMPTY_PATH
	}
	if err := unix.Statx(dir, name, flags, statusMask, stat); err != nil {
		return nil, err
	}
	if stat.Mask&unix.STATX_MNT_ID == 0 {
		return nil, unix.ENOSYS
	}
	return stat, nil
}

func kindOf(stat *unix.Statx_t) uint32 { return uint32(stat.Mode) & unix.S_IFMT }

// holds reports whether what fd is open on lies in the view.
func (m *mover) holds(fd int) bool {
	stat, err := status(fd, "")
	return err == nil && stat.Mnt_id == m.mount
}

// refused reports whether the kernel will refuse anyway, for what it looks at before it asks overlayfs. It saves work,
// no more.
func (m *mover) refused(source, into string, to int, newName string, exchange, keep bool) bool {
	target, err := status(to, newName)
	exists := err == nil
	return exchange && !exists || keep && exists || !exchange && exists && kindOf(target) != unix.S_IFDIR ||
		into == source || within(into, source)
}

// pathOf is where a name of a directory is, relative to the view.
func (m *mover) pathOf(dir int, name string) (string, error) {
	path, err := readLink("/proc/self/fd/" + strconv.Itoa(dir))
	if err != nil {
		return "", err
	}
	if path += "/" + name; !within(path, m.root) {
		return "", fmt.Errorf("%w: it is outside the view", errStays)
	}
	return path[len(m.root)+1:], nil
}

// standsIn reports whether a caller resolves its path from within what it renames. To its eyes the directory would be
// a removed one afterwards, and already when the call goes on.
func (m *mover) standsIn(source place, path string) bool {
	for _, start := range []place{source, {thread: source.thread, dir: unix.AT_FDCWD}} {
		at, err := readLink(string(start.appendAnchor(nil)))
		if err == nil && (at == m.root+"/"+path || within(at, m.root+"/"+path)) {
			return true
		}
	}
	return false
}

func readLink(path string) (string, error) {
	var room [unix.PathMax]byte
	n, err := unix.Readlink(path, room[:])
	if err == nil && n == len(room) {
		err = unix.ENAMETOOLONG
	}
	return string(room[:max(n, 0)]), err
}

// open opens a path of the view, through no link and into no other mount.
func (m *mover) open(path string, flags uint64) (int, error) {
	if path == "" {
		path = "."
	}
	return unix.Openat2(m.view, path, &unix.OpenHow{
		Flags: flags | unix.O_CLOEXEC, Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS | unix.RESOLVE_NO_XDEV,
	})
}

// openParent opens the directory that holds a path of the view.
func (m *mover) openParent(path string) (dir int, name string, err error) {
	i := strings.LastIndexByte(path, '/')
	dir, err = m.open(path[:max(i, 0)], unix.O_RDONLY|unix.O_DIRECTORY)
	return dir, path[i+1:], err
}

// young reports whether something was made since the sandbox was: it is then in the upper layer. What the user made in
// the project meanwhile looks the same, and is dealt with later and worse.
func (m *mover) young(t unix.StatxTimestamp) bool { return t.Sec > m.began }

// free makes the directory name of parent one that can be renamed. It is the caller's to see that the name still means
// what it did.
func (m *mover) free(parent int, name string) error {
	stat, err := status(parent, name)
	switch {
	case err != nil:
		return err
	case stat.Mnt_id != m.mount:
		return errStays
	case kindOf(stat) != unix.S_IFDIR:
		return nil
	}
	// Overlayfs says of a directory with upper and lower content that it has one link.
	if stat.Nlink > 1 && stat.Mask&unix.STATX_BTIME != 0 && m.young(stat.Btime) {
		return nil
	}
	path, err := m.pathOf(parent, name)
	if err != nil {
		return err
	}
	if err := m.openStaging(); err != nil {
		return err
	}
	defer m.closeStaging()
	found, err := m.survey(path)
	if err != nil {
		return err
	}
	for i := len(found) - 1; i >= 0; i-- { // Those within come first.
		if err := m.replace(&found[i]); err != nil {
			return err
		}
	}
	return nil
}

// openStaging makes the directory in which the new ones are made.
func (m *mover) openStaging() error {
	err := m.mkdir(m.view, overlay.Staging)
	if err != nil {
		return err
	}
	m.staging, err = m.open(overlay.Staging, unix.O_RDONLY|unix.O_DIRECTORY)
	if err != nil {
		m.staging = -1
	} else if err = m.mkdir(m.staging, overlay.StagingFull); err == nil {
		err = m.mkdir(m.staging, overlay.StagingFull+"/x")
	}
	if err != nil {
		m.closeStaging()
	}
	return err
}

// closeStaging removes it. What could not be put back stays in it, for overlay.PutBack.
func (m *mover) closeStaging() {
	if m.staging >= 0 {
		_ = m.remove(m.staging, overlay.StagingFull+"/x", unix.AT_REMOVEDIR)
		_ = m.remove(m.staging, overlay.StagingFull, unix.AT_REMOVEDIR)
		unix.Close(m.staging)
		m.staging = -1
	}
	_ = m.remove(m.view, overlay.Staging, unix.AT_REMOVEDIR)
}

// movable reports whether a directory can be renamed as it is. The kernel finds that out before it sees that the target is
// not empty.
func (m *mover) movable(parent int, name string) (bool, error) {
	switch err := m.rename(parent, name, m.staging, overlay.StagingFull, 0); err {
	case unix.ENOTEMPTY, unix.EEXIST:
		return true, nil
	case unix.EXDEV:
		return false, nil
	case nil: // Somebody emptied it.
		return false, errors.Join(errStays, m.rename(m.staging, overlay.StagingFull, parent, name, unix.RENAME_NOREPLACE))
	default:
		return false, err
	}
}
