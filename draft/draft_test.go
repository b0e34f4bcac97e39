package draft_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kerbside"
	"kerbside/draft"
	"kerbside/export"
	"kerbside/prompts"
)

func texts(d *kerbside.Draft) string {
	var b strings.Builder
	for _, s := range d.Sentences {
		b.WriteString(s.Text() + "\n")
	}
	return b.String()
}

func marshalled(t testing.TB, d *kerbside.Draft) string {
	t.Helper()
	var b bytes.Buffer
	if err := (export.Exporter{}).Export(&b, d, kerbside.ExportOptions{Format: kerbside.FormatJSON, Citations: true}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What a reader of the planted secrets must never find, not even in the JSON of the draft.
func TestSecretsDoNotLeak(t *testing.T) {
	d := newDrafter(t)
	f := secrets(t)
	informant := []string{"Haverstock", "screaming", "next door", "neighbour"}
	all := slices.Concat(informant, []string{"Lintel", "sertraline", "Quarry", "Otis", "stepdad", "kitchen door", "Bex", "01632"})
	without := func(words []string, not ...string) []string {
		return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(not, w) })
	}
	for _, c := range []struct {
		name   string
		o      kerbside.DraftOptions
		hidden []string
		shown  []string
	}{
		{"family", kerbside.DraftOptions{Audience: kerbside.AudienceFamily}, all, []string{"I like my new teacher", "food in the cupboards", "denied any shouting"}},
		{"father", kerbside.DraftOptions{Audience: kerbside.AudienceFamily, For: "p2"}, all, []string{"I like my new teacher"}},
		{"mother", kerbside.DraftOptions{Audience: kerbside.AudienceFamily, For: "p1"}, without(all, "sertraline", "kitchen door"), []string{"sertraline", "kitchen door"}},
		{"child", kerbside.DraftOptions{Audience: kerbside.AudienceFamily, For: "p3"}, without(all, "kitchen door"), []string{"kitchen door"}},
		{"partner", kerbside.DraftOptions{Audience: kerbside.AudiencePartner}, without(all, "kitchen door"), []string{"kitchen door"}},
		{"court", kerbside.DraftOptions{Audience: kerbside.AudienceCourt}, slices.Concat(informant, []string{"Lintel", "sertraline", "Quarry", "Otis", "01632"}), []string{"kitchen door", "Bex"}},
		{"chronology", kerbside.DraftOptions{Audience: kerbside.AudienceChronology}, slices.Concat(informant, []string{"sertraline", "Quarry", "Otis"}), nil},
		{"case-record", kerbside.DraftOptions{Audience: kerbside.AudienceCaseRecord}, nil, all[:2]},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := f.draft(d, c.o)
			out := marshalled(t, got)
			for _, w := range c.hidden {
				if strings.Contains(strings.ToLower(out), strings.ToLower(w)) {
					t.Errorf("%q leaked in\n%s", w, out)
				}
			}
			for _, w := range c.shown {
				if !strings.Contains(texts(got), w) {
					t.Errorf("%q is missing from\n%s", w, texts(got))
				}
			}
		})
	}
}

func TestReleaseShowsAWithheldItem(t *testing.T) {
	d := newDrafter(t)
	f := secrets(t)
	before := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudiencePartner})
	i := slices.IndexFunc(before.Withheld, func(w kerbside.Withheld) bool { return strings.Contains(w.Reason, "health") })
	if i < 0 {
		t.Fatal("health is not withheld from a partner")
	}
	after := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudiencePartner, Release: []kerbside.Release{{Item: before.Withheld[i].Item, Reason: "She agreed to it."}}})
	if !strings.Contains(texts(after), "sertraline") || strings.Contains(texts(after), "Haverstock") {
		t.Errorf("after the release:\n%s", texts(after))
	}
	if slices.ContainsFunc(after.Withheld, func(w kerbside.Withheld) bool { return w.Item == before.Withheld[i].Item }) {
		t.Error("a released item is still listed as withheld")
	}
}

