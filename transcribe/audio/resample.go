package audio

import (
	"fmt"
	"math"
)

// resampler changes the rate of a stream by the rational factor L/M with a polyphase windowed sinc (Crochiere and
// Rabiner, Multirate Digital Signal Processing, 1983, ch. 4; Kaiser window). It is our own for what word
// times need: a clock in integers, no delay, and memory that does not grow.
//
// Output k is taken at input position k*M/L, kept in integers, so nothing drifts; the filter is centred, so there is
// no delay. n input samples give ceil(n*L/M) outputs. Up to 7/8 of the lower Nyquist frequency passes (7 kHz for 16 kHz),
// from that frequency on the attenuation is stopband dB.
type resampler struct {
	l, m   int64
	half   int         // taps on each side of the centre
	taps   [][]float32 // one filter of 2*half taps for each phase; one more when interpolated
	interp bool        // l is too large for a table: neighbouring phases are interpolated linearly

	in    []float32 // input from position base on
	base  int64
	total int64 // input samples so far
	next  int64 // index of the next output
	ended bool
	count int64 // outputs in all, once ended
}

const (
	stopband   = 90.0
	maxPhases  = 1024
	interpSize = 512
)

// newResampler converts from a rate in Hz to SampleRate.
func newResampler(from int) (*resampler, error) {
	const to = SampleRate
	if from < minRate || from > maxRate {
		return nil, fmt.Errorf("sample rate %d Hz is outside %d to %d", from, minRate, maxRate)
	}
	g := gcd(from, to)
	r := &resampler{l: int64(to / g), m: int64(from / g)}
	if from == to {
		return r, nil
	}
	phases := int(r.l)
	if phases > maxPhases {
		phases, r.interp = interpSize, true
	}
	// In cycles per input sample.
	stop := float64(min(from, to)) / 2 / float64(from)
	pass := stop * 7 / 8
	n := (stopband - 7.95) / (2.285 * 2 * math.Pi * (stop - pass))
	r.half = int(math.Ceil(n/2)) + 1
	beta := 0.1102 * (stopband - 8.7)
	r.taps = make([][]float32, phases)
	if r.interp {
		r.taps = make([][]float32, phases+1)
	}
	for p := range r.taps {
		r.taps[p] = designPhase(r.half, float64(p)/float64(phases), (pass+stop)/2, beta)
	}
	r.in = make([]float32, r.half-1, 16384+2*r.half) // silence before the start
	r.base = -int64(r.half - 1)
	return r, nil
}

// designPhase gives the taps for input positions i-half+1 .. i+half around an output at i+frac, with unit gain at 0 Hz.
func designPhase(half int, frac, cutoff, beta float64) []float32 {
	w := make([]float64, 2*half)
	sum := 0.0
	for j := range w {
		x := float64(j-half+1) - frac
		u := x / float64(half)
		if u < -1 || u > 1 {
			continue
		}
		s := 1.0
		if a := 2 * math.Pi * cutoff * x; a != 0 {
			s = math.Sin(a) / a
		}
		w[j] = s * bessel0(beta*math.Sqrt(1-u*u))
		sum += w[j]
	}
	taps := make([]float32, len(w))
	for j := range w {
		taps[j] = float32(w[j] / sum)
	}
	return taps
}

// bessel0 is the modified Bessel function of the first kind, order 0, by its power series.
func bessel0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-17; k++ {
		term *= (x / 2 / k) * (x / 2 / k)
		sum += term
	}
	return sum
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// write takes the next input samples.
func (r *resampler) write(x []float32) {
	r.in = append(r.in, x...)
	r.total += int64(len(x))
}

// finish says that the input is over.
func (r *resampler) finish() {
	if r.ended || r.taps == nil {
		return
	}
	r.ended = true
	r.count = (r.total*r.l + r.m - 1) / r.m
	r.in = append(r.in, make([]float32, r.half+1)...) // silence after the end
}

// read gives the outputs that are ready, 0 when more input is needed or all is out.
func (r *resampler) read(dst []float32) int {
	if r.taps == nil {
		n := copy(dst, r.in)
		r.in = r.in[:copy(r.in, r.in[n:])]
		return n
	}
	n := 0
	for ; n < len(dst); n++ {
		if r.ended && r.next >= r.count {
			break
		}
		at := r.next * r.m
		i, phase := at/r.l, at%r.l
		from := i - int64(r.half) + 1 - r.base
		if from+int64(2*r.half) > int64(len(r.in)) {
			break
		}
		dst[n] = max(-1, min(1, r.sample(r.in[from:from+int64(2*r.half)], phase)))
		r.next++
	}
	// Inputs that no later output needs go, once there are enough of them to be worth the move.
	if keep := r.next*r.m/r.l - int64(r.half) + 1 - r.base; keep > 8192 {
		keep = min(keep, int64(len(r.in)))
		r.in = r.in[:copy(r.in, r.in[keep:])]
		r.base += keep
	}
	return n
}

func (r *resampler) sample(x []float32, phase int64) float32 {
	if !r.interp {
		return dot(x, r.taps[phase])
	}
	f := float64(phase) / float64(r.l) * interpSize
	p := int(f)
	a, b := dot(x, r.taps[p]), dot(x, r.taps[p+1])
	return a + (b-a)*float32(f-float64(p))
}

// dot keeps four sums so that additions do not wait for each other.
func dot(x, h []float32) float32 {
	var a, b, c, d float32
	for len(x) >= 4 && len(h) >= 4 {
		a += x[0] * h[0]
		b += x[1] * h[1]
		c += x[2] * h[2]
		d += x[3] * h[3]
		x, h = x[4:], h[4:]
	}
	for i := range min(len(x), len(h)) {
		a += x[i] * h[i]
	}
	return (a + b) + (c + d)
}
