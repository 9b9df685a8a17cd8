package cache

import (
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	maxAge = 30 * 24 * time.Hour // since a cache was used
	maxAll = 512 << 20           // bytes of all caches
	// maxTemporaryAge is what no writing takes: an older one was cut short.
	maxTemporaryAge = time.Hour
	// touchAge is how old a cache in use may look.
	touchAge = 24 * time.Hour
)

// cacheFile is a file in the directory of caches.
type cacheFile struct {
	name string
	size int64
	used time.Time
}

// prune removes caches that were not used for long, then the oldest while all of them are too large, but not the one
// that is to be kept, and what writers left that were cut short. It touches nothing that has no name of ours.
func prune(dir *os.File, keep string, now time.Time) error {
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return err
	}
	var files []cacheFile
	for _, name := range names {
		f, ok := statFile(dir, name)
		switch {
		case !ok:
		case strings.HasSuffix(name, temporarySuffix):
			if now.Sub(f.used) > maxTemporaryAge {
				remove(dir, name)
			}
		case strings.HasSuffix(name, suffix):
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b cacheFile) int { return b.used.Compare(a.used) })
	var all int64
	for _, f := range files {
		all += f.size
		if f.name != keep && (now.Sub(f.used) > maxAge || all > maxAll) {
			remove(dir, f.name)
			all -= f.size
		}
	}
	return nil
}

// statFile is what the kernel says of a regular file.
func statFile(dir *os.File, name string) (cacheFile, bool) {
	var stat unix.Stat_t
	err := unix.Fstatat(int(dir.Fd()), name, &stat, unix.AT_SYMLINK_NOFOLLOW)
	if err != nil || stat.Mode&unix.S_IFMT != unix.S_IFREG {
		return cacheFile{}, false
	}
	return cacheFile{name: name, size: stat.Size, used: time.Unix(stat.Mtim.Unix())}, true
}

// touch says that a cache is in use, where its file does not say so lately.
func (c *Cache) touch(now time.Time) error {
	if now.Sub(c.written) < touchAge {
		return nil
	}
	dir, err := openDir(c.dir)
	if err != nil {
		return err
	}
	defer dir.Close()
	at, err := unix.TimeToTimespec(now)
	if err != nil {
		return err
	}
	err = unix.UtimesNanoAt(int(dir.Fd()), c.name, []unix.Timespec{at, at}, unix.AT_SYMLINK_NOFOLLOW)
	if err == unix.ENOENT {
		return nil
	}
	return err
}
