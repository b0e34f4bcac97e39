package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"kerbside"
	"kerbside/web/webtest"
)

// TestVersions: a correction and what it led to can be seen side by side, and be taken back without anything being overwritten.
func TestVersions(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	id := worker.note("I saw Jaden alone in his room. He said he likes his new school.")
	page := worker.want(worker.get("/visits/"+id+"/versions"), http.StatusOK).body
	if !strings.Contains(page, "one version only") {
		t.Errorf("one version is compared: %s", page)
	}
	worker.want(worker.post("/visits/"+id+"/corrections", url.Values{"old": {"Jaden"}, "new": {"Jayden"}}), http.StatusSeeOther)
	v := worker.await(id, "drafted")
	page = worker.want(worker.get("/visits/"+id+"/versions"), http.StatusOK).body
	for _, want := range []string{"<del>Jaden</del>", "<ins>Jayden</ins>", "“Jaden” became “Jayden”", "Robin Ashdown, ", "1 line as before"} {
		if !strings.Contains(page, want) {
			t.Errorf("the transcript's versions do not show %q: %s", want, page)
		}
	}
	page = worker.want(worker.get("/visits/"+id+"/versions?kind=draft&key=family&from=1&to=2"), http.StatusOK).body
	for _, want := range []string{"<ins>Jayden</ins>", "Who was there", "Robin Ashdown corrected words", "made anew"} {
		if strings.Contains(page, want) == (want == "made anew") {
			t.Errorf("%q in the draft's versions: %s", want, page)
		}
	}
	page = worker.want(worker.get("/visits/"+id+"/versions?kind=record&from=2&to=1"), http.StatusOK).body
	if !strings.Contains(page, "<del>Jayden,</del>") || !strings.Contains(page, "<ins>Jaden,</ins>") {
		t.Errorf("the record's versions, backwards: %s", page)
	}
	for _, odd := range []string{"?from=9&to=-3", "?kind=none", "?kind=draft&key=none&from=x"} {
		worker.want(worker.get("/visits/"+id+"/versions"+odd), http.StatusOK)
	}

	visit := worker.want(worker.get("/visits/"+id), http.StatusOK).body
	_, rest, ok := strings.Cut(visit, `name="correction" value="`)
	if !ok {
		t.Fatalf("the correction cannot be taken back: %s", visit)
	}
	correction, _, _ := strings.Cut(rest, `"`)
	form := url.Values{"transcript": {string(v.Transcripts[0].Transcript.ID)}, "correction": {correction}}
	worker.want(worker.post("/visits/"+id+"/undo", form), http.StatusSeeOther)
	v = worker.await(id, "drafted")
	if tr := v.Transcripts[0].Transcript; tr.Version != 3 || !strings.Contains(tr.Text, "Jaden alone") {
		t.Errorf("version %d says %q", tr.Version, tr.Text)
	}
	worker.want(worker.post("/visits/"+id+"/undo", form), http.StatusConflict)
	page = worker.want(worker.get("/visits/"+id+"/versions?kind=transcript&key="+v.Recordings[0].ID+"&from=1&to=3"), http.StatusOK).body
	if !strings.Contains(page, "no difference") || !strings.Contains(page, "took back: “Jayden” became “Jaden”") {
		t.Errorf("the first and the third version: %s", page)
	}
}

