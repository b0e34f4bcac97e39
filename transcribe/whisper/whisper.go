//go:build cgo

// Package whisper recognises speech with whisper.cpp and finds it with Silero's voice detector. It holds all the C of
// this project.
//
// The Go binding of whisper.cpp gives the model's type, its vocabulary and the way to free it. The shim adds what the
// binding lacks: several decoder states on one model, an end on demand, options when loading, a stream of voice
// probabilities, the library's log, and ggml's quantiser.
//
// A fault inside C ends the process; run this in a child process where that matters.
package whisper

/*
#cgo LDFLAGS: -lwhisper -Wl,--start-group -lggml -lggml-cpu -lggml-base -Wl,--end-group -lm -lstdc++
#include <stdlib.h>
#include "kernels.h"
#include "shim.h"
*/
import "C"

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unsafe"

	binding "github.com/ggerganov/whisper.cpp/bindings/go"

	"kerbside"
	"kerbside/transcribe"
)

const (
	maxSamples    = 30 * transcribe.SampleRate // what the encoder sees at one time
	minSamples    = transcribe.SampleRate      // shorter windows are padded; some releases read past short buffers
	maxBeam       = 8                          // whisper.cpp's own limit
	positionSize  = transcribe.SampleRate / 50 // samples of one encoder position (20 ms)
	exactRound    = 32                         // of the encoder positions of a call
	positionRound = 256                        // the same where the library's flash attention reads stale padding at other sizes
)

// Options say how a model is loaded.
type Options struct {
	States    int  // windows decoded at one time; 0: one a CPU, at most 4
	Threads   int  // threads of each state; 0: the CPUs shared out over the states
	FlashAttn bool // faster and smaller on every backend that was tried
	GPU       bool // use one when the library was built with such a backend and there is one
	Log       *slog.Logger

	PlainKernels bool // ggml's in place of this package's, in the whole process: to compare them
}

// DefaultOptions suit this machine: states rather than threads. Threads of one state wait for each other by spinning many
// times in each step, which costs a little on an idle machine and many times the work on a busy one.
func DefaultOptions() Options {
	return Options{FlashAttn: true, GPU: true}
}

func (o Options) withDefaults() Options {
	if o.States <= 0 {
		o.States = min(runtime.NumCPU(), 4)
	}
	if o.Threads <= 0 {
		o.Threads = max(1, runtime.NumCPU()/o.States)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Engine is one model and the states that decode with it. It implements transcribe.Recognizer.
type Engine struct {
	model *binding.Context
	info  transcribe.EngineInfo
	audio int // encoder positions of a full window
	round int // sizes of the encoder's context are multiples of it

	jobs    chan *job
	life    context.Context // ends with Close
	end     context.CancelFunc
	workers sync.WaitGroup
	once    sync.Once
}

var _ transcribe.Recognizer = (*Engine)(nil)

type job struct {
	ctx     context.Context
	samples []float32
	params  transcribe.DecodeParams
	result  transcribe.Result
	err     error
	done    chan struct{}
}

// Open checks the model file at path, loads it and makes the states. A file that is not a whole and sane ggml model of
// Whisper is refused with CodeInvalid before the library sees it.
func Open(path string, o Options) (*Engine, error) {
	const op = "whisper.Open"
	o = o.withDefaults()
	sum, err := checkModelFile(op, path, checkModel)
	if err != nil {
		return nil, err
	}
	setLogger(o.Log)
	if o.PlainKernels {
		setPlain(true)
	}
	cpath := C.CString(path)
	defer C.free(unsafe.Pointer(cpath))
	ctx := C.kb_load(cpath, C.bool(o.FlashAttn), C.bool(o.GPU))
	if ctx == nil {
		return nil, kerbside.E(kerbside.CodeUnavailable, op, refusedMessage(path), errors.New("whisper.cpp could not load the model"))
	}
	e := &Engine{model: (*binding.Context)(unsafe.Pointer(ctx)), jobs: make(chan *job)}
	e.audio, e.round = e.model.Whisper_n_audio_ctx(), positionRound
	if !o.FlashAttn || o.Threads == 1 && bool(C.kb_exact_context()) {
		e.round = exactRound
	}
	states := make([]*C.kb_state, 0, o.States)
	for range o.States {
		s := C.kb_state_new(ctx)
		if s == nil {
			for _, s := range states {
				C.kb_state_free(s)
			}
			e.model.Whisper_free()
			return nil, kerbside.E(kerbside.CodeUnavailable, op,
				fmt.Sprintf("There is not enough memory for %d decoders; ask for fewer.", o.States),
				errors.New("whisper_init_state failed"))
		}
		states = append(states, s)
	}
	e.life, e.end = context.WithCancel(context.Background())
	e.info = transcribe.EngineInfo{
		Name:        "whisper.cpp",
		Version:     C.GoString(C.whisper_version()),
		Model:       strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)),
		ModelSHA256: sum,
		SystemInfo:  strings.TrimSpace(binding.Whisper_print_system_info()),
		States:      o.States,
		Device:      device(o.GPU),
	}
	for _, s := range states {
		e.workers.Add(1)
		go e.work(s, o.Threads)
	}
	return e, nil
}

