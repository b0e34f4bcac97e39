package main

import (
	"context"
	"math"
	"math/rand/v2"
	"os/exec"
	"slices"

	"kerbside/transcribe/audio"
)

// compose joins clips into one recording, with pauses of one to two seconds before, between and after them, and tells where each
// begins, in seconds; the same clips always give the same samples.
func compose(clips []clip) (all []float32, starts []float64) {
	r := rand.New(rand.NewPCG(2, 8))
	pause := func() []float32 { return make([]float32, audio.SampleRate+r.IntN(audio.SampleRate)) }
	all = pause()
	for _, c := range clips {
		starts = append(starts, float64(len(all))/audio.SampleRate)
		all = append(append(all, c.samples...), pause()...)
	}
	return all, starts
}

// level is the root mean square of samples.
func level(samples []float32) float64 {
	if len(samples) == 0 {
		return 0
	}
	var sum float64
	for _, s := range samples {
		sum += float64(s) * float64(s)
	}
	return math.Sqrt(sum / float64(len(samples)))
}

// speechLevel is the level of what is spoken: of the frames of 20 ms within 30 dB of the loudest.
func speechLevel(samples []float32) float64 {
	const n = audio.SampleRate / 50
	var loudest float64
	for f := range slices.Chunk(samples, n) {
		loudest = max(loudest, level(f))
	}
	var spoken []float32
	for f := range slices.Chunk(samples, n) {
		if level(f) > loudest*math.Pow(10, -30/20.0) {
			spoken = append(spoken, f...)
		}
	}
	return level(spoken)
}

// mix adds noise, repeated as needed, so that it lies so many dB below a level; when the sum would clip, all of it is made quieter.
func mix(samples, noise []float32, speech, below float64) []float32 {
	gain := float32(speech / math.Pow(10, below/20) / level(noise))
	out := make([]float32, len(samples))
	var peak float32
	for i, s := range samples {
		out[i] = s + gain*noise[i%len(noise)]
		peak = max(peak, out[i], -out[i])
	}
	if peak > 1 {
		for i := range out {
			out[i] /= peak
		}
	}
	return out
}

// sox gives what sox makes of effects, from nothing; -R makes its noise the same each time.
func sox(ctx context.Context, env *environment, effects ...string) ([]float32, error) {
	args := append([]string{"-R", "-D", "-n", "-r", "16000", "-c", "1", "-b", "16", "-e", "signed-integer", "-t", "raw", "-"}, effects...)
	cmd := exec.CommandContext(ctx, "sox", args...)
	cmd.Dir = env.work
	out, err := output(cmd)
	return fromPCM(out), err
}

// nonSpeech is what a car and a corridor sound like when nobody speaks.
func nonSpeech(ctx context.Context, env *environment, limit int) ([]clip, error) {
	type sound struct {
		name    string
		effects []string
	}
	sounds := []sound{
		{"silence", []string{"trim", "0", "20"}},
		{"faint noise", []string{"synth", "20", "whitenoise", "vol", "0.002"}},
		{"pink noise", []string{"synth", "20", "pinknoise", "vol", "0.1"}},
		{"brown noise", []string{"synth", "20", "brownnoise", "vol", "0.3"}},
		{"band noise", []string{"synth", "20", "whitenoise", "sinc", "300-3000", "vol", "0.1"}},
		{"noise in bursts", []string{"synth", "20", "pinknoise", "synth", "20", "square", "amod", "0.7", "vol", "0.15"}},
		{"hum", []string{"synth", "20", "sine", "50", "synth", "20", "sine", "mix", "150", "vol", "0.2"}},
		{"engine", []string{"synth", "20", "sawtooth", "38", "synth", "20", "pinknoise", "mix", "tremolo", "12", "40", "lowpass", "400", "vol", "0.3"}},
		{"beeps", []string{"synth", "0.2", "sine", "1000", "pad", "0", "0.8", "repeat", "19", "vol", "0.3"}},
		{"chords", []string{"synth", "2", "pluck", "220", "synth", "2", "pluck", "mix", "277", "repeat", "9", "reverb", "vol", "0.3"}},
	}
	clips := first(scenes(), limit)
	for _, s := range first(sounds, limit) {
		samples, err := sox(ctx, env, s.effects...)
		if err != nil {
			return nil, err
		}
		clips = append(clips, clip{name: s.name, samples: samples})
	}
	return first(clips, limit), nil
}
