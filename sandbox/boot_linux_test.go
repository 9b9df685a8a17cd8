package sandbox

import (
	"errors"
	"strings"
	"testing"

	"cofferdam/overlay"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

func someBoot() *boot {
	return &boot{
		purpose: toProbeView,
		mounts: []mountStep{
			{kind: "bind", source: "/a\xff\n", target: "/b", options: []string{"x=1", ""}, attributes: 1 << 40, recursive: true},
			{kind: "overlay", target: strings.Repeat("/p", 1500), create: true, lower: []string{"m", "p"}, upper: "u", work: "w"},
		},
		links: []Link{{"/bin", "usr/bin"}}, readonly: []string{"/r"}, masked: []string{"/m", "/n"}, hostname: "h", loopback: true,
		landlock: true, ruleset: ruleset{1, 2, 3}, rules: []pathRule{{"/", accessList}, {"/w", accessWrite}}, filter: []byte{1, 0, 255}, view: "/v",
		args: []string{"a", ""}, env: []string{"A=\x80"}, dir: "/d", limits: []resourceLimit{{4, 0, ^uint64(0)}},
		terminal: [3]bool{true, false, true}, size: windowSize{1, 2, 3, 4}, termios: "t\x00", plain: true,
	}
}

func TestBootRoundTrip(t *testing.T) {
	want := someBoot()
	got, err := decodeBoot(want.encode())
	must(t, err)
	all := cmp.AllowUnexported(boot{}, mountStep{}, ruleset{}, pathRule{}, resourceLimit{}, windowSize{})
	if diff := cmp.Diff(want, got, all); diff != "" {
		t.Errorf("decode(encode(boot)) differs (-want +got):\n%s", diff)
	}
}

func TestBootCutShort(t *testing.T) {
	whole := someBoot().encode()
	for n := range whole {
		if _, err := decodeBoot(whole[:n]); err == nil {
			t.Fatalf("decode of %d of %d bytes: no error", n, len(whole))
		}
	}
}

func FuzzBootDecode(f *testing.F) {
	f.Add(someBoot().encode())
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, data []byte) { _, _ = decodeBoot(data) })
}

func TestFailureRoundTrip(t *testing.T) {
	for _, err := range []error{
		&NotFoundError{Name: "x"},
		&CannotStartError{Name: "x", Err: unix.EACCES},
		&SetupError{Step: "mount tmpfs \"/tmp\"", Err: unix.EINVAL},
		&SetupError{Step: "drop privileges", Err: errors.New("text alone")},
		&UnenforcedError{What: "landlock", Why: "none", Instead: "waive it"},
		&SetupError{Step: "mount overlay", Err: &overlay.MountError{Reason: overlay.MountInside, Step: "mount", Path: "/p/m", Why: "one", Err: unix.EINVAL}},
	} {
		got := decodeFailure(newFailure(err).encode())
		if got.Error() != err.Error() {
			t.Errorf("%T came as %q, want %q", err, got, err)
		}
		for _, errno := range []unix.Errno{unix.EACCES, unix.EINVAL} {
			if errors.Is(err, errno) != errors.Is(got, errno) {
				t.Errorf("%v: the cause %v got lost", err, errno)
			}
		}
		var before, after *overlay.MountError
		if errors.As(err, &before) && (!errors.As(got, &after) || after.Reason != before.Reason || after.Path != before.Path) {
			t.Errorf("%v: the reason of the overlay got lost", err)
		}
	}
	if err := decodeFailure([]byte{1, 2}); err == nil {
		t.Error("decode of a failure cut short: no error")
	}
}

func TestMayCreate(t *testing.T) {
	steps := []mountStep{{kind: "bind", target: "/usr"}, {kind: "tmpfs", target: "/home/u"}, {kind: "bind", target: "/home/u/.cache"}, {kind: "overlay", target: "/home/u/p"}}
	for path, want := range map[string]bool{
		"/srv/x": true, "/usr": false, "/usr/x": false, "/usrx": true, "/home/u/x": true, "/home/u/.cache/x": false, "/home/u/.cachex": true,
		"/home/u/p/.git": false, "/home/v": true,
	} {
		if got := mayCreate(steps, path); got != want {
			t.Errorf("mayCreate(%q) = %v, want %v", path, got, want)
		}
	}
}

func TestRulesetOf(t *testing.T) {
	for _, tt := range []struct {
		abi  int
		tcp  bool
		want ruleset
	}{
		{1, false, ruleset{fs: 0x1fff}},
		{2, false, ruleset{fs: 0x3fff}},
		{3, false, ruleset{fs: 0x7fff}},
		{4, false, ruleset{fs: 0x7fff, net: 3}},
		{4, true, ruleset{fs: 0x7fff}},
		{5, false, ruleset{fs: 0xffff, net: 3}},
		{7, false, ruleset{fs: 0xffff, net: 3, scoped: 3}},
		{7, true, ruleset{fs: 0xffff, scoped: 3}},
		{99, false, ruleset{fs: 0x1ffff, net: 3, scoped: 3}},
	} {
		if got := rulesetOf(tt.abi, tt.tcp); got != tt.want {
			t.Errorf("rulesetOf(%d, %v) = %+v, want %+v", tt.abi, tt.tcp, got, tt.want)
		}
	}
	r := rulesetOf(7, false)
	if r.rights(accessWrite, true)&(unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK|unix.LANDLOCK_ACCESS_FS_MAKE_CHAR) != 0 {
		t.Error("device nodes may be made")
	}
	if got := rulesetOf(1, false).rights(accessFile, false); got != unix.LANDLOCK_ACCESS_FS_READ_FILE|unix.LANDLOCK_ACCESS_FS_WRITE_FILE {
		t.Errorf("rights that the kernel does not handle are given: %#x", got)
	}
}

func TestCover(t *testing.T) {
	for _, want := range [][]string{nil, {"/etc/shadow", "/etc/a\xff\nb"}} {
		data := encodeCover(want)
		got, err := decodeCover(data)
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("decodeCover differs (-want +got):\n%s", diff)
		}
		for n := range data {
			if _, err := decodeCover(data[:n]); err == nil {
				t.Errorf("decodeCover of %d bytes of %d: no error", n, len(data))
			}
		}
	}
}
