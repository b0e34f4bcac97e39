package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"kerbside"
	"kerbside/service"
)

func (s *server) visit(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	id := kerbside.VisitID(r.PathValue("id"))
	view, err := s.Service.Visit(r.Context(), u, id)
	if err != nil {
		return err
	}
	history, err := s.Service.History(r.Context(), u, id)
	if err != nil {
		return err
	}
	page := s.visitPage(u, view, history, r.URL.Query().Get("audience"), r.URL.Query().Get("at"))
	for i := range page.Panels {
		if p := &page.Panels[i]; p.Current {
			p.word(r.URL.Query().Get("reword"))
		}
	}
	if page.Record != nil && page.Record.Current {
		page.Record.open(r.URL.Query().Get("strike"))
	}
	if page.Case, err = s.casePart(r, u, view); err != nil {
		return err
	}
	if page.Queue, err = s.queue(r, u, view, history); err != nil {
		return err
	}
	if err := s.managed(r, u, view, &page); err != nil {
		return err
	}
	s.views.render(w, http.StatusOK, "visit", page)
	return nil
}

// recordTab is the tab that shows the record itself instead of a draft.
const recordTab = "record"

func (s *server) visitPage(u kerbside.User, v *service.VisitView, history []service.HistoryEntry, chosen, at string) visitPage {
	now := s.Now()
	title := visitTitle(v.Visit, now)
	p := visitPage{
		layout: layout{Heading: title, User: &u, Nav: "visits", Modules: []string{"visit.js", "steps.js", "copy.js", "heard.js"}, Refresh: v.Visit.State == kerbside.VisitProcessing},
		ID:     v.Visit.ID, Title: title, State: v.Visit.State, StateName: stateName(v.Visit.State),
		Editable: v.CanEdit, CanApprove: v.CanApprove, CanReview: v.CanReview, CanRetry: v.CanRetry, CanAmend: v.CanAmend, AddendumTo: v.Visit.AddendumTo, Addenda: v.Addenda,
		CanEnter: v.CanEnter, Approved: v.Approved, Today: s.today(),
	}
	b := newVisitBuilder(v, v.Visit.Worker == u.ID)
	p.Shown = b.shown(at)
	var sub []string
	if date := firstOf(v.Visit.SaidDate, v.Visit.Date); v.Visit.Title != "" && date != "" {
		sub = append(sub, day(date))
	}
	if v.Visit.SaidDate != "" && v.Visit.Date != "" && v.Visit.Date != v.Visit.SaidDate {
		sub = append(sub, "on the phone: "+day(v.Visit.Date))
	}
	if v.WorkerName != "" {
		sub = append(sub, v.WorkerName)
	}
	sub = append(sub, b.lengths()...)
	p.Sub = strings.Join(sub, " · ")
	p.Panels, p.Record = b.panels(), b.record()
	p.Tabs = tabs(p.Panels, p.Record, chosen)
	for i := range p.Panels {
		p.Panels[i].Current = isCurrent(p.Tabs, p.Panels[i].Key)
		p.Approves = append(p.Approves, approvesPart{Name: p.Panels[i].Name, Empty: p.Panels[i].empty(), Withheld: len(p.Panels[i].Withheld)})
	}
	if p.Record != nil {
		p.Record.Current = isCurrent(p.Tabs, recordTab)
	}
	p.Reading = v.Reading
	p.Transcripts, p.Statements = b.transcripts(), b.statements()
	p.Asks = b.asks()
	p.Open, p.Required, p.Doubts = b.open()
	p.Line = statusOfVisit(v, len(p.Required), len(p.Doubts))
	if p.Line.Next == "" {
		p.Line.Next = p.next()
	}
	p.SecondNext, p.NoSecond, p.ConsentMissing = readerNames(v.SecondNext), len(v.SecondNext) == 0, v.Consent == service.ConsentMissing
	for _, c := range v.Covers() {
		p.Covers = append(p.Covers, string(c.Document)+" "+c.SHA256)
	}
	for _, rv := range v.Reviews {
		part := reviewPart{Text: reviewText(rv), Comment: rv.Comment, At: rv.At, Past: !rv.Current}
		for _, c := range rv.Comments {
			if !b.stands(c.Sentence) {
				part.Elsewhere = append(part.Elsewhere, c.Text)
			}
		}
		p.Reviews = append(p.Reviews, part)
	}
	p.History = historyParts(history)
	p.Keep, p.Delete = keepParts(v)
	if v.Consent == service.ConsentWithdrawn {
		p.StateName = "Stopped"
	}
	return p
}

