package extract

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"kerbside"
)

//go:embed sensitive.tsv
var sensitiveTable string

// cue is one row of sensitive.tsv.
type cue struct {
	kind         string
	before, past int // sentences that it reaches, before its own and after
	words        [][]string
}

// cues finds the words that limit who may see what stands round them. The zero value finds addresses and numbers only.
type cues struct {
	by    map[string][]cue // by their first word
	stems []cue            // whose first word is a stem
}

func loadCues() (cues, error) {
	c := cues{by: map[string][]cue{}}
	n := 0
	for line := range strings.Lines(sensitiveTable) {
		n++
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		reach := map[string][2]int{"here": {0, 0}, "back": {1, 0}, "far": {3, 0}, "on": {0, 1}}
		if len(f) != 3 || !sensitivities[f[0]] && f[0] != kerbside.SensitiveRestricted {
			return c, kerbside.E(kerbside.CodeInternal, "extract.loadCues", "", fmt.Errorf("line %d of sensitive.tsv", n))
		}
		to, ok := reach[f[1]]
		if !ok {
			return c, kerbside.E(kerbside.CodeInternal, "extract.loadCues", "", fmt.Errorf("line %d of sensitive.tsv: reach", n))
		}
		x := cue{kind: f[0], before: to[0], past: to[1]}
		for w := range strings.FieldsSeq(f[2]) {
			x.words = append(x.words, strings.Split(w, "|"))
		}
		for _, w := range x.words[0] {
			if strings.HasSuffix(w, "~") || w == "#" {
				c.stems = append(c.stems, cue{x.kind, x.before, x.past, append([][]string{{w}}, x.words[1:]...)})
				continue
			}
			c.by[w] = append(c.by[w], x)
		}
	}
	return c, nil
}

// The most words of any kind that a "*" stands for, and the longest that a sentence is taken to be where nothing marks its end.
const (
	gapWords     = 4
	sentenceMost = 45
)

// mark sets what is sensitive in a record: the runs of words, and the items that stand in them.
func (c cues) mark(r *kerbside.Record, sources []*kerbside.Source) {
	r.Sensitive = nil
	people := newNamed(r)
	for _, s := range sources {
		c.markSource(r, people, s)
	}
	c.markItems(r, sources)
}

// run is words first to last of a source.
type run struct{ first, last int }

func (c cues) markSource(r *kerbside.Record, people named, s *kerbside.Source) {
	words := make([]string, len(s.Words))
	for i, w := range s.Words {
		words[i] = plainWord(w.Text)
	}
	sentences := sentencesOf(s)
	for n, at := range sentences {
		found := map[string]run{} // kind -> sentences
		from := map[string][]kerbside.PersonID{}
		note := func(kind string, before, past, end int) {
			if kind == kerbside.SensitiveInformant && before > 0 && relative(words[at.first:end+1]) {
				before = 0 // "the neighbour, who asked not to be named": the sentence itself says whose wish it is
			}
			x := run{max(0, n-before), min(len(sentences)-1, n+past)}
			if old, ok := found[kind]; ok {
				x = run{min(x.first, old.first), max(x.last, old.last)}
			}
			found[kind] = x
			if kind == kerbside.SensitiveRestricted {
				from[kind] = people.in(words[end : at.last+1])
			}
		}
		for i := at.first; i <= at.last; i++ {
			for _, x := range c.by[words[i]] {
				if end, ok := matches(x.words, words[:at.last+1], i); ok {
					note(x.kind, x.before, x.past, end)
				}
			}
			for _, x := range c.stems {
				if end, ok := matches(x.words, words[:at.last+1], i); ok {
					note(x.kind, x.before, x.past, end)
				}
			}
		}
		if isAddress(s, words, at) {
			note(kerbside.SensitiveAddress, 0, 0, at.last)
		}
		if child, of, ok := people.otherParents(words, at); ok {
			e := s.Evidence(at.first, at.last)
			r.Sensitive = append(r.Sensitive, kerbside.Sensitive{Kind: kerbside.SensitiveOtherChild, About: kerbside.List[kerbside.PersonID]{child}, From: of, Evidence: kerbside.List[kerbside.Evidence]{e}})
		}
		for _, kind := range []string{kerbside.SensitiveRestricted, kerbside.SensitiveInformant, kerbside.SensitiveAddress, kerbside.SensitivePolice, kerbside.SensitiveHealth, kerbside.SensitiveIntimate, kerbside.SensitiveThirdParty, kerbside.SensitiveOtherChild} {
			x, ok := found[kind]
			if !ok {
				continue
			}
			if kind == kerbside.SensitiveRestricted && x.first < n && at.last-at.first > 13 && !pointsAway(words[at.first:at.last+1]) {
				x.first = n // a wish for silence about something of its own
			}
			if kind == kerbside.SensitiveRestricted && x.first < n && sentences[x.first].last-sentences[x.first].first < 5 {
				x.first = max(0, x.first-1) // what was said before a short one
			}
			r.Sensitive = append(r.Sensitive, kerbside.Sensitive{Kind: kind, From: from[kind],
				Evidence: kerbside.List[kerbside.Evidence]{s.Evidence(sentences[x.first].first, sentences[x.last].last)}})
		}
	}
}