// A release wants a reason, and what is left out can be put in with one call, never what is withheld.
func TestReleaseAndInclude(t *testing.T) {
	d := newDrafter(t)
	f := secrets(t)
	if _, err := d.Draft(t.Context(), f.r, []*kerbside.Source{f.src}, kerbside.DraftOptions{Audience: kerbside.AudiencePartner, Release: []kerbside.Release{{Item: "x"}}}); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Errorf("a release without a reason: %v", err)
	}
	s := siblings(t)
	set, err := prompts.Load(fstest.MapFS{"court.tmpl": {Data: []byte("---\naudience: court\nname: court\nversion: 9\ntitle: T\nmust_hold: risks, negations, actions, child_voice, strengths, injuries\n---\nNothing.")}})
	if err != nil {
		t.Fatal(err)
	}
	bare, err := draft.New(set, draft.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := s.draft(bare, kerbside.DraftOptions{Audience: kerbside.AudienceCourt})
	items := len(s.r.Risks) + len(s.r.Strengths) + len(s.r.Actions) + len(s.r.ChildVoice) + len(s.r.Injuries)
	if len(got.Omissions) != items {
		t.Fatalf("%d omissions of %d items", len(got.Omissions), items)
	}
	var all []string
	for _, o := range got.Omissions {
		all = append(all, o.Item)
	}
	full := s.draft(bare, kerbside.DraftOptions{Audience: kerbside.AudienceCourt, Include: all})
	verify(t, s, full)
	if len(full.Omissions) != 0 || !strings.Contains(texts(full), "I don't like it when dad shouts") {
		t.Errorf("%d omissions after all were put in:\n%s", len(full.Omissions), texts(full))
	}
	before := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudiencePartner})
	var kept []string
	for _, w := range before.Withheld {
		kept = append(kept, w.Item)
	}
	if after := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudiencePartner, Include: kept}); texts(after) != texts(before) {
		t.Errorf("what is withheld was put in:\n%s", texts(after))
	}
}

func TestProposedItemsEnterNoDraft(t *testing.T) {
	d := newDrafter(t)
	f := siblings(t)
	f.r.Risks[3].Standing, f.r.Actions[0].Standing, f.r.ChildVoice[2].Standing, f.r.Injuries[0].Standing = kerbside.Proposed, kerbside.Rejected, kerbside.Proposed, kerbside.Rejected
	f.r.Warnings = nil
	for _, a := range kerbside.Audiences() {
		out := texts(f.draft(d, kerbside.DraftOptions{Audience: a}))
		for _, w := range []string{"most weekends", "to the GP", "sofa", "yellow"} {
			if strings.Contains(out, w) {
				t.Errorf("%s shows %q", a, w)
			}
		}
	}
}

// A proposal is no fact, yet what it says about sensitivity keeps its words from readers.
func TestProposedSensitivityBlocksWords(t *testing.T) {
	d := newDrafter(t)
	f := siblings(t)
	p := f.risk("p4", kerbside.Affirmed, kerbside.Current, by(kerbside.Observed, "worker"), "Lee told me on the phone that they argue most weekends")
	p.Standing, p.Sensitivity = kerbside.Proposed, []string{kerbside.SensitiveThirdParty}
	if out := marshalled(t, f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceFamily})); strings.Contains(out, "most weekends") {
		t.Error("words that a proposal marks as sensitive are shown")
	}
}

func TestEvidenceThatDoesNotHoldBecomesAnOmission(t *testing.T) {
	d := newDrafter(t)
	f := siblings(t)
	f.r.Risks[3].Evidence[0].Quote = "they argue every night"
	f.r.Risks[3].Text = "they argue every night"
	f.r.Visit.Time.Evidence = nil
	got := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceCaseRecord})
	if strings.Contains(texts(got), "every night") || strings.Contains(texts(got), "16:00") {
		t.Errorf("unsupported words are shown:\n%s", texts(got))
	}
	var kinds []string
	for _, o := range got.Omissions {
		kinds = append(kinds, o.Kind)
	}
	if !slices.Contains(kinds, "risk") || !slices.Contains(kinds, "fact") {
		t.Errorf("omissions of kinds %v", kinds)
	}
}

