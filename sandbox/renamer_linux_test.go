package sandbox

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// renamerName is how the test binary is called when it is to rename in the sandbox.
const renamerName = "renamer"

func renamer(args []string) {
	for name, do := range map[string]func(args []string) error{
		"files": renameFiles, "calls": renameCalls, "many": renameMany, "tree": printTree, "written": renameWritten,
		"stopped": renameStopped, "restricted": renameRestricted, "private": renamePrivate, "listen": listenInside, "swapped": renameSwapped,
		"forever": renameForever, "descriptors": renameByDescriptors,
	} {
		if name != args[0] {
			continue
		}
		if err := do(args[1:]); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(2)
}

// renameFiles renames a file so often, or saves one so, and prints how long one took in nanoseconds. A plain rename gets past
// the filter.
func renameFiles(args []string) error {
	n, _ := strconv.Atoi(args[0])
	if err := os.WriteFile("f0", nil, 0o600); err != nil {
		return err
	}
	begin := time.Now()
	for i := range n {
		from, to := "f"+strconv.Itoa(i), "f"+strconv.Itoa(i+1)
		var err error
		if args[2] == "save" {
			from, to = "temporary", "f0"
			err = os.WriteFile(from, make([]byte, 2000), 0o600)
		}
		if err != nil {
			return err
		}
		if args[1] == "plain" {
			err = rename(unix.AT_FDCWD, from, unix.AT_FDCWD, to, 0)
		} else {
			err = unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, 0)
		}
		if err != nil {
			return err
		}
	}
	fmt.Println(time.Since(begin).Nanoseconds() / int64(n))
	return nil
}

// renameCalls makes calls, each of flags, source and target, and prints what each answers.
func renameCalls(args []string) error {
	for ; len(args) >= 3; args = args[3:] {
		flags, _ := strconv.Atoi(args[0])
		answer := "ok"
		if err := unix.Renameat2(unix.AT_FDCWD, args[1], unix.AT_FDCWD, args[2], uint(flags)); err != nil {
			answer = unix.ErrnoName(err.(unix.Errno))
		}
		fmt.Println(answer)
	}
	return nil
}

// renameMany renames d0 to e0 and so on, all at a time.
func renameMany(args []string) error {
	n, _ := strconv.Atoi(args[0])
	failures := make(chan error, n)
	for i := range n {
		go func() { failures <- os.Rename(fmt.Sprint("d", i), fmt.Sprint("e", i)) }()
	}
	var all error
	for range n {
		all = errors.Join(all, <-failures)
	}
	return all
}

func renameByDescriptors([]string) error {
	from, err := unix.Open("a", unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return err
	}
	to, err := unix.Open("t", unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return err
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	return unix.Renameat(from, "b", to, "z/")
}

// printTree prints a tree with all that a rename has to keep.
func printTree(args []string) error {
	lines, err := treeLines(args[0], len(args) > 1)
	fmt.Print(strings.Join(lines, ""))
	return err
}

// treeLines is one line for each thing of a tree. Times of directories are left out where they are not to be compared.
func treeLines(dir string, content bool) ([]string, error) {
	var lines []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		var stat unix.Stat_t
		if err := unix.Lstat(path, &stat); err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		line := fmt.Sprintf("%q %o", name, stat.Mode)
		if !content {
			line += fmt.Sprintf(" %d:%d %d.%09d", stat.Uid, stat.Gid, stat.Mtim.Sec, stat.Mtim.Nsec)
		}
		switch stat.Mode & unix.S_IFMT {
		case unix.S_IFREG:
			data, err := os.ReadFile(path)
			if err != nil {
				data = []byte("unreadable")
			}
			line += fmt.Sprintf(" %d %x", stat.Size, sha256.Sum256(data))
			if stat.Size > largeFile {
				line += fmt.Sprintf(" sparse=%v", stat.Blocks*512 < stat.Size)
			}
		case unix.S_IFLNK:
			target, _ := os.Readlink(path)
			line += " " + target
		}
		if fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0); err == nil {
			all, _ := attributes(fd)
			unix.Close(fd)
			for _, name := range slices.Sorted(maps.Keys(all)) {
				line += fmt.Sprintf(" %s=%x", name, all[name])
			}
		}
		lines = append(lines, line+"\n")
		return nil
	})
	return lines, err
}

