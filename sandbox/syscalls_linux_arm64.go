package sandbox

import (
	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

const (
	nativeArch  = specs.ArchAARCH64
	nativeAudit = unix.AUDIT_ARCH_AARCH64
	foreignBit  = 0
)

// oldCalls are denied where they exist; this architecture is too young for them.
var oldCalls []string

// renameNumbers are the calls that rename and have no flags.
var renameNumbers = []uint32{unix.SYS_RENAMEAT}

var archNumbers map[string]uint32
