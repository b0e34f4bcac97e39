package service

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kerbside"
	"kerbside/audit"
)

// MaxCases is the size of a file of cases, in bytes.
const MaxCases = 16 << 20

// caseColumns are the columns of a file of cases, one line a person. A case's own columns may stand on its first line only, or on each of its lines.
// Those that a file must have are marked.
var caseColumns = []struct {
	name   string
	needed bool
}{
	{"case_id", true}, {"case_name", true}, {"plan", false}, {"plan_id", false}, {"worker", false}, {"visit_interval_days", false}, {"visit_due", false}, {"confidential_address", false},
	{"person_id", false}, {"person_name", false}, {"role", false}, {"date_of_birth", false}, {"parental_responsibility", false},
}

// CaseImport is what an import did, or would do.
type CaseImport struct {
	Created, Changed, Same int
	People                 int
	Faults                 []string // by line of the file; they name columns, never who is in it
}

// ImportCases takes in a file of cases (CSV, UTF-8, with a line of column names). Cases are known by case_id: one that is there is replaced by what the file says
// of it, others stay as they are; none is ever removed. A file with faults changes nothing. With try, nothing changes either.
func (s *Service) ImportCases(ctx context.Context, by kerbside.User, r io.Reader, try bool) (*CaseImport, error) {
	const op = "service.ImportCases"
	if err := signedIn(op, by); err != nil {
		return nil, err
	}
	if reachOf(by, UseImport) == ReachNone {
		return nil, forbidden(op, "Cases are imported by managers, business support and administrators.")
	}
	return CaseImporter{Store: s.d.Store, Audit: s.d.Audit, Now: s.d.Now}.Import(ctx, by.Org, by.ID, r, try)
}

// CaseImporter takes files of cases in without a running service, as the command line does.
type CaseImporter struct {
	Store kerbside.Store
	Audit *audit.Log
	Now   func() time.Time
}

// Import is [Service.ImportCases] without asking who may; by is "" for whoever has the data folder.
func (i CaseImporter) Import(ctx context.Context, org kerbside.OrganisationID, by kerbside.UserID, r io.Reader, try bool) (*CaseImport, error) {
	const op = "service.Import"
	b, err := io.ReadAll(io.LimitReader(r, MaxCases+1))
	switch {
	case err != nil:
		return nil, kerbside.E(kerbside.CodeInvalid, op, "The file did not arrive whole. Send it again.", err)
	case len(b) > MaxCases:
		return nil, kerbside.E(kerbside.CodeTooLarge, op, "The file is larger than 16 MB. Split it.", nil)
	case !utf8.Valid(b):
		return nil, invalid(op, "The file is not UTF-8. Save it as “CSV UTF-8”.")
	}
	report := &CaseImport{}
	err = i.Store.Update(ctx, func(tx kerbside.Tx) error {
		*report = CaseImport{}
		people, err := tx.Users(org)
		if err != nil {
			return err
		}
		f := caseFile{org: org, workers: people, report: report}
		cases, err := f.read(bytes.TrimPrefix(b, []byte("\ufeff")))
		if err != nil || len(report.Faults) > 0 {
			return err
		}
		for _, c := range cases {
			if err := importCase(tx, c, try, report); err != nil {
				return err
			}
		}
		if try {
			return nil
		}
		return i.Audit.Append(tx, kerbside.AuditEntry{Org: org, By: by, At: i.Now().UTC().Truncate(time.Microsecond), Action: "import",
			Object: fmt.Sprintf("cases %d-created %d-changed", report.Created, report.Changed)})
	})
	if err != nil {
		return nil, err
	}
	return report, nil
}

func importCase(tx kerbside.Tx, c kerbside.Case, try bool, report *CaseImport) error {
	report.People += len(c.People)
	before, err := tx.Case(c.Org, c.ID)
	switch {
	case kerbside.CodeOf(err) == kerbside.CodeNotFound:
		report.Created++
	case err != nil:
		return err
	case reflect.DeepEqual(before, c):
		report.Same++
		return nil
	default:
		report.Changed++
	}
	if try {
		return nil
	}
	return tx.PutCase(c)
}

// caseFile reads a file of cases.
type caseFile struct {
	org     kerbside.OrganisationID
	workers []kerbside.User
	report  *CaseImport
	line    int
	at      map[string]int // column -> its place
	row     []string
}

const maxCaseFaults = 50

