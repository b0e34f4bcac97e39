package score

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"kerbside"
)

// predicted is one item of a record, whatever its group.
type predicted struct {
	text, quote                                       string
	polarity, temporality, attribution, status, owner string
	due                                               string
	hasPolarity                                       bool
	evidence                                          []kerbside.Evidence
}

var spanGroups = []string{"risks", "strengths", "actions", "child_voice"}

var kindOf = map[string]string{"risks": "risk", "strengths": "strength", "actions": "action", "child_voice": "child_voice"}

func predictedOf(r *kerbside.Record, group string) []predicted {
	var out []predicted
	switch group {
	case "risks":
		for _, x := range r.Risks {
			out = append(out, predicted{text: x.Text, polarity: x.Polarity, temporality: x.Temporality, attribution: x.Attribution.Kind, hasPolarity: true, evidence: x.Evidence})
		}
	case "strengths":
		for _, x := range r.Strengths {
			out = append(out, predicted{text: x.Text, polarity: x.Polarity, attribution: x.Attribution.Kind, hasPolarity: true, evidence: x.Evidence})
		}
	case "actions":
		for _, x := range r.Actions {
			out = append(out, predicted{text: x.Text, owner: strings.TrimSpace(x.Owner), due: strings.TrimSpace(x.Due.Date), status: x.Status, evidence: x.Evidence})
		}
	case "child_voice":
		for _, x := range r.ChildVoice {
			out = append(out, predicted{quote: x.Quote, evidence: x.Evidence})
		}
	}
	return out
}

// shown is what stands for an item in a list of faults.
func (p predicted) shown() string {
	return cmp.Or(strings.TrimSpace(p.quote), strings.TrimSpace(p.text))
}

func (p predicted) spans(text []rune) []span {
	var out []span
	for _, e := range p.evidence {
		if s := locate(text, e.Quote, e.StartChar, e.EndChar); s != nil {
			out = append(out, *s)
		}
	}
	return out
}

type pair struct{ gold, predicted int }

// matching is what became of the items of one group.
type matching struct {
	pairs                  []pair
	missed, wrong, ignored []int
}

// assign gives the pairs of greatest total weight, one to one, by the Hungarian method (Kuhn 1955, in the O(n³) form with
// potentials); pairs of weight 0 are left out.
func assign(weights [][]float64) []pair {
	if len(weights) == 0 || len(weights[0]) == 0 {
		return nil
	}
	rows, cols := len(weights), len(weights[0])
	if rows > cols {
		flipped := make([][]float64, cols)
		for j := range flipped {
			flipped[j] = make([]float64, rows)
			for i := range rows {
				flipped[j][i] = weights[i][j]
			}
		}
		out := assign(flipped)
		for i, p := range out {
			out[i] = pair{p.predicted, p.gold}
		}
		return sorted(out)
	}
	u, v, owner, way := make([]float64, rows+1), make([]float64, cols+1), make([]int, cols+1), make([]int, cols+1)
	for row := 1; row <= rows; row++ {
		owner[0] = row
		col := 0
		least, used := make([]float64, cols+1), make([]bool, cols+1)
		for j := range least {
			least[j] = math.Inf(1)
		}
		for {
			used[col] = true
			here, delta, following := owner[col], math.Inf(1), 0
			for j := 1; j <= cols; j++ {
				if used[j] {
					continue
				}
				if slack := -weights[here-1][j-1] - u[here] - v[j]; slack < least[j] {
					least[j], way[j] = slack, col
				}
				if least[j] < delta {
					delta, following = least[j], j
				}
			}
			for j := range used {
				if used[j] {
					u[owner[j]] += delta
					v[j] -= delta
				} else {
					least[j] -= delta
				}
			}
			col = following
			if owner[col] == 0 {
				break
			}
		}
		for col != 0 {
			owner[col] = owner[way[col]]
			col = way[col]
		}
	}
	var out []pair
	for j := 1; j <= cols; j++ {
		if owner[j] != 0 && weights[owner[j]-1][j-1] > 0 {
			out = append(out, pair{owner[j] - 1, j - 1})
		}
	}
	return sorted(out)
}

func sorted(list []pair) []pair {
	slices.SortFunc(list, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.gold, b.gold), cmp.Compare(a.predicted, b.predicted))
	})
	return list
}

