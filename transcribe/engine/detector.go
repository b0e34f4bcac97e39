package engine

import (
	"context"
	"errors"
	"time"

	"kerbside"
	"kerbside/transcribe"
)

const (
	replayFrames  = 64 // about two seconds: what a fresh detector hears again before it goes on where a lost one stopped
	detectTimeout = 30 * time.Second
)

// VoiceDetector begins a stream of voice detection in the child for that.
func (c *Client) VoiceDetector(ctx context.Context) (transcribe.VoiceDetector, error) {
	d := &detector{s: c.detector}
	if err := d.open(ctx); err != nil {
		return nil, err
	}
	return d, nil
}

// detector is one stream. Like any VoiceDetector it is for one goroutine.
type detector struct {
	s      *supervisor
	p      *process
	stream uint64
	frame  int
	tail   []float32 // the last samples, from the start of a frame
}

// open begins the stream in a child, and lets it hear the tail again.
func (d *detector) open(ctx context.Context) error {
	p, err := d.s.get(ctx)
	if err != nil {
		return err
	}
	r, err := p.call(ctx, message{Type: typeOpen}, nil, detectTimeout)
	if err != nil {
		return err
	}
	d.p, d.stream, d.frame = p, r.m.ID, p.hello.Frame
	if d.frame <= 0 {
		return kerbside.E(kerbside.CodeInternal, "engine.VoiceDetector", "", errors.New("hello without a frame"))
	}
	if len(d.tail) > 0 {
		_, err = p.call(ctx, message{Type: typeDetect, Stream: d.stream}, d.tail, detectTimeout)
	}
	return err
}

// FrameSamples is the length of a frame.
func (d *detector) FrameSamples() int { return d.frame }

// Detect takes the next samples of the stream. A child that is lost is replaced once.
func (d *detector) Detect(ctx context.Context, samples []float32) ([]float32, error) {
	var out []float32
	for len(samples) > 0 {
		n := min(len(samples), maxSamples)
		part, err := d.detect(ctx, samples[:n])
		if errors.Is(err, errLost) {
			d.s.o.Log.Warn("voice detection lost; starting it again", "err", err)
			if err = d.open(ctx); err == nil {
				part, err = d.detect(ctx, samples[:n])
			}
		}
		if err != nil {
			if errors.Is(err, errLost) {
				err = kerbside.E(kerbside.CodeUnavailable, "engine.Detect", "Voice detection failed twice. Run `kerbside doctor`, then try again; the recording is safe.", err)
			}
			return nil, err
		}
		d.remember(samples[:n])
		out = append(out, part...)
		samples = samples[n:]
	}
	return out, nil
}

func (d *detector) detect(ctx context.Context, samples []float32) ([]float32, error) {
	r, err := d.p.call(ctx, message{Type: typeDetect, Stream: d.stream}, samples, detectTimeout)
	if err == nil {
		d.s.proved()
	}
	return r.samples, err
}

// remember keeps the last samples, whole frames and what has begun of the next.
func (d *detector) remember(samples []float32) {
	d.tail = append(d.tail, samples...)
	if drop := len(d.tail)/d.frame - replayFrames; drop > 0 {
		n := copy(d.tail, d.tail[drop*d.frame:])
		d.tail = d.tail[:n]
	}
}

// Reset starts the stream anew.
func (d *detector) Reset() {
	d.tail = d.tail[:0]
	ctx, cancel := context.WithTimeout(context.Background(), detectTimeout)
	defer cancel()
	// A child that is lost here is replaced by the next Detect.
	_, _ = d.p.call(ctx, message{Type: typeReset, Stream: d.stream}, nil, detectTimeout)
}

// Close ends the stream.
func (d *detector) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), detectTimeout)
	defer cancel()
	_, err := d.p.call(ctx, message{Type: typeClose, Stream: d.stream}, nil, detectTimeout)
	if errors.Is(err, errLost) {
		return nil
	}
	return err
}
