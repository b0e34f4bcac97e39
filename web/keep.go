package web

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"kerbside"
	"kerbside/service"
)

// policiesPage is what an administrator sets and sees of what is kept.
type policiesPage struct {
	layout
	Version           int
	SetBy             string
	SetAt             time.Time
	Rules             []rulePart
	Versions          []string
	SecondVersion     int
	SecondBy          string
	SecondAt          time.Time
	Readers           []readerRule
	OneIn             int
	Alerts            alertsRule
	Due               []duePart
	DueText, HeldText string
	Held              int
	Receipts          []receiptPart
	ReceiptsText      string
}

type rulePart struct {
	Key, Name, Hint string
	Keep            bool
	Days            int
	From            []pickOption
}

type pickOption struct {
	Key, Name string
	Current   bool
}

type readerRule struct {
	Key, Name string
	Choices   []pickOption
}

// alertsRule is after how long somebody is told.
type alertsRule struct {
	Version int
	SetBy   string
	SetAt   time.Time
	Waits   []waitRule
	Most    int
}

type waitRule struct {
	Key, Name, Unit string
	N               int
}

type duePart struct {
	When, What, Day, Worker string
	Held                    bool
}

type receiptPart struct {
	At            time.Time
	What, Why, ID string
}

var partNames = map[kerbside.Part]string{kerbside.PartSound: "Sound", kerbside.PartWords: "Transcripts", kerbside.PartNotes: "Records and drafts"}

var partHints = map[kerbside.Part]string{
	kerbside.PartSound: "What was recorded.", kerbside.PartWords: "All versions, corrections, answers and notes.", kerbside.PartNotes: "All versions, and what was chosen for them.",
}

var fromNames = []pickOption{{Key: string(kerbside.FromReviewed), Name: "the review"}, {Key: string(kerbside.FromApproved), Name: "the approval"}, {Key: string(kerbside.FromVisit), Name: "the visit"}}

func fromName(f kerbside.KeepFrom) string {
	for _, o := range fromNames {
		if o.Key == string(f) {
			return o.Name
		}
	}
	return string(f)
}

func ruleText(r kerbside.KeepRule) string {
	if r.Keep {
		return "kept"
	}
	return count(r.Days, "day") + " from " + fromName(r.From)
}

func (s *server) policies(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	k, err := s.Service.Keeping(r.Context(), u)
	if err != nil {
		return err
	}
	p := policiesPage{layout: layout{Heading: "Policies", User: &u, Nav: "admin", Menu: menuFor(u, "/policies")}, Version: k.Retention.Version, SecondVersion: k.Second.Version, OneIn: max(k.Second.OneIn, 2), Held: k.HeldCount}
	shown := k.Retention
	if shown.Version == 0 {
		shown = kerbside.SuggestedRetention()
	}
	if k.Second.OneIn == 0 {
		p.OneIn = 10
	}
	for _, part := range kerbside.Parts() {
		rule := shown.Rule(part)
		one := rulePart{Key: string(part), Name: partNames[part], Hint: partHints[part], Keep: rule.Keep, Days: rule.Days}
		for _, o := range fromNames {
			if o.Key == string(kerbside.FromApproved) && part != kerbside.PartSound { // a review needs the words
				continue
			}
			o.Current = o.Key == string(rule.From)
			one.From = append(one.From, o)
		}
		if one.Days == 0 {
			one.Days = 365
		}
		p.Rules = append(p.Rules, one)
	}
	for i, v := range k.Retentions {
		if i == 0 {
			p.SetBy, p.SetAt = v.ByName, v.At
			continue
		}
		p.Versions = append(p.Versions, fmt.Sprintf("%d: sound %s; transcripts %s; records and drafts %s. %s, %s", v.Policy.Version, ruleText(v.Policy.Sound), ruleText(v.Policy.Words), ruleText(v.Policy.Notes), v.ByName, when(v.At, s.Now())))
	}
	if len(k.Seconds) > 0 {
		p.SecondBy, p.SecondAt = k.Seconds[0].ByName, k.Seconds[0].At
	}
	p.Alerts = alertsRuleOf(k)
	for _, a := range kerbside.Audiences() {
		rule := readerRule{Key: string(a), Name: audienceName(a)}
		for _, o := range []pickOption{{Key: string(kerbside.SecondAlways), Name: "Always"}, {Key: string(kerbside.SecondSample), Name: "A sample"}, {Key: string(kerbside.SecondNone), Name: "None"}} {
			o.Current = o.Key == string(k.Second.Rule(a))
			rule.Choices = append(rule.Choices, o)
		}
		p.Readers = append(p.Readers, rule)
	}
	s.duePart(&p, k)
	s.views.render(w, http.StatusOK, "policies", p)
	return nil
}

