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

// The encoder's context may have any size (where the library cannot do that it is rounded up), and what earlier windows left behind it
// is not attended to. Both hold for ggml's own kernels too.
func TestExactContext(t *testing.T) {
	e := openEngine(t, Options{States: 1, Threads: 1, FlashAttn: true})
	samples := speak(t, "slt", sentence)
	p := transcribe.DecodeParams{Language: "en", AudioCtx: 352, WordTimes: true}
	for _, plain := range []bool{false, true} {
		setPlain(plain)
		t.Cleanup(func() { setPlain(false) })
		fresh := recognize(t, e, samples, p)
		checkTokens(t, fresh, true, int64(len(samples))*1000/transcribe.SampleRate)
		for _, other := range []int{0, 768, 512, 1120} {
			recognize(t, e, speak(t, "rms", "Nobody opened the door although the lights were on."), transcribe.DecodeParams{Language: "en", AudioCtx: other})
		}
		if again := recognize(t, e, samples, p); !reflect.DeepEqual(fresh, again) {
			t.Errorf("plain %v: after other windows the same one gives something else:\n%v\n%v", plain, fresh, again)
		}
	}
}

// Beam search takes the best candidates, not some by chance.
func TestBeamIsRepeatable(t *testing.T) {
	samples := speak(t, "awb", "Maisie wasn't sure whether her dad had been drinking on Thursday or on Friday.")
	p := transcribe.DecodeParams{Language: "en", BeamSize: 5, AudioCtx: 512, WordTimes: true}
	e := openEngine(t, Options{States: 1, Threads: 1, FlashAttn: true})
	first := recognize(t, e, samples, p)
	for range 3 {
		if again := recognize(t, e, samples, p); !reflect.DeepEqual(first, again) {
			t.Fatalf("first %v, then %v", first, again)
		}
	}
}
