//go:build !purego

#include "textflag.h"

DATA even<>+0(SB)/8, $0x0000000200000000
DATA even<>+8(SB)/8, $0x0000000600000004
DATA even<>+16(SB)/8, $0x0000000a00000008
DATA even<>+24(SB)/8, $0x0000000e0000000c
DATA even<>+32(SB)/8, $0x0000001200000010
DATA even<>+40(SB)/8, $0x0000001600000014
DATA even<>+48(SB)/8, $0x0000001a00000018
DATA even<>+56(SB)/8, $0x0000001e0000001c
GLOBL even<>(SB), RODATA|NOPTR, $64

DATA numbers<>+0(SB)/4, $0x0000001f
DATA numbers<>+4(SB)/4, $0x000003e0
DATA numbers<>+8(SB)/4, $0x00007c00
DATA numbers<>+12(SB)/4, $0x00000020
DATA numbers<>+16(SB)/4, $0x00000001
DATA numbers<>+20(SB)/4, $0x80808080
GLOBL numbers<>(SB), RODATA|NOPTR, $24

// func findWide(bits *[1024]uint32, block *byte, size int, list *places) (done, n, all int)
TEXT ·findWide(SB), NOSPLIT, $0-56
	MOVQ bits+0(FP), R8
	MOVQ block+8(FP), SI
	MOVQ size+16(FP), CX
	MOVQ list+24(FP), DI
	VMOVDQU32 even<>(SB), Z10         // the places of a round
	VPBROADCASTD numbers<>+0(SB), Z11 // first letter
	VPBROADCASTD numbers<>+4(SB), Z12 // second
	VPBROADCASTD numbers<>+8(SB), Z13 // third
	VPBROADCASTD numbers<>+12(SB), Z14
	VPBROADCASTD numbers<>+16(SB), Z15
	VPBROADCASTD numbers<>+20(SB), Z16
	VPXORD Z9, Z9, Z9                 // all bytes ORed
	XORQ AX, AX                       // bytes done
	XORQ R10, R10                     // places found
	SUBQ $34, CX

round:
	CMPQ AX, CX
	JGT  end
	VPMOVZXWD (SI)(AX*1), Z0          // two bytes a lane
	VPMOVZXWD 2(SI)(AX*1), Z1         // the next two
	VPORD Z0, Z9, Z9
	VPSRLD $3, Z0, Z2
	VPANDD Z11, Z0, Z0
	VPTERNLOGD $0xf8, Z12, Z2, Z0     // Z0 |= Z2 & Z12
	VPSLLD $10, Z1, Z1
	VPTERNLOGD $0xf8, Z13, Z1, Z0     // the trigrams
	VPSRLD $5, Z0, Z3
	KXNORW K1, K1, K1
	VPXORD Z4, Z4, Z4
	VPGATHERDD (R8)(Z3*4), K1, Z4
	VPRORVD Z0, Z4, Z4                // by the lower five bits
	VPTESTMD Z15, Z4, K2
	VPCOMPRESSD Z10, K2, Z5
	VPMOVDW Z5, (DI)(R10*2)
	KMOVW K2, R11
	POPCNTL R11, R11
	ADDQ R11, R10
	VPADDD Z14, Z10, Z10
	ADDQ $32, AX
	JMP  round

end:
	XORQ R12, R12
	VPTESTMD Z16, Z9, K2
	KMOVW K2, R11
	TESTL R11, R11
	JZ   out
	MOVQ $0x80, R12

out:
	MOVQ AX, done+32(FP)
	MOVQ R10, n+40(FP)
	MOVQ R12, all+48(FP)
	VZEROUPPER
	RET
