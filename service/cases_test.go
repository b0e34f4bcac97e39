package service

import (
	"strings"
	"testing"
	"time"

	"kerbside"
)

const goodCases = "\ufeffcase_id,case_name,plan,plan_id,worker,visit_interval_days,visit_due,confidential_address,person_id,person_name,role,date_of_birth,parental_responsibility\r\n" +
	"N/1,Linden,CP,P/9,Tansy Everley,10,17/03/2026,yes,1,Tansy Linden,child,2019-05-04,\r\n" +
	"N/1,,,,,,,,2,Everley Linden,Mother,,yes\r\n" +
	"\r\n" +
	"N/2,\"Alder, Family\",child in need,,,,,,,,,,\r\n"

func (h *house) importCases(by kerbside.User, text string, try bool) (*CaseImport, error) {
	return h.s.ImportCases(h.t.Context(), by, strings.NewReader(text), try)
}

func TestImportCases(t *testing.T) {
	h := newHouse(t)
	if r, err := h.importCases(h.manager, goodCases, true); err != nil || r.Created != 2 || r.People != 2 || len(r.Faults) > 0 {
		t.Fatalf("tried: %+v, %v", r, err)
	}
	if rows, err := h.s.Cases(t.Context(), h.manager); err != nil || len(rows) != 0 {
		t.Fatalf("a try left %d cases, %v", len(rows), err)
	}
	for i, want := range []CaseImport{{Created: 2, People: 2}, {Same: 2, People: 2}} {
		if r, err := h.importCases(h.manager, goodCases, false); err != nil || r.Created != want.Created || r.Same != want.Same || r.People != want.People {
			t.Fatalf("import %d: %+v, %v", i, r, err)
		}
	}
	changed := strings.Replace(goodCases, "N/1,Linden,CP,P/9,Tansy Everley,10,", "N/1,Linden,CP,P/9,Tansy Everley,20,", 1)
	if r, err := h.importCases(h.manager, changed, false); err != nil || r.Changed != 1 || r.Same != 1 {
		t.Fatalf("changed: %+v, %v", r, err)
	}
	rows, err := h.s.Cases(t.Context(), h.worker)
	if err != nil || len(rows) != 2 {
		t.Fatalf("the worker chooses from %d cases, %v", len(rows), err)
	}
	c := rows[0].Case // due first
	if c.Reference != "N/1" || c.Plan != kerbside.PlanChildProtection || c.Worker != h.worker.ID || c.IntervalDays != 20 || c.Due != "2026-03-17" || !c.ConfidentialAddress ||
		len(c.People) != 2 || c.People[1].Role != "mother" || !c.People[1].ParentalResponsibility || c.People[0].Born != "2019-05-04" {
		t.Errorf("got %+v", c)
	}
	if rows[1].Case.Name != "Alder, Family" {
		t.Errorf("got %+v", rows[1].Case)
	}
	semicolons := strings.ReplaceAll(strings.ReplaceAll(goodCases, "\"Alder, Family\"", "Alder"), ",", ";")
	if r, err := h.importCases(h.manager, semicolons, true); err != nil || r.Changed != 2 {
		t.Errorf("semicolons: %+v, %v", r, err)
	}
}

