package service

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"kerbside"
)

// SubjectSchema is the schema of what a person gets of what is held about them.
const SubjectSchema = "kerbside.subject-access/v1"

// CaseKeepingView is what a manager or a reviewer sees of what is kept of a case.
type CaseKeepingView struct {
	Case       kerbside.Case
	Holds      []HoldView // oldest first
	Requests   []SubjectRequestView
	MayHold    bool
	MaySubject bool
}

// SubjectRequestView is one person's request for what is held about them.
type SubjectRequestView struct {
	ID         string
	Case       kerbside.CaseID
	CaseName   string
	Person     kerbside.Person
	Reason     string
	ByName     string
	At         time.Time
	Approved   bool // as it was at that time; what changed since is found when it is opened
	ApprovedBy string
	ApprovedAt time.Time
	Taken      int
}

// SubjectView is a request with what would be given and what is withheld, for those who check it.
type SubjectView struct {
	SubjectRequestView
	Visits     []SubjectVisit
	Lines      int
	Reasons    []ReasonCount // what is withheld, most frequent first
	Withheld   int
	Beyond     int    // visits of the case that the viewer may not read: they are not in it
	SHA256     string // of what would be given
	CanApprove bool   // the viewer neither prepared it nor released anything of it
	Current    bool   // what was approved is what would be given
}

// ReasonCount counts what is withheld for one reason.
type ReasonCount struct {
	Kind, Reason string
	N            int
}

// SubjectVisit is what one visit holds about the person.
type SubjectVisit struct {
	Visit    kerbside.VisitID
	Day      string
	Found    bool // the person could be told apart in it
	Facts    []string
	Lines    []SubjectLine
	Withheld []SubjectLine
	Released []SubjectLine
}

// SubjectLine is one item of a record.
type SubjectLine struct {
	Item, Kind, Text, Reason, ByName string
}

// subjectContent is what the person is given, without anything that depends on when it is taken.
type subjectContent struct {
	Schema  string                 `json:"schema"`
	Request string                 `json:"request"`
	Case    string                 `json:"case"`
	Person  subjectPerson          `json:"person"`
	Visits  []subjectVisitContent  `json:"visits"`
	Consent []kerbside.ConsentLine `json:"consent"` // what this person agreed to
	// Withheld tells how many things, never which nor why: that could tell who said something.
	Withheld int      `json:"withheld"`
	Notes    []string `json:"notes"`
}

type subjectPerson struct {
	Name                   string `json:"name"`
	Role                   string `json:"role"`
	Born                   string `json:"date_of_birth"`
	ParentalResponsibility bool   `json:"parental_responsibility"`
}

type subjectVisitContent struct {
	Day   string   `json:"date"`
	Facts []string `json:"facts"`
	Lines []string `json:"lines"`
}

var subjectNotes = []string{
	"Recordings and their transcripts are not in this copy, since others are heard in them. Ask the council about listening to what you said yourself.",
	"Where words could be, or could tell of, somebody else, or could do harm, they were withheld. You may ask the council to look at that again, and complain to the Information Commissioner.",
	"“The worker's own view” is an opinion and not a fact. You may have your own view added.",
}

// subjectRequest is a request with its events.
type subjectRequest struct {
	id     string
	first  kerbside.LedgerLine
	kase   kerbside.Case
	person kerbside.Person
	lines  []kerbside.LedgerLine
	events []kerbside.SubjectEvent
}

// personKey names a person of a case: by the council's number, or by name where there is none.
func personKey(p kerbside.Person) string {
	if p.ID != "" {
		return p.ID
	}
	return p.Name
}

