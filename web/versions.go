package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kerbside"
	"kerbside/service"
)

// versionsPage is the versions of everything that was written for a visit, and two versions of one of them side by side.
type versionsPage struct {
	layout
	ID        kerbside.VisitID
	Title     string
	Documents []documentLink
	Name      string // of the one that is shown
	Kind, Key string
	Versions  []versionRow // newest first
	From, To  int
	Blocks    []compareBlock // nil when there is one version only
	Changes   int
}

type documentLink struct {
	Name, Href string
	Versions   int
	Current    bool
}

type versionRow struct {
	Version  int
	At       time.Time
	By       string
	Why      []string
	Href     string // compares it with the one before; "" for the first
	From, To bool
}

// compareBlock is a stretch of lines that stayed as they were, or of lines that did not.
type compareBlock struct {
	Same  []versionLine
	Pairs []comparePair
}

// comparePair is a line before and after; either may be empty.
type comparePair struct {
	Group         string
	Before, After []markedText
}

type markedText struct {
	Text   string
	Marked bool
}

// versionLine is a line of a document as people read it.
type versionLine struct{ Group, Text string }

func (s *server) versions(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	id := kerbside.VisitID(r.PathValue("id"))
	list, err := s.Service.Versions(r.Context(), u, id)
	if err != nil {
		return err
	}
	view, err := s.Service.Visit(r.Context(), u, id)
	if err != nil {
		return err
	}
	title := visitTitle(view.Visit, s.Now())
	page := versionsPage{layout: layout{Heading: "Versions: " + title, User: &u, Nav: "visits"}, ID: id, Title: title}
	q := r.URL.Query()
	chosen := chooseDocument(list, q.Get("kind"), q.Get("key"))
	for i, h := range list {
		page.Documents = append(page.Documents, documentLink{Name: documentName(h, view), Href: versionsHref(id, h, 0, 0), Versions: len(h.Versions), Current: i == chosen})
	}
	if chosen >= 0 {
		h := list[chosen]
		page.Name, page.Kind, page.Key = documentName(h, view), string(h.Kind), h.Key
		page.From, page.To = versionPair(h, q)
		page.Versions = versionRows(id, h, page.From, page.To)
		if err := s.compare(r, u, id, h, &page); err != nil {
			return err
		}
	}
	s.views.render(w, http.StatusOK, "versions", page)
	return nil
}

// chooseDocument gives the document that is asked for, else the first that has more than one version; -1 when there is none.
func chooseDocument(list []service.DocumentHistory, kind, key string) int {
	i := slices.IndexFunc(list, func(h service.DocumentHistory) bool { return string(h.Kind) == kind && h.Key == key })
	if i < 0 {
		i = slices.IndexFunc(list, func(h service.DocumentHistory) bool { return len(h.Versions) > 1 })
	}
	if i < 0 && len(list) > 0 {
		i = 0
	}
	return i
}

func documentName(h service.DocumentHistory, v *service.VisitView) string {
	switch h.Kind {
	case kerbside.DocRecord:
		return "Facts"
	case kerbside.DocDraft:
		return audienceName(kerbside.Audience(h.Key))
	}
	transcripts, at := 0, 0
	for i, t := range v.Transcripts {
		transcripts++
		if string(t.Recording) == h.Key {
			at = i + 1
		}
	}
	switch {
	case at == 0:
		return "A recording that was taken out"
	case transcripts == 1:
		return "Transcript"
	}
	return fmt.Sprintf("Transcript %d", at)
}

// versionPair is what to compare: what is asked for, else the newest with the one before.
func versionPair(h service.DocumentHistory, q url.Values) (from, to int) {
	pick := func(name string, otherwise int) int {
		n, err := strconv.Atoi(q.Get(name))
		if err != nil || n < 1 || n > len(h.Versions) {
			return otherwise
		}
		return n
	}
	to = pick("to", len(h.Versions))
	return pick("from", max(1, to-1)), to
}

func versionsHref(id kerbside.VisitID, h service.DocumentHistory, from, to int) string {
	q := url.Values{"kind": {string(h.Kind)}}
	if h.Key != "" {
		q.Set("key", h.Key)
	}
	if to > 0 {
		q.Set("from", strconv.Itoa(from))
		q.Set("to", strconv.Itoa(to))
	}
	return "/visits/" + url.PathEscape(string(id)) + "/versions?" + q.Encode()
}

func versionRows(id kerbside.VisitID, h service.DocumentHistory, from, to int) []versionRow {
	var rows []versionRow
	for i, v := range slices.Backward(h.Versions) {
		row := versionRow{Version: i + 1, At: v.At, By: firstOf(v.ByName, "Kerbside"), From: i+1 == from, To: i+1 == to}
		switch {
		case v.Correction != nil:
			text := service.CorrectionText(*v.Correction)
			if v.Correction.Undoes != "" {
				text = "took back: " + text
			}
			row.Why = append(row.Why, text)
			if v.Correction.Reason != "" {
				row.Why = append(row.Why, v.Correction.Reason)
			}
		case i == 0:
			row.Why = []string{"the first"}
		default:
			for _, x := range v.After {
				row.Why = append(row.Why, strings.TrimSpace(x.ByName+" "+actionName(x)))
			}
			row.Why = slices.Compact(row.Why)
			if len(row.Why) == 0 {
				row.Why = []string{"made anew from what is known now"}
			}
		}
		if i > 0 {
			row.Href = versionsHref(id, h, i, i+1) + "#compare"
		}
		rows = append(rows, row)
	}
	return rows
}

