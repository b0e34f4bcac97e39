// Package audio turns any sound file into a stream of mono float32 samples at 16 kHz in [-1,1].
//
// WAV is read here; every other format is decoded by ffmpeg in a child process that is given nothing but the bytes of
// the recording. What a file is follows from its content, never from its name. Channels are mixed (mean) or picked, and
// rates converted, by this package for every format alike, so that sample k is at exactly k/16000 s of the recording's
// own clock. Memory does not depend on length.
//
// Errors are *kerbside.Error; neither their messages nor their causes hold file names or text found in a recording.
package audio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"kerbside"
)

// SampleRate is the number of samples a second that a Stream delivers.
const SampleRate = 16000

// What Options.Channel may be beside the number of a channel.
const (
	MixDown     = -1 // the mean of all channels
	EachChannel = -2 // all channels, interleaved; at most MaxChannels
)

// MaxChannels is how many channels can be told apart.
const MaxChannels = 8

// Options say how a recording is opened. DefaultOptions gives the usual ones.
type Options struct {
	FFmpeg     string         // path or name of ffmpeg, default "ffmpeg"; ffprobe is expected beside it
	Channel    int            // MixDown, EachChannel, or the channel to deliver, counted from 0
	MaxSeconds int            // more sound than this is CodeTooLarge, whatever the header promises, which may be damaged; 0 is no limit
	Location   *time.Location // zone of dates that are stored without one; nil is UTC
	ScratchDir string         // where OpenReader keeps an unlinked copy when a format needs seeking; "" is the system's
	Limits     Limits
}

// DefaultOptions mixes all channels and has no limit of length.
func DefaultOptions() Options { return Options{Channel: MixDown} }

// Limits bound the ffmpeg child. Zero fields take the defaults. They are enforced on Linux.
type Limits struct {
	MemoryBytes  uint64 // address space, default 2 GiB
	CPUSeconds   uint64 // default 3600
	ScratchBytes int64  // size of a copy in ScratchDir, default 4 GiB
}

func (o Options) withDefaults() Options {
	if o.FFmpeg == "" {
		o.FFmpeg = "ffmpeg"
	}
	if o.Location == nil {
		o.Location = time.UTC
	}
	if o.Limits.MemoryBytes == 0 {
		o.Limits.MemoryBytes = 2 << 30
	}
	if o.Limits.CPUSeconds == 0 {
		o.Limits.CPUSeconds = 3600
	}
	if o.Limits.ScratchBytes == 0 {
		o.Limits.ScratchBytes = 4 << 30
	}
	return o
}

// Info describes a recording.
type Info struct {
	Container  string // "wav", or ffmpeg's name for it: "mov", "matroska", "ogg", "mp3", ...
	Codec      string // as ffmpeg names it, e.g. "pcm_s16le"; "" when a stream does not tell
	SampleRate int    // of the recording, Hz
	Channels   int    // of the recording
	DurationMS int64  // as the header has it; 0 is unknown beforehand

	// Recorded is when the recording says it was made, zero when it does not say. Never the time of the file. For
	// formats other than WAV that come from a reader it is known only after io.EOF.
	Recorded         time.Time
	RecordedDateOnly bool // Recorded holds a date without a time of day

	// Valid after io.EOF.
	Truncated bool    // the header promised more sound than there was, or the source ended in the middle
	Damaged   bool    // the decoder met errors and went on; parts may be missing
	Clipped   float64 // share of the samples read that are at full scale, in [0,1]
	NonFinite int64   // samples that were NaN or infinite and were delivered as 0
}

// Stream delivers a recording. Read is for one goroutine; Close may be called from any.
type Stream struct {
	o      Options
	info   Info
	ctx    context.Context // of the whole stream; its end stops the child and unblocks Read
	cancel context.CancelFunc
	pcm    *pcmReader
	rs     []*resampler // one for each channel that is delivered
	child  *child       // nil for WAV
	source *source
	format format
	block  []float32
	lane   []float32 // one channel of block
	done   int64     // samples delivered of each channel
	err    error     // sticky
	once   sync.Once
}

