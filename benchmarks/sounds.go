package main

import (
	"math"
	"math/rand/v2"

	"kerbside/transcribe/audio"
)

// generator makes sounds out of noise and tones; the same seed always gives the same samples.
type generator struct{ r *rand.Rand }

func newGenerator(seed uint64) generator { return generator{rand.New(rand.NewPCG(seed, 1961))} }

func samplesIn(seconds float64) int { return int(seconds * audio.SampleRate) }

// fill makes samples; at gives the value at a time in seconds.
func fill(seconds float64, at func(t float64) float64) []float32 {
	out := make([]float32, samplesIn(seconds))
	for i := range out {
		out[i] = float32(at(float64(i) / audio.SampleRate))
	}
	return out
}

func (g generator) white(seconds float64) []float32 {
	return fill(seconds, func(float64) float64 { return g.r.Float64()*2 - 1 })
}

// brown is white noise through a leaky integrator.
func (g generator) brown(seconds float64) []float32 {
	var sum float64
	return fill(seconds, func(float64) float64 {
		sum = 0.995*sum + 0.05*(g.r.Float64()*2-1)
		return sum
	})
}

// band passes samples through a second-order band-pass (the one of constant peak gain in Bristow-Johnson's "Audio EQ Cookbook").
func band(samples []float32, centre, q float64) []float32 {
	w := 2 * math.Pi * centre / audio.SampleRate
	alpha := math.Sin(w) / (2 * q)
	a0, a1, a2 := 1+alpha, -2*math.Cos(w), 1-alpha
	out := make([]float32, len(samples))
	var x1, x2, y1, y2 float64
	for i, s := range samples {
		x := float64(s)
		y := (alpha*(x-x2) - a1*y1 - a2*y2) / a0
		x1, x2, y1, y2 = x, x1, y, y1
		out[i] = float32(y)
	}
	return out
}

// shape multiplies samples by a curve over time.
func shape(samples []float32, curve func(t float64) float64) []float32 {
	out := make([]float32, len(samples))
	for i, s := range samples {
		out[i] = s * float32(curve(float64(i)/audio.SampleRate))
	}
	return out
}

// at brings samples to a level (root mean square); silence stays silent.
func at(samples []float32, wanted float64) []float32 {
	l := level(samples)
	if l == 0 {
		return samples
	}
	return shape(samples, func(float64) float64 { return wanted / l })
}

// sum adds sounds, as long as the first.
func sum(all ...[]float32) []float32 {
	out := make([]float32, len(all[0]))
	for _, s := range all {
		for i := range min(len(out), len(s)) {
			out[i] += s[i]
		}
	}
	return out
}

// sceneSeconds is how long each sound without speech is.
const sceneSeconds = 20.0

// place repeats a short sound at times, in seconds, within the silence of a scene.
func place(sound []float32, times ...float64) []float32 {
	out := make([]float32, samplesIn(sceneSeconds))
	for _, t := range times {
		for i, s := range sound {
			if j := samplesIn(t) + i; j < len(out) {
				out[j] += s
			}
		}
	}
	return out
}

// harmonics is a tone with n overtones that fall off as 1/k; pitch gives its frequency over time.
func harmonics(seconds float64, n int, pitch func(t float64) float64) []float32 {
	var phase float64
	return fill(seconds, func(t float64) float64 {
		phase += 2 * math.Pi * pitch(t) / audio.SampleRate
		var v float64
		for k := 1; k <= n; k++ {
			v += math.Sin(float64(k)*phase) / float64(k)
		}
		return v
	})
}

func steady(f float64) func(float64) float64 { return func(float64) float64 { return f } }

func decay(perSecond float64) func(float64) float64 {
	return func(t float64) float64 { return math.Exp(-t * perSecond) }
}