// compare fills in what differs between two versions.
func (s *server) compare(r *http.Request, u kerbside.User, id kerbside.VisitID, h service.DocumentHistory, page *versionsPage) error {
	if len(h.Versions) < 2 || page.From == page.To {
		return nil
	}
	var lines [2][]versionLine
	for i, n := range []int{page.From, page.To} {
		d, err := s.Service.Document(r.Context(), u, id, h.Versions[n-1].Document)
		if err != nil {
			return err
		}
		if lines[i], err = versionLines(d); err != nil {
			return err
		}
	}
	page.Blocks = compareLines(lines[0], lines[1])
	for _, b := range page.Blocks {
		page.Changes += len(b.Pairs)
	}
	return nil
}

// versionLines are the lines of a stored version.
func versionLines(d kerbside.Document) ([]versionLine, error) {
	failed := func(err error) error { return kerbside.E(kerbside.CodeInternal, "web.versionLines", "", err) }
	var out []versionLine
	switch d.Kind {
	case kerbside.DocTranscript:
		var t kerbside.Transcript
		if err := json.Unmarshal(d.Body, &t); err != nil {
			return nil, failed(err)
		}
		for _, text := range sentences(t.Words) {
			out = append(out, versionLine{Text: text})
		}
	case kerbside.DocRecord:
		var record kerbside.Record
		if err := json.Unmarshal(d.Body, &record); err != nil {
			return nil, failed(err)
		}
		p := newVisitBuilder(&service.VisitView{Record: &record}, false).record()
		for _, f := range p.Facts {
			out = append(out, versionLine{"Facts", f.Name + ": " + f.Value})
		}
		for _, g := range p.Groups {
			for _, it := range g.Items {
				text := it.Text
				for _, t := range it.Tags {
					text += " · " + t.Text
				}
				out = append(out, versionLine{g.Name, text})
			}
		}
	case kerbside.DocDraft:
		var draft kerbside.Draft
		if err := json.Unmarshal(d.Body, &draft); err != nil {
			return nil, failed(err)
		}
		for _, x := range draft.Sentences {
			out = append(out, versionLine{x.Block(), x.Text()})
		}
	}
	return out, nil
}

// sentences cuts a transcript where sentences end.
func sentences(words []kerbside.Word) []string {
	var out, now []string
	for _, w := range words {
		now = append(now, w.Text)
		if t := strings.TrimRight(w.Text, "\"'”’)"); strings.HasSuffix(t, ".") || strings.HasSuffix(t, "?") || strings.HasSuffix(t, "!") {
			out, now = append(out, strings.Join(now, " ")), nil
		}
	}
	if len(now) > 0 {
		out = append(out, strings.Join(now, " "))
	}
	return out
}

// compareLines pairs the lines of two versions: between what is the same, the first line before stands beside the first after, and so on.
func compareLines(before, after []versionLine) []compareBlock {
	var out []compareBlock
	same := func(lines []versionLine) {
		if len(lines) > 0 {
			out = append(out, compareBlock{Same: lines})
		}
	}
	at := 0
	for _, x := range service.Differences(len(before), len(after), func(i, j int) bool { return before[i] == after[j] }) {
		same(before[at:x.A])
		at = x.A2
		var block compareBlock
		for i := range max(x.A2-x.A, x.B2-x.B) {
			var a, b versionLine
			if x.A+i < x.A2 {
				a = before[x.A+i]
			}
			if x.B+i < x.B2 {
				b = after[x.B+i]
			}
			p := comparePair{Group: firstOf(b.Group, a.Group)}
			p.Before, p.After = markWords(strings.Fields(a.Text), strings.Fields(b.Text))
			block.Pairs = append(block.Pairs, p)
		}
		out = append(out, block)
	}
	same(before[at:])
	return out
}

// markWords marks the words in which two texts differ.
func markWords(a, b []string) (before, after []markedText) {
	put := func(to []markedText, words []string, marked bool) []markedText {
		if len(words) == 0 {
			return to
		}
		return append(to, markedText{strings.Join(words, " "), marked})
	}
	i, j := 0, 0
	for _, x := range service.Differences(len(a), len(b), func(i, j int) bool { return a[i] == b[j] }) {
		before, after = put(before, a[i:x.A], false), put(after, b[j:x.B], false)
		before, after = put(before, a[x.A:x.A2], true), put(after, b[x.B:x.B2], true)
		i, j = x.A2, x.B2
	}
	return put(before, a[i:], false), put(after, b[j:], false)
}

// undo takes back the last correction of a transcript.
func (s *server) undo(w http.ResponseWriter, r *http.Request) error {
	return s.ofVisit(w, r, "transcript", func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.UndoCorrection(r.Context(), u, id, kerbside.TranscriptID(r.PostFormValue("transcript")), r.PostFormValue("correction"))
	})
}
