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

// Keepable is what of a file in a view speaks for or against a copy of it.
type Keepable uint8

const (
	Barred     Keepable = iota // it must not be copied
	Elsewhere                  // git has it
	Loose                      // git does not know it
	Dirty                      // git has another version of it, so that it is likely to be edited
	Ungoverned                 // there is no git: all of such a project is copied, or nothing, since nobody knows what will be missed
)

// KeepBase copies files of a view into dir, which it makes: those that git has another version of first, within bounds.
// What has changed since base is left out.
func KeepBase(ctx context.Context, root *workspace.Root, base *workspace.Manifest, dir string, judge func(*workspace.Entry) Keepable) (*Copies, error) {
	chosen := choose(base, judge)
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

// choose is what to copy.
func choose(base *workspace.Manifest, judge func(*workspace.Entry) Keepable) []*workspace.Entry {
	type choice struct {
		*workspace.Entry
		why Keepable
	}
	var all []choice
	for i := range base.Visible {
		e := &base.Visible[i]
		if e.Type != workspace.File || e.Size == 0 || e.Size > maxKeptFile || !e.Hash.Known() || !utf8.ValidString(string(e.Path)) {
			continue
		}
		if why := judge(e); why > Elsewhere {
			all = append(all, choice{e, why})
		}
	}
	slices.SortStableFunc(all, func(a, b choice) int { return cmp.Compare(b.why, a.why) })
	var chosen []*workspace.Entry
	left := int64(maxKeptBytes)
	for _, c := range all {
		if len(chosen) == maxKeptFiles || c.Size > left {
			if c.why == Ungoverned {
				return nil
			}
			break
		}
		left -= c.Size
		chosen = append(chosen, c.Entry)
	}
	return chosen
}

// keep copies one file, unless it is not as e says any more.
func keep(root *workspace.Root, e *workspace.Entry, to string) (bool, error) {
	text, now, err := readFile(root, e.Path, maxKeptFile)
	if err != nil || now.Hash != e.Hash {
		return false, nil
	}
	return true, os.WriteFile(to, text, 0o600)
}