// Info describes the engine and the model that is loaded.
func (e *Engine) Info() transcribe.EngineInfo { return e.info }

// Close ends what is running, waits for it, and frees the model. Later calls of Recognize fail.
func (e *Engine) Close() error {
	e.once.Do(func() {
		e.end()
		e.workers.Wait()
		e.model.Whisper_free()
	})
	return nil
}

// Recognize decodes one window of at most 30 s. It waits for a free state. When ctx ends it returns at once; the state
// is busy until its running step is over (one pass of the encoder at most), then serves others.
//
// AudioCtx is rounded up to a multiple of 32, or of 256 where the library needs that, and to what the window needs; nothing of the window is left out. Samples
// outside [-1,1] are clipped and those that are not numbers become silence. At Temperature above 0 the result depends
// on earlier calls, since each state goes on with its own random numbers.
func (e *Engine) Recognize(ctx context.Context, samples []float32, p transcribe.DecodeParams) (transcribe.Result, error) {
	const op = "whisper.Recognize"
	if err := e.checkCall(samples, p); err != nil {
		return transcribe.Result{}, err
	}
	if len(samples) == 0 {
		return transcribe.Result{}, ctx.Err()
	}
	if p.Language == "" {
		p.Language = "en"
	}
	p.AudioCtx = e.audioCtx(p.AudioCtx, len(samples))
	j := &job{ctx: ctx, samples: window(samples), params: p, done: make(chan struct{})}
	select {
	case e.jobs <- j:
	case <-ctx.Done():
		return transcribe.Result{}, canceled(op, ctx.Err())
	case <-e.life.Done():
		return transcribe.Result{}, closed(op)
	}
	select {
	case <-j.done:
		return j.result, j.err
	case <-ctx.Done():
		return transcribe.Result{}, canceled(op, ctx.Err())
	}
}

func (e *Engine) checkCall(samples []float32, p transcribe.DecodeParams) error {
	const op = "whisper.Recognize"
	switch {
	case len(samples) > maxSamples:
		return kerbside.E(kerbside.CodeInvalid, op, "A window may hold 30 seconds at most.", nil)
	case p.BeamSize < 0 || p.BeamSize > maxBeam:
		return kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("The beam size is %d; use 1 to %d.", p.BeamSize, maxBeam), nil)
	case p.Temperature < 0 || p.Temperature > 1 || math.IsNaN(float64(p.Temperature)):
		return kerbside.E(kerbside.CodeInvalid, op, "The temperature has to be between 0 and 1.", nil)
	case p.Language != "" && !knownLanguage(p.Language):
		return kerbside.E(kerbside.CodeInvalid, op, "The language is not one of Whisper's; use its code, as en or cy.", nil)
	case e.model.Whisper_is_multilingual() == 0 && p.Language != "" && p.Language != "en":
		return kerbside.E(kerbside.CodeInvalid, op, "This model knows English only; choose one without .en in its name.", nil)
	}
	return nil
}

