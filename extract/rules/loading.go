package rules

import (
	"fmt"
	"strings"

	"kerbside/extract/rules/linear"
)

// lexicon is what the engine knows of words. It is read once and never changed.
type lexicon struct {
	verb        map[string]string // form -> base
	finite      map[string]bool   // forms that can only be finite verbs or participles
	speech      map[string]string // form -> kind of speech verb
	roles       *matcher
	roleList    []role
	risks       *matcher
	riskList    []matter
	strengths   *matcher
	goodList    []matter
	idioms      *matcher
	facts       *matcher
	urgent      *matcher
	disclosed   *matcher // what is urgent when a child tells it
	urgentRows  []string // the names of the rows of both
	factList    []factRow
	presence    *linear.Model     // who was there
	marks       *linear.Model     // where marks are missing
	factAlone   *linear.Model     // whether a child was seen alone
	factRoom    *linear.Model     // whether its bedroom was seen
	factNotice  *linear.Model     // whether the visit was announced
	needs       *matcher          // entries are rows of riskList
	had         map[*pattern]bool // needs that it is good to have at all
	education   int
	goodGeneral int      // the row of strengths.tsv for what fits no other
	conduct     *matcher // entries are rows of riskList
	general     int      // the row of risks.tsv for what fits no other
	situation   int      // the matter of what the reader found and no row names
	classes     map[string][]string
	common      map[string]bool     // words of classes
	bodyWords   map[string]bool     // the class of parts of the body
	given       map[string]string   // given name -> gender
	everyday    map[string]string   // the same, of names that are everyday words too and so tell nothing by themselves
	senses      map[string][]string // base of a word -> what it speaks of
	learned     Learned
}

// role is one row of roles.tsv.
type role struct {
	name   string
	gender string // "f", "m" or ""
	kind   roleKind
}

type roleKind string

const (
	roleFamily       roleKind = "family"
	roleChild        roleKind = "child"
	roleProfessional roleKind = "professional"
	roleOther        roleKind = "other"
)

// matter is one row of risks.tsv or strengths.tsv.
type matter struct {
	name   string
	factor string
}

func loadLexicon() (*lexicon, error) {
	l := &lexicon{classes: map[string][]string{}, common: map[string]bool{}, verb: map[string]string{}, finite: map[string]bool{}, speech: map[string]string{}, given: map[string]string{}, everyday: map[string]string{}}
	for _, load := range []func() error{l.loadClasses, l.loadVerbs, l.loadSpeech, l.loadRoles, l.loadNames, l.loadMatters, l.loadNeeds, l.loadFacts, l.loadUrgent, l.loadPresence, l.loadModels, l.loadSenses, l.loadReader} {
		if err := load(); err != nil {
			return nil, fmt.Errorf("lexicon: %w", err)
		}
	}
	return l, nil
}

func (l *lexicon) loadVerbs() error {
	table, err := rows("verbs", 2)
	if err != nil {
		return err
	}
	for _, r := range table {
		for column, list := range r {
			for _, base := range strings.Fields(list) {
				for _, form := range verbForms(base) {
					l.verb[form] = base
					if (column == 0 && form != base || strings.HasSuffix(form, "ed") || pastOnly[form]) && !strings.HasSuffix(form, "ing") {
						l.finite[form] = true
					}
				}
			}
		}
	}
	for form := range notFinite {
		delete(l.finite, form)
	}
	return nil
}

// pastOnly are irregular past forms of verbs whose base is a common noun too.
var pastOnly = setOf("drank fell fought broke drew swore shook smelt rode rose")

// notFinite are forms that are participles or other words much more often than finite verbs.
var notFinite = setOf("given taken seen known written spoken broken driven eaten hidden shown sung worn woken thrown been shut put set left read hit let read notices offers " +
	"registered organised tried supposed used settled married upset tears lives leaves moves turns shows found felt understanding involved need needs notes tries walks feeds praises wishes ups sorted prepared")

func (l *lexicon) loadSpeech() error {
	table, err := rows("speech", 2)
	if err != nil {
		return err
	}
	for _, r := range table {
		for _, base := range strings.Fields(r[1]) {
			for _, form := range verbForms(base) {
				l.speech[form] = r[0]
				l.verb[form] = base
				if !strings.HasSuffix(form, "ing") && (form != base || r[0] != "think" && base != "report" && base != "note" && base != "comment" && base != "claim" && base != "answer") && form != "reports" && form != "notes" && form != "hopes" {
					l.finite[form] = true
				}
			}
		}
	}
	l.speech["typed"] = "say" // "type" is a kind, and no speech
	return nil
}

func (l *lexicon) loadRoles() error {
	table, err := rows("roles", 4)
	if err != nil {
		return err
	}
	l.roles = newMatcher()
	for i, r := range table {
		l.roleList = append(l.roleList, role{name: r[0], gender: strings.Trim(r[1], "-"), kind: roleKind(r[2])})
		if _, err := l.roles.add(i, r[3], l.classes); err != nil {
			return err
		}
	}
	return nil
}

