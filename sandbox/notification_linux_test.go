package sandbox

import (
	"encoding/binary"
	"strings"
	"testing"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

func TestRenameFilter(t *testing.T) {
	raw, err := renameFilter()
	must(t, err)
	instructions, _ := bpf.Disassemble(raw)
	vm, err := bpf.NewVM(instructions)
	must(t, err)
	const allow, tell = unix.SECCOMP_RET_ALLOW, unix.SECCOMP_RET_USER_NOTIF
	for _, tt := range []struct {
		name         string
		arch, number uint32
		flags        uint64
		want         uint32
	}{
		{"renameat", nativeAudit, unix.SYS_RENAMEAT, 0, tell},
		{"renameat with anything for flags", nativeAudit, unix.SYS_RENAMEAT, ourMark, tell},
		{"renameat2", nativeAudit, unix.SYS_RENAMEAT2, 0, tell},
		{"renameat2 with flags", nativeAudit, unix.SYS_RENAMEAT2, 0xffffffff, tell},
		{"renameat2 with the mark", nativeAudit, unix.SYS_RENAMEAT2, ourMark | unix.RENAME_NOREPLACE, allow},
		{"read", nativeAudit, unix.SYS_READ, 0, allow},
		{"linkat", nativeAudit, unix.SYS_LINKAT, 0, allow},
		{"another architecture, which the deny list kills", unix.AUDIT_ARCH_PPC64, unix.SYS_RENAMEAT2, 0, allow},
	} {
		data := make([]byte, 64) // The virtual machine loads words as the network does, the kernel as the machine.
		binary.BigEndian.PutUint32(data[dataNumber:], tt.number)
		binary.BigEndian.PutUint32(data[dataArch:], tt.arch)
		binary.BigEndian.PutUint32(data[dataArgs+8*4:], uint32(tt.flags))
		binary.BigEndian.PutUint32(data[dataArgs+8*4+4:], uint32(tt.flags>>32))
		got, err := vm.Run(data)
		must(t, err)
		if uint32(got) != tt.want {
			t.Errorf("%s: %#x, want %#x", tt.name, got, tt.want)
		}
	}
}

func TestSplitPath(t *testing.T) {
	for path, want := range map[string][2]string{
		"a": {"", "a"}, "a/": {"", "a"}, "a//": {"", "a"}, "/a": {"/", "a"}, "a/b": {"a/", "b"}, "//a//b//": {"//a//", "b"},
		"": {"", ""}, "/": {"", ""}, "///": {"", ""}, ".": {"", ""}, "..": {"", ""}, "a/..": {"a/", ""}, "a/./": {"a/", ""}, "...": {"", "..."},
		"-rf": {"", "-rf"}, "\xff/\n": {"\xff/", "\n"},
	} {
		if dir, name := splitPath(path); dir != want[0] || name != want[1] {
			t.Errorf("splitPath(%q) = %q, %q, want %q", path, dir, name, want)
		}
	}
}

// For every path: its parts are the path without slashes at its end, and the name is one.
func FuzzSplitPath(f *testing.F) {
	for _, path := range []string{"", "/", "a//b/", "../x", "a/.."} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		dir, name := splitPath(path)
		if strings.Contains(name, "/") || name == "." || name == ".." || dir != "" && !strings.HasSuffix(dir, "/") {
			t.Errorf("splitPath(%q) = %q, %q", path, dir, name)
		}
		if whole := strings.TrimRight(path, "/"); name != "" && dir+name != whole || !strings.HasPrefix(path, dir) {
			t.Errorf("splitPath(%q) = %q, %q: parts are lost", path, dir, name)
		}
	})
}