func (f *caseFile) fault(format string, a ...any) {
	if len(f.report.Faults) < maxCaseFaults {
		f.report.Faults = append(f.report.Faults, fmt.Sprintf("Line %d: ", f.line)+fmt.Sprintf(format, a...))
	}
}

// text gives a column of the current line.
func (f *caseFile) text(column string) string {
	i, ok := f.at[column]
	if !ok || i >= len(f.row) {
		return ""
	}
	v := strings.Join(strings.Fields(f.row[i]), " ")
	if utf8.RuneCountInString(v) > maxName {
		f.fault("%s is longer than %d characters.", column, maxName)
		return ""
	}
	return v
}

func (f *caseFile) read(b []byte) ([]kerbside.Case, error) {
	const op = "service.ImportCases"
	r := csv.NewReader(bytes.NewReader(b))
	r.FieldsPerRecord = -1
	if first, _, _ := bytes.Cut(b, []byte("\n")); bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		r.Comma = ';' // how spreadsheets in some languages write it
	}
	head, err := r.Read()
	if err != nil {
		return nil, invalid(op, "The file has no line of column names. It is a CSV file that begins with one.")
	}
	f.line = 1
	f.columns(head)
	if len(f.report.Faults) > 0 {
		return nil, nil
	}
	cases := map[kerbside.CaseID]*kerbside.Case{}
	var order []kerbside.CaseID
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			f.line = bad.Line
			f.fault("the quotation marks do not fit.")
			return nil, nil
		}
		if err != nil {
			return nil, kerbside.E(kerbside.CodeInvalid, op, "The file cannot be read.", err)
		}
		f.line, _ = r.FieldPos(0)
		f.row = row
		if len(strings.Join(row, "")) == 0 {
			continue
		}
		c := f.one()
		if c == nil {
			continue
		}
		before := cases[c.ID]
		if before == nil {
			cases[c.ID] = c
			order = append(order, c.ID)
			continue
		}
		f.join(before, c)
	}
	out := make([]kerbside.Case, 0, len(order))
	for _, id := range order {
		out = append(out, *cases[id])
	}
	return out, nil
}

// columns finds the columns; unknown ones are faults, so that a misspelt one is not lost in silence.
func (f *caseFile) columns(head []string) {
	f.at = map[string]int{}
	for i, name := range head {
		name = strings.ToLower(strings.TrimSpace(name))
		known := slices.ContainsFunc(caseColumns, func(c struct {
			name   string
			needed bool
		}) bool {
			return c.name == name
		})
		if _, twice := f.at[name]; twice || !known {
			f.fault("there is no column %q, or it stands there twice.", name)
			continue
		}
		f.at[name] = i
	}
	for _, c := range caseColumns {
		if _, ok := f.at[c.name]; c.needed && !ok {
			f.fault("the column %s is missing.", c.name)
		}
	}
}

// one reads a line: a case with at most one person.
func (f *caseFile) one() *kerbside.Case {
	id := f.text("case_id")
	if id == "" {
		f.fault("case_id is empty.")
		return nil
	}
	c := &kerbside.Case{ID: kerbside.CaseID(kerbside.DerivedID("c", string(f.org), id)), Org: f.org, Reference: id, Name: f.text("case_name"),
		Plan: f.plan(), PlanID: f.text("plan_id"), Worker: f.worker(), IntervalDays: f.days(), Due: f.day("visit_due"), ConfidentialAddress: f.yes("confidential_address")}
	p := kerbside.Person{ID: f.text("person_id"), Name: f.text("person_name"), Role: strings.ToLower(f.text("role")), Born: f.day("date_of_birth"), ParentalResponsibility: f.yes("parental_responsibility")}
	switch {
	case p.Name != "":
		c.People = []kerbside.Person{p}
	case p != kerbside.Person{}:
		f.fault("person_name is empty, though something is said of a person.")
	}
	return c
}

// join adds a further line of a case.
func (f *caseFile) join(c, more *kerbside.Case) {
	conflict := func(column string, differs bool) {
		if differs {
			f.fault("%s is another than on an earlier line of the same case.", column)
		}
	}
	conflict("case_name", more.Name != "" && more.Name != c.Name)
	conflict("plan", more.Plan != "" && more.Plan != c.Plan)
	conflict("plan_id", more.PlanID != "" && more.PlanID != c.PlanID)
	conflict("worker", more.Worker != "" && more.Worker != c.Worker)
	conflict("visit_interval_days", more.IntervalDays != 0 && more.IntervalDays != c.IntervalDays)
	conflict("visit_due", more.Due != "" && more.Due != c.Due)
	c.ConfidentialAddress = c.ConfidentialAddress || more.ConfidentialAddress // said once is said
	for _, p := range more.People {
		if slices.ContainsFunc(c.People, func(q kerbside.Person) bool { return p.ID != "" && q.ID == p.ID || p == q }) {
			f.fault("this person stands in the case already.")
			continue
		}
		c.People = append(c.People, p)
	}
}

