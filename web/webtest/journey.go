package webtest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Config is what a journey needs to know.
type Config struct {
	WorkerLink   string // the one-time link of who records, an absolute address
	ReviewerLink string // the one-time link of the second person
	WAV          string // what is said: PCM, any rate
	// Record is how long is recorded.
	Record time.Duration
	// Write is how long transcript and drafts may take.
	Write time.Duration
	// Live asks that words are seen while it records.
	Live bool
	// Doubt is a reading that is offered for a doubtful word, which is settled by it with the keyboard first; empty: what is doubtful is said to be right.
	Doubt string
	// Wrong are words as they may stand in the transcript, without punctuation; the first that a draft's sentence rests on is
	// corrected to Right. When none does, the first word of four letters or more that a sentence rests on is taken.
	Wrong []string
	Right string
	// SeeStale asks that exactly the sentences that rest on a corrected word are seen stale on the page before they are made anew, and that no other one changes;
	// real stages may be quicker than the eye.
	SeeStale bool
	// Word is how a saved Word document begins.
	Word string
	// Shots is a folder for screenshots; empty: none are made.
	Shots string
	// At is told of each step before it is taken; while it is recorded, in the middle. What fails in the browser meanwhile is no fault then, as long as the person gets on.
	At func(step string)
}

// Journey goes the whole way in a real browser: sign in, record, lose the signal, reload without it, go on, stop, the signal comes back, "Safe on the
// server", transcript, a sentence and its words, a doubt and a correction with exactly the sentences that rest on it stale and made anew, approval; then a second
// person signs in, reviews and locks, and the worker takes the draft away.
func Journey(t testing.TB, c Config) {
	t.Helper()
	b := Start(t, c.WAV)
	j := &journey{t: t, c: c, b: b, line: NewLine(t, c.WorkerLink), worker: b.Person()}
	j.worker.Shots = c.Shots
	j.at("sign in")
	j.signIn(j.worker, c.WorkerLink, "sign-in")
	j.at("record")
	j.record()
	j.at("drafts are written")
	j.awaitDrafts()
	j.at("read and play a sentence")
	j.openSentence()
	if c.Doubt != "" {
		j.at("settle a doubt")
		j.settleDoubt()
	}
	j.at("correct a word")
	j.correct()
	j.at("approve")
	j.approve()
	reviewer := b.Person()
	reviewer.Shots = c.Shots
	j.at("the second person signs in")
	j.signIn(reviewer, c.ReviewerLink, "")
	j.at("review and lock")
	j.review(reviewer)
	j.at("take the draft away")
	j.takeAway()
	if c.At == nil {
		b.Quiet()
	}
}

func (j *journey) at(step string) {
	if j.c.At != nil {
		j.c.At(step)
	}
}

type journey struct {
	t      testing.TB
	c      Config
	b      *Browser
	line   *Line
	worker *Window
	home   string // the address of the first page
	visit  string // of the visit
}

func (j *journey) signIn(w *Window, link, shot string) {
	j.t.Helper()
	w.Do("open the link", chromedp.Navigate(j.line.Through(link)), chromedp.WaitVisible("#sign-in"))
	if shot != "" {
		w.Shoot(shot)
	}
	w.Click("press Sign in", "#sign-in")
	w.Do("see the first page", chromedp.WaitVisible("#lists"))
}

