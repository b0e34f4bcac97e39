package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/go-audio/riff"
	"github.com/go-audio/wav"

	"kerbside"
)

// go-audio's riff package reads chunk headers and the fields of a "fmt " chunk here. The rest is our own, because
// wav.Decoder needs an io.ReadSeeker, knows neither RF64 nor WAVE_FORMAT_EXTENSIBLE nor float samples, takes data sizes of
// 0 and 0xFFFFFFFF literally, and its LIST decoder allocates whatever size a hostile file names.

const (
	minRate, maxRate = 1000, 384000
	maxSmallChunk    = 64 << 10 // chunks that are read into memory
	maxChunks        = 1024
	unknownSize32    = math.MaxUint32
)

// errForeignCodec marks a WAV whose samples are compressed in a way that ffmpeg has to undo.
var errForeignCodec = errors.New("wav: not a plain sample format")

// sampleFormat decodes one sample; max is the largest value that it can hold.
type sampleFormat struct {
	codec  string
	bytes  int
	max    float32
	decode func([]byte) float32
}

type wavHeader struct {
	sample     sampleFormat
	rate       int
	channels   int
	frameBytes int
	dataStart  int64 // offset of the first sample
	dataSize   int64 // bytes, -1 when the header does not tell
	recorded   time.Time
	dateOnly   bool
}

// info describes a WAV of fileSize bytes, -1 when unknown.
func (h wavHeader) info(fileSize int64) Info {
	i := Info{Container: "wav", Codec: h.sample.codec, SampleRate: h.rate, Channels: h.channels, Recorded: h.recorded, RecordedDateOnly: h.dateOnly}
	size := h.dataSize
	if there := fileSize - h.dataStart; fileSize >= 0 && (size < 0 || size > there) {
		size = there
	}
	if size > 0 {
		i.DurationMS = int64(float64(size/int64(h.frameBytes)) * 1000 / float64(h.rate))
	}
	return i
}

// countingReader knows the offset that riff.Parser has reached.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// readWAVHeader reads up to the first sample. fileSize is -1 when unknown.
func readWAVHeader(r io.Reader, fileSize int64, loc *time.Location) (wavHeader, error) {
	h := wavHeader{dataSize: -1}
	cr := &countingReader{r: r}
	parser := riff.New(cr)
	id, riffSize, err := parser.IDnSize()
	var form [4]byte
	if err == nil {
		_, err = io.ReadFull(cr, form[:])
	}
	if err != nil || form != riff.WavFormatID {
		return h, headerCut(err)
	}
	var ds64Size int64 = -1
	for range maxChunks {
		id2, size, err := parser.IDnSize()
		if err != nil {
			return h, headerCut(err)
		}
		padded := int64(size) + int64(size&1)
		switch {
		case id2 == riff.DataFormatID:
			if h.frameBytes == 0 {
				return h, badWAV("the samples come before their description", nil)
			}
			h.dataStart = cr.n
			if h.setDataSize(id != riff.RiffID, riffSize, size, ds64Size) {
				return h, nil
			}
			continue
		case size > maxSmallChunk:
			if fileSize >= 0 && cr.n+padded > fileSize {
				return h, headerCut(nil)
			}
			if _, err := io.CopyN(io.Discard, cr, padded); err != nil {
				return h, headerCut(err)
			}
			continue
		}
		body := make([]byte, padded)
		if n, err := io.ReadFull(cr, body); int64(n) < int64(size) {
			return h, headerCut(err)
		}
		body = body[:size]
		switch id2 {
		case riff.FmtID:
			if err := h.setFormat(parser, body); err != nil {
				return h, err
			}
		case [4]byte{'d', 's', '6', '4'}:
			if len(body) >= 16 {
				if n := binary.LittleEndian.Uint64(body[8:]); n > 0 && n < math.MaxInt64-1<<20 {
					ds64Size = int64(n)
				}
			}
		default:
			h.setRecorded(id2, body, loc)
		}
	}
	return h, badWAV("too many chunks before the samples", nil)
}

// setDataSize settles how many bytes of samples there are, and reports whether there can be any. Recorders that stream,
// or that died, leave 0 or 0xFFFFFFFF and sound up to the end of the file; a 0 that is followed by further chunks
// inside the RIFF is meant.
func (h *wavHeader) setDataSize(is64 bool, riffSize, size uint32, ds64Size int64) bool {
	switch {
	case is64 && (size == unknownSize32 || size == 0):
		h.dataSize = ds64Size
	case size == unknownSize32:
		h.dataSize = -1
	case size == 0:
		h.dataSize = -1
		return riffSize == 0 || riffSize == unknownSize32 || int64(riffSize)+8 <= h.dataStart
	default:
		h.dataSize = int64(size)
	}
	return true
}