// renameWritten renames the directory a to z and back while others write into it, and then says what is missing of
// what they wrote.
func renameWritten([]string) error {
	var written sync.Map
	var done atomic.Bool
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for i := 0; !done.Load(); i++ {
				name := fmt.Sprintf("w%d-%d", w, i%500)
				text := strconv.Itoa(i)
				for _, dir := range []string{"a/b/", "z/b/"} {
					// A file of its own that takes the place of the old one, as editors do.
					temporary := dir + "." + name
					if os.WriteFile(temporary, []byte(text), 0o600) == nil && os.Rename(temporary, dir+name) == nil {
						written.Store(name, text)
						break
					}
					_ = os.Remove(temporary)
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	var err error
	for range 20 {
		time.Sleep(5 * time.Millisecond)
		// Where the writers are too many, it is EXDEV.
		if err = os.Rename("a", "z"); err == nil {
			err = os.Rename("z", "a")
		} else if errors.Is(err, unix.EXDEV) {
			err = nil
		}
		if err != nil {
			break
		}
	}
	done.Store(true)
	writers.Wait()
	written.Range(func(name, text any) bool {
		data, readErr := os.ReadFile("a/b/" + name.(string))
		if readErr != nil || string(data) != text {
			err = errors.Join(err, fmt.Errorf("%v is %q and was written as %v: %v", name, data, text, readErr))
		}
		return true
	})
	return err
}

// renameStopped replaces the directory a as the sandbox does, and stops at the nth change: for good, or in that one
// alone. It prints how many changes there were.
func renameStopped(args []string) error {
	at, _ := strconv.Atoi(args[0])
	m, err := newMover(args[2])
	if err != nil {
		return err
	}
	changes := 0
	m.step = func() error {
		if changes++; changes == at || changes > at && at > 0 && args[1] == "dead" {
			return unix.ENOSPC
		}
		return nil
	}
	m.alive = func() bool { return true }
	err = m.free(m.view, "a")
	fmt.Println(changes, err)
	return nil
}

// renameRestricted renames under a Landlock domain of its own that allows writing below b only.
func renameRestricted([]string) error {
	abi, err := landlockABI()
	if err != nil {
		return err
	}
	rules := rulesetOf(abi, true)
	rules.net, rules.scoped = 0, 0
	set, err := rules.create()
	if err != nil {
		return err
	}
	for path, access := range map[string]access{"/": accessRead, "b": accessWrite} {
		fd, err := unix.Open(path, unix.O_PATH, 0)
		if err != nil {
			return err
		}
		if err := rules.allow(set, fd, access); err != nil {
			return err
		}
	}
	if err := restrictSelf(set); err != nil {
		return err
	}
	// From the only thread that is restricted.
	return renameCalls([]string{"0", "a", "z", "0", "a", "b/z", "0", "b/c", "z", "0", "b/c", "b/z"})
}

// renamePrivate renames as a process into which none may look.
func renamePrivate([]string) error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return err
	}
	return renameCalls([]string{"0", "a", "z", "0", "main.go", "n.go"})
}

func listenInside([]string) error {
	_, err := listen()
	fmt.Println(err)
	return nil
}

// renameSwapped renames by a path that another thread keeps writing over, from a directory that yet another swaps for links.
func renameSwapped(args []string) error {
	var done atomic.Bool
	defer done.Store(true)
	room := append([]byte("s/d"), make([]byte, 64)...)
	goals := slices.Concat(args, []string{"s/d", "s/d/e", "/proc/1/root", "/proc/self/fd/3", "..", "/", "s/./d"})
	go func() {
		for i := 0; !done.Load(); i++ {
			copy(room, goals[i%len(goals)]+"\x00")
		}
	}()
	go func() {
		for !done.Load() {
			for _, goal := range goals {
				_ = os.Symlink(goal, "s/link")
				_ = unix.Renameat2(unix.AT_FDCWD, "s/link", unix.AT_FDCWD, "s/d", unix.RENAME_EXCHANGE)
				_ = unix.Renameat2(unix.AT_FDCWD, "s/link", unix.AT_FDCWD, "s/d/e", unix.RENAME_EXCHANGE)
				_ = os.Remove("s/link")
			}
		}
	}()
	to := []byte("s/t\x00")
	here := unix.AT_FDCWD
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); {
		_, _, _ = unix.Syscall6(unix.SYS_RENAMEAT2, uintptr(here), uintptr(unsafe.Pointer(&room[0])), uintptr(here), uintptr(unsafe.Pointer(&to[0])), 0, 0)
		_ = os.Rename("s/t", "s/d")
	}
	return nil
}

// renameForever renames a and z into one another until it is killed.
func renameForever([]string) error {
	fmt.Println("ready")
	for {
		if err := os.Rename("a", "z"); err != nil {
			return err
		}
		if err := os.Rename("z", "a"); err != nil {
			return err
		}
	}
}