func alertsRuleOf(k *service.KeepingView) alertsRule {
	a := alertsRule{Version: k.Alerts.Version, Most: kerbside.MaxAlertWait, Waits: []waitRule{
		{"writing", "Being written for", "hours", k.Alerts.Writing}, {"approval", "Not approved for", "days", k.Alerts.Approval}, {"review", "Not reviewed for", "days", k.Alerts.Review},
	}}
	if len(k.AlertsSet) > 0 {
		a.SetBy, a.SetAt = k.AlertsSet[0].ByName, k.AlertsSet[0].At
	}
	return a
}

func (s *server) duePart(p *policiesPage, k *service.KeepingView) {
	now := s.Now()
	for _, d := range k.Due {
		at := d.At.In(now.Location()).Format("2 January 2006")
		if !d.At.After(now) {
			at = "Now"
		}
		p.Due = append(p.Due, duePart{When: at, What: partNames[d.Part], Day: day(d.Day), Worker: d.WorkerName, Held: d.Held})
	}
	var parts []string
	for _, part := range kerbside.Parts() {
		if n := k.DueCount[part]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s of %s", strings.ToLower(partNames[part]), count(n, "visit")))
		}
	}
	p.DueText = "Nothing goes."
	if len(parts) > 0 {
		p.DueText = capital(strings.Join(parts, ", ")) + "."
	}
	p.HeldText = count(k.HeldCount, "part") + " would, and stays under a legal hold."
	if k.HeldCount > 1 {
		p.HeldText = count(k.HeldCount, "part") + " would, and stay under a legal hold."
	}
	p.ReceiptsText = count(k.ReceiptsN, "receipt") + "."
	if k.ReceiptsN > len(k.Receipts) {
		p.ReceiptsText = fmt.Sprintf("The newest %d of %s.", len(k.Receipts), count(k.ReceiptsN, "receipt"))
	}
	for _, r := range k.Receipts {
		p.Receipts = append(p.Receipts, receiptPart{At: r.At, What: receiptWhat(r.Receipt), Why: receiptWhy(r), ID: r.ID})
	}
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func receiptWhat(r kerbside.Receipt) string {
	n := len(r.Items)
	switch r.Part {
	case kerbside.PartSound:
		return count(n, "recording")
	case kerbside.PartWords:
		return "Transcripts (" + count(n, "version") + ")"
	}
	if n == 1 && r.Items[0].Kind == "visit" {
		return "The visit's title"
	}
	return "Record and drafts (" + count(n, "version") + ")"
}

func receiptWhy(r service.ReceiptView) string {
	switch {
	case r.Replay:
		return "Deleted before; a restore had brought it back"
	case r.Policy > 0:
		return fmt.Sprintf("Retention policy, version %d", r.Policy)
	case r.Consent:
		return "Consent was taken back; " + r.ByName
	}
	return "By hand; " + r.ByName
}

func (s *server) setRetention(w http.ResponseWriter, r *http.Request) error {
	return s.ofPolicies(w, r, func(u kerbside.User, version int) error {
		rule := func(part kerbside.Part) kerbside.KeepRule {
			key := string(part)
			n, err := strconv.Atoi(r.PostFormValue(key + "-days"))
			out := kerbside.KeepRule{Keep: r.PostFormValue(key) == "keep", From: kerbside.KeepFrom(r.PostFormValue(key + "-from"))}
			if err == nil && !out.Keep {
				out.Days = n
			}
			return out
		}
		return s.Service.SetRetention(r.Context(), u, kerbside.RetentionPolicy{Sound: rule(kerbside.PartSound), Words: rule(kerbside.PartWords), Notes: rule(kerbside.PartNotes)}, version)
	})
}

