package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestHalfPrecision(t *testing.T) {
	for h := range 1 << 16 {
		f := f32FromF16(uint16(h))
		if f != f {
			continue
		}
		if got := f16FromF32(f); got != uint16(h) {
			t.Fatalf("%04x became %g became %04x", h, f, got)
		}
	}
	for _, c := range []struct {
		in   float32
		want uint16
	}{
		{1 + 1.0/2048, 0x3c00}, {1 + 3.0/2048, 0x3c02}, {65519, 0x7bff}, {65520, 0x7c00},
		{1.0 / (1 << 25), 0}, {1.0/(1<<25) + 1.0/(1<<40), 1}, {-2, 0xc000}, {float32(math.Inf(-1)), 0xfc00},
	} {
		if got := f16FromF32(c.in); got != c.want {
			t.Errorf("%g: %04x, want %04x", c.in, got, c.want)
		}
	}
}

// The checksums are of the two banks in the assets of OpenAI's Whisper.
func TestMelFiltersArePublishedOnes(t *testing.T) {
	for n, want := range map[int]string{
		80:  "4f2701b1d287d74a0dc9871026e9519d98cb76426615f2539b0d151a0ae4ec2e",
		128: "2a5f9822897750e047c85dea37cc268d3be0ecfd23c28a5f10da129d99d05afe",
	} {
		h := sha256.New()
		if err := binary.Write(h, binary.LittleEndian, melFilters(n)); err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(h.Sum(nil)); got != want {
			t.Errorf("%d bands: sha256 %s", n, got)
		}
	}
}

func TestByteAlphabetIsOneToOne(t *testing.T) {
	seen := map[byte]rune{}
	for r := range rune(1024) {
		if b, ok := byteOf(r); ok {
			if old, twice := seen[b]; twice {
				t.Fatalf("%U and %U both stand for %02x", old, r, b)
			}
			seen[b] = r
		}
	}
	if len(seen) != 256 {
		t.Fatalf("%d bytes of 256", len(seen))
	}
	if got, err := rawToken("ĠdonâĢĻt", nil); err != nil || string(got) != " don’t" {
		t.Fatalf("%q, %v", got, err)
	}
	if _, err := rawToken("a b", nil); err == nil {
		t.Fatal("a plain space is not in the alphabet")
	}
}

