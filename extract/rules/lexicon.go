package rules

import (
	"embed"
	"fmt"
	"strings"
)

// The lexicons are text files of tab-separated columns; "#" starts a comment. The last column of a pattern file is a list of
// patterns, separated by ";". A pattern is a row of items, separated by spaces:
//
//	word        that word
//	a|b|c_d     one of these; an underscore joins the words of one
//	@hit|kick   any form of these verbs
//	{body}      one of a class of classes.tsv
//	bruis*      a word that begins so
//	..          up to four words between
//	<n>         a number, in words or figures
//	$           at the end: nothing that the words before could act on
//
//go:embed lexicon/*.tsv
var lexiconFiles embed.FS

// item is one place of a pattern.
type item struct {
	words    map[string]bool
	prefixes []string
	number   bool
	gap      bool
	end      bool
}

func (it *item) matches(t *token) bool {
	if t.mark {
		return false
	}
	if it.words[t.norm] || t.alt != "" && it.words[t.alt] {
		return true
	}
	for _, p := range it.prefixes {
		if strings.HasPrefix(t.norm, p) || strings.HasPrefix(t.alt, p) {
			return true
		}
	}
	return it.number && isNumber(t)
}

// pattern is a row of items and the entry that it belongs to.
type pattern struct {
	entry    int
	items    []item
	negative bool // holds a word of negation itself
}

// matcher finds the patterns that start at a token. Candidates are looked up by the token's word, so that the time does not grow
// with the size of the lexicon.
type matcher struct {
	byWord   map[string][]*pattern
	byPrefix map[string][]*pattern // by the first prefixLength bytes
	numbers  []*pattern
	words    map[string]bool // all words of all patterns
	prefixes map[string]bool
}

const (
	prefixLength = 3
	maxGap       = 4
)

func newMatcher() *matcher {
	return &matcher{byWord: map[string][]*pattern{}, byPrefix: map[string][]*pattern{}, words: map[string]bool{}, prefixes: map[string]bool{}}
}

// add compiles the patterns of one column; classes are what braces stand for.
func (m *matcher) add(entry int, column string, classes map[string][]string) ([]*pattern, error) {
	var made []*pattern
	for _, text := range strings.Split(column, ";") {
		if strings.TrimSpace(text) == "" {
			continue
		}
		for _, plain := range expand(text) {
			p, err := compile(plain, classes)
			if err != nil {
				return nil, err
			}
			p.entry = entry
			made = append(made, p)
		}
	}
	for _, p := range made {
		for _, it := range p.items {
			for w := range it.words {
				m.words[w] = true
			}
			for _, prefix := range it.prefixes {
				m.prefixes[prefix] = true
			}
		}
		first := p.items[0]
		for w := range first.words {
			m.byWord[w] = append(m.byWord[w], p)
		}
		for _, prefix := range first.prefixes {
			m.byPrefix[prefix[:prefixLength]] = append(m.byPrefix[prefix[:prefixLength]], p)
		}
		if first.number {
			m.numbers = append(m.numbers, p)
		}
	}
	return made, nil
}

// expand writes a pattern once for each alternative of several words, and once for all those of one.
func expand(text string) []string {
	fields := strings.Fields(text)
	for n, field := range fields {
		if !strings.Contains(field, "_") {
			continue
		}
		verb := strings.HasPrefix(field, "@")
		var single, out []string
		with := func(words string) {
			rest := append(append(append([]string{}, fields[:n]...), words), fields[n+1:]...)
			out = append(out, expand(strings.Join(rest, " "))...)
		}
		for _, w := range strings.Split(strings.TrimPrefix(field, "@"), "|") {
			if !strings.Contains(w, "_") {
				single = append(single, w)
				continue
			}
			w = strings.ReplaceAll(w, "_", " ")
			if verb {
				w = "@" + w
			}
			with(w)
		}
		if len(single) > 0 {
			list := strings.Join(single, "|")
			if verb {
				list = "@" + list
			}
			with(list)
		}
		return out
	}
	return []string{text}
}

// spelled writes contractions as the tokens have them.
var spelled = strings.NewReplacer("cannot", "can not", "didn't", "did not", "don't", "do not", "won't", "will not")

