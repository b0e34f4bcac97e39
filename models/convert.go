package models

import (
	"fmt"
	"io"
	"math"
)

// convertCT2 writes the ggml file, half precision, of a CTranslate2 Whisper model with the given vocabulary. It holds a few tens of
// thousands of numbers at a time.
func convertCT2(w io.Writer, m *ct2Model, vocab []string) error {
	h, err := ct2Header(m)
	if err != nil {
		return err
	}
	if len(vocab) > h.Vocab {
		return fmt.Errorf("the vocabulary has %d tokens, but the weights are for %d", len(vocab), h.Vocab)
	}
	if len(vocab) < textTokens {
		return fmt.Errorf("the vocabulary has %d tokens; every Whisper model has more than %d", len(vocab), textTokens)
	}

	o := &ggmlWriter{w: w}
	o.i32(ggmlMagic)
	for _, v := range []int{h.Vocab, h.AudioCtx, h.State, h.AudioHeads, h.AudioLayers, h.TextCtx, h.State, h.TextHeads, h.TextLayers, h.Mels, ftypeF16} {
		o.i32(int32(v)) //nolint:gosec // bounded by ct2Header
	}
	o.i32(int32(h.Mels), melBins) //nolint:gosec // bounded by ct2Header
	for _, f := range melFilters(h.Mels) {
		o.i32(int32(math.Float32bits(f))) //nolint:gosec // the bits as they are
	}
	o.i32(textTokens)
	var tok []byte
	for i, s := range vocab[:textTokens] {
		if tok, err = rawToken(s, tok); err != nil {
			return fmt.Errorf("token %d: %w", i, err)
		}
		if len(tok) > 128 {
			return fmt.Errorf("token %d has %d bytes", i, len(tok))
		}
		o.i32(int32(len(tok))) //nolint:gosec // at most 128
		o.raw(tok)
	}
	p := &ct2Conv{o: o, m: m, s: int64(h.State)}
	p.all(h)
	if p.err != nil {
		return p.err
	}
	return o.err
}

// ct2Header finds the sizes of a model from the shapes of its variables.
func ct2Header(m *ct2Model) (whisperHeader, error) {
	h := whisperHeader{Info: Info{Kind: KindWhisper, Type: "f16"}, ftype: ftypeF16}
	if m.spec != "WhisperSpec" {
		return h, fmt.Errorf("this is a CTranslate2 model of kind %q, not Whisper", m.spec)
	}
	dims := func(name string, rank int) []int64 {
		if v := m.vars[name]; len(v.shape) == rank {
			return v.shape
		}
		return make([]int64, rank)
	}
	emb := dims("decoder/embeddings/weight", 2)
	conv := dims("encoder/conv1/weight", 3)
	h.Vocab, h.State, h.Mels = int(emb[0]), int(emb[1]), int(conv[1])
	h.AudioCtx = int(dims("encoder/position_encodings/encodings", 2)[0])
	h.TextCtx = int(dims("decoder/position_encodings/encodings", 2)[0])
	for {
		if _, ok := m.vars[fmt.Sprintf("encoder/layer_%d/ffn/linear_0/weight", h.AudioLayers)]; !ok {
			break
		}
		h.AudioLayers++
	}
	for {
		if _, ok := m.vars[fmt.Sprintf("decoder/layer_%d/ffn/linear_0/weight", h.TextLayers)]; !ok {
			break
		}
		h.TextLayers++
	}
	var err error
	heads := func(name string) int {
		n, ok, e := m.scalar(name)
		if e != nil {
			err = e
		}
		if !ok {
			n = h.State / 64 // every published Whisper has heads of 64
		}
		return n
	}
	h.AudioHeads, h.TextHeads = heads("encoder/num_heads"), heads("decoder/num_heads")
	switch {
	case err != nil:
		return h, err
	case h.Vocab < 1 || h.Vocab > maxVocab, h.State < 1 || h.State > 1<<13, h.AudioCtx < 1 || h.AudioCtx > 1<<14, h.TextCtx < 1 || h.TextCtx > 1<<14:
		return h, fmt.Errorf("a size is impossible: vocabulary %d, state %d, contexts %d and %d", h.Vocab, h.State, h.AudioCtx, h.TextCtx)
	case h.Mels != 80 && h.Mels != 128:
		return h, fmt.Errorf("%d mel bands; Whisper has 80 or 128", h.Mels)
	case h.AudioLayers < 1 || h.AudioLayers > 128 || h.TextLayers < 1 || h.TextLayers > 128:
		return h, fmt.Errorf("%d encoder and %d decoder layers", h.AudioLayers, h.TextLayers)
	case h.AudioHeads < 1 || h.TextHeads < 1 || h.State%h.AudioHeads != 0 || h.State%h.TextHeads != 0:
		return h, fmt.Errorf("state %d does not divide among %d and %d heads", h.State, h.AudioHeads, h.TextHeads)
	}
	if _, ok := m.vars["decoder/projection/weight"]; ok && m.aliases["decoder/projection/weight"] != "decoder/embeddings/weight" {
		return h, fmt.Errorf("the output layer has weights of its own, for which ggml has no place")
	}
	return h, nil
}

// ct2Conv writes the tensors one after the other. The first fault sticks.
type ct2Conv struct {
	o   *ggmlWriter
	m   *ct2Model
	s   int64 // state
	err error
}

