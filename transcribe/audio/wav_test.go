package audio

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"kerbside"
)

// Every sample format is written by ffmpeg and must come out as ffmpeg itself decodes it: bit for bit at 16 kHz mono,
// and nearly so when our mixing and resampling take part.
func TestWAVFormatsAgainstFFmpeg(t *testing.T) {
	dir := t.TempDir()
	for _, codec := range []string{"pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le", "pcm_alaw", "pcm_mulaw"} {
		for _, shape := range []struct{ rate, channels int }{{16000, 1}, {8000, 1}, {44100, 2}, {48000, 1}, {11025, 2}, {96000, 8}, {384000, 1}} {
			if base := codec == "pcm_s16le" || codec == "pcm_f32le"; !base && shape.rate != 16000 && shape.rate != 44100 {
				continue // the shape is nothing to do with the sample format; two formats meet all of them
			}
			t.Run(fmt.Sprintf("%s_%d_%d", codec, shape.rate, shape.channels), func(t *testing.T) {
				src := fmt.Sprintf("aevalsrc=0.3*sin(2*PI*440*t)+0.1*sin(2*PI*1234*t):s=%d:d=0.8", shape.rate)
				ffmpeg(t, dir, "-f", "lavfi", "-i", src, "-ac", fmt.Sprint(shape.channels), "-c:a", codec, "a.wav")
				// For more than two channels ffmpeg weighs by place; the mean is what we promise, so say so.
				mix := "pan=mono|c0=c0"
				for c := 1; c < shape.channels; c++ {
					mix += fmt.Sprintf("+c%d", c)
				}
				raw := ffmpeg(t, dir, "-i", "a.wav", "-af", mix+fmt.Sprintf(",volume=1/%d:precision=double", shape.channels), "-ar", "16000", "-f", "f32le", "-")
				want := make([]float32, len(raw)/4)
				for i := range want {
					want[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
				}
				s := open(t, filepath.Join(dir, "a.wav"))
				info := s.Info()
				got := readAll(t, s)
				if info.Codec != codec || info.SampleRate != shape.rate || info.Channels != shape.channels || info.DurationMS != 800 {
					t.Errorf("info %+v", info)
				}
				if len(got) != 12800 || s.Info().Truncated || s.Info().NonFinite != 0 {
					t.Errorf("%d samples, want 12800, info %+v", len(got), s.Info())
				}
				limit := 1e-7
				if shape.rate != 16000 || shape.channels > 1 {
					limit = 2e-4 // two different filters, and 16-bit steps where ffmpeg mixes in 16 bits
				}
				if limit > 1e-7 && (codec == "pcm_u8" || codec == "pcm_alaw" || codec == "pcm_mulaw") {
					limit = 1e-3 // their noise reaches into the band where the filters differ
				}
				// The first and last 10 ms depend on how each filter treats the edge.
				if d := rmsDiff(got[160:12600], want[160:]); d > limit || rms(got) < 0.02 {
					t.Errorf("RMS difference %.2g (limit %.2g), level %.3g", d, limit, rms(got))
				}
			})
		}
	}
}

func extensible(c chunk, tag int) chunk {
	b := append([]byte{}, c.body...)
	b[0], b[1] = 0xfe, 0xff
	b = append(b, 22, 0, b[14], b[15], 0, 0, 0, 0, byte(tag), 0)
	return chunk{"fmt ", append(b, "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"...)}
}

func bext(date, clock string) chunk {
	b := make([]byte, 602)
	copy(b, "a description that is of no concern")
	copy(b[320:], date)
	copy(b[330:], clock)
	return chunk{"bext", b}
}

func listInfo(date string) chunk {
	b := append([]byte("INFOINAM\x03\x00\x00\x00odd\x00ICRD"), byte(len(date)), 0, 0, 0)
	return chunk{"LIST", append(b, date...)}
}

func TestWAVContainers(t *testing.T) {
	const n = 1600
	data := sine16(n, 16000, 440, 0.5)
	plain := riffFile("RIFF", fmtChunk(1, 1, 16000, 16), chunk{"data", data})
	edit := func(b []byte, at int, v uint32) []byte {
		b = bytes.Clone(b)
		binary.LittleEndian.PutUint32(b[at:], v)
		return b
	}
	ds64 := func(size uint64) chunk {
		b := make([]byte, 28)
		binary.LittleEndian.PutUint64(b[8:], size)
		return chunk{"ds64", b}
	}
	rf64 := func(id string, size uint64) []byte {
		b := riffFile(id, ds64(size), fmtChunk(1, 1, 16000, 16), chunk{"data", data})
		binary.LittleEndian.PutUint32(b[4:], math.MaxUint32)
		binary.LittleEndian.PutUint32(b[bytes.Index(b, []byte("data"))+4:], math.MaxUint32)
		return b
	}
	stamp := time.Date(2025, 3, 4, 10, 11, 12, 0, time.UTC)
	for name, c := range map[string]struct {
		file      []byte
		samples   int
		truncated bool
		recorded  time.Time
		dateOnly  bool
	}{
		"plain":                  {file: plain, samples: n},
		"data size 0":            {file: edit(edit(plain, 40, 0), 4, 36), samples: n},
		"data and riff size 0":   {file: edit(edit(plain, 40, 0), 4, 0), samples: n},
		"streamed":               {file: edit(edit(plain, 40, math.MaxUint32), 4, math.MaxUint32), samples: n},
		"truncated":              {file: plain[:44+2001], samples: 1000, truncated: true},
		"promises gigabytes":     {file: edit(plain, 40, 4_000_000_000), samples: n, truncated: true},
		"junk after the samples": {file: append(bytes.Clone(plain), "some words that are no chunk at all"...), samples: n},
		"extensible":             {file: riffFile("RIFF", extensible(fmtChunk(1, 1, 16000, 16), 1), chunk{"data", data}), samples: n},
		"odd chunks before":      {file: riffFile("RIFF", chunk{"JUNK", make([]byte, 27)}, chunk{"odd ", []byte{1}}, fmtChunk(1, 1, 16000, 16), chunk{"fact", make([]byte, 4)}, chunk{"big ", make([]byte, maxSmallChunk+3)}, chunk{"data", data}), samples: n},
		"rf64":                   {file: rf64("RF64", 2*n), samples: n},
		"bw64":                   {file: rf64("BW64", 2*n), samples: n},
		"rf64 unfinished":        {file: rf64("RF64", 0), samples: n},
		"rf64 truncated":         {file: rf64("RF64", 2*n+2000), samples: n, truncated: true},
		"bext":                   {file: riffFile("RIFF", bext("2025-03-04", "10:11:12"), fmtChunk(1, 1, 16000, 16), chunk{"data", data}), samples: n, recorded: stamp},
		"bext, other separators": {file: riffFile("RIFF", bext("2025_03_04", "10-11-12"), fmtChunk(1, 1, 16000, 16), chunk{"data", data}), samples: n, recorded: stamp},
		"bext behind":            {file: riffFile("RIFF", fmtChunk(1, 1, 16000, 16), chunk{"data", data}, bext("2025-03-04", "10:11:12")), samples: n, recorded: stamp},
		"bext, clock never set":  {file: riffFile("RIFF", bext("1970-01-01", "00:00:00"), fmtChunk(1, 1, 16000, 16), chunk{"data", data}), samples: n},
		"list date":              {file: riffFile("RIFF", listInfo("2025-03-04"), fmtChunk(1, 1, 16000, 16), chunk{"data", data}), samples: n, recorded: stamp.Truncate(24 * time.Hour), dateOnly: true},
		"list year":              {file: riffFile("RIFF", listInfo("2025"), fmtChunk(1, 1, 16000, 16), chunk{"data", data}), samples: n},
		"list, size of gigabytes": {file: riffFile("RIFF", chunk{"LIST", []byte("INFOICRD\xff\xff\xff\xff2025-03-04")}, fmtChunk(1, 1, 16000, 16), chunk{"data", data}),
			samples: n},
		"one sample": {file: riffFile("RIFF", fmtChunk(1, 1, 16000, 16), chunk{"data", data[:2]}), samples: 1},
		"50 ms":      {file: riffFile("RIFF", fmtChunk(1, 1, 48000, 16), chunk{"data", data}), samples: 534},
	} {
		t.Run(name, func(t *testing.T) {
			path := save(t, "a.m4a", c.file) // the name is wrong on purpose
			s := open(t, path)
			got := readAll(t, s)
			i := s.Info()
			if len(got) != c.samples || i.Truncated != c.truncated || !i.Recorded.Equal(c.recorded) || i.RecordedDateOnly != c.dateOnly {
				t.Errorf("%d samples, %+v", len(got), i)
			}
			p, err := Probe(t.Context(), path, DefaultOptions())
			if err != nil || p.DurationMS != i.DurationMS || !p.Recorded.Equal(c.recorded) {
				t.Errorf("probe %+v, %v", p, err)
			}
			// A reader that trickles gives the same samples.
			r, err := OpenReader(t.Context(), &trickle{b: c.file}, DefaultOptions())
			if err != nil {
				t.Fatal(err)
			}
			again := readAll(t, r)
			// Without a size in the header, a reader cannot know that what follows is not sound.
			if len(again) != len(got) || rmsDiff(got, again) != 0 || r.Info().Truncated != c.truncated {
				t.Errorf("reader: %d samples, %+v", len(again), r.Info())
			}
		})
	}
}

// trickle gives seven bytes at a time.
type trickle struct{ b []byte }

func (r *trickle) Read(p []byte) (int, error) {
	if len(r.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(7, len(p))], r.b)
	r.b = r.b[n:]
	return n, nil
}