func (s *server) setSecond(w http.ResponseWriter, r *http.Request) error {
	return s.ofPolicies(w, r, func(u kerbside.User, version int) error {
		p := kerbside.SecondPolicy{Readers: map[kerbside.Audience]kerbside.SecondRule{}}
		for _, a := range kerbside.Audiences() {
			p.Readers[a] = kerbside.SecondRule(r.PostFormValue("reader-" + string(a)))
		}
		if n, err := strconv.Atoi(r.PostFormValue("one-in")); err == nil {
			p.OneIn = n
		}
		return s.Service.SetSecond(r.Context(), u, p, version)
	})
}

func (s *server) setAlerts(w http.ResponseWriter, r *http.Request) error {
	return s.ofPolicies(w, r, func(u kerbside.User, version int) error {
		n := func(key string) int {
			n, err := strconv.Atoi(r.PostFormValue(key))
			if err != nil {
				return 0 // which no policy may say
			}
			return n
		}
		return s.Service.SetAlerts(r.Context(), u, kerbside.AlertPolicy{Writing: n("writing"), Approval: n("approval"), Review: n("review")}, version)
	})
}

func (s *server) ofPolicies(w http.ResponseWriter, r *http.Request, do func(kerbside.User, int) error) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil {
		version = -1 // which is in force nowhere
	}
	if err := do(u, version); err != nil {
		return err
	}
	http.Redirect(w, r, "/policies", http.StatusSeeOther)
	return nil
}

// receipts gives all receipts as a table, or as JSON whose hashes the audit log has.
func (s *server) receipts(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	all, err := s.Service.Receipts(r.Context(), u)
	if err != nil {
		return err
	}
	name := "receipts-" + s.today()
	if r.URL.Query().Get("format") == "json" {
		type signed struct {
			Receipt kerbside.Receipt `json:"receipt"`
			SHA256  string           `json:"sha256"` // of the receipt as JSON without spaces, as the audit log's entry "erase" has it
		}
		out := make([]signed, len(all))
		for i, x := range all {
			out[i] = signed{x.Receipt, x.SHA256}
		}
		b, err := json.Marshal(out)
		if err != nil {
			return kerbside.E(kerbside.CodeInternal, "web.receipts", "", err)
		}
		download(w, service.File{Name: name + ".json", Type: "application/json", Body: append(b, '\n')})
		return nil
	}
	var b strings.Builder
	c := csv.NewWriter(&b)
	rows := [][]string{{"receipt", "at", "part", "visit", "case", "items", "policy", "by", "consent", "restored_before", "reason", "sha256"}}
	for _, x := range all {
		var items []string
		for _, i := range x.Items {
			items = append(items, strings.TrimSpace(i.Kind+" "+i.ID+" "+i.SHA256))
		}
		rows = append(rows, []string{x.ID, x.At.UTC().Format(time.RFC3339), string(x.Part), string(x.Visit), string(x.Case), strings.Join(items, "; "), strconv.Itoa(x.Policy), x.ByName,
			strconv.FormatBool(x.Consent), strconv.FormatBool(x.Replay), safeCell(x.Reason), x.SHA256})
	}
	if err := c.WriteAll(rows); err != nil {
		return kerbside.E(kerbside.CodeInternal, "web.receipts", "", err)
	}
	download(w, service.File{Name: name + ".csv", Type: "text/csv; charset=utf-8", Body: []byte(b.String())})
	return nil
}

// safeCell keeps a spreadsheet from reading a text as a formula.
func safeCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// keepPart is what the visit's page shows of consent, holds and deletion.
type keepPart struct {
	Visit    kerbside.VisitID
	State    service.ConsentState
	Short    string
	Withdrew string
	Lines    []consentLinePart
	People   []string
	Can      bool
	MayKeep  bool
	Held     bool
	Locked   bool
}

type consentLinePart struct {
	Text, By string
	At       time.Time
}

type deletePart struct {
	Visit  kerbside.VisitID
	Can    bool
	Held   bool
	Closed bool
	Parts  []pickOption
	Erased []erasedPart
}

