package stage

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"cofferdam/redact"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/scan/cache"
	"cofferdam/workspace"
)

// knownSearch looks for known values in what a view shows as it is. It remembers what it has looked into.
type knownSearch struct {
	root *workspace.Root
	with *redact.Known // that what is clean was searched for
	done map[workspace.Path]workspace.Stat

	dir   string // of caches; empty for none
	key   []byte
	cache *cache.Cache // of what is clean of the values of with
	now   int64        // when it was opened
}

// find is the paths with a known value in their content or target, with the name of the value, and the files that are
// not as their lines say.
func (s *knownSearch) find(ctx context.Context, known *redact.Known, lines []*scan.Line) (hits map[workspace.Path]string, moved []workspace.Path, err error) {
	if known.Len() == 0 {
		return nil, nil, nil
	}
	if s.with != known {
		s.with, s.done = known, make(map[workspace.Path]workspace.Stat, len(lines))
		s.cache, s.now = cache.Open(s.dir, s.root.Path(), known.Digest(s.key)), time.Now().UnixNano()
	}
	lines = s.undone(lines)
	found := make([]result, len(lines))
	var next atomic.Int64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			buf := make([]byte, searchBuffer)
			for ctx.Err() == nil {
				i := int(next.Add(1) - 1)
				if i >= len(lines) {
					return
				}
				found[i] = s.look(lines[i], buf)
			}
		})
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	hits = map[workspace.Path]string{}
	for i, line := range lines {
		switch r := found[i]; {
		case r.err != nil:
			moved = append(moved, line.Path)
		case r.name != "":
			hits[line.Path] = r.name
		default:
			s.done[line.Path] = line.Stat
		}
	}
	return hits, moved, nil
}

type result struct {
	name string
	err  error
}

func (s *knownSearch) undone(lines []*scan.Line) []*scan.Line {
	var left []*scan.Line
	for _, line := range lines {
		if stat, ok := s.done[line.Path]; !ok || !stat.Unchanged(line.Stat) {
			left = append(left, line)
		}
	}
	return left
}

const (
	searchBuffer = 1 << 20
	// searchOverlap is how much of a piece is in the next one, too: more than any way to write a known value takes.
	searchOverlap = 64 << 10
)

// look looks into one file or link, unless it did so in an earlier run.
func (s *knownSearch) look(line *scan.Line, buf []byte) result {
	if line.Type == workspace.Symlink {
		return s.search(line, buf)
	}
	key := s.cache.Key(line.Path, line.Stat)
	if _, clean := s.cache.Find(key, s.now); clean {
		return result{}
	}
	began := time.Now().UnixNano()
	r := s.search(line, buf)
	if r.err == nil && r.name == "" {
		s.cache.Add(key, cache.Content{}, cache.Result{ReadAt: began})
	}
	return r
}

// remember keeps what is clean for the next run. Where it cannot, that one has more to do.
func (s *knownSearch) remember() {
	if s.cache != nil && s.dir != "" {
		_ = s.cache.Write(cache.Whole)
	}
}

func (s *knownSearch) search(line *scan.Line, buf []byte) result {
	if line.Type == workspace.Symlink {
		name, _ := s.with.In([]byte(line.Target))
		return result{name: name}
	}
	f, err := s.root.OpenFile(line.Path)
	if err != nil {
		return result{err: err}
	}
	defer f.Close()
	if err := stillIs(f, line.Entry); err != nil {
		return result{err: err}
	}
	have := 0
	for {
		n, err := io.ReadFull(f, buf[have:])
		have += n
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return result{err: err}
		}
		if name, ok := s.with.In(buf[:have]); ok {
			return result{name: name}
		}
		if end {
			return result{err: stillIs(f, line.Entry)}
		}
		have = copy(buf, bytes.Clone(buf[have-searchOverlap:have]))
	}
}

// passing is the lines of files and symlinks that the view shows as they are, but for what the user wants shown.
func (p *Plan) passing(lines ledger) []*scan.Line {
	var passing []*scan.Line
	for _, i := range p.visible(lines) {
		line := &lines[i]
		if (line.Type == workspace.File && line.Size > 0 || line.Type == workspace.Symlink) && !p.Redacts(line.Path) && !passedByUser(line) {
			passing = append(passing, line)
		}
	}
	return passing
}

// maxHidden bounds the hidden files that are read for the values in them.
const maxHidden = 10_000

// hiddenFiles is the lines of the files that were hidden for a credential.
func (p *Plan) hiddenFiles(lines ledger) []*scan.Line {
	var hidden []*scan.Line
	for i := range p.Decisions {
		d := &p.Decisions[i]
		if d.Action == rules.Redact || d.Source == FromGit {
			continue
		}
		if at := lines.index(d.Path); at >= 0 && lines[at].Type == workspace.File {
			hidden = append(hidden, &lines[at])
		}
		from, to := lines.below(d.Path)
		for at := from; at < to && len(hidden) < maxHidden; at++ {
			if lines[at].Type == workspace.File {
				hidden = append(hidden, &lines[at])
			}
		}
	}
	return hidden[:min(len(hidden), maxHidden)]
}
