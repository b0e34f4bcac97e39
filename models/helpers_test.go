package models

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ct2Spec describes a small made-up CTranslate2 model.
type ct2Spec struct {
	state, mels, audioLayers, textLayers, heads int
	vocab                                       int
	dtype                                       dtype
}

func smallSpec() ct2Spec {
	return ct2Spec{state: 32, mels: 80, audioLayers: 2, textLayers: 1, heads: 2, vocab: 51865, dtype: dtF16}
}

// ct2File builds CTranslate2 files by hand.
type ct2File struct {
	buf   bytes.Buffer
	vars  int
	dtype dtype
}

func (f *ct2File) str(s string) {
	f.u16(uint16(len(s) + 1))
	f.buf.WriteString(s + "\x00")
}
func (f *ct2File) u16(v uint16) { f.buf.Write(binary.LittleEndian.AppendUint16(nil, v)) }
func (f *ct2File) u32(v uint32) { f.buf.Write(binary.LittleEndian.AppendUint32(nil, v)) }

func (f *ct2File) header(name string, dt dtype, size int, dims ...int) {
	f.vars++
	f.str(name)
	f.buf.WriteByte(byte(len(dims)))
	for _, d := range dims {
		f.u32(uint32(d))
	}
	f.buf.WriteByte(byte(dt))
	f.u32(uint32(size))
}

// value is the i-th number of a variable: small, different from its neighbours and exact in every format but int8.
func value(name string, i int) float32 {
	return float32((i*7+len(name)*3)%31-15) / 16
}

// add writes a variable; keyRows says from which row on the key's bias, which must be zero, lies (-1: none).
func (f *ct2File) add(name string, keyRow, keyRows int, dims ...int) {
	n := 1
	for _, d := range dims {
		n *= d
	}
	dt := f.dtype
	if dt == dtI8 && (len(dims) < 2 || !strings.HasSuffix(name, "weight")) {
		dt = dtF32
	}
	f.header(name, dt, n*int(dt.width()), dims...)
	for i := range n {
		v := value(name, i)
		if i >= keyRow && i < keyRow+keyRows {
			v = 0
		}
		switch dt {
		case dtF32:
			f.u32(math.Float32bits(v))
		case dtF16:
			f.u16(f16FromF32(v))
		case dtBF16:
			f.u16(uint16(math.Float32bits(v) >> 16))
		case dtI8:
			f.buf.WriteByte(byte(int8(v * 64)))
		}
	}
	if dt == dtI8 {
		f.header(name+"_scale", dtF32, 4*dims[0], dims[0])
		for range dims[0] {
			f.u32(math.Float32bits(64))
		}
	}
}

func (s ct2Spec) build() []byte {
	body := &ct2File{dtype: s.dtype}
	d := s.state
	norm := func(p string) { body.add(p+"/gamma", 0, 0, d); body.add(p+"/beta", 0, 0, d) }
	lin := func(p string, out, in, key, keys int) {
		body.add(p+"/weight", 0, 0, out, in)
		body.add(p+"/bias", key, keys, out)
	}
	layer := func(p string, cross bool) {
		norm(p + "self_attention/layer_norm")
		lin(p+"self_attention/linear_0", 3*d, d, d, d)
		lin(p+"self_attention/linear_1", d, d, 0, 0)
		if cross {
			norm(p + "attention/layer_norm")
			lin(p+"attention/linear_0", d, d, 0, 0)
			lin(p+"attention/linear_1", 2*d, d, 0, d)
			lin(p+"attention/linear_2", d, d, 0, 0)
		}
		norm(p + "ffn/layer_norm")
		lin(p+"ffn/linear_0", 4*d, d, 0, 0)
		lin(p+"ffn/linear_1", d, 4*d, 0, 0)
	}
	body.add("encoder/conv1/weight", 0, 0, d, s.mels, 3)
	body.add("encoder/conv1/bias", 0, 0, d)
	body.add("encoder/conv2/weight", 0, 0, d, d, 3)
	body.add("encoder/conv2/bias", 0, 0, d)
	body.add("encoder/position_encodings/encodings", 0, 0, 1500, d)
	body.add("decoder/position_encodings/encodings", 0, 0, 448, d)
	body.add("decoder/embeddings/weight", 0, 0, s.vocab, d)
	for i := range s.audioLayers {
		layer(fmt.Sprintf("encoder/layer_%d/", i), false)
	}
	for i := range s.textLayers {
		layer(fmt.Sprintf("decoder/layer_%d/", i), true)
	}
	norm("encoder/layer_norm")
	norm("decoder/layer_norm")
	for _, side := range []string{"encoder", "decoder"} {
		body.header(side+"/num_heads", dtI16, 2)
		body.u16(uint16(s.heads))
	}

	out := &ct2File{}
	out.u32(6)
	out.str("WhisperSpec")
	out.u32(3)
	out.u32(uint32(body.vars))
	out.buf.Write(body.buf.Bytes())
	out.u32(1)
	out.str("decoder/projection/weight")
	out.str("decoder/embeddings/weight")
	return out.buf.Bytes()
}