// tensorsOf reads every tensor of a half-precision ggml model as numbers.
func tensorsOf(t *testing.T, b []byte) map[string][]float32 {
	t.Helper()
	c := newCursor(bytes.NewReader(b), int64(len(b)))
	c.u32()
	if _, err := readWhisperHeader(c, c.i32()); err != nil {
		t.Fatal(err)
	}
	out := map[string][]float32{}
	for c.err == nil && c.off < c.size {
		x := c.tensor()
		dt := dtF16
		if x.typ == typeF32 {
			dt = dtF32
		}
		err := numbers{r: bytes.NewReader(b), off: x.off, n: x.elements(), dtype: dt}.each(func(v []float32) error {
			out[x.name] = append(out[x.name], v...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		c.skip(x.nbytes())
	}
	return out
}

func TestConvertEverySize(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*ct2Spec)
	}{
		{"half precision", func(*ct2Spec) {}},
		{"single precision", func(s *ct2Spec) { s.dtype = dtF32 }},
		{"bfloat16", func(s *ct2Spec) { s.dtype = dtBF16 }},
		{"int8", func(s *ct2Spec) { s.dtype = dtI8 }},
		{"128 bands and 51866 tokens", func(s *ct2Spec) { s.mels, s.vocab = 128, 51866 }},
		{"English", func(s *ct2Spec) { s.vocab = 51864 }},
		{"deep and narrow", func(s *ct2Spec) { s.audioLayers, s.textLayers, s.state, s.heads = 12, 7, 64, 4 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := smallSpec()
			c.change(&s)
			b := toGGML(t, s)
			info, err := Inspect(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				t.Fatal(err)
			}
			want := Info{Kind: KindWhisper, Type: "f16", Vocab: s.vocab, AudioCtx: 1500, State: s.state, AudioHeads: s.heads, AudioLayers: s.audioLayers,
				TextCtx: 448, TextHeads: s.heads, TextLayers: s.textLayers, Mels: s.mels, Tensors: 11 + 15*s.audioLayers + 24*s.textLayers, Size: int64(len(b))}
			if info != want {
				t.Fatalf("header %+v, want %+v", info, want)
			}
			got := tensorsOf(t, b)
			d := s.state
			for _, p := range []struct {
				dst, src string
				from, n  int
			}{
				{"decoder.blocks.0.attn.key.weight", "decoder/layer_0/self_attention/linear_0/weight", d * d, d * d},
				{"encoder.blocks.1.attn.value.weight", "encoder/layer_1/self_attention/linear_0/weight", 2 * d * d, d * d},
				{"encoder.blocks.1.attn.value.bias", "encoder/layer_1/self_attention/linear_0/bias", 2 * d, d},
				{"decoder.blocks.0.cross_attn.value.weight", "decoder/layer_0/attention/linear_1/weight", d * d, d * d},
				{"decoder.blocks.0.cross_attn.out.weight", "decoder/layer_0/attention/linear_2/weight", 0, d * d},
				{"decoder.token_embedding.weight", "decoder/embeddings/weight", 0, s.vocab * d},
				{"encoder.conv1.weight", "encoder/conv1/weight", 0, d * s.mels * 3},
			} {
				if len(got[p.dst]) != p.n {
					t.Fatalf("%s has %d numbers, want %d", p.dst, len(got[p.dst]), p.n)
				}
				for i, v := range got[p.dst] {
					if want := value(p.src, p.from+i); v != want {
						t.Fatalf("%s[%d] is %g, want %g", p.dst, i, v, want)
					}
				}
			}
		})
	}
}

func TestConvertRefuses(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"another kind of model", "WhisperSpec", "MarianXSpec", "not Whisper"},
		{"a missing variable", "encoder/layer_0/ffn/linear_1/bias", "encoder/layer_0/ffn/linear_1/bbbb", "missing"},
		{"an output layer of its own", "decoder/projection/weight\x00\x1a\x00decoder/embeddings/weight", "decoder/projection/weight\x00\x1a\x00encoder/conv1/bias\x00\x00\x00\x00\x00\x00\x00", "not there"},
	} {
		b := smallSpec().build()
		if !bytes.Contains(b, []byte(c.old)) || len(c.old) != len(c.new) {
			t.Fatalf("%s: the fixture lacks %q", c.name, c.old)
		}
		b = bytes.Replace(b, []byte(c.old), []byte(c.new), 1)
		m, err := readCT2(bytes.NewReader(b), int64(len(b)))
		if err == nil {
			err = convertCT2(&bytes.Buffer{}, m, words(51865))
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	s := smallSpec()
	b := s.build()
	m, err := readCT2(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range [][]string{words(100), words(51866), append([]string{"with space"}, words(51864)...)} {
		if err := convertCT2(&bytes.Buffer{}, m, v); err == nil {
			t.Errorf("a vocabulary of %d beginning %q was taken", len(v), v[0])
		}
	}
	for cut := 0; cut < len(b); cut += len(b)/61 + 1 {
		if _, err := readCT2(bytes.NewReader(b[:cut]), int64(cut)); err == nil {
			t.Errorf("a file cut at %d of %d was taken", cut, len(b))
		}
	}
	if _, err := readCT2(bytes.NewReader(append(b, 0)), int64(len(b)+1)); err == nil {
		t.Error("a byte too many was taken")
	}
}

// The published sizes of all models follow from the tables that Inspect checks against.
func TestTablesGivePublishedSizes(t *testing.T) {
	sizeOf := func(h whisperHeader) int64 {
		n := int64(48 + 8 + h.Mels*melBins*4 + 4)
		wtype, _ := ggmlFtypes(h.ftype)
		for name, s := range whisperShapes(h) {
			x := ggmlTensor{name: name, dims: s.dims}
			for _, x.typ = range []int32{typeF32, typeF16, wtype} {
				if checkWhisperType(x, wtype) == nil {
					break
				}
			}
			n += int64(12+4*len(x.dims)+len(name)) + x.nbytes()
		}
		return n
	}
	head := func(state, audio, text, vocab, mels int, ftype int32) whisperHeader {
		return whisperHeader{Info: Info{Vocab: vocab, AudioCtx: 1500, State: state, AudioLayers: audio, TextLayers: text, TextCtx: 448, Mels: mels}, ftype: ftype}
	}
	known := map[string]int64{}
	all, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		known[m.Name] = m.Size
	}
	words := known["base"] - sizeOf(head(512, 6, 6, 51865, 80, 1))
	wordsEn := known["base.en"] - sizeOf(head(512, 6, 6, 51864, 80, 1))
	for name, h := range map[string]whisperHeader{
		"tiny": head(384, 4, 4, 51865, 80, 1), "tiny.en": head(384, 4, 4, 51864, 80, 1), "tiny.en-q8_0": head(384, 4, 4, 51864, 80, 7),
		"base-q8_0": head(512, 6, 6, 51865, 80, 7), "base.en-q8_0": head(512, 6, 6, 51864, 80, 7),
		"small": head(768, 12, 12, 51865, 80, 1), "small.en": head(768, 12, 12, 51864, 80, 1),
		"small-q8_0": head(768, 12, 12, 51865, 80, 7), "small.en-q8_0": head(768, 12, 12, 51864, 80, 7),
		"medium": head(1024, 24, 24, 51865, 80, 1), "medium.en": head(1024, 24, 24, 51864, 80, 1),
		"medium-q8_0": head(1024, 24, 24, 51865, 80, 7), "medium.en-q8_0": head(1024, 24, 24, 51864, 80, 7),
		"large-v3": head(1280, 32, 32, 51866, 128, 1), "large-v3-q5_0": head(1280, 32, 32, 51866, 128, 8),
		"large-v3-turbo": head(1280, 32, 4, 51866, 128, 1), "large-v3-turbo-q8_0": head(1280, 32, 4, 51866, 128, 7), "large-v3-turbo-q5_0": head(1280, 32, 4, 51866, 128, 8),
	} {
		w := words
		if strings.Contains(name, ".en") {
			w = wordsEn
		}
		if got := sizeOf(h) + w; got != known[name] {
			t.Errorf("%s: the tables give %d bytes, published are %d", name, got, known[name])
		}
	}
}

func TestInspectRefuses(t *testing.T) {
	b := toGGML(t, smallSpec())
	put := func(at int, v uint32) []byte {
		c := bytes.Clone(b)
		binary.LittleEndian.PutUint32(c[at:], v)
		return c
	}
	swap := func(old, new string) []byte { return bytes.Replace(b, []byte(old), []byte(new), 1) }
	for name, bad := range map[string][]byte{
		"empty":                    {},
		"bad magic":                put(0, 0x46554747),
		"impossible vocabulary":    put(4, 1<<30),
		"impossible layers":        put(20, 1<<20),
		"heads that do not fit":    put(16, 3),
		"states that differ":       put(28, 64),
		"unknown number format":    put(44, 99),
		"other mel filters":        put(48, 128),
		"endless word":             put(48+8+80*201*4+4, 1<<31),
		"one byte less":            b[:len(b)-1],
		"one byte more":            append(bytes.Clone(b), 0),
		"a tensor less":            b[:bytes.Index(b, []byte("decoder.ln.bias"))-16],
		"a tensor of another name": swap("decoder.ln.bias", "decoder.ln.bios"),
		"a tensor twice":           swap("encoder.conv2.bias", "encoder.conv1.bias"),
	} {
		if _, err := Inspect(bytes.NewReader(bad), int64(len(bad))); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestQuantise(t *testing.T) {
	b := toGGML(t, smallSpec())
	var out bytes.Buffer
	if err := quantiseQ8(&out, bytes.NewReader(b), int64(len(b)), referenceQ8); err != nil {
		t.Fatal(err)
	}
	info, err := Inspect(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil || info.Type != "q8_0" {
		t.Fatalf("%+v, %v", info, err)
	}
	if v := binary.LittleEndian.Uint32(out.Bytes()[44:]); v != 2007 {
		t.Errorf("number format %d, whisper-quantize writes 2007", v)
	}
	if err := quantiseQ8(&bytes.Buffer{}, bytes.NewReader(out.Bytes()), int64(out.Len()), referenceQ8); err == nil {
		t.Error("a quantised model was quantised again")
	}
	short := func(v []float32) ([]byte, error) { return make([]byte, 3), nil }
	if err := quantiseQ8(&bytes.Buffer{}, bytes.NewReader(b), int64(len(b)), short); err == nil {
		t.Error("a quantiser that gives too little was believed")
	}
}

func TestConvertVAD(t *testing.T) {
	b := sileroFile()
	var out bytes.Buffer
	if err := ConvertVAD(&out, bytes.NewReader(b), int64(len(b))); err != nil {
		t.Fatal(err)
	}
	if out.Len() != 885102 {
		t.Errorf("%d bytes", out.Len())
	}
	info, err := Inspect(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil || info.Kind != KindVAD || info.Version != "6.2.3" || info.Tensors != 15 {
		t.Fatalf("%+v, %v", info, err)
	}
	for _, c := range [][2]string{{"conv3.bias", "conv9.bias"}, {"[64,64,3]", "[64,32,6]"}, {`"F32"`, `"I32"`}, {"[0,198144]", "[4,198144]"}} {
		if !bytes.Contains(b, []byte(c[0])) {
			t.Fatalf("the fixture lacks %s", c[0])
		}
		bad := bytes.Replace(b, []byte(c[0]), []byte(c[1]), 1)
		if err := ConvertVAD(&bytes.Buffer{}, bytes.NewReader(bad), int64(len(bad))); err == nil {
			t.Errorf("%s for %s was taken", c[1], c[0])
		}
	}
	if err := ConvertVAD(&bytes.Buffer{}, bytes.NewReader(b), int64(len(b)-8)); err == nil {
		t.Error("a file cut short was taken")
	}
}

func TestNotFiniteIsRefused(t *testing.T) {
	for _, bits := range []uint32{0x7f800000, 0x7fc00000, math.Float32bits(70000)} {
		raw := binary.LittleEndian.AppendUint32(nil, bits)
		o := &ggmlWriter{w: &bytes.Buffer{}}
		o.tensor("x", typeF16, []int64{1}, numbers{r: bytes.NewReader(raw), n: 1, dtype: dtF32})
		if o.err == nil {
			t.Errorf("%08x was taken", bits)
		}
	}
}

func FuzzInspect(f *testing.F) {
	s := smallSpec()
	s.audioLayers = 1
	b := toGGML(f, s)
	f.Add(b[:4096])
	f.Add([]byte("lmgg\x0a\x00\x00\x00silero-16k\x06\x00\x00\x00"))
	f.Add(tinyGGML())
	f.Fuzz(func(t *testing.T, b []byte) {
		if info, err := Inspect(bytes.NewReader(b), int64(len(b))); err == nil && info.Size != int64(len(b)) {
			t.Fatal("accepted with another size")
		}
	})
}

// tinyGGML is the smallest file that Inspect goes through to the tensors: state 1, one layer, no words.
func tinyGGML() []byte {
	o := &bytes.Buffer{}
	w := &ggmlWriter{w: o}
	w.i32(ggmlMagic, 64, 1, 1, 1, 1, 1, 1, 1, 1, 1, ftypeF16, 1, melBins)
	w.raw(make([]byte, 4*melBins))
	w.i32(0)
	w.header("encoder.conv1.bias", typeF32, []int64{1, 1})
	w.raw(make([]byte, 4))
	return o.Bytes()
}

func FuzzCT2(f *testing.F) {
	small := &ct2File{dtype: dtF16}
	small.u32(6)
	small.str("WhisperSpec")
	small.u32(3)
	small.u32(2)
	small.add("encoder/conv1/weight", 0, 0, 2, 80, 3)
	small.header("encoder/num_heads", dtI16, 2)
	small.u16(1)
	small.u32(1)
	small.str("a")
	small.str("encoder/conv1/weight")
	f.Add(small.buf.Bytes())
	f.Add([]byte("\x06\x00\x00\x00\x0c\x00WhisperSpec\x00"))
	vocab := words(textTokens)
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := readCT2(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		for _, v := range m.vars {
			if v.off+v.elements()*v.dtype.width() > int64(len(b)) {
				t.Fatalf("%s lies outside the file", v.name)
			}
		}
		var out bytes.Buffer
		if convertCT2(&out, m, vocab) == nil {
			if _, err := Inspect(bytes.NewReader(out.Bytes()), int64(out.Len())); err != nil {
				t.Fatalf("converted, but not sound: %v", err)
			}
		}
	})
}

func FuzzSafetensors(f *testing.F) {
	head := `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"__metadata__":{"x":"y"}}`
	f.Add(append(binary.LittleEndian.AppendUint64(nil, uint64(len(head))), head+"1234"...))
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x00{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := readSafetensors(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		for name, x := range table {
			if x.off < 8 || x.size < 1 || x.off+x.size > int64(len(b)) {
				t.Fatalf("%s lies outside the file: %+v", name, x)
			}
		}
	})
}

func FuzzPointer(f *testing.F) {
	f.Add([]byte(fmt.Sprintf("version https://git-lfs.github.com/spec/v1\noid sha256:%064x\nsize 12\n", 7)))
	f.Add([]byte("<html>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		sum, size, err := parsePointer(b)
		if err == nil && (len(sum) != 64 || size <= 0) {
			t.Fatalf("accepted %q %d", sum, size)
		}
	})
}

func FuzzVocabulary(f *testing.F) {
	f.Add("Ġa")
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if b, err := rawToken(s, nil); err == nil && len(b) != len([]rune(s)) {
			t.Fatalf("%q became %d bytes", s, len(b))
		}
	})
}
