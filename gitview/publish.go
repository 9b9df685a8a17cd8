package gitview

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"cofferdam/internal/git"
	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// publish gives the project the objects that were made, and then the ref that leads to them.
func (l *lander) publish(tip oid) error {
	if _, err := l.pack.seal(); err != nil {
		return err
	}
	if _, err := l.pack.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	// Git writes the pack durably, and under its name only when it is whole.
	into := &git.Repo{Top: l.options.Scratch, Dir: l.options.Scratch, Store: filepath.Join(l.repo.common.Path(), "objects")}
	cmd := into.Command(l.ctx, "index-pack", "--stdin")
	cmd.Stdin = l.pack.file
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("git index-pack: %.300q: %w", out, err)
	}
	l.landed.Head = l.made[tip].String()
	l.landed.Ref = "refs/cofferdam/" + l.options.Session
	return writeRef(l.repo.common, l.options.Session, l.landed.Head)
}

// writeRef writes refs/cofferdam/<name> as git does: a lock that is made anew, and renamed.
func writeRef(common *workspace.Root, name, id string) (err error) {
	refs, err := common.OpenDir("refs")
	if err != nil {
		return err
	}
	defer refs.Close()
	if err := unix.Mkdirat(int(refs.Fd()), "cofferdam", 0o777); err != nil && err != unix.EEXIST {
		return fmt.Errorf("make refs/cofferdam: %w", err)
	}
	dir, err := common.OpenDir("refs/cofferdam")
	if err != nil {
		return err
	}
	if err := refs.Sync(); err != nil {
		return errors.Join(err, dir.Close())
	}
	defer dir.Close()
	at, lock := int(dir.Fd()), name+".lock"
	fd, err := unix.Openat(at, lock, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o666)
	if err != nil {
		return fmt.Errorf("lock refs/cofferdam/%s: %w", name, err)
	}
	file := os.NewFile(uintptr(fd), lock)
	_, err = file.WriteString(id + "\n")
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = unix.Renameat(at, lock, at, name)
	}
	if err != nil {
		return errors.Join(err, unix.Unlinkat(at, lock, 0))
	}
	return dir.Sync()
}
