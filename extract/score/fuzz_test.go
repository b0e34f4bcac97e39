package score

import "testing"

// FuzzCase reads annotated cases.
func FuzzCase(f *testing.F) {
	for _, s := range []string{`{"id":"a","text":"He was seen.","gold":{"visit":{"date":"2026-03-03","type":["a","b"]},"risks":[{"quote":"seen"}]}}`, `{"gold":{"visit":{"date":{}}}}`, `null`, `{"id":"a","text":"x","gold":{"actions":[{"quote":""}]}}`} {
		f.Add([]byte(s))
	}
	f.Add([]byte(`{"id":"a","visit_date":"2026-03-03","text":"He was seen.","gold":{"visit":{"date":"","time":"","type":"other","announced":"no","child_seen":["yes","no"],"seen_alone":"no","bedroom_seen":"no","next_visit":""},"attendees":[{"role":"child","presence":"present"}],"risks":[],"strengths":[{"quote":"seen","polarity":"affirmed","attribution":"observed"}],"actions":[],"child_voice":[]}}`))
	f.Fuzz(func(_ *testing.T, b []byte) {
		if c, err := parse(b); err == nil {
			Score([]Case{c}, nil)
		}
	})
}
