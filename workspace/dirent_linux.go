package workspace

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// A linux_dirent64 is an inode number, an offset, its own length in 16 bits, a type and the name, which ends with NUL.
const (
	direntLength = 16
	direntType   = 18
	direntName   = 19
)

// dirent is one entry of a directory. Its name lies in the buffer that the kernel filled, with the NUL behind it.
type dirent struct {
	kind Type // None where the file system does not tell
	name []byte
}

// nextDirent takes the first entry off what getdents64 wrote. Where that is not in order, nothing is left.
func nextDirent(list []byte) (d dirent, rest []byte) {
	if len(list) < direntName {
		return dirent{}, nil
	}
	length := int(binary.NativeEndian.Uint16(list[direntLength:]))
	if length <= direntName || length > len(list) {
		return dirent{}, nil
	}
	name := list[direntName:length]
	end := bytes.IndexByte(name, 0)
	if end < 0 {
		return dirent{}, nil
	}
	return dirent{direntTypes[list[direntType]&15], name[:end]}, list[length:]
}

// dots reports whether d is the directory itself or its parent.
func (d dirent) dots() bool {
	return len(d.name) == 0 || d.name[0] == '.' && (len(d.name) == 1 || len(d.name) == 2 && d.name[1] == '.')
}

// direntTypes is Type by DT value.
var direntTypes = [16]Type{
	unix.DT_REG: File, unix.DT_DIR: Dir, unix.DT_LNK: Symlink, unix.DT_FIFO: FIFO,
	unix.DT_SOCK: Socket, unix.DT_CHR: CharDevice, unix.DT_BLK: BlockDevice,
}
