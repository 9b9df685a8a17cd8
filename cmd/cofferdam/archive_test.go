package main

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"os"

	"github.com/rogpeppe/go-internal/testscript"
)

// zipFiles is "zip [-encrypted] ARCHIVE file…": makes a zip of the files. One that says it is encrypted cannot be read,
// whatever its bytes are.
func zipFiles(ts *testscript.TestScript, neg bool, args []string) {
	encrypted := len(args) > 0 && args[0] == "-encrypted"
	if encrypted {
		args = args[1:]
	}
	if neg || len(args) < 2 {
		ts.Fatalf("usage: zip [-encrypted] ARCHIVE file…")
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range args[1:] {
		content, err := os.ReadFile(ts.MkAbs(name))
		ts.Check(err)
		header := &zip.FileHeader{Name: name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(content), CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(content))}
		if encrypted {
			header.Flags |= 1
			content = bytes.Repeat([]byte{0xa5}, len(content))
		}
		file, err := w.CreateRaw(header)
		ts.Check(err)
		_, err = file.Write(content)
		ts.Check(err)
	}
	ts.Check(w.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o644))
}
