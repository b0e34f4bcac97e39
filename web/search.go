package web

import (
	"fmt"
	"net/http"
	"strconv"

	"kerbside"
	"kerbside/service"
)

type searchPage struct {
	layout
	In       service.FindInput
	Cases    []choicePart
	Workers  []choicePart // empty when there is one to choose from only
	Trouble  string
	Searched bool
	Summary  string
	Hits     []hitPart
	Next     int // what to skip for the next page; 0 when there is none
	Previous int // likewise; -1 when there is none
}

type hitPart struct {
	URL      string
	Title    string
	Detail   string
	State    string
	Snippets []snippetPart
}

type snippetPart struct {
	Parts []service.SnippetPart
	Spot  spotPart
}

// foundPage is the form that shows another page of what was found.
type foundPage struct {
	In   service.FindInput
	Skip int
	Name string
}

func (s *server) searchForm(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	return s.showSearch(w, r, u, searchPage{Previous: -1})
}

// search answers the form itself: what is looked for is content and stands in no address.
func (s *server) search(w http.ResponseWriter, r *http.Request) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	skip, err := strconv.Atoi(r.PostFormValue("skip"))
	if err != nil || skip < 0 || skip > service.MaxFound {
		skip = 0
	}
	page := searchPage{Previous: -1, In: service.FindInput{
		Text: r.PostFormValue("text"), Person: r.PostFormValue("person"), Case: kerbside.CaseID(r.PostFormValue("case")), Worker: kerbside.UserID(r.PostFormValue("worker")),
		From: r.PostFormValue("from"), Until: r.PostFormValue("until"), Skip: skip,
	}}
	found, err := s.Service.Find(r.Context(), u, page.In)
	if code := kerbside.CodeOf(err); code == kerbside.CodeInvalid || code == kerbside.CodeTooLarge {
		page.Trouble = kerbside.MessageOf(err)
		return s.showSearch(w, r, u, page)
	}
	if err != nil {
		return err
	}
	page.Searched, page.Summary = true, foundSummary(found, skip)
	if next := skip + service.FoundPage; next < found.N {
		page.Next = next
	}
	if skip > 0 {
		page.Previous = max(0, skip-service.FoundPage)
	}
	now := s.Now()
	for _, h := range found.Hits {
		part := hitPart{URL: "/visits/" + string(h.Visit.ID), Title: visitTitle(h.Visit, now), State: stateName(h.Visit.State), Detail: joinDots(h.CaseName, h.WorkerName)}
		for _, x := range h.Snippets {
			part.Snippets = append(part.Snippets, snippetPart{x.Parts, spotWithin(x.Spot)})
		}
		page.Hits = append(page.Hits, part)
	}
	return s.showSearch(w, r, u, page)
}

func foundSummary(f service.Found, skip int) string {
	switch {
	case f.N == 0:
		return "No visit fits."
	case !f.All:
		return fmt.Sprintf("More than %d visits fit; the newest %d are shown. %d to %d:", f.N, f.N, skip+1, min(f.N, skip+service.FoundPage))
	case f.N > service.FoundPage:
		return fmt.Sprintf("%s, newest first. %d to %d:", count(f.N, "visit"), skip+1, min(f.N, skip+service.FoundPage))
	}
	return count(f.N, "visit") + ", newest first."
}

func (s *server) showSearch(w http.ResponseWriter, r *http.Request, u kerbside.User, page searchPage) error {
	choices, err := s.Service.SearchChoices(r.Context(), u)
	if err != nil {
		return err
	}
	page.layout = layout{Heading: "Search", User: &u, Nav: "search"}
	for _, c := range choices.Cases {
		page.Cases = append(page.Cases, choicePart{string(c.ID), joinDots(c.Name, c.Reference), c.ID == page.In.Case})
	}
	if len(choices.Workers) > 1 {
		for _, p := range choices.Workers {
			page.Workers = append(page.Workers, choicePart{string(p.ID), p.Name, p.ID == page.In.Worker})
		}
	}
	s.views.render(w, http.StatusOK, "search", page)
	return nil
}

// joinDots joins what is not empty.
func joinDots(parts ...string) string {
	out := ""
	for _, p := range parts {
		switch {
		case p == "":
		case out == "":
			out = p
		default:
			out += " · " + p
		}
	}
	return out
}