// next is where the most important thing to do stands; "" when there is none.
func (p visitPage) next() string {
	switch {
	case p.CanApprove && len(p.Doubts) > 0:
		return "open"
	case p.CanReview, p.CanApprove && (len(p.Required) > 0 || len(p.Open)+len(p.Asks) == 0):
		return "decide"
	case p.State != kerbside.VisitDrafted && p.State != kerbside.VisitReturned:
		return ""
	case len(p.Open) > 0:
		return "open"
	case len(p.Asks) > 0:
		return "questions"
	}
	return ""
}

// Decides reports whether the page has the form that approves.
func (p visitPage) Decides() bool {
	return p.Editable && (p.CanApprove || len(p.Required)+len(p.Doubts) > 0) && (p.State == kerbside.VisitDrafted || p.State == kerbside.VisitReturned)
}

func tabs(panels []draftPanel, record *recordPanel, chosen string) []tab {
	var out []tab
	for _, p := range panels {
		t := tab{Key: p.Key, Name: p.Name, Current: p.Key == chosen}
		for _, b := range p.Blocks {
			for _, x := range b.Sentences {
				if x.Stale || x.Changed {
					t.Marked++
				}
			}
		}
		out = append(out, t)
	}
	if record != nil {
		out = append(out, tab{Key: recordTab, Name: "Facts", Current: chosen == recordTab})
	}
	for _, t := range out {
		if t.Current {
			return out
		}
	}
	if len(out) > 0 {
		out[0].Current = true
	}
	return out
}

func isCurrent(tabs []tab, key string) bool {
	for _, t := range tabs {
		if t.Key == key {
			return t.Current
		}
	}
	return false
}

func (p draftPanel) empty() bool {
	return !slices.ContainsFunc(p.Blocks, func(b draftBlock) bool { return len(b.Sentences) > 0 })
}

// statusOfVisit is the line at the top: the state, or how much there is to look at.
func statusOfVisit(v *service.VisitView, required, doubts int) statusLine {
	if v.Consent == service.ConsentWithdrawn {
		return statusLine{Text: "Consent was taken back. Everything stands still until somebody decides.", Doubt: true, Next: "consent"}
	}
	switch v.Visit.State {
	case kerbside.VisitOpen:
		return statusLine{Text: "Nothing is recorded for this visit yet."}
	case kerbside.VisitProcessing:
		return statusLine{Text: "Your words are safe on the server. The drafts are being written.", Busy: true}
	case kerbside.VisitFailed:
		return statusLine{Text: firstOf(v.Visit.Reason, "A step did not work out. What you recorded is safe."), Doubt: true}
	case kerbside.VisitErased:
		return statusLine{Text: "What was recorded here was deleted. The visit is closed."}
	case kerbside.VisitLocked:
		return statusLine{Text: "Reviewed and locked. Nothing here can change any more."}
	case kerbside.VisitApproved:
		text := "Approved. It waits for a second person to review it."
		if n := len(v.Second); n > 0 && n < len(kerbside.Audiences()) {
			text = "Approved. A second person is still to approve what is for: " + readerNames(v.Second) + "."
		}
		if v.CanReview {
			text = "Approved by " + v.WorkerName + ". Read it, then review or return it."
		}
		return statusLine{Text: text}
	}
	counts := make(map[service.OpenKind]int)
	for _, o := range v.Open {
		counts[o.Kind]++
	}
	counts[service.OpenCritical], counts[service.OpenDoubt] = required, doubts
	var left []string
	for _, k := range openKinds {
		if n := counts[k.kind]; n > 0 {
			left = append(left, k.say(n))
		}
	}
	line := statusLine{Doubt: counts[service.OpenStale]+counts[service.OpenNoSpeech] > 0}
	line.Text = "Nothing is left to look at. Approve when you are ready."
	if len(left) > 0 {
		line.Text = strings.Join(left, ", ") + "."
	}
	if v.Visit.State == kerbside.VisitReturned {
		line.Text = strings.TrimSpace("Returned to you. "+v.Visit.Reason) + " " + line.Text
		line.Doubt = true
	}
	return line
}

