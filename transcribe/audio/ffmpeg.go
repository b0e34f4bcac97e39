package audio

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"kerbside"
)

// What ffmpeg may do with a hostile file is bounded from several sides: the demuxer is forced from our own look at the
// content and is the only one allowed (no playlist is ever read); input comes by a pipe, or for formats that need
// seeking by a descriptor that is already open (no path is ever parsed); only sound decoders are allowed; the child has
// an empty environment, limits on memory, CPU time and descriptors, may write no file and leaves no core dump.

// decoders are the sound codecs of telephones, browsers and recorders.
const decoders = "aac,aac_latm,ac3,adpcm_ima_qt,adpcm_ima_wav,adpcm_ms,adpcm_yamaha,alac,amrnb,amrwb,eac3,flac,g722,g726,g726le,gsm,gsm_ms," +
	"libopencore_amrnb,libopencore_amrwb,libopus,libspeex,libvorbis,mp1,mp1float,mp2,mp2float,mp3,mp3float,opus," +
	"pcm_alaw,pcm_f32be,pcm_f32le,pcm_f64be,pcm_f64le,pcm_mulaw,pcm_s16be,pcm_s16le,pcm_s24be,pcm_s24le,pcm_s32be,pcm_s32le,pcm_s8,pcm_u8," +
	"speex,truespeech,vorbis,wmalossless,wmapro,wmav1,wmav2,wmavoice"

const (
	maxStderr   = 16 << 10
	maxMetadata = 64 << 10
	killDelay   = 2 * time.Second // how long pipes may stay open after the child has ended
)

// child is a running ffmpeg.
type child struct {
	cmd    *exec.Cmd
	stderr *boundedBuffer
	feed   *notingReader
	feedAt int64 // bytes that feed has when it is whole, -1 when unknown
	meta   chan []byte
	waited func() error // cmd.Wait, once
}

// inputArgs open the recording with the demuxer f and nothing else.
func inputArgs(f format, seek bool) []string {
	args := []string{"-hide_banner", "-loglevel", "error", "-threads", "1", "-format_whitelist", f.demuxer, "-f", f.demuxer}
	if seek {
		// 3 is the first of ExtraFiles. Opening it anew gives ffmpeg its own position in the same file, which it could not
		// have with pipe:.
		return append(args, "-protocol_whitelist", "file", "-i", "file:/dev/fd/3")
	}
	return append(args, "-protocol_whitelist", "pipe", "-i", "pipe:0")
}

// command prepares ffmpeg or ffprobe. It dies with ctx, together with anything it might have started.
func command(ctx context.Context, name string, args ...string) (*exec.Cmd, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, path, args...) //nolint:gosec // the operator's ffmpeg, with arguments that hold no input
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=/nonexistent"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = killDelay
	return cmd, nil
}

func start(op string, cmd *exec.Cmd, l Limits) error {
	if err := cmd.Start(); err != nil {
		return kerbside.E(kerbside.CodeUnavailable, op, "ffmpeg could not be started. Run `kerbside doctor` to see what is missing.", withoutPath(err))
	}
	if err := limit(cmd.Process.Pid, l); err != nil {
		_ = cmd.Cancel()
		_ = cmd.Wait()
		return kerbside.E(kerbside.CodeUnavailable, op, "ffmpeg could not be confined, so it was not used. Run `kerbside doctor`, or convert the recording to WAV.", err)
	}
	return nil
}

func ffmpegMissing(op string, err error) error {
	return kerbside.E(kerbside.CodeUnavailable, op, "This format needs ffmpeg, which is not installed. Install Debian's package ffmpeg (`sudo apt-get install ffmpeg`), or convert the recording to WAV.", withoutPath(err))
}

