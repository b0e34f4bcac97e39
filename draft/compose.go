package draft

import (
	"slices"
	"strings"

	"kerbside"
)

// compose gives the sentence for an item: the dictated words, and round them only who said so and how sure it is.
func (b *builder) compose(it *item) *phrase {
	if !it.valid {
		return nil
	}
	w := b.wording(it)
	var p *phrase
	switch {
	case it.kind == kindAction:
		p = b.action(it, w)
	case it.kind == kindVoice:
		p = b.voice(it, w)
	case reported(it.by.Kind):
		p = b.said(it, w)
	case it.by.Kind == kerbside.WorkerOpinion:
		p = b.opinion(it, w)
	default:
		p = b.observed(it, w)
	}
	b.marked(it, w, p)
	if p != nil && reported(it.by.Kind) && len(it.by.Chain) > 1 && !toldThrough(it.by.Chain, tokens(p.text)) {
		p = b.withChain(it, p) // nobody may take it for first-hand
	}
	return b.finish(it, p)
}

// start makes the phrase of an item whose text is still to come.
func (b *builder) start(it *item, w wording) *phrase {
	p := &phrase{b: b, verdict: kerbside.VerdictQuoted, items: it.ids(), content: w.span}
	if w.tidied {
		p.verdict = kerbside.VerdictSupported
	}
	p.evidence = append(p.evidence, w.span.evidence())
	if w.span != it.main && !w.span.contains(it.main) {
		p.evidence = append(p.evidence, it.evidence[0])
	}
	p.evidence = append(p.evidence, b.openOf(it, it.evidence[1:])...)
	return p
}

func (b *builder) openOf(it *item, list []kerbside.Evidence) []kerbside.Evidence {
	if b.wall.release[it.id] {
		return list
	}
	return b.open(list)
}

func (b *builder) observed(it *item, w wording) *phrase {
	if w.span.src.Kind == kerbside.KindVisit { // others are heard too: nothing is put in the worker's mouth
		p := b.start(it, w)
		p.text = b.put("heard", "{words}", w.text)
		return p
	}
	w.tidy()
	p := b.start(it, w)
	p.text = b.subject(it, w, p)
	if !strings.Contains(p.text, "[") {
		b.after(it, w, p)
	}
	return p
}

// subject names in brackets whom a pronoun at the start means, where the record's evidence says so, or else the words before.
func (b *builder) subject(it *item, w wording, p *phrase) string {
	text := w.plain()
	first, rest, ok := strings.Cut(text, " ")
	f := fold(first)
	if !ok || !thirdPerson[f] && !possessive[f] {
		return text
	}
	who := b.pointedTo(it, w, p, f)
	if who == nil {
		who = b.antecedent(it, w, f)
	}
	if who == nil {
		return text
	}
	p.attach(who)
	switch {
	case possessive[f]:
		return first + " [" + who.text + "’s] " + rest
	case f == "he" || f == "she" || f == "they":
		return first + " [" + who.text + "] " + rest
	}
	return "[" + who.text + "] " + text
}

// pointedTo is the one whom the item is about, when its own evidence names them apart from its words.
func (b *builder) pointedTo(it *item, w wording, p *phrase, pronoun string) *phrase {
	if len(it.about) != 1 || len(it.evidence) < 2 {
		return nil
	}
	a := b.wall.people.byID[it.about[0]]
	if a == nil || a.Name == "" || !agrees(pronoun, a.Role) {
		return nil
	}
	name, _, _ := strings.Cut(a.Name, " ")
	for _, e := range p.evidence[1:] {
		if slices.Contains(b.tokensOf(e.Quote), fold(name)) && !slices.Contains(w.tokens, fold(name)) {
			return &phrase{b: b, text: name}
		}
	}
	return nil
}

func (b *builder) opinion(it *item, w wording) *phrase {
	if !hasView(w.text) {
		s := w.span
		for n := min(4, s.first-w.span.sentence().first); n > 0; n-- {
			before := span{s.src, s.first - n, s.first - 1}.evidence()
			if slices.Contains(views, strings.Trim(fold(before.Quote), ", ")) || slices.Contains(views, strings.TrimSuffix(strings.Trim(fold(before.Quote), ", "), " that")) {
				b.take(&w, span{s.src, s.first - n, s.last})
				break
			}
		}
	}
	w.tidy()
	p := b.start(it, w)
	p.text = w.plain()
	if !hasView(p.text) {
		p.text = b.put("my_view", "{words}", p.text)
	}
	b.after(it, w, p)
	return p
}

