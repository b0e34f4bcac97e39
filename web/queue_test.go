package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kerbside"
	"kerbside/service"
)

// TestQueue: a reviewer narrows the queue, goes through it without losing the place, sees how the approval was made, and returns a visit with comments on single
// sentences, which its worker finds beside them.
func TestQueue(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	robin, sam := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker)), s.signIn(s.invite("Sam Birch", kerbside.RoleWorker))
	reviewer := s.signIn(s.invite("Imani Clarke", kerbside.RoleReviewer))
	send := func(by *person, name string) string {
		var r struct{ Visit string }
		body := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n" + name + "\r\n--x--\r\n"
		a := by.want(by.do(http.MethodPost, "/upload", strings.NewReader(body), "Content-Type", "multipart/form-data; boundary=x"), http.StatusSeeOther)
		r.Visit, _, _ = strings.Cut(strings.TrimPrefix(a.header.Get("Location"), "/visits/"), "?")
		v := by.await(r.Visit, "drafted")
		by.want(by.get("/visits/"+r.Visit), http.StatusOK)
		var ids []string
		for _, o := range v.Open {
			ids = append(ids, o.ID)
		}
		by.want(by.json(http.MethodPost, "/api/visits/"+r.Visit+"/approve", map[string]any{"covers": v.Covers, "confirmed": ids}, nil), http.StatusOK)
		return r.Visit
	}
	first, second, third := send(robin, "one"), send(sam, "two"), send(robin, "three")
	who := ""
	people, err := s.svc.People(t.Context(), s.manager)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		if p.Name == "Robin Ashdown" {
			who = string(p.ID)
		}
	}
	list := reviewer.want(reviewer.get("/review"), http.StatusOK).body
	for _, id := range []string{first, second, third} {
		if !strings.Contains(list, "/visits/"+id) {
			t.Errorf("%s is not in the list: %s", id, list)
		}
	}
	list = reviewer.want(reviewer.get("/review?who="+who), http.StatusOK).body
	if strings.Contains(list, second) || !strings.Contains(list, first+"?who="+who) || !strings.Contains(list, "2 of 3") {
		t.Errorf("the list is not narrowed: %s", list)
	}
	for _, q := range []string{"?urgent=1", "?days=2", "?days=-1&urgent=1", "?who=nobody"} {
		if body := reviewer.want(reviewer.get("/review"+q), http.StatusOK).body; !strings.Contains(body, "None of them fits") {
			t.Errorf("%s: %s", q, body)
		}
	}
	robin.want(robin.get("/review"), http.StatusForbidden)

	page := reviewer.want(reviewer.get("/visits/"+first+"?who="+who), http.StatusOK).body
	for _, want := range []string{"1 of 2 to review", "/visits/" + third + "?who=" + who, "Robin Ashdown approved", "s a draft); 0 of 2 critical clips played", "doubt-text"} {
		if !strings.Contains(page, want) {
			t.Errorf("the visit does not show %q: %s", want, page)
		}
	}
	// A comment on one sentence is reason enough to return it.
	v := reviewer.await(first, "approved")
	d := v.Drafts[0].Draft
	covers := url.Values{}
	for _, c := range v.Covers {
		covers.Add("cover", string(c.Document)+" "+c.SHA256)
	}
	var on string
	for _, c := range v.Covers { // the draft's document is the one that the page names beside its sentences
		if strings.Contains(page, fmt.Sprintf("data-about=\"%s %s\"", c.Document, d.Sentences[1].ID())) {
			on = string(c.Document) + " " + d.Sentences[1].ID()
		}
	}
	if on == "" {
		t.Fatalf("no sentence can be commented on: %s", page)
	}
	form := url.Values{"cover": covers["cover"], "action": {"return"}, "queue": {"who=" + who}, "on": {on}, "said": {"Who else was there?"}, "comment": {""}}
	a := reviewer.want(reviewer.post("/visits/"+first+"/review", form), http.StatusSeeOther)
	if to := a.header.Get("Location"); to != "/visits/"+first+"?who="+who {
		t.Errorf("the place is lost: %s", to)
	}
	if page = reviewer.get("/visits/" + first + "?who=" + who).body; !strings.Contains(page, "1 left to review") || !strings.Contains(page, "/visits/"+third) || !strings.Contains(page, "You decided") {
		t.Errorf("after the return: %s", page)
	}
	page = robin.want(robin.get("/visits/"+first), http.StatusOK).body
	if !strings.Contains(page, "<strong>Imani Clarke:</strong> Who else was there?") || !strings.Contains(page, "See the comments on single sentences.") {
		t.Errorf("the worker does not see the comment: %s", page)
	}

	// What was played counts, for the worker's approval and for the reviewer.
	owner := kerbside.User{}
	for _, p := range people {
		if p.Name == "Robin Ashdown" {
			owner = p
		}
	}
	all := []service.Span{{StartMS: 0, EndMS: 60_000}}
	third3 := robin.await(third, "approved")
	if err := s.svc.ReportHeard(t.Context(), owner, kerbside.VisitID(third), kerbside.RecordingID(third3.Recordings[0].ID), all); err != nil {
		t.Fatal(err)
	}
	if page = reviewer.get("/visits/" + third).body; !strings.Contains(page, "2 of 2 critical clips played") {
		t.Errorf("what was played does not count: %s", page)
	}
}
