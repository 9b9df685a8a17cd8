package overlay

import (
	"fmt"
	"strings"

	"cofferdam/change"
	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// Format is the program that wrote an upper layer.
type Format uint8

const (
	// Kernel is overlayfs itself. A file named .wh.x is a file named .wh.x.
	Kernel Format = iota
	// Fuse is fuse-overlayfs, which also writes .wh.NAME for a whiteout and .wh..wh..opq into an opaque directory. It
	// is never guessed: a project may have files of such names, and taking one for a whiteout would delete another.
	Fuse
)

// MarkerError is an extended attribute or a name that belongs to overlayfs and that Read does not know at this place.
// What it would do to the merged tree is unknown, so the whole layer is refused. A command in the sandbox cannot write
// one: the kernel stores its user.overlay.x as user.overlay.overlay.x.
type MarkerError struct {
	Path   workspace.Path
	Marker string
}

func (e *MarkerError) Error() string {
	return fmt.Sprintf("read upper layer: %q has the overlay marker %q, which means nothing known there", e.Path, e.Marker)
}

// markers is what the extended attributes of one object say.
type markers struct {
	opaque   bool   // the directory hides what lower layers have in it
	marked   bool   // the directory may hold whiteouts that are marked files (opaque=x)
	whiteout bool   // the file is such a whiteout
	refuse   string // an attribute that grants something, as a reason
}

// inert is the marks that serve overlayfs itself and change nothing of the merged tree.
var inert = map[string]bool{"origin": true, "impure": true, "nlink": true, "upper": true, "protattr": true, "uuid": true}

// markerReader reads the attributes of open files; it keeps its buffer.
type markerReader struct {
	format Format
	buf    []byte
}

func (r *markerReader) read(fd int, path workspace.Path) (markers, error) {
	var m markers
	if r.buf == nil {
		r.buf = make([]byte, 64<<10) // XATTR_LIST_MAX
	}
	n, err := unix.Flistxattr(fd, r.buf)
	if err == unix.EOPNOTSUPP || n == 0 && err == nil {
		return m, nil
	}
	if err != nil {
		return m, fmt.Errorf("read upper layer: list attributes of %q: %w", path, err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(r.buf[:n]), "\x00"), "\x00") {
		if err := r.note(&m, fd, path, name); err != nil {
			return m, err
		}
	}
	return m, nil
}

func (r *markerReader) note(m *markers, fd int, path workspace.Path, name string) error {
	if why := change.RefuseAttribute(name); why != "" {
		m.refuse = why
		return nil
	}
	mark, isMark := r.mark(name)
	switch {
	case !isMark, inert[mark]:
		return nil
	case mark == "opaque":
		return m.noteOpaque(fd, path, name)
	case mark == "whiteout":
		m.whiteout = true
		return nil
	}
	return &MarkerError{path, name}
}

// mark is the name of an attribute within the name space of overlayfs. What the sandbox's own overlay escaped, as
// overlay.x, is an ordinary attribute of a file.
func (r *markerReader) mark(name string) (mark string, ok bool) {
	for _, prefix := range []string{"user.overlay.", "trusted.overlay."} {
		if mark, ok = strings.CutPrefix(name, prefix); ok {
			return mark, !strings.HasPrefix(mark, "overlay.")
		}
	}
	if r.format != Fuse {
		return "", false
	}
	if name == "user.containers.override_stat" { // It overrides owner and mode, which are read from the inode here.
		return name, true
	}
	return strings.CutPrefix(name, "user.fuseoverlayfs.")
}

func (m *markers) noteOpaque(fd int, path workspace.Path, name string) error {
	var value [8]byte
	n, err := unix.Fgetxattr(fd, name, value[:])
	switch {
	case err != nil && err != unix.ERANGE:
		return fmt.Errorf("read upper layer: %s of %q: %w", name, path, err)
	case err == nil && string(value[:n]) == "y":
		m.opaque = true
	case err == nil && string(value[:n]) == "x":
		m.marked = true
	default:
		return &MarkerError{path, name}
	}
	return nil
}

const (
	whiteoutPrefix = ".wh."
	opaqueName     = ".wh..wh..opq"
)

// fuseWhiteout is the name that a whiteout of fuse-overlayfs takes away.
func fuseWhiteout(dir workspace.Path, name string) (string, error) {
	hides := name[len(whiteoutPrefix):]
	if !workspace.ValidName(hides) || strings.HasPrefix(hides, whiteoutPrefix) {
		return "", &MarkerError{dir.Join(name), name}
	}
	return hides, nil
}
