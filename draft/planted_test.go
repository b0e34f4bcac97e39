package draft_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kerbside"
	"kerbside/extract"
)

// planted is a dictation with secrets in it.
type planted struct {
	kind, name, text string
	secrets, keep    []string
}

func plantedCases(t testing.TB) []planted {
	t.Helper()
	b, err := os.ReadFile("testdata/planted.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []planted
	for _, part := range strings.Split(string(b), "\n== ")[1:] {
		head, rest, _ := strings.Cut(part, "\n")
		kind, name, _ := strings.Cut(head, " ")
		p := planted{kind: kind, name: name, keep: map[string][]string{
			"informant": {"family", "readers", "partner", "court", "chronology"}, "address": {"family", "readers", "partner", "court", "chronology"}, "police": {"family", "readers", "partner", "court"},
			"intimate": {"family", "father", "partner"}, "other_child": {"family", "readers", "partner", "court", "chronology"}, "third_party": {"family", "readers", "partner"},
		}[kind]}
		for line := range strings.Lines(rest) {
			line = strings.TrimSpace(line)
			if s, ok := strings.CutPrefix(line, "secret: "); ok {
				p.secrets = strings.Split(s, "; ")
			} else if s, ok := strings.CutPrefix(line, "keep: "); ok {
				p.keep = strings.Split(s, ", ")
			} else {
				p.text += line + "\n"
			}
		}
		out = append(out, p)
	}
	return out
}

// drafts are all drafts that the secrets of a case must not be found in, and none of them is empty.
func (p planted) options(r *kerbside.Record) []kerbside.DraftOptions {
	var out []kerbside.DraftOptions
	for _, k := range p.keep {
		if a, err := kerbside.ParseAudience(k); err == nil {
			out = append(out, kerbside.DraftOptions{Audience: a})
			continue
		}
		for _, a := range r.Attendees {
			if k == a.Role || k == "readers" && slices.Contains([]string{"mother", "father"}, a.Role) {
				out = append(out, kerbside.DraftOptions{Audience: kerbside.AudienceFamily, For: a.ID})
			}
		}
	}
	return out
}

// debriefed is what is read from a dictation after a visit.
func debriefed(t *testing.T, x *extract.Extractor, text string) ([]*kerbside.Source, *kerbside.Record) {
	t.Helper()
	tr, err := kerbside.TypedTranscript(text)
	if err != nil {
		t.Fatal(err)
	}
	tr.Recording.Kind = kerbside.KindDebrief
	sources := []*kerbside.Source{kerbside.NewSource(tr)}
	r, err := x.Extract(t.Context(), sources, kerbside.ExtractOptions{VisitDate: "2026-03-02", HintFrom: "option"})
	if err != nil {
		t.Fatal(err)
	}
	return sources, r
}

// Nothing that was planted is found by a reader who must not find it, from the spoken words on: not in a sentence, a quotation, nor anywhere
// in the draft's JSON. The case record has it, so that the test would notice a dictation that is not read at all.
func TestPlantedSecrets(t *testing.T) {
	x, err := extract.NewRules(extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := newDrafter(t)
	cases := plantedCases(t)
	if len(cases) < 40 {
		t.Fatalf("%d cases", len(cases))
	}
	drafts, kept := 0, 0
	for _, p := range cases {
		t.Run(p.kind+"/"+p.name, func(t *testing.T) {
			sources, r := debriefed(t, x, strings.TrimSpace(p.text))
			options := p.options(r)
			if len(options) == 0 {
				t.Fatal("nobody to keep it from")
			}
			for _, o := range options {
				got, err := d.Draft(t.Context(), r, sources, o)
				if err != nil {
					t.Fatal(err)
				}
				out := strings.ToLower(marshalled(t, got))
				for _, w := range p.secrets {
					if strings.Contains(out, strings.ToLower(w)) {
						t.Errorf("%q leaks to %s %s:\n%s", w, o.Audience, o.For, texts(got))
					}
				}
				drafts++
			}
			full, err := d.Draft(t.Context(), r, sources, kerbside.DraftOptions{Audience: kerbside.AudienceCaseRecord})
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range p.secrets {
				if strings.Contains(strings.ToLower(texts(full)), strings.ToLower(w)) {
					kept++
					break
				}
			}
		})
	}
	t.Logf("%d cases, %d drafts; the case record shows the secret of %d", len(cases), drafts, kept)
	if kept < len(cases)*2/3 {
		t.Errorf("the case record shows the secret of %d cases of %d only: the others prove nothing", kept, len(cases))
	}
}

// The same secrets in the middle of other dictations, at random places: their names and numbers stand among others then.
func TestPlantedSecretsInLongDictations(t *testing.T) {
	x, err := extract.NewRules(extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := newDrafter(t)
	files, err := filepath.Glob("../extract/testdata/cases/open/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dictations: %v", err)
	}
	cases := plantedCases(t)
	rng := rand.New(rand.NewPCG(11, 6))
	for range 24 {
		p := cases[rng.IntN(len(cases))]
		file := files[rng.IntN(len(files))]
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var long struct {
			Text string `json:"text"`
		}
		if err := json.Unmarshal(b, &long); err != nil {
			t.Fatal(err)
		}
		sentences := strings.SplitAfter(long.Text, ". ")
		at := rng.IntN(len(sentences) + 1)
		text := strings.Join(sentences[:at], "") + strings.TrimSpace(p.text) + " " + strings.Join(sentences[at:], "")
		drafts := func(text string) func(a kerbside.Audience) string {
			sources, r := debriefed(t, x, text)
			return func(a kerbside.Audience) string {
				got, err := d.Draft(t.Context(), r, sources, kerbside.DraftOptions{Audience: a})
				if err != nil {
					t.Fatal(err)
				}
				return strings.ToLower(marshalled(t, got))
			}
		}
		with, without := drafts(text), drafts(long.Text)
		for _, a := range kerbside.Audiences() {
			if !slices.Contains(p.keep, string(a)) {
				continue
			}
			out, own := with(a), without(a)
			for _, w := range p.secrets {
				// A day that the dictation's own "tomorrow" is written as is no secret.
				if w = strings.ToLower(w); strings.Contains(out, w) && !strings.Contains(own, w) && !strings.Contains(strings.ToLower(long.Text), w) {
					t.Errorf("%s/%s in %s at %d: %q leaks to %s", p.kind, p.name, filepath.Base(file), at, w, a)
				}
			}
		}
	}
}

// openDictations are the made-up dictations that rules may be shaped on.
func openDictations(t testing.TB) (texts []string) {
	t.Helper()
	files, err := filepath.Glob("../extract/testdata/cases/open/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dictations: %v", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var one struct {
			Text string `json:"text"`
		}
		if err := json.Unmarshal(b, &one); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, one.Text)
	}
	return texts
}