// The gate must refuse what no composer should make: these records claim more than their words say.
func TestGateRefusesWhatTheWordsDoNotSay(t *testing.T) {
	d := newDrafter(t)
	f := newFamily(t, `I saw Mia today. Her aunt was there. Mia said, "I feel safe here." They may move.`)
	f.person("p1", "Mia", "child", "", kerbside.Present, "I saw Mia")
	f.person("p2", "Gwendolyn", "aunt", "", kerbside.Present, "Her aunt was there")
	f.r.Visit.Place = f.fact("Bluebell House", "I saw Mia")
	f.voice("p1", "Mia", kerbside.VoiceDirect, "I feel safe here", "Mia said").Quote = "I feel very safe here"
	f.risk("p1", kerbside.Affirmed, kerbside.Current, by(kerbside.AdultSaid, "Rosalind"), "They may move")
	a := f.action("p1", "Bartholomew", kerbside.Planned, "by 9 May", "", "They may move")
	a.Text = "They will move on 9 May"
	got := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceCaseRecord})
	for _, w := range []string{"Gwendolyn", "Bluebell", "very", "Rosalind", "Bartholomew", "9 May"} {
		if strings.Contains(texts(got), w) {
			t.Errorf("%q is in the draft:\n%s", w, texts(got))
		}
	}
	if len(got.Omissions) < 3 {
		t.Errorf("%d omissions", len(got.Omissions))
	}
}

func TestPolarityTimeAndDoubtAreKept(t *testing.T) {
	d := newDrafter(t)
	f := newFamily(t, `No marks, no bruises, no rash. Mum may, I think, be pregnant again. Depression after the birth of Ivy. Tia says he's fine. Nan said, "I can't cope." Attendance low according to school.`)
	f.person("p1", "Tia", "mother", "", kerbside.Present, "Tia says")
	f.person("p2", "Ivy", "child", "", kerbside.Mentioned, "Ivy")
	f.risk("p2", kerbside.Negated, kerbside.Current, by(kerbside.Observed, "worker"), "rash")
	f.risk("p1", kerbside.Uncertain, kerbside.Current, by(kerbside.Observed, "worker"), "be pregnant again")
	f.risk("p1", kerbside.Historical, kerbside.Historical, by(kerbside.Observed, "worker"), "Depression")
	f.risk("p2", kerbside.Affirmed, kerbside.Current, by(kerbside.AdultSaid, "nan"), "I can't cope", "Nan said")
	f.risk("p2", kerbside.Affirmed, kerbside.Current, by(kerbside.ProfessionalSaid, "school"), "Attendance low")
	got := texts(f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceCaseRecord}))
	for _, want := range []string{"No marks, no bruises, no rash.\n", "Mum may, I think, be pregnant again.\n", "In the past: Depression after the birth of Ivy.\n", "Nan said: “I can't cope”.\n", "The school said, in the worker’s words: Attendance low according to school.\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing from\n%s", want, got)
		}
	}
}

func TestNothingIsPutInTheWorkersMouthFromARecordedVisit(t *testing.T) {
	d := newDrafter(t)
	f := newFamily(t, `There is nothing in the house to eat.`)
	f.src.Kind = kerbside.KindVisit
	f.risk("p1", kerbside.Affirmed, kerbside.Current, by(kerbside.Observed, ""), "There is nothing in the house to eat")
	if got := texts(f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceCourt})); !strings.Contains(got, "Heard in the recording: “There is nothing in the house to eat”.") {
		t.Error(got)
	}
}

func TestStatementsAreStated(t *testing.T) {
	d := newDrafter(t)
	f := newFamily(t, "I saw Mia.")
	st := kerbside.StatementSource(kerbside.Statement{ID: "st-1", Text: "Her bedroom was clean."})
	e := st.Evidence(0, len(st.Words)-1)
	f.r.Strengths = append(f.r.Strengths, kerbside.Strength{ID: "s-1", Text: e.Quote, Polarity: kerbside.Affirmed, Attribution: by(kerbside.Observed, "worker"), Standing: kerbside.Found, Evidence: []kerbside.Evidence{e}})
	got, err := d.Draft(t.Context(), f.r, []*kerbside.Source{f.src, st}, kerbside.DraftOptions{Audience: kerbside.AudienceCaseRecord})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(got.Sentences, func(s kerbside.Sentence) bool { return s.Text() == "Her bedroom was clean." })
	if i < 0 || got.Sentences[i].Verdict() != kerbside.VerdictStated {
		t.Errorf("sentence %d of\n%s", i, texts(got))
	}
}