// PrepareSubject begins a request: a person of a case asks for what is held about them. reason says who asked, and how it is known that they may.
func (s *Service) PrepareSubject(ctx context.Context, by kerbside.User, c kerbside.CaseID, person, reason string) (id string, err error) {
	const op = "service.PrepareSubject"
	reason = strings.TrimSpace(reason)
	if err := wanted(op, reason, MaxAnswer); err != nil {
		return "", err
	}
	if id, err = s.newID("sa"); err != nil {
		return "", err
	}
	return id, s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		kase, err := s.keptCase(tx, op, by, UseSubject, c)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(kase.People, func(p kerbside.Person) bool { return personKey(p) == person }) {
			return kerbside.E(kerbside.CodeNotFound, op, "There is nobody of that name in this case. Import the case's people first.", nil)
		}
		if _, err := s.addLedger(tx, by, kerbside.LedgerSubject, id, kerbside.SubjectEvent{Step: kerbside.SubjectPrepared, Case: c, Person: person, Reason: reason}); err != nil {
			return err
		}
		return s.audit(tx, by, "subject_prepare", "request "+id+" case "+string(c), "")
	})
}

// request reads a request that the person may work on.
func (s *Service) request(tx kerbside.Tx, op string, by kerbside.User, id string) (*subjectRequest, error) {
	if err := signedIn(op, by); err != nil {
		return nil, err
	}
	if reachOf(by, UseSubject) == ReachNone {
		return nil, forbidden(op, refusals[UseSubject])
	}
	lines, events, err := readLedger[kerbside.SubjectEvent](tx, by.Org, kerbside.LedgerSubject, id)
	if err != nil {
		return nil, err
	}
	if id == "" || len(lines) == 0 {
		return nil, kerbside.E(kerbside.CodeNotFound, op, "There is no such request, or its case is not one of yours.", nil)
	}
	r := &subjectRequest{id: id, first: lines[0], lines: lines, events: events}
	if r.kase, err = s.keptCase(tx, op, by, UseSubject, events[0].Case); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(r.kase.People, func(p kerbside.Person) bool { return personKey(p) == events[0].Person })
	if i < 0 {
		return nil, conflict(op, "The person is not in this case any more. Import the case again, or prepare a new request.")
	}
	r.person = r.kase.People[i]
	return r, nil
}

// releases are those in force, by visit and item.
func (r *subjectRequest) releases(v kerbside.VisitID) (out []kerbside.Release, at map[string]int) {
	at = map[string]int{}
	now := map[string]kerbside.Release{}
	var order []string
	for i, e := range r.events {
		if e.Visit != v {
			continue
		}
		switch e.Step {
		case kerbside.SubjectReleased:
			if _, known := at[e.Item]; !known {
				order = append(order, e.Item)
			}
			now[e.Item], at[e.Item] = kerbside.Release{Item: e.Item, Reason: e.Reason}, i
		case kerbside.SubjectWithheld:
			delete(now, e.Item)
		}
	}
	for _, item := range order {
		if x, ok := now[item]; ok {
			out = append(out, x)
		}
	}
	return out, at
}

// approved gives the approval that nothing has voided.
func (r *subjectRequest) approved() (line kerbside.LedgerLine, sha256 string) {
	for i, e := range r.events {
		switch e.Step {
		case kerbside.SubjectReleased, kerbside.SubjectWithheld:
			line, sha256 = kerbside.LedgerLine{}, ""
		case kerbside.SubjectApproved:
			line, sha256 = r.lines[i], e.SHA256
		}
	}
	return line, sha256
}

// touched reports whether a person prepared the request or decided what is released: then somebody else approves it.
func (r *subjectRequest) touched(u kerbside.UserID) bool {
	for i, e := range r.events {
		if r.lines[i].By == u && (e.Step == kerbside.SubjectPrepared || e.Step == kerbside.SubjectReleased || e.Step == kerbside.SubjectWithheld) {
			return true
		}
	}
	return false
}

func (r *subjectRequest) view(names map[kerbside.UserID]string) SubjectRequestView {
	v := SubjectRequestView{ID: r.id, Case: r.kase.ID, CaseName: r.kase.Name, Person: r.person, Reason: r.events[0].Reason, ByName: names[r.first.By], At: r.first.At}
	if line, sum := r.approved(); sum != "" {
		v.Approved, v.ApprovedBy, v.ApprovedAt = true, names[line.By], line.At
	}
	for _, e := range r.events {
		if e.Step == kerbside.SubjectTaken {
			v.Taken++
		}
	}
	return v
}

