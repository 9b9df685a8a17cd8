package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"cofferdam/internal/atomicfile"
)

// checkDestination is an error where name can be no file to write to. It is asked before work that takes long.
func checkDestination(name string) error {
	if name == "-" {
		return errors.New("- is no file; --format writes to stdout")
	}
	if _, err := destination(name); err != nil {
		return err
	}
	dir, err := os.Stat(filepath.Dir(name))
	if err == nil && !dir.IsDir() {
		err = fmt.Errorf("%q is not a directory", filepath.Dir(name))
	}
	return err
}

// destination is what stands at name now, or nil where nothing does. A symlink to a file is refused: a project may have
// put it there to have something else overwritten.
func destination(name string) (fs.FileInfo, error) {
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		// Such as /dev/stderr, and the pipe of a shell's >(command).
		if info, err = os.Stat(name); err != nil || info.Mode()&(fs.ModeNamedPipe|fs.ModeCharDevice) == 0 {
			return nil, fmt.Errorf("refusing to write to %q: it is a symbolic link", name)
		}
	}
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%q is a directory", name)
	}
	return info, err
}

// writeDestination writes a file whole or not at all. A device or pipe is written to as it is.
func writeDestination(name string, write func(io.Writer) error) error {
	info, err := destination(name)
	switch {
	case err != nil:
		return err
	case info == nil:
		return atomicfile.Write(name, 0o644, write)
	case info.Mode().IsRegular():
		return atomicfile.Write(name, info.Mode().Perm(), write)
	}
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}
