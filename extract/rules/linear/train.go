package linear

import (
	"math"
	"math/rand/v2"
)

// Example is features with their class.
type Example struct {
	Names  []string
	Class  int
	Weight float64 // 1 for an ordinary one
}

// TrainOptions steer training. The zero value is not useful.
type TrainOptions struct {
	Classes []string
	Passes  int
	Rate    float64
	L1, L2  float64
	Seen    int // features of fewer examples are left out
}

// Train fits a model by follow-the-regularised-leader (McMahan et al. 2013, "Ad click prediction: a view from the trenches") in a fixed
// order drawn from a fixed seed, so that the same examples give the same model.
func Train(examples []Example, o TrainOptions) *Model {
	seen := map[string]int{}
	for _, e := range examples {
		once := map[string]bool{}
		for _, n := range e.Names {
			if !once[n] {
				once[n] = true
				seen[n]++
			}
		}
	}
	m := &Model{Classes: o.Classes, rows: map[uint64]int{}, names: map[uint64]string{}}
	n := len(o.Classes) - 1
	index := map[string]int{bias: 0}
	m.rows[hashOf(offset, bias)], m.names[hashOf(offset, bias)] = 0, bias
	rows := make([][]int, len(examples))
	units := make([]float64, len(examples))
	for i, e := range examples {
		units[i] = Unit(len(e.Names))
		for _, name := range e.Names {
			if seen[name] < o.Seen {
				continue
			}
			row, ok := index[name]
			if !ok {
				row = len(index) * n
				index[name] = row
				h := hashOf(offset, name)
				m.rows[h], m.names[h] = row, name
			}
			rows[i] = append(rows[i], row)
		}
	}
	z, q := make([]float64, len(index)*n), make([]float64, len(index)*n)
	weight := func(k int) float64 {
		l1 := o.L1
		if k < n {
			l1 = 0 // the bias is not held down
		}
		if math.Abs(z[k]) <= l1 {
			return 0
		}
		return -(z[k] - math.Copysign(l1, z[k])) / ((1+math.Sqrt(q[k]))/o.Rate + o.L2)
	}
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	random := rand.New(rand.NewPCG(20260303, 1)) //nolint:gosec // an order that is the same every time is what is wanted
	p := make([]float64, n+1)
	for range o.Passes {
		random.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		for _, i := range order {
			e := &examples[i]
			clear(p)
			for k := range n {
				p[k+1] = weight(k)
				for _, row := range rows[i] {
					p[k+1] += float64(weight(row+k) * units[i])
				}
			}
			softmax(p)
			for k := range n {
				g := p[k+1] * e.Weight
				if e.Class == k+1 {
					g -= e.Weight
				}
				step := func(at int, g float64) {
					s := (math.Sqrt(q[at]+float64(g*g)) - math.Sqrt(q[at])) / o.Rate
					z[at] += g - float64(s*weight(at))
					q[at] += float64(g * g)
				}
				step(k, g)
				for _, row := range rows[i] {
					step(row+k, float64(g*units[i]))
				}
			}
		}
	}
	m.weights = make([]float32, len(z))
	for k := range z {
		m.weights[k] = float32(weight(k))
	}
	return m
}
