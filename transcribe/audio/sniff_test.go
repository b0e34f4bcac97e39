package audio

import (
	"strings"
	"testing"

	"kerbside"
)

func over(b []byte) peeker {
	return func(off int64, n int) []byte {
		if off < 0 || off >= int64(len(b)) {
			return nil
		}
		return b[off:min(int64(len(b)), off+int64(n))]
	}
}

// Each of these leads ffmpeg to other files or hosts when it is left to guess.
func TestPointersAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"m3u8":         "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n",
		"m3u8 indent":  "\n  #EXTM3U\nfile:///etc/passwd",
		"m3u8 bom":     "\xef\xbb\xbf#EXTM3U\n/etc/passwd",
		"ffconcat":     "ffconcat version 1.0\nfile /etc/passwd\n",
		"concat":       "file '/etc/passwd'\n",
		"pls":          "[playlist]\nFile1=http://example.org/a\n",
		"asx":          "<asx version=\"3\"><entry><ref href=\"http://example.org\"/></entry></asx>",
		"asf pointer":  "[Reference]\nRef1=http://example.org/a\n",
		"dash":         "<?xml version=\"1.0\"?><MPD><BaseURL>http://example.org</BaseURL></MPD>",
		"svg":          "<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"file:///etc/passwd\"/></svg>",
		"sdp":          "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 5000 RTP/AVP 0\n",
		"smil":         "<smil><body><audio src=\"http://example.org\"/></body></smil>",
		"a bare link":  "http://example.org/a.mp3\n",
		"stream descr": "Stream\nfile a.wav\n",
	} {
		for _, file := range []string{"a.wav", "a.m3u8", "a.m4a"} {
			_, err := Open(t.Context(), save(t, file, []byte(text)), DefaultOptions())
			wantError(t, err, kerbside.CodeInvalid, "does not follow")
			_, err = OpenReader(t.Context(), strings.NewReader(text), DefaultOptions())
			wantError(t, err, kerbside.CodeInvalid, "does not follow")
		}
		t.Log(name)
	}
}

func TestOtherContentIsRefused(t *testing.T) {
	for text, part := range map[string]string{
		"Visited at four. Everyone was in.":         "holds text",
		"\xff\xfeV\x00i\x00s\x00":                   "holds text",
		"Caf\xe9, in an old encoding, is text too.": "holds text",
		"\x03ds2" + strings.Repeat("\x00", 600):     "DS2 or DSS",
		"\x02dss" + strings.Repeat("\x00", 600):     "DS2 or DSS",
		"%PDF-1.7\n\x00\x01":                        "not a sound file",
		"PK\x03\x04\x00\x00":                        "not a sound file",
		"\x89PNG\r\n\x1a\n\x00\x00":                 "not a sound file",
		"RIFF\x00\x00\x00\x00AVI LIST":              "not a sound file",
		"\x00":                                      "not a sound file",
	} {
		_, err := Open(t.Context(), save(t, "a.wav", []byte(text)), DefaultOptions())
		wantError(t, err, kerbside.CodeInvalid, part)
	}
}

func FuzzSniff(f *testing.F) {
	for _, seed := range []string{"RIFF\x24\x00\x00\x00WAVEfmt ", "OggS", "ID3\x04\x00\x00\x00\x00\x00\x02ab\xff\xfb\x90\x00", "\xff\xf1\x50\x80\x02\x1f\xfc", "#EXTM3U", "\x00\x00\x00\x08ftyp\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x10", "v=0\r\n", "\x03ds2"} {
		f.Add([]byte(seed))
	}
	allowed := " wav w64 ogg matroska flac mov amr asf caf aiff au mp3 aac "
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := sniff(over(b))
		if err == nil && !strings.Contains(allowed, " "+got.demuxer+" ") {
			t.Fatalf("demuxer %q", got.demuxer)
		}
		if err != nil && kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Fatalf("error %v", err)
		}
		moovFirst(over(b))
	})
}