func TestImportCasesFaults(t *testing.T) {
	h := newHouse(t)
	head, _, _ := strings.Cut(goodCases, "\r\n")
	for text, want := range map[string]string{
		"":                                          "no line of column names",
		"case_id,name\nN/1,x":                       `no column "name"`,
		"case_id\nN/1":                              "case_name is missing",
		"case_id,case_id,case_name\n":               "stands there twice",
		head + "\n,Linden":                          "Line 2: case_id is empty",
		head + "\nN/1,L,foster":                     "plan is none of",
		head + "\nN/1,L,,,Nobody":                   "nobody who can sign in",
		head + "\nN/1,L,,,,often":                   "visit_interval_days",
		head + "\nN/1,L,,,,0":                       "visit_interval_days",
		head + "\nN/1,L,,,,,31/02/2026":             "visit_due is no date",
		head + "\nN/1,L,,,,,,perhaps":               "confidential_address is neither",
		head + "\nN/1,L,,,,,,,7":                    "person_name is empty",
		head + "\nN/1,L\nN/1,M":                     "Line 3: case_name is another",
		head + "\nN/1,L,,,,,,,1,A\nN/1,L,,,,,,,1,B": "stands in the case already",
		head + "\nN/1,\"L":                          "quotation marks",
		head + "\nN/1," + strings.Repeat("x", 121):  "longer than 120",
		"\xff\xfe":                                  "not UTF-8",
	} {
		r, err := h.importCases(h.manager, text, false)
		got := kerbside.MessageOf(err)
		if err == nil {
			got = strings.Join(r.Faults, "\n")
		}
		if !strings.Contains(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if rows, err := h.s.Cases(t.Context(), h.manager); err != nil || len(rows) != 0 {
		t.Errorf("faulty files left %d cases, %v", len(rows), err)
	}
	for _, u := range []kerbside.User{h.worker, h.reviewer, {}} {
		if _, err := h.importCases(u, goodCases, true); err == nil {
			t.Errorf("%s may import", u.Role)
		}
	}
}

// A case that is set names people to the engines, makes the record anew, and its last visit moves what is due.
func TestSetCase(t *testing.T) {
	h := newHouse(t)
	if _, err := h.importCases(h.manager, goodCases, false); err != nil {
		t.Fatal(err)
	}
	rows, err := h.s.Cases(t.Context(), h.worker)
	if err != nil {
		t.Fatal(err)
	}
	id := rows[0].Case.ID
	v := h.record(h.worker, "", "the child was seen. mum was calm.").Visit
	h.await(v, kerbside.VisitDrafted)
	if err := h.s.SetCase(t.Context(), h.worker, v, "c-none"); kerbside.CodeOf(err) != kerbside.CodeNotFound {
		t.Errorf("got %v", err)
	}
	if err := h.s.SetCase(t.Context(), h.reviewer, v, id); kerbside.CodeOf(err) != kerbside.CodeForbidden {
		t.Errorf("a reviewer: %v", err)
	}
	h.idle(v)
	calls, _ := h.extractor.told()
	if err := h.s.SetCase(t.Context(), h.worker, v, id); err != nil {
		t.Fatal(err)
	}
	h.await(v, kerbside.VisitDrafted)
	h.idle(v)
	again, o := h.extractor.told()
	if again != calls+1 {
		t.Error("the record was not made anew")
	}
	if o.Case != "N/1" || len(o.Terms) != 2 || o.Terms[0].Text != "Everley Linden" || o.Terms[0].Kind != "person" {
		t.Errorf("the engine was told %+v", o)
	}
	for _, c := range []struct{ last, due, want string }{
		{"", "2026-03-17", "2026-03-17"}, {"2026-03-16", "2026-03-17", "2026-03-26"}, {"2026-03-01", "2026-03-17", "2026-03-17"}, {"2026-03-16", "", "2026-03-26"}, {"", "", ""},
	} {
		if got := dueOf(kerbside.Case{IntervalDays: 10, Due: c.due}, c.last); got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
	if due := (time.Date(2026, 3, 17, 0, 0, 0, 0, time.UTC)).Format(time.DateOnly); rows[0].Due != due {
		t.Errorf("due is %q", rows[0].Due)
	}
}

func FuzzImportCases(f *testing.F) {
	f.Add([]byte(goodCases))
	f.Add([]byte("case_id;case_name\nN/1;\"x\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file := caseFile{org: "o-1", report: &CaseImport{}}
		cases, err := file.read(b)
		seen := map[kerbside.CaseID]bool{}
		for _, c := range cases {
			if seen[c.ID] || c.Reference == "" {
				t.Errorf("case %q twice or without a number", c.ID)
			}
			seen[c.ID] = true
		}
		if err != nil && kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Error(err)
		}
	})
}