// words is a vocabulary of n tokens, in the printable alphabet of the vocabulary files.
func words(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("Ġt%d", i)
	}
	if n > 50256 {
		out[50256] = ""
	}
	return out
}

// ct2Folder writes a made-up model as faster-whisper keeps it.
func ct2Folder(t *testing.T, s ct2Spec) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "faster-whisper-toy")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"model.bin": s.build(), "vocabulary.txt": []byte(strings.Join(words(s.vocab), "\n") + "\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// toGGML converts a made-up model in memory.
func toGGML(t testing.TB, s ct2Spec) []byte {
	t.Helper()
	b := s.build()
	m, err := readCT2(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := convertCT2(&out, m, words(s.vocab)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// referenceQ8 is q8_0 as ggml defines it: blocks of 32, a half-precision scale of amax/127, rounding half away from zero.
func referenceQ8(src []float32) ([]byte, error) {
	out := make([]byte, 0, len(src)/32*34)
	for i := 0; i < len(src); i += 32 {
		var amax float32
		for _, v := range src[i : i+32] {
			amax = max(amax, float32(math.Abs(float64(v))))
		}
		d := amax / 127
		var id float32
		if d != 0 {
			id = 1 / d
		}
		out = binary.LittleEndian.AppendUint16(out, f16FromF32(d))
		for _, v := range src[i : i+32] {
			out = append(out, byte(int8(math.Round(float64(v*id)))))
		}
	}
	return out, nil
}

// sileroFile is a made-up voice activity model in safetensors.
func sileroFile() []byte {
	var table, data bytes.Buffer
	table.WriteByte('{')
	for i, v := range vadTensors() {
		dims := make([]string, len(v.dims))
		for k, d := range v.dims {
			dims[len(dims)-1-k] = fmt.Sprint(d)
		}
		from := data.Len()
		for k := range product(v.dims) {
			data.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(value(v.src, int(k)))))
		}
		if i > 0 {
			table.WriteByte(',')
		}
		fmt.Fprintf(&table, `%q:{"dtype":"F32","shape":[%s],"data_offsets":[%d,%d]}`, v.src, strings.Join(dims, ","), from, data.Len())
	}
	table.WriteByte('}')
	out := binary.LittleEndian.AppendUint64(nil, uint64(table.Len()))
	return append(append(out, table.Bytes()...), data.Bytes()...)
}

// newStore is a Store in empty folders that never waits.
func newStore(t *testing.T, change func(*Config)) *Store {
	t.Helper()
	cfg := Config{Dir: t.TempDir(), Cache: t.TempDir(), Quantise: referenceQ8, Backoff: 1, Retries: 3}
	if change != nil {
		change(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
