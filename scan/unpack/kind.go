package unpack

import (
	"bytes"
	"io"
	"path"
	"strings"
	"unicode/utf8"
)

// headSize is how much of a file Kind wants to see: a block of a tar archive.
const headSize = 512

var magics = []struct {
	kind  string
	at    int
	magic string
}{
	{"zip", 0, "PK\x03\x04"},
	{"zip", 0, "PK\x05\x06"},           // empty
	{"zip", 0, "PK\x07\x08PK\x03\x04"}, // split, in one piece
	{"gzip", 0, "\x1f\x8b\x08"},
	{"zstd", 0, "\x28\xb5\x2f\xfd"},
	{"xz", 0, "\xfd7zXZ\x00"},
	{"ar", 0, "!<arch>\n"},
	{"cpio", 0, "070701"},
	{"cpio", 0, "070702"},
	{"cpio", 0, "070707"},
	{"7z", 0, "7z\xbc\xaf\x27\x1c"},
	{"rar", 0, "Rar!\x1a\x07"},
	{"rpm", 0, "\xed\xab\xee\xdb"},
	{"cab", 0, "MSCF\x00\x00\x00\x00"},
	{"lz4", 0, "\x04\x22\x4d\x18"},
	{"lzip", 0, "LZIP\x01"},
	{"compress", 0, "\x1f\x9d"},
	{"snappy", 0, "\xff\x06\x00\x00sNaPpY"},
	{"squashfs", 0, "hsqs"},
	{"xar", 0, "xar!\x00"},
	{"arj", 0, "\x60\xea"},
	{"tar", 257, "ustar"},
}

// packedOnly is the kinds that are known by sight alone.
var packedOnly = map[string]bool{
	"7z": true, "rar": true, "rpm": true, "cab": true, "lz4": true, "lzip": true, "compress": true, "snappy": true,
	"squashfs": true, "xar": true, "arj": true, "brotli": true,
}

func unpacks(kind string) bool { return kind != "" && !packedOnly[kind] }

func packed(kind string) string {
	article := "a "
	switch kind {
	case "arj", "lz4", "rpm", "xar":
		article = "an "
	}
	return article + kind + " archive: its members are not unpacked"
}

// Kind is what sort of archive a file is that begins with head, or "". Of head 512 bytes are enough. The name counts only
// for what has no magic bytes: .br and .lzma, and these only if head is not text.
func Kind(name string, head []byte) string {
	for _, m := range magics {
		if len(head) >= m.at+len(m.magic) && string(head[m.at:m.at+len(m.magic)]) == m.magic {
			return m.kind
		}
	}
	switch {
	case isBzip2(head):
		return "bzip2"
	case isOldTar(head):
		return "tar"
	case isSkippable(head):
		return "zstd"
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".br":
		if isBinary(head) {
			return "brotli"
		}
	case ".lzma":
		if len(head) > 13 && head[0] < 225 && isBinary(head) {
			return "lzma"
		}
	}
	return ""
}

// isBzip2 wants the magic of a block or of the end behind the letters, which begin words too.
func isBzip2(head []byte) bool {
	return len(head) >= 10 && string(head[:3]) == "BZh" && '1' <= head[3] && head[3] <= '9' &&
		(string(head[4:10]) == "1AY&SY" || string(head[4:10]) == "\x17\x72\x45\x38\x50\x90")
}

// isSkippable knows the frames of any content that a zstd stream may begin with.
func isSkippable(head []byte) bool {
	return len(head) >= 8 && head[0]&0xf0 == 0x50 && string(head[1:4]) == "\x2a\x4d\x18"
}

func isBinary(head []byte) bool {
	return bytes.IndexByte(head, 0) >= 0 || !utf8.Valid(head[:max(0, len(head)-utf8.UTFMax)])
}

// isOldTar knows archives from before POSIX by the checksum of their first header, in which its own field counts as spaces.
func isOldTar(head []byte) bool {
	const from, to = 148, 156
	if len(head) < headSize || head[0] == 0 {
		return false
	}
	sum, want := int64(0), int64(0)
	for i, c := range head[:headSize] {
		if from <= i && i < to {
			c = ' '
		}
		sum += int64(c)
	}
	digits := strings.Trim(string(head[from:to]), " \x00")
	for _, c := range digits {
		if c < '0' || c > '7' {
			return false
		}
		want = want*8 + int64(c-'0')
	}
	return digits != "" && sum == want
}

// Detect is the Kind of a whole file without its name, where a zip may stand behind anything else: a script, a program that
// unpacks itself.
func Detect(r io.ReaderAt, size int64) string {
	head := make([]byte, max(0, min(size, headSize)))
	n, _ := r.ReadAt(head, 0)
	head = head[:n]
	if kind := Kind("", head); kind != "" {
		return kind
	}
	// A comment at the end of the zip moves its last record further up. Only programs are searched for a long one.
	most := int64(endRecordSize + 1024)
	if isProgram(head) {
		most = endSearch
	}
	if _, err := findDirectory(r, size, most); err == nil {
		return "zip"
	}
	return ""
}

func isProgram(head []byte) bool {
	for _, magic := range []string{"#!", "MZ", "\x7fELF"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}
