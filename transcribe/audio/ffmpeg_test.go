package audio

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kerbside"
)

const speechLike = "aevalsrc=0.3*sin(2*PI*440*t)+0.1*sin(2*PI*1234*t):s=48000:d=3"

var encodings = []struct {
	name, container, codec string
	args                   []string
}{
	{"a.m4a", "mov", "aac", []string{"-c:a", "aac"}},
	{"fast.m4a", "mov", "aac", []string{"-c:a", "aac", "-movflags", "faststart"}},
	{"frag.mp4", "mov", "aac", []string{"-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"}},
	{"a.mp4", "mov", "aac", []string{"-c:a", "aac"}},
	{"alac.m4a", "mov", "alac", []string{"-c:a", "alac"}},
	{"a.mp3", "mp3", "mp3", []string{"-c:a", "libmp3lame"}},
	{"bare.mp3", "mp3", "mp3", []string{"-c:a", "libmp3lame", "-id3v2_version", "0", "-write_xing", "0"}},
	{"a.ogg", "ogg", "vorbis", []string{"-c:a", "libvorbis"}},
	{"a.opus", "ogg", "opus", []string{"-c:a", "libopus"}},
	{"a.webm", "matroska", "opus", []string{"-c:a", "libopus"}},
	{"a.mka", "matroska", "flac", []string{"-c:a", "flac"}},
	{"a.flac", "flac", "flac", []string{"-c:a", "flac"}},
	{"a.aac", "aac", "aac", []string{"-c:a", "aac", "-f", "adts"}},
	{"a.wma", "asf", "wmav2", []string{"-c:a", "wmav2"}},
	{"a.caf", "caf", "pcm_s16be", []string{"-c:a", "pcm_s16be"}},
	{"alac.caf", "caf", "alac", []string{"-c:a", "alac"}},
	{"a.aiff", "aiff", "pcm_s16be", nil},
	{"a.au", "au", "pcm_s16be", nil},
	{"a.w64", "w64", "pcm_s16le", nil},
	{"adpcm.wav", "wav", "adpcm_ms", []string{"-c:a", "adpcm_ms"}},
	{"be.wav", "wav", "adpcm_ima_wav", []string{"-c:a", "adpcm_ima_wav"}},
}

// Every format gives three seconds of the same two tones, from a file with a misleading name and from a reader alike.
func TestFormatsByFFmpeg(t *testing.T) {
	dir := t.TempDir()
	want := tones(3 * SampleRate)
	for _, e := range encodings {
		t.Run(e.name, func(t *testing.T) {
			args := append([]string{"-f", "lavfi", "-i", speechLike, "-metadata", "creation_time=2025-03-04T10:11:12Z", "-metadata", "title=secret words"}, e.args...)
			ffmpeg(t, dir, append(args, e.name)...)
			b, err := os.ReadFile(filepath.Join(dir, e.name))
			if err != nil {
				t.Fatal(err)
			}
			path := save(t, "-f \n\xff%d:concat.wav", b)
			s := open(t, path)
			if i := s.Info(); i.Container != e.container || i.Codec != e.codec || i.SampleRate != 48000 || i.Channels != 1 {
				t.Errorf("info %+v", i)
			}
			fromFile := readAll(t, s)
			check(t, "file", fromFile, want, s.Info())
			if e.container == "mov" && !s.Info().Recorded.Equal(time.Date(2025, 3, 4, 10, 11, 12, 0, time.UTC)) {
				t.Errorf("recorded %v", s.Info().Recorded)
			}
			p, err := Probe(t.Context(), path, DefaultOptions())
			if err != nil || p.Codec != e.codec || p.DurationMS != s.Info().DurationMS {
				t.Errorf("probe %+v, %v", p, err)
			}
			r, err := OpenReader(t.Context(), bytes.NewReader(b), DefaultOptions())
			if err != nil {
				t.Fatal(err)
			}
			fromReader := readAll(t, r)
			check(t, "reader", fromReader, want, r.Info())
			if e.container == "mov" && !r.Info().Recorded.Equal(s.Info().Recorded) {
				t.Errorf("recorded %v from a reader", r.Info().Recorded)
			}
		})
	}
}

