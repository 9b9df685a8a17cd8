package overlay

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// Layers is what an overlay is made of: absolute paths in the mount namespace of the caller, of any bytes.
type Layers struct {
	Lower []string // the topmost first
	Upper string   // empty for a read-only overlay
	Work  string   // on the mount of Upper, and empty
}

// Mount makes an overlay of l, attached nowhere, and returns its descriptor for move_mount. The caller needs
// CAP_SYS_ADMIN in a user namespace that maps its own ids, and CAP_DAC_OVERRIDE, since overlayfs gives its directory in
// Work the mode 0 and goes on using the capabilities of whoever mounted it. The mount is nosuid and nodev, keeps its
// marks in user.overlay.* and writes through to the disk as usual. A mount that does not come about is a *MountError.
//
// The layers go to the kernel as descriptors, since fsconfig cuts a string at 255 bytes, and the option parsers of
// overlayfs give ',', ':' and '\' a meaning.
func Mount(l Layers) (fd int, err error) {
	if len(l.Lower) == 0 || (l.Upper == "") != (l.Work == "") {
		return -1, fmt.Errorf("mount overlay: BUG: %d lower layers, upper %q, work %q", len(l.Lower), l.Upper, l.Work)
	}
	open, err := openLayers(l)
	if err != nil {
		return -1, err
	}
	defer open.close()
	if err := open.checkUpper(); err != nil {
		return -1, err
	}
	var first error
	for _, pass := range passages {
		fd, err = open.mount(pass)
		if !errors.Is(err, errPassage) {
			return fd, err
		}
		if first == nil {
			first = err
		}
	}
	return -1, open.diagnose("take the layers", first)
}

// layer is one open directory of an overlay.
type layer struct {
	path string
	fd   int // O_PATH
}

func (l layer) proc() string { return fmt.Sprintf("/proc/self/fd/%d", l.fd) }

// openedLayers is Layers as descriptors. Without an upper layer, upper and work are nil.
type openedLayers struct {
	lower       []layer
	upper, work *layer
}

func openLayers(l Layers) (*openedLayers, error) {
	o := &openedLayers{}
	for _, path := range l.Lower {
		lower, err := openLayer(path)
		if err != nil {
			o.close()
			return nil, err
		}
		o.lower = append(o.lower, lower)
	}
	if l.Upper == "" {
		return o, nil
	}
	for _, side := range []struct {
		path string
		to   **layer
	}{{l.Upper, &o.upper}, {l.Work, &o.work}} {
		opened, err := openLayer(side.path)
		if err != nil {
			o.close()
			return nil, err
		}
		*side.to = &opened
	}
	return o, nil
}

func openLayer(path string) (layer, error) {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return layer{}, &MountError{Reason: BadLayers, Step: "open layer", Path: path, Err: err}
	}
	return layer{path, fd}, nil
}

func (o *openedLayers) close() {
	for _, l := range o.all() {
		unix.Close(l.fd)
	}
}

func (o *openedLayers) all() []layer {
	all := o.lower[:len(o.lower):len(o.lower)]
	for _, l := range []*layer{o.upper, o.work} {
		if l != nil {
			all = append(all, *l)
		}
	}
	return all
}

// mount makes the overlay and hands the layers over in one way; errPassage says that the kernel wants another.
func (o *openedLayers) mount(pass passage) (int, error) {
	fs, err := unix.Fsopen("overlay", unix.FSOPEN_CLOEXEC)
	if err != nil {
		return -1, o.diagnose("open overlayfs", err)
	}
	defer unix.Close(fs)
	if err := setOptions(fs); err != nil {
		return -1, o.diagnose("set the options", withLog(fs, err))
	}
	if err := pass(fs, o); err != nil {
		return -1, fmt.Errorf("%w: %w", errPassage, withLog(fs, err))
	}
	if err := unix.FsconfigCreate(fs); err != nil {
		return -1, o.diagnose("mount", withLog(fs, err))
	}
	fd, err := unix.Fsmount(fs, unix.FSMOUNT_CLOEXEC, unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV)
	if err != nil {
		return -1, o.diagnose("mount", err)
	}
	return fd, nil
}

// setOptions: userxattr keeps the marks where a user namespace may write them, and turns redirect_dir and metacopy off.
// index is a default that distributions set differently; it would tie the upper layer to this very lower one.
func setOptions(fs int) error {
	if err := unix.FsconfigSetString(fs, "source", "cofferdam"); err != nil {
		return err
	}
	if err := unix.FsconfigSetFlag(fs, "userxattr"); err != nil {
		return err
	}
	return unix.FsconfigSetString(fs, "index", "off")
}

// withLog adds what the kernel wrote to the log of the file system context, such as "e overlay: No changes allowed".
func withLog(fs int, err error) error {
	buf := make([]byte, 1024)
	n, readErr := unix.Read(fs, buf)
	if readErr != nil || n <= 0 {
		return err
	}
	return fmt.Errorf("%w (%s)", err, strings.TrimSpace(string(buf[:n])))
}
