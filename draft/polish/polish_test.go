package polish_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"kerbside"
	"kerbside/draft"
	"kerbside/draft/polish"
	"kerbside/extract"
	"kerbside/extract/llm"
	"kerbside/prompts"
)

var numbered = regexp.MustCompile(`(?m)^(\d+)\. (.+)$`)

// server answers like a language model, sentence by sentence, in whatever way a test wants.
func server(t *testing.T, rewrite func(n int, sentence string) string) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	asked := &atomic.Int64{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Messages []struct{ Role, Content string } `json:"messages"`
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || len(q.Messages) != 2 {
			http.Error(w, "bad", http.StatusBadRequest)
			return
		}
		type sentence struct {
			Number int    `json:"number"`
			Text   string `json:"text"`
		}
		var a struct {
			Sentences []sentence `json:"sentences"`
		}
		for i, m := range numbered.FindAllStringSubmatch(q.Messages[1].Content, -1) {
			asked.Add(1)
			a.Sentences = append(a.Sentences, sentence{i + 1, rewrite(i+1, m[2])})
		}
		body, _ := json.Marshal(a)
		piece, _ := json.Marshal(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]string{"content": string(body)}, "finish_reason": "stop"}}})
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprintf(w, "data: %s\n\ndata: [DONE]\n\n", piece)
	}))
	t.Cleanup(s.Close)
	return s, asked
}

type visit struct {
	record  *kerbside.Record
	sources []*kerbside.Source
}

func visits(t *testing.T, most int) []visit {
	t.Helper()
	x, err := extract.NewRules(extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../extract/testdata/cases/open/own-0*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	var out []visit
	for _, f := range files[:min(most, len(files))] {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var c struct {
			Text string `json:"text"`
			Date string `json:"visit_date"`
		}
		if err := json.Unmarshal(b, &c); err != nil {
			t.Fatal(err)
		}
		tr, err := kerbside.TypedTranscript(c.Text)
		if err != nil {
			t.Fatal(err)
		}
		tr.Recording.Kind = kerbside.KindDebrief
		v := visit{sources: []*kerbside.Source{kerbside.NewSource(tr)}}
		if v.record, err = x.Extract(t.Context(), v.sources, kerbside.ExtractOptions{VisitDate: c.Date, HintFrom: "option"}); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func drafters(t *testing.T, url string) (plain *draft.Drafter, polished *polish.Drafter) {
	t.Helper()
	set, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	if plain, err = draft.New(set, draft.Options{}); err != nil {
		t.Fatal(err)
	}
	engine, err := llm.New(llm.Options{URL: url, Model: "hostile", Retries: -1})
	if err != nil {
		t.Fatal(err)
	}
	if polished, err = polish.New(polish.Options{Plain: plain, Model: engine}); err != nil {
		t.Fatal(err)
	}
	return plain, polished
}

// Whatever a hostile model writes, the draft that comes out is the plain one, word for word.
func TestHostileModel(t *testing.T) {
	var before string
	replace := func(from, to string) func(int, string) string {
		return func(_ int, s string) string {
			if !strings.Contains(s, from) {
				return s + " And there was more."
			}
			return strings.Replace(s, from, to, 1)
		}
	}
	ways := map[string]func(int, string) string{
		"invents":       func(_ int, s string) string { return strings.TrimRight(s, ".") + ", and he had bruises on both arms." },
		"invents alone": func(int, string) string { return "Mum was hit by dad on Friday." },
		"adjectives":    func(_ int, s string) string { return strings.Replace(s, " ", " very concerning ", 1) },
		"drops not":     replace(" not ", " "),
		"drops n't":     replace("n't", ""),
		"adds not":      func(_ int, s string) string { return strings.Replace(s, " ", " not ", 1) },
		"drops no":      replace("no ", ""),
		"drops hearsay": func(_ int, s string) string {
			_, rest, ok := strings.Cut(s, " said ")
			if !ok {
				return s + " Told."
			}
			return rest
		},
		"drops that":   replace(" says ", " "),
		"drops may":    replace(" may ", " "),
		"other name":   func(_ int, s string) string { return "Jessica: " + s },
		"other number": func(_ int, s string) string { return strings.TrimRight(s, ".") + ", 12 times." },
		"other date":   func(_ int, s string) string { return strings.ReplaceAll(s, "2026", "2025") + " On Friday." },
		"swaps": func(_ int, s string) string {
			w := strings.Fields(s)
			slices.Reverse(w)
			return strings.Join(w, " ") + " indeed"
		},
		"quotes":        func(_ int, s string) string { return "“" + s + "”" },
		"mark-up":       func(_ int, s string) string { return "<b>" + s + "</b>" },
		"empty":         func(int, string) string { return "" },
		"two sentences": func(_ int, s string) string { return s + " " + s },
		"asks":          func(_ int, s string) string { return strings.TrimRight(s, ".") + "?" },
		"the sentence before": func() func(int, string) string {
			return func(_ int, s string) string {
				old := before
				before = s
				if old == "" {
					old = "Nothing."
				}
				return old + " x"
			}
		}(),
		"long": func(_ int, s string) string { return s + strings.Repeat(" the", 500) },
	}
	list := visits(t, 2)
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			s, asked := server(t, way)
			plain, polished := drafters(t, s.URL)
			for _, v := range list {
				for _, a := range kerbside.Audiences() {
					o := kerbside.DraftOptions{Audience: a}
					want, err := plain.Draft(t.Context(), v.record, v.sources, o)
					if err != nil {
						t.Fatal(err)
					}
					got, err := polished.Draft(t.Context(), v.record, v.sources, o)
					if err != nil {
						t.Fatal(err)
					}
					if len(got.Sentences) != len(want.Sentences) {
						t.Fatalf("%d sentences became %d", len(want.Sentences), len(got.Sentences))
					}
					for i := range got.Sentences {
						if got.Sentences[i].Text() != want.Sentences[i].Text() {
							t.Errorf("%q became %q", want.Sentences[i].Text(), got.Sentences[i].Text())
						}
					}
				}
			}
			if asked.Load() < 50 {
				t.Errorf("the model was asked about %d sentences only", asked.Load())
			}
		})
	}
}

