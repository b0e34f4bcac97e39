//go:build cgo

package whisper

/*
#include "shim.h"
*/
import "C"

import (
	"fmt"
	"math"
	"unsafe"

	"kerbside"
)

// q8Block is the number of weights that share a scale in ggml's q8_0.
const q8Block = 32

// QuantizeQ8_0 packs whole rows of weights with ggml's own quantiser: 34 bytes (a half-precision scale and 32 signed
// bytes) for each 32 weights. Blocks never reach over rows when rows are multiples of 32, so src may hold many rows.
func QuantizeQ8_0(src []float32) ([]byte, error) {
	const op = "whisper.QuantizeQ8_0"
	if len(src)%q8Block != 0 {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "This model cannot be packed to q8_0; import it as f16.",
			fmt.Errorf("%d weights are not a multiple of %d", len(src), q8Block))
	}
	if len(src) == 0 {
		return nil, nil
	}
	for i, v := range src {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, kerbside.E(kerbside.CodeInvalid, op, "The model holds weights that are not numbers; get it again.",
				fmt.Errorf("weight %d is %v", i, v))
		}
	}
	dst := make([]byte, C.kb_q8_0_size(C.int64_t(len(src))))
	if n := C.kb_q8_0((*C.float)(&src[0]), unsafe.Pointer(&dst[0]), C.int64_t(len(src))); int(n) != len(dst) {
		return nil, kerbside.E(kerbside.CodeInternal, op, "The model could not be packed to q8_0; import it as f16.",
			fmt.Errorf("ggml_quantize_chunk wrote %d of %d bytes", int(n), len(dst)))
	}
	return dst, nil
}
