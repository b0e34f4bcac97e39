package score

import (
	"fmt"
	"testing"
)

// TestTwister holds the generator to what Python's random.Random(20260303).randrange gives.
func TestTwister(t *testing.T) {
	g := newTwister(seed)
	var got []int
	for _, n := range []int{20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 1, 1, 1, 1000, 1000, 1000, 1000, 1000} {
		got = append(got, g.below(n))
	}
	if want := "[4 15 11 13 4 4 6 19 13 12 16 19 0 0 0 798 954 478 21 734]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

func TestAssign(t *testing.T) {
	for _, c := range []struct {
		weights [][]float64
		want    string
	}{
		{nil, "[]"}, {[][]float64{{}}, "[]"}, {[][]float64{{0}}, "[]"},
		{[][]float64{{5, 4}, {4, 0}}, "[{0 1} {1 0}]"},
		{[][]float64{{1}, {3}, {2}}, "[{1 0}]"},
	} {
		if got := fmt.Sprint(assign(c.weights)); got != c.want {
			t.Errorf("%v: %s, want %s", c.weights, got, c.want)
		}
	}
}
