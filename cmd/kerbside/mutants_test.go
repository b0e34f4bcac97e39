//go:build cgo && linux

package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kerbside"
)

var (
	mutants    = flag.Int("mutants", 48, "damaged files of TestMutants")
	mutantTime = flag.Duration("mutant-time", 0, "begin no further file of TestMutants after this time; 0: go on until all were sent")
	mutantSeed = flag.Uint64("mutant-seed", 1, "what TestMutants' damage is drawn from; with a number of a file, it gives that file again")
)

// slowMutant is how long one damaged file of a second may keep its visit waiting.
const slowMutant = 3 * time.Minute

// TestMutants sends damaged sound files of many formats through a real server with the real engine: as files, and as pieces of a recording that is
// listened to while it arrives. Nothing may crash, hang, or be left open, and a good file afterwards goes through as before. make prove-mutants asks for 10,000.
func TestMutants(t *testing.T) {
	dir := t.TempDir()
	seeds := mutantSeeds(t, dir)
	p := startProgram(t, dir)
	s := &mutantSender{t: t, p: p, outcomes: map[string]int{}}
	for _, good := range seeds { // whatever is opened once and kept is open now
		s.send("good before "+good.name, good.name, good.b, false)
	}
	s.goodFile(seeds, "before")
	before := p.held(t)
	s.outcomes = map[string]int{}
	began := time.Now()
	var next, sent atomic.Int64
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			for {
				n := int(next.Add(1))
				if n > *mutants || t.Failed() || *mutantTime > 0 && time.Since(began) > *mutantTime {
					return
				}
				sent.Add(1)
				name, b := mutant(seeds, n)
				s.send(fmt.Sprint("mutant ", n), name, b, n%5 == 0)
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	s.goodFile(seeds, "after")
	after := p.settled(t, before)
	t.Logf("%d damaged files of %d formats (seed %d), in %.0f s; the slowest was settled after %.1f s", sent.Load(), len(seeds), *mutantSeed, took.Seconds(), s.slowest.Seconds())
	for _, k := range slices.Sorted(mapKeys(s.outcomes)) {
		t.Logf("%6d  %s", s.outcomes[k], k)
	}
	t.Logf("held before: %s", before)
	t.Logf("held after:  %s", after)
	for _, line := range p.warnings() {
		t.Logf("log: %s", line)
	}
	p.stop(t)
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"kerbside", "verify", "--data", p.data}, strings.NewReader(""), &out, &errs); code != exitDone {
		t.Errorf("kerbside verify ended with %d: %s%s", code, out.String(), errs.String())
	}
	t.Logf("verify: %s", strings.TrimSpace(out.String()))
}

func mapKeys(m map[string]int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// sound is a small valid file.
type sound struct {
	name string
	b    []byte
}

const mutantSentence = "Laura was at home with both children."

// mutantSeeds says a sentence into files of the formats that phones, browsers and recorders write.
func mutantSeeds(t *testing.T, dir string) []sound {
	t.Helper()
	wav := filepath.Join(dir, "said.wav")
	speakTo(t, wav, "slt", "0.2", mutantSentence)
	var out []sound
	for _, f := range []struct {
		name string
		args []string
	}{
		{"s16.wav", []string{"-ar", "16000", "-ac", "1", "-c:a", "pcm_s16le"}},
		{"stereo.wav", []string{"-ar", "44100", "-ac", "2", "-c:a", "pcm_f32le", "-metadata", "date=2026-03-03"}},
		{"law.wav", []string{"-ar", "8000", "-ac", "1", "-c:a", "pcm_mulaw"}},
		{"gsm.wav", []string{"-ar", "8000", "-ac", "1", "-c:a", "adpcm_ms"}},
		{"a.mp3", []string{"-c:a", "libmp3lame", "-b:a", "48k", "-metadata", "title=x"}},
		{"a.m4a", []string{"-c:a", "aac", "-b:a", "48k"}},
		{"front.m4a", []string{"-c:a", "aac", "-b:a", "48k", "-movflags", "+faststart"}},
		{"a.ogg", []string{"-c:a", "libvorbis", "-q:a", "1"}},
		{"a.opus", []string{"-c:a", "libopus", "-b:a", "24k"}},
		{"a.webm", []string{"-c:a", "libopus", "-b:a", "24k"}},
		{"a.flac", []string{"-ar", "16000", "-c:a", "flac"}},
		{"a.3gp", []string{"-c:a", "aac", "-b:a", "32k"}},
		{"a.wma", []string{"-c:a", "wmav2", "-b:a", "48k"}},
		{"a.caf", []string{"-ar", "16000", "-c:a", "pcm_s16be"}},
		{"a.w64", []string{"-ar", "16000", "-c:a", "pcm_s16le"}},
		{"a.au", []string{"-ar", "8000", "-c:a", "pcm_mulaw"}},
		{"a.aiff", []string{"-ar", "16000"}},
		{"a.aac", []string{"-c:a", "aac", "-b:a", "48k"}},
	} {
		path := filepath.Join(dir, f.name)
		must(t, "ffmpeg", append(append([]string{"-v", "error", "-i", wav}, f.args...), path)...)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, sound{f.name, b})
	}
	return out
}