func TestNotStatedIsNeverNo(t *testing.T) {
	d := newDrafter(t)
	f := newFamily(t, "I saw Mia.")
	f.person("p1", "Mia", "child", "", kerbside.Present, "I saw Mia")
	f.child("p1", f.fact(kerbside.Yes, "I saw Mia"), notStated, "", notStated)
	for _, a := range kerbside.Audiences() {
		got := f.draft(d, kerbside.DraftOptions{Audience: a})
		if strings.Contains(texts(got), "not seen") || strings.Contains(texts(got), "did not see") {
			t.Errorf("%s:\n%s", a, texts(got))
		}
		for _, s := range got.Sentences {
			if strings.Contains(s.Text(), "Mia") && s.Verdict() == kerbside.VerdictBoilerplate {
				t.Errorf("boilerplate names a child: %s", s.Text())
			}
		}
	}
}

func TestOwnWordsForTheFamilyAreEasy(t *testing.T) {
	d := newDrafter(t)
	for name, make := range families {
		if age := draft.ReadingAge(draft.OwnWords(make(t).draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceFamily}))); age > 11 || age < 5 {
			t.Errorf("%s: reading age %.1f", name, age)
		}
	}
	if age := draft.ReadingAge("Multidisciplinary interventions necessitate comprehensive safeguarding considerations throughout implementation."); age < 18 {
		t.Errorf("hard words have the reading age %.1f", age)
	}
}

func TestEmptyRecord(t *testing.T) {
	d := newDrafter(t)
	for _, a := range kerbside.Audiences() {
		got, err := d.Draft(t.Context(), &kerbside.Record{}, nil, kerbside.DraftOptions{Audience: a})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range got.Sentences {
			if s.Verdict() != kerbside.VerdictBoilerplate {
				t.Errorf("%s: %s", a, s.Text())
			}
		}
	}
}

func TestBadRequests(t *testing.T) {
	d := newDrafter(t)
	f := siblings(t)
	for name, o := range map[string]kerbside.DraftOptions{
		"audience": {Audience: "press"}, "nobody": {Audience: kerbside.AudienceFamily, For: "p99"}, "not family": {Audience: kerbside.AudienceCourt, For: "p1"},
	} {
		if _, err := d.Draft(t.Context(), f.r, nil, o); kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.Draft(t.Context(), nil, nil, kerbside.DraftOptions{Audience: kerbside.AudienceCourt}); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Errorf("no record: %v", err)
	}
}

func withTemplate(t *testing.T, front, body string) (*draft.Drafter, error) {
	t.Helper()
	set, err := prompts.Load(fstest.MapFS{"local.tmpl": {Data: []byte("---\naudience: court\nname: court\nversion: 9\ntitle: T\n" + front + "---\n" + body)}})
	if err != nil {
		t.Fatal(err)
	}
	return draft.New(set, draft.Options{})
}

// A template of a council's own can arrange and word, but not print the record's text without evidence.
func TestTemplatesCannotPrintText(t *testing.T) {
	f := secrets(t)
	for body, works := range map[string]bool{
		"Own words.\n{{range .Risks}}{{.}}\n{{end}}":              true,
		`{{with .Visit.Date}}{{say "On the day %s." .}}{{end}}`:   true,
		`{{with .Visit.Date}}{{printf "%#v %s %d" . . .}}{{end}}`: true, // three sentences with evidence
		"{{len .Risks}}":                      false,
		"{{.Risks}}":                          false,
		"{{.}}":                               false,
		`{{range .Risks}}{{.Negated}}{{end}}`: false,
		`{{range .Risks}}{{.it}}{{end}}`:      false,
		`{{printf "%d%d" 0 0}}`:               false,
		`{{say "Lee hit him."}}`:              false,
	} {
		d, err := withTemplate(t, "", body)
		if err != nil {
			if works {
				t.Fatalf("%s: %v", body, err)
			}
			continue
		}
		got, err := d.Draft(t.Context(), f.r, []*kerbside.Source{f.src}, kerbside.DraftOptions{Audience: kerbside.AudienceCourt})
		if (err == nil) != works {
			t.Errorf("%s: %v", body, err)
			continue
		}
		if err == nil {
			verify(t, f, got)
		}
	}
}

