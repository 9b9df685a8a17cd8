//go:build !purego

#include "textflag.h"

DATA half<>+0(SB)/4, $0x0f0f0f0f
GLOBL half<>(SB), RODATA|NOPTR, $4

// func wideBlocks(c *Class, text *byte, count int, blocks *uint64)
TEXT ·wideBlocks(SB), NOSPLIT, $0-32
	MOVQ c+0(FP), DX
	MOVQ text+8(FP), SI
	MOVQ count+16(FP), CX
	MOVQ blocks+24(FP), DI
	VBROADCASTI32X4 0(DX), Z0   // by the lower half
	VBROADCASTI32X4 16(DX), Z1  // by the upper
	VPBROADCASTD half<>(SB), Z2

block:
	VMOVDQU64 (SI), Z3
	VPSHUFB Z3, Z0, Z4          // 0 for what is not ASCII
	VPSRLW $4, Z3, Z5
	VPANDD Z2, Z5, Z5
	VPSHUFB Z5, Z1, Z5
	VPTESTMB Z4, Z5, K1
	KMOVQ K1, (DI)
	ADDQ $64, SI
	ADDQ $8, DI
	DECQ CX
	JNZ  block
	VZEROUPPER
	RET
