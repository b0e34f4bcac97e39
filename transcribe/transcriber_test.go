package transcribe

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/transcribe/audio"
)

func TestSameResultForAnyNumberOfStates(t *testing.T) {
	var want *kerbside.Transcript
	for _, states := range []int{1, 2, 4} {
		r := &hashRecognizer{states: states, delay: 4 * time.Millisecond}
		got := mustTranscribe(t, r, &fakeStream{total: seconds(300), at: talk(2300, 3900)})
		if want == nil {
			want = got
			if len(got.Words) < 100 || len(got.Segments) < 50 {
				t.Fatalf("%d words in %d segments", len(got.Words), len(got.Segments))
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%d states give another transcript", states)
		}
		if most := r.most.Load(); most > int64(states) || states > 1 && most < 2 {
			t.Errorf("%d windows at a time with %d states", most, states)
		}
	}
}

func TestProgressGivesTheWordsInOrder(t *testing.T) {
	r := &hashRecognizer{states: 4, delay: 3 * time.Millisecond}
	var words []kerbside.Word
	var last int64
	s := &fakeStream{total: seconds(120), at: talk(1500, 3000), info: audio.Info{DurationMS: 120_000}}
	tr, err := newFake(r, s).Transcribe(t.Context(), kerbside.Sound{}, kerbside.TranscribeOptions{}, func(p kerbside.TranscribeProgress) {
		if p.DoneMS < last || p.TotalMS != 120_000 {
			t.Errorf("progress %d of %d after %d", p.DoneMS, p.TotalMS, last)
		}
		last = p.DoneMS
		words = append(words, p.Words...)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(words) != len(tr.Words) || last != 120_000 {
		t.Fatalf("%d words reported, %d in the transcript; done %d", len(words), len(tr.Words), last)
	}
	for i := range words {
		if words[i].ID != tr.Words[i].ID || words[i].Text != tr.Words[i].Text {
			t.Fatalf("word %d: reported %v, is %v", i, words[i], tr.Words[i])
		}
	}
}

func TestWordTimesAreOfTheRecording(t *testing.T) {
	tr := mustTranscribe(t, &hashRecognizer{states: 2}, &fakeStream{total: seconds(60), at: talk(2000, 10_000)})
	if len(tr.Segments) != 6 {
		t.Fatalf("%d segments, want 6", len(tr.Segments))
	}
	for i, s := range tr.Segments {
		start := int64(i) * 10_000
		if s.StartMS < start-200 || s.StartMS > start+50 || s.EndMS > start+2200 {
			t.Errorf("segment %d from %d to %d, speech begins at %d", i, s.StartMS, s.EndMS, start)
		}
	}
}

func TestNoSpeechNoCall(t *testing.T) {
	r := &hashRecognizer{states: 2}
	tr := mustTranscribe(t, r, &fakeStream{total: seconds(95), at: func(int64) float32 { return 0.001 }})
	if r.calls.Load() != 0 || len(tr.Words) != 0 || tr.Text != "" || len(tr.Flags) != 1 || tr.Flags[0] != kerbside.FlagNoSpeech {
		t.Errorf("calls %d, words %d, flags %v", r.calls.Load(), len(tr.Words), tr.Flags)
	}
	if tr.Recording.DurationMS != 95_000 || tr.Recording.Kind != kerbside.KindDebrief || !kerbside.IsHexSHA256(tr.Recording.SHA256) {
		t.Errorf("recording %+v", tr.Recording)
	}
}

func TestFlags(t *testing.T) {
	quiet := func(n int64) float32 { return talk(1000, 2000)(n) }
	s := &fakeStream{total: seconds(4), at: quiet, info: audio.Info{Truncated: true, Clipped: 0.01}}
	tr := mustTranscribe(t, &hashRecognizer{states: 1}, s)
	if !reflect.DeepEqual(tr.Flags, kerbside.List[kerbside.SoundFlag]{kerbside.FlagTruncated, kerbside.FlagClipped}) {
		t.Errorf("flags %v", tr.Flags)
	}
}

func TestFailedWindowBecomesAGap(t *testing.T) {
	r := &hashRecognizer{states: 2, fail: func(_ int64, samples []float32) error {
		if len(samples) > SampleRate*4 {
			return errors.New("crashed")
		}
		return nil
	}}
	long := func(n int64) float32 { // one stretch of 5 s among stretches of 1 s
		if ms := msOf(n); ms > 10_000 && ms < 15_000 {
			return 0.4
		}
		return talk(1000, 5000)(n)
	}
	tr := mustTranscribe(t, r, &fakeStream{total: seconds(30), at: long})
	if len(tr.Gaps) != 1 || tr.Gaps[0].Reason != GapEngineFailed || tr.Gaps[0].StartMS > 10_100 || tr.Gaps[0].EndMS < 14_900 {
		t.Errorf("gaps %v", tr.Gaps)
	}
	if len(tr.Words) == 0 {
		t.Error("no words from the other windows")
	}
}

func TestErrors(t *testing.T) {
	broken := errors.New("broken")
	down := kerbside.E(kerbside.CodeUnavailable, "x", "The engine is down.", nil)
	tests := []struct {
		name   string
		err    error
		stream error
		preset string
		want   kerbside.Code
	}{
		{name: "every window fails", err: broken, want: kerbside.CodeUnavailable},
		{name: "engine is not to be had", err: down, want: kerbside.CodeUnavailable},
		{name: "sound breaks off", stream: kerbside.E(kerbside.CodeInvalid, "audio", "Bad sound.", nil), want: kerbside.CodeInvalid},
		{name: "unknown preset", preset: "best", want: kerbside.CodeInvalid},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			r := &hashRecognizer{states: 2, fail: func(int64, []float32) error { return test.err }}
			s := &fakeStream{total: seconds(30), at: talk(1000, 3000), err: test.stream}
			tr, err := newFake(r, s).Transcribe(t.Context(), kerbside.Sound{}, kerbside.TranscribeOptions{Preset: test.preset}, nil)
			if tr != nil || kerbside.CodeOf(err) != test.want {
				t.Errorf("got %v, %v; want code %s", tr, err, test.want)
			}
			noMoreGoroutines(t, before)
		})
	}
}

// closing is a stream that tells whether it was closed.
type closing struct {
	fakeStream
	closed int
}

func (s *closing) Close() error {
	s.closed++
	return nil
}

func TestWhatCannotBegin(t *testing.T) {
	down := kerbside.E(kerbside.CodeUnavailable, "x", "The engine is down.", nil)
	s := &closing{}
	tr := newFake(&hashRecognizer{states: 1}, &s.fakeStream)
	tr.open = func(context.Context, kerbside.Sound, audio.Options) (stream, error) { return s, nil }
	tr.o.VoiceDetector = func(context.Context) (VoiceDetector, error) { return nil, down }
	if _, err := tr.Transcribe(t.Context(), kerbside.Sound{}, kerbside.TranscribeOptions{}, nil); kerbside.CodeOf(err) != kerbside.CodeUnavailable || s.closed != 1 {
		t.Errorf("got %v, closed %d times", err, s.closed)
	}
	tr.open = func(context.Context, kerbside.Sound, audio.Options) (stream, error) {
		return nil, kerbside.E(kerbside.CodeInvalid, "x", "This is no sound.", nil)
	}
	if _, err := tr.Transcribe(t.Context(), kerbside.Sound{}, kerbside.TranscribeOptions{}, nil); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Errorf("got %v", err)
	}
}

