package score

import (
	"math"
	"slices"
	"strings"

	"kerbside"
)

// VisitFields are the facts of the visit that are scored.
var VisitFields = []string{"date", "time", "type", "announced", "child_seen", "seen_alone", "bedroom_seen", "next_visit"}

var (
	groups         = append(slices.Clone(spanGroups), "attendees")
	falseYesFields = []string{"child_seen", "seen_alone", "bedroom_seen"}
	accuracies     = accuracyNames()
	safeties       = []string{"not_affirmed_as_affirmed", "affirmed_as_negated", "false_yes.child_seen", "false_yes.seen_alone", "false_yes.bedroom_seen"}
	faithfulnesses = []string{"items", "no_evidence", "evidence_not_in_text", "offsets_wrong", "names_not_in_text", "numbers_not_in_text", "child_words_not_verbatim"}
)

func accuracyNames() []string {
	names := []string{"risks.polarity", "risks.attribution", "risks.temporality", "strengths.attribution", "actions.owner", "actions.due", "actions.status", "attendees.presence"}
	for _, f := range VisitFields {
		names = append(names, "visit."+f)
	}
	return names
}

// Report is the figures of one run. In JSON it has the names of score.py; a figure over nothing is null.
type Report struct {
	Cases        int                 `json:"cases"`
	Missing      int                 `json:"missing_or_invalid"`
	Groups       map[string]Group    `json:"groups"`
	Accuracy     map[string]Accuracy `json:"accuracy"`
	Safety       map[string]Count    `json:"safety"`
	Faithfulness map[string]int      `json:"faithfulness"`
	Details      map[string][]Detail `json:"details,omitempty"`
}

// Group counts the items of one group. Ignored are those that were optional. F1 is micro-averaged; its interval is the 95 % percentile
// bootstrap over cases, with a fixed seed.
type Group struct {
	Gold      int         `json:"gold"`
	Predicted int         `json:"predicted"`
	Matched   int         `json:"matched"`
	Ignored   int         `json:"ignored"`
	Precision *float64    `json:"precision"`
	Recall    *float64    `json:"recall"`
	F1        *float64    `json:"f1"`
	Interval  *[2]float64 `json:"f1_95"`
}

// Accuracy is the share of right values; for items, over the matched ones.
type Accuracy struct {
	Right    int      `json:"right"`
	N        int      `json:"n"`
	Accuracy *float64 `json:"accuracy"`
}

// Count is how often an error was made, of the times it could be.
type Count struct {
	Count int `json:"count"`
	N     int `json:"n"`
}

// Detail is one fault: group, what, and where.
type Detail [3]string

// Score scores records, by case id, against cases. A record that is missing counts as empty.
func Score(cases []Case, records map[string]*kerbside.Record) Report {
	names := map[string]bool{}
	for _, c := range cases {
		for _, a := range c.Gold.Attendees {
			for _, w := range nameWords(a.Name) {
				names[w] = true
			}
		}
	}
	out := Report{Cases: len(cases), Groups: map[string]Group{}, Accuracy: map[string]Accuracy{}, Safety: map[string]Count{}, Faithfulness: map[string]int{}, Details: map[string][]Detail{}}
	var results []*result
	for i := range cases {
		record := records[cases[i].ID]
		if record == nil {
			out.Missing++
		}
		r := scoreCase(&cases[i], record, names)
		results = append(results, r)
		out.Details[cases[i].ID] = r.details
	}
	draws := resample(len(results))
	for _, g := range groups {
		out.Groups[g] = group(results, g, draws)
	}
	for _, name := range accuracies {
		a := Accuracy{}
		for _, r := range results {
			a.Right += r.checks[name][0]
			a.N += r.checks[name][1]
		}
		if a.N > 0 {
			share := float64(a.Right) / float64(a.N)
			a.Accuracy = &share
		}
		out.Accuracy[name] = a
	}
	for _, name := range safeties {
		c := Count{}
		for _, r := range results {
			c.Count += r.safety[name].Count
			c.N += r.safety[name].N
		}
		out.Safety[name] = c
	}
	for _, name := range faithfulnesses {
		for _, r := range results {
			out.Faithfulness[name] += r.faith[name]
		}
	}
	return out
}

func group(results []*result, name string, draws [][]int) Group {
	sum := func(choose []int) (n [4]int) {
		for _, i := range choose {
			for k, x := range results[i].counts[name] {
				n[k] += x
			}
		}
		return n
	}
	var all []int
	for i := range results {
		all = append(all, i)
	}
	n := sum(all)
	g := Group{Gold: n[0] + n[2], Predicted: n[0] + n[1] + n[3], Matched: n[0], Ignored: n[3]}
	g.Precision, g.Recall, g.F1 = ratio(n[0], n[0]+n[1]), ratio(n[0], n[0]+n[2]), ratio(2*n[0], 2*n[0]+n[1]+n[2])
	var found []float64
	for _, draw := range draws {
		if d := sum(draw); 2*d[0]+d[1]+d[2] > 0 {
			found = append(found, *ratio(2*d[0], 2*d[0]+d[1]+d[2]))
		}
	}
	if len(found) > 0 {
		slices.Sort(found)
		last := float64(len(found) - 1)
		g.Interval = &[2]float64{found[int(0.025*last)], found[int(math.RoundToEven(0.975*last))]}
	}
	return g
}

