package audio

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"kerbside"
)

// format is what the first bytes of a recording say that it is.
type format struct {
	demuxer string // ffmpeg's name; it is forced, so ffmpeg does no guessing of its own
	own     bool   // WAV, read by this package unless its codec is foreign
	seek    bool   // may keep its index at the end: ffmpeg gets a file that it can seek in
	clock   bool   // packets carry times of their own, and gaps between them are silence on the recording's clock
	exact   bool   // the header states the duration, so that a shorter result is a truncated file
}

// peeker gives up to n bytes at an offset, fewer at the end.
type peeker func(off int64, n int) []byte

// sniff tells the format from content alone. Playlists and everything else that could lead a decoder elsewhere are
// refused here, before any decoder starts: a format that is not on this list has no demuxer to be forced.
func sniff(peek peeker) (format, error) {
	b := peek(0, 16)
	if len(b) == 0 {
		return format{}, refuse("This file is empty. Check that the recorder finished saving, and copy it again.")
	}
	has := func(off int, magic string) bool {
		return len(b) >= off+len(magic) && string(b[off:off+len(magic)]) == magic
	}
	switch {
	case (has(0, "RIFF") || has(0, "RF64") || has(0, "BW64")) && has(8, "WAVE"):
		return format{demuxer: "wav", own: true}, nil
	case has(0, "RIFX") && has(8, "WAVE"):
		return format{demuxer: "wav"}, nil
	case has(0, "riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb"):
		return format{demuxer: "w64"}, nil
	case has(0, "OggS"):
		return format{demuxer: "ogg"}, nil
	case has(0, "\x1a\x45\xdf\xa3"):
		return format{demuxer: "matroska", clock: true, exact: true}, nil
	case has(0, "fLaC"):
		return format{demuxer: "flac", exact: true}, nil
	case has(4, "ftyp"), has(4, "moov"), has(4, "mdat"), has(4, "wide"), has(4, "free"), has(4, "skip"):
		return format{demuxer: "mov", seek: true, clock: true, exact: true}, nil
	case has(0, "#!AMR\n"), has(0, "#!AMR-WB\n"):
		return format{demuxer: "amr"}, nil
	case has(0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"):
		return format{demuxer: "asf", exact: true}, nil
	case has(0, "caff"):
		return format{demuxer: "caf", seek: true, exact: true}, nil
	case has(0, "FORM") && (has(8, "AIFF") || has(8, "AIFC")):
		return format{demuxer: "aiff", seek: true, exact: true}, nil
	case has(0, ".snd"):
		return format{demuxer: "au"}, nil
	case has(1, "ds2") && b[0] < 16, has(1, "dss") && b[0] < 16, has(1, "enc") && b[0] < 16:
		return format{}, refuse("This is a DS2 or DSS file from a dictaphone, which Kerbside cannot read. Export it as WAV or MP3 with the dictaphone's own software (Olympus/OM ODMS or DSS Player, Philips SpeechExec) and use that file.")
	case has(0, "ID3"):
		return sniffTagged(peek, b), nil
	}
	if f, ok := sniffFrames(peek(0, 8192)); ok {
		return f, nil
	}
	return format{}, refuseUnknown(peek(0, 4096))
}

// sniffTagged looks behind an ID3v2 tag, which precedes MP3 and at times AAC and FLAC.
func sniffTagged(peek peeker, b []byte) format {
	mp3 := format{demuxer: "mp3"}
	if len(b) < 10 {
		return mp3
	}
	size := int64(10)
	for i, c := range b[6:10] {
		size += int64(c&0x7f) << (7 * (3 - i))
	}
	if next := peek(size, 8192); bytes.HasPrefix(next, []byte("fLaC")) {
		return format{demuxer: "flac", exact: true}
	} else if f, ok := sniffFrames(next); ok {
		return f
	}
	return mp3
}

// sniffFrames recognises formats that have frames and no header: two frames must follow each other.
func sniffFrames(b []byte) (format, bool) {
	for i := 0; i+7 < len(b) && i < 4096; i++ {
		if n := adtsLength(b[i:]); n > 0 && i == 0 && (n >= len(b) || adtsLength(b[n:]) > 0) {
			return format{demuxer: "aac"}, true
		}
		if n := mp3Length(b[i:]); n > 0 && i+n < len(b) && mp3Length(b[i+n:]) > 0 {
			return format{demuxer: "mp3"}, true
		}
	}
	return format{}, false
}

// adtsLength is the length of the ADTS frame (ISO/IEC 13818-7, 6.2) at the start of b, 0 when there is none.
func adtsLength(b []byte) int {
	if len(b) < 7 || b[0] != 0xff || b[1]&0xf6 != 0xf0 || b[2]>>2&15 > 12 {
		return 0
	}
	n := int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5])>>5
	if n < 8 {
		return 0
	}
	return n
}

