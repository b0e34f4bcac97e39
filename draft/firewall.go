package draft

import (
	"bufio"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"kerbside"
)

//go:embed firewall.tsv
var defaultRules string

// The things that rules speak of beside the record's sensitivities.
const (
	ruleUnclassified = "unclassified"
	ruleRestricted   = "restricted"
	ruleDisclosure   = "disclosure"
	ruleUnknown      = "unknown"
)

const (
	mayYes = "yes"
	mayNo  = "no"
	mayOwn = "own"
	mayKid = "children"
)

type rule struct{ may, reason string }

// Rules say what each reader may see. They are data: see firewall.tsv for the form and the defaults.
type Rules struct {
	by map[kerbside.Audience]map[string]rule
}

// DefaultRules are the rules that Kerbside comes with.
func DefaultRules() (*Rules, error) { return ParseRules(defaultRules) }

// ParseRules reads rules in the form of firewall.tsv.
func ParseRules(tsv string) (*Rules, error) {
	r := &Rules{by: map[kerbside.Audience]map[string]rule{}}
	things := set(kerbside.SensitiveThirdParty, kerbside.SensitiveInformant, kerbside.SensitiveAddress, kerbside.SensitiveHealth, kerbside.SensitiveIntimate, kerbside.SensitivePolice,
		kerbside.SensitiveOtherChild, ruleUnclassified, ruleRestricted, ruleDisclosure, ruleUnknown)
	lines := bufio.NewScanner(strings.NewReader(tsv))
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		bad := func(what string) error {
			return kerbside.E(kerbside.CodeInvalid, "draft.ParseRules", fmt.Sprintf("Line %d of the audience rules: %s.", n, what), nil)
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			return nil, bad("it needs four columns with tabs between them")
		}
		a, err := kerbside.ParseAudience(f[0])
		if err != nil {
			return nil, bad("there is no such audience")
		}
		if !things[f[1]] {
			return nil, bad("the second column is none of the things that the head of the file lists")
		}
		if f[2] != mayYes && f[2] != mayNo && f[2] != mayOwn && f[2] != mayKid {
			return nil, bad("the third column must be yes, no, own or children")
		}
		if f[2] != mayYes && strings.TrimSpace(f[3]) == "" {
			return nil, bad("a reason is needed")
		}
		if r.by[a] == nil {
			r.by[a] = map[string]rule{}
		}
		if _, twice := r.by[a][f[1]]; twice {
			return nil, bad("this is ruled twice")
		}
		r.by[a][f[1]] = rule{f[2], f[3]}
	}
	if err := lines.Err(); err != nil {
		return nil, kerbside.E(kerbside.CodeInvalid, "draft.ParseRules", "The audience rules cannot be read.", err)
	}
	return r, nil
}

// The reasons that no single rule gives.
const (
	reasonSameWords = "The same words are withheld in another place."
	reasonNames     = "It names somebody whose part is withheld."
)

// firewall keeps from one reader what that reader may not see.
type firewall struct {
	rules    map[string]rule
	audience kerbside.Audience
	reader   kerbside.PersonID
	people   *people
	release  map[string]bool

	withheld []kerbside.Withheld
	kept     map[string]bool // ids of what is withheld
	blocked  []span
	adults   wordSet
	spans    []sensitiveSpan
	marks    []kerbside.Sensitive // of the record

	strangers    []kerbside.Sensitive // children of another parent
	open, others wordSet
	absent       wordSet    // the words for grown-ups who were not there
	good         []span     // words of strengths
	secret       [][]string // what hidden people are called, as tokens
}

// pass gives the items that the reader may see. Withholding spreads: the same words stay withheld in another item, and so do the names of
// people who are known from withheld words only.
func (f *firewall) pass(all []*item, ss sources) []*item {
	f.kept, f.absent = map[string]bool{}, f.people.absentees()
	worrying := []span{}
	for _, it := range all {
		if it.kind != kindVoice && it.kind != kindAction && it.kind != kindStrength && it.by.Kind == kerbside.ChildSaid && it.polarity != kerbside.Negated {
			worrying = append(worrying, it.main)
		}
	}
	for _, it := range all {
		if it.kind == kindStrength && it.valid && !it.shadow {
			f.good = append(f.good, it.main)
		}
	}
	f.mark(all, ss)
	for _, it := range all {
		reason := f.refuses(it, worrying)
		switch {
		case it.shadow:
			if reason != "" && it.valid && (len(it.sensitivity) > 0 || it.restricted != nil) {
				f.blocked = append(f.blocked, it.main)
			}
		case reason != "":
			f.withhold(it, reason)
		}
	}
	all = slices.DeleteFunc(slices.Clone(all), func(it *item) bool { return it.shadow })
	f.hide(all, ss)
	for changed := true; changed; { // each round withholds at least one more item
		changed = false
		for _, it := range all {
			if f.kept[it.id] || f.release[it.id] {
				continue
			}
			if f.isBlocked(it.main) {
				f.withhold(it, reasonSameWords)
				changed = true
			} else if f.names(it) {
				f.withhold(it, reasonNames)
				changed = true
			}
		}
	}
	return slices.DeleteFunc(all, func(it *item) bool { return f.kept[it.id] })
}

