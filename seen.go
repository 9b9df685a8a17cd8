package cofferdam

import (
	"path/filepath"
	"strings"

	"cofferdam/gitview"
)

// cache is where what was found out waits for the next run, or nothing where a view of the project would show it.
func (p *Project) cache() string {
	dir, root := filepath.Dir(p.cacheDir), p.Root.Path()
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if dir == root || strings.HasPrefix(dir, root+"/") || strings.HasPrefix(root, dir+"/") {
		return ""
	}
	return dir
}

// seen is the directory of caches of what was looked into for known values, with their key.
func (p *Project) seen() (dir string, key []byte) {
	key, err := gitview.ShelfKey(p.gitShelf())
	if err != nil {
		return "", nil
	}
	return filepath.Join(p.cache(), "known"), key
}