// Words round a value must not turn it round, and each fault is named with its line.
func TestTemplatesCannotTurnWordsRound(t *testing.T) {
	for body, line := range map[string]int{
		`{{with .Visit.Date}}{{say "The date was not %s." .}}{{end}}`:                       7,
		"\n\n" + `{{choose .Visit.Announced "yes" "The visit was not announced."}}`:         9,
		`{{choose .Visit.Announced "no" "The visit was announced."}}`:                       7,
		"## A\n" + `{{range .Children}}{{choose .Seen "not_stated" "%s was seen."}}{{end}}`: 8,
		`{{choose .Visit.Mode "phone" "In person."}}`:                                       7,
		`{{choose .Visit.Outcome "completed" "The visit was cancelled."}}`:                  7,
		`{{choose .Visit.Mode "carrier pigeon" "By pigeon."}}`:                              7,
		`{{with .Visit.Date}}{{say "It may have been %s." .}}{{end}}`:                       7,
		`{{with .Visit.Date}}{{say (printf "On %s") .}}{{end}}`:                             7,
		"\n{{.Nonsense}}":    8,
		"\n{{range .Risks}}": 8,
	} {
		set, faults, err := prompts.Check(fstest.MapFS{"local.tmpl": {Data: []byte("---\naudience: court\nname: court\nversion: 9\ntitle: T\n---\n" + body)}})
		if err != nil || len(faults) > 0 {
			t.Fatal(err, faults)
		}
		got := draft.Check(set)
		if len(got) != 1 || got[0].Line != line || got[0].File != "local.tmpl" {
			t.Errorf("%q: %v, want line %d", body, got, line)
		}
		if _, err := draft.New(set, draft.Options{}); err == nil {
			t.Errorf("%q is taken", body)
		}
	}
}

// A council's phrases keep the braces, and neither add nor lose a "no", a doubt or who said so.
func TestPhrasesCannotTurnWordsRound(t *testing.T) {
	for phrase, works := range map[string]bool{
		"said_that: {who} says that {words}": true, "said_that: {who} never said that {words}": false, "not_certain: {words}": false, "not_certain: For sure: {words}": false,
		"hearsay: {words} ({who})": true, "said_that: {who}: {words}": false, "said_quote: {who} said so": false, "new: x": false,
	} {
		set, faults, err := prompts.Check(fstest.MapFS{"phrases.txt": {Data: []byte("# ours\n" + phrase + "\n")}})
		if err != nil {
			t.Fatal(err)
		}
		if faults = append(faults, draft.Check(set)...); (len(faults) == 0) != works {
			t.Errorf("%s: %v", phrase, faults)
		}
	}
}

// No template reaches what the firewall keeps: one that prints everything it can reach shows a reader nothing more.
func TestTemplatesCannotPassTheFirewall(t *testing.T) {
	f := secrets(t)
	everything := "{{range .Voice}}{{.}}\n{{.Hearsay}}\n{{end}}{{range .Risks}}{{.}}\n{{.Hearsay}}\n{{range .Explanations}}{{.}}\n{{end}}{{end}}{{range .Strengths}}{{.}}\n{{end}}{{range .Actions}}{{.}}\n{{end}}{{range .Injuries}}{{.}}\n{{end}}" +
		"{{range .Observed}}{{.}}\n{{end}}{{range .Reported}}{{.}}\n{{end}}{{range .Opinions}}{{.}}\n{{end}}{{range .Decisions}}{{.}}\n{{end}}{{range .Unsure}}{{.}}\n{{end}}{{range .Drift}}{{.}}\n{{end}}{{range .OwnState}}{{.}}\n{{end}}{{range .Significant 99}}{{.}}\n{{end}}" +
		"{{with .People.Present}}{{say \"%s.\" .}}{{end}}\n{{with .People.Absent}}{{say \"%s.\" .}}{{end}}\n{{with .People.Mentioned}}{{say \"%s.\" .}}{{end}}\n{{with .Visit.Place}}{{say \"%s.\" .}}{{end}}\n{{range .Warnings}}{{.}}\n{{end}}{{range .Missing}}{{.}}\n{{end}}{{.SeenLine}}"
	for a, hidden := range map[string][]string{"family": {"Haverstock", "sertraline", "Lintel", "Quarry", "Otis", "01632", "Bex"}, "partner": {"Haverstock", "sertraline", "Lintel", "Quarry", "Otis", "01632", "Bex"}, "court": {"Haverstock", "Lintel", "Quarry", "Otis", "01632"}} {
		set, err := prompts.Load(fstest.MapFS{"local.tmpl": {Data: []byte("---\naudience: " + a + "\nname: " + a + "\nversion: 9\ntitle: T\n---\n" + everything)}})
		if err != nil {
			t.Fatal(err)
		}
		d, err := draft.New(set, draft.Options{})
		if err != nil {
			t.Fatal(err)
		}
		out := marshalled(t, f.draft(d, kerbside.DraftOptions{Audience: kerbside.Audience(a)}))
		for _, w := range hidden {
			if strings.Contains(out, w) {
				t.Errorf("%q leaks to %s:\n%s", w, a, out)
			}
		}
	}
}

