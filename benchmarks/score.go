package main

import (
	"context"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// counts are errors of one stretch, or of many together, over all rounds.
type counts struct {
	Words int `json:"words"` // of the reference, normalised
	Sub   int `json:"sub"`
	Del   int `json:"del"`
	Ins   int `json:"ins"`

	Critical map[string]tally `json:"critical,omitempty"` // by kind
}

// tally counts words that must not be wrong.
type tally struct {
	All   int `json:"all"`
	Wrong int `json:"wrong"`
}

func (c counts) errors() int { return c.Sub + c.Del + c.Ins }

func (c *counts) add(o counts) {
	c.Words += o.Words
	c.Sub += o.Sub
	c.Del += o.Del
	c.Ins += o.Ins
	for kind, t := range o.Critical {
		if c.Critical == nil {
			c.Critical = map[string]tally{}
		}
		sum := c.Critical[kind]
		c.Critical[kind] = tally{sum.All + t.All, sum.Wrong + t.Wrong}
	}
}

func total(all []counts) counts {
	var sum counts
	for _, c := range all {
		sum.add(c)
	}
	return sum
}

// wer is the word error rate in per cent.
func wer(all []counts) float64 {
	sum := total(all)
	if sum.Words == 0 {
		return 0
	}
	return 100 * float64(sum.errors()) / float64(sum.Words)
}

// The kinds of critical words, in the order of the tables.
const (
	kindNumber  = "number"
	kindDate    = "date"
	kindName    = "name"
	kindNegator = "negator"
)

func kinds() []string { return []string{kindNumber, kindDate, kindName, kindNegator} }

// refWord is a word of the reference.
type refWord struct {
	text    string // normalised
	stretch int
	kind    string // empty for words that are not critical
}

// normaliser holds what Whisper's normaliser makes of single words.
type normaliser map[string][]string

// alone gives the words of a text, each normalised by itself.
func (n normaliser) alone(raw []string) [][]string {
	all := make([][]string, len(raw))
	for i, w := range raw {
		all[i] = n[w]
	}
	return all
}

// label gives the words of a normalised text their kind. Raw are the words before, whose capitals tell names and months; names are
// the words, in small letters, that are capitalised within a sentence somewhere in the clip.
func (n normaliser) label(raw []string, normal string, names map[string]bool, stretch int) []refWord {
	tokens := strings.Fields(normal)
	from := owners(tokens, n.alone(raw))
	words := make([]refWord, len(tokens))
	for i, w := range tokens {
		capital := slices.ContainsFunc(from[i], func(j int) bool { return upper(raw[j]) })
		words[i] = refWord{text: w, stretch: stretch}
		switch {
		case slices.Contains(negators, w):
			words[i].kind = kindNegator
		case dayName(w, capital):
			words[i].kind = kindDate
		case strings.ContainsAny(w, "0123456789"):
			words[i].kind = kindNumber
		case capital && slices.ContainsFunc(from[i], func(j int) bool { return names[bare(raw[j])] }):
			words[i].kind = kindName
		}
	}
	dates(words)
	return words
}

var (
	negators = []string{"not", "no", "never", "none", "nobody", "nothing", "nor", "neither", "cannot", "without", "unannounced"}
	weekdays = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
	months   = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

	dayOfMonth = regexp.MustCompile(`^([12]?[0-9]|3[01])(st|nd|rd|th)?$`)
	ordinalDay = regexp.MustCompile(`^([4-9]|[12][0-9]|3[01])(st|nd|rd|th)$`) // the first three also order other things
	year       = regexp.MustCompile(`^(19|20)[0-9]{2}$`)
)

// dayName tells weekdays and months; march and may are months only with a capital.
func dayName(w string, capital bool) bool {
	return slices.Contains(weekdays, w) || slices.Contains(months, w) && (capital || w != "march" && w != "may")
}

// dates makes dates of the numbers that are days or years: beside a month, or an ordinal after "the" or a weekday.
func dates(words []refWord) {
	at := func(i int) string {
		if i < 0 || i >= len(words) {
			return ""
		}
		return words[i].text
	}
	month := func(i int) bool { return slices.Contains(months, at(i)) && words[i].kind == kindDate }
	for i := range words {
		w := words[i].text
		switch {
		case words[i].kind != kindNumber:
		case dayOfMonth.MatchString(w) && (month(i-1) || month(i+1) || at(i+1) == "of" && month(i+2) || at(i-1) == "the" && month(i-2)),
			year.MatchString(w) && (month(i-1) || words[max(i-1, 0)].kind == kindDate),
			ordinalDay.MatchString(w) && (at(i-1) == "the" || slices.Contains(weekdays, at(i-1))):
			words[i].kind = kindDate
		}
	}
}

// bare is a word in small letters without what stands around it, up to an apostrophe.
func bare(w string) string {
	w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
	w, _, _ = strings.Cut(strings.ReplaceAll(w, "’", "'"), "'")
	return strings.ToLower(w)
}

func upper(w string) bool {
	letter, _ := utf8.DecodeRuneInString(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }))
	return unicode.IsUpper(letter)
}