// A model that changes words at random, with words of the same draft too: what is taken has the same words in the same order, whoever checks.
func TestRandomRewriting(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 9))
	pool := strings.Fields("not no never may might said told was were is the a and also there her him he she from to Jessica Friday 12 bruises had been")
	s, _ := server(t, func(_ int, sentence string) string {
		w := strings.Fields(sentence)
		for range 1 + rng.IntN(2) {
			i := rng.IntN(len(w))
			switch rng.IntN(4) {
			case 0:
				w = slices.Insert(w, i, pool[rng.IntN(len(pool))])
			case 1:
				if len(w) > 1 {
					w = slices.Delete(w, i, i+1)
				}
			case 2:
				w[i] = pool[rng.IntN(len(pool))]
			case 3:
				j := rng.IntN(len(w))
				w[i], w[j] = w[j], w[i]
			}
		}
		return strings.Join(w, " ")
	})
	_, polished := drafters(t, s.URL)
	taken, refused := 0, 0
	loose := regexp.MustCompile(`\b(a|an|the|and|also)\b|[^a-z0-9 ]`)
	bare := func(s string) string {
		return strings.Join(strings.Fields(loose.ReplaceAllString(strings.ToLower(s), " ")), " ")
	}
	for _, v := range visits(t, 8) {
		for _, a := range kerbside.Audiences() {
			got, err := polished.Draft(t.Context(), v.record, v.sources, kerbside.DraftOptions{Audience: a})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range got.Polished {
				if p.Why != "" {
					refused++
					continue
				}
				taken++
				from, to := bare(p.Before), bare(p.After)
				name := regexp.MustCompile(`^(he|she|they) `).ReplaceAllString(from, "")
				added := regexp.MustCompile(`^there (was|were|is|are) `).ReplaceAllString(to, "")
				if to != from && to != name && added != from {
					t.Errorf("%q became %q", p.Before, p.After)
				}
			}
		}
	}
	t.Logf("%d rewritings taken, %d refused", taken, refused)
	if refused < 200 {
		t.Errorf("%d refused only", refused)
	}
}

// What an honest model does to a note is taken.
func TestHonestModel(t *testing.T) {
	for before, after := range map[string]string{
		"Dog muck by the back door, and the bin overflowing.": "There was dog muck by the back door and the bin overflowing.",
		"She [Skye] smiled at me.":                            "Skye smiled at me.",
		"Front room fine, warm, fire on.":                     "The front room fine, warm, and the fire on.",
		"He says nobody is hurting him.":                      "He says nobody is hurting him!", // refused: a mark that was not there
	} {
		tr, err := kerbside.TypedTranscript(before)
		if err != nil {
			t.Fatal(err)
		}
		src := kerbside.NewSource(tr)
		s, err := kerbside.NewSentence("A", before, kerbside.VerdictQuoted, []string{"x"}, src.Evidence(0, len(src.Words)-1))
		if err != nil {
			t.Fatal(err)
		}
		if err := polish.Holds(s, after); (err == nil) == strings.HasSuffix(after, "!") {
			t.Errorf("%q: %v", after, err)
		}
	}
}

// A server that is away, or answers with nonsense, leaves the plain draft.
func TestModelAway(t *testing.T) {
	v := visits(t, 1)[0]
	for name, h := range map[string]http.HandlerFunc{
		"500": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) },
		"nonsense": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "data: {\"choices\":[{\"delta\":{\"content\":\"hello }\"}}]}\n\ndata: [DONE]\n\n")
		},
		"nothing": func(http.ResponseWriter, *http.Request) {},
	} {
		s := httptest.NewServer(h)
		plain, polished := drafters(t, s.URL)
		want, err := plain.Draft(t.Context(), v.record, v.sources, kerbside.DraftOptions{Audience: kerbside.AudienceFamily})
		if err != nil {
			t.Fatal(err)
		}
		got, err := polished.Draft(t.Context(), v.record, v.sources, kerbside.DraftOptions{Audience: kerbside.AudienceFamily})
		s.Close()
		if err != nil || len(got.Sentences) != len(want.Sentences) || len(got.Polished) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
