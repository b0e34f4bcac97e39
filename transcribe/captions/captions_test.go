package captions

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"kerbside"
)

func spoken(t *testing.T) *kerbside.Transcript {
	t.Helper()
	tr, err := kerbside.TypedTranscript("Seen at home. <b>Tidy</b> & warm")
	if err != nil {
		t.Fatal(err)
	}
	for i := range tr.Words {
		start, end := int64(i)*1000+3599500, int64(i)*1000+3600400
		tr.Words[i].StartMS, tr.Words[i].EndMS = &start, &end
	}
	tr.Segments = kerbside.List[kerbside.Segment]{{FirstWord: "w1", LastWord: "w3"}, {FirstWord: "w4", LastWord: "w6"}}
	return tr
}

func TestWrite(t *testing.T) {
	for _, c := range []struct {
		format Format
		want   string
	}{
		{Text, "Seen at home. <b>Tidy</b> & warm\n"},
		{SRT, "1\n00:59:59,500 --> 01:00:02,400\nSeen at home.\n\n2\n01:00:02,500 --> 01:00:05,400\n<b>Tidy</b> & warm\n\n"},
		{VTT, "WEBVTT\n\n00:59:59.500 --> 01:00:02.400\nSeen at home.\n\n01:00:02.500 --> 01:00:05.400\n&lt;b&gt;Tidy&lt;/b&gt; &amp; warm\n\n"},
		{TSV, "start_ms\tend_ms\ttext\n3599500\t3602400\tSeen at home.\n3602500\t3605400\t<b>Tidy</b> & warm\n"},
	} {
		var b bytes.Buffer
		if err := Write(&b, spoken(t), c.format); err != nil {
			t.Fatal(err)
		}
		if b.String() != c.want {
			t.Errorf("%s:\n%q\nwant\n%q", c.format, b.String(), c.want)
		}
	}
}

func TestWriteJSONReadsBack(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, spoken(t), JSON); err != nil {
		t.Fatal(err)
	}
	var back kerbside.Transcript
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if err := back.Validate(); err != nil {
		t.Fatal(err)
	}
}

func TestBreaks(t *testing.T) {
	tr := spoken(t)
	tr.Words[1].Break, tr.Words[4].Break = kerbside.BreakLine, kerbside.BreakParagraph
	tr.JoinWords()
	for format, want := range map[Format]string{
		Text: "Seen\nat home. <b>Tidy</b>\n\n& warm\n",
		TSV:  "start_ms\tend_ms\ttext\n3599500\t3600400\tSeen\n3600500\t3602400\tat home.\n3602500\t3603400\t<b>Tidy</b>\n3603500\t3605400\t& warm\n",
	} {
		var b bytes.Buffer
		if err := Write(&b, tr, format); err != nil || b.String() != want {
			t.Errorf("%s: %q, %v", format, b.String(), err)
		}
	}
}

func TestCuesStayReadable(t *testing.T) {
	tr, err := kerbside.TypedTranscript("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty")
	if err != nil {
		t.Fatal(err)
	}
	for i := range tr.Words {
		start, end := int64(i)*1000, int64(i)*1000+900
		tr.Words[i].StartMS, tr.Words[i].EndMS = &start, &end
	}
	words := 0
	for _, c := range cues(tr) {
		if len(c.text) > maxCaptionChars || c.end-c.start > maxCaptionMS {
			t.Errorf("caption too long: %+v", c)
		}
		words += len(bytes.Fields([]byte(c.text)))
	}
	if words != len(tr.Words) {
		t.Errorf("%d of %d words in captions", words, len(tr.Words))
	}
}

func TestParse(t *testing.T) {
	if _, err := Parse("doc"); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Errorf("unknown format: %v", err)
	}
	if f, err := Parse("srt"); err != nil || f.Extension() != ".srt" {
		t.Errorf("srt: %v %v", f, err)
	}
}

func TestSpeakers(t *testing.T) {
	tr := &kerbside.Transcript{Segments: kerbside.List[kerbside.Segment]{
		{FirstWord: "w1", LastWord: "w2", Speaker: "channel 1"}, {FirstWord: "w3", LastWord: "w3", Speaker: "channel 2"}, {FirstWord: "w4", LastWord: "w4", Speaker: "channel 2"}}}
	for i, text := range []string{"Who", "was?", "Nobody.", "Not <me>."} {
		start, end := int64(i)*1000, int64(i)*1000+900
		tr.Words = append(tr.Words, kerbside.Word{ID: kerbside.WordID("w" + string(rune('1'+i))), Text: text, StartMS: &start, EndMS: &end})
	}
	tr.JoinWords()
	for format, want := range map[Format]string{
		Text: "channel 1: Who was?\nchannel 2: Nobody. Not <me>.\n",
		SRT: "1\n00:00:00,000 --> 00:00:01,900\nchannel 1: Who was?\n\n2\n00:00:02,000 --> 00:00:02,900\nchannel 2: Nobody.\n\n" +
			"3\n00:00:03,000 --> 00:00:03,900\nchannel 2: Not <me>.\n\n",
		VTT: "WEBVTT\n\n00:00:00.000 --> 00:00:01.900\n<v channel 1>Who was?\n\n00:00:02.000 --> 00:00:02.900\n<v channel 2>Nobody.\n\n" +
			"00:00:03.000 --> 00:00:03.900\n<v channel 2>Not &lt;me&gt;.\n\n",
	} {
		var b strings.Builder
		if err := Write(&b, tr, format); err != nil || b.String() != want {
			t.Errorf("%s: %q, want %q; %v", format, b.String(), want, err)
		}
	}
}