func TestCancel(t *testing.T) {
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := &hashRecognizer{states: 4, delay: time.Minute, fail: func(int64, []float32) error { return nil }}
	time.AfterFunc(50*time.Millisecond, cancel)
	start := time.Now()
	_, err := newFake(r, &fakeStream{total: seconds(3600), at: talk(1000, 3000)}).Transcribe(ctx, kerbside.Sound{}, kerbside.TranscribeOptions{}, nil)
	if kerbside.CodeOf(err) != kerbside.CodeCanceled {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v", took)
	}
	noMoreGoroutines(t, before)
}

// noMoreGoroutines waits a moment for goroutines to end.
func noMoreGoroutines(t *testing.T, before int) {
	t.Helper()
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	buf := make([]byte, 1<<16)
	t.Errorf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
}

func TestIDFollowsFromInputs(t *testing.T) {
	ids := map[kerbside.TranscriptID]string{}
	for _, preset := range []string{PresetAccurate, PresetFast} {
		for _, length := range []float64{10, 11} {
			for range 2 {
				s := &fakeStream{total: seconds(length), at: talk(1000, 3000)}
				tr, err := newFake(&hashRecognizer{states: 1}, s).Transcribe(t.Context(), kerbside.Sound{}, kerbside.TranscribeOptions{Preset: preset}, nil)
				if err != nil {
					t.Fatal(err)
				}
				ids[tr.ID] = preset
			}
		}
	}
	if len(ids) != 4 {
		t.Errorf("%d ids for 4 inputs: %v", len(ids), ids)
	}
}

