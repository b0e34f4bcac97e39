package draft

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kerbside"
)

// sensitiveSpan is a run of words that the record marks and this reader may not see.
type sensitiveSpan struct {
	span
	kind, reason string
	rule         rule
}

// mark reads what the record marks as sensitive, for this reader. The words are blocked, whether or not an item rests on them, so that
// nothing is widened into them.
func (f *firewall) mark(all []*item, ss sources) {
	for _, x := range f.marks {
		if len(x.Evidence) == 0 {
			continue
		}
		s, ok := ss.span(x.Evidence[0])
		if !ok {
			continue
		}
		r, known := f.rules[x.Kind]
		if !known && x.Kind != ruleRestricted && !knownSensitivity(x.Kind) {
			r = f.rules[ruleUnknown]
		}
		if len(x.About) > 0 {
			f.strangers = append(f.strangers, x)
			continue
		}
		if r.may == "" || r.may == mayYes || x.Kind == ruleRestricted && f.reader != "" && len(x.From) > 0 && !slices.Contains(x.From, f.reader) {
			continue
		}
		f.spans = append(f.spans, sensitiveSpan{s, x.Kind, r.reason, r})
		free := false // the worker released it, or it is the reader's own
		for _, it := range all {
			if it.valid && !it.shadow && it.main.overlaps(s) && (f.release[it.id] || !f.denies(r, it)) {
				free = true
			}
		}
		if !free {
			f.blocked = append(f.blocked, s)
		}
	}
}

// marked gives the reason why the words of an item are not for the reader.
func (f *firewall) marked(it *item) string {
	if !it.valid {
		return ""
	}
	for _, s := range f.spans {
		if s.overlaps(it.main) && f.denies(s.rule, it) {
			return s.reason
		}
	}
	for _, x := range f.strangers {
		r := f.rules[kerbside.SensitiveOtherChild]
		if r.may != mayNo || f.audience != kerbside.AudienceFamily || len(it.about) == 0 {
			continue
		}
		only := !slices.ContainsFunc(it.about, func(p kerbside.PersonID) bool { return !slices.Contains(x.About, p) })
		if only && f.reader != "" && slices.Contains(x.From, f.reader) {
			return r.reason
		}
	}
	return ""
}

// hideNames takes the names that stand in words which could tell who gave information, where somebody is, or what the police know, for secret
// everywhere, unless they are those of the family or of somebody who was there.
func (f *firewall) hideNames() {
	for _, s := range f.spans {
		if s.kind == kerbside.SensitiveHealth || s.kind == kerbside.SensitiveIntimate || s.kind == kerbside.SensitivePolice && f.audience != kerbside.AudienceFamily {
			continue
		}
		if !slices.ContainsFunc(f.blocked, s.overlaps) {
			continue
		}
		for i := s.first; i <= s.last; i++ {
			text := strings.TrimLeft(s.src.Words[i].Text, "\"'“‘(")
			r, _ := utf8.DecodeRuneInString(text)
			w := bare(s.word(i))
			if !unicode.IsUpper(r) || len(w) < 3 || f.known()[w] || commonCapitals[w] {
				continue
			}
			if i > 0 && !ends(s.src.Words[i-1].Text) && !strings.ContainsAny(s.src.Words[i].Text[:1], "\"'“‘(") || f.mentioned()[w] {
				f.hideName(w)
			}
		}
	}
}

// namesOnly reports whether words are nothing but what the family, or those who were there, are called.
func (f *firewall) namesOnly(s span) bool {
	if s.len() > 3 {
		return false
	}
	for i := s.first; i <= s.last; i++ {
		if !f.known()[bare(s.word(i))] {
			return false
		}
	}
	return true
}

// besideAddress reports words that are blocked for nothing but an address in their sentence, and name nobody and no place themselves.
func (f *firewall) besideAddress(s span) bool {
	address := func(o span) bool {
		return slices.ContainsFunc(f.spans, func(x sensitiveSpan) bool { return x.span == o && x.kind == kerbside.SensitiveAddress })
	}
	for _, o := range f.blocked {
		if s.overlaps(o) && !address(o) {
			return false
		}
	}
	for _, x := range f.spans {
		if x.overlaps(s) && x.kind != kerbside.SensitiveAddress {
			return false
		}
	}
	for i := s.first; i <= s.last; i++ {
		if r, _ := utf8.DecodeRuneInString(s.src.Words[i].Text); unicode.IsUpper(r) && !commonCapitals[bare(s.word(i))] {
			return false
		}
	}
	return true
}

// known are the words for the family and for those who were there, whose names are no secret by themselves.
func (f *firewall) known() wordSet {
	if f.open == nil {
		f.open = wordSet{}
		for _, a := range f.people.list {
			if a.Presence == kerbside.Present && a.Role != "neighbour" || childRole(a.Role) && a.Presence != kerbside.Mentioned || atHome(a.Role) {
				for w := range f.people.called(a.ID) {
					f.open[w] = true
				}
			}
		}
	}
	return f.open
}

// mentioned are the names of everybody else in the record.
func (f *firewall) mentioned() wordSet {
	if f.others == nil {
		f.others = wordSet{}
		for _, a := range f.people.list {
			for _, w := range tokens(a.Name) {
				f.others[w] = f.others[w] || !f.known()[w]
			}
		}
	}
	return f.others
}

// commonCapitals are words with a capital that name nobody.
var commonCapitals = set(append([]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mrs", "miss", "the", "christmas", "easter", "mum", "dad", "nan", "gran", "mummy", "daddy", "police", "school", "nursery", "camhs", "marac", "mash", "nspcc", "iro", "she", "his", "her", "they", "i'm", "i've", "i'll", "i'd"}, months...)...)
