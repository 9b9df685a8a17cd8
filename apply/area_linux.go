package apply

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

// area is a directory of slots from which a rename leads into the workspace. It is the journal directory's own where
// that lies on the workspace's mount, else a private directory at the top of the workspace for as long as it is needed.
type area struct {
	root *workspace.Root
	name string   // slotsDir, or a name at the top of the workspace
	dir  *os.File // for syncfs, which takes no O_PATH descriptor
}

var areaName = regexp.MustCompile(`^\.cofferdam-[0-9a-f]{32}$`)

// slotPath names slot i below an area.
func slotPath(i int) workspace.Path { return workspace.Path(strconv.Itoa(i)) }

func (a *area) inProject() bool { return a.name != slotsDir }

func (a *area) close() {
	a.dir.Close()
	a.root.Close()
}

// lookup is what slot i holds; its zero Type is emptiness.
func (a *area) lookup(i int) (workspace.Entry, error) {
	e, err := a.root.Lookup(slotPath(i))
	if errors.Is(err, fs.ErrNotExist) {
		return workspace.Entry{}, nil
	}
	return e, err
}

// reaches reports whether a rename leads from below dir into the workspace. The same file system is not enough: rename
// refuses to cross a bind mount of it. Where the kernel does not tell mount ids (before 5.8), the answer is no.
func reaches(dir string, root *workspace.Root) (bool, error) {
	r, err := workspace.Open(dir)
	if err != nil {
		return false, err
	}
	defer r.Close()
	from, to := r.Stat(), root.Stat()
	return from.Dev == to.Dev && from.Mount == to.Mount && from.Mount != 0, nil
}

// makeArea makes the slots for a transaction of the journal directory dir. The name is on disk before the directory
// is, so that Recover finds it.
func makeArea(root *workspace.Root, dir string, c calls) (*area, error) {
	if err := makeSlots(dir, c); err != nil {
		return nil, err
	}
	near, err := reaches(filepath.Join(dir, slotsDir), root)
	if err != nil {
		return nil, err
	}
	name := slotsDir
	if !near {
		name = ".cofferdam-" + hex.EncodeToString(randomBytes(16))
	}
	err = c.record(filepath.Join(dir, areaFile), func(w io.Writer) error {
		_, err := io.WriteString(w, name+"\n")
		return err
	})
	if err == nil && !near {
		err = c.mkdir(root.Fd(), name, 0o700)
	}
	if err != nil {
		return nil, fmt.Errorf("make staging area: %w", err)
	}
	return openArea(root, dir, name)
}

func makeSlots(dir string, c calls) error {
	fd, err := unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open journal %s: %w", dir, err)
	}
	defer unix.Close(fd)
	if err := c.mkdir(fd, slotsDir, 0o700); err != nil && err != unix.EEXIST {
		return fmt.Errorf("make slots in %s: %w", dir, err)
	}
	return nil
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}

// openArea opens the slots and makes sure that nobody else can reach them.
func openArea(root *workspace.Root, dir, name string) (*area, error) {
	path := filepath.Join(dir, slotsDir)
	if name != slotsDir {
		path = filepath.Join(root.Path(), name)
	}
	r, err := workspace.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open staging area: %w", err)
	}
	stat := r.Stat()
	if name != slotsDir {
		e, err := root.Lookup(workspace.Path(name))
		if err != nil || !e.SameFile(stat) {
			r.Close()
			return nil, fmt.Errorf("open staging area: %s is not in the workspace", path)
		}
	}
	if int(stat.UID) != os.Geteuid() || stat.Mode&0o077 != 0 {
		r.Close()
		return nil, fmt.Errorf("open staging area: %s is open to others", path)
	}
	f, err := r.OpenDir(workspace.Dot)
	if err != nil {
		r.Close()
		return nil, fmt.Errorf("open staging area: %w", err)
	}
	return &area{root: r, name: name, dir: f}, nil
}

// readAreaName is the area that the journal directory names, "" where it names none.
func readAreaName(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, areaFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read staging area: %w", err)
	}
	name := strings.TrimSuffix(string(text), "\n")
	if name != slotsDir && !areaName.MatchString(name) {
		return "", fmt.Errorf("read staging area: %.60q is not the name of one", name)
	}
	return name, nil
}

// clear removes the slots that keep does not name.
func (a *area) clear(c calls, keep map[int]bool) error {
	var failed error
	for {
		names, err := a.dir.Readdirnames(1000)
		for _, name := range names {
			if i, err := strconv.Atoi(name); err == nil && keep[i] {
				continue
			}
			if err := c.remove(int(a.dir.Fd()), name); err != nil && failed == nil {
				failed = fmt.Errorf("clear staging area %s: %w", a.root.Path(), err)
			}
		}
		if errors.Is(err, io.EOF) {
			_, err = a.dir.Seek(0, io.SeekStart)
			return errors.Join(failed, err)
		}
		if err != nil {
			return fmt.Errorf("clear staging area %s: %w", a.root.Path(), err)
		}
	}
}

// removeFrom takes the private directory out of the workspace.
func removeArea(root *workspace.Root, dir, name string, c calls) error {
	_, err := root.Lookup(workspace.Path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	a, err := openArea(root, dir, name)
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.clear(c, nil); err != nil {
		return err
	}
	if err := c.remove(root.Fd(), name); err != nil {
		return fmt.Errorf("remove staging area: %w", err)
	}
	return nil
}
