package draft_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"kerbside"
	"kerbside/extract"
)

// TestDiscloseNothingOfOthers: whoever of a dictation asks for what is held about them, with everything that was planted to be kept from somebody and with all
// made-up dictations there are, no line holds a secret that is to be kept from them, nor a name, a role or a telephone number of anybody else; and each item is
// either shown or named as withheld, with a reason.
func TestDiscloseNothingOfOthers(t *testing.T) {
	x, err := extract.NewRules(extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := newDrafter(t)
	lines, withheld, asked, leaks := 0, 0, 0, 0
	check := func(t *testing.T, text string, secrets []string, keptFrom func(*kerbside.Record) map[kerbside.PersonID]bool) {
		sources, r := debriefed(t, x, strings.TrimSpace(text))
		secret := keptFrom(r)
		for _, a := range r.Attendees {
			if a.Name == "" {
				continue
			}
			var names []string
			for _, b := range r.Attendees {
				if b.ID != a.ID {
					names = append(names, b.Name)
				}
			}
			got, err := d.Disclose(t.Context(), r, sources, kerbside.DiscloseOptions{Name: a.Name, Role: a.Role, Others: names})
			if err != nil {
				t.Fatal(err)
			}
			asked++
			for _, w := range got.Withheld {
				if w.Reason == "" || w.Kind == "" {
					t.Errorf("withheld without a reason: %+v", w)
				}
			}
			lines, withheld = lines+len(got.Lines), withheld+len(got.Withheld)
			ids := map[string]bool{}
			for _, l := range got.Lines {
				ids[l.Sentence.Items()[0]] = true
				shown := " " + words(l.Sentence.Text()) + " "
				for _, b := range r.Attendees {
					for _, w := range strings.Fields(words(b.Name)) { // a letter is the end of "hasn't" as often as an initial
						if len(w) > 1 && b.ID != a.ID && !strings.Contains(" "+words(a.Name)+" ", " "+w+" ") && strings.Contains(shown, " "+w+" ") {
							leaks++
							t.Errorf("%s %s reads of %q: %q", a.Role, a.ID, w, l.Sentence.Text())
						}
					}
				}
				if secret[a.ID] {
					for _, w := range secrets {
						if strings.Contains(strings.ToLower(l.Text()), strings.ToLower(w)) {
							leaks++
							t.Errorf("%q leaks to %s: %q", w, a.Role, l.Sentence.Text())
						}
					}
				}
			}
			for _, w := range got.Withheld {
				if ids[w.Item] {
					t.Errorf("%s is shown and withheld", w.Item)
				}
				ids[w.Item] = true
			}
			for _, id := range itemIDs(r) {
				if !ids[id] {
					t.Errorf("%s is neither shown nor withheld", id)
				}
			}
		}
	}
	cases := plantedCases(t)
	for _, p := range cases {
		t.Run(p.kind+"/"+p.name, func(t *testing.T) {
			check(t, p.text, p.secrets, func(r *kerbside.Record) map[kerbside.PersonID]bool {
				from := map[kerbside.PersonID]bool{}
				for _, o := range p.options(r) {
					from[o.For] = true
				}
				if slices.Contains(p.keep, "readers") { // informants, addresses, police, other children, third parties: from everybody
					for _, a := range r.Attendees {
						from[a.ID] = true
					}
				}
				return from
			})
		})
	}
	for _, name := range openDictations(t) {
		check(t, name, nil, func(*kerbside.Record) map[kerbside.PersonID]bool { return nil })
	}
	t.Logf("%d people asked: %d lines shown, %d items withheld, %d leaks", asked, lines, withheld, leaks)
	if lines < 40 || asked < 150 {
		t.Error("next to nothing is shown: the test proves nothing")
	}
}

func words(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(s, "’s", "")), func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }), " ")
}

func itemIDs(r *kerbside.Record) (ids []string) {
	for _, x := range r.Risks {
		ids = append(ids, x.ID)
	}
	for _, x := range r.Strengths {
		ids = append(ids, x.ID)
	}
	for _, x := range r.Actions {
		ids = append(ids, x.ID)
	}
	for _, x := range r.ChildVoice {
		ids = append(ids, x.ID)
	}
	for _, x := range r.Injuries {
		ids = append(ids, x.ID)
	}
	return ids
}

// TestDisclose: a child has what is said of that child alone; a release shows one item more, with a reason.
func TestDisclose(t *testing.T) {
	x, err := extract.NewRules(extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := newDrafter(t)
	tr, err := kerbside.TypedTranscript("I visited the family home. I saw Jayden, seven, on his own. Jayden was clean and well dressed. Kelly, his mum, was drinking in the kitchen. Jayden said he is scared when Lee shouts at mum. There were no bruises on Jayden. Jayden has been in school every day.")
	if err != nil {
		t.Fatal(err)
	}
	sources := []*kerbside.Source{kerbside.NewSource(tr)}
	r, err := x.Extract(t.Context(), sources, kerbside.ExtractOptions{VisitDate: "2026-03-02", HintFrom: "option"})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(o kerbside.DiscloseOptions) (*kerbside.Disclosure, string) {
		t.Helper()
		got, err := d.Disclose(t.Context(), r, sources, o)
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, l := range got.Lines {
			text += l.Text() + "\n"
		}
		return got, text
	}
	got, text := ask(kerbside.DiscloseOptions{Name: "Jayden Hargreaves", Role: "child"})
	if got.Person == "" || got.SeenAlone != kerbside.Yes || !strings.Contains(text, "school") || strings.Contains(text, "Kelly") || strings.Contains(text, "Lee") || strings.Contains(text, "drinking") {
		t.Errorf("%+v\n%s", got, text)
	}
	if !strings.Contains(text, "no bruises") || strings.Contains(text, "bruises on Jayden” (") {
		t.Errorf("a denial is turned round: %s", text)
	}
	var scared string
	for _, v := range r.ChildVoice {
		if strings.Contains(v.Quote, "scared") {
			scared = v.ID
		}
	}
	if _, text = ask(kerbside.DiscloseOptions{Name: "Jayden", Role: "child", Release: []kerbside.Release{{Item: scared, Reason: "He said it himself."}}}); !strings.Contains(text, "scared") {
		t.Errorf("a release shows nothing: %s", text)
	}
	for _, o := range []kerbside.DiscloseOptions{{Name: "Somebody Else"}, {}, {Name: "Jayden", Role: "mother"}} {
		if got, text := ask(o); got.Person != "" || text != "" || len(got.Withheld) == 0 {
			t.Errorf("%+v: %+v %s", o, got, text)
		}
	}
	if _, err := d.Disclose(t.Context(), r, sources, kerbside.DiscloseOptions{Name: "Jayden", Release: []kerbside.Release{{Item: scared}}}); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Error(err)
	}
}
