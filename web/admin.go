package web

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kerbside"
	"kerbside/service"
)

type adminPage struct {
	layout
	Entries []menuEntry
}

type templatesPage struct {
	layout
	Templates []templateRow
	Faults    []string
}

type templateRow struct {
	Name, Version, Title, Reader, From string
}

type templatePage struct {
	layout
	templateRow
	Text string
}

type modelsPage struct {
	layout
	Models []modelRow
	Read   bool // every byte was read just now
}

type modelRow struct {
	Name, Size, SHA256, Licence, Checked string
	Bad, Installed                       bool
	CheckedAt                            time.Time
	Uses                                 []string
}

type languageModelPage struct {
	layout
	service.LanguageModelInfo
	Sentence       string
	Tried          bool
	Answer, Failed string
	Took           string
}

type auditPage struct {
	layout
	Entries    []auditRow
	People     []choice
	Actions    []choice
	From, To   string
	Older      string // the address of the next part; "" when there is none
	Size       int64
	Narrowed   bool
	Verified   *verifiedPart
	VerifiedAt time.Time
}

type auditRow struct {
	N             int64
	At            time.Time
	Who, What, On string
}

type choice struct {
	Value, Name string
	Current     bool
}

type verifiedPart struct {
	Entries  int64
	Heads    int
	Receipts int
	Faults   []string
}

type healthPage struct {
	layout
	Engine     service.EngineHealth
	Space      string
	SpaceLow   bool
	SpaceError string
	UsedShare  int // of the disk, in per cent; 0 when not known
	Where      string
	Version    string
	Recordings int
	Sound      string
	Queues     []queueRow
	Aside      []asideRow
	Read       service.ReadState
	ReadResult string
}

type queueRow struct {
	Name             string
	Waiting, Running int64
	Aside            int64
}

type asideRow struct {
	ID     kerbside.JobID
	Kind   string
	Visit  kerbside.VisitID
	Reason string
}

func (s *server) adminLayout(u kerbside.User, heading, href string) layout {
	return layout{Heading: heading, User: &u, Nav: "admin", Menu: menuFor(u, href)}
}

func (s *server) admin(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	if !service.May(u, service.UseLookAfter) {
		return kerbside.E(kerbside.CodeForbidden, "web.admin", "Only administrators can do this. Ask one of them.", nil)
	}
	s.views.render(w, http.StatusOK, "admin", adminPage{layout{Heading: "Administration", User: &u, Nav: "admin"}, menuFor(u, "/admin")})
	return nil
}

func templateLine(t service.TemplateInfo) templateRow {
	return templateRow{Name: t.Name, Version: t.Version, Title: t.Title, Reader: audienceName(t.Audience), From: firstOf(t.File, "comes with Kerbside")}
}

func (s *server) templates(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	list, faults, err := s.Service.Templates(r.Context(), u)
	if err != nil {
		return err
	}
	page := templatesPage{layout: s.adminLayout(u, "Templates", "/admin/templates"), Faults: faults}
	for _, t := range list {
		page.Templates = append(page.Templates, templateLine(t))
	}
	s.views.render(w, http.StatusOK, "templates", page)
	return nil
}

func (s *server) template(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	t, text, err := s.Service.Template(r.Context(), u, r.PathValue("template"))
	if err != nil {
		return err
	}
	s.views.render(w, http.StatusOK, "template", templatePage{layout: s.adminLayout(u, "Template: "+t.Title, "/admin/templates"), templateRow: templateLine(t), Text: text})
	return nil
}

func (s *server) models(w http.ResponseWriter, r *http.Request) error {
	return s.showModels(w, r, false)
}

func (s *server) checkModels(w http.ResponseWriter, r *http.Request) error {
	return s.showModels(w, r, true)
}

