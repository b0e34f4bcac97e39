package draft_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kerbside"
	"kerbside/export"
)

// verify checks a draft without any of the code that composed it.
func verify(t testing.TB, f *family, d *kerbside.Draft) {
	t.Helper()
	words := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '\'' || r == ':')
		})
	}
	for _, s := range d.Sentences {
		if s.Verdict() == kerbside.VerdictBoilerplate {
			continue
		}
		quotes := ""
		for _, e := range s.Evidence() {
			if err := f.src.Check(e); err != nil {
				t.Errorf("%s: %q: %v", d.Audience, s.Text(), err)
			}
			quotes += " " + e.Quote
		}
		said := words(quotes)
		for _, w := range words(s.Text()) {
			if strings.HasPrefix(w, "zq") || strings.HasPrefix(w, "nm") { // the random texts' own words: names, and what is only said once
				if w = strings.TrimSuffix(strings.Trim(w, ":"), "'s"); !slices.Contains(said, w) && !slices.Contains(said, w+"'s") {
					t.Errorf("%s: %q stands in %q without evidence", d.Audience, w, s.Text())
				}
			}
		}
		_, rest, found := strings.Cut(s.Text(), "“")
		if inner, _, ok := strings.Cut(rest, "”"); found && ok && !strings.Contains(f.src.Text, inner) {
			t.Errorf("%s: a quotation is not in the source: %q", d.Audience, s.Text())
		}
	}
}

// random makes a record with random claims about a random dictation. Each clause holds one word that stands nowhere else.
func random(t testing.TB, seed uint64) *family {
	rng := rand.New(rand.NewPCG(seed, 7))
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	names := []string{"Nmana", "Nmbilal", "Nmcara", "Nmdov", "Nmedith"}
	roles := []string{"mother", "father", "child", "child", "neighbour"}
	var text strings.Builder
	var clauses []string
	for i := range 40 {
		c := pick("he", "she", names[rng.IntN(5)], "mum", "they", "the school", "") + " " + pick("said", "told me that", "is", "was not", "has", "says", "denied", "may be", "um, um", "no") + " " +
			fmt.Sprintf("zq%d", i) + " " + pick("at night", "3 times", "still", "never", "I think", "with my mum", "last year", "“quietly”")
		clauses = append(clauses, strings.TrimSpace(c))
		text.WriteString(strings.TrimSpace(c) + pick(". ", ", ", " and ", "; ", ": \"", "? "))
	}
	text.WriteString(strings.Join(names, " met "))
	f := newFamily(t, text.String())
	for i, n := range names {
		f.person(fmt.Sprintf("p%d", i+1), n, roles[i], pick("", "4"), pick(kerbside.Present, kerbside.Absent, kerbside.Mentioned), n)
	}
	f.child("p3", f.fact(pick(kerbside.Yes, kerbside.No), clauses[0]), f.fact(pick(kerbside.Yes, kerbside.No, kerbside.NotStated), clauses[1]), clauses[1], notStated)
	f.r.Visit.Outcome = f.fact(pick(kerbside.OutcomeCompleted, kerbside.OutcomeNoAccess), clauses[2])
	f.r.Visit.Date = f.fact("2026-05-04", clauses[3])
	about := func() string { return pick("", "p1", "p2", "p3", "p3 p4", "p1 p3") }
	sensitive := func() []string {
		if rng.IntN(3) > 0 {
			return nil
		}
		return []string{pick("third_party", "informant", "address", "health", "police", "other_child", "something_new")}
	}
	restricted := func() *kerbside.Restriction {
		if rng.IntN(6) > 0 {
			return nil
		}
		return &kerbside.Restriction{From: ids(pick("p1", "p2", "")), Evidence: f.ev(clauses[4])}
	}
	attribution := func() kerbside.Attribution {
		kind := pick(kerbside.Observed, kerbside.ChildSaid, kerbside.AdultSaid, kerbside.ProfessionalSaid, kerbside.WorkerOpinion)
		who := pick(names[0], names[2], "mum", "school", "", "Nmzelda")
		return by(kind, who, who, pick(names...))
	}
	for range 4 {
		f.r.Sensitive = append(f.r.Sensitive, kerbside.Sensitive{Kind: pick("third_party", "informant", "address", "intimate", "police", "other_child", "restricted", "something_new"), Evidence: f.ev(clauses[5+rng.IntN(35)])})
	}
	standing := func() string {
		return pick(kerbside.Found, kerbside.Found, kerbside.Accepted, kerbside.Proposed, kerbside.Rejected)
	}
	for i := 5; i < 40; i++ {
		c := clauses[i]
		if rng.IntN(3) == 0 { // a part only
			w := strings.Fields(c)
			c = strings.Join(w[rng.IntN(2):len(w)-rng.IntN(2)], " ")
			if !strings.Contains(c, "zq") {
				c = clauses[i]
			}
		}
		switch i % 5 {
		case 0, 1:
			r := f.risk(about(), pick(kerbside.Affirmed, kerbside.Negated, kerbside.Uncertain), pick(kerbside.Current, kerbside.Historical), attribution(), c, pick(names...))
			r.Sensitivity, r.Restricted, r.Standing, r.Critical = sensitive(), restricted(), standing(), rng.IntN(2) == 0
			if rng.IntN(5) == 0 {
				r.Text = "Nmqueenie hit zq99 9 times"
			}
		case 2:
			s := f.strength(about(), attribution(), c)
			s.Sensitivity, s.Restricted, s.Standing = sensitive(), restricted(), standing()
		case 3:
			a := f.action(about(), pick("worker", names[0], "mum", "Nmqueenie", ""), pick(kerbside.Planned, kerbside.Agreed, kerbside.Done), pick("", "by Friday"), pick("", "2026-05-08", "2026-04-01"), c)
			a.Sensitivity, a.Restricted, a.Standing = sensitive(), restricted(), standing()
		case 4:
			v := f.voice(pick("", "p3", "p4"), pick(names[2], names[3], "", "Nmqueenie"), pick(kerbside.VoiceDirect, kerbside.VoiceParaphrase, kerbside.VoiceNonverbal), c)
			v.Sensitivity, v.Restricted, v.Standing = sensitive(), restricted(), standing()
			if rng.IntN(5) == 0 {
				v.Quote = "zq99 and more"
			}
		}
	}
	return f
}