func (j *journey) record() {
	j.t.Helper()
	w := j.worker
	w.Until(20*time.Second, "the recorder is ready", `!document.querySelector("#round").disabled`)
	w.Shoot("home-empty")
	w.Click("tap Record", "#round")
	w.Until(20*time.Second, "it records", `document.body.classList.contains("recording")`)
	if j.c.Live {
		w.Until(2*time.Minute, "the words appear while they are spoken", `document.querySelector("#heard").textContent.split(" ").length > 8`)
		w.Shoot("recording")
	}
	j.loseSignal()
	began := time.Now()
	if j.c.At != nil {
		w.DoFor(time.Minute, "talk on", chromedp.Sleep(j.c.Record/3))
		j.at("in the middle of the dictation")
	}
	w.DoFor(j.c.Record+time.Minute, "go on talking", chromedp.Sleep(j.c.Record-time.Since(began)))
	j.at("stop")
	w.Click("tap Stop", "#round")
	w.Until(20*time.Second, "it is kept", `document.querySelector("#where").innerText.includes("Saved on this phone")`)
	w.Shoot("saved")
	j.line.Cut(false)
	w.Until(2*time.Minute, "the server confirms", `document.querySelector("#where").innerText.includes("Safe on the server")`)
	j.b.Away(false)
	w.Shoot("safe")
	left := Ask[int](w, "see that the browser keeps nothing more", `(async () => { const s = await import(document.querySelector("script[type=module]").src.replace("recorder.js", "store.js")); await new Promise((r) => setTimeout(r, 300)); return (await s.recordings()).length; })()`)
	if left != 0 {
		j.t.Errorf("%d recordings are kept in the browser after the server's confirmation", left)
	}
	w.Until(j.c.Write, "it asks what was not said", `document.querySelector("#after").dataset.seconds`)
	w.Shoot("asked")
	w.Click("open the visit", "#open-visit")
	w.Do("see the visit", chromedp.WaitVisible("#visit"))
	j.home, j.visit = Ask[string](w, "the address", "location.origin")+"/", Ask[string](w, "the visit's address", "location.href")
}

// loseSignal drives into a valley while recording, reloads the page there, and goes on.
func (j *journey) loseSignal() {
	j.t.Helper()
	w := j.worker
	w.Until(20*time.Second, "some of it was sent", `document.querySelector("#where").innerText.includes("sent so far")`)
	w.Until(20*time.Second, "the recorder is kept in the browser", `caches.keys().then(async (k) => k.length === 1 && Boolean(await (await caches.open(k[0])).match("/record?offline")) && navigator.serviceWorker.controller !== null)`)
	j.b.Away(true)
	j.line.Cut(true)
	w.Until(20*time.Second, "it says that there is no signal", `document.querySelector("#where").innerText.includes("when there is signal")`)
	w.Shoot("recording-offline")
	Ask[bool](w, "reload", `(setTimeout(() => location.reload(), 50), true)`)
	w.Until(20*time.Second, "the interruption is told", `document.querySelector("#kept") && document.querySelector("#kept").innerText.includes("interrupted")`)
	w.Shoot("interrupted")
	w.Click("go on", "#kept .button.main")
	w.Until(20*time.Second, "it records again", `document.body.classList.contains("recording")`)
}

func (j *journey) awaitDrafts() {
	j.t.Helper()
	w := j.worker
	w.Until(j.c.Write, "the transcript stands there", `document.querySelectorAll("[data-words] span").length > 0`)
	w.Until(j.c.Write, "the drafts stand there", `document.querySelector("#visit").dataset.state === "drafted" && document.querySelectorAll(".sentence").length > 0`)
	w.Shoot("visit")
	if j.c.Shots != "" {
		w.Click("look at the facts", `[data-tab="record"]`)
		w.Shoot("facts")
		w.Click("back to the first draft", "[data-tab]")
	}
	for _, width := range []int64{320, 390} {
		if over := w.Overflow(width); over > 0 {
			j.t.Errorf("at %d px the page is %d px too wide", width, over)
		}
	}
}

