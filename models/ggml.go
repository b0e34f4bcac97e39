package models

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

const ggmlMagic = 0x67676d6c

// Kind says what a model file is for.
type Kind string

// The kinds.
const (
	KindWhisper Kind = "whisper" // speech to text
	KindVAD     Kind = "vad"     // voice activity
)

// Info is what the header of a model file says.
type Info struct {
	Kind        Kind   `json:"kind"`
	Type        string `json:"type"` // number format of the large tensors: f32, f16, q8_0, ...
	Vocab       int    `json:"vocab,omitempty"`
	AudioCtx    int    `json:"audio_ctx,omitempty"`
	State       int    `json:"state,omitempty"`
	AudioHeads  int    `json:"audio_heads,omitempty"`
	AudioLayers int    `json:"audio_layers,omitempty"`
	TextCtx     int    `json:"text_ctx,omitempty"`
	TextHeads   int    `json:"text_heads,omitempty"`
	TextLayers  int    `json:"text_layers,omitempty"`
	Mels        int    `json:"mels,omitempty"`
	Version     string `json:"version,omitempty"` // of the voice activity model
	Tensors     int    `json:"tensors"`
	Size        int64  `json:"size"` // bytes
}

// Multilingual says whether the vocabulary is that of the models for many languages.
func (i Info) Multilingual() bool { return i.Vocab >= 51865 }

type ggmlType struct {
	name         string
	block, bytes int64 // elements in a block, bytes of a block
}

const (
	typeF32  = 0
	typeF16  = 1
	typeQ8_0 = 8

	ftypeF16  = 1
	ftypeQ8_0 = 7

	quantVersion       = 2
	quantVersionFactor = 1000
)

// ggmlTypes are the number formats that whisper.cpp reads, by their number in a tensor's header.
func ggmlTypes(id int32) (ggmlType, bool) {
	switch id {
	case typeF32:
		return ggmlType{"f32", 1, 4}, true
	case typeF16:
		return ggmlType{"f16", 1, 2}, true
	case 2:
		return ggmlType{"q4_0", 32, 18}, true
	case 3:
		return ggmlType{"q4_1", 32, 20}, true
	case 6:
		return ggmlType{"q5_0", 32, 22}, true
	case 7:
		return ggmlType{"q5_1", 32, 24}, true
	case typeQ8_0:
		return ggmlType{"q8_0", 32, 34}, true
	case 10:
		return ggmlType{"q2_k", 256, 84}, true
	case 11:
		return ggmlType{"q3_k", 256, 110}, true
	case 12:
		return ggmlType{"q4_k", 256, 144}, true
	case 13:
		return ggmlType{"q5_k", 256, 176}, true
	case 14:
		return ggmlType{"q6_k", 256, 210}, true
	}
	return ggmlType{}, false
}

// ggmlFtypes maps a file's number format to the tensor format that its large tensors must have.
func ggmlFtypes(f int32) (int32, bool) {
	switch f {
	case 0:
		return typeF32, true
	case ftypeF16:
		return typeF16, true
	case 2, 3:
		return f, true
	case ftypeQ8_0:
		return typeQ8_0, true
	case 8:
		return 6, true
	case 9:
		return 7, true
	case 10, 11, 12, 13, 14:
		return f, true
	}
	return 0, false
}

var errTruncated = errors.New("the file ends too early")

// cursor reads little-endian numbers and keeps count of the bytes. The first fault sticks.
type cursor struct {
	r    *bufio.Reader
	off  int64
	size int64 // of the whole file
	err  error
}

func newCursor(r io.Reader, size int64) *cursor {
	return &cursor{r: bufio.NewReaderSize(r, 1<<16), size: size}
}

func (c *cursor) fail(format string, a ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("at byte %d: "+format, append([]any{c.off}, a...)...)
	}
}

