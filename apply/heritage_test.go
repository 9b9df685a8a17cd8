package apply

import (
	"fmt"
	"os"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"cofferdam/internal/need"
)

func owner(t *testing.T, path string) string {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	stat := info.Sys().(*syscall.Stat_t)
	return fmt.Sprintf("%d:%d", stat.Uid, stat.Gid)
}

func TestApplyKeepsOwners(t *testing.T) {
	need.Root(t)
	b := newBench(t, nil, func(at tree) {
		at.file("theirs", "old", 0o644)
		at.file("dir/x", "old", 0o644)
		at.link("dir/link", "old")
		at.must(os.Chown(at.path("theirs"), 1234, 2345))
		at.must(os.Chown(at.path("dir"), 1235, 2346))
		at.must(os.Lchown(at.path("dir/link"), 1236, 2347))
	}, func(at tree) {
		at.file("theirs", "new", 0o644)
		at.remove("dir/link")
		at.link("dir/link", "new")
		at.file("dir/new", "new", 0o644)
		at.file("dir/sub/new", "new", 0o644)
		at.file("mine", "new", 0o644)
	})
	if _, err := b.apply(t, Options{}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"theirs": "1234:2345", "dir/link": "1236:2347", "dir/new": "1235:2346",
		"dir/sub": "1235:2346", "dir/sub/new": "1235:2346", "mine": "0:0", "dir": "1235:2346"} {
		if got := owner(t, b.project+"/"+path); got != want {
			t.Errorf("owner of %s = %s, want %s", path, got, want)
		}
	}
}

func TestApplyInheritsGroup(t *testing.T) {
	need.Root(t)
	b := newBench(t, nil, func(at tree) {
		at.dirs("shared")
		at.must(os.Chown(at.path("shared"), 0, 2345))
		at.must(os.Chmod(at.path("shared"), 0o775|os.ModeSetgid))
	}, func(at tree) {
		at.file("shared/sub/x", "new", 0o644)
		at.must(os.Chmod(at.path("shared/sub"), 0o775|os.ModeSetgid))
	})
	before := snapshot(t, b.project, true)
	if _, err := b.apply(t, Options{}); err != nil {
		t.Fatal(err)
	}
	if got := owner(t, b.project+"/shared/sub/x"); got != "0:2345" {
		t.Errorf("owner = %s, want 0:2345", got)
	}
	if _, err := b.undo(Options{}); err != nil {
		t.Fatal(err)
	}
	if d := diffSnapshots(before, snapshot(t, b.project, true)); d != "" {
		t.Errorf("after undo (-want +got):\n%s", d)
	}
}

// acl is a POSIX access list in the kernel's form: owner rwx, user 1234 rw, group r, mask rw, others none.
var acl = []byte{2, 0, 0, 0,
	1, 0, 7, 0, 0xff, 0xff, 0xff, 0xff,
	2, 0, 6, 0, 0xd2, 4, 0, 0,
	4, 0, 4, 0, 0xff, 0xff, 0xff, 0xff,
	16, 0, 6, 0, 0xff, 0xff, 0xff, 0xff,
	32, 0, 0, 0, 0xff, 0xff, 0xff, 0xff}

func TestApplyKeepsAttributes(t *testing.T) {
	b := newBench(t, nil, func(at tree) {
		at.file("f", "old", 0o644)
		at.file("dir/x", "old", 0o644)
		for path, attr := range map[string]string{"f": accessACL, "dir": defaultACL} {
			need.Nil(t, "acl", unix.Setxattr(at.path(path), attr, acl, 0))
		}
		at.must(unix.Setxattr(at.path("f"), "user.note", []byte("mine"), 0))
	}, func(at tree) {
		at.file("f", "new", 0o664)
		at.must(unix.Setxattr(at.path("f"), "user.planted", []byte("not mine"), 0))
		at.file("dir/new", "new", 0o660)
	})
	if _, err := b.apply(t, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, attr string
		want       int
	}{{"f", accessACL, len(acl)}, {"f", "user.note", 4}, {"f", "user.planted", -1}, {"dir/new", accessACL, len(acl)}, {"dir/x", accessACL, -1}} {
		n, err := unix.Getxattr(b.project+"/"+c.path, c.attr, make([]byte, 256))
		if err != nil {
			n = -1
		}
		if n != c.want {
			t.Errorf("%s of %s has %d bytes (%v), want %d", c.attr, c.path, n, err, c.want)
		}
	}
	if info, _ := os.Stat(b.project + "/f"); info.Mode() != 0o664 {
		t.Errorf("mode of f = %v, want 0664", info.Mode())
	}
}

// TestApplyUnderUmask: modes are those of the change, whatever the umask.
func TestApplyUnderUmask(t *testing.T) {
	b := newBench(t, nil, small, func(at tree) {
		at.file("open", "new", 0o666)
		at.dirs("wide")
		at.chmod("wide", 0o777)
	})
	defer syscall.Umask(syscall.Umask(0o077))
	if _, err := b.apply(t, Options{}); err != nil {
		t.Fatal(err)
	}
	if d := diffSnapshots(b.wanted(t), snapshot(t, b.project, false)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}
