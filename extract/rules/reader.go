package rules

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kerbside"
	"kerbside/extract/rules/linear"
)

// The learned reader stands beside the lexicons. They know words that are bad or good; it has learned from annotated dictations and sentences
// of our own (training/) how difficulties and strengths are told when no such word is spoken: "he was sat on the step with his coat on when I
// got there". It says of each clause how likely it holds one, from the clause's words, what the lexicons make of them, who acts, who speaks
// and what stands beside it. Its weights are lexicon/reader.tsv, one feature on a line, written by training and never changed by hand.

// clauseFeatures are the features of a clause. What the lexicons say is kept apart, so that training can leave it out of examples on which the
// lexicons were shaped.
type clauseFeatures struct {
	own, lexical linear.Bag
}

func (f *clauseFeatures) reset() {
	f.own.Reset()
	f.lexical.Reset()
}

// describe fills in the features of clause c.
func (x *text) describe(c int, f *clauseFeatures) {
	f.reset()
	part := &x.parts[c]
	x.describeWords(part.span, &f.own)
	x.describeShape(c, &f.own)
	if c < len(x.taken) && x.taken[c] {
		f.own.Add("action", "yes")
	}
	for n := c - 2; n <= c+2; n++ {
		if n == c || n < 0 || n >= len(x.parts) {
			continue
		}
		side := "before"
		if n > c {
			side = "after"
		}
		same := x.parts[n].sentence == part.sentence
		switch {
		case n == c-1 || n == c+1:
			if !same {
				continue
			}
		case same:
			side += "2"
		default:
			continue
		}
		x.describeNeighbour(n, side, same, &f.own)
		x.describeLexical(n, side+".", &f.lexical)
	}
	x.describeLexical(c, "", &f.lexical)
}

// key is a word as the reader takes it: people by what they are to the child, numbers as one, verbs by their base.
func (x *text) key(i int) string {
	t := &x.tokens[i]
	if w := x.who[i]; w >= 0 && !possessives[t.norm] && !subjectPronouns[t.norm] && !objectPronouns[t.norm] {
		return x.kin(w)
	}
	if t.num || isNumber(t) && t.norm != "one" {
		return "#"
	}
	if possessives[t.norm] {
		return "poss"
	}
	return x.lex.lemma(t.norm)
}

// kin is what a person is to the child.
func (x *text) kin(w int) string {
	p := &x.people[w]
	switch {
	case p.isChild(x):
		return "@child"
	case parental(p.roleName):
		return "@parent"
	case p.kind(x) == roleProfessional:
		return "@professional"
	case p.kind(x) == roleFamily:
		return "@family"
	}
	return "@other"
}

// lemma takes the ending off a word: by the table of verbs, else by the commonest endings of nouns and adverbs.
func (l *lexicon) lemma(w string) string {
	if finiteAux[w] || w == "been" || w == "being" {
		return w
	}
	if base := l.verb[w]; base != "" {
		return base
	}
	switch {
	case len(w) > 4 && strings.HasSuffix(w, "ies"):
		return w[:len(w)-3] + "y"
	case len(w) > 5 && (strings.HasSuffix(w, "sses") || strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "shes") || strings.HasSuffix(w, "xes")):
		return w[:len(w)-2]
	case len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is"):
		return w[:len(w)-1]
	}
	return w
}

const longestClause = 60 // words of a clause that are looked at

func (x *text) describeWords(s span, b *linear.Bag) {
	var keys, content [longestClause]string
	var senses [longestClause]string
	n, m, k := 0, 0, 0
	denied := false
	masked := x.masked(s.a, s.b)
	for i := s.a; i < s.b && n < longestClause; i++ {
		t := &x.tokens[i]
		if t.mark || isFiller(t) {
			continue
		}
		if masked.covers(i, i+1) {
			b.Add("idiom", t.norm)
			continue
		}
		w := x.key(i)
		keys[n] = w //nolint:gosec // the loop ends at n == longestClause
		n++
		b.Add("w", w)
		if t.norm != w && w[0] != '@' && w[0] != '#' {
			b.Add("form", t.norm)
		}
		if t.norm == "not" || negators[t.norm] {
			denied = true
		}
		if stopWords[t.norm] || auxiliaries[t.norm] || adverbs[t.norm] || w == "poss" {
			continue
		}
		if w[0] != '@' && w[0] != '#' {
			x.describeLetters(t.norm, b)
		}
		content[m] = w
		m++
		for _, sense := range x.lex.senses[w] {
			b.Add("s", sense)
			if denied {
				b.Add("s", "not", sense)
			}
			if k < longestClause {
				senses[k] = sense
				k++
			}
		}
	}
	for i := 1; i < n; i++ {
		for _, sense := range x.lex.senses[keys[i-1]+" "+keys[i]] {
			b.Add("s", sense)
		}
	}
	for i := range n + 1 {
		before, here := "^", "$"
		if i > 0 {
			before = keys[i-1] //nolint:gosec // i is at most n
		}
		if i < n {
			here = keys[i]
		}
		b.Add("ww", before, here)
	}
	for i := 1; i < m; i++ {
		b.Add("cc", content[i-1], content[i])
	}
	for i := 1; i < k; i++ {
		for j := max(0, i-4); j < i; j++ {
			if senses[j] != senses[i] {
				b.Add("ss", senses[j], senses[i])
			}
		}
	}
}

