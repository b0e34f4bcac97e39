// Package transcribe turns sound into a transcript: it decodes and resamples, finds speech, cuts it into windows at
// pauses, has each window recognised, and assembles words on the recording's own clock.
//
// Samples are mono float32 at 16 kHz in [-1,1] everywhere in this package; times are int64 milliseconds from the start
// of the recording unless a name says otherwise.
package transcribe

import "context"

// SampleRate is the number of samples a second of everything that passes between decoding and recognition.
const SampleRate = 16000

// Recognizer turns one window of speech into tokens. Implementations: transcribe/whisper (in process, cgo) and
// transcribe/engine (a child process that holds a transcribe/whisper). Methods may be called from several goroutines.
type Recognizer interface {
	// Recognize decodes one window of at most 30 s. Nothing is carried over from earlier calls but what p.Prompt says.
	// It returns promptly (200 ms) with ctx's error when ctx ends.
	Recognize(ctx context.Context, samples []float32, p DecodeParams) (Result, error)
	// Info describes the engine and the model that is loaded.
	Info() EngineInfo
	Close() error
}

// VoiceDetector gives the probability of speech for each frame of a stream.
type VoiceDetector interface {
	// Detect takes the next samples of the stream and returns one probability in [0,1] for each whole frame of
	// FrameSamples that became complete. State is carried from call to call until Reset.
	Detect(ctx context.Context, samples []float32) ([]float32, error)
	// FrameSamples is the length of a frame (512 for Silero).
	FrameSamples() int
	Reset()
	Close() error
}

// DecodeParams are the settings of one call.
type DecodeParams struct {
	Language    string  `json:"language"`              // as in Whisper's tokenizer, e.g. "en"
	BeamSize    int     `json:"beam_size,omitempty"`   // 0 or 1 is greedy
	AudioCtx    int     `json:"audio_ctx,omitempty"`   // encoder positions (20 ms each), 0 is all 1500
	Temperature float32 `json:"temperature,omitempty"` // 0 is deterministic
	Prompt      string  `json:"prompt,omitempty"`      // words given as context, never returned
	WordTimes   bool    `json:"word_times,omitempty"`  // fill Token.StartMS and EndMS
	// NoTimestamps has the model write text only, no marks of time between phrases: it hears a little otherwise, and
	// writes less punctuation. An engine that needs the marks for WordTimes ignores it.
	NoTimestamps bool `json:"no_timestamps,omitempty"`
}

// Token is one text token as the model wrote it; special tokens are left out.
type Token struct {
	ID      int     `json:"id"`
	Text    string  `json:"text"`     // raw bytes of the token: a character may be split over two tokens
	P       float32 `json:"p"`        // the model's probability of this token
	StartMS int64   `json:"start_ms"` // from the start of the window; both zero without WordTimes
	EndMS   int64   `json:"end_ms"`
}

// Result is what the model wrote for one window.
type Result struct {
	Tokens     []Token `json:"tokens"`
	AvgLogProb float32 `json:"avg_logprob"` // mean natural logarithm of P over the tokens, 0 without tokens
}

// EngineInfo names the engine that made a result.
type EngineInfo struct {
	Name        string `json:"name"`         // "whisper.cpp"
	Version     string `json:"version"`      // as the library reports it
	Model       string `json:"model"`        // file name without extension, e.g. "ggml-base-q8_0"
	ModelSHA256 string `json:"model_sha256"` // of the file, hex
	SystemInfo  string `json:"system_info"`  // instruction sets in use, as the library reports them
	States      int    `json:"states"`       // windows that it decodes at one time
	Device      string `json:"device"`       // what it decodes on: "CPU", or the graphics processor's names
}
