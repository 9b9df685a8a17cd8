package apply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"cofferdam/workspace"
)

// What of a project is kept to merge with, at most.
const (
	maxKeptFile  = 1 << 20 // bytes
	maxKeptBytes = 32 << 20
	maxKeptFiles = 2000
)

// Copies is the files of a session that are as a view showed them when its command started, for a merge. Those that git has
// are not among them.
type Copies struct {
	Commit string                 `json:"commit,omitempty"` // that was checked out
	Files  map[workspace.Path]int `json:"files"`            // names below the directory of copies
}

// Index is what git has of a working tree.
type Index interface {
	// Find reports whether git tracks the file at path, and whether it has the one with this fingerprint.
	Find(path workspace.Path, now workspace.Stat) (tracked, same bool)
	// Holds reports whether git tracks anything in a directory.
	Holds(dir workspace.Path) bool
}

// rank is how much speaks for a copy.
type rank uint8

const (
	barred     rank = iota // it must not be copied
	elsewhere              // git has it
	loose                  // git does not know it
	dirty                  // git has another version of it, so that it is likely to be edited
	ungoverned             // there is no git: all of such a project is copied, or nothing, since nobody knows what will be missed
)

// maxUnknown is how many files a directory may have of which git knows nothing. One with more is what a tool fetched or built.
const maxUnknown = 200

// KeepBase copies files of a view into dir, which it makes: those that git has another version of first, within bounds.
// Those at secret are left out, and what has changed since base. index is nil for a project without git.
func KeepBase(ctx context.Context, root *workspace.Root, base *workspace.Manifest, dir string, index Index, secret func(workspace.Path) bool) (*Copies, error) {
	chosen := choose(base, index, secret)
	kept := &Copies{Files: map[workspace.Path]int{}}
	if len(chosen) == 0 {
		return kept, nil
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, fmt.Errorf("keep files to merge with: %w", err)
	}
	done := make([]bool, len(chosen))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, e := range chosen {
		group.Go(func() (err error) {
			done[i], err = keep(root, e, filepath.Join(dir, strconv.Itoa(i)))
			return errors.Join(err, ctx.Err())
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("keep files to merge with: %w", err)
	}
	for i, e := range chosen {
		if done[i] {
			kept.Files[e.Path] = i
		}
	}
	return kept, nil
}

type candidate struct {
	*workspace.Entry
	rank rank
	in   workspace.Path // the directory around it that git knows nothing of
}

// choose is what to copy.
func choose(base *workspace.Manifest, index Index, secret func(workspace.Path) bool) []*workspace.Entry {
	var all []candidate
	count := map[workspace.Path]int{}
	for i := range base.Visible {
		e := &base.Visible[i]
		if e.Type != workspace.File || !e.Hash.Known() || !utf8.ValidString(string(e.Path)) {
			continue
		}
		if c := judge(e, index, secret); c.rank > elsewhere {
			all = append(all, c)
			count[c.in]++
		}
	}
	all = slices.DeleteFunc(all, func(c candidate) bool {
		return c.in != "" && count[c.in] > maxUnknown || c.Size == 0 || c.Size > maxKeptFile
	})
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.rank, a.rank) })
	var chosen []*workspace.Entry
	left := int64(maxKeptBytes)
	for _, c := range all {
		if len(chosen) == maxKeptFiles || c.Size > left {
			if c.rank == ungoverned {
				return nil
			}
			break
		}
		left -= c.Size
		chosen = append(chosen, c.Entry)
	}
	return chosen
}

func judge(e *workspace.Entry, index Index, secret func(workspace.Path) bool) candidate {
	c := candidate{Entry: e}
	switch {
	case secret(e.Path):
	case index == nil:
		c.rank = ungoverned
	default:
		tracked, same := index.Find(e.Path, e.Stat)
		switch {
		case same:
			c.rank = elsewhere
		case tracked:
			c.rank = dirty
		default:
			c.rank, c.in = loose, unknownAround(e.Path, index)
		}
	}
	return c
}

// unknownAround is the outermost directory around path that git tracks nothing in, "" where there is none.
func unknownAround(path workspace.Path, index Index) workspace.Path {
	found := workspace.Path("")
	for dir := path.Dir(); dir != workspace.Dot && !index.Holds(dir); dir = dir.Dir() {
		found = dir
	}
	return found
}

// keep copies one file, unless it is not as e says any more.
func keep(root *workspace.Root, e *workspace.Entry, to string) (bool, error) {
	text, now, err := readFile(root, e.Path, maxKeptFile)
	if err != nil || now.Hash != e.Hash {
		return false, nil
	}
	return true, os.WriteFile(to, text, 0o600)
}
