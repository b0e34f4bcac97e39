package web_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/web/webtest"
)

// TestTakeAway copies sections for the boxes of a case system, and ticks an approved draft off, in a real browser.
func TestTakeAway(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	link := s.invite("Robin Ashdown", kerbside.RoleWorker)
	readers := map[kerbside.Audience]kerbside.SecondRule{} // what waits for a second person is entered once it is approved
	for _, a := range kerbside.Audiences() {
		readers[a] = kerbside.SecondNone
	}
	readers[kerbside.AudienceCourt] = kerbside.SecondAlways
	if err := s.svc.SetSecond(t.Context(), s.admin, kerbside.SecondPolicy{Readers: readers}, 0); err != nil {
		t.Fatal(err)
	}
	wav := filepath.Join(t.TempDir(), "voice.wav")
	if err := os.WriteFile(wav, hum(1), 0o600); err != nil {
		t.Fatal(err)
	}
	b := webtest.Start(t, wav)
	w := b.Person()
	w.Shots = os.Getenv("KERBSIDE_SHOTS")
	w.Open("open the link", link)
	w.Click("press Sign in", "#sign-in")
	w.Until(20*time.Second, "the home page is there", `document.querySelector("#round")`)
	visit := webtest.Ask[string](w, "type a note", `fetch("/note", {method: "POST", body: new URLSearchParams({text: `+"`"+dictation+"`"+`, date: "2026-03-03"})}).then((r) => new URL(r.url).pathname)`)
	w.Open("open the visit", s.url+visit)
	w.Until(30*time.Second, "the drafts are there", `document.querySelector("#visit").dataset.state === "drafted" && document.querySelector("[data-copy=block]:not([hidden])")`)

	// The clipboard of a window without focus may not be written; what would be is what counts.
	copied := func(selector string) string {
		return webtest.Ask[string](w, "copy", `new Promise((done) => { navigator.clipboard.writeText = async (text) => done(text); document.querySelector("[data-panel]:not([hidden]) `+selector+`").click(); })`)
	}
	if got := copied("[data-block] ~ [data-block] [data-copy=block]"); got != "- Jaden was there.\n- Jaden was seen alone." {
		t.Errorf("a section as copied: %q", got)
	}
	w.Until(5*time.Second, "it says that it was copied", `document.querySelector("[data-panel]:not([hidden]) [data-block] ~ [data-block] [data-copy=block]").textContent === "Copied"`)
	w.Click("open what can be taken away", "[data-panel]:not([hidden]) details[id^=take] > summary")
	if got := copied("[data-copy=panel]"); !strings.Contains(got, "\nDraft – not approved\n\n") || !strings.Contains(got, "\n- Jaden was seen alone.") {
		t.Errorf("a draft as copied: %q", got)
	}
	w.Shoot("take-draft")
	if over := w.Overflow(320); over > 0 {
		t.Errorf("the page is %d pixels wider than a small phone", over)
	}

	w.Click("what the partner agency gets", `[data-tab="partner"]`)
	w.Until(5*time.Second, "something is withheld", `document.querySelector("#withheld-partner").getClientRects().length > 0`)
	if got := w.Printed(); !strings.Contains(got, "Jaden was seen alone.") || !strings.Contains(got, "not approved") || strings.Contains(strings.ToLower(got), "withheld") || strings.Contains(got, "Approve") || strings.Contains(got, "What happened") {
		t.Errorf("a draft as printed: %q", got)
	}
	w.Click("back to the case record", "[data-tab]")

	webtest.Ask[bool](w, "approve", `(document.querySelectorAll("input[name=confirm]").forEach((i) => { i.checked = true; }), document.querySelector("#approve").click(), true)`)
	tick := "[data-panel]:not([hidden]) form[action$='/entered'] button"
	w.Until(20*time.Second, "it can be ticked off", `document.querySelector("`+tick+`")`)
	w.Click("tick it off", tick)
	w.Until(20*time.Second, "it is ticked off", `document.querySelector("[data-panel]:not([hidden])").innerText.includes("Entered in the case system")`+` && document.querySelector("`+tick+`").name === "undo"`)
	w.Shoot("take-entered")
	if got := copied("[data-copy=panel]"); strings.Contains(got, "not approved") {
		t.Errorf("an approved draft as copied: %q", got)
	}
	b.Quiet()
}
