package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"reflect"
	"strings"
	"time"

	"kerbside"
)

//go:embed templates
var templateFiles embed.FS

// layout is what every page has; page structs embed it.
type layout struct {
	Heading string         // the window's title
	User    *kerbside.User // nil: nobody is signed in
	Nav     string         // which entry of the menu is current
	Narrow  bool           // a form, not a workplace
	Home    bool           // offer the way back to the visits
	SignIn  bool           // offer to sign in
	Modules []string       // JavaScript modules of the page
	Menu    []menuEntry    // of administration; nil elsewhere
	Refresh bool           // reload every few seconds when there is no JavaScript
}

// views are the templates: one set for each page, made of the layout, the parts and the page's own file.
type views struct {
	pages map[string]*template.Template
}

// pageNames are the files under templates that define a "main"; the others are parts.
var pageNames = []string{"error", "signin", "home", "record", "upload", "note", "visit", "choose", "people", "person", "link", "account", "token", "cases", "brief", "timeline", "mentions", "search", "actions", "overview", "versions", "admin", "templates", "template", "terms", "models", "language-model", "audit", "health", "review", "policies", "keeping", "request", "cover", "restriction"}

func loadViews(a *assets, now func() time.Time) (*views, error) {
	v := &views{pages: make(map[string]*template.Template)}
	funcs := template.FuncMap{
		"asset":   a.url,
		"needs":   a.needs,
		"clock":   clock,
		"when":    func(t time.Time) string { return when(t, now()) },
		"stamp":   func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"count":   count,
		"page":    func(p searchPage, skip int, name string) foundPage { return foundPage{p.In, skip, name} },
		"ask":     func(v kerbside.VisitID, a askPart) askForm { return askForm{a, v} },
		"choice":  func(v kerbside.VisitID, audience, item string) choiceForm { return choiceForm{v, audience, item} },
		"choices": func(v kerbside.VisitID, o []optionPart) readingsForm { return readingsForm{v, o} },
		"first":   func(n int, list any) any { v := reflect.ValueOf(list); return v.Slice(0, min(n, v.Len())).Interface() },
		"others": func(n int, list any) any {
			v := reflect.ValueOf(list)
			return v.Slice(min(n, v.Len()), v.Len()).Interface()
		},
		"recording": func(page visitPage, t transcriptPart) recordingOf { return recordingOf{page, t} },
		"of":        func(page visitPage, panel draftPanel) panelOf { return panelOf{page, panel} },
	}
	for _, name := range pageNames {
		t, err := template.New(name).Funcs(funcs).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html", "templates/take.html", "templates/case.html", "templates/keep.html", "templates/manage.html", "templates/"+name+".html")
		if err != nil {
			return nil, err
		}
		v.pages[name] = t
	}
	return v, nil
}

// render writes a page, or the plainest of pages when its template fails: nothing is written before all of it stands.
func (v *views) render(w http.ResponseWriter, status int, name string, page any) {
	b, err := v.execute(name, page)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err != nil {
		status = http.StatusInternalServerError
		b = []byte("<!doctype html><title>Kerbside</title><p>Something went wrong on our side. Nothing was changed; try again.</p>")
	}
	w.WriteHeader(status)
	_, _ = w.Write(b) //nolint:gosec // html/template escaped it; a failed write means that the reader has gone
}

func (v *views) execute(name string, page any) ([]byte, error) {
	t, ok := v.pages[name]
	if !ok {
		return nil, fmt.Errorf("no page %q", name)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout", page); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// clock writes milliseconds as m:ss, or h:mm:ss from an hour on.
func clock(ms int64) string {
	s := ms / 1000
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// when says a moment as people would: today's by the time, this year's without the year.
func when(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(now.Location())
	switch {
	case t.Format(time.DateOnly) == now.Format(time.DateOnly):
		return "today, " + t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("Mon 2 January, 15:04")
	}
	return t.Format("2 January 2006, 15:04")
}

// day says an ISO date as people would, and anything else as it is.
func day(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return t.Format("Monday 2 January 2006")
}

// count says how many there are of something: count 1 "word" is "1 word".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok && !strings.ContainsAny(stem[max(0, len(stem)-1):], "aeiou") {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// form helpers of several pages

func roleName(r kerbside.Role) string {
	switch r {
	case kerbside.RoleWorker:
		return "Social worker"
	case kerbside.RoleReviewer:
		return "Reviewer"
	case kerbside.RoleManager:
		return "Manager"
	case kerbside.RoleSupport:
		return "Business support"
	case kerbside.RoleAdmin:
		return "Administrator"
	}
	return string(r)
}

func audienceName(a kerbside.Audience) string {
	switch a {
	case kerbside.AudienceCaseRecord:
		return "Case record"
	case kerbside.AudienceChronology:
		return "Chronology"
	case kerbside.AudienceFamily:
		return "Family"
	case kerbside.AudiencePartner:
		return "Partner agency"
	case kerbside.AudienceSupervisor:
		return "Supervisor"
	case kerbside.AudienceCourt:
		return "Court"
	}
	return string(a)
}

func visitTitle(v kerbside.Visit, now time.Time) string {
	switch {
	case v.Title != "":
		return v.Title
	case v.SaidDate != "":
		return "Visit of " + day(v.SaidDate)
	case v.Date != "":
		return "Visit of " + day(v.Date)
	}
	return "Visit recorded " + when(v.CreatedAt, now)
}

func stateName(s kerbside.VisitState) string {
	switch s {
	case kerbside.VisitOpen:
		return "Nothing recorded yet"
	case kerbside.VisitProcessing:
		return "Being written"
	case kerbside.VisitDrafted:
		return "To check and approve"
	case kerbside.VisitApproved:
		return "Waits for review"
	case kerbside.VisitReturned:
		return "Returned to you"
	case kerbside.VisitLocked:
		return "Reviewed and locked"
	case kerbside.VisitFailed:
		return "Needs attention"
	case kerbside.VisitErased:
		return "Deleted"
	}
	return string(s)
}
