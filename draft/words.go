package draft

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The closed classes of English that composing and checking need. They decide form only, never meaning.
var (
	negators = set("no", "not", "never", "none", "nothing", "nobody", "neither", "nor", "without", "cannot", "cant", "dont", "didnt",
		"denied", "denies", "deny", "nowhere", "nil", "nowt", "ain't")
	doubts = set("may", "might", "maybe", "perhaps", "possibly", "possible", "could", "unclear", "unsure", "uncertain", "unknown", "seems", "seemed", "seem",
		"appears", "appeared", "probably", "likely", "whether", "if", "wonder", "wondered", "thinks", "think", "thought", "suspect", "suspects",
		"suspected", "apparently", "allegedly", "alleged", "sure", "certain", "clear", "know", "guess", "reckon", "reckons", "either", "or", "query", "persuaded", "convinced", "unconvinced", "doubt", "doubts", "doubtful")
	past = set("was", "were", "had", "used", "previously", "previous", "last", "ago", "before", "history", "historical", "historically", "former",
		"formerly", "ex", "once", "past", "earlier", "did", "since", "in", "when", "yesterday", "been", "then")
	reporting = set("said", "says", "say", "saying", "told", "tells", "reported", "reports", "reporting", "denied", "denies", "admitted", "admits",
		"accepted", "accepts", "disclosed", "discloses", "described", "describes", "explained", "explains", "stated", "states", "confirmed", "confirms", "mentioned", "mentions",
		"thinks", "feels", "felt", "claimed", "claims", "acknowledged", "added", "adds", "alleged", "alleges", "insisted", "insists", "agreed", "agrees",
		"recalled", "recalls", "whispered", "shouted", "asked", "answered", "replied", "wrote", "signed", "worries", "notified", "informed", "texted", "emailed", "disputes", "disputed", "swears", "swore", "promised", "maintains", "maintained", "adamant")
	listeners = set("me", "us")
	subjects  = set("she", "he", "they", "it", "there", "it's", "he's", "she's", "they're", "they've", "they'd", "he'd", "she'd", "he'll", "she'll",
		"they'll", "there's", "there'd", "that's", "nobody", "everyone", "everything", "nothing", "her", "his", "their", "the", "mum", "dad", "mummy", "daddy", "nan")
	thirdPerson = set("she", "he", "they", "she's", "he's", "they're", "they've", "she'll", "he'll", "they'll", "she'd", "he'd", "they'd")
	firstPerson = set("i", "i'm", "i've", "i'd", "i'll", "me", "my", "mine", "myself", "we", "we're", "we've", "we'll", "we'd", "us", "our", "ours")
	fillers     = set("um", "umm", "uh", "er", "erm", "ah", "hmm")
	joiners     = set("and", "but", "so", "because", "cos", "that", "then", "also", "plus", "although", "though")
	bareNames   = set("mum", "dad", "mummy", "daddy", "nan", "nana", "nanna", "nanny", "gran", "granny", "grandma", "grandad", "grandpa", "auntie", "uncle",
		"housing", "camhs", "everyone", "both", "they", "she", "he", "a", "an", "the", "her", "his",
		"their", "my", "our", "mother's", "father's", "mum's", "dad's", "maternal", "paternal")
	bodies       = set("school", "police", "nursery", "health", "teacher", "tutor", "neighbour", "nurse", "carer", "doctor", "staff", "college")
	acronyms     = set("iro", "gp", "cpn", "lado", "senco", "camhs")
	openers      = set("and", "but", "so", "also", "plus", "then")
	plurals      = set("were", "are", "have", "both")
	coordinates  = set("and", "but")
	subordinates = set("when", "if", "because", "cos", "till", "until", "unless", "although", "though", "which", "who", "whose", "while", "whether", "after", "once", "unless", "where")
	verbs        = set("is", "was", "are", "were", "has", "had", "have", "does", "did", "do", "will", "would", "can", "could", "should", "hasn't", "haven't", "isn't", "wasn't",
		"doesn't", "didn't", "won't", "can't", "said", "says")
	pointing  = set("it", "it's", "that", "that's", "this", "these", "those", "which", "his", "her", "their")
	decisions = set("decide", "decision", "decisions", "threshold", "strategy", "legal", "escalate", "escalation", "manager", "supervision", "supervisor",
		"plo", "s47", "panel", "discuss")
	drifts  = set("still", "yet", "overdue", "chase", "chased", "chasing", "missed", "cancelled", "postponed", "waiting", "outstanding", "delayed", "haven't", "hasn't")
	views   = []string{"i think", "in my view", "in my opinion", "my view", "i feel", "i believe", "i am worried", "i'm worried", "my worry", "i don't think", "my sense", "my assessment", "i'd say", "i would say", "my analysis", "on balance", "i consider", "i am not sure", "i'm not sure", "i am less sure", "my feeling", "i suspect", "i wonder", "i would be worried", "i'd be worried", "i am concerned", "i'm concerned"}
	opining = set("think", "thought", "believe", "opinion", "view", "worry", "worried", "worries", "concerned", "concern", "concerns", "feel", "felt", "sense", "suspect", "persuaded", "convinced",
		"sure", "certain", "impression", "hunch", "judgement", "agree", "consider", "assessment", "analysis", "hope", "seems", "appears", "wonder", "doubt", "reckon", "guess", "say", "balance", "comfortable", "happy", "unhappy", "uneasy", "impressed")
	deadlines  = set("by", "before", "until", "within", "till")
	titles     = set("mr", "mrs", "ms", "miss", "dr", "doctor", "sergeant", "constable", "pc", "dc", "auntie", "uncle", "nana", "sister")
	possessive = set("his", "her", "their")
	relations  = map[string]string{"mum": "mother", "mummy": "mother", "mam": "mother", "dad": "father", "daddy": "father", "nan": "grandmother", "nana": "grandmother", "nanny": "grandmother",
		"gran": "grandmother", "grandma": "grandmother", "grandad": "grandfather", "grandpa": "grandfather", "stepdad": "step-father", "stepmum": "step-mother"}
	months = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
)

