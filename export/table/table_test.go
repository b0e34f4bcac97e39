package table_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"kerbside"
	"kerbside/export/page"
	"kerbside/export/table"
)

func profile(t testing.TB, name string) *table.Profile {
	t.Helper()
	all, err := table.Profiles("")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no profile %s", name)
	return nil
}

// visit is a visit to two children: one seen alone, one of whom little was said.
func visit(kind string) *kerbside.Dossier {
	e := kerbside.List[kerbside.Evidence]{{Quote: "seen"}}
	fact := func(v string) kerbside.Fact { return kerbside.Fact{Value: v, Evidence: e} }
	r := &kerbside.Record{Source: kerbside.RecordSource{Transcripts: []string{"t-" + kind}}}
	r.Visit.Date, r.Visit.Type, r.Visit.Mode, r.Visit.Outcome = fact("2026-03-03"), fact(kind), fact(kerbside.ModeInPerson), fact(kerbside.OutcomeCompleted)
	r.Attendees = []kerbside.Attendee{{ID: "p1", Name: "Zoë", Role: "child"}, {ID: "p2", Name: "Max", Role: "child"}}
	r.Children = []kerbside.ChildFacts{
		{Person: "p1", ChildSeen: fact(kerbside.Yes), SeenAlone: kerbside.ReasonedFact{Value: kerbside.No, Reason: "she was asleep"}, BedroomSeen: fact(kerbside.NotStated)},
		{Person: "p2", ChildSeen: fact(""), SeenAlone: kerbside.ReasonedFact{Value: kerbside.NotStated}, BedroomSeen: fact(kerbside.No)},
	}
	return &kerbside.Dossier{Record: r, At: time.Date(2026, 3, 3, 18, 0, 0, 0, time.UTC)}
}

func rows(t testing.TB, p *table.Profile, visits ...*kerbside.Dossier) [][]string {
	t.Helper()
	out, err := table.Write(p, visits)
	if err != nil {
		t.Fatal(err)
	}
	body := bytes.TrimPrefix(out.Body, []byte("\ufeff"))
	if bytes.Contains(bytes.ReplaceAll(body, []byte("\r\n"), nil), []byte("\r")) || !bytes.HasSuffix(body, []byte("\r\n")) {
		t.Errorf("lines do not end as RFC 4180 has it: %q", body)
	}
	all, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(all)-1 != out.Rows {
		t.Errorf("%d rows, said to be %d", len(all)-1, out.Rows)
	}
	return all
}

func TestSSD(t *testing.T) {
	cin, cp, cla := visit(kerbside.VisitChildInNeed), visit(kerbside.VisitChildProtection), visit(kerbside.VisitLookedAfter)
	cp.Plans = map[kerbside.PersonID]string{"Zoë": "CP-7"}
	all := []*kerbside.Dossier{cin, cp, cla, visit(kerbside.VisitAssessment)}
	for _, change := range []func(*kerbside.VisitFacts){
		func(v *kerbside.VisitFacts) { v.Mode.Value = kerbside.ModePhone }, func(v *kerbside.VisitFacts) { v.Mode.Value = "" }, func(v *kerbside.VisitFacts) { v.Mode.Value = kerbside.ModeVideo },
		func(v *kerbside.VisitFacts) { v.Outcome.Value = kerbside.OutcomeNoAccess }, func(v *kerbside.VisitFacts) { v.Outcome.Value = kerbside.OutcomeCancelled }, func(v *kerbside.VisitFacts) { v.Outcome.Value = "" },
	} {
		d := visit(kerbside.VisitChildProtection)
		d.Record.Source.Transcripts = []string{fmt.Sprint("t-left-", len(all))}
		change(&d.Record.Visit)
		all = append(all, d)
	}
	for name, want := range map[string]struct {
		header []string
		rows   [][]string
	}{
		"ssd_cin_visits": {strings.Split("cinv_cin_visit_id cinv_cin_plan_id cinv_cin_visit_date cinv_cin_visit_seen cinv_cin_visit_seen_alone cinv_cin_visit_bedroom", " "), [][]string{{"ID", "", "2026-03-03", "Y", "N", ""}, {"ID", "", "2026-03-03", "", "", "N"}}},
		"ssd_cp_visits":  {strings.Split("cppv_cp_plan_id cppv_cp_visit_id cppv_cp_visit_date cppv_cp_visit_seen cppv_cp_visit_seen_alone cppv_cp_visit_bedroom", " "), [][]string{{"CP-7", "ID", "2026-03-03", "Y", "N", ""}, {"", "ID", "2026-03-03", "", "", "N"}}},
		"ssd_cla_visits": {strings.Split("clav_cla_visit_id clav_cla_visit_date clav_cla_visit_seen clav_cla_visit_seen_alone", " "), [][]string{{"ID", "2026-03-03", "Y", "N"}, {"ID", "2026-03-03", "", ""}}},
	} {
		got := rows(t, profile(t, name), all...)
		again := rows(t, profile(t, name), all...)
		ids := map[string]bool{}
		for i := range got {
			if !slices.Equal(got[i], again[i]) {
				t.Errorf("%s: row %d differs the second time", name, i)
			}
			for k, v := range got[i] {
				if strings.HasPrefix(v, "cv-") {
					ids[v] = true
					got[i][k] = "ID"
				}
			}
		}
		if len(ids) != 2 || !slices.Equal(got[0], want.header) || fmt.Sprint(got[1:]) != fmt.Sprint(want.rows) {
			t.Errorf("%s: %v, ids %v", name, got, ids)
		}
	}
	out, err := table.Write(profile(t, "ssd_cp_visits"), all)
	if err != nil || len(out.Visits) != 1 || out.Visits[table.VisitID(cp)] != 2 {
		t.Errorf("rows of visits: %v %v", out.Visits, err)
	}
}

