package gitview

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cofferdam/workspace"
)

// shelf is the packs of files that the last Build of a repository left, and which file was which blob. A file that has
// not been touched since needs neither to be read nor to be deflated again. It holds what a view showed, and nothing
// else. It is not trusted: one that is damaged, or that somebody else could have written, is an empty one, and each id is
// checked against what stands for it before it is used.
type shelf struct {
	format *format
	dir    string
	known  [sha256.Size]byte // the known values that its blobs were searched for
	groups [maxGroups]keeper
}

// keeper is a group as it was.
type keeper struct {
	pack   string   // its name without ending; empty where there is none
	stat   identity // of the pack, but for the ctime, which each link changes
	files  map[string]keptFile
	packed int // of files, how many are in the pack

	open *packFile
}

// keptFile is a file as it was.
type keptFile struct {
	identity
	content oid
	packed  bool
}

// identity is what is different after any change of a file, given that the kernel keeps the times.
type identity struct {
	dev, ino     uint64
	size         int64
	mtime, ctime int64
}

func identityOf(s workspace.Stat) identity { return identity{s.Dev, s.Ino, s.Size, s.Mtime, s.Ctime} }

// openShelf opens the shelf of the repository. It is nil where nothing is kept.
func (f *filter) openShelf() *shelf {
	o := f.options
	if o.Shelf == "" || o.Known.In != nil && o.Known.Digest == [sha256.Size]byte{} {
		return nil
	}
	name := sha256.Sum256([]byte(f.repo.project.Path() + "\x00" + string(f.repo.At) + "\x00" + f.format().name))
	s := &shelf{format: f.format(), dir: filepath.Join(o.Shelf, hex.EncodeToString(name[:16])), known: o.Known.Digest}
	if os.MkdirAll(s.dir, 0o700) != nil || !own(o.Shelf) || !own(s.dir) {
		return nil
	}
	if s.load() != nil {
		s.groups = [maxGroups]keeper{}
	}
	return s
}

// find is the content that a file has, if it is known.
func (s *shelf) find(path string, stat workspace.Stat) (oid, bool) {
	if s == nil || stat.Type != workspace.File {
		return "", false
	}
	f, ok := s.groups[groupOf(path, maxGroups)].files[path]
	return f.content, ok && f.identity == identityOf(stat)
}

// fits reports whether a group is as it was: the same files with the same contents in its pack.
func (k *keeper) fits(group []int, entries []entry, places []place) bool {
	packed := 0
	for _, i := range group {
		p := &places[i]
		if !p.shelved(&entries[i]) {
			continue
		}
		if !p.recall || p.same != k.files[entries[i].path].packed {
			return false
		}
		if p.same {
			packed++
		}
	}
	return packed == k.packed
}

// shelved reports whether the file of e is one that a shelf can know.
func (p *place) shelved(e *entry) bool {
	return p.wanted && e.mode != linkMode && p.shown.Showing == Pass
}

// link gives dir the pack of a group, and reports whether it could, and the pack is sound.
func (s *shelf) link(k *keeper, dir string) bool {
	if k.pack == "" {
		return k.packed == 0
	}
	name := filepath.Join(s.dir, k.pack)
	if !s.sound(name+".pack", k) {
		return false
	}
	p, err := openPackFile(s.format, name)
	if err != nil {
		return false
	}
	p.close()
	for _, ending := range []string{".pack", ".idx"} {
		if os.Link(name+ending, filepath.Join(dir, k.pack+ending)) != nil {
			os.Remove(filepath.Join(dir, k.pack+".pack"))
			return false
		}
	}
	return true
}

