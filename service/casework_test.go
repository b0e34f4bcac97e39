package service

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// put has the fake extractor's record replaced by one of the test's own for a visit: what lists over visits show is then known.
func (h *house) put(v kerbside.VisitID, r *kerbside.Record) {
	h.t.Helper()
	err := h.store.Update(h.t.Context(), func(tx kerbside.Tx) error {
		visit, err := tx.Visit(h.worker.Org, v)
		if err != nil {
			return err
		}
		b, err := loadBundle(tx, visit)
		if err != nil {
			return err
		}
		if err := h.s.addDocument(tx, visit, kerbside.DocRecord, "", b.recordDoc.Version+1, r, func(*kerbside.Document) {}); err != nil {
			return err
		}
		return h.s.digest(tx, visit)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// linden is the case of the test's files, its visits and their records: one of 3 March, one of 17 February.
func (h *house) linden() (kerbside.CaseID, []kerbside.VisitID) {
	h.t.Helper()
	if _, err := h.importCases(h.manager, strings.Replace(goodCases, "yes,1,Tansy Linden", "no,1,Quillon Linden", 1), false); err != nil {
		h.t.Fatal(err)
	}
	rows, err := h.s.Cases(h.t.Context(), h.worker)
	if err != nil {
		h.t.Fatal(err)
	}
	id := rows[0].Case.ID
	var visits []kerbside.VisitID
	for _, said := range []string{"Quillon said mum cries. Everley will ring.", "Quillon was out. I will ask the school."} {
		v := h.record(h.worker, "", said).Visit
		h.await(v, kerbside.VisitDrafted)
		h.idle(v)
		if err := h.s.SetCase(h.t.Context(), h.worker, v, id); err != nil {
			h.t.Fatal(err)
		}
		h.await(v, kerbside.VisitDrafted)
		h.idle(v)
		visits = append(visits, v)
	}
	h.put(visits[0], h.lindenRecord(visits[0], "2026-03-03", "will ring", "Everley Linden", "2026-03-06"))
	h.put(visits[1], h.lindenRecord(visits[1], "2026-02-17", "ask the school", "worker", "2099-01-01"))
	return id, visits
}

func (h *house) lindenRecord(v kerbside.VisitID, day, action, owner, due string) *kerbside.Record {
	h.t.Helper()
	t := h.view(h.worker, v).Transcripts[0].Transcript
	s := kerbside.NewSource(t)
	e := []kerbside.Evidence{s.Evidence(0, 2)}
	fact := func(value string) kerbside.Fact { return kerbside.Fact{Value: value, Evidence: e} }
	r := &kerbside.Record{Schema: kerbside.RecordSchema}
	r.Source.Transcripts = []string{string(t.ID)}
	r.Visit.Date, r.Visit.Mode, r.Visit.Outcome = fact(day), fact(kerbside.ModeInPerson), fact(kerbside.OutcomeCompleted)
	r.Attendees = []kerbside.Attendee{{ID: "p1", Name: "Quillon", Role: "child", Presence: kerbside.Present, Evidence: e}, {ID: "p2", Name: "Everley Linden", Role: "mother", Presence: kerbside.Present, Evidence: e}, {ID: "p3", Role: "school nurse", Presence: kerbside.Mentioned, Evidence: e}}
	r.Children = []kerbside.ChildFacts{{Person: "p1"}}
	r.ChildVoice = []kerbside.ChildVoice{{ID: "v1", Child: "Quillon", Person: "p1", Quote: "mum cries", Mode: kerbside.VoiceDirect, Standing: kerbside.Found, Evidence: e}, {ID: "v2", Child: "Quillon", Quote: "made up", Standing: kerbside.Proposed, Evidence: e}}
	r.Actions = []kerbside.Action{{ID: "a1", Text: action, Owner: owner, Due: kerbside.Due{Date: due}, Status: kerbside.Planned, Standing: kerbside.Found, Evidence: e}, {ID: "a2", Text: "did it", Owner: "worker", Status: kerbside.Done, Standing: kerbside.Found, Evidence: e}}
	r.Risks = []kerbside.Risk{
		{ID: "r1", Text: "mum may leave", Polarity: kerbside.Uncertain, Standing: kerbside.Found, About: []kerbside.PersonID{"p2"}, Attribution: kerbside.Attribution{Kind: kerbside.AdultSaid, Who: "school", Chain: []string{"school", "gran"}}, Evidence: e},
		{ID: "r2", Text: "no marks", Polarity: kerbside.Negated, Critical: true, Standing: kerbside.Found, Evidence: e},
	}
	r.Missing = []kerbside.Missing{{Code: "bedroom_seen", Text: "Not said: was the bedroom seen?"}}
	return r
}

// What is known before a visit is what the records of earlier ones hold, and nothing else.
func TestBrief(t *testing.T) {
	h := newHouse(t)
	id, visits := h.linden()
	b, err := h.s.Brief(t.Context(), h.worker, id)
	if err != nil {
		t.Fatal(err)
	}
	if b.Visits != 2 || b.Last.Visit != visits[0] || b.LastVisit != "2026-03-03" || b.Due != "2026-03-17" || !b.Overdue || b.Last.Approved || b.Unread != "" {
		t.Errorf("head: %+v, last %+v", b.CaseHead, b.Last)
	}
	if len(b.Promises) != 1 || b.Promises[0].Text != "ask the school" || b.Promises[0].Overdue || !b.Promises[0].MayTick {
		t.Errorf("promises: %+v", b.Promises)
	}
	if len(b.Others) != 1 || b.Others[0].Text != "will ring" || !b.Others[0].Overdue || b.Others[0].Day != "2026-03-03" {
		t.Errorf("others: %+v", b.Others)
	}
	if len(b.Voices) != 1 || b.Voices[0].Text != "mum cries" || !b.Voices[0].Direct || b.Voices[0].Who != "Quillon" || len(b.Voices[0].Evidence) != 1 {
		t.Errorf("voices: %+v", b.Voices)
	}
	if len(b.NotSaid) != 1 || len(b.Uncertain) != 2 || b.Uncertain[0].Who != "school, who heard it from gran" || len(b.Worries) != 0 {
		t.Errorf("not said %+v, uncertain %+v, worries %+v", b.NotSaid, b.Uncertain, b.Worries)
	}
	if len(b.People) != 2 || b.People[0].Name != "Quillon Linden" || b.People[0].Presence != kerbside.Present || len(b.Spoken) != 1 || b.Spoken[0].Role != "school nurse" {
		t.Errorf("people %+v, spoken %+v", b.People, b.Spoken)
	}
	if err := h.s.AddStatement(t.Context(), h.worker, visits[0], "bedroom_seen", "It was seen."); err != nil {
		t.Fatal(err)
	}
	h.await(visits[0], kerbside.VisitDrafted)
	for _, u := range []kerbside.User{h.admin, {}} {
		if _, err := h.s.Brief(t.Context(), u, id); err == nil {
			t.Errorf("%s reads a brief", u.Role)
		}
	}
	other := h.invite("Another Worker", kerbside.RoleWorker)
	_, err = h.s.Brief(t.Context(), other, id)
	h.wantCode(err, kerbside.CodeNotFound)
}

// To tick an action off adds to what is known and changes neither record nor approval; it can be taken back, and both are audited.
func TestTick(t *testing.T) {
	h := newHouse(t)
	id, visits := h.linden()
	ctx := t.Context()
	before := h.view(h.worker, visits[0])
	h.wantCode(h.s.Tick(ctx, h.reviewer, visits[0], "a1", false), kerbside.CodeForbidden)
	h.wantCode(h.s.Tick(ctx, h.worker, visits[0], "a2", false), kerbside.CodeConflict)
	h.wantCode(h.s.Tick(ctx, h.worker, visits[0], "a1", true), kerbside.CodeConflict)
	if err := h.s.Tick(ctx, h.manager, visits[0], "a1", false); err != nil {
		t.Fatal(err)
	}
	h.wantCode(h.s.Tick(ctx, h.worker, visits[0], "a1", false), kerbside.CodeConflict)
	b, err := h.s.Brief(ctx, h.worker, id)
	if err != nil || len(b.Others) != 0 {
		t.Fatalf("open: %+v, %v", b.Others, err)
	}
	after := h.view(h.worker, visits[0])
	if after.RecordSHA256 != before.RecordSHA256 || !slices.Equal(after.Covers(), before.Covers()) || after.Visit.State != before.Visit.State {
		t.Error("ticking an action off changed the visit")
	}
	if err := h.s.Tick(ctx, h.worker, visits[0], "a1", true); err != nil {
		t.Fatal(err)
	}
	if b, err = h.s.Brief(ctx, h.worker, id); err != nil || len(b.Others) != 1 || b.Others[0].TickedBy != "" {
		t.Fatalf("taken back: %+v, %v", b.Others, err)
	}
	history, err := h.s.History(ctx, h.worker, visits[0])
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, e := range history {
		if strings.HasPrefix(e.Action, "tick") {
			said = append(said, e.Action+" by "+e.ByName)
		}
	}
	if !slices.Equal(said, []string{"tick by " + h.manager.Name, "tick_undo by Tansy Everley"}) {
		t.Error(said)
	}
	if h.filesHold("ask the school") {
		t.Error("the database holds what was said")
	}
}

func TestChronology(t *testing.T) {
	h := newHouse(t)
	id, visits := h.linden()
	c, err := h.s.Chronology(t.Context(), h.worker, id)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Events) != 12 || c.Events[0].Kind != EventVisit || c.Events[0].Visit != visits[1] || !slices.Equal(c.Children, []string{"Quillon Linden"}) {
		t.Fatalf("%d events, first %+v, children %v", len(c.Events), c.Events[0], c.Children)
	}
	for f, want := range map[ChronologyFilter]int{{Kind: EventVoice}: 2, {Gravity: GravityDenied}: 2, {Gravity: GravityUncertain, Kind: EventWorry}: 2, {Gravity: GravityGrave}: 0, {Child: "Quillon Linden"}: 12, {Child: "Nobody", Kind: EventVoice}: 0} {
		if got := c.Only(f); len(got.Events) != want || got.Of != 12 {
			t.Errorf("%+v: %d of %d, want %d", f, len(got.Events), got.Of, want)
		}
	}
}

func TestMentions(t *testing.T) {
	h := newHouse(t)
	id, visits := h.linden()
	m, err := h.s.Mentions(t.Context(), h.worker, id, 1) // Everley Linden
	if err != nil {
		t.Fatal(err)
	}
	if m.Person.Name != "Everley Linden" || m.Looked != 2 || len(m.Visits) != 2 || m.Visits[0].Visit != visits[0] {
		t.Fatalf("%+v", m)
	}
	var kinds []string
	for _, l := range m.Visits[0].Lines {
		kinds = append(kinds, l.Kind+":"+l.Text+":"+l.Who)
	}
	want := []string{"present:present:", "worry:mum may leave:school, who heard it from gran", "action:will ring:Everley Linden", "words:Everley will ring:in the worker's telling"}
	if !slices.Equal(kinds, want) {
		t.Errorf("got %q", kinds)
	}
	_, err = h.s.Mentions(t.Context(), h.worker, id, 2)
	h.wantCode(err, kerbside.CodeNotFound)
}

// A name that two people of a case have is nobody's by itself, and a role that differs speaks against it.
func TestIsPerson(t *testing.T) {
	all := []kerbside.Person{{Name: "Jo Lark", Role: "mother"}, {Name: "Jo Finch", Role: "child"}, {Name: "Ada Finch", Role: "child"}}
	for _, c := range []struct {
		a    kerbside.Attendee
		n    int
		want bool
	}{
		{kerbside.Attendee{Name: "Jo"}, 0, false}, {kerbside.Attendee{Name: "Jo Lark"}, 0, true}, {kerbside.Attendee{Name: "Jo Finch", Role: "daughter"}, 1, true},
		{kerbside.Attendee{Name: "Ada", Role: "sister"}, 2, true}, {kerbside.Attendee{Name: "Ada", Role: "teacher"}, 2, false}, {kerbside.Attendee{Name: "Ada Lark"}, 2, false}, {kerbside.Attendee{Role: "mother"}, 0, false},
	} {
		if got := isPerson(c.a, all[c.n], all); got != c.want {
			t.Errorf("%+v as %s: %t", c.a, all[c.n].Name, got)
		}
	}
}
