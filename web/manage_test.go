package web_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/web/webtest"
)

// TestManage does in a real browser what managers arrange, takes a recording that was put on the wrong visit out, has the sound that a browser played count as
// played, and returns a visit with a comment on one sentence.
func TestManage(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	link, other := s.invite("Robin Ashdown", kerbside.RoleWorker), s.invite("Wren Colley", kerbside.RoleWorker)
	err := s.db.Update(t.Context(), func(tx kerbside.Tx) error {
		return tx.PutCase(kerbside.Case{Org: s.manager.Org, ID: "c-1", Reference: "17-4", Name: "Hallam"})
	})
	if err != nil {
		t.Fatal(err)
	}
	wav := filepath.Join(t.TempDir(), "voice.wav")
	if err := os.WriteFile(wav, hum(6), 0o600); err != nil {
		t.Fatal(err)
	}
	b := webtest.Start(t, wav)
	open := func(who, link string) *webtest.Window {
		w := b.Person()
		w.Shots = os.Getenv("KERBSIDE_SHOTS")
		w.Open("open the link of "+who, link)
		w.Click("press Sign in", "#sign-in")
		w.Until(20*time.Second, who+" is signed in", `document.querySelector("#round")`)
		return w
	}
	worker := open("the worker", link)
	upload := func(name string, seconds int) string {
		path := webtest.Ask[string](worker, "send "+name, fmt.Sprintf(`(async () => {
			const rate = 16000, n = rate * %d, b = new DataView(new ArrayBuffer(44 + 2 * n));
			const text = (at, s) => [...s].forEach((c, i) => b.setUint8(at + i, c.charCodeAt(0)));
			text(0, "RIFF"); b.setUint32(4, 36 + 2 * n, true); text(8, "WAVEfmt "); b.setUint32(16, 16, true); b.setUint16(20, 1, true); b.setUint16(22, 1, true);
			b.setUint32(24, rate, true); b.setUint32(28, 2 * rate, true); b.setUint16(32, 2, true); b.setUint16(34, 16, true); text(36, "data"); b.setUint32(40, 2 * n, true);
			for (let i = 0; i < n; i++) b.setInt16(44 + 2 * i, 8000 * Math.sin(i / 20), true);
			const form = new FormData(); form.append("date", "2026-03-03"); form.append("file", new Blob([b]), %q);
			return "/visits/" + (await (await fetch("/api/uploads", { method: "POST", body: form })).json()).visit;
		})()`, seconds, name))
		worker.Open("open the visit", s.url+path)
		worker.Until(30*time.Second, "the drafts are there", `document.querySelector("#visit").dataset.state === "drafted" && document.querySelector("#approve")`)
		return path
	}
	visit := upload("monday.wav", 7)
	api := "/api" + visit

	// What the browser plays counts as played, and is called that.
	heard := fmt.Sprintf(`fetch(%q).then((r) => r.json()).then((v) => v.open.filter((o) => o.kind === "critical").every((o) => o.heard))`, api)
	if webtest.Ask[bool](worker, "what was played", heard) {
		t.Error("something counts as played before it was")
	}
	for n := range webtest.Ask[int](worker, "count the points that matter", `document.querySelectorAll("#approve-form .found a.evidence").length`) {
		point := fmt.Sprintf(`document.querySelectorAll("#approve-form .found")[%d]`, n)
		webtest.Ask[bool](worker, "play a point that matters", `(`+point+`.querySelector("a.evidence").click(), true)`)
		worker.Until(20*time.Second, "it was played to its end", point+`.querySelector("input").checked`)
	}
	worker.Until(20*time.Second, "the server knows that all were played", heard)
	worker.Open("open the visit again", s.url+visit)
	worker.Until(20*time.Second, "the page says so and it needs no tick", `document.querySelector("#approve-form").innerText.includes("played here") && document.querySelector("#approve-form input[name=confirm]").checked`)
	worker.Shoot("manage-played")

	// A recording on the wrong visit is taken out, and its sound goes where it belongs.
	wrong := upload("tuesday.wav", 8)
	worker.Click("open what to do about a wrong recording", "details[id^=void] > summary")
	worker.Shoot("manage-wrong")
	if over := worker.Overflow(320); over > 0 {
		t.Errorf("the visit's page is %d pixels wider than a small phone", over)
	}
	webtest.Ask[bool](worker, "say why", `(document.querySelector("details[id^=void]").open = true, document.querySelector("details[id^=void] input[name=reason]").value = "This was about another family.", true)`)
	worker.Click("take it out", "details[id^=void] button")
	worker.Until(20*time.Second, "it says what was taken out, and where it is", `document.querySelector("#taken-out a") && document.querySelector("#taken-out").innerText.includes("another family")`)
	worker.Shoot("manage-taken-out")
	moved := webtest.Ask[string](worker, "where it is", `new URL(document.querySelector("#taken-out a").href).pathname`)
	if moved == wrong || moved == visit {
		t.Errorf("it was moved to %s", moved)
	}
	worker.Open("open where it is", s.url+moved)
	worker.Until(20*time.Second, "its words are there", `document.querySelector("[data-words]") && document.querySelector("#visit").dataset.state === "drafted"`)

	// A manager's entry, half spoken and half typed.
	manager := open("the manager", s.link)
	manager.Open("open the worker's visit", s.url+visit)
	manager.Until(20*time.Second, "it can be spoken", `document.querySelector("[data-say=decision]") && !document.querySelector("[data-say=decision]").hidden`)
	manager.Click("say the decision", "[data-say=decision] button")
	manager.Until(10*time.Second, "it listens", `document.querySelector("[data-say=decision] button").getAttribute("aria-pressed") === "true"`)
	manager.Shoot("manage-saying")
	time.Sleep(time.Second)
	manager.Click("stop", "[data-say=decision] button")
	manager.Until(20*time.Second, "the words are in the field", `document.querySelector("#decision").value.includes("Visited the family home")`)
	webtest.Ask[bool](manager, "type the rest", `(document.querySelector("#decision").value = "Visit again within five days.", document.querySelector("#rationale").value = "The school has not been asked yet.", true)`)
	manager.Click("add the entry", "#oversight form .main")
	manager.Until(20*time.Second, "the entry is there", `document.querySelector("#oversight .entry") && document.querySelector("#oversight .entry").innerText.includes("within five days")`)
	manager.Shoot("manage-oversight")
	worker.Open("the worker reads it", s.url+visit)
	worker.Until(20*time.Second, "the entry is there for the worker, who cannot add one", `document.querySelector("#oversight .entry") && !document.querySelector("#oversight form")`)

	// Returned with a comment on one sentence.
	worker.Click("approve", "#approve")
	worker.Until(20*time.Second, "it is approved", `document.querySelector("#visit").dataset.state === "approved"`)
	manager.Open("open it for review", s.url+visit)
	manager.Until(20*time.Second, "it can be reviewed", `document.querySelector("#review-form")`)
	if figures := webtest.Ask[string](manager, "the figures", `document.querySelector("#decide").innerText`); !strings.Contains(figures, "critical clip") {
		t.Errorf("the reviewer is told: %.200s", figures)
	}
	manager.Click("choose a sentence", ".panel:not([hidden]) .sentence:not(.frame) .said")
	manager.Click("comment on it", "#dock-comment")
	webtest.Ask[bool](manager, "write", `(document.querySelector("#on-sentences textarea").value = "Who else was in the room?", true)`)
	manager.Shoot("manage-comment")
	manager.Click("return it", "#return")
	manager.Until(20*time.Second, "it is returned", `document.querySelector("#visit").dataset.state === "returned"`)
	worker.Open("the worker sees it", s.url+visit)
	worker.Until(20*time.Second, "the comment stands at the sentence", `document.querySelector(".panel:not([hidden]) .sentence .said-of") && document.querySelector(".panel:not([hidden]) .sentence .said-of").innerText.includes("Who else")`)
	worker.Shoot("manage-returned")

	// Cover, for some days.
	manager.Open("open the people", s.url+"/people")
	manager.Click("go to cover", `a[href="/cover"]`)
	manager.Until(20*time.Second, "the form is there", `document.querySelector("select[name=of]")`)
	webtest.Ask[bool](manager, "choose", `(() => { const pick = (name, who) => { const s = document.querySelector("select[name=" + name + "]"); s.value = [...s.options].find((o) => o.text.startsWith(who)).value; }; pick("of", "Robin"); pick("by", "Wren"); return true; })()`)
	manager.Click("arrange it", `form[action="/cover"] .main`)
	manager.Until(20*time.Second, "it is listed", `document.querySelector("main").innerText.includes("Wren Colley covers for Robin Ashdown")`)
	manager.Shoot("manage-cover")
	if over := manager.Overflow(320); over > 0 {
		t.Errorf("the page of cover is %d pixels wider than a small phone", over)
	}
	cover := s.signIn(other)
	cover.want(cover.get(visit), http.StatusOK)
	manager.Click("end it", `form[action$="/end"] button`)
	manager.Until(20*time.Second, "it is gone", `!document.querySelector("main").innerText.includes("covers for Robin")`)
	cover.want(cover.get(visit), http.StatusNotFound)

	// Given away for good.
	manager.Open("open the visit", s.url+visit)
	manager.Click("open giving", "#give > summary")
	webtest.Ask[bool](manager, "choose", `(() => { const s = document.querySelector("#worker"); s.value = [...s.options].find((o) => o.text.startsWith("Wren")).value; return true; })()`)
	manager.Shoot("manage-give")
	manager.Click("give it", "#give button")
	manager.Until(30*time.Second, "it is hers", `document.querySelector(".head .quiet").innerText.includes("Wren Colley")`)
	cover.want(cover.get(visit), http.StatusOK)

	// A case that only some may know of.
	manager.Open("open the cases", s.url+"/cases")
	manager.Click("who may know of it", `a[href="/cases/c-1/restriction"]`)
	manager.Until(20*time.Second, "the people are there", `document.querySelector("input[name=person]")`)
	manager.Shoot("manage-restriction")
	webtest.Ask[bool](manager, "name nobody else", `(document.querySelectorAll("input[name=person]:not(:disabled)").forEach((i) => { i.checked = false; }), true)`)
	manager.Click("restrict it", `form[action$="/restriction"] .main`)
	manager.Until(20*time.Second, "the manager sees it still", `location.pathname === "/cases" && document.querySelector("main").innerText.includes("Hallam")`)
	if a := cover.get("/cases"); strings.Contains(a.body, "Hallam") {
		t.Error("somebody who is not named knows of the case")
	}
	manager.Open("open it again", s.url+"/cases/c-1/restriction")
	manager.Click("lift it", `button[name=lift]`)
	manager.Until(20*time.Second, "the cases are there", `location.pathname === "/cases"`)
	if a := cover.get("/cases"); !strings.Contains(a.body, "Hallam") {
		t.Error("a restriction was not lifted")
	}
	b.Quiet()
}
