package models

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// dtype is the number format of a source tensor.
type dtype uint8

// The numbers are CTranslate2's.
const (
	dtF32  dtype = 0
	dtI8   dtype = 1
	dtI16  dtype = 2
	dtI32  dtype = 3
	dtF16  dtype = 4
	dtBF16 dtype = 5
)

func (d dtype) width() int64 {
	switch d {
	case dtF32, dtI32:
		return 4
	case dtI16, dtF16, dtBF16:
		return 2
	case dtI8:
		return 1
	}
	return 0
}

// numbers is a run of n numbers at off. With dtype dtI8 there is a scale for each row of rowLen numbers; a number's value is it divided
// by its row's scale.
type numbers struct {
	r      io.ReaderAt
	off    int64
	n      int64
	dtype  dtype
	rowLen int64
	scales []float32
}

const chunk = 1 << 15 // numbers held at a time

// each hands out the values in runs of up to chunk. Values that are not finite are an error.
func (s numbers) each(f func([]float32) error) error {
	w := s.dtype.width()
	raw := make([]byte, min(s.n, chunk)*w)
	vals := make([]float32, min(s.n, chunk))
	for done := int64(0); done < s.n; {
		k := min(s.n-done, chunk)
		b := raw[:k*w]
		if _, err := s.r.ReadAt(b, s.off+done*w); err != nil {
			if errors.Is(err, io.EOF) {
				err = errTruncated
			}
			return err
		}
		v := vals[:k]
		for i := range v {
			switch s.dtype {
			case dtF32:
				v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
			case dtF16:
				v[i] = f32FromF16(binary.LittleEndian.Uint16(b[2*i:]))
			case dtBF16:
				v[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(b[2*i:])) << 16)
			case dtI8:
				v[i] = float32(int8(b[i])) / s.scales[(done+int64(i))/s.rowLen] //nolint:gosec // two's complement
			default:
				return fmt.Errorf("number format %d cannot be converted", s.dtype)
			}
			if v[i]-v[i] != 0 {
				return errors.New("a weight is not a finite number")
			}
		}
		if err := f(v); err != nil {
			return err
		}
		done += k
	}
	return nil
}

// ggmlWriter writes a ggml file front to back. The first fault sticks.
type ggmlWriter struct {
	w   io.Writer
	err error
}

func (o *ggmlWriter) raw(b []byte) {
	if o.err == nil {
		_, o.err = o.w.Write(b)
	}
}

func (o *ggmlWriter) i32(vs ...int32) {
	b := make([]byte, 0, 4*len(vs))
	for _, v := range vs {
		b = binary.LittleEndian.AppendUint32(b, uint32(v)) //nolint:gosec // two's complement
	}
	o.raw(b)
}

func (o *ggmlWriter) header(name string, typ int32, dims []int64) {
	o.i32(int32(len(dims)), int32(len(name)), typ) //nolint:gosec // a few dimensions, a short name
	for _, d := range dims {
		o.i32(int32(d)) //nolint:gosec // checked when read
	}
	o.raw([]byte(name))
}

// tensor writes one tensor as typeF32 or typeF16.
func (o *ggmlWriter) tensor(name string, typ int32, dims []int64, src numbers) {
	o.header(name, typ, dims)
	if o.err != nil {
		return
	}
	buf := make([]byte, 0, 4*min(src.n, chunk))
	err := src.each(func(v []float32) error {
		buf = buf[:0]
		for _, f := range v {
			if typ == typeF32 {
				buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(f))
				continue
			}
			h := f16FromF32(f)
			if h&0x7fff == 0x7c00 {
				return errors.New("a weight is too large for half precision")
			}
			buf = binary.LittleEndian.AppendUint16(buf, h)
		}
		o.raw(buf)
		return o.err
	})
	if err != nil && o.err == nil {
		o.err = fmt.Errorf("tensor %q: %w", name, err)
	}
}