// collected is what a request gives, at one moment.
type collected struct {
	view    *SubjectView
	content subjectContent
	body    []byte // the content as JSON
	draft   *kerbside.Draft
}

// collect looks through all visits of the case that the person who checks may read.
func (s *Service) collect(ctx context.Context, tx kerbside.Tx, by kerbside.User, r *subjectRequest) (*collected, error) {
	const op = "service.collect"
	if s.d.Discloser == nil {
		return nil, kerbside.E(kerbside.CodeUnavailable, op, "This server cannot look through records for a person.", nil)
	}
	names, err := peopleNames(tx, by.Org)
	if err != nil {
		return nil, err
	}
	g, err := s.groundOf(tx, by)
	if err != nil {
		return nil, err
	}
	out := &collected{view: &SubjectView{SubjectRequestView: r.view(names)}}
	p := r.person
	out.content = subjectContent{Schema: SubjectSchema, Request: r.id, Case: r.kase.Reference, Notes: subjectNotes, Visits: []subjectVisitContent{}, Consent: []kerbside.ConsentLine{},
		Person: subjectPerson{Name: p.Name, Role: p.Role, Born: p.Born, ParentalResponsibility: p.ParentalResponsibility}}
	out.draft = &kerbside.Draft{Schema: kerbside.DraftSchema, Audience: kerbside.AudienceFamily, Title: "What is held about " + p.Name, Template: kerbside.TemplateRef{Name: "subject-access", Version: "1"}}
	o := kerbside.DiscloseOptions{Name: p.Name, Role: p.Role}
	for _, other := range r.kase.People {
		if personKey(other) != personKey(p) {
			o.Others = append(o.Others, other.Name)
		}
	}
	visits, err := tx.Visits(by.Org, kerbside.VisitFilter{})
	if err != nil {
		return nil, err
	}
	counts := map[ReasonCount]int{}
	for _, v := range slices.Backward(visits) {
		if v.Case != r.kase.ID {
			continue
		}
		if !g.visit(UseSubject, v) {
			out.view.Beyond++
			continue
		}
		if err := out.visit(ctx, tx, s.d.Discloser, r, v, o, names, counts); err != nil {
			return nil, err
		}
	}
	for k, n := range counts {
		k.N = n
		out.view.Reasons = append(out.view.Reasons, k)
		out.view.Withheld += n
	}
	slices.SortFunc(out.view.Reasons, func(a, b ReasonCount) int {
		if a.N != b.N {
			return b.N - a.N
		}
		return strings.Compare(a.Kind+a.Reason, b.Kind+b.Reason)
	})
	out.content.Withheld = out.view.Withheld
	if out.body, err = json.MarshalIndent(out.content, "", "  "); err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	out.view.SHA256 = kerbside.HexSHA256(out.body)
	_, approved := r.approved()
	out.view.Current = approved == out.view.SHA256
	out.view.CanApprove = !r.touched(by.ID) && !out.view.Current
	return out, out.finish()
}

