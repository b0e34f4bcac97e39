package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/draft"
	"kerbside/extract"
	"kerbside/extract/llm"
	"kerbside/prompts"
	"kerbside/service"
	"kerbside/web/webtest"
)

const suggestedNote = "Child in need visit to the Pells on Tuesday 3 March at four. Mum, Orla, and Jude, who is nine, were in. I saw Jude on his own in his bedroom. The television was on in the front room. Jude told me he gets scared when Rick shouts. A kettle stood on the stove. I will ring the school by Friday."

const suggestions = `{"risks": [{"quote": "The television was on", "polarity": "affirmed", "temporality": "current", "attribution": "observed", "who": ""},
 {"quote": "Rick keeps a knife", "polarity": "affirmed", "temporality": "current", "attribution": "child_said", "who": "Jude"}],
 "strengths": [{"quote": "A kettle stood on the stove", "polarity": "affirmed", "attribution": "observed", "who": ""}], "actions": [], "child_voice": [], "people": [], "visit": []}`

// newSuggesting is a site with the real engines and a language model behind an endpoint.
func newSuggesting(t *testing.T) *site {
	t.Helper()
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		b, _ := json.Marshal(suggestions)
		fmt.Fprintf(w, "data: {\"choices\": [{\"index\": 0, \"delta\": {\"content\": %s}, \"finish_reason\": \"stop\"}]}\n\ndata: [DONE]\n\n", b)
	}))
	t.Cleanup(model.Close)
	rules, err := extract.NewRules(extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := llm.New(llm.Options{URL: model.URL, Model: "scripted", Sleep: func(context.Context, time.Duration) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	set, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	drafter, err := draft.New(set, draft.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return newSiteWith(t, &fakeExtractor{}, func(d *service.Deps) {
		d.Extractor, d.Drafter, d.Proposer = rules, drafter, extract.NewAssisted(rules, engine, extract.AssistedOptions{})
	})
}

// TestSuggestions decides on what a language model suggests with one tap each, by keyboard and without the script, in a real browser.
func TestSuggestions(t *testing.T) {
	s := newSuggesting(t)
	b := webtest.Start(t, "")
	w := b.Person()
	w.Shots = os.Getenv("KERBSIDE_SHOTS")
	w.Open("open the link", s.invite("Robin Ashdown", kerbside.RoleWorker))
	w.Click("press Sign in", "#sign-in")
	w.Until(20*time.Second, "the first page", `document.querySelector("#lists")`)
	path := webtest.Ask[string](w, "write a note", `fetch("/note", {method: "POST", body: new URLSearchParams({text: `+"`"+suggestedNote+"`"+`, date: "2026-03-03"})}).then((r) => new URL(r.url).pathname)`)
	w.Open("open the visit", s.url+path)
	drafts := `[...document.querySelectorAll(".said")].map((p) => p.textContent).join(" ").toLowerCase()`
	drafted := `document.querySelector("#visit").dataset.state === "drafted" && `
	w.Until(30*time.Second, "the suggestions came by themselves", drafted+`document.querySelectorAll("#open [data-kind=proposal]").length === 2 && !document.querySelector("#reading")`)
	w.Until(5*time.Second, "no draft holds them", `!`+drafts+`.includes("television") && !document.body.textContent.includes("knife")`)
	w.Shoot("suggestions")
	if over := w.Overflow(320); over > 0 {
		t.Errorf("the page is %d pixels wider than a small phone", over)
	}

	// By keyboard: Enter goes from one thing to the next, a figure decides.
	shows := `document.querySelector("#step-count").textContent.startsWith("A language model suggests this")`
	for n := 0; n < 30 && !webtest.Ask[bool](w, "look at the step", `!document.querySelector("#step").hidden && `+shows); n++ {
		w.Press("go to the next thing", "Enter")
	}
	w.Until(5*time.Second, "the suggestion is the step", shows+` && document.querySelector("#step-body").innerText.includes("television")`)
	w.Shoot("suggestion-step")
	w.Press("put it in", "1")
	w.Until(20*time.Second, "it is in the drafts", drafted+drafts+`.includes("the television was on") && document.querySelectorAll("#open [data-kind=proposal]").length === 1`)

	// By a tap: the other one is left out, and that is taken back.
	webtest.Ask[bool](w, "close the steps", `(document.querySelector("#step-close").click(), true)`)
	w.Click("leave it out", `#open [data-kind=proposal] button[value=rejected]`)
	w.Until(20*time.Second, "it is gone", drafted+`document.querySelectorAll("#open [data-kind=proposal]").length === 0`)
	w.Click("open the facts", `[data-tab=record]`)
	said := `document.querySelector("#panel-record").innerText`
	w.Until(5*time.Second, "who decided stands there", said+`.includes("put in by Robin Ashdown") && `+said+`.includes("left out by Robin Ashdown")`)
	w.Click("look at what was left out for want of evidence", "#dropped > summary")
	w.Until(5*time.Second, "what the gate dropped is counted", said+`.includes("1 suggestion by a language model") && `+said+`.includes("its words were not said")`)
	w.Shoot("suggestions-decided")
	webtest.Ask[bool](w, "take it back", `([...document.querySelectorAll("#panel-record .found")].find((x) => x.innerText.includes("left out by")).querySelector("button[value=proposed]").click(), true)`)
	w.Until(20*time.Second, "it is open again", drafted+`document.querySelectorAll("#open [data-kind=proposal]").length > 0`)
	b.Quiet()

	// Without the script the same buttons are forms.
	plain := s.signIn(s.newLink("Robin Ashdown"))
	id := strings.TrimPrefix(path, "/visits/")
	v := plain.await(id, "drafted")
	if len(v.Proposals) != 2 {
		t.Fatalf("proposals: %+v", v.Proposals)
	}
	pending := v.Proposals[0]
	if a := plain.post("/visits/"+id+"/proposals", url.Values{"proposal": {pending.ID}, "standing": {kerbside.Rejected}}); a.status != http.StatusSeeOther {
		t.Errorf("the form: %d %s", a.status, a.body)
	}
	// And the API does it too.
	in := map[string]string{"proposal": pending.ID, "standing": kerbside.Proposed}
	plain.want(plain.json(http.MethodPost, "/api/visits/"+id+"/proposals", in, &v), http.StatusOK)
	if v.Proposals[0].Standing != kerbside.Proposed || v.Proposals[1].Standing != kerbside.Accepted || v.Proposals[1].By != "Robin Ashdown" {
		t.Errorf("%+v", v.Proposals)
	}
}
