package rules

import (
	"strconv"
	"strings"

	"kerbside"
)

var units = map[string]int{
	"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
	"twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}

var ordinals = map[string]int{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11,
	"twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19,
	"twentieth": 20, "thirtieth": 30,
}

var tens = map[string]int{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}

// number is a cardinal or ordinal and the tokens that say it.
type number struct {
	value   int
	ordinal bool
	next    int
}

// numberAt reads the number that starts at token i: "21", "21st", "twenty one", "ninety-six", "twenty-first".
func numberAt(tokens []token, i int) (number, bool) {
	if i >= len(tokens) || tokens[i].mark {
		return number{}, false
	}
	w := strings.TrimSuffix(strings.TrimPrefix(tokens[i].norm, "£"), "%")
	if head, tail, ok := strings.Cut(w, "-"); ok {
		if ten, ok := tens[head]; ok {
			if u, ok := units[tail]; ok && u > 0 && u < 10 {
				return number{ten + u, false, i + 1}, true
			}
			if u, ok := ordinals[tail]; ok && u < 10 {
				return number{ten + u, true, i + 1}, true
			}
		}
		return number{}, false
	}
	if ten, ok := tens[w]; ok {
		if i+1 < len(tokens) && !tokens[i+1].mark {
			if u, ok := units[tokens[i+1].norm]; ok && u > 0 && u < 10 {
				return number{ten + u, false, i + 2}, true
			}
			if u, ok := ordinals[tokens[i+1].norm]; ok && u < 10 {
				return number{ten + u, true, i + 2}, true
			}
		}
		return number{ten, false, i + 1}, true
	}
	if u, ok := units[w]; ok {
		return number{u, false, i + 1}, true
	}
	if u, ok := ordinals[w]; ok {
		return number{u, true, i + 1}, true
	}
	if w == "" || w[0] < '0' || w[0] > '9' {
		return number{}, false
	}
	digits := strings.TrimRight(w, "stndrh")
	if digits == "" || len(digits) > 6 {
		return number{}, false
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 {
		return number{}, false
	}
	switch w[len(digits):] {
	case "":
		return number{n, false, i + 1}, true
	case "st", "nd", "rd", "th":
		return number{n, true, i + 1}, true
	}
	return number{}, false
}

func isNumber(t *token) bool {
	if t.mark {
		return false
	}
	if t.num {
		return true
	}
	_, ok := numberAt([]token{*t}, 0)
	return ok
}

// Numbers are the whole numbers that a text says, in words or figures. "One" and the first ordinals, which are often no numbers, are left out.
func Numbers(text string) []int {
	var out []int
	tokens := tokeniseText(text)
	for i := 0; i < len(tokens); i++ {
		t := &tokens[i]
		if t.mark || t.norm == "one" || t.norm == "first" || t.norm == "second" {
			continue
		}
		if n, ok := numberAt(tokens, i); ok {
			out = append(out, n.value)
			if n.next > i+1 {
				out = append(out, tens[t.norm])
				i = n.next - 1
			}
			continue
		}
		for _, run := range strings.FieldsFunc(t.norm, func(r rune) bool { return r < '0' || r > '9' }) {
			if n, err := strconv.Atoi(run); err == nil {
				out = append(out, n)
			}
		}
	}
	return out
}

func tokeniseText(text string) []token {
	return tokenise([]*kerbside.Source{kerbside.StatementSource(kerbside.Statement{Text: text})})
}