// visit adds what one visit holds.
func (c *collected) visit(ctx context.Context, tx kerbside.Tx, d kerbside.Discloser, r *subjectRequest, v kerbside.Visit, o kerbside.DiscloseOptions, names map[kerbside.UserID]string, counts map[ReasonCount]int) error {
	b, err := loadBundle(tx, v)
	if err != nil {
		return err
	}
	day := v.Date
	if b.record != nil && b.record.Visit.Date.Value != "" {
		day = b.record.Visit.Date.Value
	}
	if day == "" {
		day = v.CreatedAt.Format(time.DateOnly)
	}
	sv, content := SubjectVisit{Visit: v.ID, Day: day}, subjectVisitContent{Day: day, Facts: []string{}, Lines: []string{}}
	for _, x := range b.consentLines() {
		if strings.EqualFold(x.Who, r.person.Name) {
			x.By = "" // a worker's id tells the person nothing
			c.content.Consent = append(c.content.Consent, x)
		}
	}
	if b.record == nil {
		c.view.Visits = append(c.view.Visits, sv)
		return nil
	}
	var at map[string]int
	o.Release, at = r.releases(v.ID)
	found, err := d.Disclose(ctx, b.record, b.sources(), o)
	if err != nil {
		return err
	}
	sv.Found = found.Person != ""
	texts := itemTexts(b.record)
	sv.Facts = factsOf(b.record, found)
	content.Facts = append(content.Facts, sv.Facts...)
	heading := "Visit of " + day
	for _, f := range sv.Facts {
		if err := c.say(heading, f, kerbside.VerdictBoilerplate, nil, nil); err != nil {
			return err
		}
	}
	for _, l := range found.Lines {
		id, text := l.Sentence.Items()[0], l.Text()
		if slices.ContainsFunc(sv.Lines, func(x SubjectLine) bool { return x.Text == text }) {
			continue
		}
		line := SubjectLine{Item: id, Kind: l.Kind, Text: text}
		if i, released := at[id]; released && slices.ContainsFunc(o.Release, func(x kerbside.Release) bool { return x.Item == id }) {
			line.Reason, line.ByName = r.events[i].Reason, names[r.lines[i].By]
			sv.Released = append(sv.Released, line)
		} else {
			sv.Lines = append(sv.Lines, line)
		}
		if slices.Contains(content.Lines, text) { // two items on the same words
			continue
		}
		content.Lines = append(content.Lines, text)
		if err := c.say(heading, text, kerbside.VerdictQuoted, l.Sentence.Items(), l.Sentence.Evidence()); err != nil {
			return err
		}
	}
	c.view.Lines += len(content.Lines)
	for _, w := range found.Withheld {
		sv.Withheld = append(sv.Withheld, SubjectLine{Item: w.Item, Kind: w.Kind, Reason: w.Reason, Text: texts[w.Item]})
		counts[ReasonCount{Kind: w.Kind, Reason: w.Reason}]++
	}
	c.view.Visits = append(c.view.Visits, sv)
	if len(content.Facts)+len(content.Lines) > 0 {
		c.content.Visits = append(c.content.Visits, content)
	}
	return nil
}

func (c *collected) say(block, text string, v kerbside.Verdict, items []string, e []kerbside.Evidence) error {
	s, err := kerbside.NewSentence(block, text, v, items, e...)
	c.draft.Sentences = append(c.draft.Sentences, s)
	return err
}

