package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kerbside/web/webtest"
)

var careful = flag.Bool("careful", false, "TestApproval takes the whole sample, and the time that a careful person takes")

// TestApproval has a careful person read, hear, put right and approve the sample, a child-protection visit with doubts and critical claims, by the keyboard; then the
// pages of its case and of the second person are looked at. In its long form (make prove-approval) they take the time that people take, and have two minutes.
func TestApproval(t *testing.T) {
	t.Setenv(asProgram, "1")
	dir, shots := t.TempDir(), os.Getenv("KERBSIDE_SHOTS")
	sound, pace := "../../samples/visit.ogg", webtest.Pace{Words: 238, Decide: 700 * time.Millisecond}
	truth, err := os.ReadFile("../../samples/visit.txt")
	if err != nil {
		t.Fatal(err)
	}
	if !*careful {
		pace = webtest.Pace{}
	}
	if !*careful && shots == "" { // a minute is long for a test
		whole := sound
		sound = filepath.Join(dir, "spoken.wav")
		if out, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-i", whole, "-t", "20", "-ar", "16000", "-ac", "1", sound).CombinedOutput(); err != nil {
			t.Fatalf("ffmpeg: %v\n%s", err, out)
		}
	}
	link, reviewer := serveForTest(t, filepath.Join(dir, "data"), sound, "--sample-case", "../../samples/parker")
	home, _, _ := strings.Cut(link, "/signin/")
	b := webtest.Start(t, "")
	enter := func(link string) *webtest.Window {
		w := b.Person()
		w.Shots = shots
		w.Open("open the link", link)
		w.Click("press Sign in", "#sign-in")
		w.Until(20*time.Second, "the first page", `document.querySelector("#lists")`)
		return w
	}
	w := enter(link)
	w.Until(3*time.Minute, "all visits are written", `(async () => { await new Promise((r) => setTimeout(r, 1000)); const v = (await (await fetch("/api/visits")).json()).visits; return v.length === 4 && v.every((x) => x.state === "drafted"); })()`)
	w.Open("see the first page anew", home+"/")
	w.Shoot("first-page")
	w.Click("open the visit", "#lists a.item[href^='/visits/']")
	w.Until(20*time.Second, "the drafts stand there", `document.querySelectorAll(".sentence").length > 0`)
	acts, took := webtest.Careful(w, pace, string(truth))
	t.Logf("1 tap opens the visit; approved in %.0f s with %d keys", took.Seconds(), acts)
	if *careful {
		if took > 2*time.Minute {
			t.Errorf("it took %.0f s, want 120 at most", took.Seconds())
		}
		return
	}
	webtest.Ask[int](w, "approve the earlier visits", `(async () => { let n = 0; for (const v of (await (await fetch("/api/visits")).json()).visits) if (v.state === "drafted") {
		const page = new DOMParser().parseFromString(await (await fetch("/visits/" + v.id)).text(), "text/html");
		const fields = new URLSearchParams(); for (const i of page.querySelectorAll("input[name=cover], input[name=confirm]")) fields.append(i.name, i.value);
		if (!(await fetch("/visits/" + v.id + "/approve", { method: "POST", body: fields })).ok) throw new Error("not approved"); n++;
	} return n; })()`)
	w.Open("its cases", home+"/cases")
	w.Click("the case", ".list .what a")
	w.Until(20*time.Second, "the brief", `document.querySelectorAll(".brief .card").length > 3`)
	w.Shoot("brief-sample")
	w.Click("the timeline", `nav a[href$="/timeline"]`)
	w.Until(20*time.Second, "the timeline", `document.querySelectorAll(".timeline .mark").length >= 5`)
	w.Shoot("timeline-sample")
	m := enter(reviewer)
	m.Open("the queue", home+"/review")
	m.Until(20*time.Second, "all four wait", `document.querySelectorAll("main .item").length === 4`)
	m.Shoot("queue-sample")
	m.Click("the last", "main li:last-child .item")
	m.Until(20*time.Second, "it can be reviewed", `document.querySelector("#lock")`)
	m.Click("read a sentence", `.panel:not([hidden]) .sentence[data-spec^="0:"] .said`)
	m.Shoot("review-sample")
	b.Quiet()
}
