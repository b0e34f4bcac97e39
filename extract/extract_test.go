package extract

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kerbside"
	"kerbside/extract/rules"
)

const sample = "Child protection visit on Thursday 12th March at half past three. Mum, Carly Voss, was in with Ravi, who is six. I saw Ravi on his own. " +
	"Ravi said he gets scared when Dean shouts. There were no bruises. Dean may be back in the home. Carly agreed to ring the GP by Friday. I will call the school nurse tomorrow."

func sourceOfText(t testing.TB, text string) *kerbside.Source {
	t.Helper()
	tr, err := kerbside.TypedTranscript(text)
	if err != nil {
		t.Fatal(err)
	}
	return kerbside.NewSource(tr)
}

func newRules(t testing.TB) *Extractor {
	t.Helper()
	x, err := NewRules(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

var option = kerbside.ExtractOptions{VisitDate: "2026-03-12", HintFrom: "option"}

func TestExtract(t *testing.T) {
	s := sourceOfText(t, sample)
	r, err := newRules(t).Extract(context.Background(), []*kerbside.Source{s}, option)
	if err != nil {
		t.Fatal(err)
	}
	checkRecord(t, r, []*kerbside.Source{s})
	if r.Schema != kerbside.RecordSchema || r.Source.Engine != rules.Name || len(r.Source.Transcripts) != 1 {
		t.Errorf("head: %+v", r.Source)
	}
	if r.Visit.Date.Value != "2026-03-12" || r.Visit.Time.Value != "15:30" || r.Visit.Type.Value != kerbside.VisitChildProtection || r.Visit.SeenAlone.Value != kerbside.Yes || r.Visit.BedroomSeen.Value != kerbside.NotStated {
		t.Errorf("visit: %+v", r.Visit)
	}
	if len(r.Risks) != 3 || len(r.Actions) != 2 || len(r.ChildVoice) != 1 || len(r.Children) != 1 {
		t.Errorf("risks %d, actions %d, voices %d, children %d", len(r.Risks), len(r.Actions), len(r.ChildVoice), len(r.Children))
	}
	codes := map[string]bool{}
	for _, m := range r.Missing {
		codes[m.Code] = true
	}
	if !codes["bedroom_seen"] || !codes["next_visit"] || codes["seen_alone"] {
		t.Errorf("missing: %+v", r.Missing)
	}
	again, err := newRules(t).Extract(context.Background(), []*kerbside.Source{s}, option)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(r)
	b, _ := json.Marshal(again)
	if string(a) != string(b) {
		t.Error("the second run differs from the first")
	}
}

// checkRecord holds the promises of record-v1 to a record.
func checkRecord(t testing.TB, r *kerbside.Record, sources []*kerbside.Source) {
	t.Helper()
	check := func(what string, list kerbside.List[kerbside.Evidence]) {
		if len(list) == 0 {
			t.Errorf("%s: no evidence", what)
		}
		for _, e := range list {
			if s := kerbside.FindSource(sources, e); s == nil || s.Check(e) != nil {
				t.Errorf("%s: evidence %q does not hold", what, e.Quote)
			}
		}
	}
	supported := func(what, text string, list kerbside.List[kerbside.Evidence]) {
		check(what, list)
		if reason := vocabularyOf(list).unsupported(text); reason != "" {
			t.Errorf("%s: %q is not in its evidence: %s", what, text, reason)
		}
	}
	for _, x := range r.Attendees {
		check("attendee", x.Evidence)
	}
	for _, x := range r.Risks {
		supported("risk", x.Text, x.Evidence)
		if x.Polarity != kerbside.Uncertain && !rules.QuotePolarity("risk", x.Evidence[0].Quote, x.Polarity) {
			t.Errorf("risk %q is not %s", x.Evidence[0].Quote, x.Polarity)
		}
	}
	for _, x := range r.Strengths {
		supported("strength", x.Text, x.Evidence)
	}
	for _, x := range r.Actions {
		supported("action", x.Text, x.Evidence)
	}
	for _, x := range r.ChildVoice {
		check("child_voice", x.Evidence)
		if !inQuotes(x.Quote, x.Evidence) {
			t.Errorf("child's words %q are not verbatim", x.Quote)
		}
	}
	for _, x := range r.Injuries {
		supported("injury", x.Description, x.Evidence)
	}
	for _, x := range r.Warnings {
		if x.Code != kerbside.WarnNoSpeech && x.Code != kerbside.WarnSpeakers && x.Code != kerbside.WarnModelDown && x.Code != kerbside.WarnModelPartial {
			check("warning", x.Evidence)
		}
	}
	for _, f := range []kerbside.Fact{r.Visit.Date, r.Visit.Time, r.Visit.Type, r.Visit.Announced, r.Visit.NextVisit, r.Visit.ChildSeen, r.Visit.BedroomSeen, {Value: r.Visit.SeenAlone.Value, Evidence: r.Visit.SeenAlone.Evidence}} {
		if f.Value != "" && f.Value != kerbside.NotStated {
			check("fact "+f.Value, f.Evidence)
		}
	}
}

func TestNoSpeech(t *testing.T) {
	r, err := newRules(t).Extract(context.Background(), []*kerbside.Source{sourceOfText(t, "  ")}, option)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Warnings) != 1 || r.Warnings[0].Code != kerbside.WarnNoSpeech || len(r.Risks)+len(r.Attendees)+len(r.Actions) > 0 || len(r.Missing) > 0 {
		t.Errorf("%+v", r)
	}
	if _, err := newRules(t).Extract(context.Background(), nil, option); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Errorf("no sources: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := newRules(t).Extract(ctx, []*kerbside.Source{sourceOfText(t, sample)}, option); kerbside.CodeOf(err) != kerbside.CodeCanceled {
		t.Errorf("cancelled: %v", err)
	}
}

func TestRecordedVisitGivesTheWorkerNothing(t *testing.T) {
	s := sourceOfText(t, sample)
	s.Kind = kerbside.KindVisit
	r, err := newRules(t).Extract(context.Background(), []*kerbside.Source{s}, option)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range r.Risks {
		if x.Attribution.Who == "worker" {
			t.Errorf("%q is put down to the worker", x.Text)
		}
	}
	for _, x := range r.Actions {
		if x.Owner == "worker" {
			t.Errorf("%q is put down to the worker", x.Text)
		}
	}
	if r.Visit.SeenAlone.Value == kerbside.Yes {
		t.Error("seen alone, on words of nobody in particular")
	}
	if n := len(r.Warnings); n == 0 || r.Warnings[n-1].Code != kerbside.WarnSpeakers {
		t.Errorf("warnings: %+v", r.Warnings)
	}
}

// hostile proposes what its random numbers say: wrong quotes, made-up names, numbers and dates, turned polarities, other people's ids.
type hostile struct{ r *rand.Rand }

func (hostile) Name() string { return "hostile" }

func (h hostile) Propose(_ context.Context, sources []*kerbside.Source, _ kerbside.ExtractOptions) (*kerbside.Record, error) {
	r := h.r
	pick := func(list ...string) string { return list[r.Intn(len(list))] }
	evidence := func() kerbside.List[kerbside.Evidence] {
		var out kerbside.List[kerbside.Evidence]
		for range r.Intn(3) {
			s := sources[r.Intn(len(sources))]
			a := r.Intn(len(s.Words))
			e := s.Evidence(a, min(len(s.Words)-1, a+r.Intn(8)))
			switch r.Intn(6) {
			case 0:
				e.Quote += "x"
			case 1:
				e.StartChar++
			case 2:
				e.Source.ID = "t-elsewhere"
			}
			out = append(out, e)
		}
		return out
	}
	text := func(e kerbside.List[kerbside.Evidence]) string {
		if len(e) > 0 && r.Intn(2) == 0 {
			return e[0].Quote + pick("", " Dwayne", " seven", " on 2031-01-01", " in August")
		}
		return pick("hit by Dwayne 7 times", "the child is safe", "", "Ravi", "no concerns at all", "Ravi was beaten by Carly in June")
	}
	out := &kerbside.Record{Schema: "other"}
	out.Visit.Date = kerbside.Fact{Value: pick("2026-03-12", "2031-01-01", "soon"), Evidence: evidence()}
	out.Visit.Time = kerbside.Fact{Value: pick("15:30", "03:17", "99:99"), Evidence: evidence()}
	out.Visit.SeenAlone = kerbside.ReasonedFact{Value: pick("yes", "no", "certainly"), Reason: pick("", "the moon was full"), Evidence: evidence()}
	out.Visit.ChildSeen = kerbside.Fact{Value: "yes", Evidence: evidence()}
	for range 4 {
		e := evidence()
		id := kerbside.PersonID(pick("p1", "p2", "p9", ""))
		out.Attendees = append(out.Attendees, kerbside.Attendee{ID: id, Name: pick("Ravi", "Dwayne", "Carly Voss", ""), Role: pick("mother", "child", "wizard"), Age: pick("six", "44"), Presence: pick("present", "there"), Evidence: e})
		out.Children = append(out.Children, kerbside.ChildFacts{Person: id, SeenAlone: kerbside.ReasonedFact{Value: "yes", Evidence: evidence()}, BedroomSeen: kerbside.Fact{Value: "yes", Evidence: evidence()}})
		e = evidence()
		out.Risks = append(out.Risks, kerbside.Risk{Text: text(e), Polarity: pick("affirmed", "negated", "uncertain", "?"), Factor: pick("3C", "99Z"), About: []kerbside.PersonID{id}, Evidence: e, Standing: pick("", "found", "proposed"),
			Attribution: kerbside.Attribution{Kind: pick("child_said", "observed", "oracle"), Who: pick("Dwayne", "Ravi"), Chain: []string{pick("Dwayne", "Carly Voss")}}})
		e = evidence()
		out.Strengths = append(out.Strengths, kerbside.Strength{Text: text(e), Polarity: pick("affirmed", "negated"), Evidence: e})
		e = evidence()
		out.Actions = append(out.Actions, kerbside.Action{Text: text(e), Owner: pick("Dwayne", "worker", "Carly Voss"), Due: kerbside.Due{Text: pick("by Friday", "at dawn"), Date: pick("2026-03-13", "2031-01-01", "x")}, Evidence: e})
		e = evidence()
		out.ChildVoice = append(out.ChildVoice, kerbside.ChildVoice{Child: pick("Ravi", "Dwayne"), Quote: text(e), Mode: pick("direct", "?"), Evidence: e})
		e = evidence()
		out.Injuries = append(out.Injuries, kerbside.Injury{Description: text(e), Site: pick("arm", ""), Polarity: pick("affirmed", "negated"), Evidence: e})
		out.Warnings = append(out.Warnings, kerbside.Warning{Code: pick(kerbside.WarnUrgentCue, "no_speech", "advert"), Text: "Ring Dwayne on 0800 111", Evidence: evidence()})
	}
	return out, nil
}

func TestNothingUnsupportedGetsThrough(t *testing.T) {
	s := []*kerbside.Source{sourceOfText(t, sample)}
	s = append(s, kerbside.StatementSource(kerbside.Statement{ID: "st1", Text: "I did not see the bedroom. Next visit on the 24th."}))
	for seed := range int64(300) {
		x, err := New(hostile{rand.New(rand.NewSource(seed))}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := x.Extract(context.Background(), s, option)
		if err != nil {
			t.Fatal(err)
		}
		checkRecord(t, r, s)
		spoken := vocabularyOf([]kerbside.Evidence{s[0].Evidence(0, len(s[0].Words)-1), s[1].Evidence(0, len(s[1].Words)-1)})
		for _, a := range r.Attendees {
			if a.Name != "" && !spoken.holds(a.Name) {
				t.Errorf("seed %d: nobody said %q", seed, a.Name)
			}
		}
		for _, a := range r.Actions {
			if a.Owner == "Dwayne" || a.Due.Date == "2031-01-01" {
				t.Errorf("seed %d: %+v", seed, a)
			}
		}
		for _, k := range r.Risks {
			if k.Attribution.Who == "Dwayne" || k.Factor == "99Z" || k.Attribution.Kind == "oracle" {
				t.Errorf("seed %d: %+v", seed, k)
			}
		}
		if r.Visit.Date.Value == "2031-01-01" || r.Visit.Time.Value == "03:17" {
			t.Errorf("seed %d: %+v", seed, r.Visit)
		}
		for _, w := range r.Warnings {
			if strings.Contains(w.Text, "Dwayne") && w.Code != kerbside.WarnNoSpeech {
				t.Errorf("seed %d: %+v", seed, w)
			}
		}
		if t.Failed() {
			return
		}
	}
}

func TestPolarityDisagreementIsUncertain(t *testing.T) {
	s := sourceOfText(t, "There were no bruises on him.")
	e := kerbside.List[kerbside.Evidence]{s.Evidence(0, 5)}
	r := Gate(&kerbside.Record{Risks: kerbside.List[kerbside.Risk]{{Text: "bruises on him", Polarity: kerbside.Affirmed, Evidence: e}}}, []*kerbside.Source{s}, option)
	if len(r.Risks) != 1 || r.Risks[0].Polarity != kerbside.Uncertain || r.Gate.Changed != 1 || len(r.Warnings) != 1 || r.Warnings[0].Code != kerbside.WarnDisagreement {
		t.Errorf("%+v", r)
	}
}

func TestGateCountsWhatItDrops(t *testing.T) {
	s := sourceOfText(t, "He was hit. He was hit.")
	good, bad := s.Evidence(0, 2), s.Evidence(0, 2)
	bad.Quote = "He was loved"
	list := func(e ...kerbside.Evidence) kerbside.List[kerbside.Evidence] { return e }
	r := Gate(&kerbside.Record{Risks: kerbside.List[kerbside.Risk]{
		{Text: "He was hit", Polarity: kerbside.Affirmed, Evidence: list(good)}, {Text: "He was hit", Polarity: kerbside.Affirmed, Evidence: list(good)},
		{Text: "a", Evidence: nil}, {Text: "b", Evidence: list(bad)}, {Text: "hit by Dwayne", Evidence: list(good)}, {Text: "hit 7 times", Evidence: list(good)}, {Text: "hit in June", Evidence: list(good)},
	}}, []*kerbside.Source{s}, option)
	var reasons []string
	for _, d := range r.Gate.Dropped {
		reasons = append(reasons, d.Reason)
	}
	if got, want := fmt.Sprint(reasons), fmt.Sprint([]string{ReasonDuplicate, ReasonNoEvidence, ReasonNotInSource, ReasonName, ReasonNumber, ReasonDate}); got != want || r.Gate.Kept != 1 {
		t.Errorf("%s, want %s; kept %d", got, want, r.Gate.Kept)
	}
}

// TestCorrectionsMakeTheirDependentsStale is rule 5 of record-v1: after any corrections a quote holds exactly when none of its words
// was replaced by others.
func TestCorrectionsMakeTheirDependentsStale(t *testing.T) {
	x := newRules(t)
	for seed := range int64(60) {
		rnd := rand.New(rand.NewSource(seed))
		tr, err := kerbside.TypedTranscript(sample)
		if err != nil {
			t.Fatal(err)
		}
		r, err := x.Extract(context.Background(), []*kerbside.Source{kerbside.NewSource(tr)}, option)
		if err != nil {
			t.Fatal(err)
		}
		before := kerbside.NewSource(tr)
		gone := map[kerbside.WordID]bool{}
		for n := range 3 {
			a := rnd.Intn(len(tr.Words))
			b := min(len(tr.Words)-1, a+rnd.Intn(3))
			var old []string
			for _, w := range tr.Words[a : b+1] {
				old = append(old, w.Text)
				gone[w.ID] = true
			}
			next, err := tr.Apply(kerbside.Correction{ID: fmt.Sprint(n), FirstWord: tr.Words[a].ID, LastWord: tr.Words[b].ID, Old: strings.Join(old, " "), New: "zebra" + strings.Repeat(" crossing", rnd.Intn(3)), At: time.Unix(0, 0)})
			if err != nil {
				t.Fatal(err)
			}
			tr = next
		}
		after := kerbside.NewSource(tr)
		for _, k := range r.Risks {
			for _, e := range k.Evidence {
				first, last, err := before.Range(e)
				if err != nil {
					t.Fatal(err)
				}
				touched := false
				for _, w := range before.Words[first : last+1] {
					touched = touched || gone[w.ID]
				}
				if after.Holds(e) == touched {
					t.Fatalf("seed %d: %q holds %v although touched is %v", seed, e.Quote, after.Holds(e), touched)
				}
			}
		}
	}
}

// TestChecklist: a council's own file replaces and adds, and what is wrong in one is named.
func TestChecklist(t *testing.T) {
	own := fstest.MapFS{"ours.json": {Data: []byte(`{"questions": {"next_visit": "When next?", "smoke_alarm": "Not said: is there a smoke alarm?"}, "spoken": {"smoke_alarm": ["smoke alarm", "fire alarm"]},
		"types": {"not_stated": ["next_visit", "smoke_alarm"]}, "omit": {"no_access": ["next_visit"]}}`)}, "notes.txt": {Data: []byte("not a list")}}
	c, err := LoadChecklist(own)
	if err != nil {
		t.Fatal(err)
	}
	r := &kerbside.Record{}
	if m := c.Missing(r, nil); len(m) != 2 || m[0].Text != "When next?" || m[1].Code != "smoke_alarm" {
		t.Errorf("%+v", m)
	}
	for text, asked := range map[string]int{"The smoke alarms work": 1, "Smoke, alarm": 1, "A smoke detector": 2, "I heard a fire alarm": 1, "no smoke": 2} {
		if m := c.Missing(r, []*kerbside.Source{sourceOfText(t, text)}); len(m) != asked {
			t.Errorf("%q: %+v", text, m)
		}
	}
	r.Visit.Outcome.Value = kerbside.OutcomeNoAccess
	if m := c.Missing(r, nil); len(m) != 1 {
		t.Errorf("%+v", m)
	}
	if d, err := DefaultChecklist(); err != nil || d.Sum() == c.Sum() || len(d.Types) != len(c.Types) {
		t.Errorf("%v", err)
	}
	for file, says := range map[string]string{
		`{"questions": {"moon": "?"}}`: `the question "moon" needs words`, `{"questions": {"next_visit": " "}}`: "no text", `{"questions": {"child_voice": "Hello {name} {child}?"}}`: `the question "child_voice": there is no {name}; there are {child}, {action}`,
		`{"questions": {"child_seen": "Seen: {action}?"}}`: "there is no {action} in it; there is {child}", `{"questions": {"action_due": "When will {child} do it?"}}`: "there is no {child} in it; there is {action}",
		`{"questions": {"next_visit": "When {child?"}}`: "there is no {child?;", `{"questions": {"next_visit": "When child}?"}}`: "there is no };",
		`{"typs": {}}`: `line 1: there is no "typs"`, "{\n\n\"types\": [": "near line 3",
		`{"types": {"statutory_child_protecton": []}}`: "no type of visit", `{"omit": {"nobody_home": []}}`: "no outcome", `{"types": {"other": ["moon"]}}`: `no question "moon"`,
		`{"spoken": {"next_visit": ["next"]}}`: "read from the record", `{"spoken": {"consent": [" "]}}`: "empty words",
	} {
		_, faults, err := CheckChecklist(fstest.MapFS{"bad.json": {Data: []byte(file)}})
		if err != nil || len(faults) == 0 || faults[0].File != "bad.json" || !strings.Contains(faults[0].Error(), says) {
			t.Errorf("%s: %v, %v; want %q", file, faults, err, says)
		}
		if _, err := LoadChecklist(fstest.MapFS{"bad.json": {Data: []byte(file)}}); kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestMissing holds that each thing which a statutory visit must say is asked about when it is not said, for each child and action, and no more when it is.
func TestMissing(t *testing.T) {
	codes := func(text string) string {
		r, err := newRules(t).Extract(context.Background(), []*kerbside.Source{sourceOfText(t, text)}, option)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, m := range r.Missing {
			out = append(out, m.Code)
		}
		return strings.Join(out, " ")
	}
	for kind, name := range map[string]string{"child protection": "statutory_child_protection", "child in need": "statutory_child_in_need", "looked after": "statutory_looked_after"} {
		bare := codes("Statutory " + kind + " visit on 3 March.")
		for _, code := range []string{"who_present", "child_seen", "seen_alone", "bedroom_seen", "child_voice", "next_visit", "consent"} {
			if !strings.Contains(bare, code) {
				t.Errorf("%s does not ask for %s: %s", name, code, bare)
			}
		}
	}
	const full = "Statutory child protection visit on 3 March. Mum, Orla, and Jude were in. I saw Jude on his own in his bedroom. Jude said, I like my new school. Consent to share was given. My next visit is on Tuesday 17 March. "
	if got := codes(full + "I will ring the school by Friday."); got != "" {
		t.Errorf("everything is said, and it asks for %q", got)
	}
	if got := codes(full + "I will ring the school."); got != "action_due" {
		t.Errorf("an action without a date: %q", got)
	}
}

// TestLongText reads texts so long that what grew faster than the text would not come to an end: ten megabytes in all, of words
// that say nothing, of sentences, and of the kinds that tempt a reader to look back or ahead without bound. The race detector's run is a
// tenth of that. Time that grew with the square of the length would take hours.
func TestLongText(t *testing.T) {
	var names strings.Builder
	for n := range 20000 {
		fmt.Fprintf(&names, "Mum told me that Ann %c%s was drinking. ", 'A'+n%26, strings.Repeat(string(rune('a'+n/26%26)), 3+n/676%30))
	}
	size, most := 1<<20, 10<<20
	if raceEnabled {
		size, most = 128<<10, 1<<20
	}
	for name, c := range map[string]struct {
		unit string
		size int
	}{
		"words": {"thereafter-nothing-of-note ", most}, "sentences": {sample + " ", size}, "no marks": {"mum said he was not drinking and she told me that dad may shout ", size / 4},
		"commas": {"no bruises, or drinking, ", size / 8}, "quotes": {`"he said he hit her `, size / 8}, "names": {names.String(), size / 4},
	} {
		s := sourceOfText(t, strings.Repeat(c.unit, max(1, c.size/len(c.unit))))
		r, err := newRules(t).Extract(context.Background(), []*kerbside.Source{s}, option)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Risks) == 0 && name != "words" {
			t.Errorf("%s: nothing found", name)
		}
	}
}

func BenchmarkExtract1500Words(b *testing.B) {
	var words []string
	for len(words) < 1500 {
		words = append(words, strings.Fields(sample)...)
	}
	s := []*kerbside.Source{sourceOfText(b, strings.Join(words[:1500], " "))}
	x := newRules(b)
	for b.Loop() {
		if _, err := x.Extract(context.Background(), s, option); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzExtract(f *testing.F) {
	for _, seed := range []string{"", sample, "Mr and Mrs Pell, Ann, said \"no", "12/03 99:99 the the 31st"} {
		f.Add(seed)
	}
	x := newRules(f)
	f.Fuzz(func(t *testing.T, text string) {
		tr, err := kerbside.TypedTranscript(text)
		if err != nil {
			return
		}
		s := []*kerbside.Source{kerbside.NewSource(tr)}
		r, err := x.Extract(context.Background(), s, option)
		if err != nil {
			t.Fatal(err)
		}
		checkRecord(t, r, s)
	})
}

func dictations(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "dictations", "*.json"))
	if err != nil || len(files) < 35 {
		t.Fatalf("dictations: %d, %v", len(files), err)
	}
	return files
}

// dictation is one fixture: a text and what a careful reader makes of it.
type dictation struct {
	ID        string `json:"id"`
	VisitDate string `json:"visit_date"`
	Text      string `json:"text"`
	Gold      struct {
		Visit     map[string]any `json:"visit"`
		Attendees []struct{ Name, Role, Presence any }
		Risks     []goldItem
		Strengths []goldItem
		Actions   []goldItem
	} `json:"gold"`
}

type goldItem struct {
	Quote       string
	Polarity    any
	Temporality any
}

// TestDictations holds the engine to what it reaches on the fixtures, so that a change that loses something is seen.
func TestDictations(t *testing.T) {
	x := newRules(t)
	found, all, wrongYes, turned := 0, 0, 0, 0
	for _, file := range dictations(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var d dictation
		if err := json.Unmarshal(data, &d); err != nil {
			t.Fatal(err)
		}
		s := []*kerbside.Source{sourceOfText(t, d.Text)}
		r, err := x.Extract(context.Background(), s, kerbside.ExtractOptions{VisitDate: d.VisitDate, HintFrom: "option"})
		if err != nil {
			t.Fatal(err)
		}
		checkRecord(t, r, s)
		for _, g := range d.Gold.Risks {
			all++
			for _, k := range r.Risks {
				if overlap(d.Text, g.Quote, k.Evidence[0]) {
					found++
					if !accepts(g.Polarity, kerbside.Affirmed) && k.Polarity == kerbside.Affirmed {
						turned++
						t.Logf("%s: %q read as affirmed", d.ID, g.Quote)
					}
					if accepts(g.Polarity, kerbside.Affirmed) && !accepts(g.Polarity, kerbside.Negated) && k.Polarity == kerbside.Negated {
						turned++
						t.Logf("%s: %q read as negated", d.ID, g.Quote)
					}
					break
				}
			}
		}
		for name, value := range map[string]string{"child_seen": r.Visit.ChildSeen.Value, "seen_alone": r.Visit.SeenAlone.Value, "bedroom_seen": r.Visit.BedroomSeen.Value} {
			if value == kerbside.Yes && !accepts(d.Gold.Visit[name], kerbside.Yes) {
				wrongYes++
				t.Errorf("%s: a false yes for %s", d.ID, name)
			}
		}
	}
	if found*100 < all*88 {
		t.Errorf("%d of %d risks found", found, all)
	}
	if turned > 0 {
		t.Errorf("%d risks read as their contrary", turned)
	}
}

func accepts(gold any, value string) bool {
	switch g := gold.(type) {
	case string:
		return g == value
	case []any:
		for _, x := range g {
			if x == value {
				return true
			}
		}
	}
	return false
}

// overlap reports that evidence shares at least half of the shorter with a quote.
func overlap(text, quote string, e kerbside.Evidence) bool {
	at := strings.Index(text, quote)
	if at < 0 {
		return false
	}
	start := len([]rune(text[:at]))
	end := start + len([]rune(quote))
	shared := min(end, e.EndChar) - max(start, e.StartChar)
	return shared > 0 && 2*shared >= min(end-start, e.EndChar-e.StartChar)
}

// Without a date of the visit a day keeps its words, and no date is made of it.
func TestDayOfNoYear(t *testing.T) {
	x := newRules(t)
	for _, test := range []struct{ text, date, next, asked string }{
		{"Child in need visit to the Kemps on Tuesday 3 March. Mum, Orla, was in with Jude, who is six. I saw Jude in the front room and he showed me his new shoes, and the kitchen was clean. My next visit is on the 17th of March.", "Tuesday 3 March", "17th of March", "Said in part: what was the whole date of the visit?"},
		{"Child in need visit to the Kemps, Tuesday, at four. Mum, Orla, was in with Jude, who is six. I saw Jude in the front room and he showed me his new shoes, and the kitchen was clean. I'll visit again on Thursday.", "Tuesday", "Thursday", "Said in part: what was the whole date of the visit?"},
		{"Child in need visit to the Kemps today at four. Mum, Orla, was in with Jude, who is six. I saw Jude in the front room and he showed me his new shoes, and the kitchen was clean. I'll visit again soon.", "", "", "Not said: on what day was the visit?"},
		{"Child in need visit to the Kemps. Mum said dad came on Tuesday 3 March.", "", "", "Not said: on what day was the visit?"},
	} {
		for _, hint := range []string{"", "2026-03-03"} {
			sources := []*kerbside.Source{sourceOfText(t, test.text)}
			r, err := x.Extract(t.Context(), sources, kerbside.ExtractOptions{VisitDate: hint, HintFrom: "option"})
			if err != nil {
				t.Fatal(err)
			}
			checkRecord(t, r, sources)
			asked, nextAsked := "", false
			for _, m := range r.Missing {
				if m.Code == "visit_date" {
					asked = m.Text
				}
				nextAsked = nextAsked || m.Code == "next_visit"
			}
			date, next := r.Visit.Date, r.Visit.NextVisit
			if hint != "" {
				if asked != "" || (date.Value == "") != (len(date.Evidence) == 0) || (next.Value == "") != (len(next.Evidence) == 0) {
					t.Errorf("%q on %s: %+v, %+v, asked %q", test.text, hint, date, next, asked)
				}
				continue
			}
			if date.Value != "" || joinQuotes(date.Evidence) != test.date || next.Value != "" || !strings.Contains(joinQuotes(next.Evidence), test.next) || (next.Evidence == nil) != (test.next == "") ||
				asked != test.asked || nextAsked != (test.next == "") {
				t.Errorf("%q: %+v, %+v, asked %q, next visit asked %v", test.text, date, next, asked, nextAsked)
			}
		}
	}
}
