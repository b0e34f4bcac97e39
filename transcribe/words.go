package transcribe

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// rawWord is a word of one window, on the recording's clock.
type rawWord struct {
	text           string
	startMS, endMS int64
	confidence     float64

	lowest float64 // probability of any of its tokens
	votes  []Vote  // of the further hearings
}

// key is the word as it is compared with others: letters and digits in lower case.
func (w rawWord) key() string { return normalise(w.text) }

// normalise keeps letters and digits, in lower case, and one space between words: "Don't!" becomes "dont".
func normalise(text string) string {
	var b strings.Builder
	space := false
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		case unicode.IsSpace(r):
			space = true
		}
	}
	return b.String()
}

// isContent reports whether a rune can carry meaning on its own. What cannot is punctuation.
func isContent(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSymbol(r) && !isNote(r) || strings.ContainsRune("%&@#", r)
}

func isNote(r rune) bool {
	return r >= '♩' && r <= '♯' || r >= 0x1D100 && r <= 0x1D1FF || r == '🎵' || r == '🎶'
}

// words joins tokens into words and puts them on the recording's clock. Bytes are joined before they are read as UTF-8,
// as a character may be split over two tokens; bytes that are no UTF-8 even then become U+FFFD. A word is a run between
// white space; punctuation on its own is no word.
//
// The confidence of a word is the geometric mean of the probabilities of its tokens that hold letters, digits or symbols.
func words(w *window, tokens []Token) []rawWord {
	var text []byte
	ends := make([]int, len(tokens)) // of the tokens' bytes in text
	for i, t := range tokens {
		text = append(text, t.Text...)
		ends[i] = len(text)
	}
	timed := false
	for _, t := range tokens {
		timed = timed || t.EndMS > 0
	}
	var out []rawWord
	token := 0
	add := func(from, to int) {
		s := strings.ToValidUTF8(string(text[from:to]), "\uFFFD")
		if !strings.ContainsFunc(s, isContent) && !strings.ContainsFunc(s, isNote) {
			return
		}
		for token < len(tokens) && ends[token] <= from {
			token++
		}
		out = append(out, wordOf(w, s, tokens, text, ends, token, from, to))
	}
	start := -1
	for at := 0; at < len(text); {
		r, n := utf8.DecodeRune(text[at:])
		if unicode.IsSpace(r) {
			if start >= 0 {
				add(start, at)
				start = -1
			}
		} else if start < 0 {
			start = at
		}
		at += n
	}
	if start >= 0 {
		add(start, len(text))
	}
	if !timed {
		spread(w, out)
	}
	inOrder(w, out)
	inSpeech(w, out)
	return out
}

// speechMarginMS is how far a word may reach out of the speech that the voice detector found, tailMS how much of a stretch after its last word
// is that word's own: the model turns to the end of the text before a word has died away.
const (
	speechMarginMS = 50
	tailMS         = 500
)

// inSpeech takes pauses off words: alignment gives the silence between two words to one of them. A word keeps to the stretch of speech that holds
// most of it; one that lies in none is left alone. The last word of a stretch lasts to the stretch's end.
func inSpeech(w *window, ws []rawWord) {
	for i := range ws {
		var most int64
		start, end := ws[i].startMS, ws[i].endMS
		for _, s := range w.speech {
			from, to := max(ws[i].startMS, msOf(s.start)-speechMarginMS), min(ws[i].endMS, msOf(s.end)+speechMarginMS)
			if to-from > most {
				most, start, end = to-from, from, to
				last := i+1 == len(ws) || ws[i+1].startMS >= msOf(s.end)-speechMarginMS
				if rest := msOf(s.end) - to; last && rest > 0 && rest <= tailMS {
					end = msOf(s.end)
				}
			}
		}
		ws[i].startMS, ws[i].endMS = start, end
	}
}

// wordOf makes the word of text[from:to], whose first token is tokens[first].
func wordOf(w *window, s string, tokens []Token, text []byte, ends []int, first, from, to int) rawWord {
	word := rawWord{text: s, startMS: -1}
	logs, n := 0.0, 0
	var spare []int64 // times of tokens without content
	for i := first; i < len(tokens); i++ {
		begin := 0
		if i > 0 {
			begin = ends[i-1]
		}
		if begin >= to {
			break
		}
		start := msOf(w.startOf(samplesOf(tokens[i].StartMS)))
		end := msOf(w.endOf(samplesOf(tokens[i].EndMS)))
		part := strings.TrimSpace(string(text[max(begin, from):min(ends[i], to)]))
		if part == "" || !strings.ContainsFunc(part, isContent) && utf8.ValidString(part) {
			spare = append(spare, start, end)
			continue
		}
		logs += math.Log(max(float64(tokens[i].P), 1e-6))
		if n == 0 || float64(tokens[i].P) < word.lowest {
			word.lowest = float64(tokens[i].P)
		}
		n++
		if word.startMS < 0 || start < word.startMS {
			word.startMS = start
		}
		word.endMS = max(word.endMS, end)
	}
	if n == 0 && len(spare) > 0 {
		word.startMS, word.endMS = spare[0], spare[len(spare)-1]
	}
	if n > 0 {
		word.confidence = min(math.Exp(logs/float64(n)), 1)
	}
	return word
}

// spread gives words without times of their own places in the window's speech, by their length in characters.
func spread(w *window, ws []rawWord) {
	total := 0
	for _, word := range ws {
		total += utf8.RuneCountInString(word.text) + 1
	}
	if total == 0 {
		return
	}
	speech := w.speechSamples()
	at := 0
	place := func(chars int) int64 {
		rest := speech * int64(chars) / int64(total)
		for _, s := range w.speech {
			if n := s.end - s.start; rest <= n {
				return msOf(s.start + rest)
			} else {
				rest -= n
			}
		}
		return msOf(w.end)
	}
	for i := range ws {
		ws[i].startMS = place(at)
		at += utf8.RuneCountInString(ws[i].text) + 1
		ws[i].endMS = place(at)
	}
}

// inOrder makes the times of words monotonous and keeps them inside the window.
func inOrder(w *window, ws []rawWord) {
	if len(w.spans) == 0 {
		return
	}
	last := w.spans[len(w.spans)-1]
	low, high := msOf(w.spans[0].start), msOf(last.start+last.n)
	for i := range ws {
		ws[i].startMS = min(max(ws[i].startMS, low), high)
		ws[i].endMS = min(max(ws[i].endMS, ws[i].startMS), high)
		low = ws[i].startMS
		if i > 0 && ws[i-1].endMS > ws[i].startMS {
			ws[i-1].endMS = ws[i].startMS
		}
	}
}
