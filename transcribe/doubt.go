package transcribe

import (
	"bufio"
	"bytes"
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"kerbside"
	"kerbside/transcribe/wording"
)

// HeardWord is a word and how it was heard: what a judgement of doubt goes by.
type HeardWord struct {
	Text     string
	StartMS  int64
	EndMS    int64
	Conf     float64 // geometric mean of its tokens' probabilities
	Low      float64 // the least of them
	Begins   bool    // a sentence
	Votes    []Vote  // of the further hearings
	Ordinary bool    // a word of the language
	Given    bool    // a first name that people have
	Last     bool    // a last name
	Known    bool    // a word of one of the terms given
}

// The kinds of words that are judged apart.
const (
	kindKnown   = "known"   // spelt as in a term
	kindName    = "name"    // with a capital that says something
	kindStrange = "strange" // neither a word nor a name
	kindNumber  = "number"
	kindNegator = "negator"
	kindOther   = "other"
)

func kindOf(w *HeardWord) string {
	key := normalise(w.Text)
	first := []rune(strings.TrimLeftFunc(w.Text, func(r rune) bool { return !unicode.IsLetter(r) }))
	capital := len(first) > 0 && unicode.IsUpper(first[0])
	switch {
	case key == "" || plain[key]:
		return kindOther
	case negators[key]:
		return kindNegator
	case numbers[key] || strings.ContainsFunc(key, unicode.IsDigit):
		return kindNumber
	case opposed(key) != "":
		return kindNegator
	case w.Known && (capital || !w.Ordinary):
		return kindKnown
	case capital && (!w.Begins || (w.Given || w.Last) && !w.Ordinary):
		return kindName
	case !w.Ordinary && !w.Given:
		return kindStrange
	}
	return kindOther
}

// features are the columns of doubt.tsv, in its order: what is known of word i beside its kind. count is how often its form was heard.
func features(ws []HeardWord, i, count int) []float64 {
	w := &ws[i]
	beside, differsBeside := 7.0, 0.0
	for _, k := range []int{i - 1, i + 1} {
		if k >= 0 && k < len(ws) {
			beside = min(beside, logit(ws[k].Conf))
			differsBeside = max(differsBeside, differs(&ws[k]))
		}
	}
	other := logit(w.Conf)
	for _, v := range w.Votes {
		other = min(other, logit(v.P))
	}
	letters := float64(len([]rune(form(w.Text))) + 1)
	return []float64{
		1, logit(w.Conf), logit(w.Low), beside, differs(w), other, differsBeside, one(w.Ordinary), one(w.Given), one(w.Last),
		math.Log(float64(count)), one(w.Begins), math.Log(letters), float64(w.EndMS-w.StartMS) / 1000 / letters,
	}
}