// Open opens a regular file. A file that grows is read up to the size that it had here; one that is removed is read to
// its end. The stream ends with ctx.
func Open(ctx context.Context, path string, o Options) (*Stream, error) {
	const op = "audio.Open"
	f, err := openFile(op, path)
	if err != nil {
		return nil, err
	}
	return openSource(ctx, op, fileSource(f.File, f.size), o.withDefaults())
}

// OpenReader opens a recording whose bytes arrive over time, and returns with its header and first samples. MP4 that
// keeps its index at the end is first copied to an unlinked file, since it cannot be decoded before its end.
// When ctx ends, Read returns at once, but a pending r.Read is left to return by itself.
func OpenReader(ctx context.Context, r io.Reader, o Options) (*Stream, error) {
	return openSource(ctx, "audio.OpenReader", readerSource(r), o.withDefaults())
}

// blockFrames is how many frames are decoded at a time.
const blockFrames = 4096

func openSource(ctx context.Context, op string, src *source, o Options) (*Stream, error) {
	sctx, cancel := context.WithCancel(ctx)
	s := &Stream{o: o, ctx: sctx, cancel: cancel, source: src}
	context.AfterFunc(sctx, src.abort)
	if err := s.open(op); err != nil {
		if ctx.Err() != nil {
			err = canceled(op, ctx.Err())
		}
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Stream) open(op string) error {
	f, err := sniff(s.source.peek)
	if err != nil {
		if rerr := s.source.readErr(); rerr != nil {
			return readFailed(op, rerr)
		}
		return withOp(op, err)
	}
	s.format = f
	var h wavHeader
	if f.own {
		body := s.source.reader()
		if h, err = readWAVHeader(body, s.source.size, s.o.Location); err == nil {
			s.source.readTail(&h, s.o.Location)
			s.pcm = newPCMReader(body, h)
			s.info = h.info(s.source.size)
		} else if !errors.Is(err, errForeignCodec) {
			if rerr := s.source.readErr(); rerr != nil {
				return readFailed(op, rerr)
			}
			return withOp(op, err)
		}
	}
	if s.pcm == nil {
		if err := s.openChild(op); err != nil {
			return err
		}
	}
	lanes := 1
	switch {
	case s.o.Channel == EachChannel && s.info.Channels > MaxChannels:
		return kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("This recording has %d channels; at most %d can be told apart. Mix them instead.", s.info.Channels, MaxChannels), nil)
	case s.o.Channel == EachChannel:
		lanes = s.info.Channels
	case s.o.Channel >= s.info.Channels || s.o.Channel < MixDown:
		return kerbside.E(kerbside.CodeInvalid, op, "This recording does not have the channel that was asked for. Choose another channel, or mix all of them.", nil)
	}
	s.pcm.deliver(s.o.Channel)
	s.block, s.lane = make([]float32, blockFrames*lanes), make([]float32, blockFrames)
	for range lanes {
		rs, err := newResampler(s.info.SampleRate)
		if err != nil {
			return kerbside.E(kerbside.CodeInvalid, op, "This recording's sample rate is not supported. Convert it to WAV at 16 kHz.", err)
		}
		s.rs = append(s.rs, rs)
	}
	// The first samples are read here so that a file without any is refused before work is planned for it.
	if err := s.fill(op); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if s.pcm.frames == 0 {
		return noSound(op)
	}
	return nil
}