type claim struct {
	id, kind, standing, polarity, quote string
	sensitivity                         []string
	unclear                             bool
}

func claims(r *kerbside.Record) []claim {
	var out []claim
	for _, x := range r.Risks {
		out = append(out, claim{x.ID, "risk", x.Standing, x.Polarity, x.Evidence[0].Quote, x.Sensitivity, len(x.About) == 0})
	}
	for _, x := range r.Strengths {
		out = append(out, claim{x.ID, "strength", x.Standing, x.Polarity, x.Evidence[0].Quote, x.Sensitivity, len(x.About) == 0})
	}
	for _, x := range r.Actions {
		out = append(out, claim{x.ID, "action", x.Standing, "", x.Evidence[0].Quote, x.Sensitivity, len(x.About) == 0 && x.Owner != "Nmana" && x.Owner != "mum"})
	}
	for _, x := range r.ChildVoice {
		out = append(out, claim{x.ID, "child_voice", x.Standing, "", x.Evidence[0].Quote, x.Sensitivity, x.Person == "" && x.Child != "Nmcara" && x.Child != "Nmdov"})
	}
	return out
}

func unique(quote string) string {
	for w := range strings.FieldsSeq(quote) {
		if strings.HasPrefix(w, "zq") {
			return strings.Trim(w, ",.;:\"?") + " "
		}
	}
	return "\x00"
}

func TestRandomRecords(t *testing.T) {
	d := newDrafter(t)
	for seed := range uint64(150) {
		f := random(t, seed)
		for _, o := range []kerbside.DraftOptions{{Audience: kerbside.AudienceCaseRecord}, {Audience: kerbside.AudienceChronology}, {Audience: kerbside.AudienceFamily}, {Audience: kerbside.AudienceFamily, For: "p1"},
			{Audience: kerbside.AudienceFamily, For: "p3"}, {Audience: kerbside.AudiencePartner}, {Audience: kerbside.AudienceSupervisor}, {Audience: kerbside.AudienceCourt}} {
			got := f.draft(d, o)
			verify(t, f, got)
			checkAccount(t, f, got, o)
			if t.Failed() {
				t.Fatalf("seed %d, %s for %q", seed, o.Audience, o.For)
			}
		}
	}
}