func TestChildNames(t *testing.T) {
	f := newFamily(t, "I saw Mia Stone. Mia Stone had no marks.")
	f.person("p1", "Mia Stone", "child", "", kerbside.Present, "Mia Stone")
	f.child("p1", f.fact(kerbside.Yes, "I saw Mia Stone"), notStated, "", notStated)
	for how, want := range map[string]string{"given": "Mia was seen.", "full": "Mia Stone was seen.", "initial": "Mia S was seen."} {
		d, err := withTemplate(t, "child_name: "+how+"\n", `{{range .Children}}{{choose .Seen "yes" "%s was seen."}}{{end}}`)
		if err != nil {
			t.Fatal(err)
		}
		if got := texts(f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceCourt})); !strings.Contains(got, want+"\n") {
			t.Errorf("%s: %s", how, got)
		}
	}
}

func TestFrontMatterIsKept(t *testing.T) {
	for front, body := range map[string]string{
		"required: Risks\n":       "Nothing.",
		"forbidden: Opinions\n":   "{{range .Opinions}}{{.}}{{end}}",
		"must_hold: everything\n": "",
		"tone: x\n":               "{{range .Risks}}",
	} {
		if _, err := withTemplate(t, front, body); kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Errorf("%s%s: %v", front, body, err)
		}
	}
}

func TestParseRulesRefuses(t *testing.T) {
	for _, bad := range []string{"family\thealth\tno", "press\thealth\tno\tx", "family\tmood\tno\tx", "family\thealth\tperhaps\tx", "family\thealth\tno\t ", "family\thealth\tyes\t\nfamily\thealth\tno\tx"} {
		if _, err := draft.ParseRules(bad); kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzParseRules(f *testing.F) {
	f.Add("family\thealth\tno\tIt is about health.")
	f.Add("# x\n\npartner\tpolice\tyes\t")
	f.Fuzz(func(t *testing.T, tsv string) {
		if r, err := draft.ParseRules(tsv); (r == nil) == (err == nil) {
			t.Error("neither rules nor an error")
		}
	})
}

// Words are widened for their "no"; not into what the reader may not see.
func TestWideningStopsAtWithheldWords(t *testing.T) {
	d := newDrafter(t)
	f := newFamily(t, `I saw Mia. Never mind that Bex hit Otis, any bruises.`)
	f.person("p1", "Mia", "child", "", kerbside.Present, "I saw Mia")
	f.person("p2", "Otis", "child", "", kerbside.Mentioned, "Otis")
	f.risk("p2", kerbside.Affirmed, kerbside.Current, by(kerbside.Observed, "worker"), "Bex hit Otis").Sensitivity = []string{kerbside.SensitiveOtherChild}
	f.risk("p1", kerbside.Negated, kerbside.Current, by(kerbside.Observed, "worker"), "any bruises")
	if got := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceCaseRecord}); !strings.Contains(texts(got), "Never mind that Bex hit Otis, any bruises.") {
		t.Errorf("not widened:\n%s", texts(got))
	}
	got := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceFamily})
	if out := marshalled(t, got); strings.Contains(out, "Otis") || !strings.Contains(texts(got), "Any bruises.") {
		t.Error(out)
	}
}

