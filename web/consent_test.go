package web_test

import (
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

// TestConsentInTheRecorder: who agreed is noted with one tap before, while and after a visit is recorded, without signal too; it lies sealed on the phone, never
// holds the recording up, and stands on the visit once. Without it the visit says so, and is not approved.
func TestConsentInTheRecorder(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	wav := filepath.Join(t.TempDir(), "voice.wav")
	if err := os.WriteFile(wav, hum(20), 0o600); err != nil {
		t.Fatal(err)
	}
	w := webtest.Start(t, wav).Person()
	w.Shots = os.Getenv("KERBSIDE_SHOTS")
	w.Open("open the link", s.invite("Robin Ashdown", kerbside.RoleWorker))
	w.Click("press Sign in", "#sign-in")
	ready := `document.querySelector("#round") && !document.querySelector("#round").disabled`
	w.Until(20*time.Second, "they are signed in", ready)
	w.Open("open the recorder", s.url+"/record")
	w.Until(20*time.Second, "the recorder is ready", ready+` && document.querySelector("#agreed").hidden`)
	w.Click("open what is about the visit", "#about > summary")
	w.Click("others can be heard", `#about-form input[value="visit"]`)
	told := func(text string) string {
		return `document.querySelector("#agreed-said").textContent.includes("` + text + `")`
	}
	s.dark.Store(true)
	w.Click("the mother agreed", `#agreed-who [data-who="Mother"]`)
	w.Until(5*time.Second, "it is told", told("Mother agreed, said so, before"))
	w.Click("no, the father", `#agreed-who [data-who="Mother"]`)
	w.Click("the father agreed", `#agreed-who [data-who="Father"]`)
	w.Until(5*time.Second, "it is told", told("Father agreed"))
	w.Shoot("consent-before")
	w.Accessible("consent before")
	w.Click("tap Record", "#round")
	w.Until(20*time.Second, "it records", `document.body.classList.contains("recording") && !document.querySelector("#agreed").hidden`)
	w.Click("the child agreed on the recording", `#agreed-who [data-who="Child"]`)
	w.Until(5*time.Second, "it is told", told("Child agreed, on the recording, while recording"))
	w.Shoot("consent-recording")
	time.Sleep(2500 * time.Millisecond) // of sound
	w.Click("tap Stop", "#round")
	w.Until(20*time.Second, "it is kept", `document.querySelector("#where").innerText.includes("Saved on this phone")`)
	w.Type("somebody else", "#agreed-other", "Quillon Marrable, uncle")
	w.Click("they agreed", "#agreed-add")
	w.Until(5*time.Second, "it asks when", told("Choose when they agreed"))
	w.Click("in the car", `[name="agreed-when"][value="after"]`)
	w.Click("they agreed", "#agreed-add")
	w.Until(5*time.Second, "it is told", told("Quillon Marrable, uncle agreed, said so, afterwards"))
	plain := webtest.Ask[string](w, "what lies on the phone", `(async () => { const s = await import(document.querySelector("script[type=module]").src.replace("recorder.js", "store.js"));
		return JSON.stringify((await s.recordings()).map((r) => ({ ...r, consents: r.consents.map((c) => [c.seq, c.sent, Object.keys(c).sort().join(), new Uint8Array(c.sealed)[0]]) }))); })()`)
	if strings.Contains(plain, "Quillon") || strings.Count(plain, `false,"sealed,sent,seq",4`) != 3 {
		t.Errorf("on the phone lies %s", plain)
	}
	s.dark.Store(false)
	w.Until(time.Minute, "the server confirms", `document.querySelector("#where").innerText.includes("Safe on the server")`)
	w.Click("a carer agreed too, it turns out", `#agreed-who [data-who="Carer"]`)
	w.Until(10*time.Second, "it is told", told("Carer agreed"))
	w.Shoot("consent-after")

	id := strings.TrimPrefix(webtest.Ask[string](w, "the visit", `document.querySelector("#open-visit").getAttribute("href")`), "/visits/")
	manager := s.signIn(s.link)
	manager.await(id, "drafted")
	v, err := s.svc.Visit(t.Context(), s.manager, kerbside.VisitID(id))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range v.Consents {
		got = append(got, c.Who+" "+c.How+" "+c.When)
		if c.Noted.IsZero() || c.Noted.After(c.Line.At.Add(time.Second)) || c.ByName != "Robin Ashdown" {
			t.Errorf("%+v", c)
		}
	}
	if strings.Join(got, "; ") != "Father spoken before; Child recorded at; Quillon Marrable, uncle spoken after; Carer spoken after" || v.Consent != service.ConsentThere {
		t.Errorf("%s: %v", v.Consent, got)
	}
	if len(v.Record.Consent) != 4 {
		t.Errorf("the record has %+v", v.Record.Consent)
	}

	worker := s.signIn(s.newLink("Robin Ashdown"))
	form := "--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nvisit\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nsound\r\n--x--\r\n"
	bare := between(worker.want(worker.do("POST", "/api/uploads", strings.NewReader(form), "Content-Type", "multipart/form-data; boundary=x"), http.StatusOK).body, `"visit":"`, `"`)
	worker.await(bare, "drafted")
	if page := worker.get("/visits/" + bare); !strings.Contains(page.body, "Who agreed to be recorded?") || !strings.Contains(page.body, `id="approve" disabled`) {
		t.Error("a recorded visit without consent does not say so, or can be approved")
	}
}