func TestWAVRefused(t *testing.T) {
	data := chunk{"data", sine16(100, 16000, 440, 0.5)}
	ok := fmtChunk(1, 1, 16000, 16)
	empty := riffFile("RIFF", ok, chunk{"data", nil}, listInfo("2025-03-04"))
	for name, c := range map[string]struct {
		file []byte
		part string
	}{
		"header only":          {riffFile("RIFF", ok, chunk{"data", nil}), "no sound"},
		"zero samples":         {empty, "ends before its sound"},
		"no data chunk":        {riffFile("RIFF", ok), "ends before its sound"},
		"cut in the format":    {riffFile("RIFF", ok)[:30], "ends before its sound"},
		"twelve bytes":         {riffFile("RIFF")[:12], "ends before its sound"},
		"data first":           {riffFile("RIFF", data, ok), "header is damaged"},
		"no channels":          {riffFile("RIFF", fmtChunk(1, 0, 16000, 16), data), "no channels"},
		"rate 0":               {riffFile("RIFF", fmtChunk(1, 1, 0, 16), data), "sample rate"},
		"rate 1 MHz":           {riffFile("RIFF", fmtChunk(1, 1, 1_000_000, 16), data), "sample rate"},
		"format too short":     {riffFile("RIFF", chunk{"fmt ", make([]byte, 8)}, data), "too short"},
		"less than one sample": {riffFile("RIFF", ok, chunk{"data", []byte{1}}), "no sound"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), save(t, "a.wav", c.file), DefaultOptions())
			wantError(t, err, kerbside.CodeInvalid, c.part)
			_, err = OpenReader(t.Context(), bytes.NewReader(c.file), DefaultOptions())
			wantError(t, err, kerbside.CodeInvalid, c.part)
		})
	}
}

