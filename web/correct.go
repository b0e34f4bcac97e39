package web

import (
	"net/http"
	"slices"
	"strings"

	"kerbside"
	"kerbside/service"
)

// maxChoices bounds the list of places that a correction could mean.
const maxChoices = 50

// correct takes a correction. With the script the form names the words; without it a person types what stands there, and is
// asked which place is meant when there are several.
func (s *server) correct(w http.ResponseWriter, r *http.Request) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	id := kerbside.VisitID(r.PathValue("id"))
	in := service.CorrectionInput{
		Transcript: kerbside.TranscriptID(r.PostFormValue("transcript")),
		First:      kerbside.WordID(r.PostFormValue("first")),
		Last:       kerbside.WordID(r.PostFormValue("last")),
		Old:        strings.TrimSpace(r.PostFormValue("old")),
		New:        strings.TrimSpace(r.PostFormValue("new")),
		Reason:     strings.TrimSpace(r.PostFormValue("reason")),
	}
	if in.First == "" {
		view, err := s.Service.Visit(r.Context(), u, id)
		if err != nil {
			return err
		}
		places := findPlaces(view, in.Old)
		if chosen := r.PostFormValue("place"); chosen != "" {
			places = slices.DeleteFunc(places, func(p place) bool { return p.Value() != chosen })
		}
		switch len(places) {
		case 0:
			return kerbside.E(kerbside.CodeInvalid, "web.correct", "These words do not stand in the transcript. Go back and type them exactly as they are shown.", nil)
		case 1:
			p := places[0]
			in.Transcript, in.First, in.Last, in.Old, in.New = p.Transcript, p.First, p.Last, p.old, keepMarks(p.old, in.Old, in.New)
		default:
			page := choosePage{layout: layout{Heading: "Which one", User: &u, Nav: "visits", Narrow: true}, ID: id, Old: in.Old, New: in.New, Reason: in.Reason}
			for _, p := range places {
				page.Options = append(page.Options, p.chooseOption)
			}
			s.views.render(w, http.StatusOK, "choose", page)
			return nil
		}
	}
	if err := s.Service.Correct(r.Context(), u, id, in); err != nil {
		return err
	}
	backToVisit(w, r, id, "transcript")
	return nil
}

type place struct {
	chooseOption
	old string // the words as the transcript has them
}

// Value names the place in a form.
func (o chooseOption) Value() string {
	return string(o.Transcript) + " " + string(o.First) + " " + string(o.Last)
}

// marks are what stands around words without being part of them.
const marks = ".,;:!?…\"'“”‘’()"

// keepMarks gives new the punctuation that stands around the words in the transcript, where neither what was typed for
// the old words nor the new ones have any.
func keepMarks(stands, typed, fresh string) string {
	if fresh == "" || fresh != strings.Trim(fresh, marks) || typed != strings.Trim(typed, marks) {
		return fresh
	}
	before := len(stands) - len(strings.TrimLeft(stands, marks))
	after := len(strings.TrimRight(stands, marks))
	if after <= before {
		return fresh
	}
	return stands[:before] + fresh + stands[after:]
}

// findPlaces gives the stretches of words that read as old does; case and the punctuation around words do not matter.
func findPlaces(v *service.VisitView, old string) []place {
	want := strings.Fields(bare(old))
	if len(want) == 0 {
		return nil
	}
	var out []place
	for _, tv := range v.Transcripts {
		words := tv.Transcript.Words
		for i := 0; i+len(want) <= len(words) && len(out) < maxChoices; i++ {
			if !readsAs(words[i:i+len(want)], want) {
				continue
			}
			last := i + len(want) - 1
			out = append(out, place{
				chooseOption{Transcript: tv.Transcript.ID, First: words[i].ID, Last: words[last].ID, Before: join(words[max(0, i-6):i]), After: join(words[last+1 : min(len(words), last+7)])},
				join(words[i : last+1]),
			})
		}
	}
	return out
}

func readsAs(words []kerbside.Word, want []string) bool {
	for i, w := range words {
		if bare(w.Text) != want[i] {
			return false
		}
	}
	return true
}

func bare(text string) string {
	fields := strings.Fields(strings.ToLower(text))
	for i, f := range fields {
		if t := strings.Trim(f, marks); t != "" {
			fields[i] = t
		}
	}
	return strings.Join(fields, " ")
}

func join(words []kerbside.Word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	return strings.Join(texts, " ")
}
