package stage

import (
	"io/fs"
	"os"
	"strings"

	"cofferdam/change"

	"golang.org/x/sys/unix"
)

// refuseAttributes names an extended attribute that grants something.
func refuseAttributes(f *os.File, buf []byte) (string, error) {
	n, err := unix.Flistxattr(int(f.Fd()), buf)
	if err == unix.EOPNOTSUPP || n == 0 && err == nil {
		return "", nil
	}
	if err != nil {
		return "", &fs.PathError{Op: "list attributes", Path: f.Name(), Err: err}
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(buf[:n]), "\x00"), "\x00") {
		if why := change.RefuseAttribute(name); why != "" {
			return why, nil
		}
	}
	return "", nil
}
