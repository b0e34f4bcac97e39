package wording

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"kerbside"
)

// How far, as a share (see distance), words may sound from a term to have it suggested. They were set on pairs and texts of our
// own (testdata): a word that is none of the language's needs least; one that is needs a reason to be doubted, too.
const (
	limitStrange   = 0.22 // no word of the language, and not sure
	limitSure      = 0.18 // the same, and the engine was sure
	limitName      = 0.1  // a word of the language with a capital inside a sentence
	limitDoubtful  = 0.08 // a word of the language that is doubtful
	limitSpelt     = 0.12 // letters
	limitJoined    = 0.13 // several words, none of them an ordinary one
	limitMixed     = 0.08 // several words, some of them ordinary
	limitOrdinary  = 0.04 // several ordinary words of which one is doubtful
	limitRun       = 0.1  // a name that was heard as one word with "Dad"
	sureConfidence = 0.9
	likeBest       = 0.07 // a second suggestion for the same words is given when it is as good as this
	mostJoined     = 4    // words heard for one term
	leastJoined    = 4    // sounds of a term that several words may stand for
)

// kin are words that a name is run together with, and what to write between the two.
var kin = []struct{ word, text string }{
	{"dad", "Dad, "}, {"mum", "Mum, "}, {"gran", "Gran, "}, {"nan", "Nan, "}, {"grandad", "Grandad, "}, {"grandma", "Grandma, "},
	{"uncle", "Uncle "}, {"aunt", "Aunt "}, {"auntie", "Auntie "}, {"baby", "Baby "},
}

// heard is what is to be known of a word to compare it.
type heard struct {
	parts
	said     []string // how it sounds
	known    bool     // spelt as in a term
	strange  bool     // no word of the language
	name     bool     // a word of the language with a capital that says something
	doubtful bool
	sure     bool
	letters  bool // may be letters said one by one
	ends     bool // punctuation after it
}

// suspicious words are those that a suggestion may be about.
func (h *heard) suspicious() bool { return !h.known && (h.strange || h.name || h.doubtful) }

// proposal is a suggestion that may be made for n words from first on.
type proposal struct {
	first, n int
	text     string
	reason   string
	score    float32
}

// suggest sets tr's suggestions and adds those for one word to its alternatives.
func (t *Tables) suggest(tr *kerbside.Transcript, terms []string) {
	l := t.lexicon(terms)
	words := t.hear(tr.Words, l)
	var all []proposal
	for i := range words {
		all = t.phrasesAt(all, words, i, l)
		for n := 1; n <= mostJoined && i+n <= len(words); n++ {
			if n > 1 && words[i+n-2].ends {
				break
			}
			all = t.soundsAt(all, words[i:i+n], i, l)
		}
	}
	slices.SortStableFunc(all, func(a, b proposal) int {
		return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(b.n, a.n), cmp.Compare(a.first, b.first))
	})
	var taken []proposal
	for _, p := range all {
		free := !slices.ContainsFunc(taken, func(o proposal) bool {
			same := o.first == p.first && o.n == p.n && o.text != p.text && p.score <= o.score+likeBest
			return p.first < o.first+o.n && o.first < p.first+p.n && !same
		})
		if free {
			taken = append(taken, p)
		}
	}
	slices.SortStableFunc(taken, func(a, b proposal) int { return cmp.Compare(a.first, b.first) })
	for _, p := range taken {
		first, last := &tr.Words[p.first], &tr.Words[p.first+p.n-1]
		text := words[p.first].before + p.text + words[p.first+p.n-1].ending + words[p.first+p.n-1].after
		tr.Suggestions = append(tr.Suggestions, kerbside.Suggestion{FirstWord: first.ID, LastWord: last.ID, Text: text, Reason: p.reason})
		if p.n == 1 && !slices.Contains(first.Alternatives, text) {
			first.Alternatives = append(first.Alternatives, text)
		}
	}
}

func (t *Tables) hear(words []kerbside.Word, l *lexicon) []heard {
	out := make([]heard, len(words))
	for i, w := range words {
		h := heard{parts: split(w.Text), doubtful: w.Doubtful, sure: w.Confidence != nil && *w.Confidence >= sureConfidence && !w.Doubtful}
		norm := h.norm()
		h.ends = strings.ContainsAny(h.after, ".!?;:…")
		h.known = l.known[norm]
		ordinary := t.isOrdinary(norm) || strings.ContainsAny(norm, "0123456789") || t.compound(h.core)
		upper := isUpper(h.core)
		h.strange = norm != "" && !ordinary && h.core != "I"
		h.name = ordinary && isCapital(h.core) && !upper && utf8.RuneCountInString(norm) > 1 && !startsSentence(words, i) && !t.content[norm].lower && !strings.ContainsAny(h.core, "'’")
		h.letters = upper && len(norm) <= 6 || utf8.RuneCountInString(norm) == 1
		out[i] = h
	}
	// Only what stands near a suspicious word is ever compared.
	for i := range out {
		for k := max(0, i-mostJoined+1); k < min(len(out), i+mostJoined); k++ {
			if out[k].suspicious() {
				out[i].said = t.say(&out[i])
				break
			}
		}
	}
	return out
}

// compound reports whether core is ordinary words joined by hyphens or a contraction.
func (t *Tables) compound(core string) bool {
	pieces := strings.FieldsFunc(core, func(r rune) bool { return r == '-' || r == '–' || r == '/' })
	if len(pieces) < 2 {
		return strings.ContainsAny(core, "'’") && !isCapital(core)
	}
	for _, p := range pieces {
		if !t.isOrdinary(letters(p)) {
			return false
		}
	}
	return true
}