// The day that was neither said nor given is not made up from the recording's own.
func TestDayOfVisit(t *testing.T) {
	for from, want := range map[string]string{"option": "2026-03-02", "visit": "2026-03-02", "recording": "", "": ""} {
		d := visit(kerbside.VisitLookedAfter)
		d.Record.Visit.Date, d.Record.Source.VisitDateHint, d.Record.Source.HintFrom = kerbside.Fact{}, "2026-03-02", from
		if got := rows(t, profile(t, "ssd_cla_visits"), d)[1][1]; got != want {
			t.Errorf("from %q: %q", from, got)
		}
	}
}

var formulas = []string{"=1+1", "+44 1632 960001 call", "-2+3", "@SUM(A1)", "\t=1", "  =cmd|' /C calc'!A0", "＝1", "＋1", "\r=1", "=HYPERLINK(\"http://x\")"}

func TestFormulas(t *testing.T) {
	d := visit(kerbside.VisitOther)
	for i, f := range formulas {
		d.Record.Actions = append(d.Record.Actions, kerbside.Action{ID: fmt.Sprint("a-", i), Text: f, Owner: f, Status: kerbside.Planned, Due: kerbside.Due{Text: f, Date: "2026-03-06"}, Evidence: kerbside.List[kerbside.Evidence]{{Quote: f}}})
	}
	d.Record.Actions = append(d.Record.Actions, kerbside.Action{ID: "a-plain", Text: "-5", Owner: "Zoë O’Brien, \"Zo\"; <b>", Status: kerbside.Agreed, Due: kerbside.Due{Text: "by\nFriday"}})
	got := rows(t, profile(t, "actions"), d)
	for i, row := range got[1 : len(got)-1] {
		for k, cell := range row {
			if first := []rune(strings.TrimLeft(cell, " ") + " ")[0]; strings.ContainsRune("=+-@\t\r＝＋－＠", first) {
				t.Errorf("row %d, column %d begins a formula: %q", i, k, cell)
			}
		}
		if row[2] != "'"+page.Clean(formulas[i]) || row[3] != "06/03/2026" || row[7] != fmt.Sprint("a-", i) {
			t.Errorf("%q", row)
		}
	}
	if last := got[len(got)-1]; last[1] != "Zoë O’Brien, \"Zo\"; <b>" || last[2] != "-5" || last[4] != "by Friday" {
		t.Errorf("%q", last)
	}
	// References and ids stay what they are, unless they are none.
	cp := visit(kerbside.VisitChildProtection)
	for plan, want := range map[string]string{"-AB12": "-AB12", "CP 7/3.1": "CP 7/3.1", "=1+1": "'=1+1", "+A|B!": "'+A|B!"} {
		cp.Plans = map[kerbside.PersonID]string{"p1": plan}
		if got := rows(t, profile(t, "ssd_cp_visits"), cp)[1][0]; got != want {
			t.Errorf("plan %q became %q", plan, got)
		}
	}
}

func TestJSONTable(t *testing.T) {
	d := visit(kerbside.VisitOther)
	d.Record.Attendees[0].Name = "=Zoë \"<&'\u202e\x00"
	out, err := table.Write(profile(t, "example-children"), []*kerbside.Dossier{d})
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]string
	if err := json.Unmarshal(out.Body, &got); err != nil || len(got) != 2 || got[0]["child"] != "=Zoë \"<&'" || got[0]["reason_not_alone"] != "she was asleep" {
		t.Errorf("%v %v", got, err)
	}
	if out, err = table.Write(profile(t, "example-children"), nil); err != nil || json.Unmarshal(out.Body, &got) != nil {
		t.Errorf("%s %v", out.Body, err)
	}
}

