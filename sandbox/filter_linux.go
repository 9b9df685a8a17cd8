package sandbox

import (
	"encoding/binary"
	"fmt"
	"unsafe"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// Offsets in struct seccomp_data. Both architectures are little-endian: the low half of an argument comes first.
const (
	dataNumber = 0
	dataArch   = 4
	dataArgs   = 16
)

// assemble makes the filter program of a deny list. What it does not know is an error: a filter that leaves a rule out
// would be a weaker one than its description.
func assemble(s *specs.LinuxSeccomp) ([]bpf.RawInstruction, error) {
	if s.DefaultAction != specs.ActAllow || len(s.Architectures) != 1 || s.Architectures[0] != nativeArch || len(s.Flags) > 0 {
		return nil, fmt.Errorf("assemble filter: only a deny list for %s can be", nativeArch)
	}
	kill := bpf.RetConstant{Val: unix.SECCOMP_RET_KILL_PROCESS}
	program := []bpf.Instruction{
		bpf.LoadAbsolute{Off: dataArch, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: nativeAudit, SkipTrue: 1}, kill,
		bpf.LoadAbsolute{Off: dataNumber, Size: 4},
	}
	if foreignBit != 0 {
		program = append(program, bpf.JumpIf{Cond: bpf.JumpLessThan, Val: foreignBit, SkipTrue: 1}, kill)
	}
	for _, call := range s.Syscalls {
		check, err := assembleCall(call)
		if err != nil {
			return nil, fmt.Errorf("assemble filter: %w", err)
		}
		program = append(program, check...)
	}
	return bpf.Assemble(append(program, bpf.RetConstant{Val: unix.SECCOMP_RET_ALLOW}))
}

func assembleCall(call specs.LinuxSyscall) ([]bpf.Instruction, error) {
	if call.Action != specs.ActErrno || call.ErrnoRet == nil || len(call.Args) > 1 {
		return nil, fmt.Errorf("%v: action %s with %d arguments is not supported", call.Names, call.Action, len(call.Args))
	}
	answer := []bpf.Instruction{bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(*call.ErrnoRet)&unix.SECCOMP_RET_DATA}}
	for _, arg := range call.Args {
		var err error
		if answer, err = assembleArg(arg, answer[0]); err != nil {
			return nil, fmt.Errorf("%v: %w", call.Names, err)
		}
	}
	var program []bpf.Instruction
	for _, name := range call.Names {
		number, ok := syscallNumbers[name]
		if !ok {
			number, ok = archNumbers[name]
		}
		if !ok {
			return nil, fmt.Errorf("system call %q is not known", name)
		}
		program = append(program, bpf.JumpIf{Cond: bpf.JumpEqual, Val: number, SkipFalse: uint8(len(answer))})
		program = append(program, answer...)
	}
	return program, nil
}

// assembleArg gives answer where one argument compares, and else goes on with the call's number loaded again.
func assembleArg(arg specs.LinuxSeccompArg, answer bpf.Instruction) ([]bpf.Instruction, error) {
	if arg.Index > 5 {
		return nil, fmt.Errorf("argument %d does not exist", arg.Index)
	}
	low := bpf.LoadAbsolute{Off: dataArgs + 8*uint32(arg.Index), Size: 4}
	high := bpf.LoadAbsolute{Off: low.Off + 4, Size: 4}
	again := bpf.LoadAbsolute{Off: dataNumber, Size: 4}
	value, valueHigh := uint32(arg.Value), uint32(arg.Value>>32)
	switch {
	case arg.Op == specs.OpMaskedEqual && valueHigh == 0 && arg.ValueTwo>>32 == 0:
		return []bpf.Instruction{
			low, bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: value},
			bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(arg.ValueTwo), SkipFalse: 1}, answer, again,
		}, nil
	case arg.Op == specs.OpEqualTo:
		return []bpf.Instruction{
			high, bpf.JumpIf{Cond: bpf.JumpEqual, Val: valueHigh, SkipFalse: 3},
			low, bpf.JumpIf{Cond: bpf.JumpEqual, Val: value, SkipFalse: 1}, answer, again,
		}, nil
	case arg.Op == specs.OpGreaterThan && valueHigh == 0:
		return []bpf.Instruction{
			high, bpf.JumpIf{Cond: bpf.JumpGreaterThan, Val: 0, SkipTrue: 2},
			low, bpf.JumpIf{Cond: bpf.JumpGreaterThan, Val: value, SkipFalse: 1}, answer, again,
		}, nil
	}
	return nil, fmt.Errorf("comparison %s is not supported", arg.Op)
}

// encodeFilter lays a program out as the kernel's struct sock_filter.
func encodeFilter(program []bpf.RawInstruction) []byte {
	buf := make([]byte, 0, 8*len(program))
	for _, in := range program {
		buf = binary.NativeEndian.AppendUint16(buf, in.Op)
		buf = append(buf, in.Jt, in.Jf)
		buf = binary.NativeEndian.AppendUint32(buf, in.K)
	}
	return buf
}

// installFilter puts the filter on all threads of the process. That sets no_new_privs on them as well.
func installFilter(filter []byte) error {
	if len(filter) == 0 || len(filter)%8 != 0 || len(filter)/8 > 4096 {
		return fmt.Errorf("BUG: filter of %d bytes", len(filter))
	}
	program := unix.SockFprog{Len: uint16(len(filter) / 8), Filter: (*unix.SockFilter)(unsafe.Pointer(&filter[0]))}
	r, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return errno
	}
	if r != 0 {
		return fmt.Errorf("thread %d takes no filter", r)
	}
	return nil
}

// trySeccomp asks whether the kernel knows an action of filters.
func trySeccomp(action uint32) error {
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_ACTION_AVAIL, 0, uintptr(unsafe.Pointer(&action)))
	if errno != 0 {
		return errno
	}
	return nil
}