// knownLanguage accepts codes only. The library also takes names, and makes "" and "auto" a guess.
func knownLanguage(code string) bool {
	c := C.CString(code)
	defer C.free(unsafe.Pointer(c))
	id := C.whisper_lang_id(c)
	return id >= 0 && C.GoString(C.whisper_lang_str(id)) == code
}

// audioCtx gives the encoder positions to use, 0 for all.
func (e *Engine) audioCtx(asked, samples int) int {
	if asked <= 0 {
		return 0
	}
	n := max(asked, (samples+positionSize-1)/positionSize)
	n = (n + e.round - 1) / e.round * e.round
	if n >= e.audio {
		return 0
	}
	return n
}

// window copies samples, so that the caller may go on with its buffer when a call is left early.
func window(samples []float32) []float32 {
	w := make([]float32, max(len(samples), minSamples))
	for i, v := range samples {
		if v != v {
			continue
		}
		w[i] = max(-1, min(1, v))
	}
	return w
}

// work decodes with one state until Close. It keeps to one thread of the system, because OpenMP keeps helpers for each
// thread that calls it.
func (e *Engine) work(s *C.kb_state, threads int) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer e.workers.Done()
	defer C.kb_state_free(s)
	for {
		select {
		case j := <-e.jobs:
			j.result, j.err = e.decode(s, threads, j)
			close(j.done)
		case <-e.life.Done():
			return
		}
	}
}

func (e *Engine) decode(s *C.kb_state, threads int, j *job) (transcribe.Result, error) {
	const op = "whisper.Recognize"
	language := C.CString(j.params.Language)
	defer C.free(unsafe.Pointer(language))
	var prompt *C.char
	if j.params.Prompt != "" {
		prompt = C.CString(strings.ReplaceAll(j.params.Prompt, "\x00", " "))
		defer C.free(unsafe.Pointer(prompt))
	}
	p := (*C.kb_params)(C.calloc(1, C.sizeof_kb_params))
	defer C.free(unsafe.Pointer(p))
	p.threads = C.int(threads)
	p.beam_size = C.int(j.params.BeamSize)
	p.audio_ctx = C.int(j.params.AudioCtx)
	p.temperature = C.float(j.params.Temperature)
	p.word_times = C.bool(j.params.WordTimes)
	p.no_timestamps = C.bool(j.params.NoTimestamps)
	p.language = language
	p.prompt = prompt

	ctx, stop := context.WithCancel(j.ctx)
	defer stop()
	defer context.AfterFunc(e.life, stop)()
	C.kb_arm(s)
	canceling := make(chan struct{})
	unwatch := context.AfterFunc(ctx, func() {
		defer close(canceling)
		C.kb_cancel(s)
	})
	rc := C.kb_run((*C.struct_whisper_context)(unsafe.Pointer(e.model)), s, (*C.float)(&j.samples[0]), C.int(len(j.samples)), p)
	if !unwatch() {
		<-canceling // it still holds s
	}
	switch {
	case rc == C.KB_CANCELED && j.ctx.Err() != nil:
		return transcribe.Result{}, canceled(op, j.ctx.Err())
	case rc == C.KB_CANCELED:
		return transcribe.Result{}, closed(op)
	case rc != 0:
		return transcribe.Result{}, kerbside.E(kerbside.CodeInternal, op,
			"A stretch of the recording could not be recognised; the recording is safe. Try again.",
			fmt.Errorf("whisper_full_with_state: %d", int(rc)))
	}
	return e.result(s, j), nil
}

