package draft

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"kerbside"
)

// check is the gate between composition and a draft. It trusts nothing that composed the sentence: it looks at the text, the evidence, the
// template's words and the values of the record that may differ in form. Its error names what failed, not the words.
func (b *builder) check(p *phrase, evidence []kerbside.Evidence) error {
	if len(evidence) == 0 {
		return fmt.Errorf("no evidence")
	}
	said := b.scratch
	clear(said)
	for _, e := range evidence {
		if _, ok := b.sources.span(e); !ok {
			return fmt.Errorf("evidence is not in its source")
		}
		for _, w := range b.tokensOf(e.Quote) {
			said[w], said[bare(w)] = true, true
		}
	}
	for _, d := range p.derived {
		for _, w := range tokens(d) {
			said[w], said[bare(w)] = true, true
		}
	}
	words := tokens(p.text)
	if len(words) == 0 {
		return fmt.Errorf("no words")
	}
	for _, w := range words {
		if said[w] || said[bare(w)] {
			continue
		}
		if strings.ContainsFunc(w, unicode.IsDigit) || !b.own[w] {
			return fmt.Errorf("a word stands neither in the evidence nor in the template")
		}
	}
	if err := quotesHold(p.text, evidence); err != nil {
		return err
	}
	if p.of != nil {
		return b.meaning(p.of, words)
	}
	return nil
}

// quotesHold checks that what stands between quotation marks is exact.
func quotesHold(text string, evidence []kerbside.Evidence) error {
	for {
		_, rest, ok := strings.Cut(text, "“")
		if !ok {
			return nil
		}
		inner, after, ok := strings.Cut(rest, "”")
		if !ok {
			inner, after = rest, ""
		}
		if !slices.ContainsFunc(evidence, func(e kerbside.Evidence) bool { return strings.Contains(e.Quote, strings.TrimRight(inner, "?!")) }) {
			return fmt.Errorf("a quotation is not exact")
		}
		text = after
	}
}

// meaning checks that "no", "not sure", "used to" and "said" have not been lost.
func (b *builder) meaning(it *item, words []string) error {
	quote := b.tokensOf(it.evidence[0].Quote)
	if it.kind != kindVoice && count(words, negates) < count(quote, negates) {
		return fmt.Errorf("a negation is lost")
	}
	if it.kind == kindVoice || it.kind == kindAction {
		return nil
	}
	if it.polarity == kerbside.Uncertain && !doubts.any(words) {
		return fmt.Errorf("a doubt is lost")
	}
	if it.temporality == kerbside.Historical && count(words, isPast) == 0 {
		return fmt.Errorf("that it is past is lost")
	}
	if reported(it.by.Kind) && !reporting.any(words) && !slices.Contains(words, "given") && !slices.Contains(words, "showed") {
		return fmt.Errorf("who said so is lost")
	}
	return nil
}
