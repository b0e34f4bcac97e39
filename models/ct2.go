package models

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
)

// ct2Var is one variable of a CTranslate2 model; its data lie at off.
type ct2Var struct {
	name  string
	dtype dtype
	shape []int64 // slowest first
	off   int64
}

func (v ct2Var) elements() int64 { return product(v.shape) }

// ct2Model is the table of a CTranslate2 model.bin.
type ct2Model struct {
	spec     string
	revision int
	vars     map[string]ct2Var // aliases resolved
	aliases  map[string]string
	r        io.ReaderAt
}

const maxCT2Vars = 20_000

func (c *cursor) str() string {
	n := c.u16()
	if c.err == nil && (n < 1 || n > 1024) {
		c.fail("a name of %d bytes", n)
	}
	b := c.bytes(int64(n))
	if c.err != nil {
		return ""
	}
	if b[n-1] != 0 {
		c.fail("a name does not end in zero")
		return ""
	}
	return string(b[:n-1])
}

// readCT2 reads the table of a model.bin of size bytes: version, spec, variables and aliases, to exactly the end of the file. The
// layout is that of binary versions 4 to 6, written by CTranslate2 2.0 and later.
func readCT2(r io.ReaderAt, size int64) (*ct2Model, error) {
	c := newCursor(io.NewSectionReader(r, 0, size), size)
	version := c.u32()
	if c.err == nil && (version < 4 || version > 6) {
		return nil, fmt.Errorf("this is not a CTranslate2 model of a known version (%d; 4 to 6 can be read)", version)
	}
	m := &ct2Model{r: r, vars: map[string]ct2Var{}, aliases: map[string]string{}}
	m.spec = c.str()
	m.revision = c.count("revision", 0, 1000)
	n := c.count("number of variables", 1, maxCT2Vars)
	for range n {
		if c.err != nil {
			break
		}
		v := c.ct2Var()
		if c.err != nil {
			break
		}
		if _, twice := m.vars[v.name]; twice {
			return nil, fmt.Errorf("variable %q stands twice", v.name)
		}
		m.vars[v.name] = v
	}
	na := c.count("number of aliases", 0, maxCT2Vars)
	for range na {
		if c.err != nil {
			break
		}
		alias, target := c.str(), c.str()
		v, ok := m.vars[target]
		if c.err == nil && !ok {
			return nil, fmt.Errorf("alias %q stands for %q, which is not there", alias, target)
		}
		if _, twice := m.vars[alias]; c.err == nil && twice {
			return nil, fmt.Errorf("alias %q stands twice", alias)
		}
		m.vars[alias], m.aliases[alias] = v, target
	}
	if c.err == nil && c.off != size {
		c.fail("%d bytes follow the last variable", size-c.off)
	}
	if c.err != nil {
		return nil, c.err
	}
	return m, nil
}

func (c *cursor) ct2Var() ct2Var {
	v := ct2Var{name: c.str()}
	rank := c.u8()
	if c.err == nil && rank > 4 {
		c.fail("variable %q has %d dimensions", v.name, rank)
	}
	n := int64(1)
	for range rank {
		d := int64(c.u32())
		if c.err == nil && (d < 1 || d > 1<<24 || n*d > maxElements) {
			c.fail("variable %q has an impossible size", v.name)
		}
		if c.err != nil {
			return v
		}
		n *= d
		v.shape = append(v.shape, d)
	}
	v.dtype = dtype(c.u8())
	nb := int64(c.u32())
	if c.err != nil {
		return v
	}
	w := v.dtype.width()
	if w == 0 {
		c.fail("variable %q has number format %d, which is unknown", v.name, v.dtype)
		return v
	}
	if nb != n*w {
		c.fail("variable %q has %d bytes instead of %d", v.name, nb, n*w)
		return v
	}
	v.off = c.off
	c.skip(nb)
	return v
}

// scalar reads a variable that holds one whole number.
func (m *ct2Model) scalar(name string) (int, bool, error) {
	v, ok := m.vars[name]
	if !ok {
		return 0, false, nil
	}
	if v.elements() != 1 {
		return 0, false, fmt.Errorf("%s is not one number", name)
	}
	b := make([]byte, 4)
	if _, err := m.r.ReadAt(b[:v.dtype.width()], v.off); err != nil {
		return 0, false, err
	}
	switch v.dtype {
	case dtI8:
		return int(int8(b[0])), true, nil
	case dtI16:
		return int(int16(binary.LittleEndian.Uint16(b))), true, nil //nolint:gosec // two's complement
	case dtI32:
		return int(int32(binary.LittleEndian.Uint32(b))), true, nil //nolint:gosec // two's complement
	}
	return 0, false, fmt.Errorf("%s is not a whole number", name)
}

// numbers gives rows [from, from+rows) of a variable, its first dimension counting rows. want is its shape.
func (m *ct2Model) numbers(name string, from, rows int64, want ...int64) (numbers, error) {
	v, ok := m.vars[name]
	if !ok {
		return numbers{}, fmt.Errorf("variable %q is missing", name)
	}
	if !equalDims(v.shape, want) {
		return numbers{}, fmt.Errorf("variable %q has shape %v instead of %v", name, v.shape, want)
	}
	rowLen := v.elements() / v.shape[0]
	s := numbers{r: m.r, off: v.off + from*rowLen*v.dtype.width(), n: rows * rowLen, dtype: v.dtype, rowLen: rowLen}
	switch v.dtype {
	case dtF32, dtF16, dtBF16:
		return s, nil
	case dtI8:
		sc, err := m.numbers(strings.TrimSuffix(name, "weight")+"weight_scale", from, rows, v.shape[0])
		if err != nil {
			return numbers{}, fmt.Errorf("%q is quantised: %w", name, err)
		}
		if sc.dtype == dtI8 {
			return numbers{}, fmt.Errorf("the scales of %q are quantised themselves", name)
		}
		err = sc.each(func(f []float32) error { s.scales = append(s.scales, f...); return nil })
		for _, f := range s.scales {
			if f == 0 {
				return numbers{}, fmt.Errorf("%q has a scale of zero", name)
			}
		}
		return s, err
	}
	return numbers{}, fmt.Errorf("variable %q has number format %d; float32, float16, bfloat16 and int8 can be converted", name, v.dtype)
}

func equalDims(a, b []int64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
