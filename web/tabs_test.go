package web_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"kerbside"
	"kerbside/web/webtest"
)

// TestTwoTabs: the same word corrected in two windows is corrected once, the second is told, and neither runs what a note holds.
func TestTwoTabs(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	wav := filepath.Join(t.TempDir(), "voice.wav")
	if err := os.WriteFile(wav, hum(1), 0o600); err != nil {
		t.Fatal(err)
	}
	b := webtest.Start(t, wav)
	link := s.invite("Robin <b>Ashdown</b> \u202e🙂", kerbside.RoleWorker)
	one, two := b.Person(), b.Person()
	one.Open("open the link", link)
	one.Click("press Sign in", "#sign-in")
	one.Until(20*time.Second, "the first page", `document.querySelector("#lists")`)
	id := webtest.Ask[string](one, "write a note", `(async () => { const r = await fetch("/note", { method: "POST", body: new URLSearchParams({ text: "I saw Jaden alone in his room. <script>document.title='run'</script> \u202eabc مرحبا 🙂 He said he likes his new school." }) }); return r.url.split("/").pop(); })()`)
	two.Open("open a second link", s.newLink("Robin <b>Ashdown</b> \u202e🙂"))
	two.Click("press Sign in", "#sign-in")
	two.Until(20*time.Second, "the first page", `document.querySelector("#lists")`)
	for _, w := range []*webtest.Window{one, two} {
		w.Open("open the visit", s.url+"/visits/"+id)
		w.Until(30*time.Second, "the drafts stand there", `document.querySelector("#visit").dataset.state === "drafted" && document.querySelectorAll("[data-words] span").length > 5`)
		w.Accessible("hostile note")
		if got := webtest.Ask[string](w, "the title", "document.title"); got == "run" {
			t.Error("a script of the note was run")
		}
	}
	correct := func(w *webtest.Window, to string) {
		id := webtest.Ask[string](w, "find the word", `[...document.querySelectorAll("[data-words] span")].find((x) => x.textContent === "Jaden").id`)
		w.Click("select the word", "[id='"+id+"']")
		w.Press("correct it", "c")
		w.Do("type", chromedp.WaitVisible("#correct-new"), chromedp.SetValue("#correct-new", to))
		w.Click("save it", "#correct-save")
	}
	correct(one, "Jayden")
	one.Until(20*time.Second, "it is corrected", `document.querySelector("#visit").dataset.state === "drafted" && document.querySelector("[data-words]").textContent.includes("Jayden")`)
	correct(two, "Jordan")
	two.Until(20*time.Second, "the second is told", `!document.querySelector("#correct [data-trouble]").hidden`)
	if text := s.signIn(s.link).await(id, "drafted").Transcripts[0].Transcript.Text; !strings.Contains(text, "Jayden") || strings.Contains(text, "Jordan") {
		t.Errorf("the transcript says %q", text)
	}
}