func (c *cursor) bytes(n int64) []byte {
	if c.err != nil {
		return nil
	}
	if n < 0 || n > c.size-c.off {
		c.fail("%w", errTruncated)
		return nil
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(c.r, b); err != nil {
		c.fail("%w", errTruncated)
		return nil
	}
	c.off += n
	return b
}

func (c *cursor) skip(n int64) {
	if c.err != nil {
		return
	}
	if n < 0 || n > c.size-c.off {
		c.fail("%w", errTruncated)
		return
	}
	for left := n; left > 0; {
		d, err := c.r.Discard(int(min(left, 1<<30)))
		left -= int64(d)
		if err != nil {
			c.fail("%w", errTruncated)
			return
		}
	}
	c.off += n
}

func (c *cursor) u8() uint8 {
	if b := c.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) u16() uint16 {
	if b := c.bytes(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (c *cursor) u32() uint32 {
	if b := c.bytes(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (c *cursor) i32() int32 { return int32(c.u32()) } //nolint:gosec // the file's numbers are two's complement

// count reads a number that must lie between lo and hi.
func (c *cursor) count(what string, lo, hi int32) int {
	v := c.i32()
	if c.err == nil && (v < lo || v > hi) {
		c.fail("%s is %d, outside %d to %d", what, v, lo, hi)
	}
	return int(v)
}

// ggmlTensor is the header of one tensor; its data follow at off.
type ggmlTensor struct {
	name string
	typ  int32
	dims []int64 // fastest first
	off  int64
}

func (t ggmlTensor) elements() int64 {
	n := int64(1)
	for _, d := range t.dims {
		n *= d
	}
	return n
}

func (t ggmlTensor) nbytes() int64 {
	g, _ := ggmlTypes(t.typ)
	return t.elements() / g.block * g.bytes
}

const maxElements = 1 << 31

func (c *cursor) tensor() ggmlTensor {
	nd := c.count("number of dimensions", 0, 4)
	nl := c.count("length of a tensor's name", 1, 128)
	typ := c.i32()
	if c.err != nil {
		return ggmlTensor{}
	}
	g, ok := ggmlTypes(typ)
	if !ok {
		c.fail("number format %d is unknown", typ)
		return ggmlTensor{}
	}
	t := ggmlTensor{typ: typ, dims: make([]int64, nd)}
	n := int64(1)
	for i := range t.dims {
		t.dims[i] = int64(c.count("a dimension", 1, 1<<24))
		if c.err != nil {
			return t
		}
		if n *= t.dims[i]; n > maxElements {
			c.fail("a tensor of %d elements is too large", n)
			return t
		}
	}
	t.name = string(c.bytes(int64(nl)))
	t.off = c.off
	if row := n; c.err == nil {
		if nd > 0 {
			row = t.dims[0]
		}
		if row%g.block != 0 {
			c.fail("tensor %q: rows of %d do not fill blocks of %s", t.name, row, g.name)
		}
	}
	return t
}

// Inspect walks a ggml model of size bytes, of speech or of voice activity, from its first byte to its last. It accepts a file only if
// every number in the header is possible, every tensor that whisper.cpp expects for it is there once with its exact shape, and nothing
// follows the last. Memory stays small whatever the file says.
func Inspect(r io.Reader, size int64) (Info, error) {
	c := newCursor(r, size)
	if magic := c.u32(); c.err == nil && magic != ggmlMagic {
		return Info{}, fmt.Errorf("this is not a ggml model (magic %08x)", magic)
	}
	first := c.i32()
	if c.err != nil {
		return Info{}, c.err
	}
	// A speech model begins with the size of its vocabulary, a voice activity model with the length of its type's name.
	if first > 0 && first < 64 {
		return inspectVAD(c, int64(first))
	}
	h, err := readWhisperHeader(c, first)
	if err != nil {
		return Info{}, err
	}
	want := whisperShapes(h)
	wtype, _ := ggmlFtypes(h.ftype)
	if err := walkTensors(c, want, func(t ggmlTensor) error { return checkWhisperType(t, wtype) }); err != nil {
		return Info{}, err
	}
	info := h.Info
	info.Tensors, info.Size = len(want), size
	return info, nil
}

type whisperHeader struct {
	Info
	ftype int32
}

func readWhisperHeader(c *cursor, vocab int32) (whisperHeader, error) {
	h := whisperHeader{Info: Info{Kind: KindWhisper, Vocab: int(vocab)}}
	if vocab < 1 || vocab > maxVocab {
		return h, fmt.Errorf("vocabulary of %d is impossible", vocab)
	}
	h.AudioCtx = c.count("audio context", 1, 1<<14)
	h.State = c.count("audio state", 1, 1<<13)
	h.AudioHeads = c.count("audio heads", 1, 256)
	h.AudioLayers = c.count("audio layers", 1, 128)
	h.TextCtx = c.count("text context", 1, 1<<14)
	textState := c.count("text state", 1, 1<<13)
	h.TextHeads = c.count("text heads", 1, 256)
	h.TextLayers = c.count("text layers", 1, 128)
	h.Mels = c.count("mel bands", 1, 256)
	full := c.count("number format", 0, 100*quantVersionFactor)
	if c.err != nil {
		return h, c.err
	}
	h.ftype = int32(full % quantVersionFactor) //nolint:gosec // below 1000
	wtype, ok := ggmlFtypes(h.ftype)
	switch {
	case !ok:
		return h, fmt.Errorf("number format %d is unknown", h.ftype)
	case textState != h.State:
		return h, fmt.Errorf("text state %d differs from audio state %d", textState, h.State)
	case h.State%h.AudioHeads != 0 || h.State%h.TextHeads != 0:
		return h, fmt.Errorf("state %d does not divide among %d and %d heads", h.State, h.AudioHeads, h.TextHeads)
	}
	g, _ := ggmlTypes(wtype)
	h.Type = g.name

	mels := c.count("mel filters", 1, 256)
	bins := c.count("mel filter width", 1, 4096)
	if c.err == nil && (mels != h.Mels || bins != melBins) {
		c.fail("mel filters are %d x %d instead of %d x %d", mels, bins, h.Mels, melBins)
	}
	c.skip(int64(mels) * int64(bins) * 4)
	n := c.count("vocabulary", 0, maxVocab)
	if c.err == nil && n > h.Vocab {
		c.fail("%d words for a vocabulary of %d", n, h.Vocab)
	}
	for range n {
		c.skip(int64(c.count("length of a word", 0, 128)))
		if c.err != nil {
			break
		}
	}
	return h, c.err
}

// shape is what a tensor must look like; matrix says that it takes the file's number format.
type shape struct {
	dims   []int64
	matrix bool
}

// whisperShapes are the tensors that whisper.cpp allocates for a header, by name.
func whisperShapes(h whisperHeader) map[string]shape {
	s := int64(h.State)
	m := map[string]shape{
		"encoder.positional_embedding":   {dims: []int64{s, int64(h.AudioCtx)}},
		"encoder.conv1.weight":           {dims: []int64{3, int64(h.Mels), s}},
		"encoder.conv1.bias":             {dims: []int64{1, s}},
		"encoder.conv2.weight":           {dims: []int64{3, s, s}},
		"encoder.conv2.bias":             {dims: []int64{1, s}},
		"encoder.ln_post.weight":         {dims: []int64{s}},
		"encoder.ln_post.bias":           {dims: []int64{s}},
		"decoder.positional_embedding":   {dims: []int64{s, int64(h.TextCtx)}},
		"decoder.token_embedding.weight": {dims: []int64{s, int64(h.Vocab)}, matrix: true},
		"decoder.ln.weight":              {dims: []int64{s}},
		"decoder.ln.bias":                {dims: []int64{s}},
	}
	block := func(prefix string, attns ...string) {
		m[prefix+"mlp_ln.weight"], m[prefix+"mlp_ln.bias"] = shape{dims: []int64{s}}, shape{dims: []int64{s}}
		m[prefix+"mlp.0.weight"], m[prefix+"mlp.0.bias"] = shape{dims: []int64{s, 4 * s}, matrix: true}, shape{dims: []int64{4 * s}}
		m[prefix+"mlp.2.weight"], m[prefix+"mlp.2.bias"] = shape{dims: []int64{4 * s, s}, matrix: true}, shape{dims: []int64{s}}
		for _, a := range attns {
			p := prefix + a
			m[p+"_ln.weight"], m[p+"_ln.bias"] = shape{dims: []int64{s}}, shape{dims: []int64{s}}
			for _, part := range []string{".query", ".key", ".value", ".out"} {
				m[p+part+".weight"] = shape{dims: []int64{s, s}, matrix: true}
				if part != ".key" {
					m[p+part+".bias"] = shape{dims: []int64{s}}
				}
			}
		}
	}
	for i := range h.AudioLayers {
		block(fmt.Sprintf("encoder.blocks.%d.", i), "attn")
	}
	for i := range h.TextLayers {
		block(fmt.Sprintf("decoder.blocks.%d.", i), "attn", "cross_attn")
	}
	return m
}

func checkWhisperType(t ggmlTensor, wtype int32) error {
	want := int32(typeF32)
	switch {
	case t.name == "encoder.conv1.weight" || t.name == "encoder.conv2.weight":
		if wtype != typeF32 {
			want = typeF16
		}
	case len(t.dims) == 2 && !keepsF32(t.name):
		want = wtype
	}
	if t.typ != want {
		a, _ := ggmlTypes(t.typ)
		b, _ := ggmlTypes(want)
		return fmt.Errorf("tensor %q is %s instead of %s", t.name, a.name, b.name)
	}
	return nil
}

// keepsF32 names the two-dimensional tensors that stay in single precision in every Whisper file; they are the ones that
// whisper.cpp's quantiser skips.
func keepsF32(name string) bool {
	switch name {
	case "encoder.conv1.bias", "encoder.conv2.bias", "encoder.positional_embedding", "decoder.positional_embedding":
		return true
	}
	return false
}

// walkTensors goes through the tensors to the end of the file; each must be wanted, once, and have its shape.
func walkTensors(c *cursor, want map[string]shape, check func(ggmlTensor) error) error {
	left := maps.Clone(want)
	for c.err == nil && c.off < c.size {
		t := c.tensor()
		if c.err != nil {
			break
		}
		w, ok := left[t.name]
		if !ok {
			if _, twice := want[t.name]; twice {
				return fmt.Errorf("tensor %q stands twice", t.name)
			}
			return fmt.Errorf("tensor %q does not belong to this kind of model", t.name)
		}
		scalar := len(t.dims) == 0 && slices.Equal(w.dims, []int64{1})
		if !scalar && !slices.Equal(t.dims, w.dims) {
			return fmt.Errorf("tensor %q has shape %v instead of %v", t.name, t.dims, w.dims)
		}
		if err := check(t); err != nil {
			return err
		}
		delete(left, t.name)
		c.skip(t.nbytes())
	}
	if c.err != nil {
		return c.err
	}
	if len(left) > 0 {
		return fmt.Errorf("%d of %d tensors are missing, among them %q: the file is incomplete", len(left), len(want), slices.Min(slices.Collect(maps.Keys(left))))
	}
	return nil
}