// capitalised gives, in small letters, the words of a text that are written with a capital though no sentence begins with them.
func capitalised(raw string) map[string]bool {
	names := map[string]bool{}
	begins := true
	for _, w := range strings.Fields(raw) {
		if b := bare(w); !begins && upper(w) && b != "i" {
			names[b] = true
		}
		begins = strings.HasSuffix(w, ".") || strings.HasSuffix(w, "?") || strings.HasSuffix(w, "!")
	}
	return names
}

// edit is one step of an alignment; -1 stands where a side has no word.
type edit struct{ ref, hyp int }

func (e edit) matches(ref, hyp []string) bool {
	return e.ref >= 0 && e.hyp >= 0 && ref[e.ref] == hyp[e.hyp]
}

// means is matches, and also holds for the 3 of a date that was written in place of its 3rd.
func (e edit) means(ref, hyp []string) bool {
	return e.ref >= 0 && e.hyp >= 0 && same(ref[e.ref], hyp[e.hyp])
}

func same(a, b string) bool { return a == b || digits(a) != "" && digits(a) == digits(b) }

// digits are those of a number, or of the ordinal of one; "" for other words.
func digits(w string) string {
	if m := ordinal.FindStringSubmatch(w); m != nil {
		return m[1]
	}
	return ""
}

var ordinal = regexp.MustCompile(`^([0-9]+)(?:st|nd|rd|th)?$`)

// edits is an alignment with the fewest errors, from the first word to the last. Of two such, the one that has a day stand for the same day written otherwise.
func edits(ref, hyp []string) []edit {
	const both, del, ins = 0, 1, 2
	const whole, near = 1 << 20, 1<<20 - 1 // what an error costs, and one that means the same
	width := len(hyp) + 1
	steps := make([]uint8, (len(ref)+1)*width)
	row := make([]int, width)
	for j := range row {
		row[j], steps[j] = j*whole, ins
	}
	for i := 1; i <= len(ref); i++ {
		diagonal := row[0]
		row[0], steps[i*width] = i*whole, del
		for j := 1; j < width; j++ {
			best, step := diagonal, uint8(both)
			switch {
			case ref[i-1] == hyp[j-1]:
			case same(ref[i-1], hyp[j-1]):
				best += near
			default:
				best += whole
			}
			if row[j]+whole < best {
				best, step = row[j]+whole, del
			}
			if row[j-1]+whole < best {
				best, step = row[j-1]+whole, ins
			}
			diagonal, row[j] = row[j], best
			steps[i*width+j] = step
		}
	}
	var all []edit
	for i, j := len(ref), len(hyp); i > 0 || j > 0; {
		e := edit{-1, -1}
		step := steps[i*width+j]
		if step != ins {
			i--
			e.ref = i
		}
		if step != del {
			j--
			e.hyp = j
		}
		all = append(all, e)
	}
	slices.Reverse(all)
	return all
}

// align counts the errors of a hypothesis for each of n stretches, along one alignment with the fewest errors. A word too many
// belongs to the stretch of the reference word before it.
func align(ref []refWord, hyp []string, n int) []counts {
	all := make([]counts, n)
	text := texts(ref)
	said := 0
	for _, e := range edits(text, hyp) {
		if e.ref < 0 {
			all[stretchAt(ref, said)].Ins++
			continue
		}
		said = e.ref + 1
		c := &all[ref[e.ref].stretch]
		c.Words++
		right := e.matches(text, hyp)
		switch {
		case e.hyp < 0:
			c.Del++
		case !right:
			c.Sub++
		}
		if kind := ref[e.ref].kind; kind != "" {
			if c.Critical == nil {
				c.Critical = map[string]tally{}
			}
			t := c.Critical[kind]
			t.All++
			if !e.means(text, hyp) {
				t.Wrong++
			}
			c.Critical[kind] = t
		}
	}
	return all
}

// rawErrors is the share of wrong words in per cent as they are written, punctuation included, in small letters.
func rawErrors(ref, hyp string) float64 {
	r, h := strings.Fields(strings.ToLower(ref)), strings.Fields(strings.ToLower(hyp))
	wrong := 0
	for _, e := range edits(r, h) {
		if !e.matches(r, h) {
			wrong++
		}
	}
	if len(r) == 0 {
		return 0
	}
	return 100 * float64(wrong) / float64(len(r))
}

// stretchAt is the stretch of the word before position i.
func stretchAt(ref []refWord, i int) int {
	if len(ref) == 0 {
		return 0
	}
	return ref[max(i-1, 0)].stretch
}

const resamples = 2000