func (f *caseFile) plan() kerbside.Plan {
	v := strings.ReplaceAll(strings.ToLower(f.text("plan")), " ", "_")
	switch v {
	case "", "none":
		return ""
	case "cp", "cpp", string(kerbside.PlanChildProtection):
		return kerbside.PlanChildProtection
	case "cin", string(kerbside.PlanChildInNeed):
		return kerbside.PlanChildInNeed
	case "cla", "lac", string(kerbside.PlanLookedAfter):
		return kerbside.PlanLookedAfter
	}
	f.fault("plan is none of child_protection, child_in_need, looked_after.")
	return ""
}

// worker finds who a case belongs to by name or id.
func (f *caseFile) worker() kerbside.UserID {
	v := f.text("worker")
	if v == "" {
		return ""
	}
	var found []kerbside.UserID
	for _, u := range f.workers {
		if string(u.ID) == v || strings.EqualFold(u.Name, v) {
			found = append(found, u.ID)
		}
	}
	switch len(found) {
	case 1:
		return found[0]
	case 0:
		f.fault("worker is nobody who can sign in. Invite them first, or leave it empty.")
	default:
		f.fault("worker is the name of several people. Give the id instead.")
	}
	return ""
}

func (f *caseFile) days() int {
	v := f.text("visit_interval_days")
	if v == "" {
		return 0
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > 366 {
		f.fault("visit_interval_days is no number from 1 to 366.")
		return 0
	}
	return n
}

func (f *caseFile) day(column string) string {
	v := f.text(column)
	for _, layout := range []string{time.DateOnly, "02/01/2006", "2/1/2006"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	if v != "" {
		f.fault("%s is no date such as 2026-03-17 or 17/03/2026.", column)
	}
	return ""
}

func (f *caseFile) yes(column string) bool {
	switch strings.ToLower(f.text(column)) {
	case "y", "yes", "true", "1":
		return true
	case "", "n", "no", "false", "0":
		return false
	}
	f.fault("%s is neither yes nor no.", column)
	return false
}

// CaseRow is one line of the list of cases.
type CaseRow struct {
	Case       kerbside.Case
	WorkerName string
	LastVisit  string // ISO 8601, the last visit in person that was completed and has a record; "" when there is none
	Due        string // ISO 8601, by which the next visit is due; "" when nothing is set
	Overdue    bool
}

// Cases are those that a person may choose from: a worker's own, or all of the organisation for who reads all visits or files for others. Those whose visit is
// due soonest come first.
func (s *Service) Cases(ctx context.Context, by kerbside.User) (rows []CaseRow, err error) {
	const op = "service.Cases"
	if err := signedIn(op, by); err != nil {
		return nil, err
	}
	if reachOf(by, UseCases) == ReachNone {
		return nil, forbidden(op, "Administrators do not see cases.")
	}
	today := s.now().Format(time.DateOnly)
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		rows = nil
		cases, err := s.choosable(tx, by)
		if err != nil || len(cases) == 0 {
			return err
		}
		names, err := peopleNames(tx, by.Org)
		if err != nil {
			return err
		}
		last, err := lastVisits(tx, by.Org, cases)
		if err != nil {
			return err
		}
		for _, c := range cases {
			row := CaseRow{Case: c, WorkerName: names[c.Worker], LastVisit: last[c.ID]}
			row.Due = dueOf(c, row.LastVisit)
			row.Overdue = row.Due != "" && row.Due < today
			rows = append(rows, row)
		}
		return nil
	})
	slices.SortStableFunc(rows, func(a, b CaseRow) int {
		switch {
		case (a.Due == "") != (b.Due == ""):
			return strings.Compare(b.Due, a.Due)
		default:
			return strings.Compare(a.Due, b.Due)
		}
	})
	return rows, err
}

