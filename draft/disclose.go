package draft

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"kerbside"
)

// The reasons for which something is withheld from the person whom it may be about, beside those of the family's rules.
const (
	reasonNotFound = "The person is not named in this visit in a way that leaves no doubt."
	reasonOthers   = "It is about somebody else too."
	reasonOther    = "It is about somebody else."
	reasonSource   = "Somebody else said it."
	reasonMentions = "It may speak of somebody else."
	reasonWords    = "Its words are not there any more."
	reasonOpen     = "A language model proposed it, and nobody has accepted it."
)

// Disclose implements [kerbside.Discloser]. Nothing is shown that the family's rules keep from the person, that is about anybody else, that anybody else
// said, or whose words may speak of anybody else; whatever is in doubt is withheld, with its reason, for a person to look at.
func (d *Drafter) Disclose(ctx context.Context, r *kerbside.Record, src []*kerbside.Source, o kerbside.DiscloseOptions) (*kerbside.Disclosure, error) {
	const op = "draft.Disclose"
	if err := ctx.Err(); err != nil {
		return nil, kerbside.E(kerbside.CodeCanceled, op, "", err)
	}
	if r == nil {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "There is no record to look through.", nil)
	}
	in := prepare(r, src)
	people := newPeople(r)
	out := &kerbside.Disclosure{Person: subject(people, o)}
	release := map[string]bool{}
	for _, x := range o.Release {
		if x.Item == "" || strings.TrimSpace(x.Reason) == "" {
			return nil, kerbside.E(kerbside.CodeInvalid, op, "Say which item is released, and why.", nil)
		}
		release[x.Item] = true
	}
	wall := &firewall{rules: d.rules.by[kerbside.AudienceFamily], audience: kerbside.AudienceFamily, reader: out.Person, people: people, marks: r.Sensitive, release: release}
	wall.pass(in.all, in.texts)
	refused := map[string]string{}
	for _, w := range wall.withheld {
		refused[w.Item] = w.Reason
	}
	other := others(people, out.Person, o)
	seen := map[string]bool{}
	for _, it := range in.all {
		if seen[it.id] {
			continue
		}
		seen[it.id] = true
		reason := ""
		switch {
		case !it.valid:
			reason = reasonWords
		case release[it.id]:
		case it.shadow:
			reason = reasonOpen
		case out.Person == "":
			reason = reasonNotFound
		case refused[it.id] != "":
			reason = refused[it.id]
		default:
			reason = disclosable(it, out.Person, people, other)
		}
		if reason != "" {
			out.Withheld = append(out.Withheld, kerbside.Withheld{Item: it.id, Kind: it.kind, Reason: reason})
			continue
		}
		s, err := kerbside.NewSentence(it.kind, it.evidence[0].Quote, kerbside.VerdictQuoted, []string{it.id}, it.evidence[0])
		if err != nil {
			return nil, err
		}
		polarity := it.polarity
		if slices.ContainsFunc(tokens(s.Text()), negates) { // the words say it themselves: to say it once more would turn them round
			polarity = ""
		}
		out.Lines = append(out.Lines, kerbside.DisclosureLine{Sentence: s, Kind: it.kind, Polarity: polarity, Temporality: it.temporality, Opinion: it.by.Kind == kerbside.WorkerOpinion})
	}
	if i := slices.IndexFunc(r.Children, func(c kerbside.ChildFacts) bool { return out.Person != "" && c.Person == out.Person }); i >= 0 {
		c := r.Children[i]
		out.Seen, out.SeenAlone, out.BedroomSeen = c.ChildSeen.Value, c.SeenAlone.Value, c.BedroomSeen.Value
	}
	return out, nil
}