func TestWAVValues(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	s := open(t, save(t, "a.wav", riffFile("RIFF", fmtChunk(3, 1, 16000, 32), chunk{"data", floats(0.25, nan, inf, -inf, 1.5, -7, -0.5, 0)})))
	got := readAll(t, s)
	if want := []float32{0.25, 0, 0, 0, 1, -1, -0.5, 0}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if i := s.Info(); i.NonFinite != 3 || i.Clipped != 0.25 {
		t.Errorf("info %+v", i)
	}
	for width, in := range map[int][]byte{1: {0, 128, 255}, 2: {0, 128, 0, 0, 255, 127}, 3: {0, 0, 128, 0, 0, 0, 255, 255, 127}, 4: {0, 0, 0, 128, 0, 0, 0, 0, 255, 255, 255, 127}} {
		s := open(t, save(t, "a.wav", riffFile("RIFF", fmtChunk(1, 1, 16000, 8*width), chunk{"data", in})))
		got := readAll(t, s)
		if got[0] != -1 || got[1] != 0 || got[2] < 0.99 || s.Info().Clipped < 0.6 {
			t.Errorf("%d bytes: %v %+v", width, got, s.Info())
		}
	}
}

func TestChannels(t *testing.T) {
	path := save(t, "a.wav", riffFile("RIFF", fmtChunk(3, 3, 16000, 32), chunk{"data", floats(0.3, 0.6, -0.3, 0.1, 0.2, 0.3)}))
	for channel, want := range map[int]string{MixDown: "[0.2 0.2]", 0: "[0.3 0.1]", 1: "[0.6 0.2]", 2: "[-0.3 0.3]"} {
		o := DefaultOptions()
		o.Channel = channel
		s, err := Open(t.Context(), path, o)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(readAll(t, s)); got != want || s.Channels() != 3 {
			t.Errorf("channel %d: %s, want %s", channel, got, want)
		}
	}
	for _, channel := range []int{3, -3} {
		_, err := Open(t.Context(), path, Options{Channel: channel})
		wantError(t, err, kerbside.CodeInvalid, "channel")
	}
	s, err := Open(t.Context(), path, Options{Channel: EachChannel})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(readAll(t, s)); got != "[0.3 0.6 -0.3 0.1 0.2 0.3]" || s.Lanes() != 3 {
		t.Errorf("each channel: %s in %d lanes", got, s.Lanes())
	}
	many := save(t, "b.wav", riffFile("RIFF", fmtChunk(1, MaxChannels+1, 16000, 16), chunk{"data", make([]byte, 2*(MaxChannels+1)*100)}))
	_, err = Open(t.Context(), many, Options{Channel: EachChannel})
	wantError(t, err, kerbside.CodeInvalid, "9 channels")
}

