package audio

import (
	"fmt"
	"math"
	"testing"
)

func resampled(t *testing.T, from int, x []float32) []float32 {
	t.Helper()
	r, err := newResampler(from)
	if err != nil {
		t.Fatal(err)
	}
	var out []float32
	buf := make([]float32, 777)
	for len(x) > 0 {
		n := min(1000, len(x))
		r.write(x[:n])
		x = x[n:]
		for m := r.read(buf); m > 0; m = r.read(buf) {
			out = append(out, buf[:m]...)
		}
	}
	r.finish()
	for m := r.read(buf); m > 0; m = r.read(buf) {
		out = append(out, buf[:m]...)
	}
	return out
}

func tone(n, rate int, hz float64) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(0.5 * math.Sin(2*math.Pi*math.Mod(hz*float64(i)/float64(rate), 1)))
	}
	return x
}

var testRates = []int{8000, 11025, 12000, 22050, 24000, 32000, 44099, 44100, 48000, 96000, 192000, 383999, 384000}

// In the passband the output is the same sine at the same times, without delay: that bounds ripple, images and phase
// at once. Above the new Nyquist frequency nothing may be left.
func TestResamplerSweep(t *testing.T) {
	for _, rate := range testRates {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			nyquist := float64(min(rate, SampleRate)) / 2
			worst, ripple := math.Inf(-1), 0.0
			for _, share := range []float64{0.01, 0.05, 0.2, 0.4, 0.6, 0.75, 0.8, 0.85, 0.875} {
				hz := share * nyquist
				y := resampled(t, rate, tone(rate/8, rate, hz))
				y = y[400 : len(y)-400]
				want := tone(len(y)+400, SampleRate, hz)[400:]
				worst = max(worst, db(rmsDiff(y, want)/rms(want)))
				ripple = max(ripple, math.Abs(db(rms(y)/rms(want))))
			}
			if worst > -75 || ripple > 0.01 {
				t.Errorf("passband error %.1f dB (limit -75), ripple %.4f dB (limit 0.01)", worst, ripple)
			}
			alias := math.Inf(-1)
			for _, hz := range []float64{8001, 8200, 8500, 9000, 10000, 12000, 15000, 15999, 20000, 23900, 40000, 90000, 191000} {
				if hz >= float64(rate)/2 {
					continue
				}
				x := tone(rate/8, rate, hz)
				y := resampled(t, rate, x)
				alias = max(alias, db(rms(y[400:len(y)-400])/rms(x)))
			}
			if alias > -80 {
				t.Errorf("alias %.1f dB, limit -80", alias)
			}
			t.Logf("passband error %.1f dB, ripple %.5f dB, alias %.1f dB, %d taps", worst, ripple, alias, len(must(newResampler(rate)).taps[0]))
		})
	}
}

func must(r *resampler, err error) *resampler {
	if err != nil {
		panic(err)
	}
	return r
}

func db(x float64) float64 { return 20 * math.Log10(x) }

func TestResamplerCounts(t *testing.T) {
	for _, rate := range append([]int{1000, 16000}, testRates...) {
		for _, n := range []int{0, 1, 2, 3, 100, 4097, rate / 20, rate} {
			want := (int64(n)*SampleRate + int64(rate) - 1) / int64(rate)
			if got := len(resampled(t, rate, make([]float32, n))); int64(got) != want {
				t.Errorf("%d samples at %d Hz gave %d, want %d", n, rate, got, want)
			}
		}
	}
}

// Ten hours on, output k still stands at input k*M/L: the position is set far ahead and a tone must come out in phase.
func TestResamplerDoesNotDrift(t *testing.T) {
	for _, rate := range []int{44100, 44099, 48000} {
		r := must(newResampler(rate))
		r.next = 10 * 3600 * SampleRate
		first := r.next*r.m/r.l - int64(r.half) + 1
		r.base, r.in = first, nil
		x := make([]float32, 20000)
		for i := range x {
			x[i] = float32(0.5 * math.Sin(2*math.Pi*1000*float64((first+int64(i))%int64(rate))/float64(rate)))
		}
		r.write(x)
		y := make([]float32, 4000)
		n := r.read(y)
		want := tone(n, SampleRate, 1000) // sample 10 h is a whole number of periods
		if d := db(rmsDiff(y[:n], want) / rms(want)); n < 4000 || d > -75 {
			t.Errorf("%d Hz: %d samples, error %.1f dB after ten hours", rate, n, d)
		}
	}
}

func BenchmarkResample(b *testing.B) {
	for _, rate := range []int{44100, 48000, 384000} {
		b.Run(fmt.Sprint(rate), func(b *testing.B) {
			x, buf := tone(rate, rate, 440), make([]float32, 4096)
			r := must(newResampler(rate))
			for b.Loop() { // one second of sound
				for i := 0; i < len(x); i += 4096 {
					r.write(x[i:min(len(x), i+4096)])
					for r.read(buf) > 0 {
					}
				}
			}
		})
	}
}