func TestDraftColumns(t *testing.T) {
	d := visit(kerbside.VisitOther)
	s, err := kerbside.NewSentence("My analysis", "Zoë is safe.", kerbside.VerdictQuoted, nil, kerbside.Evidence{Quote: "Zoë is safe"})
	if err != nil {
		t.Fatal(err)
	}
	d.Drafts = []*kerbside.Draft{{Audience: kerbside.AudienceCaseRecord, Title: "Record", Sentences: kerbside.List[kerbside.Sentence]{s}}}
	got := rows(t, profile(t, "example-case-note"), d)
	if row := got[1]; row[6] != "Record\nDraft – not approved\n\nMy analysis\n• Zoë is safe." || row[7] != "• Zoë is safe." {
		t.Errorf("%q", row)
	}
	p := *profile(t, "example-case-note")
	p.Columns = slices.Clone(p.Columns)
	p.Columns[6].Max = 10
	if _, err := table.Write(&p, []*kerbside.Dossier{d}); kerbside.CodeOf(err) != kerbside.CodeTooLarge {
		t.Errorf("too long: %v", err)
	}
}

func TestProfiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, body string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	good := `{"schema":"kerbside.profile/v1","name":"ours","title":"Ours","format":"csv","rows":"visit","columns":[{"name":"Date","from":"visit.date","date":"dd.mm.yy"},{"name":"Kind","value":"Visit"}]}`
	write("ours.json", good)
	write("actions.json", strings.Replace(strings.Replace(good, `"ours"`, `"actions"`, 1), "Ours", "Other actions", 1))
	all, err := table.Profiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]*table.Profile{}
	for _, p := range all {
		by[p.Name] = p
	}
	if by["ours"] == nil || by["ours"].BuiltIn || by["actions"].Title != "Other actions" || !by["ssd_cp_visits"].BuiltIn {
		t.Errorf("%v", by)
	}
	if got := rows(t, by["ours"], visit(kerbside.VisitOther)); fmt.Sprint(got) != "[[Date Kind] [03.03.26 Visit]]" {
		t.Errorf("%v", got)
	}
	for what, change := range map[string][2]string{
		"schema": {"profile/v1", "profile/v2"}, "name": {`"ours"`, `"../ours"`}, "format": {`"csv"`, `"xls"`}, "rows": {`"visit"`, `"family"`}, "a field": {"visit.date", "visit.day"},
		"a field of other rows": {"visit.date", "child.name"}, "unknown member": {`"title"`, `"titel"`}, "a date that is none": {"dd.mm.yy", "d/m"}, "two names": {`"Kind"`, `"Date"`},
		"values of text": {`"from":"visit.date","date":"dd.mm.yy"`, `"from":"visit.place","values":{"x":"y"}`}, "missing values": {`"from":"visit.date","date":"dd.mm.yy"`, `"from":"visit.announced","values":{"yes":"Y","no":"N"}`},
		"a value that never is": {`"from":"visit.date","date":"dd.mm.yy"`, `"from":"visit.announced","values":{"yes":"Y","no":"N","not_stated":"","maybe":"?"}`},
		"a condition":           {`"columns"`, `"only":{"visit.type":["statutory"]},"columns"`}, "no JSON": {`{`, `[`}, "more": {`]}`, `]} {}`}, "no columns": {`[{"name":"Date","from":"visit.date","date":"dd.mm.yy"},{"name":"Kind","value":"Visit"}]`, `[]`},
		"an audience": {"visit.date\",\"date\":\"dd.mm.yy", "draft.nobody.text"},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatal(what)
		}
		if _, err := table.Parse([]byte(bad)); kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Errorf("%s passes: %v", what, err)
		}
	}
	write("misnamed.json", good)
	if _, err := table.Profiles(dir); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Errorf("a file with another name: %v", err)
	}
	if _, err := table.Profiles(filepath.Join(dir, "none")); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Errorf("no folder: %v", err)
	}
}

// The published schema and the program agree about the built-in profiles.
func TestProfileSchema(t *testing.T) {
	s, err := jsonschema.NewCompiler().Compile("../../docs/profile-v1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("profiles/*.json")
	if err != nil || len(names) < 6 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzGuard(f *testing.F) {
	for _, s := range formulas {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := visit(kerbside.VisitOther)
		d.Record.Actions = []kerbside.Action{{ID: "a-1", Text: s, Owner: s, Status: kerbside.Planned}}
		for _, row := range rows(t, profile(t, "actions"), d)[1:] {
			for _, cell := range row {
				trimmed := strings.TrimLeft(cell, " ")
				if trimmed != "" && strings.ContainsRune("=@", rune(trimmed[0])) {
					t.Errorf("%q", cell)
				}
			}
			if strings.TrimPrefix(row[2], "'") != strings.TrimPrefix(page.Clean(s), "'") {
				t.Errorf("%q became %q", s, row[2])
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"schema":"kerbside.profile/v1","name":"a","format":"csv","rows":"visit","columns":[{"name":"x","value":"y"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := table.Parse(b)
		if (p == nil) == (err == nil) {
			t.Fatal("neither a profile nor an error")
		}
		if p == nil {
			return
		}
		if _, err := table.Write(p, []*kerbside.Dossier{visit(kerbside.VisitOther)}); err != nil && kerbside.CodeOf(err) != kerbside.CodeTooLarge {
			t.Errorf("a profile that passed cannot be used: %v", err)
		}
	})
}
