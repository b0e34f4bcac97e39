package score

import "math/bits"

const (
	resamples = 1000
	seed      = 20260303
)

// resample draws cases with replacement. The reference draws with Python's generator, and only the same numbers give the same
// intervals.
func resample(n int) [][]int {
	if n == 0 {
		return nil
	}
	g := newTwister(seed)
	draws := make([][]int, resamples)
	for i := range draws {
		draws[i] = make([]int, n)
		for j := range draws[i] {
			draws[i][j] = g.below(n)
		}
	}
	return draws
}

// twister is MT19937 (Matsumoto and Nishimura 1998), seeded by an array of one number as Python seeds it.
type twister struct {
	state [624]uint32
	at    int
}

func newTwister(seed uint32) *twister {
	g := &twister{at: 624}
	s := &g.state
	s[0] = 19650218
	for i := uint32(1); i < 624; i++ {
		s[i] = 1812433253*(s[i-1]^s[i-1]>>30) + i
	}
	i := 1
	step := func() {
		if i++; i == 624 {
			s[0] = s[623]
			i = 1
		}
	}
	for range 624 {
		s[i] = s[i] ^ (s[i-1]^s[i-1]>>30)*1664525 + seed
		step()
	}
	for range 623 {
		s[i] = s[i] ^ (s[i-1]^s[i-1]>>30)*1566083941 - uint32(i)
		step()
	}
	s[0] = 1 << 31
	return g
}

func (g *twister) next() uint32 {
	if g.at == 624 {
		for i := range g.state {
			y := g.state[i]&(1<<31) | g.state[(i+1)%624]&(1<<31-1)
			g.state[i] = g.state[(i+397)%624] ^ y>>1 ^ (y&1)*0x9908b0df
		}
		g.at = 0
	}
	y := g.state[g.at]
	g.at++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// below draws from [0,n) as Python's randrange does.
func (g *twister) below(n int) int {
	k := bits.Len(uint(n))
	for {
		if r := int(g.next() >> (32 - k)); r < n {
			return r
		}
	}
}
