//go:build cgo

package whisper

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"kerbside"
)

// halfToFloat decodes an IEEE 754 half of ordinary size.
func halfToFloat(h uint16) float64 {
	exp, frac := int(h>>10&0x1f), float64(h&0x3ff)
	if exp == 0 {
		return math.Ldexp(frac, -24)
	}
	return math.Ldexp(1024+frac, exp-25)
}

func TestQuantizeQ8_0(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	src := make([]float32, 64*q8Block)
	for i := range src {
		src[i] = float32(r.NormFloat64() * 0.1)
	}
	clear(src[:q8Block]) // a block of zeros
	got, err := QuantizeQ8_0(src)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(src)/q8Block*34 {
		t.Fatalf("%d bytes", len(got))
	}
	for b := range len(src) / q8Block {
		block := got[b*34 : b*34+34]
		scale := halfToFloat(binary.LittleEndian.Uint16(block))
		for i, want := range src[b*q8Block : (b+1)*q8Block] {
			back := scale * float64(int8(block[2+i]))
			if math.Abs(back-float64(want)) > scale*0.6+1e-9 { // half a step, and the half-precision scale's own rounding
				t.Fatalf("block %d: %v became %v (step %v)", b, want, back, scale)
			}
		}
	}
	for name, src := range map[string][]float32{
		"part of a block": make([]float32, 33),
		"not a number":    append(make([]float32, 31), float32(math.NaN())),
		"infinite":        append(make([]float32, 31), float32(math.Inf(-1))),
	} {
		if _, err := QuantizeQ8_0(src); kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := QuantizeQ8_0(nil); err != nil || len(got) != 0 {
		t.Error(got, err)
	}
}
