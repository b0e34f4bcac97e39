package models

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

const maxSafetensorsHeader = 1 << 20

// stTensor is one tensor of a safetensors file; off and size are bytes from the start of the file.
type stTensor struct {
	dtype     string
	shape     []int64
	off, size int64
}

// readSafetensors reads the table at the head of a safetensors file of size bytes and checks every entry against the file: known
// number format, size equal to the shape's, inside the file.
func readSafetensors(r io.Reader, size int64) (map[string]stTensor, error) {
	c := newCursor(r, size)
	lo, hi := c.u32(), c.u32()
	if c.err != nil {
		return nil, c.err
	}
	if hi != 0 || lo < 2 || lo > maxSafetensorsHeader {
		return nil, fmt.Errorf("this is not a safetensors file: its table would have %d bytes", uint64(hi)<<32|uint64(lo))
	}
	head := c.bytes(int64(lo))
	if c.err != nil {
		return nil, c.err
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(head, &raw); err != nil {
		return nil, fmt.Errorf("table of tensors: %w", err)
	}
	out := make(map[string]stTensor, len(raw))
	for name, msg := range raw {
		if name == "__metadata__" {
			continue
		}
		var e struct {
			DType   string  `json:"dtype"`
			Shape   []int64 `json:"shape"`
			Offsets []int64 `json:"data_offsets"`
		}
		dec := json.NewDecoder(bytes.NewReader(msg))
		if err := dec.Decode(&e); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		width := map[string]int64{"F32": 4, "F16": 2, "BF16": 2}[e.DType]
		n := width
		for _, d := range e.Shape {
			if d < 1 || d > 1<<24 {
				return nil, fmt.Errorf("tensor %q has dimension %d", name, d)
			}
			if n *= d; n > size {
				return nil, fmt.Errorf("tensor %q is larger than the file", name)
			}
		}
		switch {
		case width == 0:
			return nil, fmt.Errorf("tensor %q has number format %q; F32, F16 and BF16 can be read", name, e.DType)
		case len(e.Shape) > 4, len(e.Offsets) != 2, e.Offsets[0] < 0, e.Offsets[1]-e.Offsets[0] != n, e.Offsets[1] > size-c.off:
			return nil, fmt.Errorf("tensor %q does not fit the file", name)
		}
		out[name] = stTensor{dtype: e.DType, shape: e.Shape, off: c.off + e.Offsets[0], size: n}
	}
	return out, nil
}