func (h *wavHeader) setFormat(parser *riff.Parser, body []byte) error {
	if len(body) < 16 {
		return badWAV("the format chunk is too short", nil)
	}
	// A copy without what follows the common fields: DecodeWavHeader needs no more.
	ch := &riff.Chunk{ID: riff.FmtID, Size: 16, R: bytes.NewReader(body[:16])}
	if err := ch.DecodeWavHeader(parser); err != nil {
		return badWAV("the format chunk cannot be read", err)
	}
	tag, channels, width := parser.WavAudioFormat, int(parser.NumChannels), int(parser.BitsPerSample+7)/8
	if tag == 0xfffe {
		// WAVE_FORMAT_EXTENSIBLE: the format is the start of a GUID with a fixed rest.
		if len(body) < 40 || string(body[26:40]) != "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71" {
			return errForeignCodec
		}
		tag = binary.LittleEndian.Uint16(body[24:])
	}
	if channels == 0 {
		return badWAV("it has no channels", nil)
	}
	if parser.SampleRate < minRate || parser.SampleRate > maxRate {
		return kerbside.E(kerbside.CodeInvalid, "audio.wav", "This WAV file has a sample rate outside 1 to 384 kHz, so its header is damaged or it is not sound. Export it again.", nil)
	}
	// The container of a sample can be wider than its bits: 20 bits in 3 bytes are at the top of the 3.
	if a := int(parser.BlockAlign); a%channels == 0 && a/channels >= width && a/channels <= 8 {
		width = a / channels
	}
	f, ok := sampleFormats(tag, width)
	if !ok {
		return errForeignCodec
	}
	h.sample, h.channels, h.rate, h.frameBytes = f, channels, int(parser.SampleRate), f.bytes*channels
	return nil
}

func sampleFormats(tag uint16, width int) (sampleFormat, bool) {
	le := binary.LittleEndian
	switch {
	case tag == 1 && width == 1:
		return sampleFormat{"pcm_u8", 1, 127. / 128, func(b []byte) float32 { return (float32(b[0]) - 128) / 128 }}, true
	case tag == 1 && width == 2:
		return sampleFormat{"pcm_s16le", 2, 32767. / 32768, func(b []byte) float32 { return float32(int16(le.Uint16(b))) / (1 << 15) }}, true
	case tag == 1 && width == 3:
		return sampleFormat{"pcm_s24le", 3, 8388607. / 8388608, func(b []byte) float32 {
			return float32(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / (1 << 31)
		}}, true
	case tag == 1 && width == 4:
		return sampleFormat{"pcm_s32le", 4, 8388607. / 8388608, func(b []byte) float32 { return float32(int32(le.Uint32(b))) / (1 << 31) }}, true
	case tag == 3 && width == 4:
		return sampleFormat{"pcm_f32le", 4, 1, func(b []byte) float32 { return math.Float32frombits(le.Uint32(b)) }}, true
	case tag == 3 && width == 8:
		return sampleFormat{"pcm_f64le", 8, 1, func(b []byte) float32 { return float32(math.Float64frombits(le.Uint64(b))) }}, true
	case tag == 6 && width == 1:
		return sampleFormat{"pcm_alaw", 1, 32256. / 32768, func(b []byte) float32 { return alaw(b[0]) }}, true
	case tag == 7 && width == 1:
		return sampleFormat{"pcm_mulaw", 1, 32124. / 32768, func(b []byte) float32 { return mulaw(b[0]) }}, true
	}
	return sampleFormat{}, false
}

// alaw and mulaw expand one byte of ITU-T G.711.
func alaw(b byte) float32 {
	b ^= 0x55
	v := int(b&15)<<4 + 8
	if e := int(b >> 4 & 7); e > 0 {
		v = (v + 0x100) << (e - 1)
	}
	if b&0x80 == 0 {
		v = -v
	}
	return float32(v) / 32768
}

func mulaw(b byte) float32 {
	b = ^b
	v := (int(b&15)<<3+0x84)<<(b>>4&7) - 0x84
	if b&0x80 != 0 {
		v = -v
	}
	return float32(v) / 32768
}

// readMetadata walks chunks behind the samples; whatever is wrong with them is no reason to refuse the sound.
func (h *wavHeader) readMetadata(r io.Reader, loc *time.Location) {
	parser := riff.New(r)
	for range maxChunks {
		id, size, err := parser.IDnSize()
		if err != nil {
			return
		}
		padded := int64(size) + int64(size&1)
		if size > maxSmallChunk {
			if _, err := io.CopyN(io.Discard, r, padded); err != nil {
				return
			}
			continue
		}
		body := make([]byte, padded)
		if n, _ := io.ReadFull(r, body); int64(n) < int64(size) {
			return
		}
		h.setRecorded(id, body[:size], loc)
	}
}

// setRecorded takes the date from a bext chunk (EBU Tech 3285), which wins, or from ICRD in LIST INFO.
func (h *wavHeader) setRecorded(id [4]byte, body []byte, loc *time.Location) {
	switch {
	case id == [4]byte{'b', 'e', 'x', 't'} && len(body) >= 338:
		date, clock := string(body[320:330]), string(body[330:338])
		stamp := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, date+clock)
		if t, err := time.ParseInLocation("20060102150405", stamp, loc); err == nil && plausible(t) {
			h.recorded, h.dateOnly = t, false
		} else if t, dateOnly, ok := parseDate(date, loc); ok {
			h.recorded, h.dateOnly = t, dateOnly
		}
	case id == wav.CIDList && len(body) >= 4 && bytes.Equal(body[:4], wav.CIDInfo) && h.recorded.IsZero():
		for b := body[4:]; len(b) >= 8; {
			n := int64(binary.LittleEndian.Uint32(b[4:]))
			if n > int64(len(b)-8) {
				return
			}
			if string(b[:4]) == "ICRD" {
				if t, dateOnly, ok := parseDate(string(b[8:8+n]), loc); ok {
					h.recorded, h.dateOnly = t, dateOnly
				}
			}
			b = b[min(int64(len(b)), 8+n+n&1):]
		}
	}
}

