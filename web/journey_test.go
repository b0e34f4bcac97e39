package web_test

import (
	"encoding/binary"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/service"
	"kerbside/web/webtest"
)

// TestJourney goes the whole way in a real browser with real storage; only the engines are fakes. Set KERBSIDE_SHOTS to a
// folder to have screenshots made.
func TestJourney(t *testing.T) {
	s := newSite(t, &fakeExtractor{slow: 1500 * time.Millisecond})
	wav := filepath.Join(t.TempDir(), "voice.wav")
	if err := os.WriteFile(wav, hum(8), 0o600); err != nil {
		t.Fatal(err)
	}
	webtest.Journey(t, webtest.Config{
		WorkerLink: s.invite("Robin Ashdown", kerbside.RoleWorker), ReviewerLink: s.invite("Imani Clarke", kerbside.RoleReviewer),
		WAV: wav, Record: 6 * time.Second, Write: 30 * time.Second, Doubt: "Jayden", Wrong: []string{"Jayden"}, Right: "Jaidan", SeeStale: true, Word: "Visit", Shots: os.Getenv("KERBSIDE_SHOTS"),
	})
}

// TestRecordingSurvives records without signal, reloads in the middle, which the page kept in the browser answers, goes on, and sees all of it arrive
// when the signal is back; the session has ended meanwhile.
func TestRecordingSurvives(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	wav := filepath.Join(t.TempDir(), "voice.wav")
	if err := os.WriteFile(wav, hum(20), 0o600); err != nil {
		t.Fatal(err)
	}
	w := webtest.Start(t, wav).Person()
	link := s.invite("Robin Ashdown", kerbside.RoleWorker)
	w.Open("open the link", link)
	w.Click("press Sign in", "#sign-in")
	ready := `document.querySelector("#round") && !document.querySelector("#round").disabled`
	w.Until(20*time.Second, "the recorder is ready", ready)

	for name, says := range map[string]string{"NotAllowedError": "allow the microphone", "NotFoundError": "No microphone was found", "NotReadableError": "Another app is using", "AbortError": "could not be opened"} {
		webtest.Ask[bool](w, "refuse the microphone once", `(() => { const m = navigator.mediaDevices, real = m.getUserMedia.bind(m);
			m.getUserMedia = () => { m.getUserMedia = real; return Promise.reject(new DOMException("", "`+name+`")); }; return true; })()`)
		w.Click("tap Record", "#round")
		w.Until(10*time.Second, "it says what to do about "+name, `document.querySelector("#say").textContent.includes("`+says+`") && `+ready)
	}
	webtest.Ask[bool](w, "have no room for one write", `(() => { const real = IDBObjectStore.prototype.add, once = function () { IDBObjectStore.prototype.add = real; throw new DOMException("", "QuotaExceededError"); };
		IDBObjectStore.prototype.add = once; return true; })()`)
	w.Click("tap Record", "#round")
	w.Until(10*time.Second, "it says that there is no room", `document.querySelector("#say").textContent.includes("no room to keep") && `+ready)
	w.Accessible("no room")

	w.Until(20*time.Second, "the page is kept in the browser", `caches.keys().then(async (k) => k.length === 1 && Boolean(await (await caches.open(k[0])).match("/record?offline")) && navigator.serviceWorker.controller !== null)`)
	s.dark.Store(true)
	recording := `document.body.classList.contains("recording")`
	said := func(text string) string {
		return `document.querySelector("#where").innerText.includes("` + text + `")`
	}
	w.Click("tap Record", "#round")
	w.Until(20*time.Second, "it records", recording)
	w.Until(20*time.Second, "it says that there is no signal", said("when there is signal"))
	time.Sleep(3 * time.Second)
	webtest.Ask[bool](w, "reload", `(setTimeout(() => location.reload(), 50), true)`)
	w.Until(20*time.Second, "the interruption is told", `document.querySelector("#kept") && document.querySelector("#kept").innerText.includes("interrupted")`)
	w.Click("go on", "#kept .button.main")
	w.Until(20*time.Second, "it records again", recording)
	w.SignOut() // the session runs out while it records
	s.dark.Store(false)
	w.Until(time.Minute, "it goes on, and says that a sign-in is needed", recording+` && `+said("Sign in again"))
	other := w.Tab()
	other.Open("open a second tab", s.url+"/record")
	other.Until(20*time.Second, "the second tab leaves the recording of the first alone", ready+` && document.querySelector("#kept").hidden`)
	s.dark.Store(true)
	time.Sleep(2 * time.Second)
	w.Click("tap Stop", "#round")
	w.Until(20*time.Second, "it is kept and not called safe", said("Saved on this phone")+" && !"+said("Safe on the server"))
	plain := webtest.Ask[int](w, "look for sound that is not sealed", `(async () => { const s = await import(document.querySelector("script[type=module]").src.replace("recorder.js", "store.js"));
		let plain = 0; for (const r of await s.recordings()) for (const [, take, seq] of await s.pieceKeys(r.client)) { const p = await s.piece(r.client, take, seq);
		if (Object.keys(p).sort().join() !== "client,sealed,sent,seq,sha256,take" || new Uint8Array(p.sealed)[0] !== 4) plain++; } return plain; })()`)
	if plain != 0 {
		t.Errorf("%d pieces lie unsealed on the phone", plain)
	}
	s.dark.Store(false)
	w.Until(time.Minute, "it asks to sign in again", said("Sign in again"))
	w.Open("open a new link", s.newLink("Robin Ashdown"))
	w.Click("press Sign in", "#sign-in")
	w.Until(time.Minute, "the server confirms", `document.querySelector("#where") && `+said("Safe on the server"))

	href := webtest.Ask[string](w, "the visit", `document.querySelector("#open-visit").getAttribute("href")`)
	manager := s.signIn(s.link)
	v := manager.await(strings.TrimPrefix(href, "/visits/"), "drafted")
	sound := manager.want(manager.get("/recordings/"+v.Recordings[0].ID+"/audio"), http.StatusOK).body
	if g := v.Transcripts[0].Transcript.Gaps; len(g) != 1 || g[0].MissingMS < 1 || g[0].MissingMS > 20000 || g[0].Reason != service.GapInterrupted {
		t.Errorf("the interruption is not told: %+v", g)
	}
	w.Click("open the visit", "#open-visit")
	w.Until(20*time.Second, "the gap is on the page", `document.querySelector("#transcript") && document.querySelector("#transcript").innerText.includes("missing at")`)
	w.Until(20*time.Second, "the second part plays by itself", `(async () => { const a = document.querySelectorAll("audio"); if (a.length !== 2) return false; a[1].load(); await a[1].play(); a[1].pause(); return a[1].error === null; })()`)
	if n := strings.Count(sound, "\x1aE\xdf\xa3"); n != 2 || len(v.Recordings) != 1 || kerbside.HexSHA256([]byte(sound)) != v.Recordings[0].SHA256 {
		t.Errorf("%d recordings; the first has %d takes in %d bytes, want 1 with 2", len(v.Recordings), n, len(sound))
	}
}

// hum is a WAV of a voice-like tone, mono, 16 kHz, 16 bit, which swells and fades.
func hum(seconds int) []byte {
	const rate = 16000
	n := seconds * rate
	b := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(36+2*n))...)
	b = append(b, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"...)
	b = binary.LittleEndian.AppendUint32(b, rate)
	b = binary.LittleEndian.AppendUint32(b, 2*rate)
	b = append(b, "\x02\x00\x10\x00data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(2*n))
	for i := range n {
		at := float64(i) / rate
		swell := 0.5 - 0.5*math.Cos(2*math.Pi*1.3*at)
		v := swell * (0.5*math.Sin(2*math.Pi*140*at) + 0.3*math.Sin(2*math.Pi*280*at) + 0.15*math.Sin(2*math.Pi*900*at))
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(v*12000)))
	}
	return b
}
