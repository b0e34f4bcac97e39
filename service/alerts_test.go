package service

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kerbside"
	"kerbside/webhook"
)

func kindsOf(list []Alert) []string {
	var out []string
	for _, a := range list {
		kind := string(a.Kind)
		if a.SeenBy != "" {
			kind += " seen by " + a.SeenBy
		}
		out = append(out, kind)
	}
	return out
}

// urgent puts an urgent cue into a visit's record.
func (h *house) urgent(v kerbside.VisitID) {
	h.t.Helper()
	r := h.lindenRecord(v, "2026-03-03", "will ring", "worker", "2026-03-06")
	r.Warnings = []kerbside.Warning{{Code: kerbside.WarnUrgentCue, Text: "look", Evidence: r.Actions[0].Evidence}}
	h.put(v, r)
}

// Alerts reach who is responsible and nobody else; who says that they look after one is named, and what is new later is another one.
func TestAlerts(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	id, visits := h.linden()
	h.urgent(visits[0])
	alerts := func(u kerbside.User) []Alert {
		t.Helper()
		list, err := h.s.Alerts(ctx, u)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	want := []string{"urgent", "overdue_visit", "overdue_actions"}
	for _, u := range []kerbside.User{h.worker, h.manager} {
		if got := kindsOf(alerts(u)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", u.Role, got, want)
		}
	}
	if got := alerts(h.reviewer); len(got) != 0 {
		t.Errorf("a reviewer is told of others' work: %v", kindsOf(got))
	}
	for _, u := range []kerbside.User{h.admin, {}} {
		if _, err := h.s.Alerts(ctx, u); err == nil {
			t.Errorf("%q sees alerts", u.Role)
		}
	}
	first := alerts(h.worker)[0]
	if first.Visit.ID != visits[0] || first.CaseID != id || strings.Contains(first.Key.Object, "Quillon") || first.Since.IsZero() {
		t.Errorf("%+v", first)
	}
	h.wantCode(h.s.SeeAlert(ctx, h.reviewer, first.Kind, first.Key.Object), kerbside.CodeConflict)
	if err := h.s.SeeAlert(ctx, h.manager, first.Kind, first.Key.Object); err != nil {
		t.Fatal(err)
	}
	h.wantCode(h.s.SeeAlert(ctx, h.worker, first.Kind, first.Key.Object), kerbside.CodeConflict)
	if got := kindsOf(alerts(h.worker)); !slices.Equal(got, []string{"overdue_visit", "overdue_actions", "urgent seen by " + h.manager.Name}) {
		t.Error(got)
	}
	h.put(visits[0], h.lindenRecord(visits[0], "2026-03-03", "will ring", "worker", "2026-03-06"))
	h.urgent(visits[0])
	if got := kindsOf(alerts(h.worker)); got[0] != "urgent" {
		t.Errorf("what came anew is hidden by what was seen: %v", got)
	}
	h.advance(3*24*time.Hour + time.Minute)
	if got := kindsOf(alerts(h.worker)); !slices.Contains(got, "waits_approval") {
		t.Error(got)
	}
	longer := kerbside.AlertPolicy{Writing: 2, Approval: 10, Review: 20}
	h.wantCode(h.s.SetAlerts(ctx, h.manager, longer, 0), kerbside.CodeForbidden)
	h.wantCode(h.s.SetAlerts(ctx, h.admin, kerbside.AlertPolicy{Writing: 2, Review: 20}, 0), kerbside.CodeInvalid)
	h.wantCode(h.s.SetAlerts(ctx, h.admin, longer, 7), kerbside.CodeConflict)
	if err := h.s.SetAlerts(ctx, h.admin, longer, 0); err != nil {
		t.Fatal(err)
	}
	if got := kindsOf(alerts(h.worker)); slices.Contains(got, "waits_approval") {
		t.Errorf("what the organisation calls long is not asked: %v", got)
	}
	h.advance(7*24*time.Hour + time.Minute)
	if got := kindsOf(alerts(h.worker)); !slices.Contains(got, "waits_approval") {
		t.Error(got)
	}
	if h.filesHold("overdue_visit Quillon") || h.filesHold("will ring") {
		t.Error("the database holds what was said")
	}
}

// receiver is the organisation's own system: a real server, which fails as often as it is told.
type receiver struct {
	mu   sync.Mutex
	fail int
	ids  []string
	got  []AlertMessage
	raw  []string
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids = append(r.ids, req.Header.Get("Webhook-Id"))
	if r.fail > 0 {
		r.fail--
		http.Error(w, "away", http.StatusServiceUnavailable)
		return
	}
	var m AlertMessage
	b := make([]byte, req.ContentLength)
	if _, err := req.Body.Read(b); json.Unmarshal(b, &m) != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.got, r.raw = append(r.got, m), append(r.raw, string(b))
}

func (r *receiver) seen() (ids []string, got []AlertMessage, raw string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.ids), slices.Clone(r.got), strings.Join(r.raw, "\n")
}