func ratio(a, b int) *float64 {
	if b == 0 {
		return nil
	}
	r := float64(a) / float64(b)
	return &r
}

// result is the counts of one case.
type result struct {
	counts  map[string][4]int // matched, wrong, missed, ignored
	checks  map[string][2]int // right, of
	safety  map[string]Count
	faith   map[string]int
	details []Detail
}

func (r *result) check(name string, right bool) {
	n := r.checks[name]
	if right {
		n[0]++
	}
	n[1]++
	r.checks[name] = n
}

func (r *result) danger(name string, happened bool) {
	n := r.safety[name]
	if happened {
		n.Count++
	}
	n.N++
	r.safety[name] = n
}

func scoreCase(c *Case, record *kerbside.Record, names map[string]bool) *result {
	r := &result{counts: map[string][4]int{}, checks: map[string][2]int{}, safety: map[string]Count{}}
	missing := record == nil
	if missing {
		record = &kerbside.Record{}
	}
	for _, g := range spanGroups {
		r.spans(c, record, g)
	}
	r.people(c, record)
	for _, field := range VisitFields {
		given := visitValue(record, field)
		right := !missing && visitRight(c, field, given)
		r.check("visit."+field, right)
		if !right {
			r.details = append(r.details, Detail{"visit", field, given + ", not " + strings.Join(c.Gold.Visit[field], " or ")})
		}
		if slices.Contains(falseYesFields, field) && !c.Gold.Visit[field].has(kerbside.Yes) {
			r.danger("false_yes."+field, given == kerbside.Yes)
		}
	}
	r.faith = faithfulness(c, record, names)
	return r
}

func (r *result) spans(c *Case, record *kerbside.Record, g string) {
	gold, items := *c.Gold.items(g), predictedOf(record, g)
	m := matchSpans(c, items, g)
	r.counts[g] = [4]int{len(m.pairs), len(m.wrong), len(m.missed), len(m.ignored)}
	for _, i := range m.missed {
		r.details = append(r.details, Detail{g, "missed", gold[i].Quote})
	}
	for _, j := range m.wrong {
		r.details = append(r.details, Detail{g, "wrong", items[j].shown()})
	}
	for _, p := range m.pairs {
		x, item := gold[p.gold], items[p.predicted]
		switch g {
		case "risks":
			r.check("risks.polarity", x.Polarity.has(item.polarity))
			r.check("risks.temporality", x.Temporality.has(item.temporality))
			r.check("risks.attribution", x.Attribution.has(item.attribution))
			if !x.Polarity.has(kerbside.Affirmed) {
				r.danger("not_affirmed_as_affirmed", item.polarity == kerbside.Affirmed)
			} else if !x.Polarity.has(kerbside.Negated) {
				r.danger("affirmed_as_negated", item.polarity == kerbside.Negated)
			}
			if !x.Polarity.has(item.polarity) {
				r.details = append(r.details, Detail{g, "polarity " + item.polarity, x.Quote})
			}
		case "strengths":
			r.check("strengths.attribution", x.Attribution.has(item.attribution))
		case "actions":
			r.check("actions.status", x.Status.has(item.status))
			r.check("actions.owner", ownerRight(c, record, x.Owner, item.owner))
			r.check("actions.due", x.Due.has(item.due))
		}
	}
}

func (r *result) people(c *Case, record *kerbside.Record) {
	m := matchPeople(c, record.Attendees)
	r.counts["attendees"] = [4]int{len(m.pairs), len(m.wrong), len(m.missed), len(m.ignored)}
	shown := func(name, role string) string {
		if name = strings.TrimSpace(name); name != "" {
			return name
		}
		return role
	}
	for _, i := range m.missed {
		r.details = append(r.details, Detail{"attendees", "missed", shown(c.Gold.Attendees[i].Name, c.Gold.Attendees[i].Role)})
	}
	for _, j := range m.wrong {
		r.details = append(r.details, Detail{"attendees", "wrong", shown(record.Attendees[j].Name, record.Attendees[j].Role)})
	}
	for _, p := range m.pairs {
		r.check("attendees.presence", c.Gold.Attendees[p.gold].Presence.has(record.Attendees[p.predicted].Presence))
	}
}

