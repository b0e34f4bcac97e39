package score

import (
	"encoding/json"
	"testing"
)

// FuzzCase reads annotated cases.
func FuzzCase(f *testing.F) {
	for _, s := range []string{`{"id":"a","text":"He was seen.","gold":{"visit":{"date":"2026-03-03","type":["a","b"]},"risks":[{"quote":"seen"}]}}`, `{"gold":{"visit":{"date":{}}}}`, `null`, `{"id":"a","text":"x","gold":{"actions":[{"quote":""}]}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(_ *testing.T, b []byte) {
		var c Case
		if json.Unmarshal(b, &c) == nil {
			_ = c.check()
		}
	})
}
