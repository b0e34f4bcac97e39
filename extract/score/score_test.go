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

// goldText is a case that loads; tests change one thing in it.
const goldText = `{"id": "a", "visit_date": "2026-05-04", "text": "Secret words. They said no. I will ring school.", "gold": {
 "visit": {"date": ["", "2026-05-04"], "time": "", "type": "other", "announced": "not_stated", "child_seen": "yes", "seen_alone": ["yes", "no"], "bedroom_seen": "no", "next_visit": ""},
 "attendees": [{"name": "", "role": "mother", "presence": "present", "aliases": ["mum"]}],
 "risks": [{"quote": "Secret words", "polarity": "affirmed", "temporality": "current", "attribution": "observed"}],
 "strengths": [{"quote": "They said no", "polarity": "negated", "attribution": "child_said"}],
 "actions": [{"quote": "I will ring school", "owner": "", "due": "", "status": "planned"}],
 "child_voice": [{"child": ["Ada", "Ben"], "quote": "They said no"}],
 "optional": [{"kind": "risk", "quote": "They said no"}, {"kind": "attendee", "quote": "school"}],
 "traps": ["a note"]}, "note": "ours"}`

func loadText(t *testing.T, files map[string]string) ([]score.Case, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return score.Load(dir)
}

// TestLoadRefuses: a case whose gold nothing could match is named with the field, and no word of it is in the message.
func TestLoadRefuses(t *testing.T) {
	if cases, err := loadText(t, map[string]string{"a.json": goldText, "b.txt": "{"}); err != nil || len(cases) != 1 || len(cases[0].Gold.ChildVoice[0].Child) != 2 || cases[0].Gold.Actions[0].Due[0] != "" {
		t.Fatalf("what is right: %v", err)
	}
	for _, c := range [][3]string{ // what is changed, to what, what is said
		{`"note": "ours"}`, `"note": "ours"`, "it is not JSON, near line 9"},
		{"Secret words.", "Secret\xff words.", "it is not UTF-8"},
		{`{"id": "a"`, `{"id": 5`, "id is not a string"},
		{`{"id": "a"`, `{"id": "b/a"`, "its id does not do"},
		{`{"id": "a"`, `{"id": ".."`, "its id does not do"},
		{`{"id": "a"`, `{"ID": "a"`, "it lacks id"},
		{`"visit_date": "2026-05-04"`, `"visit_date": "03/03/2026"`, "visit_date is no date such as 2026-03-03"},
		{`"visit_date": "2026-05-04"`, `"visit_date": "2026-02-30"`, "visit_date is no date"},
		{`"visit_date": "2026-05-04"`, `"visit_date": ["2026-05-04"]`, "visit_date is not a string"},
		{`"visit_date": "2026-05-04", `, ``, "it lacks visit_date"},
		{`"text": "Secret words. They said no. I will ring school."`, `"text": ""`, "it lacks text"},
		{`"gold"`, `"golden"`, "gold is not an object"},
		{`"date": ["", "2026-05-04"]`, `"date": "secret March 2026"`, "date of gold.visit is no date"},
		{`"date": ["", "2026-05-04"]`, `"date": ["", "secret"]`, "date of gold.visit is no date"},
		{`"date": ["", "2026-05-04"]`, `"date": []`, "date of gold.visit accepts nothing"},
		{`"date": ["", "2026-05-04"], `, ``, "gold.visit lacks date"},
		{`"time": ""`, `"time": "9:30"`, "time of gold.visit is no time such as 16:00"},
		{`"type": "other"`, `"type": ""`, "type of gold.visit is none of statutory_child_protection"},
		{`["yes", "no"]`, `"Yes"`, "seen_alone of gold.visit is none of yes, no, not_stated"},
		{`["yes", "no"]`, `["yes", "secret"]`, "seen_alone of gold.visit is none of yes, no, not_stated"},
		{`["yes", "no"]`, `true`, "seen_alone of gold.visit is neither a string nor a list of strings"},
		{`"bedroom_seen": "no"`, `"bedroom_seen": null`, "bedroom_seen of gold.visit is neither"},
		{`"traps"`, `"secrets"`, "gold has a key that is none of visit, attendees,"},
		{`"strengths": [`, `"strength": [`, "gold lacks strengths"},
		{`[{"quote": "They said no", "polarity": "negated", "attribution": "child_said"}]`, `null`, "gold.strengths is not a list"},
		{`[{"quote": "They said no", "polarity": "negated", "attribution": "child_said"}]`, `["secret"]`, "number 1 of gold.strengths is not an object"},
		{`"polarity": "affirmed"`, `"polarity": "denied"`, "polarity 1 of gold.risks is none of affirmed, negated, uncertain"},
		{`"polarity": "affirmed", `, ``, "number 1 of gold.risks lacks polarity"},
		{`"current"`, `"now"`, "temporality 1 of gold.risks is none of current,"},
		{`"observed"`, `"secret"`, "attribution 1 of gold.risks is none of observed,"},
		{`"quote": "Secret words"`, `"quote": "secret lives"`, "quote 1 of gold.risks is not in the text"},
		{`"quote": "Secret words"`, `"quote": ["Secret words"]`, "quote 1 of gold.risks is not a string"},
		{`"quote": "Secret words"`, `"quote": ""`, "quote 1 of gold.risks is not in the text"},
		{`"presence": "present"`, `"presence": "here"`, "presence 1 of gold.attendees is none of present, absent, mentioned"},
		{`"role": "mother"`, `"role": ""`, "number 1 of gold.attendees has neither name nor role"},
		{`"aliases": ["mum"]`, `"aliases": "mum"`, "aliases 1 of gold.attendees is not a list of strings"},
		{`"owner": ""`, `"owner": {}`, "owner 1 of gold.actions is neither"},
		{`"due": ""`, `"due": "Friday"`, "due 1 of gold.actions is no date"},
		{`"status": "planned"`, `"status": "will do"`, "status 1 of gold.actions is none of planned, agreed, done"},
		{`"child": ["Ada", "Ben"], `, ``, "number 1 of gold.child_voice lacks child"},
		{`"kind": "risk"`, `"kind": "risks"`, "kind 1 of gold.optional is none of risk,"},
		{`"kind": "risk"`, `"kind": ["risk"]`, "kind 1 of gold.optional is not a string"},
		{`"kind": "risk", "quote": "They said no"`, `"kind": "risk", "quote": "secret lives"`, "quote 1 of gold.optional is not in the text"},
		{`"quote": "school"`, `"quote": ""`, "quote 2 of gold.optional names nobody"},
	} {
		text := strings.Replace(goldText, c[0], c[1], 1)
		if text == goldText {
			t.Fatalf("%s is not there", c[0])
		}
		_, err := loadText(t, map[string]string{"a.json": text})
		if kerbside.CodeOf(err) != kerbside.CodeInvalid || !strings.Contains(kerbside.MessageOf(err), `a.json" is not a case: `+c[2]) || strings.Contains(strings.ToLower(err.Error()), "secret") {
			t.Errorf("%s: %v", c[1], err)
		}
	}
	for _, text := range []string{"", "[]", "null", "{}"} {
		if _, err := loadText(t, map[string]string{"a.json": text}); kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Errorf("%q: %v", text, err)
		}
	}
	// What the reference takes as well.
	for _, left := range []string{` "attendees": [{"name": "", "role": "mother", "presence": "present", "aliases": ["mum"]}],`, `"name": "", `, `, "aliases": ["mum"]`, "\n" + ` "optional": [{"kind": "risk", "quote": "They said no"}, {"kind": "attendee", "quote": "school"}],`} {
		if text := strings.Replace(goldText, left, "", 1); text == goldText {
			t.Fatalf("%s is not there", left)
		} else if _, err := loadText(t, map[string]string{"a.json": text}); err != nil {
			t.Errorf("without %s: %v", left, err)
		}
	}
	if _, err := loadText(t, map[string]string{"a.json": goldText, "b.json": goldText}); kerbside.CodeOf(err) != kerbside.CodeInvalid || !strings.Contains(kerbside.MessageOf(err), `b.json" is not a case: its id is that of "a.json" too`) {
		t.Errorf("two cases of one id: %v", err)
	}
	dir := t.TempDir()
	if _, err := score.Load(dir); kerbside.CodeOf(err) != kerbside.CodeNotFound || !strings.Contains(kerbside.MessageOf(err), "There are no cases (*.json)") {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := score.Load(filepath.Join(dir, "none")); kerbside.CodeOf(err) != kerbside.CodeNotFound || !strings.Contains(kerbside.MessageOf(err), "There is no folder") {
		t.Errorf("no folder: %v", err)
	}
	file := filepath.Join(dir, "a.json")
	if err := os.WriteFile(file, []byte(goldText), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := score.Load(file); kerbside.CodeOf(err) != kerbside.CodeInvalid || !strings.Contains(kerbside.MessageOf(err), "is not a folder") {
		t.Errorf("a file: %v", err)
	}
}

// TestLoadAll: every case that comes with Kerbside has the form.
func TestLoadAll(t *testing.T) {
	for _, dir := range []string{own, "../testdata/dictations", "../testdata/cases/open", "../testdata/cases/held"} {
		load(t, dir)
	}
	if _, err := os.Stat(dev); err == nil {
		load(t, dev)
	}
}