// checkAccount checks that each item is shown, withheld, omitted or not meant for the draft, and that what may not be seen is nowhere in it.
func checkAccount(t *testing.T, f *family, d *kerbside.Draft, o kerbside.DraftOptions) {
	t.Helper()
	out := marshalled(t, d)
	shown := map[string]string{}
	for _, s := range d.Sentences {
		for _, id := range s.Items() {
			shown[id] = s.Text()
		}
	}
	for _, x := range f.r.Sensitive { // words that nobody classified as an item are secret too
		closed := map[kerbside.Audience][]string{kerbside.AudienceFamily: {"third_party", "informant", "address", "police", "other_child", "restricted", "something_new"}, kerbside.AudiencePartner: {"third_party", "informant", "address", "intimate", "police", "other_child", "something_new"},
			kerbside.AudienceCourt: {"informant", "address", "police", "other_child", "restricted", "something_new"}, kerbside.AudienceChronology: {"restricted", "informant", "address", "other_child", "something_new"}}[o.Audience]
		if slices.Contains(closed, x.Kind) && strings.Contains(out, unique(x.Evidence[0].Quote)) {
			t.Errorf("words marked as %s are in the draft: %q", x.Kind, x.Evidence[0].Quote)
		}
	}
	for _, c := range claims(f.r) {
		withheld := slices.ContainsFunc(d.Withheld, func(w kerbside.Withheld) bool { return w.Item == c.id })
		omitted := slices.ContainsFunc(d.Omissions, func(o kerbside.Omission) bool { return o.Item == c.id })
		_, in := shown[c.id]
		if c.standing == kerbside.Proposed || c.standing == kerbside.Rejected {
			if in || withheld || omitted {
				t.Errorf("a %s %s counts", c.standing, c.kind)
			}
			continue
		}
		if in && withheld || in && omitted {
			t.Errorf("%s %q is both in the draft and not", c.kind, c.quote)
		}
		everything := o.Audience == kerbside.AudienceCaseRecord || o.Audience == kerbside.AudienceCourt
		if everything && !in && !withheld && !omitted {
			t.Errorf("%s %q is lost", c.kind, c.quote)
		}
		forbidden := (o.Audience == kerbside.AudienceFamily || o.Audience == kerbside.AudiencePartner) && (c.unclear || len(c.sensitivity) > 0 && c.sensitivity[0] != "health")
		if forbidden && !withheld {
			t.Errorf("%s %q is not withheld", c.kind, c.quote)
		}
		if withheld && strings.Contains(out, unique(c.quote)) {
			t.Errorf("withheld %s %q is in the draft", c.kind, c.quote)
		}
		if lower := strings.ToLower(shown[c.id]); in && c.polarity == kerbside.Uncertain && !strings.Contains(lower, "may") && !strings.Contains(lower, "think") && !strings.Contains(lower, "certain") {
			t.Errorf("doubt is lost in %q", shown[c.id])
		}
		for _, no := range []string{"not ", "never", "no zq", "denied"} {
			if in && strings.Contains(c.quote, no) && !strings.Contains(strings.ToLower(shown[c.id]), strings.TrimSpace(no)) {
				t.Errorf("%q lost its %q in %q", c.quote, no, shown[c.id])
			}
		}
	}
}