func tones(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		s := float64(i) / SampleRate
		x[i] = float32(0.3*math.Sin(2*math.Pi*440*s) + 0.1*math.Sin(2*math.Pi*1234*s))
	}
	return x
}

// check allows what a lossy codec does to level and length, but no more than 60 ms of delay or padding.
func check(t *testing.T, what string, got, want []float32, i Info) {
	t.Helper()
	if d := len(got) - len(want); d < -960 || d > 960*3 {
		t.Errorf("%s: %d samples, want about %d", what, len(got), len(want))
	}
	if l := rms(got); math.Abs(db(l/rms(want))) > 1 {
		t.Errorf("%s: level %.3g, want %.3g", what, l, rms(want))
	}
	if i.Truncated || i.Damaged {
		t.Errorf("%s: %+v", what, i)
	}
}

func TestTelephoneFormats(t *testing.T) {
	dir := t.TempDir()
	ffmpeg(t, dir, "-f", "lavfi", "-i", "sine=440:r=8000:d=2", "-c:a", "gsm_ms", "a.wav")
	if got := readAll(t, open(t, filepath.Join(dir, "a.wav"))); len(got) < 31000 || len(got) > 33000 {
		t.Errorf("GSM in WAV: %d samples", len(got))
	}
	// AMR has no encoder in Debian's ffmpeg. A frame of mode 7 with these zero bits is valid and near silent.
	amr := []byte("#!AMR\n")
	for range 50 {
		amr = append(append(amr, 0x3c), make([]byte, 31)...)
	}
	s := open(t, save(t, "a.3gp", amr))
	if got := readAll(t, s); len(got) != SampleRate || s.Info().Codec != "amr_nb" {
		t.Errorf("AMR: %d samples, %+v", len(got), s.Info())
	}
}

func TestVideo(t *testing.T) {
	dir := t.TempDir()
	ffmpeg(t, dir, "-f", "lavfi", "-i", "testsrc=d=1:s=64x64", "-f", "lavfi", "-i", "sine=440:d=1", "-c:v", "libx264", "-c:a", "aac", "both.mp4")
	ffmpeg(t, dir, "-f", "lavfi", "-i", "testsrc=d=1:s=64x64", "-c:v", "libx264", "mute.mp4")
	ffmpeg(t, dir, "-f", "lavfi", "-i", "testsrc=d=1:s=64x64", "-c:v", "libvpx", "mute.webm")
	s := open(t, filepath.Join(dir, "both.mp4"))
	if got := readAll(t, s); len(got) < 15500 || len(got) > 17000 || s.Info().Damaged || s.Info().Truncated {
		t.Errorf("%d samples, %+v", len(got), s.Info())
	}
	for _, name := range []string{"mute.mp4", "mute.webm"} {
		_, err := Open(t.Context(), filepath.Join(dir, name), DefaultOptions())
		wantError(t, err, kerbside.CodeInvalid, "no sound track")
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		_, err = OpenReader(t.Context(), bytes.NewReader(b), DefaultOptions())
		wantError(t, err, kerbside.CodeInvalid, "no sound track")
	}
}

// A recorder that was paused or starved leaves a hole in the packets' times. It is silence in what we deliver.
func TestGapsBecomeSilence(t *testing.T) {
	dir := t.TempDir()
	ffmpeg(t, dir, "-f", "lavfi", "-i", "sine=440:r=48000:d=1", "-c:a", "libopus", "one.webm")
	ffmpeg(t, dir, "-i", "one.webm", "-i", "one.webm", "-f", "lavfi", "-i", "sine=440:r=48000:d=4",
		"-filter_complex", "[2:a]aselect='lt(t,1)+gt(t,3)'", "-c:a", "libopus", "-fps_mode", "passthrough", "a.webm")
	got := readAll(t, open(t, filepath.Join(dir, "a.webm")))
	if d := len(got) - 4*SampleRate; d < -1600 || d > 1600 {
		t.Fatalf("%d samples, want about %d", len(got), 4*SampleRate)
	}
	if loud, quiet := rms(got[4000:12000]), rms(got[20000:44000]); quiet > loud/100 || loud < 0.05 {
		t.Errorf("level %.3g, in the gap %.3g", loud, quiet)
	}
	if after := rms(got[52000:60000]); after < 0.05 {
		t.Errorf("level after the gap %.3g", after)
	}
}