// relative reports whether the words end in a clause about somebody whom they name: "Mrs Shah, who does not want to be named".
func relative(words []string) bool {
	for i := len(words) - 1; i >= max(2, len(words)-10); i-- {
		if words[i] == "who" {
			return words[i-1] != "person" && words[i-1] != "one" && words[i-1] != "was" && words[i-1] != "is"
		}
	}
	return false
}

// pointsAway reports whether a sentence speaks of what was said before it.
func pointsAway(words []string) bool {
	for _, w := range words {
		switch w {
		case "that", "this", "it", "so", "any", "anything", "nothing", "word", "these", "those", "said", "told":
			return true
		}
	}
	return false
}

// matches reports whether the words of a cue stand at i, and where they end.
func matches(pattern [][]string, words []string, i int) (end int, ok bool) {
	if len(pattern) == 0 {
		return max(0, i-1), true
	}
	if pattern[0][0] == "*" {
		for skip := 0; skip <= gapWords && i+skip < len(words); skip++ {
			if end, ok := matches(pattern[1:], words, i+skip); ok {
				return end, true
			}
		}
		return 0, false
	}
	if i >= len(words) || !isWord(pattern[0], words[i]) {
		return 0, false
	}
	return matches(pattern[1:], words, i+1)
}

func isWord(either []string, word string) bool {
	for _, w := range either {
		stem, cut := strings.CutSuffix(w, "~")
		if w == word || cut && strings.HasPrefix(word, stem) || w == "#" && word != "" && strings.Trim(word, "0123456789") == "" {
			return true
		}
	}
	return false
}

