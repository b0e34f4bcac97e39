package audio

import (
	"testing"
	"time"
)

// FuzzMetadata reads the text that ffmpeg writes of a recording's tags, which are the file's own.
func FuzzMetadata(f *testing.F) {
	for _, s := range []string{";FFMETADATA1\ncreation_time=2026-03-03T16:00:00.000000Z\n", "date=2026-03-03\r\ndate=20260304", "DATE=\x00\x00", "com.apple.quicktime.creationdate=2026-03-03T16:00:00+0100", "=", ""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		at, dateOnly := metadataDate(b, time.UTC)
		if at.IsZero() && dateOnly || !at.IsZero() && !plausible(at) {
			t.Errorf("%v, date only: %t", at, dateOnly)
		}
	})
}

// FuzzProbe reads what ffprobe says of a file.
func FuzzProbe(f *testing.F) {
	f.Add(`{"streams": [{"codec_name": "aac", "sample_rate": "44100", "channels": 2, "duration": "1.5", "tags": {"creation_time": "2026-03-03T16:00:00Z"}}], "format": {"duration": "1.5"}}`, "")
	f.Add(`{"streams": [{"sample_rate": "-1", "channels": -9223372036854775808, "duration": "1e308"}], "format": {"duration": "NaN", "tags": null}}`, "moov atom not found")
	f.Add(`{"streams": [null]}`, "Cannot allocate memory")
	f.Add(`{}`, "not on whitelist")
	f.Fuzz(func(t *testing.T, text, log string) {
		p, err := readProbe("audio.FuzzProbe", text, log, time.UTC)
		if err == nil && (p.durationMS < 0 || p.durationMS > 1e12 || !p.recorded.IsZero() && !plausible(p.recorded)) {
			t.Errorf("%+v", p)
		}
	})
}
