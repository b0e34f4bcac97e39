package kerbside

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

func TestFollow(t *testing.T) {
	const text = "Mum said that Mazee was not at nursery today."
	for _, c := range []struct {
		quote       string
		corrections [][3]string // words as they stand (first word, last word, new)
		want        string
	}{
		{"Mazee was not at nursery", nil, "Mazee was not at nursery"},
		{"Mazee was not at nursery", [][3]string{{"Mazee", "Mazee", "Maisie"}}, "Maisie was not at nursery"},
		{"Mazee was not at nursery", [][3]string{{"nursery", "nursery", "her new nursery"}, {"Mazee", "was", "Maisie Pell was"}}, "Maisie Pell was not at her new nursery"},
		{"Mazee was not at nursery", [][3]string{{"not", "not", ""}}, "Mazee was at nursery"},
		{"Mazee was not at nursery", [][3]string{{"said", "was", "says Maisie was"}}, "says Maisie was not at nursery"},
		{"Mazee was not at nursery", [][3]string{{"Mum", "said", "Her mother told me"}}, "Mazee was not at nursery"},
		{"nursery today", [][3]string{{"nursery", "today.", ""}}, ""},
		{"nursery", [][3]string{{"at", "today.", "in today."}}, "in today"},
	} {
		first, err := TypedTranscript(text)
		if err != nil {
			t.Fatal(err)
		}
		versions := []*Transcript{first}
		for i, x := range c.corrections {
			before := versions[i]
			a, b := wordNamed(before, x[0]), wordNamed(before, x[1])
			var old []string
			for _, w := range before.Words[a : b+1] {
				old = append(old, w.Text)
			}
			after, err := before.Apply(Correction{ID: "k", FirstWord: before.Words[a].ID, LastWord: before.Words[b].ID, Old: strings.Join(old, " "), New: x[2]})
			if err != nil {
				t.Fatal(err)
			}
			versions = append(versions, after)
		}
		s := NewSource(first)
		var e Evidence
		for i := range s.Words {
			for j := i; j < len(s.Words); j++ {
				if s.Evidence(i, j).Quote == c.quote {
					e = s.Evidence(i, j)
				}
			}
		}
		got, ok := Follow(e, versions)
		if ok != (c.want != "") || ok && (got.Quote != c.want || NewSource(versions[len(versions)-1]).Check(got) != nil) {
			t.Errorf("%q after %q: %q, %v, want %q", c.quote, c.corrections, got.Quote, ok, c.want)
		}
	}
}

func wordNamed(t *Transcript, text string) int {
	for i, w := range t.Words {
		if w.Text == text {
			return i
		}
	}
	return -1
}

// TestFollowAny holds, for corrections at random, that what is followed is evidence of the newest version and keeps each word that was not replaced.
func TestFollowAny(t *testing.T) {
	for seed := range int64(500) {
		rnd := rand.New(rand.NewSource(seed))
		var words []string
		for n := range 12 {
			words = append(words, fmt.Sprintf("w%d", n))
		}
		first, err := TypedTranscript(strings.Join(words, " "))
		if err != nil {
			t.Fatal(err)
		}
		versions := []*Transcript{first}
		for n := range 6 {
			before := versions[len(versions)-1]
			a := rnd.Intn(len(before.Words))
			b := min(len(before.Words)-1, a+rnd.Intn(3))
			var old []string
			for _, w := range before.Words[a : b+1] {
				old = append(old, w.Text)
			}
			after, err := before.Apply(Correction{ID: "k", FirstWord: before.Words[a].ID, LastWord: before.Words[b].ID, Old: strings.Join(old, " "), New: strings.Repeat(fmt.Sprintf("n%d ", n), rnd.Intn(3))})
			if err != nil {
				t.Fatal(err)
			}
			if len(after.Words) == 0 {
				break
			}
			versions = append(versions, after)
		}
		newest := NewSource(versions[len(versions)-1])
		a := rnd.Intn(12)
		b := min(11, a+rnd.Intn(5))
		got, ok := Follow(NewSource(first).Evidence(a, b), versions)
		kept := 0
		for i := a; i <= b; i++ {
			if _, stands := newest.WordAt(first.Words[i].ID); stands {
				kept++
				if ok && !strings.Contains(" "+got.Quote+" ", " "+first.Words[i].Text+" ") {
					t.Errorf("seed %d: %q lost %q", seed, got.Quote, first.Words[i].Text)
				}
			}
		}
		if !ok && kept > 0 || ok && newest.Check(got) != nil {
			t.Errorf("seed %d: %d words kept, %q, %v", seed, kept, got.Quote, ok)
		}
	}
}