func compile(text string, classes map[string][]string) (*pattern, error) {
	p := &pattern{}
	for _, field := range strings.Fields(spelled.Replace(text)) {
		if field == ".." {
			p.items = append(p.items, item{gap: true})
			continue
		}
		if field == "$" {
			p.items = append(p.items, item{end: true})
			continue
		}
		it := item{words: map[string]bool{}}
		verbs := strings.HasPrefix(field, "@")
		for _, w := range strings.Split(strings.TrimPrefix(field, "@"), "|") {
			switch {
			case strings.HasPrefix(w, "{"):
				class, ok := classes[strings.Trim(w, "{}")]
				if !ok {
					return nil, fmt.Errorf("pattern %q: no class %s", text, w)
				}
				for _, c := range class {
					it.words[c] = true
				}
			case w == "<n>":
				it.number = true
			case strings.HasSuffix(w, "*"):
				prefix := strings.TrimSuffix(w, "*")
				if len(prefix) < prefixLength {
					return nil, fmt.Errorf("pattern %q: prefix %q is too short", text, prefix)
				}
				it.prefixes = append(it.prefixes, prefix)
			case w == "":
				return nil, fmt.Errorf("pattern %q: empty alternative", text)
			case verbs:
				for _, form := range verbForms(w) {
					it.words[form] = true
				}
			default:
				it.words[w] = true
			}
		}
		for w := range it.words {
			p.negative = p.negative || negators[w] || w == "not" || w == "no"
		}
		p.items = append(p.items, it)
	}
	if len(p.items) == 0 || p.items[0].gap || p.items[len(p.items)-1].gap {
		return nil, fmt.Errorf("pattern %q: begins or ends with a gap", text)
	}
	return p, nil
}

// at finds the longest pattern of each entry that starts at token i and ends before end; f gets the entry and the token after.
func (m *matcher) at(tokens []token, i, end int, f func(entry, stop int)) {
	m.each(tokens, i, end, func(p *pattern, stop int) { f(p.entry, stop) })
}

// each is at, with the pattern itself.
func (m *matcher) each(tokens []token, i, end int, f func(p *pattern, stop int)) {
	t := &tokens[i]
	if t.mark {
		return
	}
	try := func(list []*pattern) {
		for _, p := range list {
			if stop := p.match(tokens, i, end, 0); stop > 0 {
				f(p, stop)
			}
		}
	}
	try(m.byWord[t.norm])
	if t.alt != "" {
		try(m.byWord[t.alt])
	}
	if len(t.norm) >= prefixLength {
		try(m.byPrefix[t.norm[:prefixLength]])
	}
	if isNumber(t) {
		try(m.numbers)
	}
}

// match returns the index after the match of items k… at token i, or 0. Fillers between items are stepped over.
func (p *pattern) match(tokens []token, i, end, k int) int {
	for ; k < len(p.items); k++ {
		it := &p.items[k]
		if it.end {
			if i < end && !(tokens[i].mark || connectors[tokens[i].norm] || prepositions[tokens[i].norm] || adverbs[tokens[i].norm] || tokens[i].norm == "any" || tokens[i].norm == "most") {
				return 0
			}
			continue
		}
		if it.gap {
			for skip := 0; skip <= maxGap && i+skip < end; skip++ {
				if skip > 0 && (tokens[i+skip-1].mark || tokens[i+skip-1].norm == "longer") {
					return 0
				}
				if stop := p.match(tokens, i+skip, end, k+1); stop > 0 {
					return stop
				}
			}
			return 0
		}
		for k > 0 && i < end && isFiller(&tokens[i]) && !it.matches(&tokens[i]) {
			i++
		}
		if i >= end || !it.matches(&tokens[i]) {
			return 0
		}
		i++
	}
	return i
}

// knows reports a word that stands in a pattern.
func (m *matcher) knows(w string) bool {
	if m.words[w] {
		return true
	}
	for n := prefixLength; n <= len(w); n++ {
		if m.prefixes[w[:n]] {
			return true
		}
	}
	return false
}

var fillers = setOf("um uh er erm hmm mm ah oh")

func isFiller(t *token) bool { return !t.mark && fillers[t.norm] }

// rows reads the rows of a lexicon file, which must all have so many columns.
func rows(name string, columns int) ([][]string, error) {
	data, err := lexiconFiles.ReadFile("lexicon/" + name + ".tsv")
	if err != nil {
		return nil, err
	}
	var out [][]string
	for n, line := range strings.Split(string(data), "\n") {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != columns {
			return nil, fmt.Errorf("lexicon %s, line %d: %d columns, not %d", name, n+1, len(fields), columns)
		}
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		out = append(out, fields)
	}
	return out, nil
}

