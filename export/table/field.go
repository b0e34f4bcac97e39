package table

import (
	"maps"
	"slices"
	"strings"

	"kerbside"
	"kerbside/export/page"
)

type kind int

const (
	kindText      kind = iota // anybody's words
	kindReference             // somebody else's ids
	kindID                    // letters, digits and hyphens of ours
	kindDate                  // ISO 8601
	kindFixed
)

type field struct {
	kind   kind
	values []string // of kindFixed
	note   string
}

// Field describes a field for people.
type Field struct {
	Name, Note string
	Values     []string // all that it can be, where that is fixed
}

// Fields lists what columns can be made from.
func Fields() []Field {
	all := fields()
	var out []Field
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, Field{name, all[name].note, all[name].values})
	}
	return append(out, Field{Name: "draft.AUDIENCE.text", Note: "a whole draft as plain text"}, Field{Name: "draft.AUDIENCE.section.HEADING", Note: "what stands under one heading of it"})
}

func rowKinds() []string { return []string{"visit", "child", "action", "risk", "strength", "voice"} }

func fields() map[string]field {
	text := func(note string) field { return field{note: note} }
	reference := func(note string) field { return field{kind: kindReference, note: note} }
	id := func(note string) field { return field{kind: kindID, note: note} }
	date := func(note string) field { return field{kind: kindDate, note: note} }
	fixed := func(note string, values ...string) field { return field{kindFixed, values, note} }
	yesNo := func(note string) field { return fixed(note, kerbside.Yes, kerbside.No, kerbside.NotStated) }
	polarity := fixed("affirmed, denied or uncertain", kerbside.Affirmed, kerbside.Negated, kerbside.Uncertain)
	said := fixed("whose words", "", kerbside.Observed, kerbside.ChildSaid, kerbside.AdultSaid, kerbside.ProfessionalSaid, kerbside.WorkerOpinion)
	return map[string]field{
		"visit.id":           id("the same for the same visit, each time"),
		"visit.case":         reference("the council's own reference, where it was given"),
		"visit.worker":       text("name of the worker, where it was given"),
		"visit.date":         date("the day that was said or that the worker gave; empty where neither is"),
		"visit.time":         text("16:00"),
		"visit.type":         fixed("type of the visit", kerbside.VisitChildProtection, kerbside.VisitChildInNeed, kerbside.VisitLookedAfter, kerbside.VisitAssessment, kerbside.VisitOther, kerbside.NotStated),
		"visit.mode":         fixed("how it took place", kerbside.ModeInPerson, kerbside.ModePhone, kerbside.ModeVideo, kerbside.ModeMeeting, kerbside.NotStated),
		"visit.outcome":      fixed("what came of it", kerbside.OutcomeCompleted, kerbside.OutcomeNoAccess, kerbside.OutcomeRefused, kerbside.OutcomeCancelled, kerbside.NotStated),
		"visit.place":        text("where"),
		"visit.announced":    yesNo("whether it was announced"),
		"visit.child_seen":   yesNo("whether at least one child was seen"),
		"visit.seen_alone":   yesNo("whether at least one child was seen alone"),
		"visit.bedroom_seen": yesNo("whether at least one bedroom was seen"),
		"visit.next_visit":   date("day of the next visit"),
		"visit.approved":     fixed("whether its worker has approved it", kerbside.Yes, kerbside.No),
		"visit.approved_by":  text("name of who approved it"),
		"visit.approved_on":  date("day of the approval"),
		"visit.reviewed_by":  text("name of the second person"),

		"child.visit_id":     id("the same for the same visit and child, each time"),
		"child.plan":         reference("the council's id of the child's plan, where it was given"),
		"child.name":         text("as spoken"),
		"child.age":          text("as spoken"),
		"child.seen":         yesNo("whether this child was seen"),
		"child.seen_alone":   yesNo("whether this child was seen alone"),
		"child.alone_reason": text("why not alone, in the worker's words"),
		"child.bedroom_seen": yesNo("whether this child's bedroom was seen"),

		"action.id": id("stable"), "action.text": text("what"), "action.owner": text("who: worker, or a name or role as spoken"), "action.due_text": text("when, in the words"),
		"action.due_date": date("the day, where the words give one"), "action.status": fixed("planned, agreed or done", kerbside.Planned, kerbside.Agreed, kerbside.Done), "action.quote": text("the words that say it"),

		"risk.id": id("stable"), "risk.text": text("what"), "risk.factor": text("assessment factor, a suggestion"), "risk.polarity": polarity,
		"risk.temporality": fixed("when it is or was", kerbside.Current, kerbside.Historical, kerbside.Future), "risk.said_by": said, "risk.who": text("who said it"), "risk.quote": text("the words that say it"),

		"strength.id": id("stable"), "strength.text": text("what"), "strength.polarity": polarity, "strength.said_by": said, "strength.who": text("who said it"), "strength.quote": text("the words that say it"),

		"voice.id": id("stable"), "voice.child": text("name or role as spoken"), "voice.quote": text("the child's words"),
		"voice.mode": fixed("direct words, reported words or signs", kerbside.VoiceDirect, kerbside.VoiceParaphrase, kerbside.VoiceNonverbal),
	}
}

func fieldOf(name string) (field, bool) {
	if rest, ok := strings.CutPrefix(name, "draft."); ok {
		audience, part, _ := strings.Cut(rest, ".")
		_, err := kerbside.ParseAudience(audience)
		heading, section := strings.CutPrefix(part, "section.")
		return field{}, err == nil && (part == "text" || section && heading != "")
	}
	f, ok := fields()[name]
	return f, ok
}

// row is what one row's columns can be made from.
type row struct {
	dossier *kerbside.Dossier
	values  map[string]string
}

// bullet begins no formula, unlike the hyphen of text for pasting.
const bullet = "• "

func (r row) get(name string) string {
	rest, ok := strings.CutPrefix(name, "draft.")
	if !ok {
		return r.values[name]
	}
	audience, part, _ := strings.Cut(rest, ".")
	i := slices.IndexFunc(r.dossier.Drafts, func(d *kerbside.Draft) bool { return string(d.Audience) == audience })
	if i < 0 {
		return ""
	}
	p := page.New(r.dossier.Drafts[i], kerbside.ExportOptions{Approval: r.dossier.Approval, Unapproved: r.dossier.Approval == nil})
	if part == "text" {
		return strings.TrimRight(string(p.Text(bullet)), "\n")
	}
	heading, _ := strings.CutPrefix(part, "section.")
	s, _ := p.Section(heading)
	return strings.TrimRight(string(s.Text(bullet)), "\n")
}
