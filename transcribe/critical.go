package transcribe

import (
	"strings"
	"unicode"
)

// A word is critical when a wrong one changes what a record says: names, numbers, dates and what negates.

// negators are words that negate or undo, in normalised form. Those that end in "nt" for n't are listed with their stem, which the other
// decoding may have heard.
var negators = setOf(`not no never none nobody nothing nowhere neither nor without cannot unless
	cant dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt wont wouldnt shouldnt couldnt mustnt neednt aint
	denied denies deny refused refuses declined stopped`)

// numbers are words for numbers, parts of the day's clock and of the calendar.
var numbers = setOf(`zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
	nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million half quarter once twice dozen
	first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth
	seventeenth eighteenth nineteenth twentieth thirtieth
	january february march april june july august september october november december
	monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday noon midnight`)

func setOf(words string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// plain are capitalised words inside a sentence that are no names.
var plain = setOf(`i im ive ill id mr mrs ms miss dr`)

// critical reports whether a word is one, given whether it begins a sentence: every word is written with a capital there.
func critical(word string, begins bool) bool {
	key := normalise(word)
	switch {
	case key == "" || plain[key]:
		return false
	case negators[key] || numbers[key] || strings.ContainsFunc(key, unicode.IsDigit):
		return true
	case opposed(key) != "":
		return true
	}
	first := []rune(strings.TrimLeftFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }))
	return !begins && len(first) > 0 && unicode.IsUpper(first[0])
}

// prefixed are words that un-, in- or dis- turns into their opposite, of those that visits are about. Speech recognisers drop the
// prefix, or hear one, without any doubt of their own.
var prefixed = setOf(`unannounced unsafe unhappy unwell unkempt unclean untidy unsettled unsupervised unaware unable unlikely unclear uncomfortable
	unwilling unknown unchanged unconcerned unexplained unsuitable unstable unhurt uninjured unlocked unaccompanied
	inappropriate inconsistent inadequate inaccurate insecure independent
	disengaged disagreed dislikes disliked disclosed`)

// opposed gives the word with or without its prefix, "" when there is no such pair.
func opposed(key string) string {
	if prefixed[key] {
		for _, p := range []string{"un", "in", "dis"} {
			if rest, ok := strings.CutPrefix(key, p); ok {
				return rest
			}
		}
	}
	for _, p := range []string{"un", "in", "dis"} {
		if prefixed[p+key] {
			return p + key
		}
	}
	return ""
}