// carNoise is what a moving car sounds like inside: body and wind as brown noise, the firing tone of an engine whose speed wanders,
// with its overtones, and the hiss of tyres. Most of it is below 200 Hz, as in a car. Its level is 0.1.
func carNoise(seconds float64) []float32 {
	g := newGenerator(5)
	engine := harmonics(seconds, 8, func(t float64) float64 {
		return 78 + 9*math.Sin(2*math.Pi*t/23) + 3*math.Sin(2*math.Pi*t/5.3)
	})
	tyres := shape(band(g.white(seconds), 1100, 0.6), func(t float64) float64 { return 1 + 0.35*math.Sin(2*math.Pi*t/3.7) })
	return at(sum(at(g.brown(seconds), 1), at(engine, 0.5), at(tyres, 0.4)), 0.1)
}

// scenes are sounds without speech that take more than one of sox's effects.
func scenes() []clip {
	const long = sceneSeconds
	g := newGenerator(7)
	every := func(first, step float64) []float64 {
		var times []float64
		for t := first; t < long-1; t += step {
			times = append(times, t)
		}
		return times
	}
	breath := shape(band(g.white(long), 900, 0.7), func(t float64) float64 { return math.Pow(max(0, math.Sin(2*math.Pi*t/3.4)), 2) })

	note := func(f, seconds float64) []float32 { return shape(harmonics(seconds, 5, steady(f)), decay(3)) }
	drum := shape(g.white(0.12), decay(40))
	music := place(drum, every(0.25, 0.5)...)
	for i, f := range []float64{220, 262, 330, 294, 247, 196, 220, 330} { // a melody over its fifths
		times := every(float64(i)*0.5, 4)
		music = sum(music, place(note(f, 0.9), times...), place(note(f*1.5, 0.9), times...))
	}

	drop := shape(harmonics(0.02, 2, steady(3200)), decay(250))
	var drops []float64
	for range 1200 {
		drops = append(drops, g.r.Float64()*(long-0.1))
	}
	rain := sum(at(band(g.white(long), 4500, 0.5), 0.05), at(place(drop, drops...), 0.03))

	click := shape(g.white(0.004), decay(900))
	bark := shape(sum(band(harmonics(0.22, 14, func(t float64) float64 { return 520 - 900*t }), 900, 1.2), band(at(g.white(0.22), 0.6), 1500, 0.8)),
		func(t float64) float64 { return math.Sin(math.Pi*t/0.22) * math.Exp(-4*t) })
	barks := append(every(1, 4.1), every(1.35, 4.1)...)
	thump := shape(sum(harmonics(0.5, 3, func(t float64) float64 { return 75 - 40*t }), at(band(g.white(0.5), 400, 0.8), 0.3)), decay(12))
	latch := shape(band(g.white(0.05), 2500, 1), decay(90))
	knock := shape(sum(harmonics(0.09, 3, steady(210)), at(g.white(0.09), 0.2)), decay(55))
	horn := sum(harmonics(0.9, 9, steady(405)), harmonics(0.9, 9, steady(508)))
	siren := harmonics(long, 4, func(t float64) float64 { return 950 + 350*math.Sin(2*math.Pi*t/2.8) })
	wind := shape(band(g.white(long), 420, 0.8), func(t float64) float64 {
		return 1 + 0.6*math.Sin(2*math.Pi*t/6.1) + 0.3*math.Sin(2*math.Pi*t/1.7)
	})
	indicator := sum(carNoise(long), at(place(click, every(2, 0.35)...), 0.02))

	var clips []clip
	add := func(name string, samples []float32, wanted float64) {
		clips = append(clips, clip{name: name, samples: at(samples, wanted)})
	}
	add("car", carNoise(long), 0.1)
	add("car, indicator", indicator, 0.1)
	add("breath", breath, 0.03)
	add("music", music, 0.1)
	add("rain", rain, 0.06)
	add("silence with clicks", place(click, every(0.8, 1.3)...), 0.01)
	add("dog", place(bark, barks...), 0.06)
	add("door", sum(place(thump, every(2, 5)...), place(latch, every(1.9, 5)...)), 0.03)
	add("knocking", place(knock, append(append(every(1, 6), every(1.22, 6)...), every(1.44, 6)...)...), 0.03)
	add("horn", place(horn, every(1.5, 4.7)...), 0.08)
	add("siren", siren, 0.05)
	add("wind", wind, 0.06)
	return clips
}