// openChild starts ffmpeg, which decodes and nothing else: mixing and rates are done here, alike for all formats.
func (s *Stream) openChild(op string) error {
	f := s.format
	if f.demuxer == "mov" && s.source.file == nil && moovFirst(s.source.peek) {
		f.seek = false
	}
	if f.seek && s.source.file == nil {
		if err := s.source.spool(s.ctx, s.o.ScratchDir, s.o.Limits.ScratchBytes); err != nil {
			return err
		}
	}
	var known probed
	if s.source.file != nil {
		var err error
		if known, err = probe(s.ctx, op, s.source.file, f, s.o); err != nil {
			return err
		}
	}
	args := append([]string{"-nostdin", "-codec_whitelist", decoders}, inputArgs(f, f.seek)...)
	args = append(args, "-map", "0:a:0", "-vn", "-sn", "-dn")
	if f.clock {
		// Packets that are missing become silence, so that times stay those of the recording.
		args = append(args, "-af", "aresample=async=1:first_pts=0")
	}
	args = append(args, "-c:a", "pcm_f32le", "-flush_packets", "1", "-f", "wav", "pipe:1")
	metaFD := "pipe:3"
	if f.seek {
		metaFD = "pipe:4"
	}
	// Ogg has its tags at the stream.
	args = append(args, "-map_metadata", "0", "-map_metadata:g", "0:s:a:0", "-f", "ffmetadata", metaFD)

	cmd, err := command(s.ctx, s.o.FFmpeg, args...)
	if err != nil {
		return ffmpegMissing(op, err)
	}
	c := &child{cmd: cmd, stderr: &boundedBuffer{max: maxStderr}, feedAt: -1, meta: make(chan []byte, 1)}
	c.waited = sync.OnceValue(cmd.Wait)
	cmd.Stderr = c.stderr
	if f.seek {
		cmd.ExtraFiles = append(cmd.ExtraFiles, s.source.file)
	} else {
		c.feed = &notingReader{s: s.source, r: s.source.reader()}
		c.feedAt = s.source.size
		cmd.Stdin = c.feed
	}
	metaR, metaW, err := os.Pipe()
	if err != nil {
		return kerbside.E(kerbside.CodeUnavailable, op, "The system is out of descriptors. Try again later.", err)
	}
	cmd.ExtraFiles = append(cmd.ExtraFiles, metaW)
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = start(op, cmd, s.o.Limits)
	}
	_ = metaW.Close()
	if err != nil {
		_ = metaR.Close()
		return withOp(op, err)
	}
	s.child = c
	go c.readMetadata(metaR)

	out := bufio.NewReaderSize(stdout, 64<<10)
	h, err := readWAVHeader(out, -1, s.o.Location)
	if err != nil {
		return s.finishChild(op, err)
	}
	s.pcm = newPCMReader(out, h)
	s.info = Info{Container: f.demuxer, Codec: known.codec, SampleRate: h.rate, Channels: h.channels, DurationMS: known.durationMS, Recorded: known.recorded, RecordedDateOnly: known.dateOnly}
	return nil
}

// finishChild waits for ffmpeg and settles whether its output is the whole recording, a part of it, or an error. It
// returns io.EOF for the first two.
func (s *Stream) finishChild(op string, readErr error) error {
	c := s.child
	given := !errors.Is(readErr, io.EOF) && !errors.Is(readErr, io.ErrUnexpectedEOF)
	if given { // what it wrote is no use, so it may be blocked in writing more
		_ = c.cmd.Process.Kill()
	}
	waitErr := c.waited()
	if s.ctx.Err() != nil {
		return canceled(op, s.ctx.Err())
	}
	if err := s.source.readErr(); err != nil {
		return readFailed(op, err)
	}
	if given {
		return withOp(op, readErr)
	}
	if s.info.Recorded.IsZero() {
		s.info.Recorded, s.info.RecordedDateOnly = metadataDate(<-c.meta, s.o.Location)
	}
	log := c.stderr.String()
	if signaled(waitErr) {
		return beyondLimits(op, waitErr)
	}
	if s.pcm == nil || s.pcm.frames == 0 {
		return explain(op, log, waitErr)
	}
	seconds := float64(s.pcm.frames) / float64(s.info.SampleRate)
	promised := float64(s.info.DurationMS) / 1000
	s.info.Truncated = cutShort(log) || waitErr != nil ||
		(s.format.exact && promised-seconds > max(0.5, promised*0.005)) ||
		(c.feedAt >= 0 && c.feed.eof && c.feed.n < c.feedAt) // the file shrank
	s.info.Damaged = waitErr != nil || complained(log)
	return io.EOF
}

