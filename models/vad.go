package models

import (
	"fmt"
	"io"
	"slices"
)

// The architecture of Silero's 16 kHz model, which is the only one that whisper.cpp runs.
const (
	vadTypeName = "silero-16k"
	vadWindow   = 512 // samples
	vadContext  = 64  // samples carried over from the window before
	vadState    = 128
	vadMajor    = 6
	vadMinor    = 2
	vadPatch    = 3
)

type vadLayer struct{ in, out, kernel int }

func vadLayers() []vadLayer {
	return []vadLayer{{129, 128, 3}, {128, 64, 3}, {64, 64, 3}, {64, 128, 3}}
}

// vadTensor names a tensor in both layouts. dims are ggml's, fastest first.
type vadTensor struct {
	src, dst string
	dims     []int64
	half     bool
}

// vadTensors lists the tensors in the order in which they are written.
func vadTensors() []vadTensor {
	var ts []vadTensor
	for i, l := range vadLayers() {
		src, dst := fmt.Sprintf("conv%d", i+1), fmt.Sprintf("_model.encoder.%d.reparam_conv", i)
		ts = append(ts,
			vadTensor{src + ".weight", dst + ".weight", []int64{int64(l.kernel), int64(l.in), int64(l.out)}, true},
			vadTensor{src + ".bias", dst + ".bias", []int64{int64(l.out)}, false})
	}
	return append(ts,
		vadTensor{"lstm_cell.weight_ih", "_model.decoder.rnn.weight_ih", []int64{vadState, 4 * vadState}, false},
		vadTensor{"lstm_cell.weight_hh", "_model.decoder.rnn.weight_hh", []int64{vadState, 4 * vadState}, false},
		vadTensor{"lstm_cell.bias_ih", "_model.decoder.rnn.bias_ih", []int64{4 * vadState}, false},
		vadTensor{"lstm_cell.bias_hh", "_model.decoder.rnn.bias_hh", []int64{4 * vadState}, false},
		vadTensor{"final_conv.weight", "_model.decoder.decoder.2.weight", []int64{vadState}, true},
		vadTensor{"final_conv.bias", "_model.decoder.decoder.2.bias", []int64{1}, false},
		vadTensor{"stft_conv.weight", "_model.stft.forward_basis_buffer", []int64{256, 1, 258}, true})
}

// ConvertVAD turns Silero's safetensors (16 kHz, version 6.2; size bytes at src) into whisper.cpp's voice activity format.
func ConvertVAD(w io.Writer, src io.ReaderAt, size int64) error {
	table, err := readSafetensors(io.NewSectionReader(src, 0, size), size)
	if err != nil {
		return err
	}
	o := &ggmlWriter{w: w}
	o.i32(ggmlMagic, int32(len(vadTypeName)))
	o.raw([]byte(vadTypeName))
	o.i32(vadMajor, vadMinor, vadPatch, vadWindow, vadContext, int32(len(vadLayers())))
	for _, l := range vadLayers() {
		o.i32(int32(l.in), int32(l.out), int32(l.kernel)) //nolint:gosec // constants above
	}
	o.i32(vadState, vadState, vadState, 1)
	for _, t := range vadTensors() {
		s, ok := table[t.src]
		if !ok {
			return fmt.Errorf("tensor %q is missing: these are not the weights of Silero's 16 kHz model", t.src)
		}
		if !sameShape(s.shape, t.dims) {
			return fmt.Errorf("tensor %q has shape %v, which does not match %v", t.src, s.shape, t.dims)
		}
		n := numbers{r: src, off: s.off, n: product(t.dims), dtype: map[string]dtype{"F32": dtF32, "F16": dtF16, "BF16": dtBF16}[s.dtype]}
		typ := int32(typeF32)
		if t.half {
			typ = typeF16
		}
		o.tensor(t.dst, typ, t.dims, n)
	}
	return o.err
}

// sameShape compares a row-major shape with ggml dimensions, leaving out dimensions of one.
func sameShape(shape, dims []int64) bool {
	drop := func(s []int64) []int64 {
		return slices.DeleteFunc(slices.Clone(s), func(d int64) bool { return d == 1 })
	}
	a, b := drop(shape), drop(dims)
	slices.Reverse(a)
	return slices.Equal(a, b)
}

func product(dims []int64) int64 {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	return n
}

// inspectVAD goes on after the magic and the length of the type's name.
func inspectVAD(c *cursor, nameLen int64) (Info, error) {
	name := string(c.bytes(nameLen))
	if c.err == nil && name != vadTypeName {
		return Info{}, fmt.Errorf("voice activity model of type %q; only %s can be used", name, vadTypeName)
	}
	info := Info{Kind: KindVAD, Type: "f16", Size: c.size}
	info.Version = fmt.Sprintf("%d.%d.%d", c.count("version", 0, 1000), c.count("version", 0, 1000), c.count("version", 0, 1000))
	exact := func(what string, want int) { c.count(what, int32(want), int32(want)) } //nolint:gosec // constants of the architecture
	exact("window", vadWindow)
	exact("context", vadContext)
	exact("encoder layers", len(vadLayers()))
	for _, l := range vadLayers() {
		exact("channels", l.in)
		exact("channels", l.out)
		exact("kernel", l.kernel)
	}
	for _, v := range []int{vadState, vadState, vadState, 1} {
		exact("state", v)
	}
	want := map[string]shape{}
	half := map[string]bool{}
	for _, t := range vadTensors() {
		want[t.dst] = shape{dims: t.dims}
		half[t.dst] = t.half
	}
	err := walkTensors(c, want, func(t ggmlTensor) error {
		if (t.typ == typeF16) != half[t.name] || t.typ > typeF16 {
			return fmt.Errorf("tensor %q has the wrong number format", t.name)
		}
		return nil
	})
	info.Tensors = len(want)
	return info, err
}
