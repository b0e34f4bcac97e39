package draft

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kerbside"
)

// numberWords count in letters.
var numberWords = set("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
	"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "once", "twice", "first", "second", "third", "half", "dozen")

var dayWords = set(append([]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "yesterday", "today", "tomorrow"}, months...)...)

// reworded gives what stands for a sentence: the worker's words where there are some that this reader may see, with the same items and the same evidence.
func (a *assembly) reworded(s kerbside.Sentence) (kerbside.Sentence, error) {
	i := slices.IndexFunc(a.reword, func(r kerbside.Rewording) bool { return r.Sentence == s.ID() })
	if i < 0 || s.Verdict() == kerbside.VerdictBoilerplate {
		return s, nil
	}
	r := kerbside.Reworded{Rewording: a.reword[i]}
	r.Text = strings.Join(strings.Fields(r.Text), " ")
	a.reword = slices.Delete(slices.Clone(a.reword), i, i+1)
	if r.Why = a.keepsBack(s, r.Text); r.Why == "" {
		own, err := kerbside.NewSentence(s.Block(), r.Text, kerbside.VerdictStated, s.Items(), s.Evidence()...)
		if err != nil {
			return s, err
		}
		r.Stands, r.Unheld, r.Lost = own.ID(), a.unheld(s, r.Text), lost(s.Text(), r.Text)
		s = own
	}
	a.draft.Reworded = append(a.draft.Reworded, r)
	return s, nil
}

// unused lists the rewordings whose sentences are not drafted any more.
func (a *assembly) unused() {
	for _, r := range a.reword {
		a.draft.Reworded = append(a.draft.Reworded, kerbside.Reworded{Rewording: r, Why: kerbside.RewordingStale})
	}
}

const runOfWords = 4 // withheld words in a row that are no accident

// keepsBack gives the reason why a reader may not see the worker's words, or "". What was released is the worker's decision already.
func (a *assembly) keepsBack(s kerbside.Sentence, text string) string {
	free := len(s.Items()) > 0
	for _, id := range s.Items() {
		free = free && a.wall.release[id]
	}
	if free {
		return ""
	}
	if a.wall.shows(text) {
		return reasonNames
	}
	own := tokens(text)
	for i := range own {
		own[i] = bare(own[i])
	}
	drafted := tokens(s.Text())
	for _, b := range a.wall.blocked {
		var words []string
		for i := b.first; i <= b.last; i++ {
			words = append(words, bare(b.word(i)))
		}
		for i := 0; i+runOfWords <= len(words); i++ {
			run := words[i : i+runOfWords]
			if holds(own, run) && !holds(drafted, run) {
				return reasonSameWords
			}
		}
	}
	return ""
}

func holds(all, run []string) bool {
	for i := 0; i+len(run) <= len(all); i++ {
		if slices.Equal(all[i:i+len(run)], run) {
			return true
		}
	}
	return false
}

// unheld are the words of the worker that name, count, date or deny, and stand neither in what was drafted nor in the evidence of it.
func (a *assembly) unheld(s kerbside.Sentence, text string) kerbside.List[string] {
	said := map[string]bool{}
	for _, of := range append([]string{s.Text()}, quotes(s.Evidence())...) {
		for _, w := range tokens(of) {
			said[w], said[bare(w)] = true, true
		}
	}
	var out kerbside.List[string]
	begins := true
	for _, field := range strings.Fields(text) {
		word := strings.TrimFunc(field, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		for _, w := range tokens(word) {
			first, _ := utf8.DecodeRuneInString(word)
			name := unicode.IsUpper(first) && !begins && w != "i" && !strings.HasPrefix(w, "i'")
			if !said[w] && !said[bare(w)] && (name || strings.ContainsFunc(w, unicode.IsDigit) || numberWords[w] || dayWords[bare(w)] || negates(w)) && !slices.Contains(out, word) {
				out = append(out, word)
			}
		}
		begins = ends(field)
	}
	return out
}

func quotes(evidence []kerbside.Evidence) []string {
	out := make([]string, len(evidence))
	for i, e := range evidence {
		out[i] = e.Quote
	}
	return out
}

// lost are the denials and the doubts of a sentence that the worker's words have not.
func lost(before, after string) kerbside.List[string] {
	var out kerbside.List[string]
	had, has := tokens(before), tokens(after)
	for _, is := range []func(string) bool{negates, doubts.has} {
		if count(had, is) <= count(has, is) {
			continue
		}
		for _, w := range had {
			if is(w) && !slices.Contains(has, w) && !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

// rewordingOf reports a fault of the options.
func rewordingOf(o kerbside.DraftOptions) error {
	for _, r := range o.Reword {
		if r.Sentence == "" || strings.TrimSpace(r.Text) == "" {
			return kerbside.E(kerbside.CodeInvalid, "draft.Draft", "Say which sentence is put into own words, and the words.", fmt.Errorf("an empty rewording"))
		}
	}
	return nil
}
