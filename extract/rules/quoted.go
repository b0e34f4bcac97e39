package rules

import "kerbside"

// ownFamily are words for relatives that only one of the family says "my" of.
var ownFamily = setOf("mum mam mummy dad daddy stepdad stepmum nan nana gran granny grandma grandad grandpa brother sister auntie aunt uncle cousin mother father")

// spokenWithoutVerb finds words that no verb of speech brings in: a quotation that stands by itself, and what only a child of the family can say in the
// first person ("I have my tea upstairs because my stepdad shouts"). They are the child's of whom was just spoken; where that is nobody they are left.
func (x *text) spokenWithoutVerb() {
	for n, s := range x.sents {
		if s.a < s.b && x.tokens[s.a].norm == `"` && !x.inFrame(min(s.a+1, s.b-1)) {
			x.bareQuote(n)
		}
	}
	for c := range x.parts {
		part := &x.parts[c]
		if x.inFrame(part.a) || !x.childsOwn(part.span) {
			continue
		}
		if w := x.childInFocus(part.sentence); w >= 0 {
			f := frame{cue: span{part.a, part.a}, content: x.sents[part.sentence], hearer: -1, verb: "say", direct: true, clause: c}
			x.speaker(&f, w)
			x.addFrame(f)
		}
	}
}

func (x *text) bareQuote(n int) {
	s := x.sents[n]
	end := s.a + 1
	for end < len(x.tokens) && end < s.a+120 && x.tokens[end].norm != `"` {
		end++
	}
	if end-s.a < 3 || end >= len(x.tokens) || x.tokens[end].norm != `"` || x.inFrame(end-1) {
		return
	}
	w := x.childInFocus(n)
	c := x.partAt(s.a + 1)
	if w < 0 || c < 0 {
		return
	}
	f := frame{cue: span{s.a, s.a}, content: span{s.a + 1, end}, hearer: -1, verb: "say", direct: true, clause: c}
	x.speaker(&f, w)
	x.addFrame(f)
}

// childsOwn reports the first person in the mouth of a child of the family: "my" relatives, or a relative who does something to "me" now.
func (x *text) childsOwn(s span) bool {
	relative, me, now := false, false, false
	for i := s.a; i < s.b; i++ {
		t := &x.tokens[i]
		switch n := t.norm; {
		case t.mark:
		case (n == "my" || n == "our") && i+1 < s.b && ownFamily[x.tokens[i+1].norm]:
			return true
		case ownFamily[n] && !t.poss && i < s.a+2 && i+1 < s.b:
			v := x.tokens[i+1].norm
			relative = true
			now = x.lex.verb[v] != "" && x.lex.speech[v] == "" && len(v) > 2 && v[len(v)-1] == 's' && v != "was" && v != "has" && v != "is"
		case n == "me" || n == "my" || n == "us":
			me = true
		}
	}
	return relative && me && now
}

// childInFocus is the child of whom sentence n goes on: the last to speak or to be spoken of in the three sentences before it, -1 when none is or when the
// last is somebody else's turn.
func (x *text) childInFocus(n int) int {
	for k := n; k >= 0 && k >= n-3; k-- {
		s := x.sents[k]
		if k == n {
			s.b = s.a
		}
		found := -1
		for i := s.a; i < s.b; i++ {
			for _, m := range x.cover[i] {
				if f := &x.frames[m]; f.kind != kerbside.WorkerOpinion && i == s.b-1 {
					if f.kind == kerbside.ChildSaid && f.who >= 0 {
						return f.who
					}
					return -1
				}
			}
			if w := x.who[i]; w >= 0 && x.people[w].isChild(x) && x.people[w].presence != kerbside.Absent {
				found = w
			}
		}
		if found >= 0 {
			return found
		}
	}
	return -1
}