// describeLetters gives parts of a word, for words that training has not seen.
func (x *text) describeLetters(w string, b *linear.Bag) {
	const size = 4
	if len(w) < size+1 {
		return
	}
	b.Add("^", w[:size])
	if len(w) > size+2 {
		b.Add("^", w[:size+2])
	}
}

// describeShape gives who acts, who speaks, tense and place.
func (x *text) describeShape(c int, b *linear.Bag) {
	part := &x.parts[c]
	subject := x.subjectOf(c)
	b.Add("subject", subject)
	verb := "none"
	if v := x.verbAt[c]; v >= 0 {
		verb = x.lex.lemma(x.tokens[v].norm)
		b.Add("tense", x.tense(part.span))
	}
	b.Add("subject+verb", subject, verb)
	frame := "none"
	for _, n := range x.cover[part.b-1] {
		if f := &x.frames[n]; f.cue.a <= part.b-1 && part.b-1 < f.cue.b {
			b.Add("cue", f.kind)
		} else if frame == "none" || f.kind != frame {
			frame = f.kind
			if f.direct {
				b.Add("direct", f.kind)
			}
		}
	}
	b.Add("frame", frame)
	b.Add("subject+frame", subject, frame)
	b.Add("joint", part.joint)
	if !part.finite {
		b.Add("fragment", "yes")
	}
	for i := part.a; i < part.b; i++ {
		switch n := x.tokens[i].norm; {
		case n == "not" || negators[n]:
			b.Add("has", "not")
		case hedges[n]:
			b.Add("has", "hedge")
		case n == "would" || n == "could" || n == "should" || n == "will" || n == "if":
			b.Add("has", n)
		}
	}
	b.Add("length", size(part.span))
	const few = 8 // sentences
	if part.sentence < 2 && len(x.sents) > few {
		b.Add("place", "opening")
	}
	if part.sentence >= len(x.sents)-2 && len(x.sents) > few {
		b.Add("place", "end")
	}
}

func (x *text) tense(s span) string {
	for i := s.a; i < s.b; i++ {
		switch x.tokens[i].norm {
		case "is", "are", "am", "'s", "does", "do":
			return "present"
		case "has", "have":
			return "perfect"
		case "was", "were", "did":
			return "past"
		case "had":
			return "pluperfect"
		case "will", "shall":
			return "future"
		case "would", "could", "should", "might", "may":
			return "modal"
		}
	}
	return "simple"
}

func (x *text) describeNeighbour(c int, side string, same bool, b *linear.Bag) {
	part := &x.parts[c]
	for i, n := part.a, 0; i < part.b && n < 20; i++ {
		t := &x.tokens[i]
		if t.mark || stopWords[t.norm] || auxiliaries[t.norm] || isFiller(t) {
			continue
		}
		n++
		w := x.key(i)
		for _, sense := range x.lex.senses[w] {
			b.Add(side, sense)
		}
	}
	if !same {
		return
	}
	if v := x.verbAt[c]; v >= 0 {
		b.Add(side+".verb", x.lex.lemma(x.tokens[v].norm))
	}
	b.Add(side+".joint", x.parts[max(c, 0)].joint)
}

// describeLexical gives what the lexicons find in a clause.
func (x *text) describeLexical(c int, side string, b *linear.Bag) {
	found := false
	for _, m := range x.mattersOf(c) {
		found = true
		kind, name := "bad", x.lex.riskList[min(m.entry, len(x.lex.riskList)-1)].name
		if m.good {
			kind, name = "good", x.lex.goodList[min(m.entry, len(x.lex.goodList)-1)].name
		}
		b.Add(side+"lexicon", kind, m.reading.name())
		if side == "" {
			b.Add("entry", name, m.reading.name())
		}
	}
	if !found {
		b.Add(side+"lexicon", "nothing")
	}
}

func (r reading) name() string {
	return [...]string{"affirmed", "negated", "uncertain", "unsaid"}[r]
}