type erasedPart struct {
	Text string
	At   time.Time
}

func keepParts(v *service.VisitView) (*keepPart, *deletePart) {
	k := &keepPart{Visit: v.Visit.ID, State: v.Consent, Can: v.CanConsent, MayKeep: v.CanErase, Held: v.Held, Locked: v.Visit.State == kerbside.VisitLocked}
	for _, c := range v.Consents {
		k.Lines = append(k.Lines, consentLinePart{Text: consentText(c.ConsentEvent), By: c.ByName, At: c.Line.At})
		switch c.Event {
		case kerbside.ConsentWithdrawn:
			k.Withdrew = c.Who
			k.Short = "taken back by " + c.Who
		case kerbside.ConsentGiven:
			k.Short = c.Who + ", " + c.How
		case kerbside.ConsentKept:
			k.Short = "taken back; kept all the same"
		case kerbside.ConsentDeleted:
			k.Short = "taken back; the recording was deleted"
		}
	}
	if v.Record != nil {
		for _, a := range v.Record.Attendees {
			if name := firstOf(a.Name, a.Role); a.Presence == kerbside.Present && name != "" && !slices.Contains(k.People, name) {
				k.People = append(k.People, name)
			}
		}
	}
	d := &deletePart{Visit: v.Visit.ID, Held: v.Held, Closed: v.Visit.State.Closed()}
	for _, part := range kerbside.Parts() {
		if !v.Left[part] {
			continue
		}
		name := map[kerbside.Part]string{kerbside.PartSound: "The sound", kerbside.PartWords: "The sound and its words", kerbside.PartNotes: "The record and the drafts"}[part]
		if part == kerbside.PartNotes && !d.Closed {
			name = "Everything"
		}
		d.Parts = append(d.Parts, pickOption{Key: string(part), Name: name})
	}
	d.Can = v.CanErase && len(d.Parts) > 0
	for _, r := range v.Erased {
		d.Erased = append(d.Erased, erasedPart{Text: receiptWhat(r.Receipt) + ": " + receiptWhy(r) + ".", At: r.At})
	}
	return k, d
}

func consentText(e kerbside.ConsentEvent) string {
	switch e.Event {
	case kerbside.ConsentGiven:
		how := map[string]string{"spoken": "said so", "written": "in writing", "recorded": "on the recording"}[e.How]
		at := map[string]string{"before": "before the recording", "at": "at the recording", "after": "afterwards"}[e.When]
		return e.Who + " agreed, " + how + ", " + at
	case kerbside.ConsentWithdrawn:
		return e.Who + " took it back"
	case kerbside.ConsentKept:
		return "Kept all the same: " + e.Reason
	case kerbside.ConsentDeleted:
		return strings.TrimSuffix("The recording was deleted: "+e.Reason, ": ")
	}
	return string(e.Event)
}

func (s *server) noteConsent(w http.ResponseWriter, r *http.Request) error {
	return s.ofVisit(w, r, "consent", func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.NoteConsent(r.Context(), u, id, service.ConsentInput{Who: r.PostFormValue("who"), How: r.PostFormValue("how"), When: r.PostFormValue("when")})
	})
}

func (s *server) withdrawConsent(w http.ResponseWriter, r *http.Request) error {
	return s.ofVisit(w, r, "consent", func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.WithdrawConsent(r.Context(), u, id, r.PostFormValue("who"))
	})
}

func (s *server) deleteWithdrawn(w http.ResponseWriter, r *http.Request) error {
	return s.ofVisit(w, r, "", func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.DeleteWithdrawn(r.Context(), u, id, r.PostFormValue("everything") != "", r.PostFormValue("reason"))
	})
}

func (s *server) keepWithdrawn(w http.ResponseWriter, r *http.Request) error {
	return s.ofVisit(w, r, "", func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.KeepAfterWithdrawal(r.Context(), u, id, r.PostFormValue("reason"))
	})
}

func (s *server) erase(w http.ResponseWriter, r *http.Request) error {
	return s.ofVisit(w, r, "deleted", func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.Erase(r.Context(), u, id, kerbside.Part(r.PostFormValue("part")), r.PostFormValue("reason"))
	})
}
