package main

import (
	"encoding/xml"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestPoints(t *testing.T) {
	r := &report{}
	add := func(name string, own bool, wall float64, wrong int) {
		x := r.result("s", tool{name: name, own: own})
		x.Wall, x.Stretches = []float64{wall}, []counts{{Words: 100, Sub: wrong}}
		x.WER, x.WERInterval = wer(x.Stretches), [2]float64{0, 20}
	}
	add("fast", true, 10, 12)
	add("accurate", true, 20, 8)
	add("slow peer", false, 20, 8)
	add("quick peer", false, 9, 30)
	add("exact peer", false, 50, 7)
	r.result("s", tool{name: "failed peer"})
	want := map[string][]string{"slow peer": {"accurate"}}
	all := r.points("s")
	var frontier []string
	for _, p := range all {
		if !reflect.DeepEqual(p.dominators, want[p.tool]) {
			t.Errorf("%s: %v", p.tool, p.dominators)
		}
		if efficient(all, p) {
			frontier = append(frontier, p.tool)
		}
	}
	if len(all) != 5 || !slices.Equal(frontier, []string{"fast", "accurate", "slow peer", "quick peer", "exact peer"}) {
		t.Errorf("%d points, frontier %v", len(all), frontier)
	}
	var b strings.Builder
	frontierTable(&b, all)
	if strings.Count(b.String(), "**no**") != 2 || !strings.Contains(b.String(), "yes: accurate") {
		t.Error(b.String())
	}
	svg := picture(all)
	if err := xml.Unmarshal([]byte(svg), new(any)); err != nil {
		t.Error(err)
	}
	for _, p := range all {
		if !strings.Contains(svg, p.tool) {
			t.Errorf("%s is not named", p.tool)
		}
	}
}

func TestTicks(t *testing.T) {
	for largest, want := range map[float64][]float64{0: {0, 1}, 6.5: {0, 1, 2, 3, 4, 5, 6, 7}, 98: {0, 20, 40, 60, 80, 100}, 0.35: {0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35}, 150: {0, 25, 50, 75, 100, 125, 150}} {
		got := ticks(largest)
		if len(got) != len(want) || got[len(got)-1]-want[len(want)-1] > 1e-9 || got[1]-want[1] > 1e-9 {
			t.Errorf("to %g: %v", largest, got)
		}
	}
}
