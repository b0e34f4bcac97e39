package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kerbside"
	"kerbside/transcribe/wording"
)

// TestWordingConforms: all that wording adds is as the schema says, and the schema bites there too.
func TestWordingConforms(t *testing.T) {
	transcript, err := kerbside.TypedTranscript("Mom was in full stop new paragraph Mazee is nine years old")
	if err != nil {
		t.Fatal(err)
	}
	for i := range transcript.Words {
		start, end := int64(i)*400, int64(i)*400+400
		transcript.Words[i].StartMS, transcript.Words[i].EndMS = &start, &end
	}
	tables, err := wording.Load()
	if err != nil {
		t.Fatal(err)
	}
	tables.Apply(transcript, wording.Options{SpokenPunctuation: true, Terms: []string{"Maisie"}})
	if transcript.Text != "Mum was in.\n\nMazee is nine years old" {
		t.Fatalf("%q", transcript.Text)
	}
	var b bytes.Buffer
	if err := writeJSON(&b, transcript); err != nil {
		t.Fatal(err)
	}
	if err := conforms(transcriptSchema, b.Bytes()); err != nil {
		t.Error(err)
	}
	for _, part := range []string{`"break": "paragraph"`, `"as_written": "Mom"`, `"value": "P9Y"`, `"kind": "age"`, `"text": "Maisie"`, `"reason": "sounds_like"`} {
		name, _, _ := strings.Cut(part, ":")
		bad := strings.Replace(b.String(), part, name+": 7", 1)
		if bad == b.String() || conforms(transcriptSchema, []byte(bad)) == nil {
			t.Errorf("without %s it passes", part)
		}
	}
}

func TestReadTerms(t *testing.T) {
	path := filepath.Join(t.TempDir(), "terms.txt")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("\ufeff# the case\r\nTamsin  Pryce\r\n\r\nUnderhill Primary School\nMARAC")
	got, err := readTerms(path)
	if err != nil || strings.Join(got, "|") != "Tamsin Pryce|Underhill Primary School|MARAC" {
		t.Errorf("%q, %v", got, err)
	}
	for text, code := range map[string]kerbside.Code{
		"\xff": kerbside.CodeInvalid, strings.Repeat("x", maxTermRunes+1): kerbside.CodeInvalid, strings.Repeat("x\n", maxTerms+1): kerbside.CodeTooLarge,
	} {
		write(text)
		_, err := readTerms(path)
		if kerbside.CodeOf(err) != code {
			t.Errorf("%.8q: %v", text, err)
		}
	}
	if _, err := readTerms(path + "x"); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Errorf("no file: %v", err)
	}
}
