package score_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"kerbside"
	"kerbside/extract"
	"kerbside/extract/score"
)

var update = flag.Bool("update", false, "make testdata/predictions and testdata/expected.json anew, with the reference")

// The reference and the cases that came with it. Where they are not, the figures are held to stored ones that the reference made.
const (
	reference = "../../../shared/eval/score.py"
	dev       = "../../../shared/eval/dev"
	own       = "testdata/cases"
)

func load(t testing.TB, dir string) []score.Case {
	t.Helper()
	cases, err := score.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// records is what the rules make of cases, with as many faults as rnd puts in; nil for none.
func records(t testing.TB, cases []score.Case, rnd *rand.Rand) map[string]*kerbside.Record {
	t.Helper()
	x, err := extract.NewRules(extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*kerbside.Record{}
	for _, c := range cases {
		tr, err := kerbside.TypedTranscript(c.Text)
		if err != nil {
			t.Fatal(err)
		}
		r, err := x.Extract(context.Background(), []*kerbside.Source{kerbside.NewSource(tr)}, kerbside.ExtractOptions{VisitDate: c.VisitDate, HintFrom: "option"})
		if err != nil {
			t.Fatal(err)
		}
		if rnd != nil {
			spoil(rnd, r, c.Text)
		}
		out[c.ID] = r
	}
	return out
}

// spoil puts faults of every kind that is counted into a record.
func spoil(rnd *rand.Rand, r *kerbside.Record, text string) {
	pick := func(list ...string) string { return list[rnd.Intn(len(list))] }
	now := func() bool { return rnd.Intn(3) == 0 }
	proof := func(list *kerbside.List[kerbside.Evidence]) {
		e := append(kerbside.List[kerbside.Evidence]{}, *list...)
		if len(e) == 0 {
			return
		}
		switch rnd.Intn(10) {
		case 0:
			e = nil
		case 1:
			e[0].Quote = "nobody said this"
		case 2:
			e[0].StartChar += 3
		case 3, 4: // words further on
			runes := []rune(text)
			e[0].StartChar = min(len(runes)-1, e[0].StartChar+rnd.Intn(40))
			e[0].EndChar = min(len(runes), e[0].StartChar+1+rnd.Intn(60))
			e[0].Quote = string(runes[e[0].StartChar:e[0].EndChar])
		}
		*list = e
	}
	say := func(s *string) {
		if now() {
			*s += pick(" Dwayne", " seven", " twenty-three", " on 2031-01-01", " O'Neil-Smith", ". Then Zoë left", " at 03:45", " McÉvoy", " 007")
		}
	}
	for i := range r.Risks {
		x := &r.Risks[i]
		x.Polarity, x.Temporality, x.Attribution.Kind = pick(x.Polarity, "affirmed", "negated", "uncertain"), pick(x.Temporality, "historical"), pick(x.Attribution.Kind, "observed", "adult_said")
		say(&x.Text)
		proof(&x.Evidence)
	}
	for i := range r.Strengths {
		x := &r.Strengths[i]
		x.Attribution.Kind = pick(x.Attribution.Kind, "observed")
		say(&x.Text)
		proof(&x.Evidence)
	}
	for i := range r.Actions {
		x := &r.Actions[i]
		x.Owner, x.Status, x.Due.Date = pick(x.Owner, "I", "Mum", "p1", "the social worker", "", "GP"), pick(x.Status, "done"), pick(x.Due.Date, "", "2026-05-15")
		say(&x.Text)
		proof(&x.Evidence)
	}
	for i := range r.ChildVoice {
		say(&r.ChildVoice[i].Quote)
		proof(&r.ChildVoice[i].Evidence)
	}
	for i := range r.Attendees {
		x := &r.Attendees[i]
		x.Name, x.Role, x.Presence = pick(x.Name, x.Name, "", "Mrs "+x.Name, "Zebedee"), pick(x.Role, x.Role, "mum", "step-"+x.Role, "child"), pick(x.Presence, "present")
		proof(&x.Evidence)
	}
	if len(r.Risks) > 1 && now() {
		r.Risks = append(r.Risks[1:], r.Risks[len(r.Risks)-1])
	}
	if len(r.Actions) > 0 && now() {
		r.Actions = r.Actions[:len(r.Actions)-1]
	}
	v := &r.Visit
	for _, f := range []*kerbside.Fact{&v.ChildSeen, &v.BedroomSeen, &v.Announced} {
		f.Value = pick(f.Value, "yes", "not_stated")
	}
	v.SeenAlone.Value = pick(v.SeenAlone.Value, "yes")
	v.Date.Value, v.Time.Value, v.NextVisit.Value = pick(v.Date.Value, "", "not_stated"), pick(v.Time.Value, "23:11"), pick(v.NextVisit.Value, "2026-01-01")
}

func asJSON(t testing.TB, v any) map[string]any {
	t.Helper()
	b, ok := v.([]byte)
	if !ok {
		var err error
		if b, err = json.Marshal(v); err != nil {
			t.Fatal(err)
		}
	}
	var out map[string]any
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// figuresOf are a report's figures; the faults of single cases are told of in other words than the reference uses.
func figuresOf(t testing.TB, r score.Report) map[string]any {
	t.Helper()
	r.Details = nil
	return asJSON(t, r)
}

func keep(t testing.TB, dir string, list map[string]*kerbside.Record) {
	t.Helper()
	for id, r := range list {
		b, err := json.MarshalIndent(r, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, id+".json"), append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func python(t testing.TB, args ...string) []byte {
	t.Helper()
	var complaint bytes.Buffer
	c := exec.Command("python3", append([]string{reference}, args...)...)
	c.Stderr = &complaint
	out, err := c.Output()
	if err != nil {
		t.Fatalf("score.py: %v: %s", err, complaint.String())
	}
	return out
}

// TestAgainstStored holds the figures to those that the reference gave for stored records with faults in them.
func TestAgainstStored(t *testing.T) {
	cases := load(t, own)
	if *update {
		if err := os.MkdirAll("testdata/predictions", 0o755); err != nil {
			t.Fatal(err)
		}
		keep(t, "testdata/predictions", records(t, cases, rand.New(rand.NewSource(3))))
		if err := os.WriteFile("testdata/expected.json", python(t, own, "testdata/predictions", "--json"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]*kerbside.Record{}
	for _, c := range cases {
		b, err := os.ReadFile(filepath.Join("testdata/predictions", c.ID+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var r kerbside.Record
		if err := json.Unmarshal(b, &r); err != nil {
			t.Fatal(err)
		}
		got[c.ID] = &r
	}
	b, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	compare(t, figuresOf(t, score.Score(cases, got)), asJSON(t, b))
}

func compare(t testing.TB, got, want map[string]any) {
	t.Helper()
	for key := range want {
		if !reflect.DeepEqual(got[key], want[key]) {
			a, _ := json.Marshal(got[key])
			b, _ := json.Marshal(want[key])
			t.Errorf("%s:\n %s, the reference has\n %s", key, a, b)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d figures, the reference has %d", len(got), len(want))
	}
}

// TestAgainstReference runs score.py on the same records, right ones and spoilt ones, over our own cases and the development cases.
func TestAgainstReference(t *testing.T) {
	if _, err := os.Stat(reference); err != nil {
		fmt.Fprintln(os.Stderr, "NOTE: score.py is not beside this checkout. The scorer was compared with the figures that it gave for testdata/, and with nothing else.")
		return
	}
	for _, dir := range []string{own, "../testdata/dictations", dev} {
		cases := load(t, dir)
		for seed := range 4 {
			var rnd *rand.Rand
			if seed > 0 {
				rnd = rand.New(rand.NewSource(int64(seed)))
			}
			got := records(t, cases, rnd)
			if seed == 2 {
				delete(got, cases[0].ID)
			}
			folder := t.TempDir()
			keep(t, folder, got)
			report := score.Score(cases, got)
			compare(t, figuresOf(t, report), asJSON(t, python(t, dir, folder, "--json")))
			if seed == 1 && report.Table() != string(python(t, dir, folder)) {
				t.Errorf("%s, seed %d: the table differs", dir, seed)
			}
			if t.Failed() {
				t.Fatalf("%s, seed %d", dir, seed)
			}
		}
	}
}

// TestScoreBites holds that the figures move: the gold's own record is perfect, and each fault shows where it belongs.
func TestScoreBites(t *testing.T) {
	cases := load(t, own)[:1]
	score1 := func(change func(*kerbside.Record)) score.Report {
		r := perfect(t, cases[0])
		change(r)
		return score.Score(cases, map[string]*kerbside.Record{cases[0].ID: r})
	}
	r := score1(func(*kerbside.Record) {})
	for name, g := range r.Groups {
		if g.F1 == nil || *g.F1 != 1 {
			t.Errorf("%s of the gold itself: %+v", name, g)
		}
	}
	r = score1(func(r *kerbside.Record) {
		r.Risks[1].Polarity, r.Visit.SeenAlone.Value, r.Actions[0].Text = kerbside.Affirmed, kerbside.Yes, "ring Dwayne 7 times"
	})
	if r.Safety["not_affirmed_as_affirmed"] != (score.Count{Count: 1, N: 2}) || r.Accuracy["risks.polarity"].Right != 2 || r.Faithfulness["names_not_in_text"] != 1 || r.Faithfulness["numbers_not_in_text"] != 1 {
		t.Errorf("%+v", r)
	}
	if r = score.Score(cases, nil); r.Missing != 1 || *r.Groups["risks"].Recall != 0 || r.Groups["risks"].Precision != nil {
		t.Errorf("nothing predicted: %+v", r.Groups)
	}
}

// perfect is the record that a case's gold stands for.
func perfect(t testing.TB, c score.Case) *kerbside.Record {
	t.Helper()
	proof := func(quote string) kerbside.List[kerbside.Evidence] {
		at := strings.Index(c.Text, quote)
		start := len([]rune(c.Text[:at]))
		return kerbside.List[kerbside.Evidence]{{Quote: quote, StartChar: start, EndChar: start + len([]rune(quote))}}
	}
	r := &kerbside.Record{}
	for _, x := range c.Gold.Risks {
		r.Risks = append(r.Risks, kerbside.Risk{Text: x.Quote, Polarity: x.Polarity[0], Temporality: x.Temporality[0], Attribution: kerbside.Attribution{Kind: x.Attribution[0]}, Evidence: proof(x.Quote)})
	}
	for _, x := range c.Gold.Strengths {
		r.Strengths = append(r.Strengths, kerbside.Strength{Text: x.Quote, Attribution: kerbside.Attribution{Kind: x.Attribution[0]}, Evidence: proof(x.Quote)})
	}
	for _, x := range c.Gold.Actions {
		r.Actions = append(r.Actions, kerbside.Action{Text: x.Quote, Owner: x.Owner[0], Status: x.Status[0], Due: kerbside.Due{Date: x.Due[0]}, Evidence: proof(x.Quote)})
	}
	for _, x := range c.Gold.ChildVoice {
		r.ChildVoice = append(r.ChildVoice, kerbside.ChildVoice{Quote: x.Quote, Child: x.Child[0], Evidence: proof(x.Quote)})
	}
	for _, x := range c.Gold.Attendees {
		r.Attendees = append(r.Attendees, kerbside.Attendee{Name: x.Name, Role: x.Role, Presence: x.Presence[0], Evidence: proof(c.Text)})
	}
	return r
}

func TestPlain(t *testing.T) {
	c := score.Case{ID: "x", Text: "Mum's 34, and — well — Kai said: \"I'm OK at 4.30!\" Yes.", Gold: score.Gold{Risks: []score.Item{{Quote: "and — well — Kai said"}, {Quote: "I'm OK at 4.30!"}}, Optional: []score.Optional{{Kind: "attendee", Quote: "Kai P."}, {Kind: "risk", Quote: "Yes"}}}}
	p := score.Plain(c)
	if p.Text != "mum's 34 and well kai said i'm ok at 4.30 yes" {
		t.Errorf("%q", p.Text)
	}
	if p.Gold.Risks[0].Quote != "and well kai said" || p.Gold.Risks[1].Quote != "i'm ok at 4.30" || p.Gold.Optional[0].Quote != "Kai P." || p.Gold.Optional[1].Quote != "yes" || c.Gold.Risks[0].Quote != "and — well — Kai said" {
		t.Errorf("%+v", p.Gold)
	}
	for _, c := range load(t, own) {
		p := score.Plain(c)
		for _, x := range p.Gold.Risks {
			if !strings.Contains(p.Text, x.Quote) || x.Quote == "" {
				t.Errorf("%s: %q is not in the plain text", c.ID, x.Quote)
			}
		}
	}
}

func TestHeard(t *testing.T) {
	c := score.Case{ID: "x", Text: "Mum was in. Dad, Lee, has not been drinking. Maisie hid under the bed. I will ring school.", Gold: score.Gold{
		Risks:   []score.Item{{Quote: "Dad, Lee, has not been drinking"}, {Quote: "Maisie hid under the bed"}},
		Actions: []score.Item{{Quote: "I will ring school"}}}}
	heard, err := kerbside.TypedTranscript("Mum was in Dadley could not be drinking. Mazee hid under the, uh, bed.")
	if err != nil {
		t.Fatal(err)
	}
	h := score.Heard(c, heard)
	var got []string
	for _, x := range append(append([]score.Item{}, h.Gold.Risks...), h.Gold.Actions...) {
		got = append(got, x.Quote)
	}
	if want := []string{"Dadley could not be drinking.", "Mazee hid under the, uh, bed.", ""}; !reflect.DeepEqual(got, want) || score.Lost(h) != 1 || h.Text != heard.Text {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"not JSON": "{", "no text": `{"id": "a"}`, "no visit": `{"id": "a", "text": "b"}`,
		"a quote from elsewhere": `{"id": "a", "text": "b", "gold": {"visit": {"date": "", "time": "", "type": "", "announced": "", "child_seen": "", "seen_alone": "", "bedroom_seen": "", "next_visit": ""}, "risks": [{"quote": "secret words"}]}}`,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := score.Load(dir); kerbside.CodeOf(err) != kerbside.CodeInvalid || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
	both := t.TempDir()
	if err := os.WriteFile(filepath.Join(both, "own-1.json"), []byte(`{"id": "own-1", "visit_date": "2026-05-04", "text": "They said no.", "gold": {"visit": {"date": "", "time": "", "type": "", "announced": "", "child_seen": "", "seen_alone": "", "bedroom_seen": "", "next_visit": ""}, "child_voice": [{"child": ["Ada", "Ben"], "quote": "They said no"}]}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if cases, err := score.Load(both); err != nil || len(cases[0].Gold.ChildVoice[0].Child) != 2 {
		t.Errorf("words of two children: %v", err)
	}
	if _, err := score.Load(t.TempDir()); kerbside.CodeOf(err) != kerbside.CodeNotFound {
		t.Errorf("an empty folder: %v", err)
	}
}