// mutant makes the n-th damaged file: always the same for one seed.
func mutant(seeds []sound, n int) (name string, b []byte) {
	r := rand.New(rand.NewPCG(*mutantSeed, uint64(n)))
	from := seeds[r.IntN(len(seeds))]
	b = slices.Clone(from.b)
	for range 1 + r.IntN(4) {
		b = damage(r, b, seeds)
	}
	return from.name, b
}

// damage changes bytes in one of the ways that break parsers: more often near the start, where headers are.
func damage(r *rand.Rand, b []byte, seeds []sound) []byte {
	if len(b) < 16 {
		return append(b, seeds[r.IntN(len(seeds))].b[:64]...)
	}
	at := r.IntN(len(b))
	if r.IntN(2) == 0 {
		at = r.IntN(min(len(b), 256))
	}
	n := 1 + r.IntN(min(64, len(b)-at))
	switch r.IntN(9) {
	case 0: // bits
		for range 1 + r.IntN(20) {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
	case 1: // values that are edges
		b[at] = []byte{0, 1, 0x7f, 0x80, 0xfe, 0xff}[r.IntN(6)]
	case 2: // sizes and counts
		size := []uint32{0, 1, 0x7fffffff, 0x80000000, 0xffffffff, uint32(len(b)), 1 << 16}[r.IntN(7)]
		for i := range min(4, len(b)-at) {
			shift := 8 * i
			if r.IntN(2) == 0 {
				shift = 24 - shift
			}
			b[at+i] = byte(size >> shift)
		}
	case 3: // cut off
		return b[:at+1]
	case 4: // a hole
		return slices.Delete(b, at, at+n)
	case 5: // twice
		return slices.Insert(b, at, slices.Clone(b[at:at+n])...)
	case 6: // noise
		for i := range n {
			b[at+i] = byte(r.Uint32())
		}
	case 7: // a part of another file, of another format at times
		o := seeds[r.IntN(len(seeds))].b
		from := r.IntN(len(o))
		return append(b[:at], o[from:]...)
	case 8: // parts change places
		to := r.IntN(len(b))
		m := min(n, len(b)-to)
		for i := range m {
			b[at+i], b[to+i] = b[to+i], b[at+i]
		}
	}
	return b
}

// mutantSender sends files as the sample worker and waits for what became of them.
type mutantSender struct {
	t *testing.T
	p *serverChild

	mu       sync.Mutex
	outcomes map[string]int
	slowest  time.Duration
}

type mutantVisit struct {
	State, Reason string
	Recordings    []struct{ ID, State string }
	Transcripts   []struct{ Transcript kerbside.Transcript }
	Open          []struct{ Kind string }
}

// ask asks again when it was told to wait a little.
func (s *mutantSender) ask(method, path, body string, header map[string]string) (int, []byte) {
	for {
		status, answer := s.p.ask(s.t, method, path, body, header)
		if status != http.StatusTooManyRequests {
			return status, answer
		}
		time.Sleep(time.Second)
	}
}

// send sends a file, waits until nothing more happens with it, and counts what became of it.
func (s *mutantSender) send(id, name string, b []byte, live bool) (v mutantVisit) {
	began := time.Now()
	visit, refused := s.take(id, name, b, live)
	outcome := "refused when it arrived: " + refused
	if refused == "" {
		for end := began.Add(slowMutant); ; time.Sleep(100 * time.Millisecond) {
			v = mutantVisit{}
			if status, body := s.ask(http.MethodGet, "/api/visits/"+visit, "", nil); status != http.StatusOK {
				s.t.Errorf("%s (%s): its visit gives %d %s", id, name, status, body)
				return v
			} else if err := json.Unmarshal(body, &v); err != nil {
				s.t.Error(err)
				return v
			}
			if v.State == "drafted" || v.State == "failed" {
				break
			}
			if time.Now().After(end) {
				s.keep(id, name, b)
				s.t.Errorf("%s (%s) is %s still after %v", id, name, v.State, slowMutant)
				return v
			}
		}
		outcome = s.outcome(id, name, v)
		if strings.HasPrefix(outcome, "fault") {
			s.keep(id, name, b)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outcomes[outcome]++
	s.slowest = max(s.slowest, time.Since(began))
	return v
}

// keep leaves a file that made trouble where KERBSIDE_MUTANTS names a folder.
func (s *mutantSender) keep(id, name string, b []byte) {
	if folder := os.Getenv("KERBSIDE_MUTANTS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, strings.ReplaceAll(id, " ", "-")+"-"+name), b, filePerm); err != nil {
			s.t.Error(err)
		}
	}
}

func (s *mutantSender) outcome(id, name string, v mutantVisit) string {
	words := 0
	for _, t := range v.Transcripts {
		words += len(t.Transcript.Words)
	}
	unusable := len(v.Recordings) == 1 && v.Recordings[0].State == "unusable"
	switch {
	case v.State == "drafted" && words > 0:
		return "words were heard"
	case v.State == "drafted":
		return "it was read, and nothing was said in it"
	case unusable: // refused for good, with its reason; its bytes are kept
		return "kept, not readable: " + strings.TrimPrefix(v.Reason, "A recording could not be turned into words; it is kept. ")
	}
	s.t.Errorf("%s (%s): %s", id, name, v.Reason) // three tries did not do: something other than the file is at fault
	return "fault: " + v.Reason
}

// take gives the visit that a file became, or why it was refused.
func (s *mutantSender) take(id, name string, b []byte, live bool) (visit, refused string) {
	s.t.Helper()
	var made struct{ ID, Visit, Detail string }
	call := func(method, path, kind string, header map[string]string, body []byte) bool {
		h := map[string]string{"Content-Type": kind}
		for k, v := range header {
			h[k] = v
		}
		status, answer := s.ask(method, path, string(body), h)
		if err := json.Unmarshal(answer, &made); err != nil || status >= 500 {
			s.t.Errorf("%s (%s): %s gives %d %.200s", id, name, path, status, answer)
			refused = "fault"
			return false
		}
		if status != http.StatusOK {
			refused = made.Detail
		}
		return status == http.StatusOK
	}
	if !live {
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		_ = w.WriteField("client_id", id)
		part, err := w.CreateFormFile("file", name)
		if err == nil {
			_, err = part.Write(b)
		}
		if err != nil || w.Close() != nil {
			s.t.Error(err)
		}
		call(http.MethodPost, "/api/uploads", w.FormDataContentType(), nil, form.Bytes())
		return made.Visit, refused
	}
	if !call(http.MethodPost, "/api/recordings", "application/json", nil, fmt.Appendf(nil, `{"client_id":%q,"name":%q}`, id, name)) {
		return "", refused
	}
	at, visit := "/api/recordings/"+made.ID, made.Visit
	size := len(b)/3 + 1
	for seq, rest := 0, b; len(rest) > 0; seq++ {
		piece := rest[:min(size, len(rest))]
		rest = rest[len(piece):]
		if !call(http.MethodPut, fmt.Sprintf("%s/takes/1/chunks/%d", at, seq), "application/octet-stream", map[string]string{"X-Content-SHA256": kerbside.HexSHA256(piece)}, piece) {
			return "", refused
		}
	}
	call(http.MethodPost, at+"/finish", "application/json", nil, fmt.Appendf(nil, `{"sha256":%q}`, kerbside.HexSHA256(b)))
	return visit, refused
}

// goodFile sends an undamaged file and wants its words.
func (s *mutantSender) goodFile(seeds []sound, when string) {
	s.t.Helper()
	v := s.send("good file "+when, "s16.wav", slices.Concat(seeds[0].b, []byte(when)), false) // bytes behind the sound: no recording is the same twice
	if v.State != "drafted" || len(v.Transcripts) != 1 || !strings.Contains(v.Transcripts[0].Transcript.Text, "home with both children") {
		s.t.Fatalf("a good file %s the damaged ones: %s %s %+v", when, v.State, v.Reason, v.Transcripts)
	}
}

// ask sends one request as the sample worker.
func (p *serverChild) ask(t *testing.T, method, path, body string, header map[string]string) (int, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	res, err := p.client.Do(req)
	if err != nil {
		t.Errorf("the server does not answer: %v", err)
		return 0, nil
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return res.StatusCode, b
}