// subject finds the person in a record: by the whole name, else by the first name where the role leaves no doubt; "" when several could be meant.
func subject(people *people, o kerbside.DiscloseOptions) kerbside.PersonID {
	names := tokens(o.Name)
	if len(names) == 0 {
		return ""
	}
	var found []kerbside.PersonID
	for _, a := range people.list {
		called := tokens(a.Name)
		same := len(called) > 0 && called[0] == names[0] && (len(called) == 1 || called[len(called)-1] == names[len(names)-1])
		byRole := a.Name == "" && o.Role != "" && fold(a.Role) == fold(o.Role) && !childRole(a.Role)
		if same && (a.Role == "" || o.Role == "" || childRole(a.Role) == childRole(fold(o.Role))) || byRole {
			found = append(found, a.ID)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// disclosable gives the reason why an item that the family's rules let pass is withheld all the same, or "".
func disclosable(it *item, person kerbside.PersonID, people *people, other wordSet) string {
	switch {
	case !slices.Contains(it.about, person):
		return reasonOther
	case len(it.about) > 1:
		return reasonOthers
	case reported(it.by.Kind) && people.find(it.by.Who) != person, len(it.by.Chain) > 1:
		return reasonSource
	case speaksOfOthers(it.evidence[0].Quote, people.called(person), people.byID[person], other):
		return reasonMentions
	}
	return ""
}

// persons are words for people who may be anybody.
var persons = set("brother", "brothers", "sister", "sisters", "sibling", "siblings", "partner", "boyfriend", "girlfriend", "husband", "wife", "ex", "friend", "friends", "cousin", "cousins", "aunt", "auntie", "aunty", "uncle",
	"neighbour", "neighbours", "teacher", "nurse", "doctor", "gp", "worker", "officer", "parent", "parents", "carer", "carers", "stepdad", "stepmum", "family", "baby", "man", "woman", "men", "women", "boy", "girl", "son", "daughter",
	"somebody", "someone", "kids", "children", "lodger", "landlord", "he's", "she's", "police", "solicitor", "mother", "father", "grandmother", "grandfather", "mothers", "fathers")

// others are the words that may speak of anybody but the person.
func others(people *people, person kerbside.PersonID, o kerbside.DiscloseOptions) wordSet {
	out := wordSet{}
	for w := range persons {
		out[w] = true
	}
	for w, role := range relations {
		out[w], out[role] = true, true
	}
	for _, a := range people.list {
		if a.ID == person {
			continue
		}
		for w := range people.called(a.ID) {
			for _, one := range tokens(w) {
				out[one] = true
			}
		}
	}
	for _, name := range o.Others {
		for _, w := range tokens(name) {
			out[w] = true
		}
	}
	if person != "" { // the person's own name and role are no one else's, save for a title before it
		for w := range people.called(person) {
			for _, one := range tokens(w) {
				delete(out, one)
			}
		}
	}
	for w := range titles {
		out[w] = true
	}
	return out
}

// speaksOfOthers reports whether words may speak of anybody but the person: by a word for others, a capital that is not the person's, a pronoun of another
// gender, or a number that could be an address or a telephone.
func speaksOfOthers(quote string, own wordSet, who *kerbside.Attendee, other wordSet) bool {
	he, she := false, false
	for i, raw := range strings.Fields(quote) {
		word := strings.TrimFunc(raw, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		for _, w := range tokens(word) {
			w = bare(w)
			he = he || slices.Contains([]string{"he", "him", "his", "himself"}, w)
			she = she || slices.Contains([]string{"she", "her", "hers", "herself"}, w)
			if other[w] {
				return true
			}
			first := []rune(word)[0]
			if i > 0 && unicode.IsUpper(first) && !own[w] && !commonCapitals[w] && w != "i" {
				return true
			}
		}
		if digits := strings.Map(onlyDigits, word); len(digits) > 4 {
			return true
		}
	}
	if he && she {
		return true
	}
	role := fold(who.Role)
	male := strings.HasSuffix(role, "father") || role == "son" || role == "brother"
	female := strings.HasSuffix(role, "mother") || role == "daughter" || role == "sister"
	return male && she || female && he
}

func onlyDigits(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}