func hasView(text string) bool {
	t := " " + strings.Join(tokens(text), " ") + " "
	return slices.ContainsFunc(views, func(v string) bool { return strings.Contains(t, " "+v+" ") })
}

// said composes what somebody told: with the reporting words of the dictation where they stand before it, else with ours.
func (b *builder) said(it *item, w wording) *phrase {
	speech := insideQuote(w.span)
	for range 2 { // "school told me that mum said …" has two
		if speech || reports(w.tokens) && (len(it.by.Chain) < 2 || toldThrough(it.by.Chain, w.tokens)) {
			break
		}
		if s, ok := lead(w.span); !ok || !b.take(&w, s) {
			break
		}
	}
	who := b.speaker(it)
	if !speech && who != nil && (w.wholly(it) && reporting.any(w.tokens) && slices.Contains(bareAll(slices.Clone(w.tokens)), firstToken(who.text)) || w.span == w.span.sentence() && tellsWho(w.tokens, firstToken(who.text))) {
		w.tidy()
		p := b.start(it, w)
		p.text = w.plain()
		return p
	}
	if !speech && reports(w.tokens) {
		w.tidy()
		p := b.start(it, w)
		p.text = w.plain()
		first, rest, _ := strings.Cut(p.text, " ")
		t := tokens(rest)
		if who != nil && it.by.Who != "" && (thirdPerson[fold(first)] || reporting[fold(first)]) && !slices.Contains(w.tokens, firstToken(who.text)) && (reporting[fold(first)] || reporting.any(t[:min(2, len(t))])) {
			if reporting[fold(first)] {
				rest = p.text[:0] + strings.ToLower(first[:1]) + p.text[1:]
			}
			switch {
			case reporting[fold(first)]:
				p.text = capital(who.text) + " " + rest
			default:
				p.text = b.replaced(w.span, first, who, it.by.Who, rest)
			}
			p.attach(who)
		}
		return p
	}
	if who == nil {
		return nil
	}
	if (speech || spoken(w.tokens)) && quotable(w.text) {
		p := b.start(it, w)
		p.text = b.put("said_quote", "{who}", capital(who.text), "{words}", w.asked())
		p.attach(who)
		return p
	}
	w.tidy()
	p := b.start(it, w)
	text := w.plain()
	key, name := "said_words", capital(who.text)
	switch {
	case firstToken(text) == firstToken(who.text):
		key, name = "said_after", who.text
	case b.clause(text):
		key, text = "said_that", b.lower(text)
	}
	p.text = b.put(key, "{who}", name, "{words}", text)
	p.attach(who)
	return p
}

// attach rests p on whoever is named in it too; the words themselves stay as verbatim as they were.
func (p *phrase) attach(who *phrase) {
	p.verdict = weaker(p.verdict, kerbside.VerdictSupported)
	p.evidence = append(p.evidence, who.evidence...)
	p.derived = append(p.derived, who.derived...)
}

// voice composes a child's words, which stay verbatim.
func (b *builder) voice(it *item, w wording) *phrase {
	who := b.speaker(it)
	p := b.start(it, w)
	switch {
	case it.mode == kerbside.VoiceDirect && quotable(w.text) && !indirect(w):
		p.text = b.put("said_quote", "{who}", capital(who.text), "{words}", w.asked())
	case it.mode == kerbside.VoiceNonverbal:
		p.text = w.plain()
		if w.wholly(it) && thirdPerson[w.span.word(it.main.first)] && !slices.Contains(w.tokens, firstToken(who.text)) && len(who.evidence) > 0 {
			p.text = w.named(it.main.first, who.text)
			p.attach(who)
			return p
		}
		if first, rest, ok := strings.Cut(p.text, " "); ok && (fold(first) == "he" || fold(first) == "she") && len(who.evidence) > 0 {
			p.text = capital(who.text) + " " + rest
			p.attach(who)
			return p
		}
		if !slices.Contains(w.tokens, firstToken(who.text)) {
			p.text = b.put("shown", "{who}", capital(who.text), "{words}", w.plain())
		} else {
			return p
		}
	default:
		return b.paraphrase(it, w, who)
	}
	p.attach(who)
	p.verdict = kerbside.VerdictQuoted
	return p
}

