package transcribe

import (
	"regexp"
	"strings"
	"unicode"

	"kerbside"
)

// The reasons for which a guard takes out what the engine wrote.
const (
	RemovedSoundDescription = "sound_description"
	RemovedStockPhrase      = "stock_phrase"
	RemovedLoop             = "loop"
	RemovedImprobable       = "improbable"
)

// weakProbability is the mean probability of speech below which a window may well be no speech at all, and weakLogProb
// the mean log-probability below which its text may well be made up. Weak words are believed when both are above.
const (
	weakProbability = 0.75
	weakLogProb     = -0.7
)

// described matches what Whisper writes for sounds that are no speech: a few words in brackets or asterisks, notes.
// Brackets with a digit inside are how it writes some telephone numbers, and stay.
var described = regexp.MustCompile(`\[[^\[\]0-9]{0,60}\]|\([^()0-9]{0,60}\)|\*[^*0-9]{1,60}\*|[♩-♯🎵🎶]+[^♩-♯🎵🎶]{0,200}[♩-♯🎵🎶]+|[♩-♯🎵🎶]+|[\[(*][^\[\]()*0-9]{1,40}$`)

// stock are phrases that Whisper learnt from subtitles and writes where nobody speaks, as whole sentences in normalised
// form. They go wherever they stand.
var stock = map[string]bool{
	"thanks for watching": true, "thank you for watching": true, "thank you so much for watching": true,
	"thank you very much for watching": true, "thanks for watching everyone": true, "thanks for watching guys": true,
	"thanks for watching and see you next time": true, "thanks for watching this video": true, "thank you for watching this video": true,
	"please subscribe": true, "please subscribe to my channel": true, "please subscribe to the channel": true,
	"subscribe to my channel": true, "dont forget to subscribe": true, "like and subscribe": true,
	"please like and subscribe": true, "dont forget to like and subscribe": true, "hit the subscribe button": true,
	"see you in the next video": true, "ill see you in the next video": true, "ill see you in the next one": true,
	"see you in the next episode": true, "well be right back": true, "to be continued": true,
	"the end": true, "blankaudio": true, "blank audio": true, "silence": true, "music": true, "music playing": true, "applause": true,
}

// credit matches normalised sentences that are a subtitler's credit.
var credit = regexp.MustCompile(`^(subtitles?|subtitled|captions?|captioned|captioning|closed captions?) (by|provided by|made by|made possible by)\b|amaraorg|zeoranger|opensubtitles`)

// weak are sentences that people do say and that Whisper also writes for noise. They go only when they are all there is
// in a window and the window hardly is speech.
var weak = map[string]bool{
	"you": true, "thank you": true, "thank you very much": true, "thanks": true, "thank you for listening": true, "thanks for listening": true,
	"bye": true, "bye bye": true, "goodbye": true, "see you next time": true, "okay": true, "ok": true, "oh": true, "ah": true, "uh": true,
	"um": true, "hmm": true, "mm": true, "mmm": true, "huh": true, "so": true, "the": true, "i": true, "a": true, "yeah": true, "yes": true, "no": true,
	"im sorry": true, "beep": true, "bah": true, "boom": true, "ding": true, "buzz": true, "shh": true, "wow": true, "hey": true, "and": true,
}

// guard takes out of a window's words what nobody said and tells what it took.
func guard(w *window, ws []rawWord, avgLogProb float32) ([]rawWord, []kerbside.Removed) {
	var removed []kerbside.Removed
	ws, removed = cutDescriptions(ws, removed)
	ws, removed = cutSentences(ws, removed, func(sentence string) bool { return stock[sentence] || credit.MatchString(sentence) })
	ws, removed = cutLoops(ws, removed)
	ws, removed = cutEchoes(ws, removed)
	if len(ws) == 0 {
		return ws, removed
	}
	doubted := w.probability() < weakProbability || avgLogProb < weakLogProb
	switch {
	case doubted && weak[strings.Join(strings.Fields(normalise(textOf(ws))), " ")]:
		return nil, append(removed, remove(ws, RemovedStockPhrase))
	case w.probability() < weakProbability && avgLogProb < minAvgLogProb:
		return nil, append(removed, remove(ws, RemovedImprobable))
	}
	return ws, removed
}

// remove is the note that words were taken out.
func remove(ws []rawWord, reason string) kerbside.Removed {
	return kerbside.Removed{StartMS: ws[0].startMS, EndMS: ws[len(ws)-1].endMS, Text: textOf(ws), Reason: reason}
}