// readerNames names readers in a sentence.
func readerNames(list []kerbside.Audience) string {
	var names []string
	for _, a := range list {
		names = append(names, strings.ToLower(audienceName(a)))
	}
	return strings.Join(names, ", ")
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// openKinds says each kind of open item for people, in the order of importance.
var openKinds = []struct {
	kind service.OpenKind
	name string
	hint string
	say  func(int) string
}{
	{service.OpenNoSpeech, "Nothing was said", "", func(int) string { return "no speech was heard" }},
	{service.OpenCritical, "To hear or check before you approve", "About harm, who was seen, or a name, date or number that others rely on.", func(n int) string { return fmt.Sprintf("%d to hear or check", n) }},
	{service.OpenStale, "Out of date", "Their words were corrected. They are being written anew.", func(n int) string { return fmt.Sprintf("%d out of date", n) }},
	{service.OpenReworded, "Own words that are not used", "What they rest on changed, or this reader may not see them. The drafted sentence stands.", func(n int) string { return fmt.Sprintf("%d own words not used", n) }},
	{service.OpenWarning, "Please look", "", func(n int) string { return count(n, "thing") + " to look at" }},
	{service.OpenProposal, "Suggested by a language model", "In no draft unless you put it in. Each quotes what was said.", func(n int) string { return count(n, "suggestion") }},
	{service.OpenGap, "Sound without words", "", func(n int) string { return count(n, "gap") + " in the sound" }},
	{service.OpenDoubt, "Words we are unsure of", "Only those that reach a draft. Select the word in the transcript to correct it.", func(n int) string { return count(n, "word") + " we are unsure of" }},
	{service.OpenOmission, "Left out of a draft", "One tap puts it in.", func(n int) string { return fmt.Sprintf("%d left out of a draft", n) }},
	{service.OpenMissing, "Not said", "It stays not said unless the worker adds it.", func(n int) string { return fmt.Sprintf("%d not said", n) }},
}

func reviewText(r service.ReviewView) string {
	verb := "did something"
	switch r.Action {
	case kerbside.ReviewApprove:
		verb = "approved"
	case kerbside.ReviewLock:
		verb = "reviewed and locked"
	case kerbside.ReviewReturn:
		verb = "returned"
	}
	return r.ByName + " " + verb
}

// historyParts leaves out who looked, which belongs to the audit, the versions that an action named beside them made, and all but
// the first of several drafts in a row.
func historyParts(history []service.HistoryEntry) []historyPart {
	var out []historyPart
	drafting := false
	for _, h := range history {
		made := h.By == ""
		again := drafting && made && h.Action == "draft"
		drafting = made && h.Action == "draft"
		if h.Action == "read" || again || !made && h.Action == "transcript" {
			continue
		}
		part := historyPart{At: h.At, By: firstOf(h.ByName, "Kerbside"), Text: actionName(h), Detail: h.Detail}
		if made { // the detail counts versions
			part.Detail = ""
		}
		out = append(out, part)
	}
	return out
}

// actionName says what happened; an action that it does not know is shown as it is.
func actionName(h service.HistoryEntry) string {
	if h.By == "" {
		switch h.Action {
		case "transcript":
			return "wrote the transcript"
		case "record":
			return "gathered the facts"
		case "draft":
			return "wrote the drafts"
		}
	}
	known := map[string]string{
		"play": "listened", "correct": "corrected words", "undo": "took a correction back", "void": "took a recording out", "state": "added an answer", "note": "added a note", "approve": "approved",
		"review": "reviewed and locked", "return": "returned it", "export": "downloaded", "enter": "entered a draft in the case system", "enter_undo": "took back that a draft was entered", "start_visit": "began the visit",
		"record": "began a recording", "upload": "finished a recording", "retry": "had it tried again",
		"tick": "ticked an action off", "tick_undo": "took back that an action was done", "set_case": "said whose visit it was", "see_alert": "looks after an alert",
		"consent": "noted consent", "withdraw_consent": "noted that consent was taken back", "keep_after_withdrawal": "decided to keep it all the same", "delete_withdrawn": "had the recording deleted", "erase": "deleted something",
		"release": "let a reader see something withheld", "withhold": "withheld something again", "include": "put in something left out",
		"strike": "took something out of the facts", "undo_strike": "put something back into the facts", "reword": "put a sentence into own words", "undo_reword": "took own words back",
		"accept_proposal": "put a suggestion in", "reject_proposal": "left a suggestion out", "undo_proposal": "took a decision on a suggestion back",
	}
	return firstOf(known[h.Action], strings.ReplaceAll(h.Action, "_", " "))
}
