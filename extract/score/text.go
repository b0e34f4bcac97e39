package score

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

var (
	titles    = set("mr mrs ms miss dr dc pc sgt sergeant detective constable doctor the")
	relatives = map[string]string{
		"mum": "mother", "mummy": "mother", "mam": "mother", "mom": "mother", "dad": "father", "daddy": "father", "nan": "grandmother", "nana": "grandmother", "gran": "grandmother",
		"granny": "grandmother", "grandma": "grandmother", "granddad": "grandfather", "grandad": "grandfather", "grandpa": "grandfather", "stepdad": "step father", "stepfather": "step father",
		"stepmum": "step mother", "stepmother": "step mother", "iro": "independent reviewing officer", "hv": "health visitor",
	}
	workers  = map[string]bool{"worker": true, "i": true, "me": true, "myself": true, "social worker": true, "sw": true, "the worker": true, "allocated social worker": true}
	units    = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	ordinals = strings.Fields("zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth")
	tens     = map[string]int{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "twentieth": 20, "thirtieth": 30}

	wordForm     = regexp.MustCompile(`[\pL\pN]+(?:['’-][\pL\pN]+)*'?`)
	nameForm     = regexp.MustCompile(`^[A-Z]\pL+(?:-[A-Z]\pL+)*`)
	figures      = regexp.MustCompile(`\d+`)
	letterRuns   = regexp.MustCompile(`[a-z]+`)
	datesAndTime = regexp.MustCompile(`\b\d{4}-\d\d-\d\d\b|\b\d{1,2}:\d\d\b`)
	spacesDashes = regexp.MustCompile(`[\s-]+`)
)

func set(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// words gives the lower-case words of a text, hyphens kept, possessive endings removed.
func words(text string) []string {
	out := wordForm.FindAllString(strings.ToLower(text), -1)
	for i, w := range out {
		out[i] = strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "'")
	}
	return out
}

func setOf(list []string) map[string]bool {
	out := map[string]bool{}
	for _, w := range list {
		out[w] = true
	}
	return out
}

func within(a, b map[string]bool) bool {
	for w := range a {
		if !b[w] {
			return false
		}
	}
	return true
}

// span is a stretch of a text in code points, its end not included.
type span struct{ start, end int }

// locate gives where a quote stands in a text, nil when nowhere; offsets are used when they hold it.
func locate(text []rune, quote string, start, end int) *span {
	quote = strings.TrimSpace(quote)
	if quote == "" {
		return nil
	}
	if 0 <= start && start < end && end <= len(text) && squeeze(string(text[start:end])) == squeeze(quote) {
		return &span{start, end}
	}
	whole := string(text)
	if at := strings.Index(whole, quote); at >= 0 {
		from := len([]rune(whole[:at]))
		return &span{from, from + len([]rune(quote))}
	}
	parts := strings.Fields(quote)
	for i, p := range parts {
		parts[i] = regexp.QuoteMeta(p)
	}
	found := regexp.MustCompile(strings.Join(parts, `[\s\pZ]+`)).FindStringIndex(whole)
	if found == nil {
		return nil
	}
	from := len([]rune(whole[:found[0]]))
	return &span{from, from + len([]rune(whole[found[0]:found[1]]))}
}

// closeness is the intersection over the union of two spans that share half of the shorter one, else 0.
func closeness(a, b span) float64 {
	shared := min(a.end, b.end) - max(a.start, b.start)
	if shared <= 0 || 2*shared < min(a.end-a.start, b.end-b.start) {
		return 0
	}
	return float64(shared) / float64(max(a.end, b.end)-min(a.start, b.start))
}

func nameWords(name string) []string {
	return slices.DeleteFunc(words(name), func(w string) bool { return titles[w] })
}

func roleWords(role string) []string {
	var out []string
	for _, w := range words(strings.ReplaceAll(role, "-", " ")) {
		switch w {
		case "the", "a", "her", "his", "their":
			continue
		}
		if r, ok := relatives[w]; ok {
			w = r
		}
		out = append(out, strings.Fields(w)...)
	}
	return out
}

// sameRole reports equal roles, or one within the other with the same last word ("grandmother", "paternal grandmother").
func sameRole(one, other string) bool {
	a, b := roleWords(one), roleWords(other)
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	if slices.Equal(a, b) {
		return true
	}
	as, bs := setOf(a), setOf(b)
	if a[len(a)-1] != b[len(b)-1] || !within(as, bs) && !within(bs, as) {
		return false
	}
	for _, w := range []string{"foster", "step", "ex"} {
		if as[w] != bs[w] {
			return false
		}
	}
	return true
}

func isWorker(owner string) bool { return workers[strings.Join(words(owner), " ")] }

// numbers are the whole numbers in a text, as figures or in words; compounds count with their parts.
func numbers(text string) map[string]bool {
	found := map[string]bool{}
	for _, f := range figures.FindAllString(text, -1) {
		if f = strings.TrimLeft(f, "0"); f == "" {
			f = "0"
		}
		found[f] = true
	}
	previous := 0
	for _, token := range letterRuns.FindAllString(strings.ToLower(text), -1) {
		value, isTens := tens[token]
		known := isTens
		for _, list := range [][]string{units, ordinals} {
			if i := slices.Index(list, token); i >= 0 {
				value, known = i, true
			}
		}
		if known {
			found[strconv.Itoa(value)] = true
			if previous > 0 && value < 10 {
				found[strconv.Itoa(previous+value)] = true
			}
		}
		if previous = 0; isTens {
			previous = value
		}
	}
	return found
}

// itemNumbers are the numbers that an item states: dates, clock times and the word one are none.
func itemNumbers(text string) map[string]bool {
	var kept []string
	for _, w := range spacesDashes.Split(datesAndTime.ReplaceAllString(text, " "), -1) {
		switch strings.Trim(strings.ToLower(w), ".,;") {
		case "one", "first", "second":
		default:
			kept = append(kept, w)
		}
	}
	return numbers(strings.Join(kept, " "))
}

// strayNames are the capitalised words of an item that are nowhere in the dictation. The first word of a sentence is taken for a name
// only when some case has an attendee of that name.
func strayNames(text string, source, all map[string]bool) map[string]bool {
	stray := map[string]bool{}
	previous := ' '
	for at := 0; at < len(text); {
		r, size := rune(text[at]), 1
		if r >= 0x80 {
			r, size = firstRune(text[at:])
		}
		found := ""
		if !isWordRune(previous) {
			found = nameForm.FindString(text[at:])
		}
		if found == "" {
			previous, at = r, at+size
			continue
		}
		before := text[:at]
		opening := strings.Trim(before, " \"'‘“(") == "" || endsSentence(strings.TrimRight(before, " \"'"))
		if word := strings.ToLower(found); !source[word] && (!opening || all[word]) {
			stray[found] = true
		}
		at += len(found)
		previous = 'x'
	}
	return stray
}

func firstRune(s string) (rune, int) {
	for i, r := range s {
		if i == 0 {
			return r, len(string(r))
		}
	}
	return 0, 1
}

func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }

func endsSentence(s string) bool {
	return s == "" || strings.ContainsRune(".!?:", rune(s[len(s)-1]))
}