func differs(w *HeardWord) float64 {
	return one(slices.ContainsFunc(w.Votes, func(v Vote) bool { return v.Differs }))
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func logit(p float64) float64 {
	p = min(max(p, 0.001), 0.999)
	return math.Log(p / (1 - p))
}

// form is a word without punctuation and possessive, as it is asked about: the same form is one question wherever it stands.
func form(text string) string {
	for _, s := range []string{"'s", "’s"} {
		if at := strings.LastIndex(text, s); at > 0 {
			text = text[:at]
		}
	}
	return normalise(text)
}

// pooled kinds are asked about once, whatever the number of places.
func pooled(kind string) bool { return kind == kindName || kind == kindStrange || kind == kindKnown }

// Evidence gives the kind and the features of each word; with these the coefficients were fitted (benchmarks, --fit).
func Evidence(ws []HeardWord) (kinds []string, all [][]float64) {
	counts := map[string]int{}
	for i := range ws {
		counts[form(ws[i].Text)]++
	}
	for i := range ws {
		kinds = append(kinds, kindOf(&ws[i]))
		all = append(all, features(ws, i, counts[form(ws[i].Text)]))
	}
	return kinds, all
}

// FeatureNames are the columns of doubt.tsv.
func FeatureNames() []string {
	return []string{"bias", "confidence", "lowest", "beside", "differs", "other", "differs_beside", "ordinary", "given", "last", "count", "begins", "length", "pace"}
}

//go:embed doubt.tsv
var doubtTable []byte

// doubtModel gives, for words of each kind, the probability that they stand for a name, number, date or negation that was something else: logistic
// regressions, fitted to dictations spoken by flite whose words are known.
type doubtModel struct {
	coefficients map[string][]float64
	sum          string
}

func loadDoubt(table []byte) (*doubtModel, error) {
	m := &doubtModel{coefficients: map[string][]float64{}, sum: kerbside.HexSHA256(table)[:16]}
	lines := bufio.NewScanner(bytes.NewReader(table))
	for lines.Scan() {
		columns := strings.Split(lines.Text(), "\t")
		if columns[0] == "kind" || strings.HasPrefix(columns[0], "#") {
			continue
		}
		if len(columns) != len(FeatureNames())+1 {
			return nil, fmt.Errorf("doubt.tsv: %d columns", len(columns))
		}
		for _, c := range columns[1:] {
			x, err := strconv.ParseFloat(c, 64)
			if err != nil {
				return nil, fmt.Errorf("doubt.tsv: %w", err)
			}
			m.coefficients[columns[0]] = append(m.coefficients[columns[0]], x)
		}
	}
	return m, lines.Err()
}

func (m *doubtModel) wrong(kind string, features []float64) float64 {
	sum := 0.0
	for i, c := range m.coefficients[kind] {
		sum += c * features[i]
	}
	if sum == 0 {
		return 0
	}
	return 1 / (1 + math.Exp(-sum))
}

// How many questions a transcript may ask: a visit's dictation is seldom longer than shortVisit words, and nobody answers more than fewQuestions about it.
const (
	fewQuestions = 6
	shortVisit   = 400
	perQuestion  = 70 // further words
	leastDoubt   = 0.04
)

func questions(words int) int { return fewQuestions + max(0, words-shortVisit)/perQuestion }

// doubts chooses the words to ask about: the forms that are likeliest to be wrong, in as many places, until they make as many questions as the
// transcript may ask. Words side by side are one question, and so is the same form in several places.
func (m *doubtModel) doubts(ws []HeardWord) []bool {
	return m.choose(ws, questions(len(ws)), leastDoubt)
}

func (m *doubtModel) choose(ws []HeardWord, most int, least float64) []bool {
	kinds, all := Evidence(ws)
	type question struct {
		places   []int
		worst    float64
		expected float64 // places that are wrong
	}
	byForm := map[string]*question{}
	var list []*question
	for i := range ws {
		key := form(ws[i].Text)
		if key == "" {
			continue
		}
		if !pooled(kinds[i]) {
			key = strconv.Itoa(i)
		}
		q := byForm[key]
		if q == nil {
			q = &question{}
			byForm[key] = q
			list = append(list, q)
		}
		p := m.wrong(kinds[i], all[i])
		q.places, q.worst, q.expected = append(q.places, i), max(q.worst, p), q.expected+p
	}
	list = slices.DeleteFunc(list, func(q *question) bool { return q.worst < least })
	slices.SortStableFunc(list, func(a, b *question) int {
		switch {
		case a.expected > b.expected:
			return -1
		case a.expected < b.expected:
			return 1
		}
		return 0
	})
	marked := make([]bool, len(ws))
	for _, q := range list {
		try := slices.Clone(marked)
		for _, i := range q.places {
			try[i] = true
		}
		if Asked(ws, try) > most {
			continue
		}
		marked = try
	}
	return marked
}

// Asked is how many questions marked words make: runs of them, each text once.
func Asked(ws []HeardWord, marked []bool) int {
	seen := map[string]bool{}
	run := ""
	for i := range ws {
		if marked[i] {
			run += " " + form(ws[i].Text)
			continue
		}
		if run != "" {
			seen[run] = true
		}
		run = ""
	}
	if run != "" {
		seen[run] = true
	}
	return len(seen)
}

// Choose is what a transcript would mark with another table, with at most so many questions and nothing below a probability; for measurements.
func Choose(table []byte, ws []HeardWord, most int, least float64) ([]bool, error) {
	m, err := loadDoubt(table)
	if err != nil {
		return nil, err
	}
	return m.choose(ws, most, least), nil
}

// judge marks the words of a lane that are to be asked about, and sets what a further hearing made of them beside them.
func (a *assembler) judge(m *doubtModel, tables *wording.Tables, terms []string) {
	known := map[string]bool{}
	for _, t := range terms {
		for w := range strings.FieldsSeq(t) {
			known[form(w)] = true
		}
	}
	for i := range a.heard {
		h := &a.heard[i]
		h.Known, h.Ordinary = known[form(h.Text)], true
		if tables != nil {
			h.Ordinary, h.Given, h.Last = tables.Kinds(h.Text)
		}
	}
	for i, marked := range m.doubts(a.heard) {
		word := &a.t.Words[i]
		word.Doubtful = marked
	}
	for i := range a.heard {
		for _, v := range a.heard[i].Votes {
			a.offer(i, v)
		}
	}
}

// offer sets what a further hearing has beside the words that it would replace, where one of them is doubtful.
func (a *assembler) offer(i int, v Vote) {
	if v.Text == "" || v.Replaces == 0 || v.Replaces > maxAlternative || len(strings.Fields(v.Text)) > maxAlternative || i+v.Replaces > len(a.t.Words) ||
		!slices.ContainsFunc(a.t.Words[i:i+v.Replaces], func(w kerbside.Word) bool { return w.Doubtful }) {
		return
	}
	if v.Replaces == 1 {
		if !slices.Contains(a.t.Words[i].Alternatives, v.Text) {
			a.t.Words[i].Alternatives = append(a.t.Words[i].Alternatives, v.Text)
		}
		return
	}
	a.t.Suggestions = append(a.t.Suggestions, kerbside.Suggestion{FirstWord: a.t.Words[i].ID, LastWord: a.t.Words[i+v.Replaces-1].ID, Text: v.Text, Reason: ReasonSecond})
}