func (t *Tables) say(h *heard) []string {
	norm := h.norm()
	said := t.sayWord(norm)
	if h.letters {
		if s := spellOut(norm); s != "" {
			said = append([]string{s}, said...)
		}
	}
	return said[:min(len(said), 2)]
}

// phrasesAt adds the abbreviations that the words from i on are known to stand for.
func (t *Tables) phrasesAt(all []proposal, words []heard, i int, l *lexicon) []proposal {
	phrase := ""
	for n := 1; n <= longestPhrase && i+n <= len(words); n++ {
		w := &words[i+n-1]
		if n > 1 {
			if words[i+n-2].after != "" {
				break
			}
			phrase += " "
		}
		phrase += w.norm()
		for _, p := range l.heard[phrase] {
			beside := i > 0 && words[i-1].after == "" && p.words[words[i-1].norm()] || i+n < len(words) && w.after == "" && p.words[words[i+n].norm()]
			if p.words == nil || beside {
				all = append(all, proposal{first: i, n: n, text: p.text, reason: ReasonAbbreviation, score: -1})
			}
		}
	}
	return all
}

// soundsAt adds the terms that a run of words sounds like.
func (t *Tables) soundsAt(all []proposal, run []heard, first int, l *lexicon) []proposal {
	limit := limitOf(run)
	if limit == 0 {
		return all
	}
	spelt, spoken := true, len(run) == 1 || !run[0].letters
	for i := range run {
		spelt = spelt && run[i].letters
	}
	for _, said := range ways(run) {
		if said == "" || len(said) >= maxSounds {
			continue
		}
		weight := t.costs.weigh(said)
		for _, k := range l.from[said[0]] {
			f := &l.forms[k]
			most := limit
			switch {
			case f.spelt && !spelt, !f.spelt && !spoken, len(run) > 1 && !f.spelt && len(f.sounds) < leastJoined:
				continue
			case f.spelt:
				most = limitSpelt
			case len(f.sounds) < 3:
				most /= 2
			case len(f.sounds) == 3:
				most *= 0.75
			case len(f.sounds) == 4:
				most *= 0.85
			}
			if d := weight - f.weight; d > most*weight*3 || -d > most*f.weight*3 || repeats(run, f) {
				continue
			}
			if score := t.costs.distance(said, f.sounds, most); score <= most {
				reason := ReasonSounds
				if f.spelt || isAbbreviation(f.text) {
					reason = ReasonAbbreviation
				}
				all = append(all, proposal{first: first, n: len(run), text: f.text, reason: reason, score: score})
			}
		}
		if len(run) == 1 && run[0].strange {
			all = t.runTogether(all, said, first, l)
		}
	}
	return all
}

// slips reports whether one of two first sounds is easily left out.
func slips(a, b byte) bool {
	return strings.IndexByte("hyw", a) >= 0 || strings.IndexByte("hyw", b) >= 0
}

// repeats reports whether a run begins or ends with a word that is spelt as in f: the suggestion is about the others.
func repeats(run []heard, f *form) bool {
	last := len(run) - 1
	return run[0].known && run[0].norm() == f.first || last > 0 && run[last].known && run[last].norm() == f.last
}

// runTogether adds names of persons that were heard as one word with "Dad" or the like: "Dadley" for "Dad, Lee".
func (t *Tables) runTogether(all []proposal, said string, first int, l *lexicon) []proposal {
	for _, k := range kin {
		for _, prefix := range t.sayWord(k.word) {
			rest, ok := strings.CutPrefix(said, prefix)
			if !ok || len(rest) < leastSounds {
				continue
			}
			for i := range l.forms {
				if f := &l.forms[i]; f.person {
					if score := t.costs.distance(rest, f.sounds, limitRun); score <= limitRun {
						all = append(all, proposal{first: first, n: 1, text: k.text + f.text, reason: ReasonSounds, score: score})
					}
				}
			}
		}
	}
	return all
}

// limitOf is how far a run may sound from a term, 0 when nothing is to be suggested for it.
func limitOf(run []heard) float32 {
	if len(run) == 1 {
		switch h := &run[0]; {
		case h.known:
			return 0
		case h.strange && h.sure:
			return limitSure
		case h.strange:
			return limitStrange
		case h.name:
			return limitName
		case h.doubtful:
			return limitDoubtful
		}
		return 0
	}
	suspicious, ordinary, doubtful := 0, 0, 0
	for i := range run {
		if run[i].suspicious() {
			suspicious++
		}
		if run[i].doubtful {
			doubtful++
		}
		if !run[i].strange && !run[i].name && !run[i].known {
			ordinary++
		}
	}
	switch {
	case suspicious == 0:
		return 0
	case ordinary == 0:
		return limitJoined
	case ordinary < len(run):
		return limitMixed
	case doubtful > 0:
		return limitOrdinary
	}
	return 0
}

// ways are how a run of words sounds, at most four of them.
func ways(run []heard) []string {
	out := []string{""}
	for i := range run {
		if len(run[i].said) == 0 {
			return nil
		}
		var next []string
		for _, so := range out {
			for _, s := range run[i].said {
				if so != "" && so[len(so)-1] == s[0] && !isVowel(s[0]) { // "Mac Cauley": said once
					s = s[1:]
				}
				next = append(next, so+s)
			}
		}
		out = next[:min(len(next), 4)]
	}
	return out
}
