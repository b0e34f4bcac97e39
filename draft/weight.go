package draft

import (
	"slices"

	"kerbside"
)

// grave is the weight from which an item belongs in every chronology.
const grave = 14

// weight is how much an item matters to somebody who reads one line about the visit. The suggested assessment factor stands for the kind of
// harm; it is never shown.
func (b *builder) weight(it *item) int {
	n := 0
	if it.kind == kindInjury {
		n += 10
	}
	if b.urgent(it.main) {
		n += 12
	}
	n += harm(it.factor)
	for _, c := range []struct {
		holds bool
		worth int
	}{
		{it.critical, 2}, {it.polarity == kerbside.Affirmed, 2}, {it.temporality == kerbside.Current, 2}, {it.by.Kind == kerbside.ChildSaid, 2},
		{it.temporality == kerbside.Historical, -4}, {it.polarity == kerbside.Uncertain, -1},
	} {
		if c.holds {
			n += c.worth
		}
	}
	return n
}

// harm weighs the codes of the census of children in need.
func harm(factor string) int {
	if len(factor) > 1 {
		factor = factor[:len(factor)-1] // whose it is does not matter here
	}
	switch factor {
	case "10", "11", "12", "13", "15", "18", "19", "22", "24":
		return 8
	case "3":
		return 6
	case "1", "2", "4", "17", "23":
		return 4
	case "16", "8":
		return 3
	}
	return 0
}

// urgent reports whether a warning of the record asks for attention to these words.
func (b *builder) urgent(s span) bool {
	if b.alarms == nil {
		b.alarms = []span{}
		for _, w := range b.record.Warnings {
			for _, e := range w.Evidence {
				if at, ok := b.sources.span(e); ok && w.Code == kerbside.WarnUrgentCue {
					b.alarms = append(b.alarms, at)
				}
			}
		}
	}
	return slices.ContainsFunc(b.alarms, s.overlaps)
}
