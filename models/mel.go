package models

import "math"

const (
	melRate = 16000 // Hz
	melFFT  = 400   // samples in a window; the bank has melFFT/2+1 columns
	melBins = melFFT/2 + 1
)

// melFilters gives the bank of triangular filters that Whisper's spectrogram is made with, n rows of melBins, row after row: Slaney's
// mel scale (linear to 1 kHz, logarithmic above; Auditory Toolbox, 1998) with each triangle scaled to unit area, over 0 to 8 kHz. The
// order of rounding is librosa's, so that the numbers are those that the models were trained with.
func melFilters(n int) []float32 {
	edges := make([]float64, n+2)
	lo, hi := hzToMel(0), hzToMel(melRate/2)
	step := (hi - lo) / float64(n+1)
	for i := range edges {
		edges[i] = melToHz(lo + step*float64(i))
	}
	edges[n+1] = melToHz(hi)

	out := make([]float32, n*melBins)
	for m := range n {
		area := 2 / (edges[m+2] - edges[m])
		for k := range melBins {
			f := float64(k) * melRate / melFFT
			up := -(edges[m] - f) / (edges[m+1] - edges[m])
			down := (edges[m+2] - f) / (edges[m+2] - edges[m+1])
			w := float32(math.Min(up, down))
			if w < 0 { // a negative zero stays, as it does in the published bank
				w = 0
			}
			out[m*melBins+k] = float32(float64(w) * area)
		}
	}
	return out
}

const (
	melLinearHz = 200.0 / 3 // Hz per mel below the bend
	melBendHz   = 1000.0
	melBend     = melBendHz / melLinearHz
)

func hzToMel(f float64) float64 {
	if f < melBendHz {
		return f / melLinearHz
	}
	return melBend + math.Log(f/melBendHz)/(math.Log(6.4)/27)
}

func melToHz(m float64) float64 {
	if m < melBend {
		return m * melLinearHz
	}
	return melBendHz * math.Exp(math.Log(6.4)/27*(m-melBend))
}
