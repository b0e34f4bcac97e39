package web_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"kerbside"
	"kerbside/service"
	"kerbside/web/webtest"
)

// TestTaps counts what a visit costs that leaves nothing doubtful and nothing critical, on a phone: from opening the app to the uploaded recording, and from "Stop" to
// the approval.
func TestTaps(t *testing.T) {
	s := newSiteWith(t, &fakeExtractor{}, func(d *service.Deps) {
		d.Transcriber = fakeTranscriber{says: "Visited the family home on Tuesday. Mum was calm and will phone the school nurse by Friday."}
	})
	wav := filepath.Join(t.TempDir(), "voice.wav")
	if err := os.WriteFile(wav, hum(8), 0o600); err != nil {
		t.Fatal(err)
	}
	w := webtest.Start(t, wav).Person()
	w.Phone()
	w.Open("open the link", s.invite("Robin Ashdown", kerbside.RoleWorker))
	w.Click("press Sign in", "#sign-in")
	w.Until(20*time.Second, "the first page", `document.querySelector("#lists")`)

	w.Open("open the app", s.url+"/")
	w.Until(20*time.Second, "the recorder is ready", `!document.querySelector("#round").disabled`)
	w.Taps()
	w.Click("Record", "#round")
	w.Until(20*time.Second, "it records", `Number(document.querySelector("#recorder").dataset.kept) > 3000`)
	w.Click("Stop", "#round")
	w.Until(time.Minute, "the server confirms", `document.querySelector("#where").innerText.includes("Safe on the server")`)
	uploaded := w.Taps()

	w.Click("See what was written", "#open-visit")
	w.Until(30*time.Second, "the drafts stand there, and nothing must be checked", `document.querySelector("#visit")?.dataset.state === "drafted" && document.querySelector("#approve") && !document.querySelector("#approve-form input[name=confirm], .words .doubt")`)
	w.Click("Approve", "#approve")
	webtest.Ask[bool](w, "have the page read again meanwhile", `(async () => { await (await import([...document.scripts].find((s) => s.src.includes("/static/")).src.replace(/[^/]+$/, "soft.js"))).refresh(); return true; })()`)
	w.Until(20*time.Second, "it is approved", `document.querySelector("#visit").dataset.state === "approved"`)
	approved := w.Taps()
	t.Logf("from opening the app to the uploaded recording: %d taps; from Stop to the approval: %d more", uploaded, approved)
	if uploaded > 2 || approved > 3 {
		t.Error("more than 2 and 3")
	}
}