func TestTruncatedRecordings(t *testing.T) {
	dir := t.TempDir()
	for _, e := range encodings {
		switch e.name {
		case "fast.m4a", "a.webm", "a.flac", "a.wma", "a.aiff", "alac.m4a":
		default:
			continue
		}
		t.Run(e.name, func(t *testing.T) {
			ffmpeg(t, dir, append(append([]string{"-f", "lavfi", "-i", strings.Replace(speechLike, "d=3", "d=20", 1)}, e.args...), e.name)...)
			b, err := os.ReadFile(filepath.Join(dir, e.name))
			if err != nil {
				t.Fatal(err)
			}
			path := save(t, "a", b[:len(b)*6/10])
			if e.name == "alac.m4a" { // its index was at the end
				_, err := Open(t.Context(), path, DefaultOptions())
				wantError(t, err, kerbside.CodeInvalid, "was not finished")
				return
			}
			s := open(t, path)
			got := readAll(t, s)
			if len(got) < 8*SampleRate || len(got) > 15*SampleRate || !s.Info().Truncated {
				t.Errorf("%d samples, %+v", len(got), s.Info())
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path string
		code kerbside.Code
		part string
	}{
		"missing": {filepath.Join(dir, "none"), kerbside.CodeNotFound, "no such file"},
		"folder":  {dir, kerbside.CodeInvalid, "folder"},
		"fifo":    {fifo, kerbside.CodeInvalid, "pipe or a device"},
		"device":  {"/dev/zero", kerbside.CodeInvalid, "pipe or a device"},
		"empty":   {save(t, "a.wav", nil), kerbside.CodeInvalid, "empty"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), c.path, DefaultOptions())
			wantError(t, err, c.code, c.part)
			_, err = Probe(t.Context(), c.path, DefaultOptions())
			wantError(t, err, c.code, c.part)
		})
	}
	t.Run("unreadable", func(t *testing.T) {
		path := save(t, "a.wav", []byte("RIFF"))
		if err := os.Chmod(path, 0); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), path, DefaultOptions())
		if os.Geteuid() == 0 { // root may read anything: only the content is refused
			wantError(t, err, kerbside.CodeInvalid, "")
			return
		}
		wantError(t, err, kerbside.CodeForbidden, "permissions")
	})
}

func TestFFmpegMissing(t *testing.T) {
	o := DefaultOptions()
	o.FFmpeg = filepath.Join(t.TempDir(), "ffmpeg")
	flac := []byte("fLaC and something")
	_, err := Open(t.Context(), save(t, "a.flac", flac), o)
	wantError(t, err, kerbside.CodeUnavailable, "apt-get install ffmpeg")
	_, err = OpenReader(t.Context(), bytes.NewReader(flac), o)
	wantError(t, err, kerbside.CodeUnavailable, "apt-get install ffmpeg")
	// WAV needs no ffmpeg.
	s, err := Open(t.Context(), save(t, "a.wav", riffFile("RIFF", fmtChunk(1, 1, 16000, 16), chunk{"data", make([]byte, 20)})), o)
	if err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
}

// What only begins like a recording is refused without a word of ffmpeg's. (AMR is not here: any bytes are valid AMR.)
func TestDamaged(t *testing.T) {
	for _, head := range []string{"OggS", "fLaC", "\x1a\x45\xdf\xa3", "....ftypM4A ", "caff", ".snd", "ID3\x04\x00\x00\x00\x00\x00\x0a", "FORM....AIFF"} {
		b := append([]byte(head), bytes.Repeat([]byte("a family's words "), 500)...)
		_, err := Open(t.Context(), save(t, "a", b), DefaultOptions())
		_, err2 := OpenReader(t.Context(), bytes.NewReader(b), DefaultOptions())
		for _, err := range []error{err, err2} {
			if kerbside.CodeOf(err) != kerbside.CodeInvalid || strings.Contains(err.Error(), "family") || strings.Contains(err.Error(), "0x") {
				t.Errorf("%q: %v", head, err)
			}
		}
	}
}