// parseDate reads the ways in which recorders write a date. A year or a month alone is no date of a recording.
func parseDate(s string, loc *time.Location) (t time.Time, dateOnly, ok bool) {
	s = strings.TrimSpace(strings.Trim(s, "\x00"))
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05", "2006:01:02 15:04:05"} {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil && plausible(t) {
			return t, false, true
		}
	}
	for _, layout := range []string{"2006-01-02", "2006:01:02", "2006/01/02", "20060102"} {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil && plausible(t) {
			return t, true, true
		}
	}
	return time.Time{}, false, false
}

// plausible drops the epochs that devices write when their clock was never set (1904, 1970, 1980).
func plausible(t time.Time) bool { return t.Year() > 1985 }

func headerCut(err error) error {
	return kerbside.E(kerbside.CodeInvalid, "audio.wav", "This WAV file ends before its sound begins. Check that the recorder finished saving, and copy the file again.", withoutPath(err))
}

func badWAV(what string, err error) error {
	return kerbside.E(kerbside.CodeInvalid, "audio.wav", fmt.Sprintf("This WAV file's header is damaged: %s. Export it again, or convert it to WAV at 16 kHz.", what), err)
}

// pcmReader turns bytes of samples into float32 at the recording's own rate: one for each frame, or all channels' interleaved.
type pcmReader struct {
	r         io.Reader
	h         wavHeader
	channel   int
	lanes     int   // samples that a frame becomes
	left      int64 // bytes that the header still promises, -1 without end
	buf       []byte
	kept      int // bytes of an incomplete frame at the start of buf
	frames    int64
	samples   int64
	clipped   int64
	nonFinite int64
	truncated bool
}

func newPCMReader(r io.Reader, h wavHeader) *pcmReader {
	frames := max(1, 32768/h.frameBytes)
	return &pcmReader{r: r, h: h, channel: MixDown, lanes: 1, left: h.dataSize, buf: make([]byte, frames*h.frameBytes)}
}

// deliver chooses what frames become, as Options.Channel has it.
func (p *pcmReader) deliver(channel int) {
	p.channel, p.lanes = channel, 1
	if channel == EachChannel {
		p.lanes = p.h.channels
	}
}

// read fills dst with frames and returns how many; io.EOF, possibly together with frames, comes after the last whole one.
func (p *pcmReader) read(dst []float32) (int, error) {
	size := p.h.frameBytes
	buf := p.buf[:min(len(p.buf), len(dst)/p.lanes*size)]
	for {
		room := buf[p.kept:]
		if p.left >= 0 {
			room = room[:min(int64(len(room)), p.left)]
		}
		if len(room) == 0 {
			return 0, io.EOF
		}
		n, err := p.r.Read(room)
		if p.left >= 0 {
			p.left -= int64(n)
		}
		have := p.kept + n
		whole := have / size
		for i := range whole {
			p.frame(buf[i*size:(i+1)*size], dst[i*p.lanes:(i+1)*p.lanes])
		}
		p.kept = copy(buf, buf[whole*size:have])
		p.frames += int64(whole)
		if err != nil {
			p.truncated = p.left > 0 || (p.kept > 0 && p.h.dataSize < 0)
			return whole, err
		}
		if whole > 0 {
			return whole, nil
		}
	}
}

func (p *pcmReader) frame(b []byte, out []float32) {
	width := p.h.sample.bytes
	switch {
	case p.channel >= 0:
		out[0] = p.sample(b[p.channel*width:])
	case p.channel == EachChannel:
		for c := range out {
			out[c] = p.sample(b[c*width:])
		}
	default:
		var sum float32
		for c := range p.h.channels {
			sum += p.sample(b[c*width:])
		}
		out[0] = sum / float32(p.h.channels)
	}
}

func (p *pcmReader) sample(b []byte) float32 {
	v := p.h.sample.decode(b)
	p.samples++
	switch {
	case v != v || v > math.MaxFloat32 || v < -math.MaxFloat32:
		p.nonFinite++
		return 0
	case v >= p.h.sample.max:
		p.clipped++
		return min(v, 1)
	case v <= -p.h.sample.max:
		p.clipped++
		return max(v, -1)
	}
	return v
}

func (p *pcmReader) clippedShare() float64 {
	if p.samples == 0 {
		return 0
	}
	return float64(p.clipped) / float64(p.samples)
}