func (s *server) showModels(w http.ResponseWriter, r *http.Request, read bool) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	list, err := s.Service.Models(r.Context(), u, read)
	if err != nil {
		return err
	}
	page := modelsPage{layout: s.adminLayout(u, "Models", "/admin/models"), Read: read}
	for _, m := range list {
		page.Models = append(page.Models, modelRow{
			Name: m.Name, Size: size(m.Bytes), SHA256: m.SHA256, Licence: m.Licence, Checked: m.Checked, CheckedAt: m.CheckedAt,
			Installed: m.Installed, Bad: !m.Installed || m.Checked != "" && m.Checked != "ok", Uses: m.Uses,
		})
	}
	s.views.render(w, http.StatusOK, "models", page)
	return nil
}

func (s *server) languageModel(w http.ResponseWriter, r *http.Request) error {
	return s.showLanguageModel(w, r, false)
}

func (s *server) tryLanguageModel(w http.ResponseWriter, r *http.Request) error {
	return s.showLanguageModel(w, r, true)
}

func (s *server) showLanguageModel(w http.ResponseWriter, r *http.Request, try bool) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	info, err := s.Service.LanguageModel(r.Context(), u)
	if err != nil {
		return err
	}
	page := languageModelPage{layout: s.adminLayout(u, "Language model", "/admin/language-model"), LanguageModelInfo: info, Sentence: service.HarmlessSentence, Tried: try}
	if try {
		t, err := s.Service.TryLanguageModel(r.Context(), u)
		if kerbside.CodeOf(err) == kerbside.CodeInvalid {
			return err
		}
		page.Answer, page.Took = t.Answer, lasted(t.Took)
		if err != nil {
			s.logFailure(r, err)
			page.Failed = kerbside.MessageOf(err)
		}
	}
	s.views.render(w, http.StatusOK, "language-model", page)
	return nil
}

func (s *server) audit(w http.ResponseWriter, r *http.Request) error { return s.showAudit(w, r, false) }

func (s *server) verifyAudit(w http.ResponseWriter, r *http.Request) error {
	return s.showAudit(w, r, true)
}

func (s *server) showAudit(w http.ResponseWriter, r *http.Request, verify bool) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	f, err := s.auditFilter(q)
	if err != nil {
		return err
	}
	page := auditPage{layout: s.adminLayout(u, "Audit", "/admin/audit"), From: q.Get("from"), To: q.Get("to")}
	if verify {
		report, err := s.Service.VerifyAudit(r.Context(), u)
		if err != nil {
			return err
		}
		page.Verified, page.VerifiedAt = &verifiedPart{report.Size, report.Heads, report.Receipts, report.Faults}, s.Now()
	}
	part, err := s.Service.Audit(r.Context(), u, f)
	if err != nil {
		return err
	}
	page.Size, page.Narrowed = part.Size, f != (kerbside.AuditFilter{})
	names := map[kerbside.UserID]string{}
	for _, p := range part.People {
		names[p.ID] = p.Name
		page.People = append(page.People, choice{string(p.ID), p.Name, p.ID == f.By})
	}
	for _, a := range part.Actions {
		page.Actions = append(page.Actions, choice{a, auditAction(a), a == f.Action})
	}
	for _, e := range part.Entries {
		page.Entries = append(page.Entries, auditRow{N: e.N, At: e.At, Who: firstOf(names[e.By], "Kerbside"), What: auditAction(e.Action), On: e.Object})
	}
	if part.Older > 0 {
		q.Set("before", strconv.FormatInt(part.Older, 10))
		page.Older = "/admin/audit?" + q.Encode()
	}
	s.views.render(w, http.StatusOK, "audit", page)
	return nil
}

// auditFilter reads who, what and when; the days are those of the place where this runs.
func (s *server) auditFilter(q url.Values) (f kerbside.AuditFilter, err error) {
	f.By, f.Action = kerbside.UserID(q.Get("who")), q.Get("what")
	bad := kerbside.E(kerbside.CodeInvalid, "web.auditFilter", "A day is written as 2026-03-03. Choose it again.", nil)
	date := func(name string) (t time.Time) {
		if v := q.Get(name); v != "" && err == nil {
			var wrong error
			if t, wrong = time.ParseInLocation(time.DateOnly, v, s.Now().Location()); wrong != nil {
				err = bad
			}
		}
		return t
	}
	f.From, f.Until = date("from"), date("to")
	if !f.Until.IsZero() {
		f.Until = f.Until.AddDate(0, 0, 1)
	}
	if v := q.Get("before"); v != "" && err == nil {
		var wrong error
		if f.Before, wrong = strconv.ParseInt(v, 10, 64); wrong != nil {
			err = kerbside.E(kerbside.CodeInvalid, "web.auditFilter", "This address was cut off. Go back and try again.", nil)
		}
	}
	return f, err
}

