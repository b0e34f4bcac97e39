package service

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"kerbside"
)

// FindInput is what to look for; empty fields do not narrow, and one at least is needed.
type FindInput struct {
	Text   string // all of these words were said or stated, or stand in the title
	Person string // was named, or is of the visit's case
	Case   kerbside.CaseID
	Worker kerbside.UserID
	From   string // ISO 8601, the first day of visits
	Until  string // ISO 8601, the last
	Skip   int    // so many of what was found
}

// Found is a page of what was found.
type Found struct {
	Hits []Hit
	N    int  // found in all, at most [MaxFound]
	All  bool // N is all there is
}

// Hit is a visit with the places that were looked for.
type Hit struct {
	VisitRow
	Snippets []Snippet
}

// Snippet is a stretch of speech around what was looked for.
type Snippet struct {
	Spot
	Parts []SnippetPart
}

// SnippetPart is a run of words; Hit: they were looked for.
type SnippetPart struct {
	Text string
	Hit  bool
}

const (
	// MaxFound is how many visits one search gives at most.
	MaxFound = maxFound
	// FoundPage is how many of them stand on a page.
	FoundPage = 10

	snippetWords = 8 // on each side of a hit
	snippets     = 2 // a visit
)

func (in FindInput) empty() bool {
	in.Skip = 0
	return in == FindInput{}
}

// Choices are what a search can be narrowed to.
type Choices struct {
	Cases   []kerbside.Case
	Workers []kerbside.User
}

// SearchChoices gives the cases and the people whose visits the person may read, by name.
func (s *Service) SearchChoices(ctx context.Context, by kerbside.User) (c Choices, err error) {
	const op = "service.SearchChoices"
	if err := mayList(op, by); err != nil {
		return c, err
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		c = Choices{}
		g, err := s.groundOf(tx, by)
		if err != nil {
			return err
		}
		cases, err := tx.Cases(by.Org)
		for _, k := range cases {
			if g.mayChoose(k) {
				c.Cases = append(c.Cases, k)
			}
		}
		for _, id := range g.owners(UseList) {
			c.Workers = append(c.Workers, g.users[id])
		}
		return err
	})
	slices.SortFunc(c.Workers, func(a, b kerbside.User) int { return strings.Compare(a.Name, b.Name) })
	return c, err
}

func mayList(op string, by kerbside.User) error {
	if err := signedIn(op, by); err != nil {
		return err
	}
	if reachOf(by, UseList) == ReachNone {
		return forbidden(op, "Administrators do not see what was recorded.")
	}
	return nil
}

func (in *FindInput) check(op string) error {
	for _, text := range []*string{&in.Text, &in.Person} {
		*text = strings.TrimSpace(*text)
		if err := checkText(op, *text, maxName); err != nil {
			return err
		}
	}
	if in.empty() {
		return invalid(op, "Say what to look for: words, a person, a case, a worker or days.")
	}
	for _, day := range []string{in.From, in.Until} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return invalid(op, "That is not a day. Write it as 2026-03-17.")
		}
	}
	if in.From != "" && in.Until != "" && in.From > in.Until {
		return invalid(op, "The first day is after the last one. Turn them round.")
	}
	if in.Text != "" && len(searchWords(in.Text)) == 0 || in.Person != "" && len(searchWords(in.Person)) == 0 {
		return invalid(op, "There is no word in this. Type at least one whole word.")
	}
	return nil
}

// Find gives visits, of those that the person may read, newest first, with the places that were looked for.
func (s *Service) Find(ctx context.Context, by kerbside.User, in FindInput) (found Found, err error) {
	const op = "service.Find"
	if err := mayList(op, by); err != nil {
		return found, err
	}
	if err := in.check(op); err != nil {
		return found, err
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		found = Found{}
		g, err := s.groundOf(tx, by)
		if err != nil {
			return err
		}
		visits, err := g.find(tx, in)
		if err != nil {
			return err
		}
		found.N, found.All = min(len(visits), MaxFound), len(visits) <= MaxFound
		visits = visits[min(max(in.Skip, 0), found.N):found.N]
		found.Hits, err = hits(tx, g, visits[:min(len(visits), FoundPage)], in)
		return err
	})
	return found, err
}