func (f *firewall) withhold(it *item, reason string) {
	f.kept[it.id] = true
	f.withheld = append(f.withheld, kerbside.Withheld{Item: it.id, Kind: it.kind, Reason: reason})
	if !it.valid {
		return
	}
	f.blocked = append(f.blocked, it.main)
}

// refuses gives the reason why the reader may not see an item, or "".
func (f *firewall) refuses(it *item, worrying []span) string {
	if f.release[it.id] {
		return ""
	}
	for _, s := range it.sensitivity {
		r, ok := f.rules[s]
		if !ok && !knownSensitivity(s) {
			r = f.rules[ruleUnknown]
		}
		if f.denies(r, it) {
			return r.reason
		}
	}
	if reason := f.marked(it); reason != "" {
		return reason
	}
	if r := f.rules[ruleRestricted]; it.restricted != nil && f.denies(r, it) {
		from := it.restricted.From
		if f.reader == "" || len(from) == 0 || slices.Contains(from, f.reader) {
			return r.reason
		}
	}
	if r := f.rules[ruleUnclassified]; len(it.about) == 0 && f.denies(r, it) {
		return r.reason
	}
	if r := f.rules[kerbside.SensitiveOtherChild]; f.people.isChild(f.reader) && f.otherChild(it) && f.denies(r, it) {
		return r.reason
	}
	if r := f.rules[ruleDisclosure]; f.denies(r, it) && f.discloses(it, worrying) {
		return r.reason
	}
	return ""
}

func knownSensitivity(s string) bool {
	switch s {
	case kerbside.SensitiveThirdParty, kerbside.SensitiveInformant, kerbside.SensitiveAddress, kerbside.SensitiveHealth, kerbside.SensitiveIntimate, kerbside.SensitivePolice, kerbside.SensitiveOtherChild:
		return true
	}
	return false
}

func (f *firewall) denies(r rule, it *item) bool {
	switch r.may {
	case mayNo:
		return true
	case mayOwn:
		return !f.own(it)
	case mayKid:
		return !f.own(it) && !f.childrens(it)
	}
	return false
}

// own reports whether an item is about the reader and nobody else.
func (f *firewall) own(it *item) bool {
	return f.reader != "" && len(it.about) == 1 && it.about[0] == f.reader
}

// childrens reports whether an item is about children only, and its sentence speaks of no grown-up of the family.
func (f *firewall) childrens(it *item) bool {
	if !it.valid || len(it.about) == 0 || f.people.isChild(f.reader) {
		return false
	}
	for _, p := range it.about {
		if !f.people.isChild(p) {
			return false
		}
	}
	for _, w := range tokens(it.main.sentence().evidence().Quote) {
		w = bare(w)
		if f.grownUps()[w] || relations[w] != "" {
			return false
		}
	}
	return true
}

// grownUps are the words for grown-ups of the record.
func (f *firewall) grownUps() wordSet {
	if f.adults == nil {
		f.adults = wordSet{}
		for _, a := range f.people.list {
			if childRole(a.Role) {
				continue
			}
			for w := range f.people.called(a.ID) {
				f.adults[w] = true
			}
		}
	}
	return f.adults
}

// otherChild reports whether an item is about children only, and none of them the reader.
func (f *firewall) otherChild(it *item) bool {
	for _, p := range it.about {
		if p == f.reader || !f.people.isChild(p) {
			return false
		}
	}
	return len(it.about) > 0
}