// TestEachChannelIsThatChannelAlone resamples, in pieces of odd sizes, and wants what each channel gives when it is asked for by itself.
func TestEachChannelIsThatChannelAlone(t *testing.T) {
	const frames = 30_000
	left, right := sine16(frames, 44100, 440, 0.5), sine16(frames, 44100, 1000, 0.25)
	both := make([]byte, 0, 4*frames)
	for i := range frames {
		both = append(append(both, left[2*i:2*i+2]...), right[2*i:2*i+2]...)
	}
	path := save(t, "a.wav", riffFile("RIFF", fmtChunk(1, 2, 44100, 16), chunk{"data", both}))
	s, err := Open(t.Context(), path, Options{Channel: EachChannel})
	if err != nil {
		t.Fatal(err)
	}
	got := make([][]float32, 2)
	for buf, size := make([]float32, 5001), 2; ; size = (size*7 + 3) % len(buf) {
		n, err := s.Read(t.Context(), buf[:max(size, 2)])
		for i, x := range buf[:n] {
			got[i%2] = append(got[i%2], x)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || n%2 != 0 {
			t.Fatalf("%d samples, %v", n, err)
		}
	}
	for c := range got {
		alone, err := Open(t.Context(), path, Options{Channel: c})
		if err != nil {
			t.Fatal(err)
		}
		if want := readAll(t, alone); !slices.Equal(got[c], want) {
			t.Errorf("channel %d: %d samples, alone %d, or other values", c, len(got[c]), len(want))
		}
	}
}

func TestMaxSeconds(t *testing.T) {
	o := DefaultOptions()
	o.MaxSeconds = 1
	b := riffFile("RIFF", fmtChunk(1, 1, 16000, 16), chunk{"data", sine16(20000, 16000, 440, 0.5)})
	whole, err := Open(t.Context(), save(t, "a.wav", b), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = whole.Close() }()
	_, err = drain(whole)
	wantError(t, err, kerbside.CodeTooLarge, "longer")
	short := riffFile("RIFF", fmtChunk(1, 1, 16000, 16), chunk{"data", sine16(8000, 16000, 440, 0.5)})
	binary.LittleEndian.PutUint32(short[40:], 1<<30) // a header that promises too much
	s, err := Open(t.Context(), save(t, "b.wav", short), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if got := readAll(t, s); len(got) != 8000 {
		t.Errorf("%d samples", len(got))
	}
	binary.LittleEndian.PutUint32(b[40:], math.MaxUint32)
	r, err := OpenReader(t.Context(), bytes.NewReader(b), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	_, err = drain(r)
	wantError(t, err, kerbside.CodeTooLarge, "longer")
}

func TestFileChangesWhileRead(t *testing.T) {
	b := riffFile("RIFF", fmtChunk(1, 1, 16000, 16), chunk{"data", sine16(100_000, 16000, 440, 0.5)})
	grown := bytes.Clone(b)
	binary.LittleEndian.PutUint32(grown[40:], math.MaxUint32)
	t.Run("vanishes", func(t *testing.T) {
		path := save(t, "a.wav", b)
		s := open(t, path)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if got := readAll(t, s); len(got) != 100_000 {
			t.Errorf("%d samples", len(got))
		}
	})
	t.Run("grows", func(t *testing.T) {
		path := save(t, "a.wav", grown)
		s := open(t, path)
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(make([]byte, 50_000)); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		if got := readAll(t, s); len(got) != 100_000 {
			t.Errorf("%d samples", len(got))
		}
	})
	t.Run("shrinks", func(t *testing.T) {
		path := save(t, "a.wav", b)
		s := open(t, path)
		if err := os.Truncate(path, 44+120_000); err != nil {
			t.Fatal(err)
		}
		if got := readAll(t, s); len(got) != 60_000 || !s.Info().Truncated {
			t.Errorf("%d samples, %+v", len(got), s.Info())
		}
	})
}

// longWAV is hours of sound that exist only while they are read.
type longWAV struct {
	head  []byte
	left  int64
	block []byte
}

func (r *longWAV) Read(p []byte) (int, error) {
	if len(r.head) > 0 {
		n := copy(p, r.head)
		r.head = r.head[n:]
		return n, nil
	}
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(int64(len(p)), r.left)], r.block)
	r.left -= int64(n)
	return n, nil
}

func TestMemoryDoesNotGrowWithLength(t *testing.T) {
	for _, c := range []struct{ rate, seconds int }{{16000, 3 * 3600}, {44100, 600}} {
		t.Run(fmt.Sprint(c.rate), func(t *testing.T) {
			head := riffFile("RIFF", fmtChunk(1, 1, c.rate, 16), chunk{"data", nil})
			size := int64(c.rate) * 2 * int64(c.seconds)
			binary.LittleEndian.PutUint32(head[40:], uint32(size))
			defer debug.SetGCPercent(debug.SetGCPercent(20))
			runtime.GC()
			var before, now runtime.MemStats
			runtime.ReadMemStats(&before)
			s, err := OpenReader(t.Context(), &longWAV{head: head, left: size, block: sine16(c.rate/10, c.rate, 440, 0.5)}, DefaultOptions())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			buf := make([]float32, 16000)
			samples, peak := 0, uint64(0)
			for i := 0; err == nil; i++ {
				var n int
				n, err = s.Read(t.Context(), buf)
				if samples += n; i%2000 == 0 {
					runtime.ReadMemStats(&now)
					peak = max(peak, now.HeapInuse)
				}
			}
			if !errors.Is(err, io.EOF) || samples != c.seconds*SampleRate || s.Info().Truncated {
				t.Errorf("%d samples, want %d, %v, %+v", samples, c.seconds*SampleRate, err, s.Info())
			}
			grown := (float64(peak) - float64(before.HeapInuse)) / (1 << 20)
			t.Logf("%d s: heap grew by at most %.1f MiB", c.seconds, grown)
			if grown > 4 {
				t.Errorf("heap grew by %.1f MiB, limit 4", grown)
			}
		})
	}
}

func TestReadEndsWithContext(t *testing.T) {
	pr, pw := io.Pipe()
	defer func() { _ = pw.Close() }()
	go func() {
		_, _ = pw.Write(riffFile("RIFF", fmtChunk(1, 1, 16000, 16), chunk{"data", sine16(100_000, 16000, 440, 0.5)})[:5000])
	}()
	s, err := OpenReader(t.Context(), pr, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	for err == nil {
		_, err = s.Read(ctx, make([]float32, 4000))
	}
	wantError(t, err, kerbside.CodeCanceled, "stopped")
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %v", d)
	}
}

func TestReaderFails(t *testing.T) {
	b := riffFile("RIFF", fmtChunk(1, 1, 16000, 16), chunk{"data", sine16(50_000, 16000, 440, 0.5)})
	s, err := OpenReader(t.Context(), io.MultiReader(bytes.NewReader(b[:50_000]), failing{}), DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	got, err := drain(s)
	wantError(t, err, kerbside.CodeUnavailable, "could not be read to its end")
	if len(got) != (50_000-44)/2 {
		t.Errorf("%d samples before the fault", len(got))
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) {
	return 0, &os.PathError{Op: "read", Path: os.TempDir(), Err: os.ErrClosed}
}

func TestWriteWAV(t *testing.T) {
	for _, in := range [][]float32{{0, 0.5, -0.5, 1, -1, 3, float32(math.NaN())}, {}} {
		path := filepath.Join(t.TempDir(), "a.wav")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := WriteWAV(f, 16000, in); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		if len(in) == 0 {
			_, err := Open(t.Context(), path, DefaultOptions())
			wantError(t, err, kerbside.CodeInvalid, "no sound")
			continue
		}
		got := readAll(t, open(t, path))
		if want := "[0 0.5 -0.5 0.9999695 -1 0.9999695 0]"; fmt.Sprint(got) != want {
			t.Errorf("got %v, want %s", got, want)
		}
	}
}

func FuzzWAV(f *testing.F) {
	data := chunk{"data", sine16(64, 8000, 440, 0.5)}
	f.Add(riffFile("RIFF", fmtChunk(1, 1, 8000, 16), data))
	f.Add(riffFile("RIFF", bext("2025-03-04", "10:11:12"), extensible(fmtChunk(3, 2, 44100, 32), 3), chunk{"data", floats(1, 2)}))
	f.Add(riffFile("RF64", chunk{"ds64", make([]byte, 28)}, listInfo("2025-03-04"), fmtChunk(6, 1, 8000, 8), chunk{"data", nil}))
	f.Fuzz(func(t *testing.T, b []byte) {
		src := &source{size: int64(len(b))}
		h, err := readWAVHeader(bytes.NewReader(b), src.size, time.UTC)
		if err != nil {
			return
		}
		if h.rate < minRate || h.rate > maxRate || h.channels < 1 || h.frameBytes < 1 || h.dataStart > int64(len(b)) || h.dataSize < -1 {
			t.Fatalf("accepted %+v", h)
		}
		h.readMetadata(bytes.NewReader(b), time.UTC)
		p := newPCMReader(bytes.NewReader(b[h.dataStart:]), h)
		buf := make([]float32, 100)
		for err == nil {
			var n int
			n, err = p.read(buf)
			for _, v := range buf[:n] {
				if !(v >= -1 && v <= 1) {
					t.Fatalf("sample %v", v)
				}
			}
		}
		if p.frames > int64(len(b)) {
			t.Fatalf("%d frames out of %d bytes", p.frames, len(b))
		}
	})
}