// Read fills buf with the next samples and returns how many, with io.EOF after the last. With EachChannel they are interleaved, in
// whole frames of Lanes samples, and buf has to have room for one. When ctx ends the stream is over: it returns within a moment, and every
// later call fails.
func (s *Stream) Read(ctx context.Context, buf []float32) (int, error) {
	const op = "audio.Read"
	if len(buf) < s.Lanes() {
		return 0, nil
	}
	stop := context.AfterFunc(ctx, s.cancel)
	defer stop()
	for {
		if err := errors.Join(ctx.Err(), s.ctx.Err()); err != nil {
			return 0, canceled(op, err)
		}
		if n := s.ready(buf); n > 0 {
			s.done += int64(n / s.Lanes())
			if s.o.MaxSeconds > 0 && s.done > int64(s.o.MaxSeconds)*SampleRate {
				s.err = tooLong(op)
				return 0, s.err
			}
			return n, nil
		}
		if s.err != nil {
			return 0, s.err
		}
		if err := s.fill(op); err != nil && !errors.Is(err, io.EOF) {
			if cerr := errors.Join(ctx.Err(), s.ctx.Err()); cerr != nil {
				err = canceled(op, cerr)
			}
			s.err = err
			return 0, err
		}
	}
}

// ready takes what the resamplers have. All have had the same number of samples, so they have the same number ready.
func (s *Stream) ready(buf []float32) int {
	if len(s.rs) == 1 {
		return s.rs[0].read(buf)
	}
	frames := 0
	for c, rs := range s.rs {
		frames = rs.read(s.lane[:min(len(buf)/len(s.rs), len(s.lane))])
		for i, x := range s.lane[:frames] {
			buf[i*len(s.rs)+c] = x
		}
	}
	return frames * len(s.rs)
}

// fill moves one block from the decoder to the resamplers. At the end it settles what Info says and sets s.err.
func (s *Stream) fill(op string) error {
	n, err := s.pcm.read(s.block)
	for c, rs := range s.rs {
		for i := range n {
			s.lane[i] = s.block[i*len(s.rs)+c]
		}
		rs.write(s.lane[:n])
	}
	if err == nil {
		return nil
	}
	for _, rs := range s.rs {
		rs.finish()
	}
	s.info.Clipped, s.info.NonFinite = s.pcm.clippedShare(), s.pcm.nonFinite
	if s.child != nil {
		err = s.finishChild(op, err)
	} else if rerr := s.source.readErr(); rerr != nil {
		err = readFailed(op, rerr)
	} else {
		s.info.Truncated = s.pcm.truncated
	}
	s.err = err
	return err
}

// Info describes the recording as far as it is known by now.
func (s *Stream) Info() Info { return s.info }

// Channels is the number of channels of the recording.
func (s *Stream) Channels() int { return s.info.Channels }

// Lanes is the number of channels that Read delivers: 1 unless EachChannel was asked for.
func (s *Stream) Lanes() int { return len(s.rs) }

// Close stops the decoder and releases everything. It may be called more than once.
func (s *Stream) Close() error {
	s.once.Do(func() {
		s.cancel()
		s.source.close()
		if s.child != nil {
			_ = s.child.waited()
		}
	})
	return nil
}

func noSound(op string) error {
	return kerbside.E(kerbside.CodeInvalid, op, "This recording holds no sound: it has a header and nothing after it. Check that the recorder finished saving, and copy the file again.", nil)
}

func tooLong(op string) error {
	return kerbside.E(kerbside.CodeTooLarge, op, "This recording is longer than can be listened to, or its clock is damaged. Cut it into parts, or convert it to WAV.", nil)
}

func canceled(op string, err error) error {
	return kerbside.E(kerbside.CodeCanceled, op, "Reading the recording was stopped. Start it again when you are ready.", err)
}

func readFailed(op string, err error) error {
	return kerbside.E(kerbside.CodeUnavailable, op, "The recording could not be read to its end. Check the disk or the connection and try again.", withoutPath(err))
}

// withOp gives an Error made deeper in the package the name of the call that the user made.
func withOp(op string, err error) error {
	var e *kerbside.Error
	if errors.As(err, &e) {
		return kerbside.E(e.Code, op, e.Message, e.Err)
	}
	return kerbside.E(kerbside.CodeInternal, op, "The recording could not be opened. Try again.", withoutPath(err))
}

// withoutPath drops the file name from an error: names of recordings often hold names of families.
func withoutPath(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
