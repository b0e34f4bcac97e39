package llm_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"kerbside"
	"kerbside/extract/llm"
)

const dictation = "Visited the Calders on Monday. Mum, Joss, has not been drinking, she says. Wren told me he hides when Pete shouts. I will ring the school by Friday. Ring the school, she said."

const secretKey = "sk-very-secret"

func source(t testing.TB, text string) []*kerbside.Source {
	t.Helper()
	tr, err := kerbside.TypedTranscript(text)
	if err != nil {
		t.Fatal(err)
	}
	return []*kerbside.Source{kerbside.NewSource(tr)}
}

// endpoint is a scripted server: one step a request, the last one for all that follow.
type endpoint struct {
	*httptest.Server
	mu    sync.Mutex
	asked []map[string]any
	auth  []string
}

type step func(w http.ResponseWriter, r *http.Request)

func serve(t testing.TB, steps ...step) *endpoint {
	t.Helper()
	e := &endpoint{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		_ = json.NewDecoder(r.Body).Decode(&body)
		e.mu.Lock()
		n := len(e.asked)
		e.asked, e.auth = append(e.asked, body), append(e.auth, r.Header.Get("Authorization"))
		e.mu.Unlock()
		steps[min(n, len(steps)-1)](w, r)
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *endpoint) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.asked)
}

// streams answers as servers do: in pieces, then a reason to stop, what it cost, and the end.
func streams(content, finish string) step {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		send := func(v any) {
			b, _ := json.Marshal(v)
			fmt.Fprintf(w, "data: %s\n\n", b)
		}
		for i := 0; i < len(content); i += 40 {
			send(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]any{"content": content[i:min(len(content), i+40)]}}}})
		}
		if finish != "" {
			send(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]any{}, "finish_reason": finish}}})
		}
		send(map[string]any{"choices": []any{}, "usage": map[string]any{"total_tokens": 321}})
		fmt.Fprint(w, "data: [DONE]\n\n")
	}
}

