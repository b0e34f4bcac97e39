//go:build cgo

package whisper

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The library trusts a model file: a negative length, a fifth dimension or an unknown type makes it crash or reserve
// memory without end, and a file without tensors passes as "empty". So the whole structure is checked here first: sizes
// within what Whisper has, every tensor's header, each tensor once, and a file that ends where the last tensor does.
// The library still checks names and shapes against its own list. The memory that a model takes is then bounded by its
// file's size.

const (
	magic       = 0x67676d6c // "ggml"
	maxName     = 128
	maxToken    = 1024
	quantFactor = 1000 // a file type of 2007 is type 7 (q8_0) of quantisation format 2
)

// ggmlType is the size of a block and how many weights it holds.
type ggmlType struct{ bytes, weights int64 }

func typeOf(id int32) (ggmlType, bool) {
	switch id {
	case 0:
		return ggmlType{4, 1}, true // f32
	case 1:
		return ggmlType{2, 1}, true // f16
	case 2:
		return ggmlType{18, 32}, true // q4_0
	case 3:
		return ggmlType{20, 32}, true // q4_1
	case 6:
		return ggmlType{22, 32}, true // q5_0
	case 7:
		return ggmlType{24, 32}, true // q5_1
	case 8:
		return ggmlType{34, 32}, true // q8_0
	case 10:
		return ggmlType{84, 256}, true // q2_K
	case 11:
		return ggmlType{110, 256}, true // q3_K
	case 12:
		return ggmlType{144, 256}, true // q4_K
	case 13:
		return ggmlType{176, 256}, true // q5_K
	case 14:
		return ggmlType{210, 256}, true // q6_K
	}
	return ggmlType{}, false
}

// wideType gives the type of the large tensors for the file's own type.
func wideType(ftype int32) (int32, bool) {
	switch ftype {
	case 0, 1, 2, 3:
		return ftype, true
	case 7:
		return 8, true
	case 8:
		return 6, true
	case 9:
		return 7, true
	case 10, 11, 12, 13, 14:
		return ftype, true
	}
	return 0, false
}

// reader reads little-endian fields and remembers how far it is.
type reader struct {
	src  io.ReadSeeker
	buf  *bufio.Reader
	at   int64
	size int64
}

func newReader(src io.ReadSeeker, size int64) *reader {
	return &reader{src: src, buf: bufio.NewReaderSize(src, 4096), size: size}
}

func (r *reader) int32() (int32, error) {
	var b [4]byte
	if _, err := io.ReadFull(r.buf, b[:]); err != nil {
		return 0, fmt.Errorf("file ends at byte %d", r.size)
	}
	r.at += 4
	return int32(binary.LittleEndian.Uint32(b[:])), nil
}