type wordSet map[string]bool

func set(words ...string) wordSet {
	s := make(wordSet, len(words))
	for _, w := range words {
		s[w] = true
	}
	return s
}

// tokens gives the words of s in lower case: runs of letters, digits and marks inside words (it's, half-term, 16:00).
func tokens(s string) []string {
	out := make([]string, 0, len(s)/5+1)
	start := -1
	for i, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || (start >= 0 && inside(r) && nextIsWord(s[i+utf8.RuneLen(r):])) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			out = append(out, fold(s[start:i]))
			start = -1
		}
	}
	if start >= 0 {
		out = append(out, fold(s[start:]))
	}
	return out
}

func inside(r rune) bool { return r == '\'' || r == '’' || r == '-' || r == ':' || r == '.' }

func nextIsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func fold(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return strings.ToLower(strings.ReplaceAll(s, "’", "'"))
		}
	}
	return strings.ToLower(s)
}

// bare is a word without its possessive.
func bare(w string) string { return strings.TrimSuffix(w, "'s") }

func negates(w string) bool { return negators[w] || strings.HasSuffix(w, "n't") }

func count(words []string, is func(string) bool) int {
	n := 0
	for _, w := range words {
		if is(w) {
			n++
		}
	}
	return n
}

func (s wordSet) has(w string) bool { return s[w] }

func (s wordSet) any(words []string) bool { return count(words, s.has) > 0 }

func isPast(w string) bool { return past[w] || (len(w) > 4 && strings.HasSuffix(w, "ed")) }

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || unicode.IsUpper(r) {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// stop closes a sentence.
func stop(s string) string {
	s = strings.TrimRight(s, " ,;:–—-")
	if s == "" || strings.HasSuffix(s, "…") {
		return s
	}
	if r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "”’\")]")); !strings.ContainsRune(".?!", r) {
		s += "."
	}
	if i := strings.LastIndexByte(s, '"'); strings.Count(s, "\"")%2 != 0 && (i == 0 || s[i-1] == ' ') {
		s += "\"" // evidence leaves out the mark that closes a quotation at its end
	}
	return s
}

// longDate writes an ISO date as "Tuesday 3 March 2026", and anything else as nothing.
func longDate(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return ""
	}
	return t.Format("Monday 2 January 2006")
}

// otherDay reports whether words name a day of the week, and it is not the date's.
func otherDay(iso, words string) bool {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return false
	}
	named, same := 0, false
	for _, w := range tokens(words) {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if bare(w) == strings.ToLower(d.String()) {
				named++
				same = same || d == t.Weekday()
			}
		}
	}
	return named == 1 && !same
}

// withoutFillers takes out "um" and the like and a word that a filler made the speaker say twice. It reports whether it did.
func withoutFillers(s string) (string, bool) {
	words := strings.Fields(s)
	out := words[:0:0]
	filler, changed := false, false
	for _, w := range words {
		f := strings.Trim(fold(w), ",.…-–—")
		if fillers[f] {
			filler, changed = true, true
			continue
		}
		if n := len(out); filler && n > 0 && strings.Trim(fold(out[n-1]), ",.…-–—") == f {
			out = out[:n-1]
		}
		filler = false
		out = append(out, w)
	}
	if !changed || len(out) == 0 {
		return s, false
	}
	return strings.Join(out, " "), true
}