// mp3Length is the length of the layer III frame (ISO/IEC 11172-3, 2.4.2.3) at the start of b, 0 when there is none.
func mp3Length(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	h := binary.BigEndian.Uint32(b)
	version, layer, rate, freq := h>>19&3, h>>17&3, h>>12&15, h>>10&3
	if h>>21 != 0x7ff || version == 1 || layer != 1 || rate == 0 || rate == 15 || freq == 3 {
		return 0
	}
	hz := [3]int{44100, 48000, 32000}[freq]
	if version == 3 {
		kbps := [15]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}[rate]
		return 144000*kbps/hz + int(h>>9&1)
	}
	kbps := [15]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}[rate]
	if hz /= 2; version == 0 {
		hz /= 2
	}
	return 72000*kbps/hz + int(h>>9&1)
}

// moovFirst tells whether an MP4 from a reader can be decoded as it arrives: its index comes before its sound.
func moovFirst(peek peeker) bool {
	for off := int64(0); ; {
		b := peek(off, 16)
		if len(b) < 8 {
			return false
		}
		size := int64(binary.BigEndian.Uint32(b))
		switch string(b[4:8]) {
		case "moov":
			return true
		case "mdat":
			return false
		}
		if size == 1 && len(b) == 16 {
			size = int64(binary.BigEndian.Uint64(b[8:]) & (1<<62 - 1))
		}
		if size < 8 {
			return false
		}
		off += size
	}
}

func refuseUnknown(b []byte) error {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if !looksLikeText(b) {
		return refuse("This is not a sound file that Kerbside knows. Use WAV, M4A, MP3, Ogg/Opus, WebM, FLAC, AMR, 3GP, MP4, AAC, WMA, CAF, AIFF or AU.")
	}
	text := strings.ToLower(strings.TrimSpace(string(b)))
	for _, start := range []string{"#ext", "ffconcat", "[playlist]", "[reference]", "v=0", "file ", "stream", "<asx", "<smil", "<mpd", "<svg", "<playlist", "<?xml", "<?wpl", "rtsp://", "http://", "https://", "mms://"} {
		if strings.HasPrefix(text, start) {
			return refuse("This is a playlist or a description that points to other files, not a recording. Kerbside does not follow such pointers: give it the recording itself.")
		}
	}
	return refuse("This file holds text, not sound. If it is a note, use `kerbside extract`; otherwise give the recording itself.")
}

// looksLikeText allows a character that was cut at the end.
func looksLikeText(b []byte) bool {
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) {
		return true
	}
	other := 0
	for s := b; len(s) > 0; {
		r, n := utf8.DecodeRune(s)
		switch {
		case r == utf8.RuneError && n == 1:
			other++
		case r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f':
			return false
		}
		s = s[n:]
	}
	return other*20 <= len(b) || (len(b) < 20 && other == 0)
}

func refuse(message string) error {
	return kerbside.E(kerbside.CodeInvalid, "audio.sniff", message, nil)
}
