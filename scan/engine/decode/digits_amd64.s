//go:build !purego

#include "textflag.h"

// A byte is a digit if the bits for its lower and its upper half have one in common: 1 for + - /, 2 for 0 to 9, 4 for A to
// O and a to o, 8 for P to Z and _, 16 for p to z.
DATA lower<>+0(SB)/8, $0x1e1e1e1e1e1e1e1a
DATA lower<>+8(SB)/8, $0x0d040504051c1e1e
GLOBL lower<>(SB), RODATA|NOPTR, $16

DATA upper<>+0(SB)/8, $0x1004080402010000
DATA upper<>+8(SB)/8, $0x0000000000000000
GLOBL upper<>(SB), RODATA|NOPTR, $16

DATA half<>+0(SB)/4, $0x0f0f0f0f
GLOBL half<>(SB), RODATA|NOPTR, $4

// func wideBlocks(text *byte, count int, masks *blocks)
TEXT ·wideBlocks(SB), NOSPLIT, $0-24
	MOVQ text+0(FP), SI
	MOVQ count+8(FP), CX
	MOVQ masks+16(FP), DI
	VBROADCASTI32X4 lower<>(SB), Z0
	VBROADCASTI32X4 upper<>(SB), Z1
	VPBROADCASTD half<>(SB), Z2

block:
	TESTQ CX, CX
	JZ   end
	VMOVDQU64 (SI), Z3
	VPSHUFB Z3, Z0, Z4 // 0 for what is not ASCII
	VPSRLW $4, Z3, Z5
	VPANDD Z2, Z5, Z5
	VPSHUFB Z5, Z1, Z5
	VPTESTMB Z4, Z5, K1
	KMOVQ K1, (DI)
	ADDQ $64, SI
	ADDQ $8, DI
	DECQ CX
	JMP  block

end:
	VZEROUPPER
	RET
