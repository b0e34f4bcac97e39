package models

import (
	"bufio"
	"fmt"
	"io"
)

// Quantiser turns a whole number of blocks of 32 values into ggml's q8_0 blocks of 34 bytes. The recogniser's own is injected, so that
// the result is the same as that of whisper.cpp's quantising tool.
type Quantiser func(src []float32) ([]byte, error)

// quantiseQ8 writes the q8_0 version of the f16 or f32 Whisper file at src, size bytes, holding a few rows at a time. It treats every
// tensor as whisper-quantize does: matrices become q8_0 except the positional embeddings and the biases of the convolutions.
func quantiseQ8(w io.Writer, src io.ReaderAt, size int64, q Quantiser) error {
	c := newCursor(io.NewSectionReader(src, 0, size), size)
	if magic := c.u32(); c.err == nil && magic != ggmlMagic {
		return fmt.Errorf("this is not a ggml model")
	}
	h, err := readWhisperHeader(c, c.i32())
	if err != nil {
		return err
	}
	if h.ftype > ftypeF16 {
		return fmt.Errorf("the model is %s already; only f16 and f32 can be quantised", h.Type)
	}

	bw := bufio.NewWriterSize(w, 1<<20)
	o := &ggmlWriter{w: bw}
	const ftypeAt = 4 * 11 // magic and ten sizes come before it
	copyRange := func(from, to int64) {
		if o.err == nil {
			_, o.err = io.Copy(bw, io.NewSectionReader(src, from, to-from))
		}
	}
	copyRange(0, ftypeAt)
	o.i32(quantVersion*quantVersionFactor + ftypeQ8_0)
	copyRange(ftypeAt+4, c.off)

	for c.err == nil && o.err == nil && c.off < size {
		start := c.off
		t := c.tensor()
		c.skip(t.nbytesOr0(c.err))
		if c.err != nil {
			break
		}
		if len(t.dims) != 2 || keepsF32(t.name) {
			copyRange(start, c.off)
			continue
		}
		if t.dims[0]%32 != 0 {
			return fmt.Errorf("tensor %q has rows of %d, which do not fill blocks of 32", t.name, t.dims[0])
		}
		o.header(t.name, typeQ8_0, t.dims)
		dt := dtF16
		if t.typ == typeF32 {
			dt = dtF32
		}
		// chunk is a multiple of 32 and rows are too, so that a block never straddles two runs.
		err := numbers{r: src, off: t.off, n: t.elements(), dtype: dt}.each(func(v []float32) error {
			b, err := q(v)
			if err != nil {
				return err
			}
			if len(b) != len(v)/32*34 {
				return fmt.Errorf("the quantiser gave %d bytes for %d values", len(b), len(v))
			}
			o.raw(b)
			return o.err
		})
		if err != nil {
			return fmt.Errorf("tensor %q: %w", t.name, err)
		}
	}
	if c.err != nil {
		return c.err
	}
	if o.err != nil {
		return o.err
	}
	return bw.Flush()
}

func (t ggmlTensor) nbytesOr0(err error) int64 {
	if err != nil {
		return 0
	}
	return t.nbytes()
}
