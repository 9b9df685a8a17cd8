package gitview

import (
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

const (
	maxShelfAge = 30 * 24 * time.Hour // since something was put on a shelf
	maxShelves  = 2 << 30             // bytes of all
)

// own reports whether dir is a directory that nobody else can write to or read.
func own(dir string) bool {
	var stat unix.Stat_t
	err := unix.Lstat(dir, &stat)
	return err == nil && stat.Mode&unix.S_IFMT == unix.S_IFDIR && stat.Mode&0o077 == 0 && int(stat.Uid) == os.Geteuid()
}

// prune removes shelves in dir that were not written for long, and the oldest while all are too large, but for keep.
func prune(dir, keep string, now time.Time) {
	type old struct {
		path string
		used time.Time
		size int64
	}
	var shelves []old
	names, _ := os.ReadDir(dir)
	for _, d := range names {
		path := filepath.Join(dir, d.Name())
		stat, err := os.Lstat(filepath.Join(path, tableName))
		if !d.IsDir() || err != nil {
			continue
		}
		o := old{path, stat.ModTime(), 0}
		files, _ := os.ReadDir(path)
		for _, f := range files {
			if info, err := f.Info(); err == nil {
				o.size += info.Size()
			}
		}
		shelves = append(shelves, o)
	}
	slices.SortFunc(shelves, func(a, b old) int { return b.used.Compare(a.used) })
	all := int64(0)
	for _, s := range shelves {
		all += s.size
		if filepath.Base(s.path) != keep && (all > maxShelves || now.Sub(s.used) > maxShelfAge) {
			os.RemoveAll(s.path)
		}
	}
}
