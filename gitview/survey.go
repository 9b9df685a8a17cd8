package gitview

import (
	"context"
	"hash/fnv"
	"path"
	"runtime"
	"sync"
	"sync/atomic"

	"cofferdam/workspace"
)

// place is what the working tree has at the path of an entry of the index.
type place struct {
	shown   File
	wanted  bool           // the entry is one whose file is to be looked at
	recall  bool           // the shelf knows the file
	same    bool           // the project's file has the content that the entry names
	content oid            // of the project's file, where it is known
	stat    workspace.Stat // of the file that the view has; zero where it is not known
	host    workspace.Stat // of the project's file; zero where there is none
}

// judged reports whether a file with the fingerprint now is still what the decision about it was made of.
func (p *place) judged(now workspace.Stat) bool {
	return p.shown.Judged.Type == workspace.None || p.shown.Judged.Unchanged(now)
}

// packs reports whether the content of the file is to be in the view as it is.
func (p *place) packs() bool { return p.same && p.shown.Showing == Pass }

const (
	maxGroups = 16  // packs of files: git looks into one after the other
	minShelf  = 512 // entries of an index from which on files are put into groups, and kept for the next time
	perChunk  = 256 // entries that are glanced at in one go
)

// group is the files of some directories, whose blobs share a pack.
type group struct {
	entries []int  // of the index
	name    string // of its pack, without its ending; empty where it has none
	clean   bool   // the pack is that of the shelf
}

// groupOf is the number of the group that a file belongs to. Files of one directory, which change together, share it.
func groupOf(file string, groups int) int {
	h := fnv.New32a()
	h.Write([]byte(path.Dir(file)))
	return int(h.Sum32() % uint32(groups))
}

// survey looks at the file of each entry of stage 0, and puts those into packs that the view shows as they are, from the
// bytes that were read, now or by the Build before: what is in the packs then does not depend on what the project's
// repository holds.
func (f *filter) survey(entries []entry) ([]place, error) {
	places := make([]place, len(entries))
	f.groups = make([]group, 1)
	if len(entries) >= minShelf {
		f.groups = make([]group, maxGroups)
		f.shelf = f.openShelf()
	}
	for i := range entries {
		g := &f.groups[groupOf(entries[i].path, len(f.groups))]
		g.entries = append(g.entries, i)
	}
	err := f.parallel((len(entries)+perChunk-1)/perChunk, func(n int) error {
		for i := n * perChunk; i < min((n+1)*perChunk, len(entries)); i++ {
			f.glance(&entries[i], &places[i])
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := f.parallel(len(f.groups), func(n int) error { return f.fillGroup(n, entries, places) }); err != nil {
		return nil, err
	}
	f.surveyed, f.places = entries, places
	f.files = make(map[oid]bool, len(entries))
	for i := range places {
		if places[i].packs() {
			f.files[entries[i].id] = true
		}
	}
	return places, nil
}

// parallel calls work with each number below n, several at a time.
func (f *filter) parallel(n int, work func(int) error) error {
	ctx, cancel := context.WithCancelCause(f.ctx)
	defer cancel(nil)
	var at atomic.Int64
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(at.Add(1)) - 1
				if i >= n {
					return
				}
				if err := work(i); err != nil {
					cancel(err)
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

// glance finds out what the view does with the file of e, and whether the shelf knows it.
func (f *filter) glance(e *entry, p *place) {
	p.shown = f.shown.File(f.repo.path(e.path))
	p.shown.Content = nil // It is asked for again: all of them may be much.
	if p.shown.Showing != Pass && p.shown.Showing != Redact || !treePath(e.path) || e.stage() != 0 {
		return
	}
	p.wanted = e.mode == linkMode || e.mode == fileMode || e.mode == execMode
	if e.mode == linkMode || p.shown.Showing != Pass {
		return
	}
	origin := p.shown.origin()
	if id, ok := f.shelf.find(e.path, origin); ok && p.wanted {
		p.recall, p.content, p.same = true, id, e.equals(id)
		p.stat, p.host = p.shown.Judged, origin
	}
}

// fillGroup makes the pack of a group, or takes that of the shelf where nothing of it has changed.
func (f *filter) fillGroup(n int, entries []entry, places []place) error {
	g := &f.groups[n]
	r := &fileReader{filter: f}
	if f.shelf != nil {
		r.kept = &f.shelf.groups[n]
	}
	for _, i := range g.entries { // what no pack of the shelf has
		if !places[i].shelved(&entries[i]) {
			if err := r.look(&entries[i], &places[i]); err != nil {
				return err
			}
		}
	}
	if r.kept != nil && r.kept.fits(g.entries, entries, places) && f.shelf.link(r.kept, f.packDir) {
		g.clean, g.name = true, r.kept.pack
		return nil
	}
	plain := maxPlain / int64(len(f.groups))
	if f.shelf != nil { // It is made once, and stays.
		plain = 0
	}
	p, err := newPack(f.format(), f.packDir, plain, f.options.Known)
	if err != nil {
		return err
	}
	if g.name, err = r.fill(p, g.entries, entries, places); err != nil {
		p.abandon()
	}
	return err
}

// fill puts the files of a group into p, and finishes it.
func (r *fileReader) fill(p *pack, group []int, entries []entry, places []place) (string, error) {
	r.packer = p.packer()
	for _, i := range group {
		if places[i].shelved(&entries[i]) {
			if err := r.look(&entries[i], &places[i]); err != nil {
				return "", err
			}
		}
	}
	if err := r.packer.flush(); err != nil {
		return "", err
	}
	return p.finish()
}
