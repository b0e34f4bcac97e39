// Package linear is multinomial logistic regression over sparse features with names, small enough to be read: a model is a table of words
// and weights that is kept as text, trained by a command and never at run time.
package linear

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Bag is the features of one thing to be classed. A feature has the name "kind=part part"; only its hash is kept unless Named is set,
// so that reading costs no memory.
type Bag struct {
	Hashes []uint64
	Names  []string
	Named  bool
}

// Reset empties the bag and keeps its memory.
func (b *Bag) Reset() { b.Hashes, b.Names = b.Hashes[:0], b.Names[:0] }

// Add puts a feature in.
func (b *Bag) Add(kind string, parts ...string) {
	h := hashOf(offset, kind)
	h = (h ^ '=') * prime
	for i, p := range parts {
		if i > 0 {
			h = (h ^ ' ') * prime
		}
		h = hashOf(h, p)
	}
	b.Hashes = append(b.Hashes, h)
	if b.Named {
		b.Names = append(b.Names, kind+"="+strings.Join(parts, " "))
	}
}

// FNV-1a, 64 bits.
const (
	offset = 14695981039346656037
	prime  = 1099511628211
)

func hashOf(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime
	}
	return h
}

// Model gives each class a probability. The first class is the one that the others' weights are relative to. It is safe for concurrent use.
type Model struct {
	Classes []string
	rows    map[uint64]int // feature -> index of its first weight
	weights []float32      // len(Classes)-1 for each feature
	names   map[uint64]string
}

// bias is the feature that everything has.
const bias = "bias"

// Scores fills in the probability of each class, which sum to one; p has the length of Classes.
func (m *Model) Scores(p []float64, bags ...*Bag) {
	for i := range p {
		p[i] = 0
	}
	n := len(m.Classes) - 1
	m.add(p, hashOf(offset, bias), n, 1)
	count := 0
	for _, b := range bags {
		count += len(b.Hashes)
	}
	unit := Unit(count)
	for _, b := range bags {
		for _, h := range b.Hashes {
			m.add(p, h, n, unit)
		}
	}
	softmax(p)
}

// Unit is the value of each of n features, so that long things are not classed more surely than short ones for their length alone.
func Unit(n int) float64 { return 1 / math.Sqrt(float64(max(1, n))) }

func (m *Model) add(p []float64, h uint64, n int, unit float64) {
	row, ok := m.rows[h]
	if !ok {
		return
	}
	for k, w := range m.weights[row : row+n] {
		p[k+1] += float64(float64(w) * unit)
	}
}

func softmax(p []float64) {
	top, sum := slices.Max(p), 0.0
	for i := range p {
		p[i] = math.Exp(p[i] - top)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
}

// Class is the index of a class, -1 for a name that is none.
func (m *Model) Class(name string) int { return slices.Index(m.Classes, name) }

// Weight is one feature's part in a class.
type Weight struct {
	Name  string
	Value float64
}

// Explain lists what speaks for and against a class, the weightiest first. The bags must be Named.
func (m *Model) Explain(class int, bags ...*Bag) []Weight {
	var out []Weight
	n := len(m.Classes) - 1
	for _, b := range bags {
		for i, h := range b.Hashes {
			if row, ok := m.rows[h]; ok && class > 0 {
				out = append(out, Weight{b.Names[i], float64(m.weights[row+class-1])})
			} else if ok { // for the first class speaks what speaks against the others
				out = append(out, Weight{b.Names[i], -float64(slices.Max(m.weights[row : row+n]))})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Weight) int {
		return int(math.Copysign(1, math.Abs(b.Value)-math.Abs(a.Value)))
	})
	return out
}

// steps is how finely weights are written.
const steps = 20

// Write gives the model as text: comment lines, the classes, then a feature and its weights in twentieths on each line, sorted by name.
func (m *Model) Write(comment string) []byte {
	var b bytes.Buffer
	for _, line := range strings.Split(strings.TrimSpace(comment), "\n") {
		fmt.Fprintf(&b, "# %s\n", line)
	}
	b.WriteString(strings.Join(m.Classes, "\t") + "\n")
	var lines []string
	n := len(m.Classes) - 1
	for h, row := range m.rows {
		line, used := m.names[h], false
		for _, w := range m.weights[row : row+n] {
			v := int(math.Round(float64(w) * steps))
			used = used || v != 0
			line += "\t" + strconv.Itoa(v)
		}
		if used {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	b.WriteString(strings.Join(lines, "\n") + "\n")
	return b.Bytes()
}

// Read reads what Write gave.
func Read(data []byte) (*Model, error) {
	m := &Model{rows: map[uint64]int{}}
	at := 0
	for line := range strings.Lines(string(data)) {
		at++
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, "# ") || line == "" {
			continue
		}
		name, rest, _ := strings.Cut(line, "\t")
		if m.Classes == nil {
			m.Classes = strings.Split(line, "\t")
			continue
		}
		h := hashOf(offset, name)
		if _, twice := m.rows[h]; twice {
			return nil, fmt.Errorf("line %d: a feature twice", at)
		}
		m.rows[h] = len(m.weights)
		for field := range strings.SplitSeq(rest, "\t") {
			v, err := strconv.Atoi(field)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", at, err)
			}
			m.weights = append(m.weights, float32(v)/steps)
		}
		if len(m.weights)-m.rows[h] != len(m.Classes)-1 {
			return nil, fmt.Errorf("line %d: not a weight for each class", at)
		}
	}
	if len(m.Classes) < 2 {
		return nil, fmt.Errorf("no classes")
	}
	return m, nil
}

// Empty reports a model that has learned nothing.
func (m *Model) Empty() bool { return len(m.rows) == 0 }