// result reads the tokens of the last call and leaves out the special ones.
func (e *Engine) result(s *C.kb_state, j *job) transcribe.Result {
	n := int(C.kb_token_count(s))
	if n == 0 {
		return transcribe.Result{}
	}
	raw := make([]C.kb_token, n)
	C.kb_tokens(s, &raw[0])
	eot := int32(e.model.Whisper_token_eot())
	lengthMS := int64(len(j.samples)) * 1000 / transcribe.SampleRate
	r := transcribe.Result{Tokens: make([]transcribe.Token, 0, n)}
	var sum float64
	var aligned []C.int
	if n := int(C.kb_aligned(s)); n > 0 {
		aligned = unsafe.Slice(C.kb_begins(s), n+1)
	}
	for _, t := range raw {
		if int32(t.id) >= eot {
			continue
		}
		token := transcribe.Token{ID: int(t.id), Text: e.model.Whisper_token_to_str(binding.Token(t.id)), P: float32(t.p)}
		sum += math.Log(max(float64(t.p), math.SmallestNonzeroFloat32))
		if i := len(r.Tokens); j.params.WordTimes && i+1 < len(aligned) {
			t.t0, t.t1 = 2*C.int64_t(aligned[i]), 2*C.int64_t(aligned[i+1])
		}
		if j.params.WordTimes {
			token.StartMS = min(max(int64(t.t0)*10, 0), lengthMS)
			token.EndMS = min(max(int64(t.t1)*10, token.StartMS), lengthMS)
		}
		r.Tokens = append(r.Tokens, token)
	}
	if len(r.Tokens) == 0 {
		return transcribe.Result{}
	}
	r.AvgLogProb = float32(sum / float64(len(r.Tokens)))
	return r
}

// device names what a model is loaded onto: "CPU" where no graphics processor is wanted, or none was found that the library was built for.
func device(gpu bool) string {
	if d := C.kb_gpu(); gpu && d.name != nil {
		return fmt.Sprintf("%s (%s)", C.GoString(d.name), C.GoString(d.description))
	}
	return "CPU"
}

// NativeKey names the build of the library, as scripts/setup-native.sh keys it.
func NativeKey() string { return C.GoString(C.kb_native_key()) }

// Version is the release of whisper.cpp that is linked.
func Version() string { return C.GoString(C.whisper_version()) }

// SystemInfo lists the instruction sets and backends in use, as the library reports them.
func SystemInfo() string { return strings.TrimSpace(binding.Whisper_print_system_info()) }

// Languages lists the codes that a multilingual model knows, sorted.
func Languages() []string {
	codes := make([]string, 0, binding.Whisper_lang_max_id()+1)
	for id := range binding.Whisper_lang_max_id() + 1 {
		codes = append(codes, binding.Whisper_lang_str(id))
	}
	slices.Sort(codes)
	return codes
}

func canceled(op string, err error) error {
	return kerbside.E(kerbside.CodeCanceled, op, "It was stopped before it was done.", err)
}

func closed(op string) error {
	return kerbside.E(kerbside.CodeUnavailable, op, "The speech engine is shutting down; try again.", nil)
}

func refusedMessage(path string) string {
	return fmt.Sprintf("The model %s could not be loaded; get it again with: kerbside models pull", filepath.Base(path))
}

// checkModelFile reads the file once, for its sum, and has check look at its structure.
func checkModelFile(op, path string, check func(io.ReadSeeker, int64) error) (sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return "", kerbside.E(kerbside.CodeNotFound, op,
				fmt.Sprintf("There is no model %s; get it with: kerbside models pull", filepath.Base(path)), err)
		}
		return "", kerbside.E(kerbside.CodeUnavailable, op, refusedMessage(path), err)
	}
	defer func() { _ = f.Close() }() // it was only read
	st, err := f.Stat()
	if err != nil || !st.Mode().IsRegular() {
		return "", kerbside.E(kerbside.CodeInvalid, op, refusedMessage(path), errors.Join(err, errors.New("not a regular file")))
	}
	if err := check(f, st.Size()); err != nil {
		return "", kerbside.E(kerbside.CodeInvalid, op,
			fmt.Sprintf("The model %s is damaged or of another kind; get it again with: kerbside models pull", filepath.Base(path)), err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", kerbside.E(kerbside.CodeUnavailable, op, refusedMessage(path), err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", kerbside.E(kerbside.CodeUnavailable, op, refusedMessage(path), err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