func (l *lexicon) loadNames() error {
	table, err := rows("names", 2)
	if err != nil {
		return err
	}
	for _, r := range table {
		for _, name := range strings.Fields(r[1]) {
			if g, ok := strings.CutSuffix(r[0], "+"); ok {
				l.everyday[name] = g
				continue
			}
			if g, ok := l.given[name]; ok && g != r[0] {
				l.given[name] = ""
				continue
			}
			l.given[name] = strings.Trim(r[0], "-")
		}
	}
	return nil
}

func (l *lexicon) loadMatters() error {
	l.risks, l.strengths, l.idioms = newMatcher(), newMatcher(), newMatcher()
	for _, f := range []struct {
		name string
		m    *matcher
		list *[]matter
	}{{"risks", l.risks, &l.riskList}, {"strengths", l.strengths, &l.goodList}} {
		table, err := rows(f.name, 3)
		if err != nil {
			return err
		}
		for _, r := range table {
			i := matterIndex(*f.list, r[0])
			if i < 0 {
				i = len(*f.list)
				*f.list = append(*f.list, matter{name: r[0], factor: r[1]})
			}
			if _, err := f.m.add(i, r[2], l.classes); err != nil {
				return err
			}
		}
	}
	l.general, l.education = matterIndex(l.riskList, "instability"), matterIndex(l.riskList, "education")
	l.situation = len(l.riskList)
	l.riskList = append(l.riskList, matter{name: "situation"})
	table, err := rows("idioms", 1)
	if err != nil {
		return err
	}
	for i, r := range table {
		if _, err := l.idioms.add(i, r[0], l.classes); err != nil {
			return err
		}
	}
	return nil
}

// loadNeeds reads what is needed and what is expected; each row names the row of risks.tsv of what it is to lack it.
func (l *lexicon) loadNeeds() error {
	l.needs, l.conduct, l.had = newMatcher(), newMatcher(), map[*pattern]bool{}
	l.goodGeneral = matterIndex(l.goodList, "engagement")
	for _, f := range []struct {
		name    string
		columns int
		m       *matcher
	}{{"needs", 3, l.needs}, {"conduct", 2, l.conduct}} {
		table, err := rows(f.name, f.columns)
		if err != nil {
			return err
		}
		for _, r := range table {
			i := matterIndex(l.riskList, r[0])
			if i < 0 {
				return fmt.Errorf("%s: no matter %s", f.name, r[0])
			}
			made, err := f.m.add(i, r[f.columns-1], l.classes)
			if err != nil {
				return err
			}
			for _, p := range made {
				l.had[p] = f.columns == 3 && r[1] == "had"
			}
		}
	}
	return nil
}

func matterIndex(list []matter, name string) int {
	for i := range list {
		if list[i].name == name {
			return i
		}
	}
	return -1
}

// known reports a word of any lexicon but that of names.
func (l *lexicon) known(w string) bool {
	if l.verb[w] != "" || l.speech[w] != "" || CommonWord(w) || organisations[w] || fullWords[w] || wellWords[w] || l.common[w] {
		return true
	}
	for _, m := range []*matcher{l.roles, l.risks, l.strengths, l.needs, l.conduct, l.idioms, l.facts, l.urgent, l.disclosed} {
		if m.knows(w) {
			return true
		}
	}
	return false
}

func (l *lexicon) loadClasses() error {
	table, err := rows("classes", 2)
	if err != nil {
		return err
	}
	for _, r := range table {
		l.classes[r[0]] = strings.Fields(r[1])
		for _, w := range l.classes[r[0]] {
			l.common[w] = true
		}
	}
	l.bodyWords = map[string]bool{}
	for _, w := range l.classes["body"] {
		l.bodyWords[w] = true
	}
	return nil
}

func (l *lexicon) loadFacts() error {
	table, err := rows("facts", 3)
	if err != nil {
		return err
	}
	l.facts = newMatcher()
	for i, r := range table {
		l.factList = append(l.factList, factRow{r[0], r[1]})
		if _, err := l.facts.add(i, r[2], l.classes); err != nil {
			return err
		}
	}
	return nil
}

func (l *lexicon) loadUrgent() error {
	table, err := rows("urgent", 2)
	if err != nil {
		return err
	}
	l.urgent, l.disclosed = newMatcher(), newMatcher()
	for i, r := range table {
		m := l.urgent
		if strings.HasPrefix(r[0], "told_") {
			m = l.disclosed
		}
		l.urgentRows = append(l.urgentRows, r[0])
		if _, err := m.add(i, r[1], l.classes); err != nil {
			return err
		}
	}
	return nil
}

func (l *lexicon) loadPresence() error {
	data, err := lexiconFiles.ReadFile("lexicon/presence.tsv")
	if err != nil {
		return err
	}
	if l.presence, err = linear.Read(data); err != nil {
		return fmt.Errorf("presence.tsv: %w", err)
	}
	return nil
}

// loadModels reads the models of single questions.
func (l *lexicon) loadModels() error {
	for name, to := range map[string]**linear.Model{"marks": &l.marks, "fact-alone": &l.factAlone, "fact-room": &l.factRoom, "fact-notice": &l.factNotice} {
		data, err := lexiconFiles.ReadFile("lexicon/" + name + ".tsv")
		if err != nil {
			return err
		}
		if *to, err = linear.Read(data); err != nil {
			return fmt.Errorf("%s.tsv: %w", name, err)
		}
	}
	return nil
}
