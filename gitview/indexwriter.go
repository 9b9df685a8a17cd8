package gitview

import (
	"encoding/binary"

	"cofferdam/workspace"
)

// encodeIndex is an index of entries, which are in order, as git writes it. cached is the content of a TREE extension,
// by which git knows the trees of unchanged directories, or nil.
func (f *format) encodeIndex(entries []entry, cached []byte) []byte {
	version := uint32(2)
	for i := range entries {
		if entries[i].flags>>16 != 0 {
			version = 3
		}
	}
	b := binary.BigEndian.AppendUint32([]byte("DIRC"), version)
	b = binary.BigEndian.AppendUint32(b, uint32(len(entries)))
	for i := range entries {
		b = f.appendEntry(b, &entries[i])
	}
	if cached != nil {
		b = binary.BigEndian.AppendUint32(append(b, "TREE"...), uint32(len(cached)))
		b = append(b, cached...)
	}
	h := f.new()
	h.Write(b)
	return h.Sum(b)
}

func (f *format) appendEntry(b []byte, e *entry) []byte {
	start := len(b)
	for i, field := range e.stat {
		if i == modeField {
			field = uint32(e.mode)
		}
		b = binary.BigEndian.AppendUint32(b, field)
	}
	b = append(b, e.id...)
	low := e.flags&(assumeValid|stageMask) | uint32(min(len(e.path), lengthMask))
	if e.flags>>16 != 0 {
		low |= extendedFlag
	}
	b = binary.BigEndian.AppendUint16(b, uint16(low))
	if e.flags>>16 != 0 {
		b = binary.BigEndian.AppendUint16(b, uint16(e.flags>>16))
	}
	b = append(b, e.path...)
	return append(b, make([]byte, 8-(len(b)-start)%8)...)
}

// statOf is what git remembers of a file with fingerprint s. It keeps the lower half of what is longer.
func statOf(s workspace.Stat) statData {
	return statData{
		uint32(s.Ctime / 1e9), uint32(s.Ctime % 1e9), uint32(s.Mtime / 1e9), uint32(s.Mtime % 1e9),
		uint32(s.Dev), uint32(s.Ino), 0, s.UID, s.GID, uint32(s.Size),
	}
}

// matches reports whether git would take a file with fingerprint s for the one that d was written for, the device apart.
func (d statData) matches(s workspace.Stat) bool {
	now := statOf(s)
	now[4], now[modeField] = d[4], d[modeField]
	return now == d && d[sizeField] != 0
}
