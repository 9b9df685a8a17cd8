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

var archNumbers map[string]uint32