func (r *reader) ints(n int) ([]int32, error) {
	out := make([]int32, n)
	for i := range out {
		v, err := r.int32()
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

func (r *reader) text(n int32, limit int32) (string, error) {
	if n < 0 || n > limit {
		return "", fmt.Errorf("a name of %d bytes at byte %d", n, r.at)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r.buf, b); err != nil {
		return "", fmt.Errorf("file ends at byte %d", r.size)
	}
	r.at += int64(n)
	return string(b), nil
}

func (r *reader) skip(n int64) error {
	if n < 0 || n > r.size-r.at {
		return fmt.Errorf("file ends at byte %d, %d more are needed", r.size, n-(r.size-r.at))
	}
	r.at += n
	if n <= int64(r.buf.Buffered()) {
		_, err := r.buf.Discard(int(n))
		return err
	}
	if _, err := r.src.Seek(r.at, io.SeekStart); err != nil {
		return err
	}
	r.buf.Reset(r.src)
	return nil
}

func between(name string, v, low, high int32) error {
	if v < low || v > high {
		return fmt.Errorf("%s is %d, not within %d to %d", name, v, low, high)
	}
	return nil
}

// checkModel says what is wrong with a ggml model of Whisper, nil when nothing is.
func checkModel(src io.ReadSeeker, size int64) error {
	r := newReader(src, size)
	h, err := r.ints(12)
	if err != nil {
		return err
	}
	if uint32(h[0]) != magic {
		return errors.New("not a ggml file")
	}
	vocab, audioCtx, state, heads, audioLayers := h[1], h[2], h[3], h[4], h[5]
	textCtx, textState, textHeads, textLayers, mels, ftype := h[6], h[7], h[8], h[9], h[10], h[11]
	for _, err := range []error{
		between("n_vocab", vocab, 51864, 52000),
		between("n_audio_ctx", audioCtx, 1500, 1500),
		between("n_audio_state", state, 64, 2048),
		between("n_audio_head", heads, 1, 64),
		between("n_audio_layer", audioLayers, 1, 64),
		between("n_text_ctx", textCtx, 448, 448),
		between("n_text_state", textState, state, state),
		between("n_text_head", textHeads, 1, 64),
		between("n_text_layer", textLayers, 1, 64),
		between("ftype", ftype, 0, 2*quantFactor+quantFactor-1),
	} {
		if err != nil {
			return err
		}
	}
	wide, known := wideType(ftype % quantFactor)
	switch {
	case mels != 80 && mels != 128:
		return fmt.Errorf("n_mels is %d, not 80 or 128", mels)
	case state%heads != 0 || state%textHeads != 0:
		return fmt.Errorf("%d values do not divide into %d and %d heads", state, heads, textHeads)
	case !known:
		return fmt.Errorf("unknown file type %d", ftype)
	}
	filters, err := r.ints(2)
	if err != nil {
		return err
	}
	if filters[0] != mels || filters[1] != 201 {
		return fmt.Errorf("mel filters of %d by %d", filters[0], filters[1])
	}
	if err := r.skip(int64(mels) * 201 * 4); err != nil {
		return err
	}
	if err := checkVocab(r, vocab); err != nil {
		return err
	}
	// encoder: positions, two convolutions, final norm, 15 a layer; decoder: positions, embedding, final norm, 24 a layer
	return checkTensors(r, 7+15*int(audioLayers)+4+24*int(textLayers), wide)
}

func checkVocab(r *reader, vocab int32) error {
	n, err := r.int32()
	if err != nil {
		return err
	}
	if err := between("the vocabulary", n, 50256, vocab); err != nil {
		return err
	}
	for range n {
		length, err := r.int32()
		if err != nil {
			return err
		}
		if err := between("a token's length", length, 0, maxToken); err != nil {
			return err
		}
		if err := r.skip(int64(length)); err != nil {
			return err
		}
	}
	return nil
}

// checkTensors walks to the end of the file.
func checkTensors(r *reader, want int, wide int32) error {
	seen := make(map[string]bool, want)
	for r.at < r.size {
		head, err := r.ints(3)
		if err != nil {
			return err
		}
		dims, nameLen, kind := head[0], head[1], head[2]
		if err := between("a tensor's dimensions", dims, 1, 3); err != nil {
			return err
		}
		t, known := typeOf(kind)
		if !known || (kind > 1 && kind != wide) {
			return fmt.Errorf("a tensor of type %d at byte %d", kind, r.at)
		}
		shape, err := r.ints(int(dims))
		if err != nil {
			return err
		}
		weights := int64(1)
		for _, d := range shape {
			if err := between("a tensor's length", d, 1, 1<<20); err != nil {
				return err
			}
			weights *= int64(d)
			if weights > 1<<30 {
				return fmt.Errorf("a tensor of shape %v", shape)
			}
		}
		name, err := r.text(nameLen, maxName)
		if err != nil {
			return err
		}
		if seen[name] {
			return fmt.Errorf("tensor %.40q comes twice", name)
		}
		seen[name] = true
		if int64(shape[0])%t.weights != 0 {
			return fmt.Errorf("tensor %.40q has rows of %d", name, shape[0])
		}
		if err := r.skip(weights / t.weights * t.bytes); err != nil {
			return fmt.Errorf("tensor %.40q: %w", name, err)
		}
	}
	if len(seen) != want {
		return fmt.Errorf("%d tensors, not %d", len(seen), want)
	}
	return nil
}

// checkVAD does the same for a Silero model of whisper.cpp, whose sizes are all fixed.
func checkVAD(src io.ReadSeeker, size int64) error {
	r := newReader(src, size)
	h, err := r.ints(2)
	if err != nil {
		return err
	}
	if uint32(h[0]) != magic {
		return errors.New("not a ggml file")
	}
	kind, err := r.text(h[1], maxName)
	if err != nil {
		return err
	}
	if kind != "silero-16k" {
		return fmt.Errorf("a voice detector of kind %.20q, not silero-16k", kind)
	}
	if err := r.skip(3 * 4); err != nil { // version
		return err
	}
	want := []int32{vadFrame, 64, 4, 129, 128, 3, 128, 64, 3, 64, 64, 3, 64, 128, 3, 128, 128, 128, 1}
	got, err := r.ints(len(want))
	if err != nil {
		return err
	}
	for i := range want {
		if got[i] != want[i] {
			return fmt.Errorf("size %d of the network is %d, not %d", i, got[i], want[i])
		}
	}
	return checkTensors(r, 15, 0)
}
