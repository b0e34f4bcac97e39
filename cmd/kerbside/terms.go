package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"kerbside"
)

// wordingFlags are those that decide how a transcript is written.
func wordingFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "terms", Usage: "`FILE` of names and terms to listen for, one a line, as they are to be spelt; give it again for a second file: the organisation's, then the case's"},
		&cli.BoolFlag{Name: "spoken-punctuation", Usage: "\"full stop\", \"comma\", \"new paragraph\" and the like are commands, not words"},
		&cli.BoolFlag{Name: "keep-spelling", Usage: "leave American spellings as the engine writes them"},
	}
}

// wordingOptions fills in o as the options say.
func wordingOptions(ctx *cli.Context, o *kerbside.TranscribeOptions) error {
	o.SpokenPunctuation, o.KeepSpelling = ctx.Bool("spoken-punctuation"), ctx.Bool("keep-spelling")
	seen := map[string]bool{}
	for _, path := range ctx.StringSlice("terms") {
		terms, err := readTerms(path)
		if err != nil {
			return err
		}
		for _, t := range terms {
			if !seen[t] {
				seen[t] = true
				o.Terms = append(o.Terms, t)
			}
		}
	}
	return nil
}

// The most that one file of terms holds: a council's list of schools and teams is some hundred.
const (
	maxTerms     = 5000
	maxTermRunes = 80
)

// readTerms reads a file of terms: one a line, blank lines and lines that begin with "#" left out.
func readTerms(path string) ([]string, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := readLimited(f, path)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(b) {
		return nil, kerbside.E(kerbside.CodeInvalid, "kerbside.readTerms", fmt.Sprintf("%q is not valid UTF-8. Save it as UTF-8 and try again.", path), nil)
	}
	var terms []string
	for n, line := range strings.Split(strings.TrimPrefix(string(b), "\ufeff"), "\n") {
		term := strings.Join(strings.Fields(line), " ")
		switch {
		case term == "" || term[0] == '#':
		case utf8.RuneCountInString(term) > maxTermRunes:
			return nil, kerbside.E(kerbside.CodeInvalid, "kerbside.readTerms", fmt.Sprintf("Line %d of %q is longer than the %d characters of a term. Write one term a line.", n+1, path, maxTermRunes), nil)
		case len(terms) == maxTerms:
			return nil, kerbside.E(kerbside.CodeTooLarge, "kerbside.readTerms", fmt.Sprintf("%q has more than %d terms. Leave out those that this case does not need.", path, maxTerms), nil)
		default:
			terms = append(terms, term)
		}
	}
	return terms, nil
}
