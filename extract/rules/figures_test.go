package rules

import (
	"os"
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// figure counts what a stage reads right over a file of sentences of our own. A floor lies a little under what was reached, so that a change
// that costs something is seen.
type figure struct{ right, all int }

func (f *figure) add(ok bool) {
	f.all++
	if ok {
		f.right++
	}
}

func (f *figure) hold(t *testing.T, what string, floor float64) {
	t.Helper()
	if f.all == 0 {
		t.Fatalf("%s: no sentence", what)
	}
	share := float64(f.right) / float64(f.all)
	t.Logf("%s: %d of %d", what, f.right, f.all)
	if share < floor {
		t.Errorf("%s: %.3f, less than %.3f", what, share, floor)
	}
}

// sentences reads the rows of a file in testdata.
func sentences(t *testing.T, name string, columns int) [][]string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name + ".tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for n, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != columns {
			t.Fatalf("%s, line %d: %d columns", name, n+1, len(fields))
		}
		out = append(out, fields)
	}
	return out
}

// found writes what a text holds as in sentences.tsv.
func foundIn(r *kerbside.Record) string {
	seen := map[string]bool{}
	for _, k := range r.Risks {
		seen[map[string]string{kerbside.Affirmed: "R", kerbside.Negated: "N", kerbside.Uncertain: "U"}[k.Polarity]] = true
	}
	seen["S"] = len(r.Strengths) > 0
	out := ""
	for _, l := range []string{"R", "N", "U", "S"} {
		if seen[l] {
			out += l
		}
	}
	if out == "" {
		return "O"
	}
	return out
}

func TestFindingsFigure(t *testing.T) {
	kinds := map[string]*figure{}
	var all, reversed figure
	for _, row := range sentences(t, "sentences", 2) {
		got := foundIn(&readText(t, row[1]).record)
		ok := slices.Contains(strings.Split(row[0], "/"), got)
		all.add(ok)
		if kinds[row[0]] == nil {
			kinds[row[0]] = &figure{}
		}
		kinds[row[0]].add(ok)
		if row[0] == "R" || row[0] == "N" {
			reversed.add(row[0] == "R" && got != "N" || row[0] == "N" && got != "R")
		}
	}
	all.hold(t, "difficulties and strengths", 0.88)
	kinds["R"].hold(t, "difficulties", 0.91)
	kinds["N"].hold(t, "denied difficulties", 0.9)
	kinds["S"].hold(t, "strengths", 0.85)
	kinds["O"].hold(t, "nothing to find", 0.83) // the reader adds what no lexicon knows, and some of it is nothing
	reversed.hold(t, "not read as the contrary", 0.97)
}

func TestFactsFigure(t *testing.T) {
	var all figure
	for _, row := range sentences(t, "facts", 3) {
		r := &readText(t, "Visit to see Ada, who is nine. Mum, Jo, was in. "+row[2]).record
		alone, bedroom, seen := kerbside.NotStated, kerbside.NotStated, kerbside.NotStated
		for _, c := range r.Children {
			alone, bedroom, seen = c.SeenAlone.Value, c.BedroomSeen.Value, c.ChildSeen.Value
		}
		got := map[string]string{"seen_alone": alone, "bedroom_seen": bedroom, "child_seen": seen, "announced": r.Visit.Announced.Value}
		if row[0] == "not_yes" {
			if alone == kerbside.Yes || bedroom == kerbside.Yes {
				t.Errorf("%q: seen alone %s, bedroom seen %s", row[2], alone, bedroom)
			}
			continue
		}
		all.add(got[row[0]] == row[1])
		if got[row[0]] == kerbside.Yes && row[1] != kerbside.Yes && row[0] != "announced" {
			t.Errorf("%q: a false yes for %s", row[2], row[0])
		}
	}
	all.hold(t, "facts about the child and the visit", 0.94)
}

func TestUrgentFigure(t *testing.T) {
	for _, row := range sentences(t, "urgent", 2) {
		shouts := false
		for _, w := range readText(t, "Visit to see Ada, who is fourteen. Mum, Jo, was in. "+row[1]).record.Warnings {
			shouts = shouts || w.Code == kerbside.WarnUrgentCue
		}
		if shouts != (row[0] == "yes") {
			t.Errorf("%q: urgent %v", row[1], shouts)
		}
	}
}

func TestVoiceFigure(t *testing.T) {
	var heard, silent figure
	for _, row := range sentences(t, "voice", 2) {
		ok := row[0] == ""
		for _, v := range readText(t, "Visit to see Ada, who is nine. Mum, Jo, was in with nan, Pat. "+row[1]).record.ChildVoice {
			ok = row[0] != "" && (ok || strings.Contains(v.Quote, row[0]) || strings.Contains(row[0], v.Quote))
		}
		if row[0] == "" {
			silent.add(ok)
		} else {
			heard.add(ok)
		}
	}
	heard.hold(t, "child's words heard", 0.9)
	silent.hold(t, "nobody else's taken for them", 1)
}

func TestActionsFigure(t *testing.T) {
	const opening = "Visit on Thursday to see Ada, who is nine. Mum, Jo, was in with dad, Sam. The health visitor, Bev, came too. We sat and talked for about an hour, in the front room, with the telly off. They both had plenty to say. "
	var found, owner, due, none figure
	for _, row := range sentences(t, "actions", 3) {
		list := readText(t, opening+row[2]).record.Actions
		if row[0] == "" {
			none.add(len(list) == 0)
			continue
		}
		found.add(len(list) == 1)
		if len(list) == 1 {
			owner.add(strings.EqualFold(list[0].Owner, row[0]))
			due.add(row[1] == "-" || list[0].Due.Date == row[1])
		}
	}
	found.hold(t, "actions", 0.9)
	owner.hold(t, "owners", 0.93)
	due.hold(t, "days due", 0.95)
	none.hold(t, "no action", 0.9)
}

func TestAttributionFigure(t *testing.T) {
	var all figure
	for _, row := range sentences(t, "attribution", 2) {
		ok := false
		for _, k := range readText(t, "Visit to see Ada, who is nine, and Tom, five. Mum, Jo, was in and so was her partner, Sam. "+row[1]).record.Risks {
			ok = ok || k.Attribution.Kind == row[0]
		}
		all.add(ok)
	}
	all.hold(t, "whose words", 0.95)
}
