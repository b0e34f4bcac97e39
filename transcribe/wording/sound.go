package wording

import (
	"errors"
	"strings"
	"unicode"
)

// Sounds are written with a letter each, in classes wide enough that accents hardly differ (there is no r but before a vowel):
//
//	p b t d k g f v s z m n l r w y h as usual; T thin, then; S ship; Z vision; C chip; J jam; N sing
//	a cat  A car  e bed  E day  i sit  I see  o hot  O go  u cup  U too  Q saw  R her  Y my  W now  X boy  @ sofa
const vowels = "aAeEiIoOuUQRYWX@"

func isVowel(s byte) bool { return strings.IndexByte(vowels, s) >= 0 }

// rule is a line of letters.tsv.
type rule struct{ before, letters, after, sounds string }

func (t *Tables) addRule(columns []string) error {
	r := rule{column(columns, 0), column(columns, 1), column(columns, 2), column(columns, 3)}
	if r.letters == "" {
		return errors.New("no letters")
	}
	t.rules[r.letters[0]] = append(t.rules[r.letters[0]], r)
	return nil
}

func (t *Tables) addSound(columns []string) error {
	name := column(columns, 0)
	if name == "" || column(columns, 1) == "" {
		return errors.New("no name or no sound")
	}
	t.sounds[name] = list(column(columns, 1))
	return nil
}

// plain writes a letter with marks without them.
var plain = strings.NewReplacer("á", "a", "à", "a", "â", "a", "ä", "a", "ã", "a", "å", "a", "ą", "a", "æ", "ae", "ç", "c", "ć", "c", "č", "c", "é", "e", "è", "e", "ê", "e",
	"ë", "e", "ę", "e", "ě", "e", "ğ", "g", "í", "i", "ì", "i", "î", "i", "ï", "i", "ı", "i", "ł", "l", "ñ", "n", "ń", "n", "ó", "o", "ò", "o", "ô", "o", "ö", "o", "õ", "o", "ø", "o",
	"ř", "r", "ś", "s", "š", "s", "ş", "s", "ș", "s", "ţ", "t", "ț", "t", "ú", "u", "ù", "u", "û", "u", "ü", "u", "ý", "y", "ź", "z", "ż", "z", "ž", "z")

// sayWord gives the ways in which a word of letters sounds, the likeliest first; nil for what has none (digits, other scripts).
func (t *Tables) sayWord(norm string) []string {
	norm = plain.Replace(norm)
	if known, ok := t.sounds[norm]; ok {
		return known
	}
	if strings.IndexFunc(norm, func(r rune) bool { return r < 'a' || r > 'z' }) >= 0 || norm == "" {
		return nil
	}
	var b strings.Builder
	for at := 0; at < len(norm); {
		r := t.ruleAt(norm, at)
		b.WriteString(r.sounds)
		at += max(1, len(r.letters))
	}
	return []string{b.String()}
}

func (t *Tables) ruleAt(word string, at int) rule {
	for _, r := range t.rules[word[at]] {
		if strings.HasPrefix(word[at:], r.letters) && fitsAfter(r.after, word, at+len(r.letters)) && fitsBefore(r.before, word, at-1) {
			return r
		}
	}
	return rule{}
}

func fitsAfter(context, word string, at int) bool {
	for i := range len(context) {
		if !fits(context[i], word, at) {
			return false
		}
		at++
	}
	return true
}

func fitsBefore(context, word string, at int) bool {
	for i := len(context) - 1; i >= 0; i-- {
		if !fits(context[i], word, at) {
			return false
		}
		at--
	}
	return true
}

func fits(class byte, word string, at int) bool {
	if at < 0 || at >= len(word) {
		return class == '^' && (at == -1 || at == len(word))
	}
	vowel := strings.IndexByte("aeiouy", word[at]) >= 0
	switch class {
	case '#':
		return vowel
	case '.':
		return !vowel
	case '+':
		return word[at] == 'e' || word[at] == 'i' || word[at] == 'y'
	default:
		return class == word[at]
	}
}

var letterNames = map[rune]string{
	'a': "E", 'b': "bI", 'c': "sI", 'd': "dI", 'e': "I", 'f': "ef", 'g': "JI", 'h': "EC", 'i': "Y", 'j': "JE", 'k': "kE", 'l': "el", 'm': "em", 'n': "en", 'o': "O",
	'p': "pI", 'q': "kyU", 'r': "A", 's': "es", 't': "tI", 'u': "yU", 'v': "vI", 'w': "dub@lyU", 'x': "eks", 'y': "wY", 'z': "zed",
	'1': "wun", '2': "tU", '3': "TrI", '4': "fQ", '5': "fYv", '6': "siks", '7': "sev@n", '8': "Et", '9': "nYn", '0': "O",
}

// spell gives how the letters and digits of s sound one by one; "" when one has no name.
func spellOut(s string) string {
	var b strings.Builder
	for _, r := range s {
		name, ok := letterNames[unicode.ToLower(r)]
		if !ok {
			return ""
		}
		b.WriteString(name)
	}
	return b.String()
}