// TestTypingSurvives: what is being typed is there again after a reload, and after a session that ended while it was typed; it goes when it has
// arrived, when it is put away, and with the sign-out.
func TestTypingSurvives(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	wav := filepath.Join(t.TempDir(), "voice.wav")
	if err := os.WriteFile(wav, hum(1), 0o600); err != nil {
		t.Fatal(err)
	}
	w := webtest.Start(t, wav).Person()
	signIn := func(link string) {
		w.Open("open the link", link)
		w.Click("press Sign in", "#sign-in")
		w.Until(20*time.Second, "the first page", `document.querySelector("#lists")`)
	}
	typeIn := func(what, selector, text string) {
		w.Do(what, chromedp.WaitVisible(selector))
		webtest.Ask[bool](w, "empty it", fmt.Sprintf("(() => { document.querySelector(%q).value = ''; return true; })()", selector))
		w.Do(what, chromedp.SendKeys(selector, text))
	}
	const note = "I saw Jaden alone in his room. He said he likes his new school."
	signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))

	w.Open("begin a note", s.url+"/note")
	typeIn("type half of it", "textarea", note[:20])
	w.Open("go elsewhere", s.url+"/account")
	w.Open("come back", s.url+"/note")
	w.Until(10*time.Second, "it is there again", `document.querySelector("textarea").value.startsWith("I saw Jaden")`)
	typeIn("type all of it", "textarea", note)
	w.SignOut()
	w.Click("save it", ".button.main")
	w.Until(10*time.Second, "it says that the session has ended", `document.querySelector("[data-trouble]").innerText.includes("Sign in")`)
	signIn(s.newLink("Robin Ashdown"))
	w.Open("come back", s.url+"/note")
	w.Until(10*time.Second, "it is there again", `document.querySelector("textarea").value.endsWith("new school.")`)
	w.Click("save it", ".button.main")
	w.Until(30*time.Second, "the drafts stand there", `document.querySelector("#visit")?.dataset.state === "drafted"`)
	kept := func() int {
		return webtest.Ask[int](w, "count what is kept", `Object.keys(sessionStorage).filter((k) => k.startsWith("kerbside-typed")).length`)
	}
	if n := kept(); n != 0 {
		t.Errorf("%d texts are kept after they arrived", n)
	}

	// A correction, half typed.
	w.Click("select the word", webtest.Ask[string](w, "find it", `"[id='" + [...document.querySelectorAll("[data-words] span")].find((x) => x.textContent === "Jaden").id + "']"`))
	w.Press("correct it", "c")
	typeIn("type", "#correct-new", "Jayd")
	w.Open("reload", webtest.Ask[string](w, "the address", "location.href"))
	w.Until(10*time.Second, "the form is open with it", `document.querySelector("#correct").open && document.querySelector("#correct-new").value === "Jayd"`)
	w.Press("put it away", "Escape")
	if n := kept(); n != 0 {
		t.Errorf("%d texts are kept after they were put away", n)
	}
	w.Press("correct it", "c")
	typeIn("type again", "#correct-new", "Jayden")
	w.SignOut()
	w.Click("save it", "#correct-save")
	w.Until(10*time.Second, "it says that the session has ended", `!document.querySelector("#correct [data-trouble]").hidden`)
	address := webtest.Ask[string](w, "the address", "location.href")
	signIn(s.newLink("Robin Ashdown"))
	w.Open("come back", address)
	w.Until(10*time.Second, "the form is open with it", `document.querySelector("#correct").open && document.querySelector("#correct-new").value === "Jayden"`)
	w.Click("save it", "#correct-save")
	w.Until(20*time.Second, "it is corrected", `document.querySelector("#visit").dataset.state === "drafted" && document.querySelector("[data-words]").textContent.includes("Jayden")`)
	w.Press("take it back by key", "u")
	w.Until(20*time.Second, "it is taken back", `document.querySelector("#visit").dataset.state === "drafted" && document.querySelector("[data-words]").textContent.includes("Jaden alone")`)

	// A page that was asked for before a correction and comes after it is an old one: it does not stand in the newer one's place.
	webtest.Ask[bool](w, "ask for the page", `import(document.querySelector("script[src*='visit.js']").src.replace("visit.js", "soft.js")).then((m) => {
		const real = window.fetch;
		window.fetch = async (...a) => { window.fetch = real; const old = await real(...a); await new Promise((r) => { window.deliver = r; }); return old; };
		window.late = m.refresh();
		return true;
	})`)
	w.Until(10*time.Second, "it is on its way", `!!window.deliver`)
	w.Click("select the word", webtest.Ask[string](w, "find it", `"[id='" + [...document.querySelectorAll("[data-words] span")].find((x) => x.textContent === "Jaden").id + "']"`))
	w.Press("correct it", "c")
	typeIn("type again", "#correct-new", "Jaydon")
	w.Click("save it", "#correct-save")
	w.Until(20*time.Second, "it is corrected", `document.querySelector("[data-words]").textContent.includes("Jaydon")`)
	webtest.Ask[bool](w, "the old page comes", `(window.deliver(), window.late.then(() => true))`)
	w.Until(20*time.Second, "it stays corrected", `document.querySelector("#visit").dataset.state === "drafted" && document.querySelector("[data-words]").textContent.includes("Jaydon")`)

	// An answer, while the page is read anew under it.
	webtest.Ask[bool](w, "type an answer", `(() => { const d = document.querySelector("#questions details"); d.open = true; const i = d.querySelector("input[name=text]");
		i.focus(); i.value = "On the 17th"; return i.dispatchEvent(new Event("input", { bubbles: true })); })()`)
	webtest.Ask[bool](w, "read the page anew", `import(document.querySelector("script[src*='visit.js']").src.replace("visit.js", "soft.js")).then((m) => m.refresh()).then(() => true)`)
	w.Until(10*time.Second, "it is still there, and the caret with it", `document.activeElement.name === "text" && document.activeElement.value === "On the 17th"`)
	w.Click("sign out", `form[action="/signout"] button`)
	w.Until(20*time.Second, "it is signed out", `location.pathname === "/signin"`)
	if n := kept(); n != 0 {
		t.Errorf("%d texts are kept after the sign-out", n)
	}
}