// openSentence clicks a sentence and sees its words lit, then plays them.
func (j *journey) openSentence() {
	j.t.Helper()
	w := j.worker
	w.Click("click a sentence", `.panel:not([hidden]) .sentence[data-spec^="0:"] .said`)
	w.Until(10*time.Second, "its words are lit", `document.querySelectorAll("[data-words] span.lit").length > 0`)
	w.Click("play it", `.panel:not([hidden]) .sentence[data-spec^="0:"] a.evidence[data-sound]`)
	w.Until(30*time.Second, "its sound plays", `[...document.querySelectorAll("[data-audio]")].some((a) => !a.paused && a.currentTime > 0)`)
	w.Until(30*time.Second, "the word that is heard is shown", `document.querySelector("[data-words] span.now") !== null`)
	w.Shoot("playing")
	w.Until(time.Minute, "it stops at the end of the words", `document.querySelector("[data-audio]").paused`)
	w.Click("close the player", "#dock-close")
}

// correct corrects a word that a sentence of the open draft rests on.
func (j *journey) correct() {
	j.t.Helper()
	w := j.worker
	word := Ask[struct{ ID, Text string }](w, "choose a word", fmt.Sprintf(`(() => {
		const bare = (w) => w.textContent.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
		const under = new Set();
		for (const s of document.querySelectorAll(".panel:not([hidden]) .sentence[data-spec]")) for (const part of s.dataset.spec.split(" ").filter(Boolean)) {
			const [i, a, b] = part.split(":");
			let inside = false;
			for (const w of document.querySelectorAll('[data-words="' + i + '"] span')) {
				if (w.id === "w" + i + "-" + a) inside = true;
				if (inside) under.add(w);
				if (w.id === "w" + i + "-" + b) inside = false;
			}
		}
		const all = [...under];
		let found = null;
		for (const wrong of [%s]) found ??= all.find((w) => bare(w) === wrong);
		found ??= all.find((w) => bare(w).length >= 4);
		return found ? { ID: found.id, Text: bare(found) } : { ID: "", Text: "" };
	})()`, quoteAll(j.c.Wrong)))
	if word.ID == "" {
		j.t.Fatalf("no sentence rests on a word to correct\n%s", w.text())
	}
	rest := j.restOn(word.ID)
	selector := fmt.Sprintf(`[id=%s]`, quote(word.ID))
	w.Click("select the word "+word.Text, selector)
	w.Click("press Correct", "#dock-correct")
	w.Do("see the form", chromedp.WaitVisible("#correct-new"))
	w.Shoot("correct")
	w.Do("type what was said", chromedp.SetValue("#correct-new", j.c.Right))
	w.Click("save it", "#correct-save")
	if j.c.SeeStale {
		j.seeStale(rest)
		w.Shoot("stale")
	}
	right := quote(j.c.Right)
	w.Until(j.c.Write, "the transcript says it", fmt.Sprintf(`[...document.querySelectorAll("[data-words] span")].some((w) => w.textContent.includes(%s.split(" ")[0]))`, right))
	w.Until(j.c.Write, "the sentences are made anew", fmt.Sprintf(`document.querySelector("#visit").dataset.state === "drafted" && document.querySelectorAll(".sentence.stale").length === 0 &&
		[...document.querySelectorAll(".sentence.changed .said")].some((s) => s.textContent.includes(%s))`, right))
	if j.c.SeeStale { // real rules read all of it anew: with another name, who was where may be read in another way too
		j.seeUntouched(rest)
	}
	w.Shoot("corrected")
	old := Ask[string](w, "the old text is one click away", `(() => { const d = document.querySelector(".sentence.changed details del"); return d ? d.textContent : ""; })()`)
	if old == "" || strings.Contains(old, j.c.Right) {
		j.t.Errorf("the text before the correction is not shown: %q", old)
	}
}

// resting tells the sentences of all drafts that rest on a word from those that do not.
type resting struct{ On, Not map[string]string } // by the sentence's id, its text