// paraphrase composes a child's words as the worker gave them, without quotation marks.
func (b *builder) paraphrase(it *item, w wording, who *phrase) *phrase {
	if w.wholly(it) {
		return b.wholeVoice(it, w, who)
	}
	verbatim := w.text
	if s, ok := lead(w.span); ok && !reports(w.tokens) {
		b.take(&w, s)
	}
	p := b.start(it, w)
	p.text = w.plain()
	if reports(w.tokens) {
		first, rest, _ := strings.Cut(p.text, " ")
		if t := tokens(rest); thirdPerson[fold(first)] && !slices.Contains(w.tokens, firstToken(who.text)) && reporting.any(t[:min(3, len(t))]) {
			p.text = b.replaced(w.span, first, who, it.by.Who, rest)
			p.attach(who)
		} else if !slices.Contains(w.tokens, firstToken(who.text)) {
			p.text = b.put("said_words", "{who}", capital(who.text), "{words}", verbatim)
			p.attach(who)
		}
		return p
	}
	key, text := "said_words", verbatim
	if b.clause(text) && !spoken(w.tokens) {
		key, text = "said_that", b.lower(text)
	}
	p.text = b.put(key, "{who}", capital(who.text), "{words}", text)
	p.attach(who)
	return p
}

// wholeVoice composes a sentence that tells what a child said, and names the child in brackets where it says he or she.
func (b *builder) wholeVoice(it *item, w wording, who *phrase) *phrase {
	p := b.start(it, w)
	p.text = w.plain()
	first, rest, _ := strings.Cut(p.text, " ")
	switch called := firstToken(who.text); {
	case slices.ContainsFunc(w.tokens, func(t string) bool { return bare(t) == called }) && reporting.any(w.tokens):
	case thirdPerson[fold(first)] && reporting.any(w.tokens):
		p.text = b.replaced(w.span, first, who, it.by.Who, rest)
		p.attach(who)
	case reporting[fold(first)]: // "Told me that …"
		p.text = capital(who.text) + " " + strings.ToLower(first[:1]) + first[1:] + " " + rest
		p.attach(who)
	default:
		p.text = b.put("said_words", "{who}", capital(who.text), "{words}", w.text)
		p.attach(who)
	}
	return p
}

// indirect reports words that tell what was said and are not the very words: "…, that she'd had no lunch".
func indirect(w wording) bool {
	if insideQuote(w.span) {
		return false
	}
	for i, t := range w.tokens {
		if t == "that" && i+1 < len(w.tokens) && thirdPerson[w.tokens[i+1]] {
			return !firstPerson.any(w.tokens[i+1:])
		}
	}
	return false
}

// action composes who will do, or did, what, and by when.
func (b *builder) action(it *item, w wording) *phrase {
	w.tidy()
	p := b.start(it, w)
	p.text = w.plain()
	first := ""
	if len(w.tokens) > 0 {
		first = tokens(p.text + " ")[0]
	}
	switch {
	case fold(it.owner) == "worker":
		if !firstPerson.any(w.tokens) && !subordinates[first] {
			p.text = b.put("action_worker", "{words}", p.text)
		}
	case w.wholly(it) && (firstPerson.any(w.tokens) || len(b.peopleIn(w.span)) > 0): // the sentence tells who
	case it.owner != "" && !thirdPerson[fold(it.owner)]:
		who := b.who(it.owner, kerbside.AdultSaid, it.evidence)
		if f := bare(first); f == firstToken(who.text) || f == firstToken(it.owner) || first == "the" && slices.Contains(w.tokens[:min(4, len(w.tokens))], firstToken(it.owner)) {
			break
		}
		key := "action_other"
		if first == "will" || first == "agreed" || first == "is" {
			key = "action_will"
		}
		p.text = b.put(key, "{who}", capital(who.text), "{words}", p.text)
		p.attach(who)
	}
	p.text = strings.TrimRight(p.text, ".,; ")
	if date := longDate(it.due.Date); date != "" && !otherDay(it.due.Date, it.due.Text) {
		if !strings.Contains(fold(p.text), fold(date)) {
			if w.wholly(it) && it.due.Text != "" && strings.Contains(fold(p.text), fold(it.due.Text)) && !strings.Contains(fold(date), fold(it.due.Text)) { // it may be one of several
				p.text = b.put("due_said", "{words}", p.text, "{what}", it.due.Text, "{date}", date)
			} else {
				p.text = b.put("due_date", "{words}", p.text, "{date}", date)
			}
			p.derived = append(p.derived, date)
			p.verdict = weaker(p.verdict, kerbside.VerdictInferred)
		}
	} else if it.due.Text != "" && !strings.Contains(fold(p.text), fold(it.due.Text)) {
		p.text = b.put("due_words", "{words}", p.text, "{date}", it.due.Text)
	}
	return p
}

