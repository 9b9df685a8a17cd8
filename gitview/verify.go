package gitview

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// verify looks at the repository as it stands on disk, and refuses it unless its files are those of the layout, every
// object is one that was allowed and is in use, and no name is one that the view hides.
func (b *builder) verify() error {
	if err := b.verifyFiles(); err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	v := &verifier{builder: b, left: make(map[oid]kind, len(b.allowed)), seen: map[version]bool{}}
	if err := v.run(); err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	return nil
}

func (b *builder) verifyFiles() error {
	files := b.layout.files()
	return filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == b.dir {
			return err
		}
		name := path[len(b.dir)+1:]
		if d.IsDir() {
			if !slices.Contains(dirs, name) {
				return fmt.Errorf("directory %q does not belong there", name)
			}
			return nil
		}
		want, known := files[name]
		if known {
			content, err := os.ReadFile(path)
			if err == nil && !bytes.Equal(content, want) {
				err = fmt.Errorf("file %q is not as it was written", name)
			}
			if err == nil {
				err = b.options.Known.check(name, content)
			}
			return err
		}
		if name != "index" && !isPack(name) {
			return fmt.Errorf("file %q does not belong there", name)
		}
		return nil
	})
}

func isPack(name string) bool {
	name, ok := strings.CutPrefix(name, "objects/pack/pack-")
	return ok && (strings.HasSuffix(name, ".pack") || strings.HasSuffix(name, ".idx"))
}

// verifier follows what a repository leads to.
type verifier struct {
	*builder
	store *store
	left  map[oid]kind     // objects that nothing has led to yet
	seen  map[version]bool // trees by the directory they stand for, and commits
	walk  []version        // trees to look into
}

func (v *verifier) run() (err error) {
	if v.store, err = openStore(v.format(), filepath.Join(v.dir, "objects/pack")); err != nil {
		return err
	}
	defer v.store.close()
	if err := v.list(); err != nil {
		return err
	}
	if err := v.follow(); err != nil {
		return err
	}
	for id, k := range v.left {
		return fmt.Errorf("%s %s is in no use", k, id)
	}
	return nil
}

// list takes all objects of the store: each is to be followed or named by something.
func (v *verifier) list() error {
	kinds, err := v.store.kinds(v.parallel)
	if err != nil {
		return err
	}
	for n, p := range v.store.packs {
		for i, id := range p.table.ids {
			k := kinds[n][i]
			if k != v.kindOf(id) || k == blobKind && !v.allowed[id] {
				return fmt.Errorf("%s %s was not allowed", k, id)
			}
			v.left[id] = k
		}
	}
	return nil
}

func (v *verifier) follow() error {
	if v.built.Head != "" {
		tip, err := v.format().parse(v.built.Head)
		if err != nil {
			return err
		}
		if err := v.commits(tip); err != nil {
			return err
		}
	}
	for len(v.walk) > 0 {
		next := v.walk[len(v.walk)-1]
		v.walk = v.walk[:len(v.walk)-1]
		if err := v.tree(next); err != nil {
			return err
		}
	}
	return v.entries()
}

func (v *verifier) commits(tip oid) error {
	for queue := []oid{tip}; len(queue) > 0; queue = queue[1:] {
		if v.seen[version{id: queue[0]}] {
			continue
		}
		v.seen[version{id: queue[0]}] = true
		content, err := v.load(queue[0], commitKind)
		if err != nil {
			return err
		}
		c, err := v.format().decodeCommit(content)
		if err != nil {
			return err
		}
		v.walk = append(v.walk, version{"", c.tree})
		queue = append(queue, c.parents...)
	}
	return nil
}

func (v *verifier) load(id oid, k kind) ([]byte, error) {
	delete(v.left, id)
	content, err := v.store.content(id, k, maxIndex)
	if err == nil {
		err = v.options.Known.check(k.String(), content)
	}
	return content, err
}

func (v *verifier) tree(dir version) error {
	if v.seen[dir] {
		return nil
	}
	v.seen[dir] = true
	content, err := v.load(dir.id, treeKind)
	if err != nil {
		return err
	}
	nodes, err := v.format().decodeTree(content)
	for _, n := range nodes {
		path := dir.path + n.name
		if err = v.name(path); err != nil {
			return err
		}
		if n.mode == dirMode {
			v.walk = append(v.walk, version{path + "/", n.id})
		} else if err = v.leaf(n.mode, path, n.id); err != nil {
			return err
		}
	}
	return err
}

func (v *verifier) name(path string) error {
	if !treePath(path) || v.shown.File(v.repo.path(path)).Showing == Hide {
		return fmt.Errorf("%q must not be in the view", path)
	}
	return nil
}

func (v *verifier) leaf(m mode, path string, id oid) error {
	if m == gitMode {
		return nil
	}
	if !v.allowed[id] || v.kindOf(id) != blobKind {
		return fmt.Errorf("%s of %q was not allowed", id, path)
	}
	delete(v.left, id)
	return nil
}

// entries checks the index as it was written.
func (v *verifier) entries() error {
	content, err := os.ReadFile(filepath.Join(v.dir, "index"))
	if err != nil {
		return err
	}
	if err := v.options.Known.check("index", content); err != nil {
		return err
	}
	entries, err := v.format().decodeIndex(content)
	for _, e := range entries {
		if err = v.name(e.path); err != nil {
			return err
		}
		if err = v.leaf(e.mode, e.path, e.id); err != nil {
			return err
		}
	}
	return err
}
