package audio

import (
	"io"
	"math"

	goaudio "github.com/go-audio/audio"
	"github.com/go-audio/wav"

	"kerbside"
)

// WAVWriter writes 16-bit mono WAV.
type WAVWriter struct {
	enc     *wav.Encoder
	buf     goaudio.IntBuffer
	samples int64
}

// maxWAVSamples is what the 32-bit sizes of a WAV can hold.
const maxWAVSamples = (math.MaxUint32 - 64) / 2

// NewWAVWriter starts a WAV of the given rate in Hz. Close completes it; w stays open.
func NewWAVWriter(w io.WriteSeeker, rate int) *WAVWriter {
	return &WAVWriter{enc: wav.NewEncoder(w, rate, 16, 1, 1), buf: goaudio.IntBuffer{Format: &goaudio.Format{NumChannels: 1, SampleRate: rate}, SourceBitDepth: 16}}
}

// Write appends samples in [-1,1]; others are clamped and NaN becomes 0.
func (w *WAVWriter) Write(samples []float32) error {
	if w.samples += int64(len(samples)); w.samples > maxWAVSamples {
		return kerbside.E(kerbside.CodeTooLarge, "audio.WAVWriter", "A WAV file cannot be larger than 4 GiB. Write it in parts.", nil)
	}
	w.buf.Data = w.buf.Data[:0]
	for _, v := range samples {
		if v != v {
			v = 0
		}
		w.buf.Data = append(w.buf.Data, int(max(-32768, min(32767, math.RoundToEven(float64(v)*32768)))))
	}
	return w.wrote(w.enc.Write(&w.buf))
}

// Close writes the sizes into the header and syncs a file.
func (w *WAVWriter) Close() error {
	if w.samples == 0 { // the encoder writes its header with the first samples
		if err := w.Write(nil); err != nil {
			return err
		}
	}
	return w.wrote(w.enc.Close())
}

func (w *WAVWriter) wrote(err error) error {
	if err != nil {
		return kerbside.E(kerbside.CodeUnavailable, "audio.WAVWriter", "The sound file could not be written. Check that the disk has room and that the folder may be written to.", withoutPath(err))
	}
	return nil
}

// WriteWAV writes samples as 16-bit mono WAV of the given rate in Hz.
func WriteWAV(w io.WriteSeeker, rate int, samples []float32) error {
	ww := NewWAVWriter(w, rate)
	if err := ww.Write(samples); err != nil {
		return err
	}
	return ww.Close()
}
