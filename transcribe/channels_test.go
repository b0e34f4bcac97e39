package transcribe

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"kerbside"
	"kerbside/transcribe/audio"
)

// fakeChannels is synthetic sound of several channels, read in pieces of a given size.
type fakeChannels struct {
	fakeStream
	channels []func(n int64) float32
	piece    int64
}

func (s *fakeChannels) Lanes() int { return len(s.channels) }
func (s *fakeChannels) Read(ctx context.Context, buf []float32) (int, error) {
	if s.n == s.total {
		return 0, io.EOF
	}
	frames := min(int64(len(buf)/len(s.channels)), s.total-s.n, s.piece)
	for i := range frames {
		for c, at := range s.channels {
			buf[i*int64(len(s.channels))+int64(c)] = at(s.n + i)
		}
	}
	s.n += frames
	return int(frames) * len(s.channels), ctx.Err()
}

func splitTranscript(t *testing.T, r Recognizer, s *fakeChannels) *kerbside.Transcript {
	t.Helper()
	tr := New(Options{Recognizer: r, VoiceDetector: func(context.Context) (VoiceDetector, error) { return &levelDetector{}, nil }})
	tr.open = func(_ context.Context, _ kerbside.Sound, o audio.Options) (stream, error) {
		if o.Channel != audio.EachChannel {
			t.Errorf("channel %d was asked for", o.Channel)
		}
		return s, nil
	}
	var done int64
	got, err := tr.Transcribe(t.Context(), kerbside.Sound{}, kerbside.TranscribeOptions{SplitChannels: true}, func(p kerbside.TranscribeProgress) {
		if p.DoneMS < done {
			t.Errorf("progress went back from %d to %d", done, p.DoneMS)
		}
		done = p.DoneMS
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// later is talk that begins ms later.
func later(ms int64, at func(int64) float32) func(int64) float32 {
	return func(n int64) float32 {
		if n < samplesOf(ms) {
			return 0
		}
		return at(n - samplesOf(ms))
	}
}

func TestEachChannelIsASpeaker(t *testing.T) {
	both := []func(int64) float32{talk(2000, 8000), later(4000, talk(2000, 8000))}
	var want *kerbside.Transcript
	for _, states := range []int{1, 3} {
		for _, piece := range []int64{1001, 16000} {
			s := &fakeChannels{fakeStream: fakeStream{total: seconds(64)}, channels: both, piece: piece}
			got := splitTranscript(t, &hashRecognizer{states: states}, s)
			if want == nil {
				want = got
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%d states, pieces of %d: another transcript", states, piece)
			}
		}
	}
	if len(want.Segments) != 16 {
		t.Fatalf("%d segments, want 16", len(want.Segments))
	}
	for i, s := range want.Segments {
		if speaker := fmt.Sprintf("channel %d", i%2+1); s.Speaker != speaker || s.StartMS < int64(i)*4000-200 || s.EndMS > int64(i)*4000+2300 {
			t.Errorf("segment %d: %+v", i, s)
		}
	}
	for i, w := range want.Words {
		if w.ID != kerbside.WordID(fmt.Sprintf("w%d", i+1)) {
			t.Fatalf("word %d has id %s", i, w.ID)
		}
	}
	if want.Recording.DurationMS != 64_000 || want.Engine.Parameters["channels"] != "apart" {
		t.Errorf("duration %d, parameters %v", want.Recording.DurationMS, want.Engine.Parameters)
	}
}

func TestOddChannels(t *testing.T) {
	silence := func(int64) float32 { return 0 }
	tests := []struct {
		name          string
		channels      []func(int64) float32
		speakers      string
		words, echoes bool
		flags         int
	}{
		{name: "one", channels: []func(int64) float32{talk(2000, 8000)}, speakers: "", words: true},
		{name: "silent second", channels: []func(int64) float32{talk(2000, 8000), silence}, speakers: "channel 1", words: true},
		{name: "silent first", channels: []func(int64) float32{silence, talk(2000, 8000)}, speakers: "channel 2", words: true},
		{name: "the same twice", channels: []func(int64) float32{talk(2000, 8000), talk(2000, 8000)}, speakers: "channel 1", words: true, echoes: true},
		{name: "none speaks", channels: []func(int64) float32{silence, silence}, flags: 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := splitTranscript(t, &hashRecognizer{states: 2}, &fakeChannels{fakeStream: fakeStream{total: seconds(20)}, channels: test.channels, piece: 7001})
			speakers := map[string]bool{}
			for _, s := range got.Segments {
				speakers[s.Speaker] = true
			}
			if test.words && (len(speakers) != 1 || !speakers[test.speakers]) || test.words != (len(got.Words) > 0) || len(got.Flags) != test.flags {
				t.Errorf("speakers %v, %d words, flags %v", speakers, len(got.Words), got.Flags)
			}
			if (len(got.Removed) > 0) != test.echoes {
				t.Errorf("removed %v", got.Removed)
			}
			for _, r := range got.Removed {
				if r.Reason != RemovedEcho || r.Text == "" {
					t.Errorf("removed %+v", r)
				}
			}
		})
	}
}

// said makes a lane whose words begin every 300 ms from startMS on, at a level.
func said(l *lane, startMS int64, rms float32, text string) *lane {
	if l == nil {
		l = &lane{words: assembler{t: &kerbside.Transcript{}}}
		l.levels.rms = make([]float32, 300)
	}
	for i, f := range strings.Fields(text) {
		start := startMS + int64(i)*300
		end := start + 250
		l.words.t.Words = append(l.words.t.Words, kerbside.Word{Text: f, StartMS: &start, EndMS: &end})
		for at := start / envelopeStepMS; at <= end/envelopeStepMS; at++ {
			l.levels.rms[at] = rms * (1 + 0.3*float32(at%3))
		}
	}
	return l
}

// quietly adds what a second microphone hears of somebody else.
func quietly(l *lane, startMS int64, rms float32, steps int) *lane {
	for i := range steps {
		l.levels.rms[int(startMS/envelopeStepMS)+i] = rms * (1 + 0.2*float32(i%4))
	}
	return l
}

func TestMergeKeepsPhrasesWhole(t *testing.T) {
	a := said(nil, 1000, 0.3, "I went to the house on Monday. Nobody was in.")
	b := said(nil, 2000, 0.3, "Which day? Right.")
	var tr kerbside.Transcript
	mergeLanes(&tr, []*lane{a, b})
	if got, want := textOfWords(tr.Words), "I went to the house on Monday. Which day? Right. Nobody was in."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(tr.Segments) != 3 || tr.Segments[0].Speaker != "channel 1" || tr.Segments[1].Speaker != "channel 2" || tr.Segments[2].FirstWord != "w11" {
		t.Errorf("segments %+v", tr.Segments)
	}
	if *tr.Words[7].StartMS != 2000 {
		t.Errorf("the second speaker's first word is at %d", *tr.Words[7].StartMS)
	}
}

func TestEcho(t *testing.T) {
	const sentence = "She was not at school on Friday."
	tests := []struct {
		name   string
		a, b   *lane
		echoes []string
		left   string
	}{
		{"picked up by the other microphone", said(nil, 1000, 0.3, sentence), said(nil, 1100, 0.05, sentence), []string{sentence}, sentence},
		{"and misheard there", said(nil, 1000, 0.3, sentence), said(nil, 1100, 0.02, "He was not a fool on Friday."), []string{"He was not a fool on Friday."}, sentence},
		{"the second channel is the louder one", said(nil, 1000, 0.03, sentence), said(nil, 1000, 0.3, sentence), []string{sentence}, sentence},
		{"other words at the same time are kept", said(nil, 1000, 0.3, sentence), said(nil, 1000, 0.05, "I do not think that is right."), nil, sentence + " I do not think that is right."},
		{"the same words said later are kept", said(nil, 1000, 0.3, sentence), said(nil, 9000, 0.05, sentence), nil, sentence + " " + sentence},
		{"two people say yes", said(nil, 1000, 0.3, "Yes."), said(nil, 1000, 0.12, "Yes."), nil, "Yes. Yes."},
		{"the same yes", said(nil, 1000, 0.3, "Yes."), said(nil, 1000, 0.03, "Yes."), []string{"Yes."}, "Yes."},
		{"both say it, as loud", said(nil, 1000, 0.3, sentence), quietly(said(nil, 1000, 0.3, sentence), 1000, 0.25, 22), nil, sentence + " " + sentence},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var tr kerbside.Transcript
			mergeLanes(&tr, []*lane{test.a, test.b})
			var echoes []string
			for _, r := range tr.Removed {
				echoes = append(echoes, r.Text)
			}
			if got := textOfWords(tr.Words); got != test.left || !reflect.DeepEqual(echoes, test.echoes) {
				t.Errorf("left %q, echoes %q", got, echoes)
			}
		})
	}
}