// The organisation's own system is told of each alert once, without content, is tried again later with the same id while it is away, and not told of what is looked after.
func TestNotify(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	_, visits := h.linden()
	h.urgent(visits[0])
	r := &receiver{fail: 4}
	server := httptest.NewServer(r)
	defer server.Close()
	client, err := webhook.New(server.URL, strings.Repeat("s", webhook.LeastSecret), h.now)
	if err != nil {
		t.Fatal(err)
	}
	h.s.d.Notifier = client // the loop of the running service does nothing: it had none when it began
	once := func() {
		t.Helper()
		if err := h.s.notifyOnce(ctx); err != nil {
			t.Fatal(err)
		}
	}
	once()
	once() // nothing is due yet
	ids, got, _ := r.seen()
	if len(ids) != 3 || len(got) != 0 {
		t.Fatalf("tried %v, took %v", ids, got)
	}
	first := alertOf(t, h, AlertOverdue)
	if err := h.s.SeeAlert(ctx, h.worker, AlertOverdue, first.Key.Object); err != nil {
		t.Fatal(err)
	}
	h.advance(2 * time.Minute)
	once()
	h.advance(2 * time.Minute)
	once()
	once()
	h.advance(24 * time.Hour)
	once()
	ids, got, raw := r.seen()
	kinds := map[AlertKind]int{}
	for _, m := range got {
		kinds[m.Kind]++
		if m.Schema != alertSchema || m.Organisation != h.worker.Org || m.Visit == "" || m.Case == "" || !slices.Contains(ids[:3], m.ID) || m.At.IsZero() {
			t.Errorf("%+v", m)
		}
	}
	if len(got) != 2 || kinds[AlertUrgent] != 1 || kinds[AlertAction] != 1 {
		t.Errorf("took %v after %d tries", kinds, len(ids))
	}
	for _, word := range append(planted, "Linden", "ring", "N/1", "Northmoor") {
		if strings.Contains(raw, word) {
			t.Errorf("what was sent holds %q: %s", word, raw)
		}
	}
	if notifyWait(0) != 30*time.Second || notifyWait(3) != 4*time.Minute || notifyWait(99) != 6*time.Hour {
		t.Error(notifyWait(0), notifyWait(3), notifyWait(99))
	}
}

func alertOf(t *testing.T, h *house, k AlertKind) Alert {
	t.Helper()
	list, err := h.s.Alerts(t.Context(), h.worker)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range list {
		if a.Kind == k {
			return a
		}
	}
	t.Fatalf("no alert %s in %v", k, kindsOf(list))
	return Alert{}
}

// Lists of actions are one's own, or the team's for a manager; the calendar holds what is open.
func TestActions(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	_, visits := h.linden()
	texts := func(u kerbside.User, team bool) string {
		t.Helper()
		l, err := h.s.Actions(ctx, u, team)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, a := range l.Open {
			out = append(out, a.Text)
		}
		for _, a := range l.Done {
			out = append(out, "done: "+a.Text+" by "+a.TickedBy)
		}
		return strings.Join(out, ", ")
	}
	for _, c := range []struct {
		by   kerbside.User
		team bool
		want string
	}{{h.worker, false, "will ring, ask the school"}, {h.worker, true, "will ring, ask the school"}, {h.manager, false, ""}, {h.manager, true, "will ring, ask the school"}, {h.reviewer, true, ""}} {
		if got := texts(c.by, c.team); got != c.want {
			t.Errorf("%s, team %t: %q, want %q", c.by.Role, c.team, got, c.want)
		}
	}
	if _, err := h.s.Actions(ctx, h.admin, true); err == nil {
		t.Error("an administrator sees actions")
	}
	if err := h.s.Tick(ctx, h.worker, visits[0], "a1", false); err != nil {
		t.Fatal(err)
	}
	if got := texts(h.worker, false); got != "ask the school, done: will ring by Tansy Everley" {
		t.Error(got)
	}
	f, err := h.s.Calendar(ctx, h.worker, false)
	if err != nil || !strings.HasPrefix(f.Type, "text/calendar") || string(f.Body) != "2099-01-01 ask the school\n" {
		t.Errorf("%s %q, %v", f.Name, f.Body, err)
	}
	h.advance(tickedFor)
	if got := texts(h.worker, false); got != "ask the school" {
		t.Error(got)
	}
}

// The figures of a team count what its visits' digests hold, by month, and name nobody.
func TestOverview(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	_, visits := h.linden()
	now := h.s.now()
	recent := now.AddDate(0, 0, -20).Format(time.DateOnly)
	h.put(visits[0], h.lindenRecord(visits[0], now.AddDate(0, 0, -1).Format(time.DateOnly), "will ring", "worker", "2026-03-06"))
	h.put(visits[1], h.lindenRecord(visits[1], recent, "ask", "Mum", ""))
	o, err := h.s.Overview(ctx, h.manager)
	if err != nil {
		t.Fatal(err)
	}
	all, late, followed, words := 0, 0, 0, 0
	for _, m := range o.Months {
		all, late, followed, words = all+m.Visits, late+m.Late, followed+m.Followed, words+m.Words
	}
	if len(o.Months) != overviewMonths || all != 2 || late != 1 || followed != 1 || words != 15 || o.Open != 2 || o.Actions != 1 || o.Cases != 1 || o.Overdue != 0 {
		t.Errorf("%+v: %d visits, %d of %d late, %d words", o, all, late, followed, words)
	}
	b, err := json.Marshal(o)
	if err != nil || strings.Contains(string(b), "Tansy") || strings.Contains(string(b), "Linden") {
		t.Errorf("somebody is named: %s %v", b, err)
	}
	for _, u := range []kerbside.User{h.worker, h.reviewer, h.admin, {}} {
		if _, err := h.s.Overview(ctx, u); err == nil {
			t.Errorf("%q sees the figures", u.Role)
		}
	}
}