func status(code int) step {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"error": {"message": "you sent: %s with %s"}}`, dictation, secretKey)
	}
}

func raw(text string) step {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
}

const good = `{"risks": [{"quote": "wren told me he hides  when pete shouts", "polarity": "affirmed", "temporality": "current", "attribution": "child_said", "who": "Wren"}],
 "strengths": [], "actions": [{"quote": "I will ring the school by Friday", "owner": "worker", "due": "by Friday", "status": "planned"}],
 "child_voice": [{"quote": "he hides when Pete shouts", "child": "Wren"}], "people": [{"quote": "Mum, Joss", "name": "Joss", "role": "mum", "presence": "present"}],
 "visit": [{"quote": "Visited the Calders on Monday", "field": "date", "value": "Monday"}]}`

func engine(t testing.TB, url string, change func(*llm.Options)) *llm.Engine {
	t.Helper()
	o := llm.Options{URL: url, Model: "m", Key: secretKey, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
	if change != nil {
		change(&o)
	}
	e, err := llm.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestPropose(t *testing.T) {
	var seen []llm.Progress
	server := serve(t, streams(good, "stop"))
	e := engine(t, server.URL, func(o *llm.Options) { o.Progress = func(p llm.Progress) { seen = append(seen, p) } })
	s := source(t, dictation)
	r, err := e.Propose(context.Background(), s, kerbside.ExtractOptions{VisitDate: "2026-03-03"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Risks) != 1 || r.Risks[0].Evidence[0].Quote != "Wren told me he hides when Pete shouts" || r.Risks[0].Standing != kerbside.Proposed || s[0].Check(r.Risks[0].Evidence[0]) != nil {
		t.Errorf("risks: %+v", r.Risks)
	}
	if len(r.Actions) != 1 || len(r.ChildVoice) != 1 || r.ChildVoice[0].Mode != kerbside.VoiceParaphrase || len(r.Attendees) != 1 || r.Visit.Date.Value != "Monday" || len(r.Warnings) != 0 {
		t.Errorf("%+v", r)
	}
	if len(seen) == 0 || seen[len(seen)-1].Part != 1 || seen[len(seen)-1].Parts != 1 || seen[len(seen)-1].Tokens != len(seen) {
		t.Errorf("progress: %+v", seen)
	}
	asked := server.asked[0]
	format, _ := json.Marshal(asked["response_format"])
	if server.auth[0] != "Bearer "+secretKey || asked["stream"] != true || asked["max_tokens"] != 1500.0 || !strings.Contains(string(format), `"json_schema"`) || !strings.Contains(string(format), `"child_voice"`) {
		t.Errorf("asked: %v %s", asked, format)
	}
	if got := e.Name(); got != "llm/1 m proposals/1" {
		t.Errorf("name %q", got)
	}
	user := asked["messages"].([]any)[1].(map[string]any)["content"].(string)
	lines := strings.Split(strings.TrimSpace(user), "\n")
	marker := lines[len(lines)-1]
	if !strings.HasPrefix(marker, "=====") || strings.Count(user, marker) != 2 || !strings.Contains(user, marker+"\n"+dictation+"\n"+marker) {
		t.Errorf("the text is not enclosed: %q", user)
	}
}

// TestFailures holds what every bad endpoint comes to: an error without a word of the dictation or the key, after so many requests.
func TestFailures(t *testing.T) {
	elsewhere := serve(t, streams(good, "stop"))
	for name, c := range map[string]struct {
		steps  []step
		asked  int
		reason string
	}{
		"busy":               {[]step{status(429)}, 3, "status 429"},
		"broken":             {[]step{status(500)}, 3, "status 500"},
		"no key":             {[]step{status(401)}, 1, "status 401"},
		"no model":           {[]step{status(404)}, 1, "status 404"},
		"no stream":          {[]step{raw(`{"choices": [{"message": {"content": "` + dictation + `"}}]}`)}, 3, "not_the_form"},
		"an error in stream": {[]step{raw("data: {\"error\": {\"message\": \"" + dictation + "\"}}\n\n")}, 3, "not_the_form"},
		"not JSON":           {[]step{streams("I am sorry, "+dictation, "stop")}, 3, "not_the_form"},
		"another form":       {[]step{streams(`{"risks": "none, `+dictation+`"}`, "stop")}, 3, "not_the_form"},
		"cut off":            {[]step{streams(good[:200], "length")}, 1, "answer_cut_off"},
		"hung up": {[]step{func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "data: {\"cho")
			panic(http.ErrAbortHandler)
		}}, 3, "not_the_form|connection"},
		"a flood": {[]step{func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat("data: x", 10000)); err != nil {
					return
				}
			}
		}}, 1, "answer_too_long"},
		"an endless answer": {[]step{func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := fmt.Fprintf(w, "data: {\"choices\": [{\"index\": 0, \"delta\": {\"content\": \"%s\"}}]}\n\n", strings.Repeat("0", 9000)); err != nil {
					return
				}
			}
		}}, 1, "answer_too_long"},
		"a redirect": {[]step{func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/v1/chat/completions", http.StatusTemporaryRedirect)
		}}, 1, "redirect"},
		"drips": {[]step{func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				fmt.Fprint(w, "data: {\"choices\": [{\"index\": 0, \"delta\": {\"content\": \"{\"}}]}\n\n")
				w.(http.Flusher).Flush()
				time.Sleep(5 * time.Millisecond)
			}
		}}, 1, "timeout"},
		"silence": {[]step{func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }}, 1, "timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			server := serve(t, c.steps...)
			e := engine(t, server.URL, func(o *llm.Options) {
				o.Log = slog.New(slog.NewTextHandler(&log, nil))
				if name == "silence" || name == "drips" {
					o.Timeout = 500 * time.Millisecond // a busy machine has asked by then
				}
			})
			r, err := e.Propose(context.Background(), source(t, dictation), kerbside.ExtractOptions{})
			if err == nil || r != nil || kerbside.CodeOf(err) != kerbside.CodeUnavailable {
				t.Fatalf("%+v, %v", r, err)
			}
			if n := server.count(); n != c.asked {
				t.Errorf("%d requests, want %d", n, c.asked)
			}
			if said := map[string]string{"no key": "refuses the key", "no model": "does not know the model", "silence": "did not answer in time", "busy": "no answer that can be used"}[name]; !strings.Contains(kerbside.MessageOf(err), said) {
				t.Errorf("said %q, want %q", kerbside.MessageOf(err), said)
			}
			matched := false
			for _, reason := range strings.Split(c.reason, "|") {
				matched = matched || strings.Contains(err.Error(), reason)
			}
			if !matched {
				t.Errorf("%v, want %s", err, c.reason)
			}
			for _, text := range []string{err.Error(), log.String(), fmt.Sprintf("%+v", err), fmt.Sprint(errors.Unwrap(err))} {
				for _, secret := range []string{secretKey, "Wren", "Joss", "shouts"} {
					if strings.Contains(text, secret) {
						t.Errorf("%q tells %q", text, secret)
					}
				}
			}
		})
	}
	if n := elsewhere.count(); n > 0 {
		t.Errorf("the other host was asked %d times", n)
	}
}

func TestNobodyListens(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	url := server.URL
	server.Close()
	_, err := engine(t, url, nil).Propose(context.Background(), source(t, dictation), kerbside.ExtractOptions{})
	if kerbside.CodeOf(err) != kerbside.CodeUnavailable || !strings.Contains(err.Error(), "connection") {
		t.Errorf("%v", err)
	}
}

func TestRetryHelps(t *testing.T) {
	var waits []time.Duration
	server := serve(t, status(503), streams("{", "stop"), streams("Thinking {aloud}</think>```json\n"+good+"\n```", "stop"))
	e := engine(t, server.URL, func(o *llm.Options) {
		o.Sleep = func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }
	})
	r, err := e.Propose(context.Background(), source(t, dictation), kerbside.ExtractOptions{})
	if err != nil || len(r.Risks) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	if fmt.Sprint(waits) != "[1s 2s]" {
		t.Errorf("waited %v", waits)
	}
}

// TestNoSchema: an endpoint that refuses a schema beside the question gets it in the question, and is not asked in the old way again.
func TestNoSchema(t *testing.T) {
	refused := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Format   any                              `json:"response_format"`
			Messages []struct{ Role, Content string } `json:"messages"`
		}
		_ = json.NewDecoder(r.Body).Decode(&q)
		if q.Format != nil {
			refused++
			status(400)(w, r)
			return
		}
		if !strings.Contains(q.Messages[0].Content, `"child_voice"`) {
			t.Error("the form is not told")
		}
		streams(good, "stop")(w, r)
	}))
	defer server.Close()
	e := engine(t, server.URL, nil)
	for range 2 {
		if r, err := e.Propose(context.Background(), source(t, dictation), kerbside.ExtractOptions{}); err != nil || len(r.Risks) != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	if refused != 1 {
		t.Errorf("refused %d times", refused)
	}
	// A question that is bad either way is asked twice and no more.
	bad := serve(t, status(400))
	if _, err := engine(t, bad.URL, nil).Propose(context.Background(), source(t, dictation), kerbside.ExtractOptions{}); err == nil || bad.count() != 2 {
		t.Errorf("%v after %d requests", err, bad.count())
	}
}

// TestBeat: whoever watches over a job hears of it while an answer arrives.
func TestBeat(t *testing.T) {
	beats := 0
	ctx := kerbside.WithBeat(context.Background(), func() { beats++ })
	server := serve(t, streams(good, "stop"))
	if _, err := engine(t, server.URL, nil).Propose(ctx, source(t, dictation), kerbside.ExtractOptions{}); err != nil || beats < 5 {
		t.Errorf("%d beats, %v", beats, err)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	_, err := engine(t, server.URL, nil).Propose(ctx, source(t, dictation), kerbside.ExtractOptions{})
	if kerbside.CodeOf(err) != kerbside.CodeCanceled || server.count() != 1 {
		t.Errorf("%v after %d requests", err, server.count())
	}
}

// TestLongText holds that every word is shown to the model, that neighbours overlap, and that what one part has cut off is asked again in halves.
func TestLongText(t *testing.T) {
	var words []string
	for n := range 1000 {
		words = append(words, fmt.Sprintf("w%d", n))
	}
	s := source(t, strings.Join(words, " "))
	server := serve(t, streams(`{}`, "length"), streams(`{"strengths": [{"quote": "w40 w41 w42", "polarity": "affirmed"}]}`, "stop"))
	r, err := engine(t, server.URL, func(o *llm.Options) { o.ChunkWords, o.OverlapWords = 200, 30 }).Propose(context.Background(), s, kerbside.ExtractOptions{})
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]int{}
	for _, a := range server.asked {
		for _, w := range strings.Fields(a["messages"].([]any)[1].(map[string]any)["content"].(string)) {
			shown[w]++
		}
	}
	for _, w := range words {
		if shown[w] == 0 {
			t.Fatalf("%s was never shown", w)
		}
	}
	if shown["w180"] < 2 || server.count() != 8 || len(r.Strengths) != 1 || len(r.Gate.Dropped) == 0 {
		t.Errorf("w180 %d times, %d requests, %d strengths", shown["w180"], server.count(), len(r.Strengths))
	}
}

func TestBudget(t *testing.T) {
	s := source(t, strings.Repeat("He hides when Pete shouts. ", 200))
	server := serve(t, streams(`{}`, "stop"))
	r, err := engine(t, server.URL, func(o *llm.Options) { o.ChunkWords, o.Budget = 100, 5000 }).Propose(context.Background(), s, kerbside.ExtractOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if n := server.count(); n == 0 || n > 10 || len(r.Warnings) != 1 || r.Warnings[0].Code != kerbside.WarnModelPartial {
		t.Errorf("%d requests, warnings %+v", n, r.Warnings)
	}
	// One that says that all it does costs next to nothing is not believed.
	cheap := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "data: {\"choices\": [{\"index\": 0, \"delta\": {\"content\": \"{}\"}, \"finish_reason\": \"stop\"}], \"usage\": {\"total_tokens\": 1}}\n\ndata: [DONE]\n\n")
	})
	if _, err := engine(t, cheap.URL, func(o *llm.Options) { o.ChunkWords, o.Budget = 100, 5000 }).Propose(context.Background(), s, kerbside.ExtractOptions{}); err != nil || cheap.count() > 10 {
		t.Errorf("%v after %d requests", err, cheap.count())
	}
	server = serve(t, streams(`{}`, "stop"))
	if _, err := engine(t, server.URL, func(o *llm.Options) { o.Budget = 100 }).Propose(context.Background(), s, kerbside.ExtractOptions{}); err == nil || !strings.Contains(err.Error(), "budget") || server.count() != 0 {
		t.Errorf("%v after %d requests", err, server.count())
	}
}

func TestNew(t *testing.T) {
	for url, ok := range map[string]bool{
		"http://127.0.0.1:8080": true, "https://models.example/v1/": true, "": false, "127.0.0.1:8080": false, "ftp://a/v1": false, "http://:" + secretKey + "@a/v1": false, "http://a/v1?key=" + secretKey: false,
	} {
		_, err := llm.New(llm.Options{URL: url, Model: "m"})
		if (err == nil) != ok || err != nil && (kerbside.CodeOf(err) != kerbside.CodeInvalid || strings.Contains(err.Error(), secretKey)) {
			t.Errorf("%q: %v", url, err)
		}
	}
	if _, err := llm.New(llm.Options{URL: "http://127.0.0.1"}); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Errorf("no model: %v", err)
	}
	for url, words := range map[string]string{"http://127.0.0.1:1": "", "http://[::1]:1": "", "http://localhost": "", "https://models.example": "another machine", "http://10.0.0.7": "not encrypted", "http://localhost.example": "another machine", "http://127.0.0.1.example": "another machine"} {
		if got := engine(t, url, nil).Caution(); (got == "") != (words == "") || !strings.Contains(got, words) {
			t.Errorf("%s: %q", url, got)
		}
	}
}

// TestQuotes holds which quotes are found.
func TestQuotes(t *testing.T) {
	s := source(t, "Mum said: “she's fine”. The step-dad hit him. No bruises. He ran home.  He ran home! The therapist came.")
	for quote, want := range map[string]string{
		"Mum said she's fine": "Mum said: “she's fine", "MUM SAID: SHE’S FINE": "Mum said: “she's fine", "the step dad hit him": "The step-dad hit him", "stepdad hit": "step-dad hit",
		"no bruises": "No bruises", "he ran home": "", "He ran": "", "dad hit him": "", "ran home the": "ran home! The", "the therapist": "The therapist", "the rapist": "therapist",
		"bruises were seen": "", "him": "", "": "", "… —": "",
	} {
		server := serve(t, streams(`{"risks": [{"quote": `+quoted(quote)+`, "polarity": "affirmed"}]}`, "stop"))
		r, err := engine(t, server.URL, nil).Propose(context.Background(), s, kerbside.ExtractOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(r.Risks) > 0 {
			got = r.Risks[0].Evidence[0].Quote
		}
		if got != want || (got == "") != (len(r.Gate.Dropped) == 1) {
			t.Errorf("%q: %q, want %q; %+v", quote, got, want, r.Gate.Dropped)
		}
	}
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func FuzzAnswer(f *testing.F) {
	f.Add(good)
	f.Add(`{"risks": [{"quote": "has not been drinking", "polarity": "affirmed"}, {}], "people": [{"name": "Pete", "quote": "Pete shouts"}]}`)
	f.Add(`{"visit": [{"field": "seen_alone", "value": "yes", "quote": "I will ring"}]}`)
	f.Add("{")
	s := source(f, dictation)
	f.Fuzz(func(t *testing.T, answer string) {
		server := serve(t, streams(answer, "stop"))
		r, err := engine(t, server.URL, nil).Propose(context.Background(), s, kerbside.ExtractOptions{})
		if err != nil {
			return
		}
		for _, x := range r.Risks {
			if s[0].Check(x.Evidence[0]) != nil {
				t.Errorf("%+v", x.Evidence)
			}
		}
	})
}