// sound reports whether a pack is the file that was put there, or has the hash that its name says.
func (s *shelf) sound(path string, k *keeper) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	stat, err := workspace.StatFile(file)
	if err != nil || stat.Type != workspace.File || stat.Size < packHead+int64(s.format.size) {
		return false
	}
	if k.stat == packIdentity(stat) {
		return true
	}
	h := s.format.new()
	if _, err := io.CopyBuffer(h, onlyReader{io.LimitReader(file, stat.Size-int64(s.format.size))}, make([]byte, 1<<18)); err != nil {
		return false
	}
	sum := h.Sum(nil)
	end := make([]byte, len(sum))
	_, err = file.ReadAt(end, stat.Size-int64(len(sum)))
	return err == nil && bytes.Equal(sum, end) && k.pack == "pack-"+hex.EncodeToString(sum)
}

func packIdentity(s workspace.Stat) identity {
	id := identityOf(s)
	id.ctime = 0
	return id
}

// copy puts a blob of the group's pack into another, and reports whether it could.
func (s *shelf) copy(k *keeper, id oid, into *packer) bool {
	if k.open == nil {
		var err error
		if k.open, err = openPackFile(s.format, filepath.Join(s.dir, k.pack)); err != nil {
			return false
		}
	}
	_, raw, err := k.open.content(id, blobKind, maxBuffered)
	return err == nil && into.putRaw(blobKind, id, raw) == nil
}

func (s *shelf) close() {
	if s == nil {
		return
	}
	for i := range s.groups {
		if s.groups[i].open != nil {
			s.groups[i].open.close()
			s.groups[i].open = nil
		}
	}
}

// keep leaves what was made for the next time. Where that fails, there is more to do then.
func (b *builder) keep() {
	s := b.shelf
	if s == nil || !slices.ContainsFunc(b.groups, func(g group) bool { return !g.clean }) {
		return
	}
	next := &shelf{format: s.format, dir: s.dir, known: s.known}
	for i := range b.groups {
		g := &b.groups[i]
		next.groups[i] = keeper{pack: g.name, files: b.kept(g)}
		if g.name == "" {
			continue
		}
		for _, ending := range []string{".pack", ".idx"} {
			err := os.Link(filepath.Join(b.packDir, g.name+ending), filepath.Join(s.dir, g.name+ending))
			if err != nil && !errors.Is(err, fs.ErrExist) {
				return
			}
		}
		if file, err := os.Open(filepath.Join(b.packDir, g.name+".pack")); err == nil {
			if stat, err := workspace.StatFile(file); err == nil {
				next.groups[i].stat = packIdentity(stat)
			}
			file.Close()
		}
	}
	if next.save() == nil {
		next.sweep()
	}
	prune(filepath.Dir(s.dir), filepath.Base(s.dir), time.Now())
}

// settled reports whether a file with the time t, in nanoseconds, would have had another one after any change since began:
// the kernel stamps with the clock of its last tick, some file systems with seconds or two.
func settled(t int64, began time.Time) bool {
	step := int64(20e6)
	if t%1e9 == 0 {
		step += 2e9
	}
	return t < began.UnixNano()-step
}

// kept is what is known of the files of a group.
func (b *builder) kept(g *group) map[string]keptFile {
	files := map[string]keptFile{}
	read := b.began // or later
	if b.options.Copy != nil {
		read = b.options.Copied
	}
	for _, i := range g.entries {
		e, p := &b.surveyed[i], &b.places[i]
		origin := p.shown.origin()
		old := p.recall || settled(origin.Mtime, read) && settled(origin.Ctime, read)
		if p.shelved(e) && p.content != "" && origin.Type == workspace.File && old {
			files[e.path] = keptFile{identityOf(origin), p.content, p.packs()}
		}
	}
	return files
}

// sweep removes the packs that no group has any more.
func (s *shelf) sweep() {
	used := map[string]bool{tableName: true}
	for i := range s.groups {
		used[s.groups[i].pack+".pack"], used[s.groups[i].pack+".idx"] = true, true
	}
	names, _ := os.ReadDir(s.dir)
	for _, d := range names {
		if !used[d.Name()] && (strings.HasPrefix(d.Name(), "pack-") || strings.HasPrefix(d.Name(), tableName)) {
			os.Remove(filepath.Join(s.dir, d.Name()))
		}
	}
}
