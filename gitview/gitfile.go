package gitview

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"cofferdam/workspace"
)

// readSmall reads a file of a git directory whole, through no symlink, if it has no more than limit bytes.
func readSmall(root *workspace.Root, path workspace.Path, limit int64) ([]byte, error) {
	f, err := root.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	stat, err := workspace.StatFile(f)
	if err != nil {
		return nil, err
	}
	if stat.Size > limit {
		return nil, fmt.Errorf("%q has more than %d bytes", path, limit)
	}
	text := make([]byte, stat.Size)
	n, err := io.ReadFull(f, text)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return text[:n], err
}

// pointer is the path that a file of one line holds after prefix.
func pointer(text []byte, prefix string) (string, error) {
	line, found := strings.CutPrefix(string(bytes.TrimRight(text, "\r\n")), prefix)
	if !found || line == "" || strings.ContainsAny(line, "\n\x00") {
		return "", errors.New("a file that points to its git directory is malformed")
	}
	return line, nil
}

func absolute(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// within reports whether path is dir or below it; both are clean.
func within(dir, path string) bool {
	return path == dir || dir == "/" || strings.HasPrefix(path, dir+"/")
}

func sameDir(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// checkStore refuses what would make git wait forever or look where it should not: a symlink or FIFO where it expects
// files of its own.
func checkStore(common *workspace.Root) error {
	objects, err := common.Lookup("objects")
	if err != nil {
		return err
	}
	if objects.Type != workspace.Dir {
		return fmt.Errorf("objects is a %s", objects.Type)
	}
	if err := checkFiles(common, "objects", 2); err != nil {
		return err
	}
	return checkAlternates(common, 5) // Git follows no more.
}

// checkAlternates is checkFiles for the object directories that others are borrowed from.
func checkAlternates(common *workspace.Root, depth int) error {
	text, err := readSmall(common, "objects/info/alternates", maxConfig)
	if errors.Is(err, fs.ErrNotExist) || depth == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if err := checkAlternate(absolute(filepath.Join(common.Path(), "objects"), line), depth); err != nil {
			return err
		}
	}
	return nil
}

func checkAlternate(objects string, depth int) error {
	there, err := workspace.Open(filepath.Dir(objects))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer there.Close()
	if filepath.Base(objects) != "objects" {
		return fmt.Errorf("objects are borrowed from %q, which is not a repository's", objects)
	}
	if err := checkFiles(there, "objects", 2); err != nil {
		return err
	}
	return checkAlternates(there, depth-1)
}

func checkFiles(root *workspace.Root, dir workspace.Path, depth int) error {
	f, err := root.OpenDir(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	for {
		names, err := f.ReadDir(1024)
		for _, name := range names {
			path := dir.Join(name.Name())
			switch {
			case name.Type().IsRegular():
			case !name.IsDir():
				return fmt.Errorf("%q is neither a file nor a directory", path)
			case depth > 1:
				if err := checkFiles(root, path, depth-1); err != nil {
					return err
				}
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