// TestMemoryDoesNotGrowWithLength compares the heap at the end of 3 hours with that of 5 minutes.
func TestMemoryDoesNotGrowWithLength(t *testing.T) {
	at := func(n int64) float32 {
		if msOf(n)%4000 < 3000 {
			return 0.3
		}
		return 0
	}
	peak := func(total int64) uint64 {
		var most uint64
		var m runtime.MemStats
		r := &quietRecognizer{}
		s := &fakeStream{total: total, at: at}
		calls := 0
		_, err := newFake(r, s).Transcribe(t.Context(), kerbside.Sound{}, kerbside.TranscribeOptions{}, func(kerbside.TranscribeProgress) {
			if calls++; calls%50 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return most
	}
	short, long := peak(seconds(300)), peak(seconds(3*3600))
	t.Logf("5 minutes: %d KiB, 3 hours: %d KiB", short>>10, long>>10)
	if long > short+4<<20 {
		t.Errorf("the heap grew from %d to %d bytes", short, long)
	}
}

// quietRecognizer writes one word for a window.
type quietRecognizer struct{ hashRecognizer }

func (r *quietRecognizer) Recognize(context.Context, []float32, DecodeParams) (Result, error) {
	return Result{Tokens: []Token{{Text: " word", P: 0.9, StartMS: 100, EndMS: 2900}}}, nil
}

func TestFallbackLadder(t *testing.T) {
	loop := strings.Repeat(" and then we went home", 5)
	var asked []DecodeParams
	r := &scriptedRecognizer{asked: &asked, texts: []string{loop, loop, " and then we went home"}}
	tr := mustTranscribe(t, r, &fakeStream{total: seconds(5), at: talk(3000, 10_000)})
	if tr.Text != "and then we went home" || len(tr.Removed) != 0 {
		t.Errorf("%q, removed %v", tr.Text, tr.Removed)
	}
	if len(asked) != 3 || asked[0].AudioCtx != 768 || asked[1].AudioCtx != 0 || asked[2].AudioCtx != 0 || asked[1].BeamSize == asked[2].BeamSize {
		t.Errorf("asked %+v", asked)
	}
	asked = nil
	r = &scriptedRecognizer{asked: &asked, texts: []string{loop, loop, loop}}
	tr = mustTranscribe(t, r, &fakeStream{total: seconds(5), at: talk(3000, 10_000)})
	if tr.Text != "and then we went home" || len(tr.Removed) != 1 || tr.Removed[0].Reason != RemovedLoop {
		t.Errorf("%q, removed %v", tr.Text, tr.Removed)
	}
}

// scriptedRecognizer gives its texts one after the other, a token a word.
type scriptedRecognizer struct {
	hashRecognizer
	texts []string
	asked *[]DecodeParams
}

func (r *scriptedRecognizer) Recognize(_ context.Context, samples []float32, p DecodeParams) (Result, error) {
	text := r.texts[len(*r.asked)%len(r.texts)]
	*r.asked = append(*r.asked, p)
	return tokensOf(text, int64(len(samples))/16), nil
}

// tokensOf makes a token of each word of text, spread evenly over ms.
func tokensOf(text string, ms int64) Result {
	fields := strings.Fields(text)
	r := Result{AvgLogProb: -0.2}
	for i, f := range fields {
		r.Tokens = append(r.Tokens, Token{Text: " " + f, P: 0.9, StartMS: ms * int64(i) / int64(len(fields)), EndMS: ms * int64(i+1) / int64(len(fields))})
	}
	return r
}
