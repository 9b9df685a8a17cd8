package overlay

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"cofferdam/internal/need"
	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// The tests in this file pin what the kernel does, where this package or those above it build on it.

func pathsOf(names ...string) []workspace.Path {
	var paths []workspace.Path
	for _, name := range names {
		paths = append(paths, workspace.Path(name))
	}
	return paths
}

func TestOrdinaryUserMakesWhiteout(t *testing.T) {
	need.User(t)
	if err := unix.Mknod(filepath.Join(t.TempDir(), "gone"), unix.S_IFCHR, 0); err != nil {
		t.Error(err)
	}
}

func TestCommandCannotForgeMarkers(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		write(t, f.base+"/dir/file", "kept")
		write(t, f.base+"/file", "kept")
		f.mount(t, false)
		if err := unix.Mknod(f.merged+"/dir/forged", unix.S_IFCHR, 0); err != unix.EPERM {
			t.Errorf("mknod c 0 0 in the merged tree: %v, want EPERM", err)
		}
		for _, mark := range []string{"opaque", "whiteout", "redirect", "metacopy"} {
			for _, path := range []string{"/dir", "/file"} {
				err := unix.Setxattr(f.merged+path, "user.overlay."+mark, []byte("y"), 0)
				if err != nil {
					t.Logf("this kernel does not escape: %v", err) // before Linux 6.7
					continue
				}
				if _, err := unix.Getxattr(f.upper+path, "user.overlay.overlay."+mark, nil); err != nil {
					t.Errorf("the forged %s of %s is not escaped: %v", mark, path, err)
				}
			}
		}
		if got := describe(readSet(t, f.upper, manifest(t, f.base, nil, nil))); len(got) > 0 {
			t.Errorf("forged markers: %q", got)
		}
	})
}

func TestRenameOfLowerDirectoryIsRefused(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		write(t, f.base+"/dir/file", "x")
		f.mount(t, false)
		if err := unix.Rename(f.merged+"/dir", f.merged+"/new"); err != unix.EXDEV {
			t.Errorf("rename of a lower directory: %v, want EXDEV", err)
		}
		mkdir(t, f.merged+"/made")
		if err := unix.Rename(f.merged+"/made", f.merged+"/moved"); err != nil {
			t.Errorf("rename of a new directory: %v", err)
		}
	})
}

func TestRedirectAndMetacopyAreRefusedWithUserxattr(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		for _, option := range []string{"redirect_dir", "metacopy"} {
			f := newFixture(t)
			o, err := openLayers(Layers{[]string{f.base}, f.upper, f.work})
			if err != nil {
				t.Fatal(err)
			}
			defer o.close()
			_, err = o.mount(func(fs int, o *openedLayers) error {
				return errors.Join(passStrings(fs, o), unix.FsconfigSetString(fs, option, "on"))
			})
			if !errors.Is(err, unix.EINVAL) {
				t.Errorf("%s=on with userxattr: %v, want EINVAL", option, err)
			}
		}
	})
}

// A file of another user can be opened for writing by its mode, and cannot be copied up: its owner has no id in the
// namespace of the mount.
func TestForeignOwnerCannotBeCopiedUp(t *testing.T) {
	const variable = "COFFERDAM_TEST_FOREIGN"
	if dir := os.Getenv(variable); dir != "" {
		f := &fixture{base: dir + "/base", upper: dir + "/upper", work: dir + "/wrk", merged: dir + "/merged"}
		f.mount(t, false)
		_, err := os.OpenFile(f.merged+"/foreign", os.O_WRONLY, 0)
		if !errors.Is(err, unix.EOVERFLOW) {
			t.Errorf("open for writing: %v, want EOVERFLOW", err)
		}
		return
	}
	need.Root(t)
	need.Userns(t)
	const user = 1500
	f := newFixture(t)
	write(t, f.base+"/foreign", "x")
	program := filepath.Join(f.dir, "program")
	if err := errors.Join(copyLeaf("/proc/self/exe", program, 0o755), os.Chmod(f.base+"/foreign", 0o666)); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{f.dir, filepath.Dir(f.dir), f.base, f.upper, f.work, f.merged} {
		if err := os.Chown(dir, user, user); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), variable+"="+f.dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = need.NamespaceAttributes(user, user)
	cmd.SysProcAttr.Credential = credential(user)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestMountInsideLowerIsRefused(t *testing.T) {
	const variable = "COFFERDAM_TEST_LOWER"
	inner := func(t *testing.T) {
		dir := os.Getenv(variable)
		_, err := Mount(Layers{[]string{dir + "/base"}, dir + "/upper", dir + "/wrk"})
		if !errors.Is(err, unix.EINVAL) {
			t.Errorf("mount: %v, want EINVAL", err)
		}
		wantReason(t, err, MountInside)
		var e *MountError
		if errors.As(err, &e) && e.Path != dir+"/base/sub dir\n" {
			t.Errorf("the mount inside is %q", e.Path)
		}
	}
	if need.NamespaceStage() == "inner" {
		inner(t)
		return
	}
	need.Namespace(t, "outer", func(t *testing.T) {
		f := newFixture(t)
		sub := f.base + "/sub dir\n"
		mkdir(t, sub)
		if err := unix.Mount("tmpfs", sub, "tmpfs", 0, ""); err != nil {
			t.Fatal(err)
		}
		defer unix.Unmount(sub, unix.MNT_DETACH)
		t.Setenv(variable, f.dir)
		need.Namespace(t, "inner", inner)
	})
}

func TestUpperOnOverlayfsIsRefused(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		f.mount(t, false)
		upper, work := f.merged+"/upper", f.merged+"/work"
		mkdir(t, upper)
		mkdir(t, work)
		l := Layers{[]string{f.mask}, upper, work}
		_, err := Mount(l)
		wantReason(t, err, UpperUnsupported)
		o, err := openLayers(l)
		if err != nil {
			t.Fatal(err)
		}
		defer o.close()
		if _, err := o.mount(passStrings); !errors.Is(err, unix.EINVAL) {
			t.Errorf("the kernel says %v, want EINVAL", err)
		}
	})
}