func (j *journey) restOn(word string) resting {
	j.t.Helper()
	return Ask[resting](j.worker, "see what rests on it", fmt.Sprintf(`(() => {
		const out = { On: {}, Not: {} };
		const [box, id] = %s.slice(1).split(/-(.*)/s);
		const all = [...document.querySelectorAll('[data-words="' + box + '"] span')].map((w) => w.id.replace(/^w\d+-/, ""));
		for (const s of document.querySelectorAll(".panel .sentence")) {
			const on = (s.dataset.spec || "").split(" ").some((part) => { const [i, a, b] = part.split(":"); return i === box && all.indexOf(a) <= all.indexOf(id) && all.indexOf(id) <= all.indexOf(b); });
			out[on ? "On" : "Not"][s.id] = s.querySelector(".said").textContent;
		}
		return out;
	})()`, quote(word)))
}

// seeStale waits until exactly the sentences that rest on a corrected word are marked.
func (j *journey) seeStale(rest resting) {
	j.t.Helper()
	w := j.worker
	w.Until(20*time.Second, "dependent sentences are stale", `document.querySelectorAll(".sentence.stale").length > 0`)
	stale := Ask[[]string](w, "see which", `[...document.querySelectorAll(".sentence.stale")].map((s) => s.id)`)
	if slices.Sort(stale); !slices.Equal(stale, slices.Sorted(maps.Keys(rest.On))) {
		j.t.Errorf("stale are %v, want %v", stale, slices.Sorted(maps.Keys(rest.On)))
	}
}

// seeUntouched holds what does not rest on a corrected word against what it was.
func (j *journey) seeUntouched(rest resting) {
	j.t.Helper()
	now := Ask[[]string](j.worker, "read the drafts", `[...document.querySelectorAll(".panel .sentence .said")].map((s) => s.textContent)`)
	for id, text := range rest.Not {
		if !slices.Contains(now, text) {
			j.t.Errorf("%s does not rest on the corrected word and was changed: %q", id, text)
		}
	}
}

// settleDoubt takes another reading of a doubtful word, by the keyboard alone.
func (j *journey) settleDoubt() {
	j.t.Helper()
	w := j.worker
	w.Press("look at what is open", "Enter")
	offered := fmt.Sprintf(`document.querySelector('#step-body button[name=new][value=%s]')`, quote(j.c.Doubt))
	for range 20 {
		if Ask[bool](w, "see whether it is the doubt", offered+` !== null`) {
			break
		}
		w.Press("put it off", "Enter")
	}
	w.Shoot("doubt")
	word := Ask[string](w, "see the word", fmt.Sprintf(`[...document.querySelectorAll("[data-words] span.lit")].find((s) => s.id.endsWith("-" + %s.form.first.value)).id`, offered))
	rest := j.restOn(word)
	key := Ask[int](w, "find the reading", fmt.Sprintf(`[...document.querySelectorAll("#step-body .row.choices button")].findIndex((b) => b.textContent.includes(%s)) + 1`, quote(j.c.Doubt)))
	if key < 2 || len(rest.On) == 0 || len(rest.Not) == 0 {
		j.t.Fatalf("%q is choice %d, and %d sentences rest on the word, %d do not", j.c.Doubt, key, len(rest.On), len(rest.Not))
	}
	w.Press("take "+j.c.Doubt, strconv.Itoa(key))
	if j.c.SeeStale {
		j.seeStale(rest)
	}
	w.Until(j.c.Write, "the sentences are made anew", fmt.Sprintf(`document.querySelector("#visit").dataset.state === "drafted" && document.querySelectorAll(".sentence.stale").length === 0 &&
		[...document.querySelectorAll(".sentence.changed .said")].some((s) => s.textContent.includes(%s))`, quote(j.c.Doubt)))
	j.seeUntouched(rest)
	w.Press("put the steps away", "Escape")
}