// interval is the 95 % percentile interval of a statistic over n stretches drawn again with replacement; the same input always gives
// the same interval.
func interval(n int, statistic func(drawn []int) float64) [2]float64 {
	if n == 0 {
		return [2]float64{}
	}
	r := rand.New(rand.NewPCG(19, 5))
	values := make([]float64, resamples)
	drawn := make([]int, n)
	for i := range values {
		for j := range drawn {
			drawn[j] = r.IntN(n)
		}
		values[i] = statistic(drawn)
	}
	slices.Sort(values)
	return [2]float64{values[resamples*25/1000], values[resamples*975/1000-1]}
}

func pick(all []counts, drawn []int) []counts {
	picked := make([]counts, len(drawn))
	for i, d := range drawn {
		picked[i] = all[d]
	}
	return picked
}

// werInterval is the interval of the word error rate.
func werInterval(all []counts) [2]float64 {
	return interval(len(all), func(drawn []int) float64 { return wer(pick(all, drawn)) })
}

// differenceInterval is the interval of the difference of two tools' word error rates over the same stretches, drawn in pairs.
func differenceInterval(a, b []counts) [2]float64 {
	return interval(len(a), func(drawn []int) float64 { return wer(pick(a, drawn)) - wer(pick(b, drawn)) })
}

// score fills in the errors of every run of the report.
func (env *environment) score(ctx context.Context, sets []set, r *report) error {
	for i := range sets {
		whole, single := r.of(sets[i].name), r.of(sets[i].name+perClip)
		if sets[i].perFile {
			for _, x := range whole {
				x.countWords(sets[i].clips)
			}
			continue
		}
		if err := env.scoreSet(ctx, &sets[i], whole, single); err != nil {
			return err
		}
	}
	return nil
}

// scoreSet scores the runs over a set's composite, and those over its clips one by one.
func (env *environment) scoreSet(ctx context.Context, s *set, whole, single []*result) error {
	normal, alone, err := env.normaliseAll(ctx, s, slices.Concat(whole, single))
	if err != nil {
		return err
	}
	var all []refWord
	ofClip := make([][]refWord, len(s.clips))
	n := 0
	for c, clip := range s.clips {
		names := capitalised(strings.Join(clip.stretches, " "))
		for _, text := range clip.stretches {
			ofClip[c] = append(ofClip[c], alone.label(strings.Fields(text), normal[text], names, n)...)
			n++
		}
		all = append(all, ofClip[c]...)
	}
	said := s.said()
	for _, x := range whole {
		var raw []float64
		for _, run := range x.runs {
			x.addCounts(align(all, strings.Fields(normal[run[0].text]), n))
			raw = append(raw, rawErrors(s.text(), run[0].text))
		}
		x.WER, x.WERInterval, x.RawWER = wer(x.Stretches), werInterval(x.Stretches), median(raw)
		if len(x.words) > 0 {
			wrote := make([]string, len(x.words))
			for i, w := range x.words {
				wrote[i] = w.text
			}
			text := strings.Join(wrote, " ")
			hyp := alone.label(wrote, normal[text], capitalised(text), 0)
			x.WordScore = scoreWords(said, all, x.words, hyp, owners(texts(hyp), alone.alone(wrote)))
			if !x.Own {
				x.WordScore.Marks = nil
			}
		}
	}
	for _, x := range single {
		var raw []float64
		for _, run := range x.runs {
			var wrote []string
			for c, h := range run {
				x.addCounts(align(ofClip[c], strings.Fields(normal[h.text]), n))
				wrote = append(wrote, h.text)
			}
			raw = append(raw, rawErrors(s.text(), strings.Join(wrote, " ")))
		}
		x.WER, x.WERInterval, x.RawWER = wer(x.Stretches), werInterval(x.Stretches), median(raw)
	}
	return nil
}

// normaliseAll gives the normalised form of every text of a set and of its runs, and of every single word.
func (env *environment) normaliseAll(ctx context.Context, s *set, runs []*result) (map[string]string, normaliser, error) {
	normal, alone := map[string]string{}, normaliser{}
	text := func(t string) {
		normal[t] = ""
		for w := range strings.FieldsSeq(t) {
			alone[w] = nil
		}
	}
	for _, clip := range s.clips {
		for _, t := range clip.stretches {
			text(t)
		}
	}
	for _, x := range runs {
		for _, run := range x.runs {
			for _, h := range run {
				normal[h.text] = ""
			}
		}
		var wrote []string
		for _, w := range x.words {
			wrote = append(wrote, w.text)
		}
		text(strings.Join(wrote, " "))
	}
	ask := slices.Concat(slices.Collect(maps.Keys(normal)), slices.Collect(maps.Keys(alone)))
	got, err := env.normalise(ctx, ask)
	if err != nil {
		return nil, nil, err
	}
	for i, t := range ask {
		if i < len(normal) {
			normal[t] = got[i]
		} else {
			alone[t] = strings.Fields(got[i])
		}
	}
	return normal, alone, nil
}