func TestThirdOverlayIsRefused(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		one, two, three := newFixture(t), newFixture(t), newFixture(t)
		one.mount(t, false)
		attach(t, Layers{[]string{one.merged}, two.upper, two.work}, two.merged)
		_, err := Mount(Layers{[]string{two.merged}, three.upper, three.work})
		if !errors.Is(err, unix.EINVAL) {
			t.Errorf("third overlay: %v, want EINVAL", err)
		}
		wantReason(t, err, TooDeep)
	})
}

// Hiding one name hides one name.
func TestOtherNamesOfHiddenFileStayReadable(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		write(t, f.base+"/.env", "made up")
		if err := errors.Join(os.Link(f.base+"/.env", f.base+"/hard"), os.Symlink("hard", f.base+"/soft")); err != nil {
			t.Fatal(err)
		}
		buildMask(t, f, pathsOf(".env"), nil)
		f.mount(t, true)
		for name, want := range map[string]string{".env": "", "hard": "made up", "soft": "made up"} {
			if got, _ := os.ReadFile(filepath.Join(f.merged, name)); string(got) != want {
				t.Errorf("%s reads %q, want %q", name, got, want)
			}
		}
	})
}

// Layers that no command wrote through this mount mean to Read what they mean to the kernel.
func TestKernelReadsHandmadeMarkersAsRead(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		for name, form := range map[string]func(t *testing.T, upper string){
			"device": func(t *testing.T, upper string) { whiteout(t, upper+"/dir/gone") },
			"opaque": func(t *testing.T, upper string) {
				write(t, upper+"/dir/sub/below", "x")
				mark(t, upper+"/dir", "user.overlay.opaque", "y")
			},
			"whiteout in opaque": func(t *testing.T, upper string) {
				whiteout(t, upper+"/dir/sub")
				mark(t, upper+"/dir", "user.overlay.opaque", "y")
			},
			"marked file": func(t *testing.T, upper string) {
				write(t, upper+"/dir/gone", "")
				write(t, upper+"/dir/empty", "")
				mark(t, upper+"/dir/gone", "user.overlay.whiteout", "")
				mark(t, upper+"/dir", "user.overlay.opaque", "x")
			},
			"whiteout of nothing": func(t *testing.T, upper string) { whiteout(t, upper+"/dir/nothing") },
			"names of fuse-overlayfs": func(t *testing.T, upper string) {
				write(t, upper+"/dir/.wh.gone", "")
				write(t, upper+"/dir/.wh..wh..opq", "")
			},
		} {
			t.Run(name, func(t *testing.T) {
				f := newFixture(t)
				write(t, f.base+"/dir/gone", "x")
				write(t, f.base+"/dir/sub/below", "x")
				mkdir(t, f.upper+"/dir")
				form(t, f.upper)
				visible := filepath.Join(f.dir, "visible")
				modes := copyTree(t, f.base, visible)
				f.mount(t, false)
				want := snapshot(t, f.merged)
				set := readSet(t, f.upper, manifest(t, f.base, nil, nil))
				applySet(t, set, f.upper, visible, modes)
				if diff := cmp.Diff(want, snapshot(t, visible)); diff != "" {
					t.Errorf("Read is not what the kernel shows (-merged +applied):\n%s", diff)
				}
			})
		}
	})
}

func TestOpaqueRootMeansNothingToTheKernel(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		write(t, f.base+"/file", "x")
		mark(t, f.upper, "user.overlay.opaque", "y")
		f.mount(t, false)
		if _, err := os.Lstat(f.merged + "/file"); err != nil {
			t.Error(err)
		}
	})
}

func whiteout(t testing.TB, path string) {
	t.Helper()
	mkdir(t, filepath.Dir(path))
	if err := unix.Mknod(path, unix.S_IFCHR, 0); err != nil {
		t.Fatal(fmt.Errorf("whiteout: %w", err))
	}
}

func mark(t testing.TB, path, name, value string) {
	t.Helper()
	if err := unix.Setxattr(path, name, []byte(value), 0); err != nil {
		t.Fatal(fmt.Errorf("set %s: %w", name, err))
	}
}
