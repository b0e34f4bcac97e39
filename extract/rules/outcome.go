package rules

import (
	"kerbside"
)

// How the contact was made, and how it ended: in person, by telephone, on a screen or at a meeting; completed, or with nobody in, refused or cancelled.

// modes finds in the first tokens by what means the visit was, without what is said of one who joined it: "dad was on FaceTime for ten minutes".
func (x *text) modes(limit int) (out []found) {
	for _, f := range x.factsIn("mode", limit) {
		p := x.partAt(f.a)
		if f.value == kerbside.ModeMeeting && !x.headsMeeting(f.span) {
			continue
		}
		if p >= 0 && f.value == kerbside.ModeVideo && !x.worker[p] && (len(x.subject[p]) > 0 && !x.people[x.subject[p][0]].isChild(x)) && (x.word(f.a-1) == "on" || x.word(f.a-1) == "by" || x.word(f.a-1) == "via") {
			continue
		}
		switch x.word(f.b - 1) {
		case "teams", "zoom", "skype", "whatsapp":
			if p < 0 || !x.metThrough(p, f.a) {
				continue
			}
		}
		out = append(out, f)
	}
	return out
}

// metThrough reports that the sentence of clause p says up to token i that the worker saw or spoke to somebody: "Saw Leo, 5, and his mum on Teams", not "the meeting was
// on Teams", and no other sentence of a home that the worker was at.
func (x *text) metThrough(p, i int) bool {
	s := x.sents[x.parts[p].sentence]
	if x.reported(p) || x.timeOf(x.parts[p].span) != kerbside.Current || x.future(s) || x.negatedBefore(s.a, i) {
		return false
	}
	met := false
	for k := s.a; k < i; k++ {
		switch x.word(k) {
		case "meeting", "conference", "group", "training", "review", "panel", "hearing", "supervision", "class", "lessons":
			return false
		case "saw", "seen", "met", "spoke", "visit", "visited", "contact", "session":
			c := x.partAt(k)
			met = met || c >= 0 && (x.worker[c] || x.verbAt[c] < 0 || len(x.subject[c]) == 0)
		}
	}
	for k := range x.tokens {
		switch x.word(k) {
		case "visited", "arrived", "bedroom", "house", "home", "flat", "kitchen", "doorstep":
			if k > i || k < s.a {
				return false
			}
		}
	}
	return met
}

// outcome reads attempts and how the contact was made. A contact is put down as one in person, and as completed, on words only that say where
// somebody of the family was or that the worker saw them; that somebody spoke does not say it.
func (x *text) outcome() {
	v := &x.record.Visit
	v.Mode, v.Outcome = kerbside.Fact{Value: kerbside.NotStated}, kerbside.Fact{Value: kerbside.NotStated}
	if list := x.modes(min(len(x.tokens), opening)); len(list) > 0 {
		v.Mode = x.fact(list[0])
	}
	list := x.factsIn("outcome", len(x.tokens))
	last, failed := -1, -1
	for _, f := range list {
		p := x.partAt(f.a)
		if p < 0 || x.reported(p) || x.timeOf(x.parts[p].span) != kerbside.Current || x.parts[p].sentence == last || x.notTheDoor(p, f) {
			continue
		}
		last = x.parts[p].sentence
		if f.value == kerbside.OutcomeRefused && (possessives[x.word(f.b)] || x.word(f.b) == "hers" || len(x.subject[p]) == 1 && x.people[x.subject[p][0]].isChild(x)) {
			continue // "Tobi wouldn't let me in his room"
		}
		if f.value == kerbside.OutcomeRefused && (x.onlyAtFirst(x.parts[p].span) && x.inLater(x.parts[p].b) || x.contains(f.span, "allowed") && len(x.subject[p]) > 0) {
			continue // "Dad isn't allowed in the house"
		}
		if x.aboutCall(p) || f.value == kerbside.OutcomeRefused && roomsNamed(x, span{x.sents[last].a, f.a}) {
			continue
		}
		if f.value == kerbside.OutcomeNoAccess && x.word(f.b-1) == "visit" {
			failed = last
		}
		a := kerbside.Attempt{Outcome: f.value, Evidence: x.proof(x.parts[p].a, x.parts[p].b)}
		s := x.sents[x.parts[p].sentence]
		for i := s.a; i < s.b; i++ {
			if c, ok := clockAt(x.tokens, i); ok && (c.sure || i > 0 && x.tokens[i-1].norm == "at") && c.first < f.a+12 {
				a.Time = c.String()
				a.Evidence = x.proof(s.a, x.trim(s).b)
			}
		}
		v.Attempts = append(v.Attempts, a)
	}
	var present *person // the one whose presence is best said: a child's rather than an adult's
	for i := range x.people {
		if p := &x.people[i]; p.presence == kerbside.Present && p.kind(x) != roleProfessional && p.kind(x) != roleOther && !(len(v.Attempts) > 0 && x.onlySpokenTo(p)) && (!p.heard || v.Mode.Value != kerbside.NotStated) && (present == nil || p.isChild(x) && !present.isChild(x)) {
			present = p
		}
	}
	if n := len(v.Attempts) - 1; n >= 0 && x.neverIn(present, failed, v) {
		v.Outcome = kerbside.Fact{Value: v.Attempts[n].Outcome, Evidence: v.Attempts[n].Evidence}
		return
	}
	switch {
	case present != nil && v.Mode.Value == kerbside.NotStated:
		v.Mode = x.fact(found{present.presSpan, kerbside.ModeInPerson})
		v.Outcome = x.fact(found{present.presSpan, kerbside.OutcomeCompleted})
	case present != nil:
		v.Outcome = x.fact(found{present.presSpan, kerbside.OutcomeCompleted})
	}
}

