package stage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// WriteCopy writes what the plan shows to the directory dest, which must not exist or be empty, and which neither lies
// in the workspace nor holds it. The copy is made beside dest and renamed at the end, after it was scanned: when
// WriteCopy fails or ctx ends, there is nothing at dest. The view tells what was carried out; its Copy is dest.
func (p *Plan) WriteCopy(ctx context.Context, root *workspace.Root, set *rules.Set, report *scan.Report, dest string) (*View, error) {
	view, err := p.writeCopy(ctx, root, set, report, dest)
	if err != nil {
		return nil, fmt.Errorf("stage %s to %s: %w", root.Path(), dest, err)
	}
	return view, nil
}

func (p *Plan) writeCopy(ctx context.Context, root *workspace.Root, set *rules.Set, report *scan.Report, unsafeDest string) (*View, error) {
	if p.Git == GitHost {
		return nil, errors.New("a copy cannot show the .git of the host, which belongs to another directory")
	}
	dest, err := checkDest(root, unsafeDest)
	if err != nil {
		return nil, err
	}
	asCopy := *p
	asCopy.Kind = Copy
	b, err := newBuilder(&asCopy, root, set, report, Dirs{})
	if err != nil {
		return nil, err
	}
	temporary := filepath.Join(filepath.Dir(dest), fmt.Sprintf("%.200s.tmp-%s", filepath.Base(dest), rand.Text()[:10]))
	if err := os.Mkdir(temporary, 0o700); err != nil {
		return nil, err
	}
	view, err := b.copied(ctx, temporary)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		// Over an empty directory rename is atomic; over one that was filled meanwhile it fails.
		err = unix.Rename(temporary, dest)
	}
	if err != nil {
		return nil, errors.Join(err, removeTree(temporary))
	}
	view.Copy = dest
	return view, nil
}

// checkDest is dest, absolute and with no symlink in the directories around it.
func checkDest(root *workspace.Root, unsafeDest string) (string, error) {
	abs, err := filepath.Abs(unsafeDest)
	if err != nil {
		return "", err
	}
	parent, err := filepath.EvalSymlinks(filepath.Dir(abs))
	if err != nil {
		return "", err
	}
	dest := filepath.Join(parent, filepath.Base(abs))
	if err := checkVacant(dest); err != nil {
		return "", err
	}
	return dest, checkApart(root, dest)
}

func checkVacant(dest string) error {
	stat, err := os.Lstat(dest)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !stat.IsDir() {
		return errors.New("there is something that is not a directory")
	}
	names, err := os.ReadDir(dest)
	if err == nil && len(names) > 0 {
		err = errors.New("the directory is not empty")
	}
	return err
}

// checkApart compares inodes, since one directory can have several paths (bind mounts).
func checkApart(root *workspace.Root, dest string) error {
	if in, err := liesIn(dest, root.Stat()); err != nil || in {
		return errors.Join(err, errors.New("the directory lies in the workspace"))
	}
	at, err := workspace.Open(dest)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer at.Close()
	if in, err := liesIn(root.Path(), at.Stat()); err != nil || in {
		return errors.Join(err, errors.New("the directory holds the workspace"))
	}
	return nil
}

// liesIn reports whether path is, or lies in, the directory with that fingerprint. Nothing need stand at path itself.
func liesIn(path string, dir workspace.Stat) (bool, error) {
	for at := path; ; at = filepath.Dir(at) {
		var stat unix.Stat_t
		if err := unix.Stat(at, &stat); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, &fs.PathError{Op: "stat", Path: at, Err: err}
		} else if err == nil && stat.Dev == dir.Dev && stat.Ino == dir.Ino {
			return true, nil
		}
		if at == filepath.Dir(at) {
			return false, nil
		}
	}
}