// auditAction names an action as the log has it.
func auditAction(a string) string { return strings.ReplaceAll(a, "_", " ") }

// auditHeads gives the signed heads as a file, to be kept elsewhere.
func (s *server) auditHeads(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	text, err := s.Service.AuditHeads(r.Context(), u)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "kerbside-audit-heads-"+s.Now().Format(time.DateOnly)+".txt"))
	_, _ = io.WriteString(w, text) //nolint:gosec // hashes and signatures as plain text; a failed write means that the caller has gone
	return nil
}

// lowSpace is where the free room, in bytes, is shown as a worry: a few days of recordings.
const lowSpace = 2 << 30

func (s *server) health(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	h, err := s.Service.Health(r.Context(), u)
	if err != nil {
		return err
	}
	page := healthPage{
		layout: s.adminLayout(u, "Health", "/admin/health"), Engine: h.Engine, SpaceError: h.SpaceError, Where: h.Space.Where, Version: firstOf(h.Version, "unknown"),
		Recordings: h.Recordings, Sound: hours(h.Sound), Queues: queueRows(h.Waiting), Read: h.Read, ReadResult: readResult(h.Read.Result),
	}
	if h.Space.Total > 0 {
		page.Space, page.SpaceLow = size(int64(h.Space.Free))+" free of "+size(int64(h.Space.Total)), h.Space.Free < lowSpace
		page.UsedShare = int(100 * (h.Space.Total - h.Space.Free) / h.Space.Total)
	}
	for _, j := range h.Aside {
		page.Aside = append(page.Aside, asideRow{j.ID, jobName(j.Kind), j.Visit, firstOf(j.LastError, "no reason was kept")})
	}
	s.views.render(w, http.StatusOK, "health", page)
	return nil
}

func hours(d time.Duration) string {
	if d < time.Hour {
		return count(int(d.Minutes()), "minute")
	}
	return fmt.Sprintf("%.1f hours", d.Hours())
}

func jobName(k kerbside.JobKind) string {
	switch k {
	case kerbside.JobTranscribe:
		return "Writing down what was said"
	case kerbside.JobExtract:
		return "Gathering the facts"
	case kerbside.JobDraft:
		return "Writing the drafts"
	}
	return string(k)
}

func queueRows(counts []kerbside.JobCount) []queueRow {
	var rows []queueRow
	for _, k := range []kerbside.JobKind{kerbside.JobTranscribe, kerbside.JobExtract, kerbside.JobDraft} {
		row := queueRow{Name: jobName(k)}
		for _, c := range counts {
			if c.Kind != k {
				continue
			}
			switch c.State {
			case "running":
				row.Running = c.N
			case "aside":
				row.Aside = c.N
			default:
				row.Waiting += c.N
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// readResult says for people what the audit log has of the last time that everything was read.
func readResult(object string) string {
	f := strings.Fields(object)
	if len(f) < 6 {
		return object
	}
	text := fmt.Sprintf("%s blobs and %s documents read, %s faults", f[1], f[3], f[5])
	if slices.Contains(f, "unfinished") {
		text += "; it was not finished"
	}
	return text
}

func (s *server) readAll(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	if err := s.Service.ReadAll(r.Context(), u); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/health#read", http.StatusSeeOther)
	return nil
}

func (s *server) retryAside(w http.ResponseWriter, r *http.Request) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	if err := s.Service.RetryAside(r.Context(), u, kerbside.VisitID(r.PostFormValue("visit"))); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/health#aside", http.StatusSeeOther)
	return nil
}