// rest fills in what the pairs leave over; optional tells what is neither right nor wrong.
func (m *matching) rest(golds, items int, optional func(int) bool) {
	gold, taken := map[int]bool{}, map[int]bool{}
	for _, p := range m.pairs {
		gold[p.gold], taken[p.predicted] = true, true
	}
	for i := range golds {
		if !gold[i] {
			m.missed = append(m.missed, i)
		}
	}
	for j := range items {
		switch {
		case taken[j]:
		case optional(j):
			m.ignored = append(m.ignored, j)
		default:
			m.wrong = append(m.wrong, j)
		}
	}
}

// likeness is a small bonus that separates items with the same span: shared words, then agreeing values.
func likeness(gold Item, p predicted) float64 {
	a, b := setOf(words(gold.Quote)), setOf(words(cmp.Or(strings.TrimSpace(p.text), strings.TrimSpace(p.quote))))
	common := 0
	for w := range a {
		if b[w] {
			common++
		}
	}
	shared := 0.0
	if all := len(a) + len(b) - common; all > 0 {
		shared = float64(common) / float64(all)
	}
	same := 0.0
	if p.hasPolarity && gold.Polarity.has(p.polarity) || !p.hasPolarity && gold.Polarity == nil {
		same = 1
	}
	return float64(0.1*shared) + float64(0.01*same)
}

func matchSpans(c *Case, items []predicted, group string) matching {
	text, gold := []rune(c.Text), *c.Gold.items(group)
	spans := make([][]span, len(items))
	for i, p := range items {
		spans[i] = p.spans(text)
	}
	weights := make([][]float64, len(gold))
	for i, g := range gold {
		target := locate(text, g.Quote, -1, -1)
		weights[i] = make([]float64, len(items))
		for j, p := range items {
			close := 0.0
			for _, s := range spans[j] {
				if target != nil {
					close = max(close, closeness(*target, s))
				}
			}
			if close > 0 {
				weights[i][j] = 100 + close + likeness(g, p)
			}
		}
	}
	m := matching{pairs: assign(weights)}
	var optional []span
	for _, o := range c.Gold.Optional {
		if o.Kind == kindOf[group] {
			if s := locate(text, o.Quote, -1, -1); s != nil {
				optional = append(optional, *s)
			}
		}
	}
	m.rest(len(gold), len(items), func(j int) bool {
		for _, o := range optional {
			for _, s := range spans[j] {
				if closeness(o, s) > 0 {
					return true
				}
			}
		}
		return false
	})
	return m
}

// personWeight says how well a name and a role fit a person of the gold; 0 when they do not.
func personWeight(gold Person, name, role string) float64 {
	name, role = strings.TrimSpace(name), strings.TrimSpace(role)
	best := 0
	if gold.Name != "" {
		for _, known := range append([]string{gold.Name}, gold.Aliases...) {
			a, b := nameWords(known), nameWords(name)
			switch {
			case len(a) == 0 || len(b) == 0:
			case slices.Equal(a, b):
				best = max(best, 4)
			case within(setOf(a), setOf(b)) || within(setOf(b), setOf(a)):
				best = max(best, 3)
			}
		}
	} else {
		byRole, byName := false, false
		for _, known := range append([]string{gold.Role}, gold.Aliases...) {
			byRole, byName = byRole || sameRole(known, role), byName || sameRole(known, name)
		}
		switch {
		case !byRole && !byName:
		case name != "" && !byName:
			best = 1
		default:
			best = 2
		}
	}
	if best == 0 {
		return 0
	}
	w := 100 + float64(best)
	if sameRole(gold.Role, role) {
		w += 0.1
	}
	return w
}

func matchPeople(c *Case, people []kerbside.Attendee) matching {
	weights := make([][]float64, len(c.Gold.Attendees))
	for i, g := range c.Gold.Attendees {
		weights[i] = make([]float64, len(people))
		for j, p := range people {
			weights[i][j] = personWeight(g, p.Name, p.Role)
		}
	}
	m := matching{pairs: assign(weights)}
	m.rest(len(weights), len(people), func(j int) bool {
		for _, known := range []string{people[j].Name, people[j].Role} {
			k := setOf(roleWords(strings.TrimSpace(known)))
			for _, o := range c.Gold.Optional {
				if w := setOf(roleWords(o.Quote)); o.Kind == "attendee" && len(k) > 0 && (within(k, w) || within(w, k)) {
					return true
				}
			}
		}
		return false
	})
	return m
}

// Presences gives for each of people what the gold of a case accepts for the presence of the one who is meant; nil for one it does not know.
func Presences(c *Case, people []kerbside.Attendee) []Values {
	out := make([]Values, len(people))
	for _, p := range matchPeople(c, people).pairs {
		out[p.predicted] = c.Gold.Attendees[p.gold].Presence
	}
	return out
}
