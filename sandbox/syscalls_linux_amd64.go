package sandbox

import (
	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

const (
	nativeArch  = specs.ArchX86_64
	nativeAudit = unix.AUDIT_ARCH_X86_64
	// foreignBit marks the calls of x32, which come with the architecture of x86-64 and other meanings.
	foreignBit = 0x40000000
)

// oldCalls are denied where they exist: they were left behind by newer calls or are of another time.
var oldCalls = []string{"create_module", "get_kernel_syms", "query_module", "uselib", "ustat", "sysfs", "_sysctl", "iopl", "ioperm"}

// renameNumbers are the calls that rename and have no flags.
var renameNumbers = []uint32{unix.SYS_RENAME, unix.SYS_RENAMEAT}

var archNumbers = map[string]uint32{
	"create_module": unix.SYS_CREATE_MODULE, "get_kernel_syms": unix.SYS_GET_KERNEL_SYMS, "query_module": unix.SYS_QUERY_MODULE,
	"uselib": unix.SYS_USELIB, "ustat": unix.SYS_USTAT, "sysfs": unix.SYS_SYSFS, "_sysctl": unix.SYS__SYSCTL,
	"iopl": unix.SYS_IOPL, "ioperm": unix.SYS_IOPERM,
}
