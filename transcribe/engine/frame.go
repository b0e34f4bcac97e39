package engine

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"kerbside"
	"kerbside/transcribe"
)

// protocolVersion is what both sides must have; they are the same binary, unless it was replaced while the parent ran.
const protocolVersion = 1

// A frame is magic, length of the header, number of samples (all 4 bytes, little endian), the header as JSON, the samples as
// float32. The limits hold for both sides.
const (
	frameMagic = "KBE1"
	maxHeader  = 1 << 20
	maxSamples = 31 * transcribe.SampleRate
)

// The types of message.
const (
	typeHello   = "hello"   // both: the first message; the child's says that it is ready
	typeRefused = "refused" // child: instead of hello, why it cannot work; it then ends
	typeWindow  = "window"  // parent: decode the samples
	typeCancel  = "cancel"  // parent: the answer to ID is not wanted any more
	typeOpen    = "open"    // parent: begin a stream for voice detection, named by ID
	typeDetect  = "detect"  // parent: the next samples of Stream
	typeReset   = "reset"   // parent: start Stream anew
	typeClose   = "close"   // parent: end Stream
	typeDone    = "done"    // child: the answer to ID
	typeError   = "error"   // child: ID failed, the child goes on
)

// The roles of a child.
const (
	roleRecognizer = "recognizer"
	roleDetector   = "detector"
)

// message is the header of a frame.
type message struct {
	Type    string                   `json:"type"`
	ID      uint64                   `json:"id,omitempty"`
	Stream  uint64                   `json:"stream,omitempty"`
	Version int                      `json:"version,omitempty"`
	Role    string                   `json:"role,omitempty"`
	Info    *transcribe.EngineInfo   `json:"info,omitempty"`
	Frame   int                      `json:"frame,omitempty"` // samples of a detector's frame
	Params  *transcribe.DecodeParams `json:"params,omitempty"`
	Result  *wireResult              `json:"result,omitempty"`
	Code    kerbside.Code            `json:"code,omitempty"`
	Message string                   `json:"message,omitempty"` // safe to show
	Detail  string                   `json:"detail,omitempty"`  // for the log
}

// wireResult is a transcribe.Result whose texts survive JSON though they may hold half a character.
type wireResult struct {
	Tokens     []wireToken `json:"tokens"`
	AvgLogProb float32     `json:"avg_logprob"`
}

type wireToken struct {
	ID      int     `json:"id"`
	Text    []byte  `json:"text"`
	P       float32 `json:"p"`
	StartMS int64   `json:"start_ms"`
	EndMS   int64   `json:"end_ms"`
}

func toWire(r transcribe.Result) *wireResult {
	w := &wireResult{Tokens: make([]wireToken, len(r.Tokens)), AvgLogProb: finite(r.AvgLogProb)}
	for i, t := range r.Tokens {
		w.Tokens[i] = wireToken{ID: t.ID, Text: []byte(t.Text), P: finite(t.P), StartMS: t.StartMS, EndMS: t.EndMS}
	}
	return w
}

func (w *wireResult) result() transcribe.Result {
	r := transcribe.Result{Tokens: make([]transcribe.Token, len(w.Tokens)), AvgLogProb: w.AvgLogProb}
	for i, t := range w.Tokens {
		r.Tokens[i] = transcribe.Token{ID: t.ID, Text: string(t.Text), P: t.P, StartMS: t.StartMS, EndMS: t.EndMS}
	}
	return r
}

// finite makes a number that JSON can hold.
func finite(x float32) float32 {
	if f := float64(x); math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return x
}

// errFrame is a frame that breaks the protocol. What follows it in the stream cannot be read.
var errFrame = errors.New("broken frame")

// frameReader reads frames.
type frameReader struct{ r *bufio.Reader }

func newFrameReader(r io.Reader) *frameReader { return &frameReader{bufio.NewReaderSize(r, 64<<10)} }

// read gives the next frame; io.EOF only between frames. It reserves memory for what has arrived, not for what is announced.
func (f *frameReader) read() (message, []float32, error) {
	var m message
	var head [12]byte
	if _, err := io.ReadFull(f.r, head[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return m, nil, fmt.Errorf("%w: ends in its head", errFrame)
		}
		return m, nil, err
	}
	size, n := binary.LittleEndian.Uint32(head[4:]), binary.LittleEndian.Uint32(head[8:])
	switch {
	case string(head[:4]) != frameMagic:
		return m, nil, fmt.Errorf("%w: magic", errFrame)
	case size > maxHeader:
		return m, nil, fmt.Errorf("%w: header of %d bytes", errFrame, size)
	case n > maxSamples:
		return m, nil, fmt.Errorf("%w: %d samples", errFrame, n)
	}
	header, err := io.ReadAll(io.LimitReader(f.r, int64(size)))
	if err != nil {
		return m, nil, err
	}
	if len(header) < int(size) {
		return m, nil, fmt.Errorf("%w: ends in its header", errFrame)
	}
	if err := json.Unmarshal(header, &m); err != nil {
		return m, nil, fmt.Errorf("%w: header is no message", errFrame) // without the decoder's error, which quotes
	}
	samples, err := f.samples(int(n))
	return m, samples, err
}

func (f *frameReader) samples(n int) ([]float32, error) {
	if n == 0 {
		return nil, nil
	}
	samples := make([]float32, 0, min(n, 16<<10))
	var block [4096]byte
	for len(samples) < n {
		b := block[:min(len(block), 4*(n-len(samples)))]
		if _, err := io.ReadFull(f.r, b); err != nil {
			return nil, fmt.Errorf("%w: ends in its samples", errFrame)
		}
		for ; len(b) > 0; b = b[4:] {
			samples = append(samples, math.Float32frombits(binary.LittleEndian.Uint32(b)))
		}
	}
	return samples, nil
}

// frameWriter writes whole frames; it may be used from several goroutines.
type frameWriter struct {
	mu  sync.Mutex
	w   io.Writer
	buf []byte
}

func (f *frameWriter) write(m message, samples []float32) error {
	header, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if len(header) > maxHeader || len(samples) > maxSamples {
		return fmt.Errorf("%w: too large to send", errFrame)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	b := f.buf[:0]
	b = append(b, frameMagic...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(header)))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(samples)))
	b = append(b, header...)
	for _, x := range samples {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	f.buf = b
	_, err = f.w.Write(b)
	return err
}