// takeAway saves the approved draft as a Word document.
func (j *journey) takeAway() {
	j.t.Helper()
	w := j.worker
	w.Do("open the visit again", chromedp.Navigate(j.visit), chromedp.WaitVisible("#visit"))
	w.Click("see how it can be taken away", ".panel:not([hidden]) details[id^=take] > summary")
	name, content := w.Download("take it as a Word document", `.panel:not([hidden]) button[value="docx"]`)
	if !strings.HasSuffix(name, ".docx") || strings.Contains(name, "not-approved") || !strings.HasPrefix(string(content), j.c.Word) {
		j.t.Errorf("%d bytes were saved as %q", len(content), name)
	}
}

// approve goes through what is open by the keyboard, takes the approval back once, and approves.
func (j *journey) approve() {
	j.t.Helper()
	w := j.worker
	open := Ask[int](w, "count what must be checked", `document.querySelectorAll("#approve-form input[name=confirm]").length`)
	if Ask[bool](w, "see whether anything is open", `/, then approve\.$/.test(document.querySelector("#line-text").textContent)`) {
		w.Click("take the first thing", "#next")
		w.Until(10*time.Second, "it is shown by itself", `!document.querySelector("#step").hidden && document.querySelector("#step-count").textContent.includes("left")`)
		w.Shoot("step")
	}
	for range 60 {
		if !Ask[bool](w, "see whether there is more", `/ left$/.test(document.querySelector("#step-count").textContent)`) {
			break
		}
		key := Ask[string](w, "choose what to do", `document.querySelector("#step-count").textContent.startsWith("Not said") ? "Enter" : "1"`)
		w.Press("settle it, or put it off", key)
	}
	if left := Ask[int](w, "count what is left", `document.querySelectorAll("#approve-form input[name=confirm]:not(:checked)").length`); left > 0 {
		j.t.Errorf("%d of %d are not settled", left, open)
	}
	w.Press("put the steps away", "Escape")
	w.Do("go to the end", chromedp.ScrollIntoView("#approve"))
	w.Shoot("approve")
	w.Click("approve", "#approve")
	w.Until(10*time.Second, "it says that it will be approved", `!document.querySelector("#undo").hidden`)
	w.Click("take it back", "#undo-stop")
	time.Sleep(6 * time.Second)
	if state := Ask[string](w, "the state", `document.querySelector("#visit").dataset.state`); state != "drafted" {
		j.t.Errorf("an approval that was taken back counts: %s", state)
	}
	w.Click("approve", "#approve")
	w.Until(20*time.Second, "it is approved", `document.querySelector("#visit").dataset.state === "approved"`)
	w.Shoot("approved")
	w.Do("go home", chromedp.Navigate(j.home), chromedp.WaitVisible("#lists .item"))
	w.Shoot("home")
}

func (j *journey) review(w *Window) {
	j.t.Helper()
	w.Do("see what waits", chromedp.WaitVisible("#lists .item"))
	w.Click("see all of it", `a[href="/review"]`)
	w.Do("see the queue", chromedp.WaitVisible("main .item"))
	w.Shoot("queue")
	w.Click("open the first", "main .item")
	w.Do("see the visit", chromedp.WaitVisible("#lock"))
	if Ask[bool](w, "the second person changes nothing", `document.querySelector("#dock-correct") !== null`) {
		j.t.Error("the second person is offered to correct")
	}
	w.Click("read a sentence", `.panel:not([hidden]) .sentence[data-spec^="0:"] .said`)
	w.Click("comment on it", "#dock-comment")
	if about := Ask[string](w, "what the comment is about", `document.activeElement.closest("li").querySelector(".about").textContent`); !strings.HasPrefix(about, "On “") {
		j.t.Errorf("the comment is about %q", about)
	}
	w.Do("go to the end", chromedp.ScrollIntoView("#lock"))
	w.Shoot("review")
	w.Click("agree and lock", "#lock")
	w.Until(20*time.Second, "it is locked", `document.querySelector("#visit").dataset.state === "locked"`)
	w.Shoot("locked")
}

func quoteAll(texts []string) string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = quote(s)
	}
	return strings.Join(out, ", ")
}
