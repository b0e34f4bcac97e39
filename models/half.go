package models

import "math"

// f16FromF32 rounds to the nearest half-precision number, ties to even, as IEEE 754 and NumPy do.
func f16FromF32(f float32) uint16 {
	b := math.Float32bits(f)
	sign := uint16(b >> 16 & 0x8000)
	exp := int(b >> 23 & 0xff)
	man := b & 0x7fffff
	switch {
	case exp == 0xff:
		if man != 0 {
			return sign | 0x7e00
		}
		return sign | 0x7c00
	case exp > 142: // 2^16 and more
		return sign | 0x7c00
	case exp < 102: // less than half of the smallest subnormal
		return sign
	case exp < 113: // subnormal in half precision
		man |= 0x800000
		shift := uint(126 - exp)
		h := man >> shift
		rest := man & (1<<shift - 1)
		half := uint32(1) << (shift - 1)
		if rest > half || (rest == half && h&1 == 1) {
			h++
		}
		return sign | uint16(h) //nolint:gosec // h fits in 11 bits
	}
	h := uint32(exp-112)<<10 | man>>13 //nolint:gosec // exp is 113..142 here
	rest := man & 0x1fff
	if rest > 0x1000 || (rest == 0x1000 && h&1 == 1) {
		h++
	}
	return sign | uint16(h) //nolint:gosec // h fits in 15 bits, or is exactly infinity after the carry
}

func f32FromF16(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exp := uint32(h >> 10 & 0x1f)
	man := uint32(h & 0x3ff)
	switch {
	case exp == 0x1f:
		return math.Float32frombits(sign | 0x7f800000 | man<<13)
	case exp == 0 && man == 0:
		return math.Float32frombits(sign)
	case exp == 0:
		f := float32(man) * (1.0 / (1 << 24))
		return math.Float32frombits(math.Float32bits(f) | sign)
	}
	return math.Float32frombits(sign | (exp+112)<<23 | man<<13)
}
