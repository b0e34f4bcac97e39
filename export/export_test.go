package export_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/export"
)

// dictation makes a record and a draft by hand: evidence is what the source says, sentences are what they are given.
type dictation struct {
	t      testing.TB
	src    *kerbside.Source
	record *kerbside.Record
	draft  *kerbside.Draft
}

func dictate(t testing.TB, text string) *dictation {
	t.Helper()
	tr, err := kerbside.TypedTranscript(text)
	if err != nil {
		t.Fatal(err)
	}
	for i := range tr.Words { // spoken, a word each half second
		start, end := int64(500*i), int64(500*i+400)
		tr.Words[i].StartMS, tr.Words[i].EndMS = &start, &end
	}
	tr.Recording.Kind = kerbside.KindDebrief
	return &dictation{
		t: t, src: kerbside.NewSource(tr), record: &kerbside.Record{Schema: kerbside.RecordSchema, Source: kerbside.RecordSource{Transcripts: []string{string(tr.ID)}}},
		draft: &kerbside.Draft{Schema: kerbside.DraftSchema, Audience: kerbside.AudienceCaseRecord, Title: "Record of a visit", Template: kerbside.TemplateRef{Name: "case-record", Version: "1"}},
	}
}

// evidence is that of words of the text, which may be any.
func (d *dictation) evidence(words string) kerbside.Evidence {
	d.t.Helper()
	at := strings.Index(d.src.Text, words)
	if at < 0 {
		d.t.Fatalf("%q is not in the text", words)
	}
	first := len(strings.Fields(d.src.Text[:at]))
	return d.src.Evidence(first, first+len(strings.Fields(words))-1)
}

func (d *dictation) say(block, text string, v kerbside.Verdict, items []string, e ...kerbside.Evidence) {
	d.t.Helper()
	s, err := kerbside.NewSentence(block, text, v, items, e...)
	if err != nil {
		d.t.Fatal(err)
	}
	d.draft.Sentences = append(d.draft.Sentences, s)
}

func (d *dictation) export(o kerbside.ExportOptions) string {
	d.t.Helper()
	var b bytes.Buffer
	if err := (export.Exporter{}).Export(&b, d.draft, o); err != nil {
		d.t.Fatal(err)
	}
	return b.String()
}

var approval = &kerbside.Approval{By: "Sam O’Neil", At: time.Date(2026, 3, 4, 9, 30, 0, 0, time.UTC), ReviewedBy: "Ada Brzęk", ReviewedAt: time.Date(2026, 3, 5, 16, 0, 0, 0, time.UTC)}

// hostile is a draft whose words are mark-up of every kind.
func hostile(t testing.TB) *dictation {
	d := dictate(t, `Mia said, "<b>no</b> & *never* [x](y) #1". 1. She ate.`)
	quote := d.evidence(`"<b>no</b> & *never* [x](y) #1".`)
	d.record.ChildVoice = append(d.record.ChildVoice, kerbside.ChildVoice{ID: "v-1", Child: "Mia", Mode: kerbside.VoiceDirect, Quote: quote.Quote, Evidence: []kerbside.Evidence{quote}})
	d.say("", "These are notes.", kerbside.VerdictBoilerplate, nil)
	d.say("What the child said", "Mia said: “<b>no</b> & *never* [x](y) #1”.", kerbside.VerdictQuoted, []string{"v-1"}, d.evidence("Mia said,"), quote)
	d.say("What the child said", "1. She ate.", kerbside.VerdictSupported, nil, d.evidence("1. She ate."))
	d.say("My analysis", "No analysis was dictated.", kerbside.VerdictBoilerplate, nil)
	return d
}