func plainWord(text string) string {
	w := strings.ToLower(strings.ReplaceAll(text, "’", "'"))
	return strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// sentencesOf cuts a source at full stops, and where there is none for long at every sentenceMost words.
func sentencesOf(s *kerbside.Source) []run {
	var out []run
	first := 0
	for i, w := range s.Words {
		t := strings.TrimRight(w.Text, "\"'”’)]")
		if strings.HasSuffix(t, ".") || strings.HasSuffix(t, "?") || strings.HasSuffix(t, "!") || strings.HasSuffix(t, "…") || i-first >= sentenceMost || i == len(s.Words)-1 {
			out = append(out, run{first, i})
			first = i + 1
		}
	}
	return out
}

var (
	postcode     = regexp.MustCompile(`^[a-z]{1,2}[0-9][0-9a-z]?([0-9][a-z]{2})?$`)
	inward       = regexp.MustCompile(`^[0-9][a-z]{2}$`)
	isDate       = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$|^\d{1,2}[/.]\d{1,2}([/.]\d{2,4})?$|^\d{1,2}[:.]\d{2}$`)
	spokenDigits = map[string]int{"oh": 1, "o": 1, "nought": 1, "zero": 1, "one": 1, "two": 1, "three": 1, "four": 1, "five": 1, "six": 1, "seven": 1, "eight": 1, "nine": 1, "double": 1, "triple": 2, "treble": 2}
	streets      = map[string]bool{"street": true, "road": true, "lane": true, "avenue": true, "close": true, "drive": true, "court": true, "way": true, "place": true, "terrace": true, "crescent": true, "gardens": true, "grove": true, "walk": true,
		"house": true, "mews": true, "row": true, "hill": true, "park": true, "square": true, "rise": true, "view": true, "estate": true, "buildings": true, "lodge": true, "mansions": true, "parade": true, "green": true, "wynd": true, "bank": true}
	dwelling = map[string]bool{"lives": true, "living": true, "live": true, "lived": true, "staying": true, "stays": true, "moved": true, "moving": true, "flat": true, "address": true, "rehoused": true, "tenancy": true, "found": true, "fled": true, "number": true, "move": true, "gone": true}
	numerals = map[string]bool{"one": true, "two": true, "three": true, "four": true, "five": true, "six": true, "seven": true, "eight": true, "nine": true, "ten": true, "eleven": true, "twelve": true, "thirteen": true, "fourteen": true, "fifteen": true,
		"sixteen": true, "seventeen": true, "eighteen": true, "nineteen": true, "twenty": true, "thirty": true, "forty": true, "fifty": true, "sixty": true, "seventy": true, "eighty": true, "ninety": true, "hundred": true}
)

// isAddress reports whether a sentence holds a telephone number, a postcode, or a house in a street.
func isAddress(s *kerbside.Source, words []string, at run) bool {
	digits := 0
	for i := at.first; i <= at.last; i++ {
		w := words[i]
		n := 0
		if !isDate.MatchString(w) {
			for _, r := range w {
				if unicode.IsDigit(r) {
					n++
				}
			}
		}
		n += spokenDigits[w]
		if n == 0 {
			digits = 0
		}
		if digits += n; digits >= 6 {
			return true
		}
		if i < at.last && postcode.MatchString(w) && strings.ContainsAny(w, "0123456789") && inward.MatchString(words[i+1]) || len(w) >= 5 && postcode.MatchString(w) && inward.MatchString(w[len(w)-3:]) {
			return true
		}
		if strings.Contains(s.Words[i].Text, "@") {
			return true
		}
		if !streets[w] || !isCapital(s.Words[i].Text) || i == at.first || !isCapital(s.Words[i-1].Text) {
			continue
		}
		for k := at.first; k <= at.last; k++ { // a number before it, or somebody who lives there
			if k >= i-4 && k < i && (numerals[words[k]] || words[k] != "" && unicode.IsDigit(rune(words[k][0]))) || dwelling[words[k]] {
				return true
			}
		}
	}
	return false
}

func isCapital(text string) bool {
	for _, r := range strings.TrimLeft(text, "\"'“‘(") {
		return unicode.IsUpper(r)
	}
	return false
}

// named finds people of a record by the words for them.
type named struct {
	r  *kerbside.Record
	by map[string]kerbside.PersonID // "" where several answer to it
}

var familyWords = map[string][]string{"mother": {"mum", "mummy", "mam", "mother", "mom"}, "father": {"dad", "daddy", "father"}, "grandmother": {"nan", "nana", "gran", "granny", "grandma", "grandmother"},
	"grandfather": {"grandad", "grandpa", "grandfather"}, "step-father": {"stepdad", "step-dad"}, "step-mother": {"stepmum", "step-mum"}, "partner": {"partner", "boyfriend"}}

func newNamed(r *kerbside.Record) named {
	n := named{r, map[string]kerbside.PersonID{}}
	add := func(w string, id kerbside.PersonID) {
		if old, ok := n.by[w]; ok && old != id {
			id = ""
		}
		n.by[w] = id
	}
	for _, a := range r.Attendees {
		given, _, _ := strings.Cut(strings.ToLower(a.Name), " ")
		if given != "" && given != "mr" && given != "mrs" && given != "miss" && given != "ms" && given != "dr" {
			add(given, a.ID)
		}
		for _, w := range familyWords[a.Role] {
			add(w, a.ID)
		}
	}
	return n
}

// in gives the people whom words speak of.
func (n named) in(words []string) kerbside.List[kerbside.PersonID] {
	var out kerbside.List[kerbside.PersonID]
	for _, w := range words {
		if id := n.by[strings.TrimSuffix(w, "'s")]; id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
		switch w {
		case "him", "her", "he", "she", "they", "them", "anyone", "anybody", "family", "parents", "everyone":
			return nil // nobody knows who else is meant: it is kept from everybody
		}
	}
	return out
}

// otherParents reads that a child is not that of a grown-up of the record: "Tyrone isn't Craig's", "Zion has a different dad".
func (n named) otherParents(words []string, at run) (child kerbside.PersonID, from kerbside.List[kerbside.PersonID], ok bool) {
	sentence := words[at.first : at.last+1]
	says := false
	for i, w := range sentence {
		next := ""
		if i+1 < len(sentence) {
			next = sentence[i+1]
		}
		switch {
		case (w == "different" || w == "other" || w == "own" || w == "real" || w == "biological" || w == "birth") && (next == "dad" || next == "father"),
			strings.HasPrefix(w, "half-") || w == "half" && (next == "brother" || next == "sister" || next == "sibling"),
			(w == "isn't" || w == "not") && strings.HasSuffix(next, "'s") && n.by[strings.TrimSuffix(next, "'s")] != "",
			(w == "isn't" || w == "not") && (next == "his" || next == "hers"):
			says = true
		}
	}
	if !says {
		return "", nil, false
	}
	for i, w := range sentence {
		id := n.by[strings.TrimSuffix(w, "'s")]
		for _, a := range n.r.Attendees {
			if id == "" || a.ID != id {
				continue
			}
			denied := i > 0 && (sentence[i-1] == "not" || sentence[i-1] == "isn't")
			switch {
			case isChildRole(a.Role):
				if child == "" || denied { // "that's Zion's dad, not Keanu's" is about Keanu
					child = id
				}
			case a.Role != "mother" && !slices.Contains(from, id):
				from = append(from, id)
			}
		}
	}
	return child, from, child != ""
}

func isChildRole(role string) bool {
	return role == "child" || role == "baby" || strings.HasSuffix(role, "brother") || strings.HasSuffix(role, "sister") || role == "son" || role == "daughter"
}

// markItems notes on the items themselves what their words are.
func (c cues) markItems(r *kerbside.Record, sources []*kerbside.Source) {
	type place struct {
		src  *kerbside.Source
		x    run
		what kerbside.Sensitive
	}
	var places []place
	for _, s := range r.Sensitive {
		if src := kerbside.FindSource(sources, s.Evidence[0]); src != nil && len(s.About) == 0 {
			if first, last, err := src.Range(s.Evidence[0]); err == nil {
				places = append(places, place{src, run{first, last}, s})
			}
		}
	}
	set := func(list *kerbside.List[string], restricted **kerbside.Restriction, evidence []kerbside.Evidence) {
		if len(evidence) == 0 {
			return
		}
		src := kerbside.FindSource(sources, evidence[0])
		if src == nil {
			return
		}
		first, last, err := src.Range(evidence[0])
		if err != nil {
			return
		}
		for _, p := range places {
			if p.src != src || p.x.first > last || first > p.x.last {
				continue
			}
			if p.what.Kind == kerbside.SensitiveRestricted {
				if *restricted == nil {
					*restricted = &kerbside.Restriction{From: p.what.From, Reason: p.what.Evidence[0].Quote, Evidence: p.what.Evidence}
				}
			} else if !slices.Contains(*list, p.what.Kind) {
				*list = append(*list, p.what.Kind)
			}
		}
	}
	for i := range r.Risks {
		set(&r.Risks[i].Sensitivity, &r.Risks[i].Restricted, r.Risks[i].Evidence)
	}
	for i := range r.Strengths {
		set(&r.Strengths[i].Sensitivity, &r.Strengths[i].Restricted, r.Strengths[i].Evidence)
	}
	for i := range r.Actions {
		set(&r.Actions[i].Sensitivity, &r.Actions[i].Restricted, r.Actions[i].Evidence)
	}
	for i := range r.ChildVoice {
		set(&r.ChildVoice[i].Sensitivity, &r.ChildVoice[i].Restricted, r.ChildVoice[i].Evidence)
	}
}
