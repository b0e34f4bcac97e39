package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func sample() *report {
	a, b := tool{name: "a", own: true}, tool{name: "b"}
	r := &report{
		Date: "2026-03-05", CPU: "Some CPU (R) 3", Cores: 2, Threads: 2, Rounds: 2, Versions: map[string]string{"go": "1"},
		Commands: map[string]string{"a": "a $FILE", "b": "b $FILE"}, against: "b",
		Sets: []setInfo{{Name: "s", About: "speech", Clips: 2, Seconds: 20, Words: 10}, {Name: "n", About: "noise", Clips: 1, NonSpeech: true}},
	}
	for _, wall := range []float64{4, 6} {
		r.add("s", a, outcome{heard: []heard{{text: "x"}}, wall: wall, cpu: 8, peak: 300e6}, nil)
		r.add("s", b, outcome{heard: []heard{{text: "x"}}, wall: 10, cpu: 19, peak: 500e6, startup: 2}, nil)
	}
	r.add("s", tool{name: "c"}, outcome{}, errors.New("exit status 1"))
	r.add("n", a, outcome{heard: []heard{{}}}, nil)
	r.add("n", b, outcome{heard: []heard{{text: " [BEEP] you"}}}, nil)
	for _, x := range r.of("s")[:2] {
		for range x.Wall {
			x.addCounts([]counts{{Words: 8, Sub: 1, Critical: map[string]tally{"number": {2, 1}}}, {Words: 2, Del: 1}})
		}
		x.WER, x.WERInterval = wer(x.Stretches), werInterval(x.Stretches)
	}
	r.of("s")[0].RawWER = 30
	r.of("s")[0].WordScore = &wordScore{
		Start: spread{7, 40, 120}, End: spread{7, 50, 130},
		Calibration: calibrate([]float64{0.99, 0.5}, []bool{true, false}),
		Marks:       &marks{Words: 3, OnRight: 1, Critical: map[string]flags{kindName: {2, 1}, kindNegator: {1, 1}}},
	}
	for _, x := range r.of("n") {
		x.countWords([]clip{{name: "hum"}})
	}
	return r
}

func TestMarkdown(t *testing.T) {
	text := sample().markdown("day")
	for _, want := range []string{
		"| a | 5.0 (4.0-6.0) |  | 4.0 | 0.50 | 8.0 | 300 | 20.0 (12.5-50.0) | +0.0 (+0.0 to +0.0) | 30.0 | 1 / 1 / 0 | 1 of 2 |  |  |  |",
		"| 1 | a | 5.0 | 20.0 (12.5-50.0) | yes |  |",
		"| 2 | b | 10.0 | 20.0 (12.5-50.0) |  | yes: a |",
		"(day-s.svg)",
		"| a | 40 / 120 (7) | 50 / 130 (7) | 50.0 | 0.125 (0.250) | 0.255 | 1.00 |",
		"| a |  |  | 0.50 -> 0.00 (1) |  |  |  |  |  | 0.99 -> 1.00 (1) |",
		"| a | 3 | 1.5 | 450.0 | 1 |  |  | 1 of 2 | 1 of 1 | 2 of 3 |  |",
		"| b | 10.0 (10.0-10.0) | 2.0 | 2.0 |  | 19.0 | 500 | 20.0 (12.5-50.0) |  | 0.0 | 1 / 1 / 0 |",
		"| c | failed |",
		"| a | 0 | 0 of 1 |",
		"| b | 2 | 1 of 1 |",
		"- b: `b $FILE`",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no line %q in:\n%s", want, text)
		}
	}
	for line := range strings.Lines(text) {
		for _, first := range []string{"| tool | wall", "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|", "| a | 5", "| c |"} {
			if strings.HasPrefix(line, first) && strings.Count(line, "|") != 16 {
				t.Errorf("%d fields in %s", strings.Count(line, "|")-1, line)
			}
		}
	}
}

func TestKeepLeavesEarlierResults(t *testing.T) {
	dir, r := t.TempDir(), sample()
	for _, want := range []string{"2026-03-05-some-cpu-r-3-2-cores", "2026-03-05-some-cpu-r-3-2-cores-2"} {
		path, err := r.keep(dir)
		if err != nil {
			t.Fatal(err)
		}
		if path != filepath.Join(dir, want+".md") {
			t.Errorf("kept as %s", path)
		}
		if picture, err := os.ReadFile(filepath.Join(dir, want+"-s.svg")); err != nil || xml.Unmarshal(picture, new(any)) != nil {
			t.Errorf("no picture: %v", err)
		}
		b, err := os.ReadFile(filepath.Join(dir, want+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var back report
		if err := json.Unmarshal(b, &back); err != nil || len(back.Results) != len(r.Results) {
			t.Errorf("%d results, %v", len(back.Results), err)
		}
	}
	if failed := r.failures(); len(failed) != 1 || !strings.HasPrefix(failed[0], "c on s") {
		t.Errorf("failures: %q", failed)
	}
}

// TestWordsAmidSpeech counts what was written for a sound, not what was said on either side of it.
func TestWordsAmidSpeech(t *testing.T) {
	x := &result{runs: [][]heard{{
		{words: []word{{timed: timed{"before", 1, 2}}, {timed: timed{"over", 9.5, 10.2}}, {timed: timed{"made", 12, 12.5}}, {timed: timed{"up", 12.5, 13}}, {timed: timed{"after", 30, 31}}}},
		{words: []word{{timed: timed{"said", 1, 2}}}},
	}}}
	x.countWords([]clip{{name: "hum", silent: [2]float64{10, 30}}, {name: "horn", silent: [2]float64{5, 25}}})
	if x.Words != 2 || len(x.Invented) != 1 || x.Invented[0] != (invented{"hum", "made up"}) {
		t.Errorf("%d words, %v", x.Words, x.Invented)
	}
}
