//go:build cgo

package whisper

import (
	"reflect"
	"testing"

	"kerbside/transcribe"
)

// The kernels give what ggml's own give. Where the CPU lacks what they need, ggml is compared with itself.
func TestKernels(t *testing.T) {
	used, err := CheckKernels()
	if err != nil {
		t.Error(err)
	}
	t.Log("kernels of this package are used:", used)
	for _, o := range operations {
		if far := o.difference(); !(far <= o.limit) {
			t.Errorf("%s: differs by %g, limit %g", o.name, far, o.limit)
		} else {
			t.Logf("%s: differs by %.2g of the largest", o.name, far)
		}
	}
}

// The encoder's context may have any size (where the library cannot do that it is rounded up), and what earlier windows left behind it is not attended to.
func TestExactContext(t *testing.T) {
	e := openEngine(t, Options{States: 1, Threads: 1, FlashAttn: true})
	samples := speak(t, "slt", sentence)
	p := transcribe.DecodeParams{Language: "en", AudioCtx: 352, WordTimes: true}
	fresh := recognize(t, e, samples, p)
	for _, other := range []int{0, 768, 512, 1120} {
		recognize(t, e, speak(t, "rms", "Nobody opened the door although the lights were on."), transcribe.DecodeParams{Language: "en", AudioCtx: other})
	}
	if again := recognize(t, e, samples, p); !reflect.DeepEqual(fresh, again) {
		t.Errorf("after other windows the same one gives something else:\n%v\n%v", fresh, again)
	}
}
