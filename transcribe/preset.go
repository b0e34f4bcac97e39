package transcribe

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"kerbside"
	"kerbside/transcribe/wording"
)

// The presets.
const (
	PresetAccurate = "accurate" // the default: keeps up with live speech at least twice over on two cores
	PresetFast     = "fast"
)

// pipelineVersion goes up whenever the same samples and settings may give another transcript, so that results which
// are stored under their inputs are not mistaken for each other.
const pipelineVersion = 7

// settings are everything but model and sound that decides a transcript.
type settings struct {
	Pipeline int    `json:"pipeline"`
	Preset   string `json:"preset"`
	Language string `json:"language"`

	Beam         int  `json:"beam"`                    // of all attempts but the last, which is greedy
	ContextFloor int  `json:"context_floor"`           // least encoder positions of the first attempt
	NoTimestamps bool `json:"no_timestamps,omitempty"` // see DecodeParams
	Carry        int  `json:"carry,omitempty"`         // bytes of what was heard before that a window is told at most

	Hearings []hearing `json:"hearings,omitempty"` // further ways to decode a window
	Doubt    string    `json:"doubt"`              // of the table by which words are doubted, its hash shortened

	Prompt string         `json:"prompt,omitempty"`
	Speech speechSettings `json:"speech"`
	Window windowSettings `json:"window"`

	Wording *wording.Settings `json:"wording,omitempty"`
}

// speechSettings decide where speech is. The lengths were measured together with Silero's frames of 32 ms: two paddings
// are no longer than the shortest pause, so that padded stretches never overlap.
type speechSettings struct {
	Enter        float32 `json:"enter"`          // probability from which a frame begins speech
	Leave        float32 `json:"leave"`          // probability below which a frame may end it
	MinSpeechMS  int64   `json:"min_speech_ms"`  // a shorter stretch is a click
	MinSilenceMS int64   `json:"min_silence_ms"` // a shorter pause does not end a stretch
	PaddingMS    int64   `json:"padding_ms"`     // kept on either side of a stretch
}

// windowSettings decide which stretches are recognised together.
type windowSettings struct {
	MaxMS       int64 `json:"max_ms"`        // a window is never longer
	TargetMS    int64 `json:"target_ms"`     // stretches are joined up to this length; one that is longer stays whole up to MaxMS
	JoinPauseMS int64 `json:"join_pause_ms"` // a longer pause always closes a window
	KeepPauseMS int64 `json:"keep_pause_ms"` // of a longer pause inside a window only this much is kept
}

func newSettings(o kerbside.TranscribeOptions) (settings, error) {
	// What each choice costs and brings: `make bench-choices`. Longer windows, the full context and a high-pass filter were tried on dictations in the noise
	// of a car 5 dB below the speech, too, and bring nothing there or make it worse. Joining over longer pauses costs accuracy.
	s := settings{
		Pipeline: pipelineVersion, Preset: o.Preset, Language: o.Language, Prompt: promptOf(o.Terms),
		Beam: 5, ContextFloor: 768, Carry: maxTold - len(promptOf(o.Terms)),
		Hearings: []hearing{{Speed: 0.93, Beam: 1, Floor: 512}},
		Speech:   speechSettings{Enter: 0.5, Leave: 0.35, MinSpeechMS: 100, MinSilenceMS: 300, PaddingMS: 150},
		Window:   windowSettings{MaxMS: 27_000, TargetMS: 14_500, JoinPauseMS: 700, KeepPauseMS: 700},
	}
	if s.Language == "" {
		s.Language = "en"
	}
	switch o.Preset {
	case "", PresetAccurate:
		s.Preset = PresetAccurate
	case PresetFast:
		s.Beam, s.ContextFloor, s.NoTimestamps, s.Carry, s.Hearings = 2, 640, true, 0, nil
	default:
		return s, kerbside.E(kerbside.CodeInvalid, "transcribe.Transcribe", fmt.Sprintf("There is no preset %q. Choose %q or %q.", o.Preset, PresetAccurate, PresetFast), nil)
	}
	return s, nil
}

// maxPrompt bounds the terms in a prompt, in bytes, and maxTold all of it: Whisper takes the last 220 tokens or so, and a name may be several.
const (
	maxPrompt = 400
	maxTold   = 700
)

// promptOf makes of names and terms the words that come before every window. Terms that do not fit are left out, the last first.
func promptOf(terms []string) string {
	var b strings.Builder
	for _, t := range terms {
		t = strings.Join(strings.Fields(t), " ")
		if t == "" || b.Len()+len(t)+2 > maxPrompt {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(t)
	}
	if b.Len() > 0 {
		b.WriteByte('.')
	}
	return b.String()
}

// parameters gives s as it stands in a transcript, and the canonical text that goes into the transcript's id.
func (s settings) parameters() (map[string]any, string, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, "", err
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, "", err
	}
	return m, string(b), nil
}

// samplesOf turns milliseconds into samples.
func samplesOf(ms int64) int64 { return ms * SampleRate / 1000 }

// msOf turns samples into milliseconds, rounded down.
func msOf(samples int64) int64 { return samples * 1000 / SampleRate }

func secondsOf(samples int64) float64 {
	return (time.Duration(samples) * time.Second / SampleRate).Seconds()
}