func TestTextForms(t *testing.T) {
	d := hostile(t)
	for _, c := range []struct {
		name      string
		o         kerbside.ExportOptions
		want, not []string
	}{
		{"markdown", kerbside.ExportOptions{Format: kerbside.FormatMarkdown},
			[]string{"# Record of a visit\n\nThese are notes.\n", "\n## What the child said\n\n- ", `- Mia said: “\<b\>no\</b\> \& \*never\* \[x](y) #1”.`, `- 1\. She ate.`, "\n## My analysis\n\nNo analysis was dictated.\n"}, []string{"[^1]", "approved"}},
		{"markdown, cited", kerbside.ExportOptions{Format: kerbside.FormatMarkdown, Citations: true, Record: d.record, Unapproved: true},
			[]string{"\n**Draft – not approved.**\n", "[^1][^2]\n", "\n[^1]: “Mia said” (00:00)\n", "(said by Mia, 00:01)", "“1. She ate” (00:03)"}, nil},
		{"text, cited", kerbside.ExportOptions{Format: kerbside.FormatText, Citations: true, Approval: approval},
			[]string{"Record of a visit\nApproved by Sam O’Neil on Wednesday 4 March 2026; reviewed by Ada Brzęk on Thursday 5 March 2026\n", "- Mia said: “<b>no</b> & *never* [x](y) #1”. [1] [2]", "(00:01)"}, []string{"##", "said by"}},
		{"html, cited", kerbside.ExportOptions{Format: kerbside.FormatHTML, Citations: true, Unapproved: true},
			[]string{"<!doctype html>", `lang="en-GB"`, `data-audience="case-record"`, "&lt;b&gt;no&lt;/b&gt; &amp;", `<sup><a href="#note-1">1</a></sup>`, `data-verdict="quoted"`, `<p class="mark unapproved">Draft – not approved</p>`, `<li id="note-3"`}, []string{"<b>", "<script", "http://", "https://"}},
		{"json", kerbside.ExportOptions{Format: kerbside.FormatJSON}, []string{`"audience": "case-record"`, `"withheld": []`, `"omissions": []`}, nil},
	} {
		out := d.export(c.o)
		for _, w := range c.want {
			if !strings.Contains(out, w) {
				t.Errorf("%s lacks %q:\n%s", c.name, w, out)
			}
		}
		for _, w := range c.not {
			if strings.Contains(out, w) {
				t.Errorf("%s holds %q:\n%s", c.name, w, out)
			}
		}
	}
	var back kerbside.Draft
	if err := json.Unmarshal([]byte(d.export(kerbside.ExportOptions{Format: kerbside.FormatJSON})), &back); err != nil || len(back.Sentences) != len(d.draft.Sentences) {
		t.Errorf("%d of %d sentences come back: %v", len(back.Sentences), len(d.draft.Sentences), err)
	}
	if err := (export.Exporter{}).Export(&bytes.Buffer{}, d.draft, kerbside.ExportOptions{Format: "odt"}); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Errorf("an unknown format: %v", err)
	}
}

// A reader who may not see all is told no name that the sentence keeps from them.
func TestCitationsNameNobodyUnseen(t *testing.T) {
	d := dictate(t, "The neighbour Haverstock told me that the children are left alone.")
	words := d.evidence("the children are left alone.")
	d.record.Risks = append(d.record.Risks, kerbside.Risk{ID: "r-1", Text: "the children are left alone", Attribution: kerbside.Attribution{Kind: kerbside.AdultSaid, Who: "Haverstock", Chain: []string{"Haverstock"}}, Evidence: []kerbside.Evidence{words}})
	d.say("Worries", "Somebody told me that the children are left alone.", kerbside.VerdictSupported, []string{"r-1"}, words)
	for _, f := range kerbside.Formats() {
		if f == kerbside.FormatJSON {
			continue
		}
		d.draft.Audience = kerbside.AudienceFamily
		if strings.Contains(d.export(kerbside.ExportOptions{Format: f, Citations: true, Record: d.record}), "Haverstock") {
			t.Errorf("%s names the informant", f)
		}
	}
	d.draft.Audience = kerbside.AudienceCourt
	if out := d.export(kerbside.ExportOptions{Format: kerbside.FormatText, Citations: true, Record: d.record}); !strings.Contains(out, "said by Haverstock") {
		t.Error(out)
	}
}