func FuzzDictation(f *testing.F) {
	f.Add("Mia said, “I am fine.” No marks.", uint8(2), uint8(3), uint8(0))
	f.Add("um um", uint8(0), uint8(1), uint8(7))
	f.Add("\uE0000\uE001 ## {{.}} %s %d “ ”", uint8(1), uint8(4), uint8(3))
	d := newDrafter(f)
	f.Fuzz(func(t *testing.T, text string, first, length, what uint8) {
		tr, err := kerbside.TypedTranscript(text)
		if err != nil || len(tr.Words) == 0 {
			return
		}
		fam := newFamily(t, text)
		a := int(first) % len(fam.src.Words)
		e := fam.src.Evidence(a, min(a+int(length), len(fam.src.Words)-1))
		kinds := []string{kerbside.Observed, kerbside.ChildSaid, kerbside.AdultSaid, kerbside.WorkerOpinion}
		fam.r.Attendees = append(fam.r.Attendees, kerbside.Attendee{ID: "p1", Name: e.Quote, Role: "child", Presence: kerbside.Present, Evidence: []kerbside.Evidence{e}})
		fam.r.Visit.Place = kerbside.Fact{Value: e.Quote, Evidence: []kerbside.Evidence{e}}
		fam.r.Risks = append(fam.r.Risks, kerbside.Risk{ID: "r-1", Text: e.Quote, About: ids("p1"), Polarity: kerbside.Uncertain, Temporality: kerbside.Historical, Attribution: by(kinds[what%4], e.Quote, e.Quote, e.Quote), Standing: kerbside.Found, Evidence: []kerbside.Evidence{e}})
		fam.r.ChildVoice = append(fam.r.ChildVoice, kerbside.ChildVoice{ID: "v-1", Child: e.Quote, Person: "p1", Quote: e.Quote, Mode: []string{kerbside.VoiceDirect, kerbside.VoiceParaphrase, kerbside.VoiceNonverbal}[what%3], Standing: kerbside.Found, Evidence: []kerbside.Evidence{e}})
		fam.r.Actions = append(fam.r.Actions, kerbside.Action{ID: "a-1", Text: e.Quote, Owner: e.Quote, Due: kerbside.Due{Text: e.Quote}, About: ids("p1"), Standing: kerbside.Found, Evidence: []kerbside.Evidence{e}})
		for _, audience := range kerbside.Audiences() {
			got := fam.draft(d, kerbside.DraftOptions{Audience: audience})
			verify(t, fam, got)
			for _, format := range kerbside.Formats() {
				var b strings.Builder
				if err := (export.Exporter{}).Export(&b, got, kerbside.ExportOptions{Format: format, Citations: true, Record: fam.r}); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// BenchmarkAll composes all six drafts of a dictation of about 1,500 words.
func BenchmarkAll(b *testing.B) {
	d := newDrafter(b)
	one := siblings(b)
	big := newFamily(b, strings.Repeat(one.src.Text+" ", 7))
	per := len(one.src.Words)
	move := func(list []kerbside.Evidence, n int) []kerbside.Evidence {
		var out []kerbside.Evidence
		for _, e := range list {
			first, last, err := one.src.Range(e)
			if err != nil {
				b.Fatal(err)
			}
			out = append(out, big.src.Evidence(first+n*per, last+n*per))
		}
		return out
	}
	big.r.Visit, big.r.Source, big.r.Missing = one.r.Visit, one.r.Source, one.r.Missing
	for _, a := range one.r.Attendees {
		a.Evidence = move(a.Evidence, 0)
		big.r.Attendees = append(big.r.Attendees, a)
	}
	for _, c := range one.r.Children {
		c.ChildSeen.Evidence, c.SeenAlone.Evidence, c.BedroomSeen.Evidence = move(c.ChildSeen.Evidence, 0), move(c.SeenAlone.Evidence, 0), move(c.BedroomSeen.Evidence, 0)
		big.r.Children = append(big.r.Children, c)
	}
	for n := range 7 {
		id := fmt.Sprintf("-%d", n)
		for _, x := range one.r.Risks {
			x.Evidence, x.ID = move(x.Evidence, n), x.ID+id
			big.r.Risks = append(big.r.Risks, x)
		}
		for _, x := range one.r.Strengths {
			x.Evidence, x.ID = move(x.Evidence, n), x.ID+id
			big.r.Strengths = append(big.r.Strengths, x)
		}
		for _, x := range one.r.Actions {
			x.Evidence, x.ID = move(x.Evidence, n), x.ID+id
			big.r.Actions = append(big.r.Actions, x)
		}
		for _, x := range one.r.ChildVoice {
			x.Evidence, x.ID = move(x.Evidence, n), x.ID+id
			big.r.ChildVoice = append(big.r.ChildVoice, x)
		}
	}
	var six []kerbside.DraftOptions
	for _, a := range kerbside.Audiences() {
		six = append(six, kerbside.DraftOptions{Audience: a})
	}
	b.ReportMetric(float64(len(big.src.Words)), "words")
	for b.Loop() {
		if _, err := d.All(b.Context(), big.r, []*kerbside.Source{big.src}, six); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/six")
}

// Drafts made side by side are those made one by one.
func TestAll(t *testing.T) {
	d := newDrafter(t)
	f := siblings(t)
	var six []kerbside.DraftOptions
	for range 4 {
		for _, a := range kerbside.Audiences() {
			six = append(six, kerbside.DraftOptions{Audience: a})
		}
	}
	all, err := d.All(t.Context(), f.r, []*kerbside.Source{f.src}, six)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range six {
		if marshalled(t, all[i]) != marshalled(t, f.draft(d, o)) {
			t.Errorf("%s differs", o.Audience)
		}
	}
	if _, err := d.All(t.Context(), f.r, nil, []kerbside.DraftOptions{{Audience: "press"}}); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Error(err)
	}
}
