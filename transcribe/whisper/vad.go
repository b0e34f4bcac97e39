//go:build cgo

package whisper

/*
#include <stdlib.h>
#include "shim.h"
*/
import "C"

import (
	"context"
	"errors"
	"sync"
	"unsafe"

	"kerbside"
	"kerbside/transcribe"
)

const (
	vadFrame = 512 // samples of one probability (32 ms)
	vadBatch = 128 // frames between two looks at ctx, some 10 ms of work
)

// VAD is Silero's voice detector as a stream. It implements transcribe.VoiceDetector.
//
// whisper.cpp gives each frame to the network alone and carries the recurrent state over, so a stream in pieces has
// the very probabilities of one call.
type VAD struct {
	mu   sync.Mutex
	ctx  *C.struct_whisper_vad_context // nil after Close
	rest []float32                     // of a frame that is not complete
}

var _ transcribe.VoiceDetector = (*VAD)(nil)

// OpenVAD checks and loads a Silero model in whisper.cpp's format. One thread is enough: a frame is small.
func OpenVAD(path string, threads int) (*VAD, error) {
	const op = "whisper.OpenVAD"
	if _, err := checkModelFile(op, path, checkVAD); err != nil {
		return nil, err
	}
	if libraryLog.Load() == nil {
		C.kb_log_to_go()
	}
	cpath := C.CString(path)
	defer C.free(unsafe.Pointer(cpath))
	ctx := C.kb_vad_load(cpath, C.int(max(1, threads)))
	if ctx == nil {
		return nil, kerbside.E(kerbside.CodeUnavailable, op, refusedMessage(path), errors.New("whisper.cpp could not load the voice detector"))
	}
	return &VAD{ctx: ctx, rest: make([]float32, 0, vadFrame)}, nil
}

// FrameSamples is the length of a frame.
func (v *VAD) FrameSamples() int { return vadFrame }

// Detect takes the next samples and returns a probability for each frame that became complete. When ctx ends midway the
// stream has lost its place; Reset it before using it again.
func (v *VAD) Detect(ctx context.Context, samples []float32) ([]float32, error) {
	const op = "whisper.Detect"
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ctx == nil {
		return nil, closed(op)
	}
	out := make([]float32, 0, (len(v.rest)+len(samples))/vadFrame)
	buf := make([]float32, 0, min(len(v.rest)+len(samples), vadBatch*vadFrame))
	buf = append(buf, v.rest...)
	v.rest = v.rest[:0]
	for len(samples) > 0 || len(buf) >= vadFrame {
		if err := ctx.Err(); err != nil {
			return nil, canceled(op, err)
		}
		take := min(len(samples), vadBatch*vadFrame-len(buf))
		for _, s := range samples[:take] {
			if s != s {
				s = 0
			}
			buf = append(buf, max(-1, min(1, s)))
		}
		samples = samples[take:]
		whole := len(buf) / vadFrame * vadFrame
		if whole == 0 {
			break
		}
		if !C.whisper_vad_detect_speech_no_reset(v.ctx, (*C.float)(&buf[0]), C.int(whole)) {
			return nil, kerbside.E(kerbside.CodeInternal, op, "The voice detector failed; try again.", nil)
		}
		probs := unsafe.Slice((*float32)(C.whisper_vad_probs(v.ctx)), int(C.whisper_vad_n_probs(v.ctx)))
		out = append(out, probs...)
		buf = buf[:copy(buf, buf[whole:])]
	}
	v.rest = append(v.rest, buf...)
	return out, nil
}

// Reset starts another stream.
func (v *VAD) Reset() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.rest = v.rest[:0]
	if v.ctx != nil {
		C.whisper_vad_reset_state(v.ctx)
	}
}

// Close frees the model.
func (v *VAD) Close() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ctx != nil {
		C.whisper_vad_free(v.ctx)
		v.ctx = nil
	}
	return nil
}
