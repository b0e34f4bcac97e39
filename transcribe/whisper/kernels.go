//go:build cgo

package whisper

// #include "kernels.h"
import "C"

import (
	"fmt"
	"math"
	"sync"
)

// operation is something for which there is a kernel here.
type operation struct {
	name  string
	what  C.kb_operation
	x, y  int     // see kb_operate
	limit float64 // how far results may be from ggml's, as a share of the largest; ggml rounds some steps to halves
}

// operations are of the sizes that Whisper has, and of some that fill no register.
var operations = []operation{
	{"product, encoder", C.KB_PRODUCT, 512, 512, 1e-5},
	{"product, beams", C.KB_PRODUCT, 2048, 5, 1e-5},
	{"product, one column", C.KB_PRODUCT, 512, 1, 1e-5},
	{"product, odd", C.KB_PRODUCT, 1001, 29, 1e-5},
	{"attention, encoder", C.KB_ENCODE, 512, 512, 1e-4},
	{"attention, encoder, odd", C.KB_ENCODE, 77, 101, 1e-4},
	{"attention across, one query", C.KB_ENCODE, 640, 1, 1e-2},
	{"attention across, beams", C.KB_ENCODE, 333, 5, 1e-2},
	{"attention, decoder", C.KB_DECODE, 64, 5, 1e-2},
	{"attention, decoder, prompt", C.KB_DECODE, 96, 33, 1e-2},
	{"gelu", C.KB_GELU, 2048, 33, 1e-3},
	{"gelu, odd", C.KB_GELU, 37, 1, 1e-3},
}

// comparing guards the switch between the kernels.
var comparing sync.Mutex

// CheckKernels computes a few operations with the kernels of this package and with ggml's own, and reports the first that
// disagrees. used is false when this CPU or this build has ggml's own only. Nothing else may be recognised meanwhile.
func CheckKernels() (used bool, err error) {
	if !bool(C.kb_wide()) {
		return false, nil
	}
	for _, o := range operations {
		if far := o.difference(); !(far <= o.limit) {
			return true, fmt.Errorf("%s: the results differ by %g of the largest, and %g is the limit", o.name, far, o.limit)
		}
	}
	return true, nil
}

// difference is the largest difference between the two results as a share of the largest number; NaN when there is none to compare.
func (o operation) difference() float64 {
	comparing.Lock()
	defer comparing.Unlock()
	fast := o.compute()
	setPlain(true)
	defer setPlain(false)
	plain := o.compute()
	if len(fast) == 0 || len(fast) != len(plain) {
		return math.NaN()
	}
	var far, most float64
	for i := range fast {
		d := math.Abs(float64(fast[i]) - float64(plain[i]))
		if math.IsNaN(d) {
			return d
		}
		far, most = max(far, d), max(most, math.Abs(float64(plain[i])))
	}
	return far / most
}

// setPlain leaves everything to ggml's own kernels, in the whole process.
func setPlain(on bool) { C.kb_set_plain(C.bool(on)) }

func (o operation) compute() []float32 {
	out := make([]float32, max(o.x*o.y, 512*o.y))
	n := C.kb_operate(o.what, C.int(o.x), C.int(o.y), 1, (*C.float)(&out[0]), C.size_t(len(out)))
	return out[:min(int(n), len(out))]
}