// finish ends the readable copy with what holds for all of it.
func (c *collected) finish() error {
	if len(c.content.Visits) == 0 {
		if err := c.say("Visits", "Nothing that is about you alone stands in the records of visits.", kerbside.VerdictBoilerplate, nil, nil); err != nil {
			return err
		}
	}
	for _, n := range c.content.Notes {
		if err := c.say("About this copy", n, kerbside.VerdictBoilerplate, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// factsOf says what the visit records of a child as facts.
func factsOf(r *kerbside.Record, d *kerbside.Disclosure) []string {
	var out []string
	for _, f := range []struct{ value, yes, no string }{
		{d.Seen, "You were seen.", "You were not seen."}, {d.SeenAlone, "You were seen on your own.", "You were not seen on your own."}, {d.BedroomSeen, "Your bedroom was seen.", "Your bedroom was not seen."},
	} {
		switch f.value {
		case kerbside.Yes:
			out = append(out, f.yes)
		case kerbside.No:
			out = append(out, f.no)
		}
	}
	if i := slices.IndexFunc(r.Attendees, func(a kerbside.Attendee) bool { return d.Person != "" && a.ID == d.Person }); i >= 0 && d.Seen == "" && r.Attendees[i].Presence == kerbside.Present {
		out = append(out, "You were there.")
	}
	return out
}

func itemTexts(r *kerbside.Record) map[string]string {
	out := map[string]string{}
	for _, x := range r.Risks {
		out[x.ID] = x.Text
	}
	for _, x := range r.Strengths {
		out[x.ID] = x.Text
	}
	for _, x := range r.Actions {
		out[x.ID] = x.Text
	}
	for _, x := range r.ChildVoice {
		out[x.ID] = x.Quote
	}
	for _, x := range r.Injuries {
		out[x.ID] = x.Description
		if out[x.ID] == "" && len(x.Evidence) > 0 {
			out[x.ID] = x.Evidence[0].Quote
		}
	}
	return out
}

// Subject shows a request as it is now, to those who check it.
func (s *Service) Subject(ctx context.Context, by kerbside.User, id string) (v *SubjectView, err error) {
	const op = "service.Subject"
	return v, s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		r, err := s.request(tx, op, by, id)
		if err != nil {
			return err
		}
		c, err := s.collect(ctx, tx, by, r)
		if err != nil {
			return err
		}
		v = c.view
		return s.audit(tx, by, "subject_read", "request "+id, "")
	})
}

// ReleaseSubject lets the person have an item that was withheld, and why; undo withholds it again. An approval is voided by it.
func (s *Service) ReleaseSubject(ctx context.Context, by kerbside.User, id string, v kerbside.VisitID, item, reason string, undo bool) error {
	const op = "service.ReleaseSubject"
	reason = strings.TrimSpace(reason)
	step, action := kerbside.SubjectReleased, "subject_release"
	if undo {
		step, action = kerbside.SubjectWithheld, "subject_withhold"
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		r, err := s.request(tx, op, by, id)
		if err != nil {
			return err
		}
		if !undo {
			if err := wanted(op, reason, MaxAnswer); err != nil {
				return err
			}
		}
		c, err := s.collect(ctx, tx, by, r)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(c.view.Visits, func(x SubjectVisit) bool { return x.Visit == v })
		if i < 0 {
			return kerbside.E(kerbside.CodeNotFound, op, "There is no such visit in this request.", nil)
		}
		list := c.view.Visits[i].Withheld
		if undo {
			list = c.view.Visits[i].Released
		}
		if !slices.ContainsFunc(list, func(l SubjectLine) bool { return l.Item == item }) {
			return conflict(op, "This is not as you saw it any more. Reload the page.")
		}
		if _, err := s.addLedger(tx, by, kerbside.LedgerSubject, id, kerbside.SubjectEvent{Step: step, Visit: v, Item: item, Reason: reason}); err != nil {
			return err
		}
		return s.audit(tx, by, action, "request "+id+" item "+item, v)
	})
}

// ApproveSubject is a second person's word that exactly what they saw may be given: neither who prepared the request nor who released anything of it.
func (s *Service) ApproveSubject(ctx context.Context, by kerbside.User, id, sha256 string) error {
	const op = "service.ApproveSubject"
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		r, err := s.request(tx, op, by, id)
		if err != nil {
			return err
		}
		if r.touched(by.ID) {
			return forbidden(op, "A second person approves this: not who prepared it, nor who released anything of it.")
		}
		c, err := s.collect(ctx, tx, by, r)
		if err != nil {
			return err
		}
		if c.view.SHA256 != sha256 {
			return conflict(op, "This changed since you opened it. Reload the page and read what is new.")
		}
		if _, err := s.addLedger(tx, by, kerbside.LedgerSubject, id, kerbside.SubjectEvent{Step: kerbside.SubjectApproved, SHA256: sha256}); err != nil {
			return err
		}
		return s.audit(tx, by, "subject_approve", "request "+id+" sha256 "+sha256, "")
	})
}