func (c *child) readMetadata(r *os.File) {
	b, _ := io.ReadAll(io.LimitReader(r, maxMetadata))
	_, _ = io.Copy(io.Discard, r)
	_ = r.Close()
	c.meta <- b
}

// metadataDate finds the time of recording in ffmpeg's ffmetadata.
func metadataDate(b []byte, loc *time.Location) (t time.Time, dateOnly bool) {
	for line := range strings.Lines(string(b)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch strings.ToLower(key) {
		case "creation_time", "com.apple.quicktime.creationdate":
			if t, dateOnly, ok := parseDate(value, loc); ok {
				return t, dateOnly
			}
		case "date":
			if u, d, ok := parseDate(value, loc); ok && t.IsZero() {
				t, dateOnly = u, d
			}
		}
	}
	return t, dateOnly
}

// explain turns ffmpeg's refusal into a message. What ffmpeg wrote is matched, never passed on: it can hold titles.
func explain(op, log string, err error) error {
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(log, p) {
				return true
			}
		}
		return false
	}
	switch {
	case has("matches no streams", "does not contain any stream"):
		return noSoundTrack(op)
	case has("moov atom not found"):
		return kerbside.E(kerbside.CodeInvalid, op, "This recording was not finished: the index at its end is missing. Open and save it once more on the device that made it, then copy it again.", err)
	case has("not on whitelist", "Decoder not found", "no decoder found", "Decoder (codec", "Could not find codec parameters"):
		return kerbside.E(kerbside.CodeInvalid, op, "The sound in this file is damaged, or compressed in a way that Kerbside does not read. Convert it to WAV or M4A.", err)
	case has("Cannot allocate memory"):
		return kerbside.E(kerbside.CodeInvalid, op, "This recording asks for more memory than decoding is allowed, so it may be damaged. Convert it to WAV at 16 kHz and use that.", err)
	case has("Unknown input format"):
		return kerbside.E(kerbside.CodeUnavailable, op, "The installed ffmpeg cannot read this format. Install Debian's package ffmpeg, or convert the recording to WAV.", err)
	}
	return kerbside.E(kerbside.CodeInvalid, op, "This recording holds no sound that can be decoded: it is damaged or was not finished. Copy it again from the device that made it.", err)
}

// signaled tells whether a child was ended by a signal: a limit of the kernel, or a crash.
func signaled(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled()
}

func beyondLimits(op string, err error) error {
	return kerbside.E(kerbside.CodeInvalid, op, "This recording took the decoder beyond its limits of time or memory, or made it crash. It may be damaged: convert it to WAV at 16 kHz and use that.", err)
}

func noSoundTrack(op string) error {
	return kerbside.E(kerbside.CodeInvalid, op, "This file has no sound track. Check that it is the right file and that the microphone was on.", nil)
}

func cutShort(log string) bool {
	for _, p := range []string{"partial file", "File ended prematurely", "Truncating packet", "truncated", "End of file", "Packet is too small"} {
		if strings.Contains(log, p) {
			return true
		}
	}
	return false
}

// complained leaves out what is no fault of the sound: picture tracks whose decoders are not allowed.
func complained(log string) bool {
	for line := range strings.Lines(log) {
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(line, "not on whitelist") && !strings.Contains(line, "Last message repeated") {
			return true
		}
	}
	return false
}

// boundedBuffer keeps the first max bytes written to it.
type boundedBuffer struct {
	mu  sync.Mutex
	b   []byte
	max int
}

func (w *boundedBuffer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.b = append(w.b, p[:min(len(p), w.max-len(w.b))]...)
	return len(p), nil
}

func (w *boundedBuffer) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.b)
}