// Where the day that was named is not the day that was reckoned, the words stand and no date does.
func TestWeekdayThatDoesNotFit(t *testing.T) {
	d := newDrafter(t)
	f := newFamily(t, "Visit on Thursday the 5th of March. I will ring by Monday. I will write on Tuesday.")
	f.r.Visit.Date = f.fact("2025-03-05", "Thursday the 5th of March") // a Wednesday
	f.action("p1", "worker", kerbside.Planned, "by Monday", "2025-03-11", "I will ring by Monday")
	f.action("p1", "worker", kerbside.Planned, "on Tuesday", "2025-03-11", "I will write on Tuesday")
	got := texts(f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceCaseRecord}))
	for _, want := range []string{"Date: “Thursday the 5th of March”.\n", "I will ring by Monday.\n", "I will write on Tuesday (due Tuesday 11 March 2025).\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing from\n%s", want, got)
		}
	}
}

// A day of no known year stands in the words in which it was said.
func TestDayOfNoYear(t *testing.T) {
	d := newDrafter(t)
	f := newFamily(t, "Visit on Thursday the 5th of March. Next visit the 12th of March.")
	f.r.Visit.Date = f.fact("", "Thursday the 5th of March")
	f.r.Visit.NextVisit = f.fact("", "the 12th of March")
	for audience, want := range map[kerbside.Audience]string{
		kerbside.AudienceCaseRecord: "Date: “Thursday the 5th of March”.\n", kerbside.AudienceChronology: "“Thursday the 5th of March”.\n",
		kerbside.AudienceCourt: "The next visit is planned for “the 12th of March”.\n", kerbside.AudienceSupervisor: "Next visit: “the 12th of March”.\n",
	} {
		if got := texts(f.draft(d, kerbside.DraftOptions{Audience: audience})); !strings.Contains(got, want) {
			t.Errorf("%s: %q is missing from\n%s", audience, want, got)
		}
	}
}

// A child's words about a grown-up at home wait for the worker, unless they are recorded as something good.
func TestChildsWordsAboutAReader(t *testing.T) {
	d := newDrafter(t)
	f := newFamily(t, `Ryan, step-dad, was out. Alfie said, "Ryan calls me stupid." Alfie said, "mum makes nice tea." Alfie said, "I like maths." Stacey, mum, was in.`)
	f.person("p1", "Stacey", "mother", "", kerbside.Present, "Stacey, mum")
	f.person("p2", "Ryan", "step-father", "", kerbside.Mentioned, "Ryan, step-dad")
	f.person("p3", "Alfie", "child", "", kerbside.Present, "Alfie said")
	for _, w := range []string{"Ryan calls me stupid", "mum makes nice tea", "I like maths"} {
		f.voice("p3", "Alfie", kerbside.VoiceDirect, w, "Alfie said")
	}
	f.strength("p3", by(kerbside.ChildSaid, "Alfie"), "mum makes nice tea")
	for reader, hidden := range map[kerbside.PersonID]bool{"": true, "p2": true, "p1": false, "p3": false} {
		got := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceFamily, For: reader})
		if strings.Contains(texts(got), "stupid") == hidden || !strings.Contains(texts(got), "nice tea") || !strings.Contains(texts(got), "I like maths") {
			t.Errorf("for %q:\n%s", reader, texts(got))
		}
	}
}

func TestHearsayIsNeverTakenForFirstHand(t *testing.T) {
	d := newDrafter(t)
	f := newFamily(t, `From the school, by way of Kelly. He was left alone all night.`)
	f.risk("p1", kerbside.Affirmed, kerbside.Current, by(kerbside.ProfessionalSaid, "school", "school", "Kelly"), "He was left alone all night", "From the school, by way of Kelly")
	for _, a := range []kerbside.Audience{kerbside.AudienceCaseRecord, kerbside.AudienceCourt, kerbside.AudienceSupervisor} {
		if got := texts(f.draft(d, kerbside.DraftOptions{Audience: a})); strings.Count(got, "(Hearsay: Kelly told the school; the school told me.)") != 1 {
			t.Errorf("%s:\n%s", a, got)
		}
	}
}
