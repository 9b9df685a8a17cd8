package overlay

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Reason is why an overlay did not come about, for a caller that can take another way.
type Reason string

const (
	NotPermitted     Reason = "not permitted"     // no privilege over the mount namespace
	KernelTooOld     Reason = "kernel too old"    // or built without overlayfs
	MountInside      Reason = "mount inside"      // another mount lies within a lower layer
	UpperUnsupported Reason = "upper unsupported" // the file system of the upper layer does not serve
	TooDeep          Reason = "nested too deep"   // a lower layer is an overlay of overlays
	BadLayers        Reason = "bad layers"        // missing, overlapping or in use
	Unexplained      Reason = "unexplained"
)

// MountError is an overlay that did not come about. Path is what stands in the way, where it is known: a layer, or a
// mount inside one.
type MountError struct {
	Reason Reason
	Step   string
	Path   string
	Why    string // both sides of it: what is needed, what is there
	Err    error
}

func (e *MountError) Error() string {
	text := "overlayfs: " + e.Step
	if e.Path != "" {
		text += " " + strconv.Quote(e.Path)
	}
	if e.Why != "" {
		text += ": " + e.Why
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *MountError) Unwrap() error { return e.Err }

// overlaySuper is OVERLAYFS_SUPER_MAGIC.
const overlaySuper = 0x794c7630

// checkUpper finds what the kernel would answer with a bare EINVAL, or only after the mount: without user xattrs
// (tmpfs before 6.6, NFS, FAT) it mounts, and a directory made where another was deleted then fails with EIO.
func (o *openedLayers) checkUpper() error {
	if o.upper == nil {
		return nil
	}
	refuse := func(why string, err error) error {
		return &MountError{Reason: UpperUnsupported, Step: "use upper layer", Path: o.upper.path, Why: why, Err: err}
	}
	var fs unix.Statfs_t
	if err := unix.Fstatfs(o.upper.fd, &fs); err != nil {
		return refuse("", err)
	}
	if fs.Type == overlaySuper {
		return refuse("it has to lie on a plain file system such as ext4, xfs, btrfs or tmpfs; this is overlayfs", nil)
	}
	const probe = "user.cofferdam"
	switch err := unix.Setxattr(o.work.proc(), probe, []byte("1"), 0); err {
	case nil:
		_ = unix.Removexattr(o.work.proc(), probe)
		return nil
	case unix.EOPNOTSUPP:
		return refuse("overlayfs needs user extended attributes there; this file system has none", err)
	default:
		return refuse("", err)
	}
}

// diagnose says why the kernel refused. Overlayfs tells most reasons to the kernel log alone, so they are looked for.
func (o *openedLayers) diagnose(step string, err error) error {
	e := &MountError{Reason: Unexplained, Step: step, Err: err}
	switch {
	case errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENOSYS):
		e.Reason, e.Why = KernelTooOld, "needs Linux 5.11 or later with overlayfs; this is "+release()
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES):
		o.diagnosePermission(e)
	case errors.Is(err, unix.ELOOP):
		e.Reason, e.Why = BadLayers, "the layers must lie apart; one lies within another"
	case errors.Is(err, unix.EBUSY):
		e.Reason, e.Why = BadLayers, "an upper layer serves one overlay at a time; this one is in use"
	case errors.Is(err, unix.EROFS):
		e.Reason, e.Why = UpperUnsupported, "the upper layer must be writable; its file system is read-only"
	case errors.Is(err, unix.EINVAL):
		o.diagnoseInvalid(e)
	}
	return e
}

func (o *openedLayers) diagnosePermission(e *MountError) {
	if major, minor, ok := parseRelease(release()); ok && (major < 5 || major == 5 && minor < 11) {
		e.Reason, e.Why = KernelTooOld, "overlayfs in a user namespace needs Linux 5.11 or later; this is "+release()
		return
	}
	e.Reason, e.Why = NotPermitted, "needs CAP_SYS_ADMIN and CAP_DAC_OVERRIDE in a user namespace; this process lacks one, or a security module denies the mount"
}

func (o *openedLayers) diagnoseInvalid(e *MountError) {
	if o.upper == nil && len(o.lower) < 2 {
		e.Reason, e.Path, e.Why = BadLayers, o.lower[0].path, "without an upper layer overlayfs needs two lower layers; this is the only one"
		return
	}
	if o.upper != nil && mountID(o.upper.fd) != mountID(o.work.fd) {
		e.Reason, e.Path, e.Why = BadLayers, o.work.path, "upper and work directory must lie on one mount; these lie on two"
		return
	}
	if o.upper != nil && (o.upper.within(*o.work) || o.work.within(*o.upper)) {
		e.Reason, e.Path, e.Why = BadLayers, o.work.path, "upper and work directory must lie apart; one lies within the other"
		return
	}
	for _, lower := range o.lower {
		if inner := lower.innerMount(); inner != "" {
			// The mounts of a less privileged mount namespace are locked, and a clone without them would uncover what they cover.
			e.Reason, e.Path, e.Why = MountInside, inner, fmt.Sprintf("a lower layer must hold no mount; %q holds this one", lower.path)
			return
		}
	}
	for _, lower := range o.lower {
		var fs unix.Statfs_t
		if unix.Fstatfs(lower.fd, &fs) == nil && fs.Type == overlaySuper {
			e.Reason, e.Path, e.Why = TooDeep, lower.path, "Linux stacks overlays two deep; this lower layer is on an overlay already"
			return
		}
	}
}

func mountID(fd int) uint64 {
	var x unix.Statx_t
	if unix.Statx(fd, "", unix.AT_EMPTY_PATH, unix.STATX_MNT_ID, &x) != nil {
		return 0
	}
	return x.Mnt_id
}

// name is the path of l without symlinks, ending in a slash; empty where it cannot be told.
func (l layer) name() string {
	path, err := os.Readlink(l.proc())
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(path, "/") + "/"
}

func (l layer) within(o layer) bool {
	name, outer := l.name(), o.name()
	return outer != "" && strings.HasPrefix(name, outer)
}

// innerMount is the first mount point below l, or empty.
func (l layer) innerMount() string {
	dir := l.name()
	if dir == "" {
		return ""
	}
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return ""
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 5 {
			continue
		}
		if point := unescapeMount(fields[4]); strings.HasPrefix(point, dir) {
			return point
		}
	}
	return ""
}

// unescapeMount undoes the octal escapes of mountinfo: space, tab, newline, backslash and '#'.
func unescapeMount(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		if text[0] == '\\' && len(text) >= 4 {
			if n, err := strconv.ParseUint(text[1:4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				text = text[4:]
				continue
			}
		}
		b.WriteByte(text[0])
		text = text[1:]
	}
	return b.String()
}

func release() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return "unknown"
	}
	return unix.ByteSliceToString(u.Release[:])
}

// parseRelease reads the version from a kernel release such as "6.1.0-18-amd64".
func parseRelease(text string) (major, minor int, ok bool) {
	n, _ := fmt.Sscanf(text, "%d.%d", &major, &minor)
	return major, minor, n == 2
}