func (l *lexicon) loadReader() error {
	for _, f := range []struct {
		name string
		to   **linear.Model
	}{{"reader", &l.learned.Reader}, {"joins", &l.learned.Joins}, {"polarity", &l.learned.Polarity}, {"told", &l.learned.Told}, {"told-child", &l.learned.ToldChild}, {"deeds", &l.learned.Deeds}} {
		data, err := lexiconFiles.ReadFile("lexicon/" + f.name + ".tsv")
		if err != nil {
			return err
		}
		if *f.to, err = linear.Read(data); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}

// loadSenses reads classes of words by what they speak of: neither good nor bad by themselves, they tell the reader that a word which it has not
// seen is like others that it has.
func (l *lexicon) loadSenses() error {
	table, err := rows("senses", 2)
	if err != nil {
		return err
	}
	l.senses = map[string][]string{}
	for _, r := range table {
		for _, w := range strings.Fields(r[1]) {
			parts := strings.Split(w, "_")
			for i := range parts {
				parts[i] = l.lemma(parts[i])
			}
			if w = strings.Join(parts, " "); !slices.Contains(l.senses[w], r[0]) {
				l.senses[w] = append(l.senses[w], r[0])
			}
		}
	}
	return nil
}

// How sure the reader must be to add what no lexicon found, to drop what one did, to take clauses as one item, and to read a denial or a doubt in which no
// lexicon knows what is denied. They are where cross-validation is best, but for the last two, which are set so that what is not clear is left
// uncertain.
const (
	sureRisk, sureStrength     = 0.53, 0.5
	deniedRisk, deniedStrength = 0.15, 0.15
	sureJoined                 = 0.5
	sureUnmarked               = 0.5
	sureAffirmed, sureNegated  = 0.83, 0.8 // what is taken as so needs more
	sureSo, sureNotSo          = 0.6, 0.45 // against a lexicon that reads it as so, as not so
	sureAgainst                = 0.9       // to be taken instead of the lexicon's reading
	sureDoubt                  = 0.3
	sureDenied                 = 0.8 // that a denial of something bad is good
	shareWeight                = 0.7 // of what clauses that are likely to be one item say together
)

// weighed decides with the reader on what the lexicons found in a clause.
func (x *text) weighed(c int, found []finding) []finding {
	if x.seen != nil {
		x.seen(c)
	}
	m := x.lex.learned.Reader
	if m == nil || m.Empty() {
		return found
	}
	if x.odds == nil {
		x.readClauses()
	}
	risk, good := x.odds[c][1], x.odds[c][2]
	kept := found[:0]
	hasRisk, hasGood, kind, denied := false, false, false, false
	for _, f := range found {
		denied = denied || !f.good && f.reading == negated && f.known
		kind = kind || f.good && x.lex.goodList[f.entry].name == "protective" // what is done against a danger names it
		if f.good && good < deniedStrength && x.lex.goodList[f.entry].name != "protective" || !f.good && (risk < deniedRisk || x.unasked(c)) && !criticalMatters[x.lex.riskList[f.entry].name] {
			continue
		}
		hasRisk, hasGood = hasRisk || !f.good, hasGood || f.good
		kept = append(kept, f)
	}
	part := &x.parts[c]
	switch {
	case x.workersDoing(c), x.unasked(c), x.saysNothing(part.span):
	case risk >= sureRisk && risk >= good && !hasRisk && !kind:
		kept = append(kept, x.finding(c, &mention{span: part.span, entry: x.lex.situation}, part.span))
	case good >= sureStrength && !hasGood && !hasRisk && !x.whileWorking(c):
		if x.readWhole(part.span) == affirmed || denied && good >= sureDenied { // "is never late"
			kept = append(kept, x.finding(c, &mention{span: part.span, good: true, entry: x.lex.goodGeneral}, part.span))
		}
	}
	return kept
}

// whileWorking reports a clause that only says what the worker was doing meanwhile: "when we talked about college".
func (x *text) whileWorking(c int) bool {
	v := x.verbAt[c]
	if !x.worker[c] || v < 0 || !x.firstPersonBefore(x.parts[c].a, v) || c > 0 && x.odds[c-1][2] >= sureStrength {
		return false
	}
	switch x.parts[c].joint {
	case "when", "while", "after", "before":
		n := x.lex.verb[x.word(v)]
		return n == "talk" || n == "speak" || n == "ask" || n == "chat" || n == "mention" || n == "discuss" || n == "get" || n == "arrive" || n == "leave" || n == "knock" || n == "ring"
	}
	return false
}

// unasked reports what the worker did not ask or bring up, which says nothing of it: "I didn't ask about the rent".
func (x *text) unasked(c int) bool {
	p := x.parts[c].span
	for i := p.a; x.worker[c] && i+2 < p.b && i < p.a+4; i++ {
		if x.word(i) == "i" || x.word(i) == "we" {
			switch n := x.word(i + 3); {
			case x.word(i+1) != "did" || x.word(i+2) != "not":
			case n == "ask", n == "raise", n == "press", n == "push", n == "mention", n == "challenge":
				return true
			}
		}
	}
	return false
}

// workerExplains reports a clause that only tells what the worker explained, or gave to read: "I explained about smacking", "we gave them the leaflet on safe sleeping".
func (x *text) workerExplains(c int) bool {
	v := x.verbAt[c]
	if !x.worker[c] || v < 0 || x.told(v) || !x.firstPersonBefore(x.parts[c].a, v) {
		return false
	}
	switch x.lex.lemma(x.word(v)) {
	case "explain", "remind", "recap", "reiterate", "signpost":
		return true
	case "give", "leave", "show", "send":
		return x.contains(x.parts[c].span, "leaflet") || x.contains(x.parts[c].span, "leaflets") || x.contains(x.parts[c].span, "booklet") || x.contains(x.parts[c].span, "handout")
	}
	return false
}

// workersDoing reports a clause that only tells what the worker did or asked: "when I went back", "I said to him did somebody make you".
func (x *text) workersDoing(c int) bool {
	v := x.verbAt[c]
	if !x.worker[c] || v < 0 || x.told(v) || !x.firstPersonBefore(x.parts[c].a, v) || x.negatedBefore(x.parts[c].a, min(v+2, x.parts[c].b)) {
		return false
	}
	switch n := x.word(v); {
	case n == "went" || n == "got" || n == "came" || n == "knocked" || n == "arrived" || n == "pushed" || n == "left":
		return x.parts[c].b-v <= 4 && x.parts[c].a == x.sents[x.parts[c].sentence].a
	case n == "said" || n == "asked":
		return x.parts[c].joint != "till" && x.parts[c].joint != "until"
	}
	return false
}

// saysNothing reports words that only point back: "and she did".
func (x *text) saysNothing(s span) bool {
	for i := s.a; i < s.b; i++ {
		if n := x.word(i); n != "" && !stopWords[n] && !auxiliaries[n] && !subjectPronouns[n] {
			return false
		}
	}
	return !x.negatedBefore(s.a, s.b)
}

// bringsIn reports words that only say who speaks and of whom: "she told me her ex".
func (x *text) bringsIn(s span) bool {
	speaks := false
	for i := s.a; i < s.b; i++ {
		n := x.word(i)
		speech := x.lex.speech[n] != ""
		if speaks = speaks || speech; n != "" && !speech && x.who[i] < 0 && !stopWords[n] && !subjectPronouns[n] && !possessives[n] && !objectPronouns[n] && !mineWords[n] {
			return false
		}
	}
	return speaks
}

// readClauses gives each clause what the reader says of it. Clauses that are likely to be one item are read together.
func (x *text) readClauses() {
	x.odds = make([][3]float64, len(x.parts))
	for c := range x.parts {
		x.describe(c, &x.features)
		x.lex.learned.Reader.Scores(x.odds[c][:], &x.features.own, &x.features.lexical)
	}
	for a := 0; a < len(x.parts); {
		b := a + 1
		for b < len(x.parts) && x.parts[b].sentence == x.parts[a].sentence && x.joins(b) {
			b++
		}
		x.share(a, b)
		a = b
	}
}

// share gives clauses a to b what the reader says of all of them.
func (x *text) share(a, b int) {
	if b-a < 2 {
		return
	}
	var sum [3]float64
	total := 0.0
	for c := a; c < b; c++ {
		w := math.Sqrt(float64(x.parts[c].b - x.parts[c].a))
		total += w
		for k := range sum {
			sum[k] += w * math.Log(x.odds[c][k]+1e-9)
		}
	}
	norm := 0.0
	for k := range sum {
		sum[k] = math.Exp(sum[k] / total)
		norm += sum[k]
	}
	for c := a; c < b; c++ {
		for k := range sum {
			x.odds[c][k] = (1-shareWeight)*x.odds[c][k] + shareWeight*sum[k]/norm
		}
	}
}

// joins reports that clause c and the one before it are likely to be one item.
func (x *text) joins(c int) bool {
	x.describeJoin(c, &x.pair)
	var one [2]float64
	x.lex.learned.Joins.Scores(one[:], &x.pair)
	return one[1] >= sureJoined
}

// readWhole reads a clause in which no word is known to be bad or good: where it denies or doubts anything, that may be the difficulty itself or its
// absence, and it is left uncertain.
func (x *text) readWhole(s span) reading {
	for i := s.a; i < s.b; i++ {
		t := &x.tokens[i]
		if t.mark {
			continue
		}
		if (t.norm == "not" || negators[t.norm]) && !x.correcting(i) || hedges[t.norm] || t.norm == "may" && x.modalMay(i) {
			return uncertain
		}
	}
	return affirmed
}

// describeJoin fills in what speaks for and against taking clause c and the one before it as one item.
func (x *text) describeJoin(c int, b *linear.Bag) {
	b.Reset()
	p, q := &x.parts[c-1], &x.parts[c]
	b.Add("joint", q.joint)
	b.Add("subjects", x.subjectOf(c-1), x.subjectOf(c))
	same := "other"
	switch {
	case len(x.subject[c]) == 0 || len(x.subject[c-1]) == 0:
		same = "none"
	case x.subject[c][0] == x.subject[c-1][0]:
		same = "same"
	}
	b.Add("subject", same)
	b.Add("joint+subject", q.joint, same)
	b.Add("frames", x.frameKind(p.b-1), x.frameKind(q.b-1))
	if v := x.verbAt[c]; v >= 0 && x.lex.speech[x.tokens[v].norm] != "" {
		b.Add("verb", "speech")
	}
	if v := x.verbAt[c-1]; v >= 0 && x.lex.speech[x.tokens[v].norm] != "" {
		b.Add("verb.before", "speech")
	}
	b.Add("finite", yesNo(p.finite), yesNo(q.finite))
	b.Add("first", x.key(q.a))
	b.Add("first+joint", x.key(q.a), q.joint)
	b.Add("says", x.saying(c-1), x.saying(c))
	b.Add("tense", x.tense(p.span), x.tense(q.span))
	b.Add("length", size(p.span), size(q.span))
	if c > 1 && x.parts[c-2].sentence == p.sentence {
		b.Add("more", "before")
	}
	if c+1 < len(x.parts) && x.parts[c+1].sentence == q.sentence {
		b.Add("more", "after")
	}
}

// describePolarity adds what tells whether a clause says that its matter is so, is not so, or may be so.
func (x *text) describePolarity(c int, b *linear.Bag) {
	part := &x.parts[c]
	none := true
	for i := part.a; i < part.b; i++ {
		t := &x.tokens[i]
		if t.mark {
			continue
		}
		w := x.plainKey(i)
		b.Add("w", w)
		negator := t.norm == "not" || negators[t.norm]
		hedge := hedges[t.norm] || t.norm == "may" && x.modalMay(i) || t.norm == "could" || t.norm == "think" || t.norm == "reckon" || t.norm == "sure"
		if i > part.a && !x.tokens[i-1].mark {
			b.Add("ww", x.plainKey(i-1), w)
		}
		if !negator && !hedge {
			continue
		}
		none = false
		kind := "not"
		if hedge {
			kind = "hedge"
		}
		b.Add("has", kind)
		x.describeScope(part, i, kind, b)
	}
	if none {
		b.Add("has", "none")
	}
	for _, m := range x.mattersOf(c) {
		kind := "bad"
		if m.good {
			kind = "good"
		}
		b.Add("lexicon", kind, m.reading.name())
	}
	b.Add("says", x.saying(c))
	if x.supposed(c) {
		b.Add("supposed", "yes")
	}
}

// describeScope adds what the denial or doubt at token i reaches.
func (x *text) describeScope(part *clause, i int, kind string, b *linear.Bag) {
	t := &x.tokens[i]
	before := "^"
	if i > part.a {
		before = x.plainKey(i - 1)
	}
	b.Add("aux", before, t.norm)
	n, tone, verb := 0, "none", ""
	for k := i + 1; k < part.b && n < 5; k++ {
		u := &x.tokens[k]
		if u.mark || isFiller(u) {
			continue
		}
		w := x.plainKey(k)
		if n < 3 {
			b.Add(kind, w)
			if n == 0 {
				b.Add(kind+"1", w)
				b.Add("aux1", before, t.norm, w)
			}
			for _, sense := range x.lex.senses[w] {
				b.Add(kind, "/"+sense)
				b.Add("aux", before, t.norm, "/"+sense)
			}
		}
		if tone == "none" {
			tone = x.tone(w)
		}
		if x.lex.verb[u.norm] != "" && !auxiliaries[u.norm] && verb == "" {
			verb = w
		} else if verb != "" && !stopWords[u.norm] {
			b.Add("did", kind, verb, w)
			for _, v := range x.lex.senses[w] {
				b.Add("did", kind, verb, "/"+v)
			}
		}
		if whenDenied[u.norm] {
			b.Add("when", kind, u.norm)
		}
		if !stopWords[u.norm] {
			n++
		}
	}
	b.Add("tone", kind, tone)
	b.Add("tone", kind, tone, t.norm)
	b.Add("who", kind, x.plainSubject(part, i), t.norm)
	if verb != "" {
		b.Add("who+did", kind, x.plainSubject(part, i), verb)
	}
	for k := part.a; k < part.b; k++ {
		if n := x.tokens[k].norm; whenDenied[n] {
			b.Add("time", kind, n)
		}
	}
}

// tone is good or bad where the classes of a word are of one kind only.
func (x *text) tone(w string) string {
	good, bad := false, false
	for _, v := range x.lex.senses[w] {
		good, bad = good || strings.HasPrefix(v, "good_"), bad || strings.HasPrefix(v, "bad_")
	}
	switch {
	case good && !bad:
		return "good"
	case bad && !good:
		return "bad"
	}
	return "none"
}

var whenDenied = setOf("since any anymore more now yet still even ever again today once longer been for until weeks months days yesterday")

// plainSubject is who stands before a denial, without knowing who people are.
func (x *text) plainSubject(part *clause, i int) string {
	for k := part.a; k < i; k++ {
		switch n := x.tokens[k].norm; {
		case x.tokens[k].mark:
		case n == "i" || n == "we":
			return "i"
		case n == "he" || n == "she" || n == "they" || n == "it" || n == "there" || n == "that" || n == "nobody" || n == "neither":
			return n
		case ownFamily[n] || familiar[n]:
			return "family"
		}
	}
	return "other"
}

// plainKey is key without knowing who people are, so that a quote by itself is read as it is in its place.
func (x *text) plainKey(i int) string {
	t := &x.tokens[i]
	switch {
	case t.mark:
		return t.norm
	case t.num || isNumber(t) && t.norm != "one":
		return "#"
	case possessives[t.norm]:
		return "poss"
	}
	return x.lex.lemma(t.norm)
}

// settle reads an item in which no lexicon knows what is denied or doubted, by what it has learned; where that is not sure the item is uncertain, and
// flagged.
func (x *text) settle(f *finding) {
	if f.good {
		return
	}
	s := span{x.parts[f.first].a, x.parts[f.clause].b}
	switch {
	case f.reading == affirmed && x.believed(s):
		f.reading = uncertain
		return
	case x.waved(s), f.reading == affirmed && x.lostNegation(s), f.reading == negated && x.unknowing(s):
		if f.reading != uncertain {
			f.reading = uncertain
			x.warn(kerbside.WarnDisagreement, f.span)
		}
		return
	case x.flatlyDenied(f):
		f.reading = negated
		return
	case f.answer && f.reading == negated, f.plain && f.reading != uncertain:
		return
	case !f.known && f.first == f.clause && x.silent(f.span):
		f.reading = affirmed
		return
	}
	if f.known {
		x.doubtKnown(f)
		return
	}
	last := f.clause
	if last > f.first && x.unanswered(last) {
		last--
	}
	r, sure := x.learnedReading(f.first, last)
	f.reading = r
	if !sure {
		x.warn(kerbside.WarnDisagreement, f.span)
	}
}

// unknowing reports that somebody knew nothing of a thing, which does not deny it: "she had no idea about the pictures".
func (x *text) unknowing(s span) bool {
	for i := s.a; i+1 < s.b; i++ {
		if n := x.word(i + 1); (x.word(i) == "no" || x.word(i) == "any") && (n == "idea" || n == "clue") {
			return true
		}
	}
	return false
}

// unanswered reports a clause that tells only that somebody was not answered, which leaves it so that they rang: "and she didn't pick up".
func (x *text) unanswered(c int) bool {
	b := x.parts[c].b
	for b > x.parts[c].a && (x.tokens[b-1].mark || objectPronouns[x.word(b-1)] || x.word(b-1) == "it" || x.word(b-1) == "up") {
		b--
	}
	if b-2 < x.parts[c].a || x.word(b-2) != "not" {
		return false
	}
	switch n := x.word(b - 1); n {
	case "pick", "answer", "reply", "respond":
		return b-x.parts[c].a <= 5
	}
	return false
}

// polarityOdds is what was learned of clauses first to last: affirmed, negated, uncertain.
func (x *text) polarityOdds(first, last int) (p [3]float64) {
	x.pair.Reset()
	for c := first; c <= last; c++ {
		x.describePolarity(c, &x.pair)
	}
	x.lex.learned.Polarity.Scores(p[:], &x.pair)
	return p
}

// doubtKnown makes an item uncertain whose words the lexicons read one way and what was learned the other: neither stands alone then. Where what was learned is all but
// certain it stands, flagged, since it has seen what is denied and the lexicon only that something is.
func (x *text) doubtKnown(f *finding) {
	if f.reading == uncertain || x.lex.learned.Polarity.Empty() || x.readWhole(span{x.parts[f.first].a, x.parts[f.clause].b}) == affirmed && !x.thinks(f.first, f.clause) {
		return
	}
	if f.reading == affirmed && x.parts[f.clause].joint == "except" {
		return // what a denial leaves out is so
	}
	p := x.polarityOdds(f.first, f.clause)
	switch {
	case f.reading == affirmed && p[negated] >= sureAgainst, f.reading == negated && p[affirmed] >= sureAgainst:
		f.reading = map[reading]reading{affirmed: negated, negated: affirmed}[f.reading]
		x.warn(kerbside.WarnDisagreement, f.span)
	case f.reading == affirmed && p[negated] >= sureSo, f.reading == negated && p[affirmed] >= sureNotSo:
		f.reading = uncertain
		x.warn(kerbside.WarnDisagreement, f.span)
	case p[uncertain] >= sureDoubt:
		f.reading = uncertain
	}
}

// silent reports that somebody says nothing, which is no denial: "Kath said nothing for the whole hour".
func (x *text) silent(s span) bool {
	for i := s.a; i+1 < s.b; i++ {
		if n := x.word(i); n != "said" && n != "says" && n != "saying" || x.word(i+1) != "nothing" || x.before(i) == "i" || x.before(i) == "not" {
			continue
		}
		switch n := x.word(i + 2); {
		case i+2 >= s.b, n == "", n == "for", n == "all", n == "at", n == "the", n == "while", n == "when", n == "much", n == "throughout", n == "until":
			return true
		case n == "to":
			return objectPronouns[x.word(i+3)] || x.word(i+3) == "anyone" || x.word(i+3) == "anybody"
		}
	}
	return false
}

var (
	beliefs = setOf("thinks thought reckons reckoned believes believed suspects suspected guesses guessed assumes assumed")
	senses  = setOf("saw heard smelt smelled noticed caught")
	vouches = setOf("promise swear guarantee confirm")
	asks    = setOf("if whether how where who what why when")
)

// believed reports words that only say what somebody takes for true, or that nobody vouches for: "she thinks he has a key", "I thought I saw one at the back",
// "he can't promise it will last", "I can't say whether it was that", "nobody could tell me who". What the worker thinks is an opinion, and stands as one.
func (x *text) believed(s span) bool {
	for i := s.a; i < s.b; i++ {
		n := x.tokens[i].norm
		next := x.after(i)
		switch {
		case x.tokens[i].mark:
		case beliefs[n]:
			if x.before(i) == "i" {
				if next == "i" && i+2 < s.b && (senses[x.tokens[i+2].norm] || x.tokens[i+2].norm == "could") {
					return true
				}
				continue
			}
			if i < s.a+9 && !x.behindCause(s.a, i) && x.startsClause(i+1) && !x.negatedBefore(max(s.a, i-3), i) {
				return true
			}
		case n == "probably", (n == "wonder" || n == "wonders" || n == "wondered") && (next == "if" || next == "whether"):
			return true
		case (n == "nobody" || n == "none" || n == "neither") && (next == "could" || next == "can") && i+2 < s.b && (x.word(i+2) == "say" || x.word(i+2) == "tell"):
			return true
		case n == "not" && i > s.a && (x.before(i) == "can" || x.before(i) == "could"):
			if vouches[next] || next == "say" && i+2 < s.b && x.tokens[i+2].norm == "i" || next == "see" && i+2 < s.b && x.tokens[i+2].norm == "how" || (next == "say" || next == "tell") && i+2 < s.b && asks[x.tokens[i+2].norm] && x.tokens[i+2].norm != "when" && x.tokens[i+2].norm != "what" {
				return true
			}
		}
	}
	return false
}

var dismissals = setOf("lies lie rubbish nonsense spite malicious nothing gossip")

// lostNegation reports "anything", "anybody" or "at all" behind a verb in the past or the perfect and without what they need: a denial, a question, a condition, a
// comparison. Where a recogniser wrote "she had used anything", she hadn't.
func (x *text) lostNegation(s span) bool {
	for i := s.a; i < s.b; i++ {
		n := x.word(i)
		if n != "anything" && n != "anybody" && n != "anyone" && !(n == "at" && x.after(i) == "all") {
			continue
		}
		past := false
		for k := max(s.a, i-4); k < i; k++ {
			past = past || x.word(k) == "had" || x.word(k) == "has" || x.word(k) == "have" || x.word(k) == "'ve" || x.word(k) == "did"
		}
		if past && !x.licensed(i) {
			return true
		}
	}
	return false
}

// licensed reports that the sentence of token i holds what "anything" needs.
func (x *text) licensed(i int) bool {
	p := x.partAt(i)
	if p < 0 {
		return true
	}
	s := x.sents[x.parts[p].sentence]
	for k := s.a; k < s.b; k++ {
		switch n := x.word(k); {
		case negators[n], hedges[n], n == "if", n == "unless", n == "before", n == "than", n == "too", n == "any", n == "only", n == "first", n == "never", n == "ask", n == "asked", n == "asks", n == "stopped", n == "refused", n == "refuses",
			n == "barely", n == "rarely", n == "can", n == "could", n == "would", n == "will", n == "may", n == "more", n == "least", n == "every", n == "all" && k != i+1, n == "everything", n == "like", n == "or":
			return true
		}
		if x.tokens[k].norm == "?" {
			return true
		}
	}
	return false
}

// waved reports words that wave something away, so that it may be so or not: "it's all lies", "she made it up", "it never did me any harm".
func (x *text) waved(s span) bool {
	for i := s.a; i < s.b; i++ {
		switch n := x.word(i); {
		case (n == "it" || n == "that" || n == "this") && (x.word(i+1) == "'s" || x.word(i+1) == "is" || x.word(i+1) == "was"):
			k := i + 2
			for k < s.b && (x.word(k) == "all" || x.word(k) == "just" || x.word(k) == "only" || x.word(k) == "pure" || x.word(k) == "a" || x.word(k) == "load" || x.word(k) == "of") {
				k++
			}
			if k < s.b && dismissals[x.word(k)] && (n == "it" || x.word(k) != "nothing") && (k+1 >= s.b || x.word(k+1) != "like") {
				return true
			}
		case (n == "made" || n == "making" || n == "makes") && x.word(i+2) == "up" && (x.word(i+1) == "it" || x.word(i+1) == "that" || x.word(i+1) == "things" || x.word(i+1) == "everything"):
			return true
		case n == "harm" && i > s.a && x.doesNo(s.a, i):
			return true
		}
	}
	return false
}

// doesNo reports a harm at token i that a deed is said not to do: "it does no harm", "never did him any harm".
func (x *text) doesNo(a, i int) bool {
	denied := false
	for k := i - 1; k >= a && k >= i-6; k-- {
		switch n := x.word(k); {
		case n == "no" || n == "not" || n == "never":
			denied = true
			if x.word(k+1) == "did" || x.word(k+1) == "does" || x.word(k+1) == "do" || x.word(k+1) == "done" {
				return true
			}
		case n == "did" || n == "does" || n == "do" || n == "done":
			return denied || x.word(k-1) == "never" || x.word(k-1) == "not"
		}
	}
	return false
}

// flatlyDenied reports a finding that is no more than what somebody denies: "he denied owing anybody". Who denied him something is another matter.
func (x *text) flatlyDenied(f *finding) bool {
	part := &x.parts[f.first]
	for i := part.a; i+1 < part.b; i++ {
		if n := x.word(i); n != "denied" && n != "denies" {
			continue
		}
		next := i + 1
		passive := x.before(i) == "was" || x.before(i) == "were" || x.before(i) == "been" || x.before(i) == "is" || x.before(i) == "being"
		to := (x.who[next] >= 0 || objectPronouns[x.word(next)] || x.word(next) == "them" || x.word(next) == "me") && !x.hasFinite(next+1, part.b)
		if passive || to || x.before(i) == "not" || x.before(i) == "never" || x.ownNegation(span{next, x.parts[f.clause].b}) {
			return false
		}
		for c := f.first; c <= f.clause; c++ {
			if j := x.parts[c].joint; c > f.first && (j == "but" || j == "although" || j == "though") {
				return false
			}
		}
		return true
	}
	return false
}

// behindCause reports that a verb at token i belongs to a reason or a time that is told beside: "because he thinks about it".
func (x *text) behindCause(a, i int) bool {
	for k := a; k < i; k++ {
		if n := x.tokens[k].norm; asides[n] || n == "when" || n == "and" && k > a {
			return true
		}
	}
	return false
}

// thinks reports that somebody's belief, not knowledge, is what is told.
func (x *text) thinks(first, last int) bool {
	for i := x.parts[first].a; i < x.parts[last].b; i++ {
		switch x.tokens[i].norm {
		case "thinks", "thought", "reckons", "reckoned", "believes", "guess", "guesses", "suspects", "could", "probably", "says":
			return true
		}
	}
	return false
}

// learnedReading reads clauses first to last together.
func (x *text) learnedReading(first, last int) (r reading, sure bool) {
	if x.lex.learned.Polarity.Empty() {
		r = x.readWhole(span{x.parts[first].a, x.parts[last].b})
		return r, r == affirmed
	}
	p := x.polarityOdds(first, last)
	if x.readWhole(span{x.parts[first].a, x.parts[last].b}) == affirmed && !x.thinks(first, last) { // nothing is denied or doubted in words
		if p[affirmed] < sureUnmarked {
			return uncertain, false
		}
		return affirmed, true
	}
	switch {
	case p[affirmed] >= sureAffirmed:
		return affirmed, true
	case p[negated] >= sureNegated:
		return negated, true
	}
	return uncertain, p[uncertain] >= sureAffirmed
}

// mattersOf is mattersIn of clause c, read once.
func (x *text) mattersOf(c int) []mention {
	if x.said == nil {
		x.said = make([][]mention, len(x.parts))
		x.saidOnce = make([]bool, len(x.parts))
	}
	if !x.saidOnce[c] {
		x.said[c], x.saidOnce[c] = x.mattersIn(x.parts[c].span), true
	}
	return x.said[c]
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func size(s span) string {
	switch n := s.b - s.a; {
	case n <= 3:
		return "3"
	case n <= 6:
		return "6"
	case n <= 12:
		return "12"
	}
	return "more"
}

// saying is, in one word, what a clause says of what it speaks of.
func (x *text) saying(c int) string {
	if list := x.mattersOf(c); len(list) > 0 {
		kind := "bad"
		if list[0].good {
			kind = "good"
		}
		return kind + "." + list[0].reading.name()
	}
	return "whole." + x.readWhole(x.parts[c].span).name()
}

func (x *text) subjectOf(c int) string {
	switch {
	case x.worker[c]:
		return "worker"
	case len(x.subject[c]) > 0:
		return x.kin(x.subject[c][0])
	}
	return "none"
}

// frameKind is whose words the token i is in, the innermost first; none for the worker's own.
func (x *text) frameKind(i int) string {
	kind := "none"
	for _, n := range x.cover[i] {
		if f := &x.frames[n]; i < f.cue.a || i >= f.cue.b {
			kind = f.kind
		}
	}
	return kind
}

// Clause is what the reader sees of a clause: for training, and to explain.
type Clause struct {
	Start, End   int // code points of the source
	Own, Lexical []string
	Polarity     []string
	Join         []string // of the clause and the one before it in the sentence, if there is one
}

// Clauses gives the clauses of one source that the reader weighs.
func (e *Engine) Clauses(source *kerbside.Source, o kerbside.ExtractOptions) []Clause {
	x := e.read([]*kerbside.Source{source}, o)
	var out []Clause
	x.seen = func(c int) {
		var f clauseFeatures
		f.own.Named, f.lexical.Named = true, true
		x.describe(c, &f)
		v := x.evidence(x.parts[c].a, x.parts[c].b)
		k := Clause{Start: v.StartChar, End: v.EndChar, Own: f.own.Names, Lexical: f.lexical.Names}
		says := linear.Bag{Named: true}
		x.describePolarity(c, &says)
		k.Polarity = says.Names
		if c > 0 && x.parts[c-1].sentence == x.parts[c].sentence {
			b := linear.Bag{Named: true}
			x.describeJoin(c, &b)
			k.Join = b.Names
		}
		out = append(out, k)
	}
	for _, stage := range x.stages() {
		stage()
	}
	return out
}

// Learned is everything that is learned: what a clause holds, whether two clauses are one item, whether what is told is so, whether an adult, and a child, goes
// on telling, and what is to be done.
type Learned struct{ Reader, Joins, Polarity, Told, ToldChild, Deeds *linear.Model }

// Learned gives the models that the engine reads with.
func (e *Engine) Learned() Learned { return e.lex.learned }

// WithLearned is the engine with other models.
func (e *Engine) WithLearned(m Learned) *Engine {
	lex := *e.lex
	lex.learned = m
	return &Engine{lex: &lex}
}