func TestChildIsConfined(t *testing.T) {
	dir := t.TempDir()
	ffmpeg(t, dir, "-f", "lavfi", "-i", strings.Replace(speechLike, "d=3", "d=600", 1), "-c:a", "flac", "a.flac")
	path := filepath.Join(dir, "a.flac")
	s := open(t, path)
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", s.child.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"Max cpu time 3600 3600", "Max file size 0 0", "Max core file size 0 0", "Max open files 64 64", "Max address space 2147483648 2147483648"} {
		if !strings.Contains(strings.Join(strings.Fields(string(limits)), " "), line) {
			t.Errorf("no %q in\n%s", line, limits)
		}
	}
	pid := s.child.cmd.Process.Pid
	_ = s.Close()
	if err := syscall.Kill(pid, 0); err != syscall.ESRCH {
		t.Errorf("child %d is still there after Close: %v", pid, err)
	}
	o := DefaultOptions()
	o.Limits.MemoryBytes = 1 << 20
	_, err = Open(t.Context(), path, o)
	if kerbside.CodeOf(err) != kerbside.CodeInvalid && kerbside.CodeOf(err) != kerbside.CodeUnavailable {
		t.Errorf("with 1 MiB of memory: %v", err)
	}
	quickest := time.Hour
	for range 3 { // a busy machine may be late, but not each time
		ctx, cancel := context.WithCancel(t.Context())
		s, err = Open(ctx, path, DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		start := time.Now()
		_, err = drain(s)
		wantError(t, err, kerbside.CodeCanceled, "stopped")
		_ = s.Close()
		quickest = min(quickest, time.Since(start))
	}
	if quickest > 500*time.Millisecond {
		t.Errorf("cancel took %v", quickest)
	}
}

// A WebM that arrives in pieces, as from a browser, is delivered while it arrives.
func TestLiveWebM(t *testing.T) {
	dir := t.TempDir()
	ffmpeg(t, dir, "-f", "lavfi", "-i", strings.Replace(speechLike, "d=3", "d=30", 1), "-c:a", "libopus", "-b:a", "32k", "-f", "webm", "-live", "1", "a.webm")
	b, err := os.ReadFile(filepath.Join(dir, "a.webm"))
	if err != nil {
		t.Fatal(err)
	}
	pr, pw := io.Pipe()
	half := len(b) / 2
	go func() { _, _ = pw.Write(b[:half]) }()
	s, err := OpenReader(t.Context(), pr, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	// With half of the file there and the source silent, nearly half of the sound must come.
	buf, samples := make([]float32, 4000), 0
	for samples < 13*SampleRate {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		n, err := s.Read(ctx, buf)
		cancel()
		if err != nil {
			t.Fatalf("after %d samples: %v", samples, err)
		}
		samples += n
	}
	go func() {
		_, _ = pw.Write(b[half:])
		_ = pw.Close()
	}()
	rest, err := drain(s)
	if total := samples + len(rest); err != nil || total < 30*SampleRate-1600 || total > 30*SampleRate+1600 {
		t.Errorf("%d samples, %v", total, err)
	}
}

func TestScratchLimit(t *testing.T) {
	dir := t.TempDir()
	ffmpeg(t, dir, "-f", "lavfi", "-i", speechLike, "-c:a", "aac", "a.m4a")
	b, err := os.ReadFile(filepath.Join(dir, "a.m4a"))
	if err != nil {
		t.Fatal(err)
	}
	o := DefaultOptions()
	o.ScratchDir, o.Limits.ScratchBytes = t.TempDir(), 1000
	_, err = OpenReader(t.Context(), bytes.NewReader(b), o)
	wantError(t, err, kerbside.CodeTooLarge, "larger than allowed")
	if left, err := os.ReadDir(o.ScratchDir); err != nil || len(left) > 0 {
		t.Errorf("left in the scratch folder: %v, %v", left, err)
	}
}