// SubjectBundle gives what was approved, as a ZIP: to read (PDF, Word) and for programs. What changed since it was approved is approved again first.
func (s *Service) SubjectBundle(ctx context.Context, by kerbside.User, id string) (File, error) {
	const op = "service.SubjectBundle"
	var c *collected
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		r, err := s.request(tx, op, by, id)
		if err != nil {
			return err
		}
		line, approved := r.approved()
		if approved == "" {
			return conflict(op, "Nobody has approved this yet. A second person looks through it first.")
		}
		// What is given is what the approver could read: somebody who may read more gets no more.
		approver, err := tx.User(line.By)
		if err != nil {
			return err
		}
		if c, err = s.collect(ctx, tx, approver, r); err != nil {
			return err
		}
		if c.view.SHA256 != approved {
			return conflict(op, "Something about this person changed since it was approved. Have it approved again.")
		}
		if _, err := s.addLedger(tx, by, kerbside.LedgerSubject, id, kerbside.SubjectEvent{Step: kerbside.SubjectTaken, SHA256: approved}); err != nil {
			return err
		}
		return s.audit(tx, by, "subject_take", "request "+id+" sha256 "+approved, "")
	})
	if err != nil {
		return File{}, err
	}
	files := map[string][]byte{"what-is-held.json": c.body}
	for name, format := range map[string]kerbside.Format{"what-is-held.pdf": kerbside.FormatPDF, "what-is-held.docx": kerbside.FormatDOCX} {
		var out bytes.Buffer
		o := kerbside.ExportOptions{Format: format, Approval: &kerbside.Approval{By: c.view.ApprovedBy, At: c.view.ApprovedAt}, At: c.view.ApprovedAt}
		if err := s.d.Exporter.Export(&out, c.draft, o); err != nil {
			return File{}, err
		}
		files[name] = out.Bytes()
	}
	body, err := s.signedZip(SubjectSchema, files)
	return File{Name: "what-is-held-" + s.now().Format(time.DateOnly) + ".zip", Type: "application/zip", Body: body}, err
}

// signedZip packs files with their hashes, signed with the installation's key.
func (s *Service) signedZip(schema string, files map[string][]byte) ([]byte, error) {
	const op = "service.signedZip"
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	text := schema + "\n"
	for _, name := range names {
		text += kerbside.HexSHA256(files[name]) + " " + name + "\n"
	}
	signed, err := s.d.Audit.Sign(text)
	if err != nil {
		return nil, err
	}
	files["SHA256SUMS.signed"] = []byte(signed)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range append(names, "SHA256SUMS.signed") {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(files[name])
		}
		if err != nil {
			return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	return out.Bytes(), nil
}

// CaseKeeping shows the holds of a case and the requests of its people.
func (s *Service) CaseKeeping(ctx context.Context, by kerbside.User, id kerbside.CaseID) (*CaseKeepingView, error) {
	const op = "service.CaseKeeping"
	v := &CaseKeepingView{MayHold: May(by, UseHold), MaySubject: May(by, UseSubject)}
	return v, s.d.Store.Update(ctx, func(tx kerbside.Tx) (err error) {
		if v.Case, err = s.keptCase(tx, op, by, UseSubject, id); err != nil {
			return err
		}
		names, err := peopleNames(tx, by.Org)
		if err != nil {
			return err
		}
		if v.Holds, err = holdViews(tx, by.Org, id, names); err != nil {
			return err
		}
		lines, events, err := readLedger[kerbside.SubjectEvent](tx, by.Org, kerbside.LedgerSubject, "")
		if err != nil {
			return err
		}
		for i, e := range events {
			if e.Step != kerbside.SubjectPrepared || e.Case != id {
				continue
			}
			r, err := s.request(tx, op, by, lines[i].Subject)
			if kerbside.CodeOf(err) == kerbside.CodeConflict { // the person left the case
				continue
			}
			if err != nil {
				return err
			}
			v.Requests = append(v.Requests, r.view(names))
		}
		return s.audit(tx, by, "read", "case "+string(id), "")
	})
}