// find gives what fits, at most one more than are shown in all.
func (g ground) find(tx kerbside.Tx, in FindInput) ([]kerbside.Visit, error) {
	f := kerbside.VisitFilter{Workers: g.owners(UseList), Worker: in.Worker, From: in.From, Until: in.Until, Limit: MaxFound + 1}
	if in.Case != "" {
		f.Cases = []kerbside.CaseID{in.Case}
	}
	words := searchWords(in.Text)
	words = words[:min(len(words), maxQuery)]
	person := searchWords(in.Person)
	var visits []kerbside.Visit
	var err error
	if all := append(slices.Clone(words), person...); len(all) > 0 {
		visits, err = tx.Search(g.by.Org, f, all)
	} else {
		visits, err = tx.Visits(g.by.Org, f)
	}
	if err == nil && len(person) > 0 {
		var more []kerbside.Visit
		more, err = g.ofCasesWith(tx, f, words, person)
		visits = append(visits, more...)
	}
	if err != nil {
		return nil, err
	}
	seen := map[kerbside.VisitID]bool{}
	visits = slices.DeleteFunc(visits, func(v kerbside.Visit) bool {
		twice := seen[v.ID]
		seen[v.ID] = true
		return twice || !g.visit(UseList, v)
	})
	slices.SortStableFunc(visits, func(a, b kerbside.Visit) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return visits[:min(len(visits), MaxFound+1)], nil
}

// ofCasesWith gives the visits of cases that somebody of a name is of, whether or not they were named in them.
func (g ground) ofCasesWith(tx kerbside.Tx, f kerbside.VisitFilter, words, person []string) ([]kerbside.Visit, error) {
	cases, err := tx.Cases(g.by.Org)
	if err != nil {
		return nil, err
	}
	with := []kerbside.CaseID{}
	for _, c := range cases {
		if (f.Cases == nil || slices.Contains(f.Cases, c.ID)) && g.named(c.ID) && slices.ContainsFunc(c.People, func(p kerbside.Person) bool {
			name := searchWords(p.Name)
			return !slices.ContainsFunc(person, func(w string) bool { return !slices.Contains(name, w) })
		}) {
			with = append(with, c.ID)
		}
	}
	if len(with) == 0 {
		return nil, nil
	}
	f.Cases = with
	if len(words) > 0 {
		return tx.Search(g.by.Org, f, words)
	}
	return tx.Visits(g.by.Org, f)
}

// hits reads what was said in the visits of a page, to show where they were found.
func hits(tx kerbside.Tx, g ground, visits []kerbside.Visit, in FindInput) ([]Hit, error) {
	rows, err := visitRows(tx, g.by.Org, visits)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, w := range searchWords(in.Text, in.Person) {
		wanted[w] = true
	}
	var out []Hit
	for _, row := range rows {
		hit := Hit{VisitRow: row}
		if hit.Snippets, err = snippetsOf(tx, g, row.Visit, wanted); err != nil {
			return nil, err
		}
		out = append(out, hit)
	}
	return out, nil
}

func snippetsOf(tx kerbside.Tx, g ground, v kerbside.Visit, wanted map[string]bool) ([]Snippet, error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	b := bundle{visit: v}
	var err error
	if b.recordings, err = tx.Recordings(v.Org, v.ID); err != nil {
		return nil, err
	}
	if err := b.loadTranscripts(tx); err != nil {
		return nil, err
	}
	if b.statements, err = tx.Statements(v.Org, v.ID); err != nil {
		return nil, err
	}
	ref := VisitRef{Visit: v.ID, Day: cmp.Or(v.Date, v.CreatedAt.Format(time.DateOnly)), WorkerName: g.users[v.Worker].Name, Approved: v.State == kerbside.VisitApproved || v.State == kerbside.VisitLocked}
	var shown []string // transcripts, in the order of the visit's page
	for _, t := range b.transcripts {
		shown = append(shown, string(t.t.ID))
	}
	var places []place
	for _, s := range b.sources() {
		places = append(places, placesIn(s, wanted)...)
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(b.words, a.words) })
	var out []Snippet
	for _, p := range places[:min(len(places), snippets)] {
		out = append(out, Snippet{Spot: Spot{VisitRef: ref, Evidence: []kerbside.Evidence{p.s.Evidence(p.hit, p.hit)}, Sources: shown}, Parts: p.parts()})
	}
	return out, nil
}

// place is a stretch of a source with words that were looked for.
type place struct {
	s           *kerbside.Source
	first, last int
	hit         int // the first of them
	at          map[int]bool
	words       int // different ones
}

func placesIn(s *kerbside.Source, wanted map[string]bool) []place {
	var out []place
	var seen map[string]bool
	for i, w := range s.Words {
		said := wordWanted(w.Text, wanted)
		if said == "" {
			continue
		}
		if n := len(out); n > 0 && i-snippetWords <= out[n-1].last {
			out[n-1].last = min(len(s.Words)-1, i+snippetWords)
			out[n-1].at[i] = true
		} else {
			out = append(out, place{s: s, first: max(0, i-snippetWords), last: min(len(s.Words)-1, i+snippetWords), hit: i, at: map[int]bool{i: true}})
			seen = map[string]bool{}
		}
		seen[said] = true
		out[len(out)-1].words = len(seen)
	}
	for i := range out { // one stretch stays one that can be read at a glance
		out[i].last = min(out[i].last, out[i].first+4*snippetWords)
	}
	return out
}

// wordWanted is the wanted word that a spoken one is, "" for none.
func wordWanted(text string, wanted map[string]bool) string {
	for _, w := range searchWords(text) {
		if wanted[w] {
			return w
		}
	}
	return ""
}

func (p place) parts() []SnippetPart {
	var out []SnippetPart
	for i := p.first; i <= p.last; i++ {
		n := len(out)
		if n == 0 || out[n-1].Hit != p.at[i] {
			out = append(out, SnippetPart{Text: p.s.Words[i].Text, Hit: p.at[i]})
			continue
		}
		out[n-1].Text += " " + p.s.Words[i].Text
	}
	if p.first > 0 {
		out[0].Text = "… " + out[0].Text
	}
	if p.last < len(p.s.Words)-1 {
		out[len(out)-1].Text += " …"
	}
	return out
}