func textOf(ws []rawWord) string {
	texts := make([]string, len(ws))
	for i, w := range ws {
		texts[i] = w.text
	}
	return strings.Join(texts, " ")
}

// cutDescriptions takes sound descriptions out. What stands in the same word outside the brackets is kept.
func cutDescriptions(ws []rawWord, removed []kerbside.Removed) ([]rawWord, []kerbside.Removed) {
	text := textOf(ws)
	matches := described.FindAllStringIndex(text, -1)
	if len(matches) == 0 {
		return ws, removed
	}
	kept := make([]rawWord, 0, len(ws))
	starts := make([]int, len(ws))
	at := 0
	for i, w := range ws {
		starts[i] = at
		at += len(w.text) + 1
	}
	for _, m := range matches {
		var in []rawWord
		for i, w := range ws {
			if starts[i] < m[1] && starts[i]+len(w.text) > m[0] {
				in = append(in, w)
			}
		}
		removed = append(removed, kerbside.Removed{StartMS: in[0].startMS, EndMS: in[len(in)-1].endMS, Text: text[m[0]:m[1]], Reason: RemovedSoundDescription})
	}
	for i, w := range ws {
		rest := []byte(w.text)
		for _, m := range matches {
			for b := max(m[0], starts[i]); b < min(m[1], starts[i]+len(rest)); b++ {
				rest[b-starts[i]] = 0
			}
		}
		w.text = strings.ReplaceAll(string(rest), "\x00", "")
		if strings.ContainsFunc(w.text, isContent) {
			kept = append(kept, w)
		}
	}
	return kept, removed
}

// cutSentences takes out the sentences for which is holds of their normalised text.
func cutSentences(ws []rawWord, removed []kerbside.Removed, is func(string) bool) ([]rawWord, []kerbside.Removed) {
	var kept []rawWord
	for start := 0; start < len(ws); {
		end := start
		for end < len(ws)-1 && !endsSentence(ws[end].text) {
			end++
		}
		end++
		if is(strings.Join(strings.Fields(normalise(textOf(ws[start:end]))), " ")) {
			removed = append(removed, remove(ws[start:end], RemovedStockPhrase))
		} else {
			kept = append(kept, ws[start:end]...)
		}
		start = end
	}
	return kept, removed
}

func endsSentence(word string) bool {
	word = strings.TrimRightFunc(word, func(r rune) bool { return unicode.In(r, unicode.Pe, unicode.Pf) || r == '"' || r == '\'' })
	return strings.HasSuffix(word, ".") || strings.HasSuffix(word, "!") || strings.HasSuffix(word, "?") || strings.HasSuffix(word, "…")
}

// cutLoops keeps the first round of what goes round and round, and nothing of a window that is hardly anything else: that is
// what the model makes of sounds.
func cutLoops(ws []rawWord, removed []kerbside.Removed) ([]rawWord, []kerbside.Removed) {
	const soundTimes, soundShare = 10, 0.8
	var kept []rawWord
	at := 0
	for _, l := range loops(ws, certain) {
		first := l.at + l.size
		if l.times >= soundTimes && float64(l.size*l.times) >= soundShare*float64(len(ws)) {
			first = l.at
		}
		kept = append(kept, ws[at:first]...)
		at = l.at + l.size*l.times
		removed = append(removed, remove(ws[first:at], RemovedLoop))
	}
	return append(kept, ws[at:]...), removed
}

// cutEchoes takes out runs without sound whose words stand in the window before.
func cutEchoes(ws []rawWord, removed []kerbside.Removed) ([]rawWord, []kerbside.Removed) {
	var kept []rawWord
	at := 0
	for _, run := range soundless(ws) {
		before, echo := keys(ws[:run[0]]), keys(ws[run[0]:run[1]])
		for len(echo) >= soundlessWords && !holds(before, echo) {
			echo = echo[:len(echo)-1]
		}
		if len(echo) < soundlessWords {
			continue
		}
		end := run[0] + len(echo)
		kept = append(kept, ws[at:run[0]]...)
		removed = append(removed, remove(ws[run[0]:end], RemovedLoop))
		at = end
	}
	return append(kept, ws[at:]...), removed
}

// holds reports whether part stands in all as a run.
func holds(all, part []string) bool {
	for i := 0; i+len(part) <= len(all); i++ {
		if equal(all[i:i+len(part)], part) {
			return true
		}
	}
	return false
}
