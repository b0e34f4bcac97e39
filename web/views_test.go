package web

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/service"
)

var testNow = time.Date(2026, 3, 3, 16, 40, 0, 0, time.UTC)

func testViews(t *testing.T) *views {
	t.Helper()
	a, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	v, err := loadViews(a, func() time.Time { return testNow })
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const hostile = "<script>alert(1)</script>\"'\u202e مرحبا 🙂"

// samplePages has one page struct of each kind, with every part filled and hostile text in every field that a person can write.
func samplePages() map[string]any {
	u := &kerbside.User{ID: "u-1", Name: hostile, Role: kerbside.RoleManager}
	l := layout{Heading: hostile, User: u, Nav: "visits", Modules: []string{"visit.js"}, Refresh: true, Menu: menuFor(kerbside.User{Role: kerbside.RoleAdmin}, "/people")}
	rec := recorderPart{UserID: "u-1", Visit: "v-1", Title: hostile, Today: "2026-03-03"}
	rows := []visitRow{{URL: "/visits/v-1", Title: hostile, Detail: hostile, State: "x", Doubt: true}}
	e := evidencePart{Spec: "0:w1:w2", Href: "#w0-w1", Label: "Play from 0:01", Sound: true, Quote: hostile}
	open := openPart{ID: "r-1", Text: hostile, Reader: "Family", Evidence: e}
	add := addPage{layout: l, Visit: "v-1", Title: hostile, Today: "2026-03-03", Max: "4 GB"}
	visit := visitPage{
		layout: l, ID: "v-1", Title: hostile, Sub: hostile, State: kerbside.VisitDrafted, StateName: "x", Line: statusLine{Text: hostile, Busy: true, Doubt: true, Next: "open"},
		Case:     &casePart{Current: hostile, Opens: "/cases/c-1", Choices: []caseChoice{{ID: "c-1", Name: hostile, Current: true}}},
		Editable: true, CanApprove: true, CanReview: true, CanRetry: true, CanAmend: true, AddendumTo: "v-0", Addenda: []kerbside.VisitID{"v-2", "v-3"},
		Tabs: []tab{{Key: "case-record", Name: "Case record", Current: true, Marked: 2}},
		Panels: []draftPanel{{
			Key: "case-record", Name: "Case record", Title: hostile, Current: true, Gone: []string{hostile},
			Blocks:   []draftBlock{{Name: hostile, Sentences: []sentencePart{{ID: "s-1", Text: hostile, Label: "worked out", Evidence: e, Stale: true, Changed: true, Old: hostile, Sentence: "s-1", Comments: []commentPart{{hostile, hostile}}, MayWord: true, Own: &ownPart{"s-0", hostile, hostile, hostile, hostile, hostile, testNow, []string{hostile}}}, {ID: "s-3", Text: hostile, Sentence: "s-3", MayWord: true, Edit: true}, {ID: "s-2", Text: "x", Changed: true, Frame: true}}}},
			Withheld: []withheldPart{{Kind: "risk", Reason: hostile}}, Omissions: []openPart{open},
		}},
		Record:      &recordPanel{Current: true, Facts: []factPart{{Name: "Date", Value: hostile, Evidence: e}}, Groups: []foundGroup{{Name: "Worries", Items: []foundPart{{Item: "r-1", Text: hostile, Tags: []tagPart{{Text: hostile}}, Evidence: e}, {Item: "r-2", Text: hostile, Edit: true}}}}, Struck: []foundPart{{Item: "r-3", Text: hostile, Why: hostile, Evidence: e}}},
		Transcripts: []transcriptPart{{ID: "t-1", Recording: "r-1", Name: hostile, Sound: true, Version: 2, Last: hostile, LastID: "k-1", Paragraphs: []paragraphPart{{Time: "0:00", Words: []wordPart{{ID: "w1", Text: hostile, Sound: true, EndMS: 10, Doubt: true, Alternatives: hostile}}}}, Notices: []string{hostile}, Removed: []removedPart{{"0:00", hostile, "loop"}}, Empty: true}},
		Statements:  []statementPart{{ID: "st-1", Text: hostile, At: testNow}},
		Asks:        []askPart{{Code: "a", Text: hostile, Yes: hostile, No: hostile}, {Code: "b", Text: "b"}, {Code: "c", Text: "c"}, {Code: "d", Text: hostile}},
		Open:        []openGroup{{Name: "x", Hint: "y", Items: []openPart{open}}}, Required: []openPart{open}, Covers: []string{"d-1 abc"},
		Queue: &queuePart{At: 1, Of: 3, Previous: "/visits/v-2?who=u-1", Next: "/visits/v-3", Filter: "who=u-1", Figures: []decidedPart{{hostile, true}, {hostile, false}}}, Approves: []approvesPart{{"Family", false, 1}}, Reviews: []reviewPart{{Text: hostile, Comment: hostile, At: testNow, Elsewhere: []string{hostile}}, {Text: hostile, At: testNow, Past: true}},
		Give: []colleague{{ID: "u-2", Name: hostile, Role: hostile}}, Oversee: true, Oversight: []overseenPart{{hostile, hostile, hostile, testNow}}, MoveTo: []moveChoice{{"v-9", hostile}},
		Voids:   []voidPart{{Name: hostile, Reason: hostile, By: hostile, At: testNow, Moved: true, MovedTo: "v-9"}, {Reason: hostile, At: testNow, Moved: true}},
		History: []historyPart{{At: testNow, By: hostile, Text: "corrected words", Detail: hostile}},
	}
	head := caseHeadPart{ID: "c-1", Name: hostile, Sub: hostile, Due: hostile, Overdue: true, Last: hostile, Hidden: true, Unread: hostile, Writing: []string{hostile}, Page: "brief", MayRecord: true}
	at := spotPart{Href: "/visits/v-1?at=t-1%3Aw1%3Aw2#w0-w1", Label: hostile, Sound: true}
	line := []linePart{{Text: hostile, Who: hostile, Tags: []tagPart{{Text: hostile, Doubt: true}}, Spot: at}}
	act := []actionPart{{Visit: "v-1", ID: "a-1", Text: hostile, Owner: hostile, Case: hostile, CaseID: "c-1", Due: hostile, Overdue: true, Tick: true, Keep: true, Spot: at, Back: "/actions"}, {Visit: "v-1", ID: "a-2", Text: hostile, Done: hostile, Tick: true, Spot: at}}
	event := []eventPart{{Kind: "Worry", Mark: "grave", Gravity: "grave", Text: hostile, Who: hostile, Tags: []tagPart{{Text: hostile}}, Spot: at}}
	events := []service.Event{{Spot: service.Spot{VisitRef: service.VisitRef{Visit: "v-1", Day: "2026-03-03", WorkerName: hostile}}, Kind: service.EventWorry, Gravity: service.GravityGrave, Text: hostile},
		{Spot: service.Spot{VisitRef: service.VisitRef{Visit: "v-2", Day: "2026-03-04"}}, Kind: service.EventWorry, Gravity: service.GravityDenied, Text: hostile}}
	picks := []casePick{{"/cases/c-1", hostile, hostile, true}}
	choices := []choicePart{{Value: "1", Name: hostile, Current: true}, {Value: "2", Name: hostile}}
	visit.Keep = &keepPart{Visit: "v-1", State: service.ConsentWithdrawn, Short: hostile, Withdrew: hostile, Lines: []consentLinePart{{hostile, hostile, testNow}}, People: []string{hostile}, Can: true, MayKeep: true, Locked: true}
	visit.Delete = &deletePart{Visit: "v-1", Can: true, Parts: []pickOption{{"audio", hostile, true}}, Erased: []erasedPart{{hostile, testNow}}}
	visit.SecondNext = hostile
	given := []service.SubjectLine{{Item: "r-1", Kind: "risk", Text: hostile, Reason: hostile, ByName: hostile}}
	return map[string]any{
		"policies": policiesPage{layout: l, Version: 2, SetBy: hostile, SetAt: testNow, Rules: []rulePart{{Key: "audio", Name: "Sound", Hint: "x", Days: 3, From: fromNames}}, Versions: []string{hostile}, SecondVersion: 1, SecondBy: hostile, SecondAt: testNow,
			Readers: []readerRule{{Key: "court", Name: "Court", Choices: fromNames}}, OneIn: 10, Alerts: alertsRule{Version: 1, SetBy: hostile, SetAt: testNow, Waits: []waitRule{{"writing", "x", "hours", 1}}, Most: 9}, Due: []duePart{{"Now", "Sound", "x", hostile, true}}, DueText: "x", Held: 1, HeldText: "x", Receipts: []receiptPart{{testNow, "x", hostile, "x-1"}}, ReceiptsText: "x"},
		"keeping": keepingPage{layout: l, ID: "c-1", Name: hostile, Reference: hostile, Held: true, MayHold: true, Holds: []service.HoldView{{ID: "h-1", Reason: hostile, ByName: hostile, At: testNow}, {ID: "h-2", Reason: hostile, Ended: true, EndReason: hostile, EndByName: hostile, EndAt: testNow}},
			Requests: []requestRow{{"sa-1", hostile, hostile, false}}, People: []personChoice{{hostile, hostile}}},
		"request": requestPage{layout: l, ID: "sa-1", Case: "c-1", CaseName: hostile, Person: hostile, Reason: hostile, ByName: hostile, At: testNow, Summary: hostile, Lines: 1, Reasons: []reasonPart{{1, "risk", hostile}}, Beyond: "x", SHA256: "abc",
			CanApprove: true, Changed: true, ApprovedBy: hostile, ApprovedAt: testNow, Visits: []requestVisit{{Visit: "v-1", Day: hostile, Facts: []string{hostile}, Lines: given, Withheld: given, Released: given}}},
		"overview": overviewOf(&service.Overview{Team: hostile, Capped: true, Months: []service.MonthFigures{{Month: "2026-02", Visits: 2, Approved: 1, Words: 10}, {Month: "2026-03", Visits: 5, Approved: 4, Median: time.Hour, Slow: 99 * time.Hour, Followed: 4, Late: 1, Words: 1000, Doubts: 7}}}, l),
		"actions":  actionsPage{layout: l, Team: true, MayTeam: true, Groups: []actionGroup{{"Overdue", act}}, Done: act[1:], More: true, Any: true},
		"search": searchPage{layout: l, In: service.FindInput{Text: hostile, Person: hostile, Case: hostile, From: hostile}, Cases: choices, Workers: choices, Trouble: hostile, Searched: true, Summary: hostile, Next: 20, Previous: 0,
			Hits: []hitPart{{URL: "/visits/v-1", Title: hostile, Detail: hostile, State: "x", Snippets: []snippetPart{{[]service.SnippetPart{{Text: hostile}, {Text: hostile, Hit: true}}, at}}}}},
		"brief": briefPage{layout: l, Head: head, Printed: "today", LastDay: "3 March 2026", Promises: act, Others: act, Voices: line, Worries: line, People: []casePersonPart{{Name: hostile, Detail: hostile, Href: "/cases/c-1/people/0", Presence: "was there", Spot: at}},
			Spoken: line, NotSaid: []string{hostile}, NotSaidOf: at, Uncertain: line},
		"timeline": timelinePage{layout: l, Head: head, Summary: hostile, Picture: picture(events, "2026-03-17", "2026-03-10"), Days: timelineDays(events), Children: choices, Kinds: choices, Gravities: choices, Filtered: true, Of: 3},
		"mentions": mentionsPage{layout: l, Head: head, Person: casePersonPart{Name: hostile, Detail: hostile}, Looked: 2, Others: choices, Visits: []mentionsOf{{Day: hostile, Who: hostile, Spot: at, Lines: event}}},
		"error":    errorPage{layout: l, Title: "x", Message: hostile, Back: "/visits/v-1"},
		"signin":   signInPage{layout: l, Passwords: true, Identity: hostile, Email: hostile, Trouble: hostile},
		"home": homePage{layout: l, Recorder: &rec, Mine: rows, Done: rows, ToReview: rows, Waiting: 7, MayReview: true, MayAct: true, MayTeam: true, Picks: picks,
			Alerts: []alertPart{{Kind: "urgent", Object: hostile, Name: "Urgent words", Title: hostile, Detail: hostile, Href: "/visits/v-1", Urgent: true}}, MoreAlerts: []alertPart{{Kind: "stuck", Object: hostile, Name: "Stuck", Title: hostile, Detail: hostile, Href: "/visits/v-1"}}, Seen: []alertPart{{Name: "x", Title: hostile, Href: "/visits/v-1", Seen: hostile}}},
		"record": recordPage{layout: l, Recorder: rec, Picks: picks},
		"upload": add, "note": add, "visit": visit,
		"choose": choosePage{layout: l, ID: "v-1", Old: hostile, New: hostile, Options: []chooseOption{{"t-1", "w1", "w1", hostile, hostile}}},
		"cases": casesPage{layout: l, MayImport: true, Result: &service.CaseImport{Faults: []string{hostile}},
			Cases: []caseRow{{ID: "c-1", Name: hostile, Reference: hostile, Detail: hostile, Due: hostile, Overdue: true, Hidden: true, Restrict: true}}},
		"cover":       coverPage{layout: l, Covers: []coverRow{{"e-1", hostile, hostile, hostile, true}}, Team: []colleague{{ID: "u-1", Name: hostile}}, Takers: []colleague{{ID: "u-2", Name: hostile, Role: hostile}}, From: "2026-03-03", To: "2026-03-10"},
		"restriction": restrictionPage{layout: l, ID: "c-1", Name: hostile, Restricted: true, People: []colleague{{ID: "u-1", Name: hostile, Current: true, Self: true}, {ID: "u-2", Name: hostile, Role: hostile}}},
		"people":      peoplePage{layout: l, People: []personRow{{ID: "u-1", Name: hostile, Role: "Manager", Team: hostile, Left: true, MayLink: true}}, Roles: invitable, Teams: []teamOption{{Name: hostile, Current: true}}, Admin: true, Cover: true},
		"person":      personPage{layout: l, ID: "u-1", Name: hostile, Email: hostile, Roles: []roleChoice{{invitable[0], true}}, Teams: []teamOption{{ID: "m-1", Name: hostile}}, Sessions: []sessionRow{{ID: "n-1", Agent: hostile}}},
		"account": accountPage{layout: l, Name: hostile, Email: hostile, Role: "Manager", Passwords: true, Password: true, PasswordAt: testNow, Fresh: true, Passkeys: []passkeyRow{{"k", hostile, testNow, testNow}},
			Sessions: []sessionRow{{ID: "n-1", Agent: hostile}, {ID: "n-2", Here: true}}, Tokens: []tokenRow{{"b-1", hostile, []string{"x", "y"}, testNow, testNow}}, Scopes: []scopeOption{{kerbside.ScopeRead, "read"}}},
		"versions": versionsPage{layout: l, ID: "v-1", Title: hostile, Name: hostile, Kind: "draft", Key: "family", From: 1, To: 2, Changes: 1, Documents: []documentLink{{Name: hostile, Href: "/visits/v-1/versions?kind=record", Versions: 2, Current: true}},
			Versions: []versionRow{{Version: 2, At: testNow, By: hostile, Why: []string{hostile, hostile}, Href: "/visits/v-1/versions?kind=record&from=1&to=2#compare", To: true}, {Version: 1, At: testNow, By: "Kerbside", From: true}},
			Blocks:   []compareBlock{{Same: []versionLine{{hostile, hostile}}}, {Pairs: []comparePair{{Group: hostile, Before: []markedText{{hostile, true}}, After: []markedText{{hostile, false}, {hostile, true}}}, {}}}}},
		"review":    reviewPage{layout: l, Rows: rows, All: 2, Workers: []choice{{"u-1", hostile, true}}, Days: []choice{{"1", "x", true}}, Urgent: true, Narrow: true},
		"admin":     adminPage{l, menuFor(kerbside.User{Role: kerbside.RoleAdmin}, "")},
		"templates": templatesPage{layout: l, Faults: []string{hostile}, Templates: []templateRow{{"family", hostile, hostile, hostile, hostile}}},
		"template":  templatePage{layout: l, templateRow: templateRow{hostile, hostile, hostile, hostile, hostile}, Text: hostile},
		"terms": termsPage{layout: l, Title: hostile, Action: "/cases/c-1/terms", Case: true, Kinds: service.TermKinds(), Most: 500, Used: []termRow{{"l-1", hostile, "person", hostile, testNow}},
			Retired: []termRow{{"l-2", hostile, "person", hostile, testNow}}},
		"models":         modelsPage{layout: l, Read: true, Models: []modelRow{{Name: hostile, Size: "82 MB", SHA256: "aa", Licence: "MIT", Checked: hostile, Bad: true, Installed: true, CheckedAt: testNow, Uses: []string{hostile}}, {Name: "b"}}},
		"language-model": languageModelPage{layout: l, LanguageModelInfo: service.LanguageModelInfo{Address: hostile, Model: hostile, Caution: hostile, Use: hostile}, Sentence: service.HarmlessSentence, Tried: true, Answer: hostile},
		"audit": auditPage{layout: l, Entries: []auditRow{{N: 1, At: testNow, Who: hostile, What: "read", On: "visit v-1"}}, People: []choice{{"u-1", hostile, true}}, Actions: []choice{{"read", "read", true}}, From: "2026-03-03", To: "2026-03-03",
			Older: "/admin/audit?before=1", Size: 3, Narrowed: true, Verified: &verifiedPart{1, 1, 1, []string{hostile}}, VerifiedAt: testNow},
		"health": healthPage{layout: l, Engine: service.EngineHealth{Trouble: hostile}, SpaceError: hostile, Version: hostile, Sound: "x", Queues: []queueRow{{"x", 1, 2, 3}}, Aside: []asideRow{{"j-1", "x", "v-1", hostile}},
			Read: service.ReadState{At: testNow, Faults: []string{hostile}}, ReadResult: hostile},
		"token": tokenPage{layout: l, Name: hostile, Token: "kerbside_x", Until: testNow},
		"link":  linkPage{layout: l, Name: hostile, Link: "https://example.org/signin/abc"},
	}
}

func TestTemplates(t *testing.T) {
	v := testViews(t)
	pages := samplePages()
	for _, name := range pageNames {
		page, ok := pages[name]
		if !ok {
			t.Errorf("%s: no sample page", name)
			continue
		}
		b, err := v.execute(name, page)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if bytes.Contains(b, []byte("<script>alert")) {
			t.Errorf("%s: hostile text is live", name)
		}
		if bytes.Contains(b, []byte("ZgotmplZ")) {
			t.Errorf("%s: a value was refused by html/template", name)
		}
		if bad := regexp.MustCompile(`<[^>]*\s(style|on[a-z]+)=`).Find(b); bad != nil {
			t.Errorf("%s: inline style or script, which the policy refuses: %s", name, bad)
		}
		checkIDs(t, name, string(b))
	}
}

// checkIDs holds that every id is there once and that every label's target, and every in-page link, exists.
func checkIDs(t *testing.T, name, page string) {
	t.Helper()
	seen := make(map[string]bool)
	for _, m := range regexp.MustCompile(`\sid="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if seen[m[1]] && (name != "visit" || m[1] != "decide" && m[1] != "decide-title") { // the sample may do both
			t.Errorf("%s: id %q twice", name, m[1])
		}
		seen[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`(?:aria-labelledby="|href="#)([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !seen[m[1]] {
			t.Errorf("%s: nothing has the id %q", name, m[1])
		}
	}
}

func TestContrast(t *testing.T) {
	css, err := os.ReadFile("static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, ok := strings.Cut(string(css), "prefers-color-scheme: dark") //nolint:misspell // CSS is American
	if !ok {
		t.Fatal("no dark mode")
	}
	dark, _, _ = strings.Cut(dark, "box-sizing")
	pairs := []struct{ text, on string }{
		{"text", "page"}, {"text", "surface"}, {"text", "sunken"}, {"text", "action-soft"}, {"text", "doubt-soft"}, {"text", "lit"},
		{"quiet", "page"}, {"quiet", "surface"}, {"quiet", "sunken"}, {"quiet", "action-soft"},
		{"action", "page"}, {"action", "surface"}, {"action", "action-soft"}, {"on-action", "action"},
		{"doubt", "surface"}, {"doubt", "doubt-soft"},
	}
	for name, part := range map[string]string{"light": light, "dark": dark} {
		tokens := make(map[string]string)
		for _, m := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6});`).FindAllStringSubmatch(part, -1) {
			if _, ok := tokens[m[1]]; !ok {
				tokens[m[1]] = m[2]
			}
		}
		for _, p := range pairs {
			got, err := contrast(tokens[p.text], tokens[p.on])
			if err != nil || got < 7 {
				t.Errorf("%s: %s on %s: contrast %.2f, want 7 (%v)", name, p.text, p.on, got, err)
			}
		}
		if got, err := contrast(tokens["edge"], tokens["surface"]); err != nil || got < 3 {
			t.Errorf("%s: edge of controls: contrast %.2f, want 3 (%v)", name, got, err)
		}
	}
}

// contrast is the ratio of WCAG 2.2, from two colours as rrggbb.
func contrast(a, b string) (float64, error) {
	la, err := luminance(a)
	if err != nil {
		return 0, err
	}
	lb, err := luminance(b)
	if err != nil {
		return 0, err
	}
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05), nil
}

func luminance(hex string) (float64, error) {
	if len(hex) != 6 {
		return 0, fmt.Errorf("colour %q", hex)
	}
	weights := [3]float64{0.2126, 0.7152, 0.0722}
	sum := 0.0
	for i, w := range weights {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			return 0, err
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += w * c
	}
	return sum, nil
}

func TestTapAnswers(t *testing.T) {
	for _, c := range []struct {
		question, yes, no string
		ok                bool
	}{
		{"Not said: was Ada seen alone?", "Ada was seen alone.", "Ada was not seen alone.", true},
		{"Not said: was Ada's bedroom seen?", "Ada's bedroom was seen.", "Ada's bedroom was not seen.", true},
		{"Not said: was the child seen?", "The child was seen.", "The child was not seen.", true},
		{"Not said: was consent spoken about?", "Consent was spoken about.", "Consent was not spoken about.", true},
		{"Not said: why was Ada not seen alone?", "", "", false},
		{"Not said: when is the next visit?", "", "", false},
		{"", "", "", false},
	} {
		yes, no, ok := tapAnswers(c.question)
		if yes != c.yes || no != c.no || ok != c.ok {
			t.Errorf("%q: %q, %q, %v", c.question, yes, no, ok)
		}
	}
}

// TestRequired: what is heard once is asked once, doubtful words side by side are one question, and a question shows what was said around it.
func TestRequired(t *testing.T) {
	said := "Then Oliver said, I hide under the bed. We met at the Family Home on Tuesday. He is nine."
	tr := &kerbside.Transcript{ID: "t-1", Text: said, Words: kerbside.SplitWords(said)}
	b := newVisitBuilder(&service.VisitView{Transcripts: []service.TranscriptView{{Transcript: tr}}}, true)
	source := kerbside.NewSource(tr)
	var must requiredParts
	add := func(id, text string, kind service.OpenKind, first, last int) {
		e := []kerbside.Evidence{source.Evidence(first, last)}
		must.add(b, service.OpenItem{ID: id, Text: text, Kind: kind, Evidence: e}, openPart{ID: id, Text: text, Kind: kind, Evidence: b.evidence(e)})
	}
	add("v-1", "I hide under the bed", service.OpenCritical, 3, 7)
	add("r-1", "Oliver said, I hide under the bed", service.OpenCritical, 1, 7)
	add("r-2", "hide under the bed", service.OpenCritical, 4, 7)
	add("c-1", "Oliver was seen.", service.OpenCritical, 1, 7)
	must.add(b, service.OpenItem{ID: "c-2"}, openPart{ID: "c-2", Text: "hide", Kind: service.OpenCritical})
	add("w-1", "Family", service.OpenDoubt, 12, 12)
	add("w-2", "Home", service.OpenDoubt, 13, 13)
	add("w-3", "Tuesday.", service.OpenDoubt, 15, 15)
	add("w-4", "nine.", service.OpenDoubt, 18, 18)
	var got []string
	for _, p := range append(must.critical, must.doubts...) {
		got = append(got, p.ID+": "+joinDots(p.Before, p.Text, p.After))
	}
	want := []string{"v-1 r-1 r-2: Oliver said, I hide under the bed", "c-1: Oliver was seen.", "c-2: hide", "w-1 w-2: We met at the · Family Home · on Tuesday.", "w-3: at the Family Home on · Tuesday.", "w-4: He is · nine."}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	got = nil
	for _, p := range append(must.critical, must.doubts...) {
		got = append(got, p.Sentence)
	}
	first := func(n int) string { return "0:" + string(tr.Words[n].ID) }
	if want := []string{first(0), first(0), "", first(8), first(8), first(16)}; !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	if spec := must.doubts[0].Evidence.Spec; spec != "0:"+string(tr.Words[12].ID)+":"+string(tr.Words[13].ID) {
		t.Error(spec)
	}
}

func TestKeepMarks(t *testing.T) {
	for _, c := range []struct{ stands, typed, fresh, want string }{
		{"Jaden,", "Jaden", "Jayden", "Jayden,"},
		{"“Jaden.”", "Jaden", "Jayden", "“Jayden.”"},
		{"Jaden,", "Jaden,", "Jayden", "Jayden"},
		{"Jaden", "Jaden", "Jayden.", "Jayden."},
		{"Jaden,", "Jaden", "", ""},
	} {
		if got := keepMarks(c.stands, c.typed, c.fresh); got != c.want {
			t.Errorf("%q for %q typed %q: %q, want %q", c.fresh, c.stands, c.typed, got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	for ms, want := range map[int64]string{0: "0:00", 61_999: "1:01", 3_600_000: "1:00:00"} {
		if got := clock(ms); got != want {
			t.Errorf("clock(%d) = %q, want %q", ms, got, want)
		}
	}
	for at, want := range map[time.Time]string{
		testNow:                    "today, 16:40",
		testNow.AddDate(0, 0, -1):  "Mon 2 March, 16:40",
		testNow.AddDate(-1, 0, -1): "2 March 2025, 16:40",
		{}:                         "",
	} {
		if got := when(at, testNow); got != want {
			t.Errorf("when = %q, want %q", got, want)
		}
	}
	if got := count(2, "summary"); got != "2 summaries" {
		t.Error(got)
	}
}

// TestPicture: marks keep their distance on the narrowest picture, however many visits there are, and no event is lost by it.
func TestPicture(t *testing.T) {
	day := time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC)
	for _, visits := range []int{1, 2, 5, 12, 60, 400} {
		var events []service.Event
		for i := range visits {
			d := day.AddDate(0, 0, i*9+i*i%5).Format(time.DateOnly)
			for _, k := range service.EventKinds() {
				events = append(events, service.Event{Spot: service.Spot{VisitRef: service.VisitRef{Visit: kerbside.VisitID(d), Day: d}}, Kind: k, Gravity: service.GravityOrdinary, Text: "x"})
			}
		}
		p := picture(events, "", "")
		if len(p.Lanes) != len(service.EventKinds()) || p.Height != p.Axis+34 {
			t.Fatalf("%d visits: %d lanes", visits, len(p.Lanes))
		}
		for _, lane := range p.Lanes {
			n, last := 0, -100.0
			for _, m := range lane.Marks {
				x, err := strconv.ParseFloat(strings.TrimSuffix(m.X, "%"), 64)
				if err != nil || x-last < apart-0.01 || x < 0 || x > 100 {
					t.Errorf("%d visits: a mark at %s after %.2f (%v)", visits, m.X, last, err)
				}
				last = x
				n += m.N
			}
			if n != visits {
				t.Errorf("%d visits: %s shows %d", visits, lane.Name, n)
			}
		}
	}
	if picture(nil, "2026-03-17", "2026-03-03") != nil {
		t.Error("a picture of nothing")
	}
}

func TestVisitTitle(t *testing.T) {
	for _, c := range []struct {
		v    kerbside.Visit
		want string
	}{
		{kerbside.Visit{Title: "Parkers", Date: "2026-03-03", SaidDate: "2026-03-02"}, "Parkers"},
		{kerbside.Visit{Date: "2026-03-03", SaidDate: "2026-03-02"}, "Visit of Monday 2 March 2026"},
		{kerbside.Visit{Date: "2026-03-03"}, "Visit of Tuesday 3 March 2026"},
		{kerbside.Visit{CreatedAt: testNow}, "Visit recorded today, 16:40"},
	} {
		if got := visitTitle(c.v, testNow); got != c.want {
			t.Errorf("%+v: %q, want %q", c.v, got, c.want)
		}
	}
	s := &server{Config: Config{Now: func() time.Time { return testNow }}}
	page := s.visitPage(kerbside.User{}, &service.VisitView{Visit: kerbside.Visit{Date: "2026-11-28", SaidDate: "2026-03-03"}, WorkerName: "Robin"}, nil, "", "")
	if page.Title != "Visit of Tuesday 3 March 2026" || page.Sub != "on the phone: Saturday 28 November 2026 · Robin" {
		t.Errorf("%q, %q", page.Title, page.Sub)
	}
}