// discloses reports whether a child says in the item something worrying that speaks of a grown-up who may be the reader.
func (f *firewall) discloses(it *item, worrying []span) bool {
	if it.by.Kind != kerbside.ChildSaid || it.by.Who != "" && f.reader != "" && f.people.find(it.by.Who) == f.reader {
		return false
	}
	worry := it.kind == kindRisk && it.polarity != kerbside.Negated
	for _, w := range worrying {
		worry = worry || it.kind == kindVoice && it.main.overlaps(w)
	}
	unclear := it.kind == kindVoice && !slices.ContainsFunc(f.good, it.main.overlaps) // nothing tells that it is kind
	if !worry && !unclear {
		return false
	}
	said := tokens(it.text)
	for _, a := range f.people.list {
		if childRole(a.Role) || f.reader != "" && a.ID != f.reader || !worry && f.reader == "" && a.Presence != kerbside.Present && !atHome(a.Role) {
			continue
		}
		if slices.Contains(it.about, a.ID) {
			return true
		}
		called := f.people.called(a.ID)
		for _, w := range said {
			if called[bare(w)] {
				return true
			}
		}
	}
	return false
}

// atHome reports whether somebody of a role may well live with the child, and so read what is sent there.
func atHome(role string) bool {
	return strings.HasSuffix(role, "mother") && !strings.HasPrefix(role, "grand") || strings.HasSuffix(role, "father") && !strings.HasPrefix(role, "grand") ||
		strings.Contains(role, "partner") || strings.Contains(role, "carer") || role == "boyfriend" || role == "girlfriend" || role == "husband" || role == "wife"
}

// hide finds the people whom the reader may know only from what is withheld, and informants.
func (f *firewall) hide(all []*item, ss sources) {
	if len(f.blocked) == 0 {
		return
	}
	f.hideNames()
	for _, it := range all {
		if f.kept[it.id] && slices.Contains(it.sensitivity, kerbside.SensitiveInformant) {
			for _, who := range append([]string{it.by.Who}, it.by.Chain...) {
				p := f.people.find(who)
				if a := f.people.byID[p]; a != nil && a.Presence == kerbside.Present {
					continue
				} else if a != nil {
					f.hideName(a.Name)
				}
				f.hideName(who)
			}
		}
	}
	for _, a := range f.people.list {
		if a.Presence == kerbside.Present || len(a.Evidence) == 0 {
			continue
		}
		only := true
		for _, e := range a.Evidence {
			s, ok := ss.span(e)
			only = only && ok && f.isInside(s)
		}
		if only {
			f.hideName(a.Name)
		}
	}
}

func (f *firewall) hideName(name string) {
	all := tokens(name)
	if len(all) == 0 || fold(name) == "worker" {
		return
	}
	f.secret = append(f.secret, all)
	for _, w := range all {
		if len(w) > 3 && w != "miss" && len(all) > 1 && strings.Contains(name, capital(w)) { // a surname alone names her too
			f.secret = append(f.secret, []string{w})
		}
	}
}

func (f *firewall) isBlocked(s span) bool {
	return slices.ContainsFunc(f.blocked, s.overlaps)
}

func (f *firewall) isInside(s span) bool {
	return slices.ContainsFunc(f.blocked, func(b span) bool { return b.contains(s) })
}

// shows reports whether words speak of a hidden person.
func (f *firewall) shows(text string) bool {
	if len(f.secret) == 0 {
		return false
	}
	words := tokens(text)
	for i := range words {
		words[i] = bare(words[i])
	}
	for _, name := range f.secret {
		for i := 0; i+len(name) <= len(words); i++ {
			if slices.Equal(words[i:i+len(name)], name) {
				return true
			}
		}
	}
	return false
}

// mayAdd reports whether words may be shown round an item's own. For a reader from whom the unclassified is withheld they must hold no
// number and speak of no grown-up who was not there.
func (f *firewall) mayAdd(own, all []string) bool {
	if f.rules[ruleUnclassified].may != mayNo {
		return true
	}
	for _, w := range all {
		if slices.Contains(own, w) {
			continue
		}
		if strings.ContainsAny(w, "0123456789") && !ordinal(w) {
			return false
		}
		if f.absent[bare(w)] {
			return false
		}
	}
	return true
}

// ordinal reports the day of a date, as in "the 24th".
func ordinal(w string) bool {
	digits := strings.TrimRight(w, "stndrh")
	return digits != w && len(digits) <= 2 && strings.Trim(digits, "0123456789") == ""
}

// absentees are the words for grown-ups who were not there.
func (p *people) absentees() wordSet {
	out := wordSet{}
	for _, a := range p.list {
		if a.Presence == kerbside.Present || childRole(a.Role) {
			continue
		}
		for _, w := range append(tokens(a.Name), a.Role) {
			out[w] = true
		}
	}
	return out
}

func (f *firewall) names(it *item) bool {
	if f.shows(it.text) || f.shows(it.by.Who) || f.shows(it.owner) || f.shows(strings.Join(it.by.Chain, ". ")) || f.shows(it.due.Text) {
		return true
	}
	return len(it.evidence) > 0 && f.shows(it.evidence[0].Quote)
}