func (p *ct2Conv) all(h whisperHeader) {
	s := p.s
	p.whole("encoder.positional_embedding", typeF32, "encoder/position_encodings/encodings", int64(h.AudioCtx), s)
	p.whole("encoder.conv1.weight", typeF16, "encoder/conv1/weight", s, int64(h.Mels), 3)
	p.column("encoder.conv1.bias", "encoder/conv1/bias")
	p.whole("encoder.conv2.weight", typeF16, "encoder/conv2/weight", s, s, 3)
	p.column("encoder.conv2.bias", "encoder/conv2/bias")
	for i := range h.AudioLayers {
		dst, src := fmt.Sprintf("encoder.blocks.%d.", i), fmt.Sprintf("encoder/layer_%d/", i)
		p.selfAttention(dst, src)
		p.mlp(dst, src)
	}
	p.norm("encoder.ln_post", "encoder/layer_norm")
	p.whole("decoder.positional_embedding", typeF32, "decoder/position_encodings/encodings", int64(h.TextCtx), s)
	p.whole("decoder.token_embedding.weight", typeF16, "decoder/embeddings/weight", int64(h.Vocab), s)
	for i := range h.TextLayers {
		dst, src := fmt.Sprintf("decoder.blocks.%d.", i), fmt.Sprintf("decoder/layer_%d/", i)
		p.selfAttention(dst, src)
		p.crossAttention(dst, src)
		p.mlp(dst, src)
	}
	p.norm("decoder.ln", "decoder/layer_norm")
}

// rows writes rows [from, from+n) of a variable of the given shape as a tensor.
func (p *ct2Conv) rows(dst string, typ int32, src string, from, n int64, want ...int64) {
	if p.err != nil || p.o.err != nil {
		return
	}
	nums, err := p.m.numbers(src, from, n, want...)
	if err != nil {
		p.err = err
		return
	}
	dims := make([]int64, len(want))
	for i := range want {
		dims[len(want)-1-i] = want[i]
	}
	dims[len(dims)-1] = n
	p.o.tensor(dst, typ, dims, nums)
}

func (p *ct2Conv) whole(dst string, typ int32, src string, want ...int64) {
	p.rows(dst, typ, src, 0, want[0], want...)
}

// column writes a vector as a matrix of one column, which is how whisper.cpp wants the biases of the convolutions.
func (p *ct2Conv) column(dst, src string) {
	if p.err != nil || p.o.err != nil {
		return
	}
	nums, err := p.m.numbers(src, 0, p.s, p.s)
	if err != nil {
		p.err = err
		return
	}
	p.o.tensor(dst, typeF32, []int64{1, p.s}, nums)
}

func (p *ct2Conv) norm(dst, src string) {
	p.whole(dst+".weight", typeF32, src+"/gamma", p.s)
	p.whole(dst+".bias", typeF32, src+"/beta", p.s)
}

func (p *ct2Conv) linear(dst, src string, out, in int64) {
	p.whole(dst+".weight", typeF16, src+"/weight", out, in)
	p.whole(dst+".bias", typeF32, src+"/bias", out)
}

// selfAttention takes apart linear_0, which holds query, key and value one above the other. Whisper's key has no bias; CTranslate2
// fills its place with zeros.
func (p *ct2Conv) selfAttention(dst, src string) {
	s := p.s
	dst, src = dst+"attn", src+"self_attention"
	p.norm(dst+"_ln", src+"/layer_norm")
	for i, part := range []string{".query", ".key", ".value"} {
		p.rows(dst+part+".weight", typeF16, src+"/linear_0/weight", int64(i)*s, s, 3*s, s)
		if part != ".key" {
			p.rows(dst+part+".bias", typeF32, src+"/linear_0/bias", int64(i)*s, s, 3*s)
		}
	}
	p.zeroKey(src+"/linear_0/bias", s, 3*s)
	p.linear(dst+".out", src+"/linear_1", s, s)
}

// crossAttention has the query in linear_0 and key above value in linear_1.
func (p *ct2Conv) crossAttention(dst, src string) {
	s := p.s
	dst, src = dst+"cross_attn", src+"attention"
	p.norm(dst+"_ln", src+"/layer_norm")
	p.linear(dst+".query", src+"/linear_0", s, s)
	p.rows(dst+".key.weight", typeF16, src+"/linear_1/weight", 0, s, 2*s, s)
	p.rows(dst+".value.weight", typeF16, src+"/linear_1/weight", s, s, 2*s, s)
	p.rows(dst+".value.bias", typeF32, src+"/linear_1/bias", s, s, 2*s)
	p.zeroKey(src+"/linear_1/bias", 0, 2*s)
	p.linear(dst+".out", src+"/linear_2", s, s)
}

// zeroKey makes sure that the bias which the ggml layout leaves out is nothing but zeros.
func (p *ct2Conv) zeroKey(src string, from, n int64) {
	if p.err != nil || p.o.err != nil {
		return
	}
	nums, err := p.m.numbers(src, from, p.s, n)
	if err == nil {
		err = nums.each(func(v []float32) error {
			for _, f := range v {
				if f != 0 {
					return fmt.Errorf("%q has a bias for the key, for which ggml has no place", src)
				}
			}
			return nil
		})
	}
	p.err = err
}

func (p *ct2Conv) mlp(dst, src string) {
	p.norm(dst+"mlp_ln", src+"ffn/layer_norm")
	p.linear(dst+"mlp.0", src+"ffn/linear_0", 4*p.s, p.s)
	p.linear(dst+"mlp.2", src+"ffn/linear_1", p.s, 4*p.s)
}