// neverIn reports that the last attempt is how it ended: nobody of the family was there, the visit is called a failed one (in
// sentence failed, else -1) and no child is spoken of as there after that, an adult kept the worker out and no child was seen, or what was cancelled was
// only talked about on the telephone. A worker who was let in after all was in.
func (x *text) neverIn(present *person, failed int, v *kerbside.VisitFacts) bool {
	last := v.Attempts[len(v.Attempts)-1]
	switch {
	case present == nil:
		return true
	case last.Outcome == kerbside.OutcomeNoAccess && failed >= 0:
		for i := range x.people {
			if p := &x.people[i]; p.isChild(x) && p.presence == kerbside.Present && x.partAt(p.presSpan.a) >= 0 && x.parts[x.partAt(p.presSpan.a)].sentence > failed {
				return false
			}
		}
		return !x.letInAfter(last.Evidence[0].EndChar)
	case last.Outcome == kerbside.OutcomeRefused:
		return !present.isChild(x) && !x.letInAfter(last.Evidence[0].EndChar)
	case last.Outcome == kerbside.OutcomeCancelled:
		return v.Mode.Value == kerbside.ModePhone
	}
	return false
}

// onlySpokenTo reports somebody, of whom no more is known than a name, with whom the worker spoke, as with a colleague behind a shut door: "Spoke to Sajid, he says go back
// at six".
func (x *text) onlySpokenTo(p *person) bool {
	c := x.partAt(p.presSpan.a)
	return p.role < 0 && c >= 0 && x.verbAt[c] >= 0 && spokeVerbs[x.word(x.verbAt[c])]
}

// onlyAtFirst reports what did not last: "he wouldn't let me past the hall at first".
func (x *text) onlyAtFirst(s span) bool {
	for k := s.a; k < s.b; k++ {
		if n := x.word(k); n == "first" && x.word(k-1) == "at" || n == "initially" || n == "begin" && x.word(k+1) == "with" {
			return true
		}
	}
	return false
}

// inLater reports that the worker came in behind token i, in more words than letInAfter knows: "then they agreed I could come in".
func (x *text) inLater(i int) bool {
	for k := i; k+1 < len(x.tokens) && k < i+2*opening; k++ {
		switch n := x.word(k); {
		case n == "let" && (x.word(k+1) == "me" || x.word(k+1) == "us") && !x.negatedBetween(max(i, k-3), k), n == "i" && x.word(k+1) == "could" && x.word(k+2) == "come", (n == "went" || n == "came" || n == "got") && x.word(k+1) == "in" && x.word(k-1) == "i", n == "invited" && x.word(k+1) == "me":
			return true
		}
	}
	return false
}

// letInAfter reports that the worker came in behind a place of the text: "then she let me in", "I got in in the end".
func (x *text) letInAfter(char int) bool {
	for c := range x.parts {
		p := x.parts[c].span
		if x.evidence(p.a, p.a+1).StartChar < char || x.reported(c) || x.supposed(c) || x.future(p) {
			continue
		}
		for k := p.a; k+1 < p.b; k++ {
			w, next := x.word(k), x.word(k+1)
			in := w == "let" && (next == "me" || next == "us") || (w == "got" || w == "went" || w == "came" || w == "invited") && (next == "in" || next == "me" && x.word(k+2) == "in") && (x.worker[c] || w == "invited")
			if in && !x.negatedBefore(p.a, k) {
				return true
			}
		}
	}
	return false
}

// headsMeeting reports words for a meeting that are what the text is about: at the head of one of the first sentences, which speak of no visit, "Core group for Ada, at school",
// "That was the review conference", "I've just come out of a strategy meeting".
func (x *text) headsMeeting(s span) bool {
	c := x.partAt(s.a)
	if c < 0 || x.parts[c].sentence > 1 || x.reported(c) {
		return false
	}
	switch n := x.word(s.b); {
	case finiteAux[n], n == "visit", n == "first", n == "actions", n == "next", n == "tomorrow", n == "prep", n == "plan", n == "report", x.tokens[s.b-1].poss:
		return false
	}
	for i := 0; i < x.sents[min(x.parts[c].sentence+1, len(x.sents)-1)].b; i++ {
		if n := x.word(i); n == "visit" || n == "visited" {
			return false
		}
	}
	for k := s.a - 1; k >= x.sents[x.parts[c].sentence].a; k-- {
		n := x.word(k)
		if !x.tokens[k].mark && !isFiller(&x.tokens[k]) && !headingWords[n] && !determiners[n] && !beforeMeetings[n] && !x.ordinalAt(k) {
			return false
		}
	}
	return true
}

// beforeMeetings are what may stand before the meeting that a text is about.
var beforeMeetings = setOf("i we was were have 've am 'm just come came been back out of to at attended chaired held done did sat in joined today morning afternoon initial review statutory second multi-agency hi note notes write-up record minutes so")

// calls are words of clauses about a telephone, and not about a door: "I've had no reply to my messages".
var calls = setOf("phone rang called text texts message messages voicemail email emails calls")

func (x *text) aboutCall(p int) bool {
	for i := x.parts[p].a; i < x.parts[p].b; i++ {
		if calls[x.word(i)] {
			return true
		}
	}
	return false
}