// CasesToChoose are the cases that a person may put a visit on, by name.
func (s *Service) CasesToChoose(ctx context.Context, by kerbside.User) (cases []kerbside.Case, err error) {
	const op = "service.CasesToChoose"
	if err := signedIn(op, by); err != nil {
		return nil, err
	}
	if reachOf(by, UseCases) == ReachNone {
		return nil, forbidden(op, "Administrators do not see cases.")
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		cases, err = s.choosable(tx, by)
		return err
	})
	return cases, err
}

func (s *Service) choosable(tx kerbside.Tx, by kerbside.User) ([]kerbside.Case, error) {
	cases, err := tx.Cases(by.Org)
	if err != nil {
		return nil, err
	}
	g, err := s.groundOf(tx, by)
	return slices.DeleteFunc(cases, func(c kerbside.Case) bool { return !g.mayChoose(c) }), err
}

func (g ground) mayChoose(c kerbside.Case) bool {
	return g.named(c.ID) && (c.Worker == "" || g.reaches(reachOf(g.by, UseCases), c.Worker))
}

// dueOf is the day by which a case's next visit is due: what the interval makes of the last visit, else what the council said.
func dueOf(c kerbside.Case, last string) string {
	t, err := time.Parse(time.DateOnly, last)
	if err != nil || c.IntervalDays == 0 {
		return c.Due
	}
	return max(t.AddDate(0, 0, c.IntervalDays).Format(time.DateOnly), c.Due)
}

// lookedFirst is how many visits of a case, the newest by their day, are looked at for its last one, before all are.
const lookedFirst = 4

// lastVisits gives the day of each case's last visit in person that was completed.
func lastVisits(tx kerbside.Tx, org kerbside.OrganisationID, cases []kerbside.Case) (map[kerbside.CaseID]string, error) {
	ids := make([]kerbside.CaseID, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
	}
	last := map[kerbside.CaseID]string{}
	look := func(ids []kerbside.CaseID, each int) error {
		for some := range slices.Chunk(ids, 500) { // a statement takes so many
			visits, err := tx.Visits(org, kerbside.VisitFilter{Cases: some, PerCase: each})
			if err != nil {
				return err
			}
			sums, err := digests(tx, org, visits)
			if err != nil {
				return err
			}
			for _, v := range visits {
				if d := sums[v.ID]; d.Visited && v.State != kerbside.VisitOpen {
					last[v.Case] = max(last[v.Case], d.Day)
				}
			}
		}
		return nil
	}
	if err := look(ids, lookedFirst); err != nil {
		return nil, err
	}
	rest := slices.DeleteFunc(ids, func(id kerbside.CaseID) bool { return last[id] != "" }) // the newest ones were no visits in person
	return last, look(rest, 0)
}

// SetCase says whose visit it was; "" takes that back. The record is made anew, with the names of the case.
func (s *Service) SetCase(ctx context.Context, by kerbside.User, id kerbside.VisitID, to kerbside.CaseID) error {
	const op = "service.SetCase"
	var v kerbside.Visit
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) (err error) {
		b, err := asRead(ctx, tx, op, by, id, s.workable)
		if err != nil {
			return err
		}
		if v = b.visit; v.Case == to {
			return nil
		}
		if err := notHeld(tx, op, v); err != nil {
			return err
		}
		if to != "" {
			g, err := s.groundOf(tx, by)
			if err != nil {
				return err
			}
			c, err := tx.Case(by.Org, to)
			if kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && !g.mayChoose(c) {
				return kerbside.E(kerbside.CodeNotFound, op, "There is no such case, or it is not one of yours. Choose another.", nil)
			}
			if err != nil {
				return err
			}
		}
		object := "case " + string(to)
		if to == "" {
			object = "case " + string(v.Case) + " taken-back"
		}
		v.Case = to
		b.visit.Case = to
		if err := s.changed(tx, &v); err != nil {
			return err
		}
		if err := enqueueAll(tx, b); err != nil {
			return err
		}
		return s.audit(tx, by, "set_case", object, id)
	})
	if err == nil {
		s.announce(v)
	}
	return err
}

// caseTerms are the names that the people of a case are listened for by.
func caseTerms(c kerbside.Case) []kerbside.Term {
	names := map[string]bool{}
	for _, p := range c.People {
		names[p.Name] = true
	}
	var out []kerbside.Term
	for _, n := range slices.Sorted(maps.Keys(names)) {
		out = append(out, kerbside.Term{Text: n, Kind: "person"})
	}
	return out
}