// ownerRight reports whether an owner is one of those accepted, by name or role of the same person of the gold.
func ownerRight(c *Case, record *kerbside.Record, accepted Values, given string) bool {
	for _, p := range record.Attendees {
		if given != "" && given == string(p.ID) {
			if given = strings.TrimSpace(p.Name); given == "" {
				given = strings.TrimSpace(p.Role)
			}
		}
	}
	for _, owner := range accepted {
		if isWorker(owner) {
			if isWorker(given) {
				return true
			}
			continue
		}
		for _, one := range knownAs(c, owner) {
			a, b := setOf(nameWords(one)), setOf(nameWords(given))
			if len(a) > 0 && len(b) > 0 && (within(a, b) || within(b, a)) || sameRole(one, given) {
				return true
			}
		}
	}
	return false
}

// knownAs is an owner with all that the gold calls the same person.
func knownAs(c *Case, owner string) []string {
	known := []string{owner}
	for _, p := range c.Gold.Attendees {
		names := append([]string{p.Name, p.Role}, p.Aliases...)
		same := p.Name != "" && personWeight(p, owner, "") > 0
		for _, n := range names[1:] {
			same = same || strings.ToLower(owner) != "child" && n != "" && sameRole(n, owner)
		}
		for _, n := range names {
			if same && n != "" {
				known = append(known, n)
			}
		}
	}
	return known
}

func visitValue(r *kerbside.Record, field string) string {
	v := &r.Visit
	values := map[string]string{"date": v.Date.Value, "time": v.Time.Value, "type": v.Type.Value, "announced": v.Announced.Value, "child_seen": v.ChildSeen.Value,
		"seen_alone": v.SeenAlone.Value, "bedroom_seen": v.BedroomSeen.Value, "next_visit": v.NextVisit.Value}
	return strings.TrimSpace(values[field])
}

func visitRight(c *Case, field, given string) bool {
	accepted := c.Gold.Visit[field]
	if field == "date" || field == "time" || field == "next_visit" {
		if given == kerbside.NotStated {
			given = ""
		}
		if field == "date" && accepted.has("") && given == c.VisitDate {
			return true
		}
	}
	return accepted.has(given)
}

// faithfulness counts items whose evidence or text does not stand in the dictation.
func faithfulness(c *Case, r *kerbside.Record, names map[string]bool) map[string]int {
	f := faith{text: []rune(c.Text), flat: squeeze(c.Text), numbers: numbers(c.Text), words: map[string]bool{}, names: names, out: map[string]int{}}
	for _, w := range words(c.Text) {
		f.words[w] = true
		for _, part := range strings.Split(w, "-") {
			f.words[part] = true
		}
	}
	for _, g := range spanGroups {
		for _, p := range predictedOf(r, g) {
			f.evidence(p.evidence)
			if g != "child_voice" {
				f.stated(strings.TrimSpace(p.text))
			} else if !strings.Contains(f.flat, squeeze(p.quote)) {
				f.out["child_words_not_verbatim"]++
			}
		}
	}
	for _, a := range r.Attendees {
		f.evidence(a.Evidence)
		f.stated(strings.TrimSpace(a.Name))
	}
	v := &r.Visit
	alone := kerbside.Fact{Value: v.SeenAlone.Value, Evidence: v.SeenAlone.Evidence}
	for i, x := range []kerbside.Fact{v.Date, v.Time, v.Type, v.Place, v.Announced, v.ChildSeen, alone, v.BedroomSeen, v.NextVisit, v.Mode, v.Outcome} {
		if value := strings.TrimSpace(x.Value); value != "" && value != kerbside.NotStated && (i > 0 || value != c.VisitDate) {
			f.evidence(x.Evidence)
		}
	}
	return f.out
}

type faith struct {
	text           []rune
	flat           string
	words, numbers map[string]bool
	names          map[string]bool
	out            map[string]int
}

func (f *faith) evidence(list []kerbside.Evidence) {
	f.out["items"]++
	any, absent, wrong := false, false, false
	for _, e := range list {
		quote := strings.TrimSpace(e.Quote)
		any = any || quote != ""
		absent = absent || !strings.Contains(f.flat, squeeze(quote))
		wrong = wrong || slice(f.text, e.StartChar, e.EndChar) != e.Quote
	}
	switch {
	case !any:
		f.out["no_evidence"]++
	case absent:
		f.out["evidence_not_in_text"]++
	case wrong:
		f.out["offsets_wrong"]++
	}
}

// slice is text[start:end] where offsets may be anything; one below 0 holds nothing.
func slice(text []rune, start, end int) string {
	end = min(end, len(text))
	if start < 0 || start >= end {
		return ""
	}
	return string(text[start:end])
}

func (f *faith) stated(text string) {
	f.out["names_not_in_text"] += len(strayNames(text, f.words, f.names))
	for n := range itemNumbers(text) {
		if !f.numbers[n] {
			f.out["numbers_not_in_text"]++
		}
	}
}