// verbForms gives the forms of a verb: the base, -s, -ed, -ing, and the irregular ones.
func verbForms(base string) []string {
	out := []string{base}
	if forms, ok := irregular[base]; ok {
		out = append(out, strings.Fields(forms)...)
	}
	last := base[len(base)-1]
	consonantY := last == 'y' && len(base) > 1 && !strings.ContainsRune("aeiou", rune(base[len(base)-2]))
	switch {
	case consonantY:
		out = append(out, base[:len(base)-1]+"ies", base[:len(base)-1]+"ied", base+"ing")
	case last == 'e':
		out = append(out, base+"s", base+"d", base[:len(base)-1]+"ing")
	case strings.HasSuffix(base, "s"), strings.HasSuffix(base, "sh"), strings.HasSuffix(base, "ch"), strings.HasSuffix(base, "x"), strings.HasSuffix(base, "z"):
		out = append(out, base+"es", base+"ed", base+"ing")
	default:
		out = append(out, base+"s", base+"ed", base+"ing")
		if doubles(base) {
			out = append(out, base+string(last)+"ed", base+string(last)+"ing")
		}
	}
	return out
}

// doubles reports whether the last consonant may be doubled before -ed and -ing.
func doubles(base string) bool {
	if len(base) < 3 {
		return false
	}
	vowel := func(b byte) bool { return strings.IndexByte("aeiou", b) >= 0 }
	a, b, c := base[len(base)-3], base[len(base)-2], base[len(base)-1]
	return !vowel(a) && vowel(b) && !vowel(c) && c != 'w' && c != 'x' && c != 'y'
}

var irregular = map[string]string{
	"be": "am is are was were been being", "have": "has had having", "do": "does did done doing", "go": "goes went gone going",
	"hit": "hitting", "beat": "beaten", "bite": "bit bitten", "break": "broke broken", "bring": "brought", "buy": "bought", "catch": "caught",
	"choose": "chose chosen", "come": "came coming", "cut": "cutting", "drink": "drank drunk", "drive": "drove driven", "eat": "ate eaten",
	"fall": "fell fallen", "feel": "felt", "fight": "fought", "find": "found", "forget": "forgot forgotten forgetting", "get": "got gotten getting",
	"give": "gave given", "grow": "grew grown", "hear": "heard", "hide": "hid hidden", "hold": "held", "hurt": "hurting", "keep": "kept",
	"know": "knew known", "leave": "left", "lend": "lent", "let": "letting", "lose": "lost", "make": "made", "meet": "met", "pay": "paid",
	"put": "putting", "read": "read", "ring": "rang rung", "run": "ran running", "say": "said", "see": "saw seen", "sell": "sold", "send": "sent",
	"set": "setting", "shake": "shook shaken", "show": "shown", "shut": "shutting", "sit": "sat sitting", "sleep": "slept", "speak": "spoke spoken",
	"spend": "spent", "split": "splitting", "stand": "stood", "steal": "stole stolen", "stick": "stuck", "swear": "swore sworn", "take": "took taken",
	"teach": "taught", "tell": "told", "think": "thought", "throw": "threw thrown", "understand": "understood", "wake": "woke woken", "wear": "wore worn",
	"wet": "wetting", "write": "wrote written", "become": "became", "begin": "began begun", "build": "built", "burn": "burnt", "deal": "dealt",
	"draw": "drew drawn", "lie": "lay lain lying", "lead": "led", "learn": "learnt", "mean": "meant", "ride": "rode", "rise": "rose", "sing": "sang sung",
	"smell": "smelt", "lay": "laid", "lean": "leant", "spill": "spilt", "kneel": "knelt", "seek": "sought", "fit": "fitting", "skip": "skipping", "nick": "nicking", "grab": "grabbing", "slap": "slapping", "whip": "whipping", "pinch": "pinching", "shove": "shoving", "weep": "wept", "creep": "crept", "light": "lit", "dig": "dug", "fling": "flung", "cling": "clung", "swing": "swung", "drag": "dragging", "trap": "trapping", "pop": "popping", "stop": "stopped", "tear": "tore torn", "win": "won", "bleed": "bled", "feed": "fed", "freeze": "froze frozen", "spit": "spat",
	"strike": "struck", "quit": "quitting", "admit": "admitted", "refer": "referred", "occur": "occurred", "chat": "chatted", "hug": "hugged",
	"cancel": "cancelled cancelling", "travel": "travelled", "bruise": "bruising", "panic": "panicked panicking", "cope": "coping",
	"cook": "cooking", "follow": "following", "collect": "collecting", "offend": "offending", "regret": "regretted", "prefer": "preferred",
}

// isBody reports a word for a part of the body.
func (l *lexicon) isBody(w string) bool { return l.bodyWords[w] }