// explanation composes how somebody accounts for an injury.
func (b *builder) explanation(it *item, x kerbside.Explanation) *phrase {
	evidence := b.openOf(it, x.Evidence)
	if len(evidence) == 0 {
		return nil
	}
	s, ok := b.sources.span(evidence[0])
	if !ok {
		return nil
	}
	part := &item{kind: kindInjury, id: it.id, text: evidence[0].Quote, polarity: kerbside.Affirmed, temporality: kerbside.Current, by: kerbside.Attribution{Kind: kerbside.AdultSaid, Who: x.Who}, evidence: evidence, main: s, valid: true}
	w := b.wording(part)
	w.tidy()
	p := b.start(part, w)
	p.text = w.plain()
	if !reports(w.tokens) {
		who := b.speaker(part)
		p.text = b.put("explained", "{who}", who.text, "{words}", p.text)
		p.attach(who)
	}
	return b.finish(part, p)
}

// marked adds what the words alone do not show: that it is past, or not certain.
func (b *builder) marked(it *item, w wording, p *phrase) {
	if p == nil || it.kind == kindVoice || it.kind == kindAction {
		return
	}
	words := tokens(p.text)
	if it.polarity == kerbside.Uncertain && !doubts.any(words) {
		p.text = b.put("not_certain", "{words}", p.text)
		p.verdict = weaker(p.verdict, kerbside.VerdictSupported)
	}
	if it.temporality == kerbside.Historical && count(w.tokens, isPast) == 0 {
		p.text = b.put("in_the_past", "{words}", p.text)
		p.verdict = weaker(p.verdict, kerbside.VerdictSupported)
	}
}

// finish adds the interpreter and the restriction, and the verdict for the worker's later words.
func (b *builder) finish(it *item, p *phrase) *phrase {
	if p == nil {
		return nil
	}
	p.of = it
	if it.via != "" {
		p.text = b.put("interpreted", "{words}", p.text)
		if n := b.name(kerbside.PersonID(it.via)); n != nil {
			p.evidence = append(p.evidence, n.evidence...)
		}
	}
	if r := it.restricted; r != nil && b.wall.audience != kerbside.AudienceFamily {
		var names []*phrase
		for _, id := range r.From {
			if n := b.name(id); n != nil {
				names = append(names, n)
			}
		}
		text := stop(capital(p.text))
		if who := b.join(names, ", ", false); who != nil && len(names) == len(r.From) {
			p.text = b.put("restricted", "{words}", text, "{who}", who.text)
			p.evidence, p.derived = append(p.evidence, who.evidence...), append(p.derived, who.derived...)
		} else {
			p.text = b.put("restricted_all", "{words}", text)
		}
		p.evidence = append(p.evidence, b.open(r.Evidence)...)
	}
	if !slices.ContainsFunc(p.evidence, func(e kerbside.Evidence) bool { return e.Source.Kind != kerbside.SourceStatement }) {
		p.verdict = kerbside.VerdictStated
	}
	p.evidence = distinct(p.evidence)
	return p
}

func distinct(list []kerbside.Evidence) []kerbside.Evidence {
	twice := false
	for i, e := range list {
		twice = twice || slices.ContainsFunc(list[:i], func(o kerbside.Evidence) bool { return sameWords(o, e) })
	}
	if !twice {
		return list
	}
	var out []kerbside.Evidence
	for _, e := range list {
		if !slices.ContainsFunc(out, func(o kerbside.Evidence) bool { return sameWords(o, e) }) {
			out = append(out, e)
		}
	}
	return out
}

func sameWords(a, b kerbside.Evidence) bool {
	return a.Source == b.Source && a.FirstWord == b.FirstWord && a.LastWord == b.LastWord
}
