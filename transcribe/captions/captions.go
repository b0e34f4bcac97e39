// Package captions writes transcripts in the forms that other programs read: plain text, JSON, SubRip (SRT), WebVTT and
// tab-separated values.
package captions

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"kerbside"
)

// Format is a form of a transcript.
type Format string

// The formats.
const (
	Text Format = "text"
	JSON Format = "json"
	SRT  Format = "srt"
	VTT  Format = "vtt"
	TSV  Format = "tsv"
)

// Formats lists them.
func Formats() []Format { return []Format{Text, JSON, SRT, VTT, TSV} }

// Parse gives the format of a name.
func Parse(s string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if string(f) == s {
			return f, nil
		}
		names = append(names, string(f))
	}
	return "", kerbside.E(kerbside.CodeInvalid, "captions.Parse", "There is no such format. Choose one of: "+strings.Join(names, ", ")+".", nil)
}

// Extension is the usual file name extension, with its dot.
func (f Format) Extension() string {
	if f == Text {
		return ".txt"
	}
	return "." + string(f)
}

// The most that one caption holds: two lines of 42 characters, 7 s (the BBC's subtitle guidelines).
const (
	maxCaptionChars = 84
	maxCaptionMS    = 7000
)

// Write writes t in a format. Words without times (typed text) are left out of SRT, VTT and TSV.
func Write(w io.Writer, t *kerbside.Transcript, f Format) error {
	b := bufio.NewWriter(w)
	switch f {
	case Text:
		switch {
		case toldApart(t):
			for _, turn := range turns(t) {
				fmt.Fprintf(b, "%s: %s\n", turn.speaker, turn.text)
			}
		case t.Text != "":
			fmt.Fprintln(b, t.Text)
		}
	case JSON:
		enc := json.NewEncoder(b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		if err := enc.Encode(t); err != nil {
			return fmt.Errorf("captions.Write: %w", err)
		}
	case SRT:
		for i, c := range cues(t) {
			fmt.Fprintf(b, "%d\n%s --> %s\n%s\n\n", i+1, clock(c.start, ","), clock(c.end, ","), c.said(": "))
		}
	case VTT:
		fmt.Fprint(b, "WEBVTT\n\n")
		escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
		for _, c := range cues(t) {
			fmt.Fprintf(b, "%s --> %s\n%s\n\n", clock(c.start, "."), clock(c.end, "."), c.voice(escape.Replace(c.text)))
		}
	case TSV:
		fmt.Fprint(b, "start_ms\tend_ms\ttext\n")
		for _, c := range cues(t) {
			fmt.Fprintf(b, "%d\t%d\t%s\n", c.start, c.end, strings.ReplaceAll(c.text, "\t", " "))
		}
	default:
		return kerbside.E(kerbside.CodeInvalid, "captions.Write", "There is no such format.", nil)
	}
	return b.Flush()
}

type cue struct {
	start, end    int64
	text, speaker string
}

// said is the text behind its speaker, where there is one.
func (c cue) said(between string) string {
	if c.speaker == "" {
		return c.text
	}
	return c.speaker + between + c.text
}

// voice is text in WebVTT's voice span, where there is a speaker.
func (c cue) voice(text string) string {
	if c.speaker == "" {
		return text
	}
	return "<v " + c.speaker + ">" + text
}

// toldApart reports whether speakers were told apart.
func toldApart(t *kerbside.Transcript) bool {
	return slices.ContainsFunc(t.Segments, func(s kerbside.Segment) bool { return s.Speaker != "" })
}

// turns joins the segments of one speaker that follow each other.
func turns(t *kerbside.Transcript) []cue {
	speakers := speakersOf(t)
	var out []cue
	for i, w := range t.Words {
		if speaker, begins := speakers[w.ID]; i == 0 || begins && speaker != out[len(out)-1].speaker {
			out = append(out, cue{speaker: speaker, text: w.Text})
			continue
		}
		out[len(out)-1].text += " " + w.Text
	}
	return out
}

// speakersOf gives the speaker of each segment by its first word.
func speakersOf(t *kerbside.Transcript) map[kerbside.WordID]string {
	speakers := make(map[kerbside.WordID]string, len(t.Segments))
	for _, s := range t.Segments {
		speakers[s.FirstWord] = s.Speaker
	}
	return speakers
}

// cues cuts each segment into captions that can be read in their time, and begins a new one where a line break was asked for.
func cues(t *kerbside.Transcript) []cue {
	ends := make(map[kerbside.WordID]bool, len(t.Segments))
	for _, s := range t.Segments {
		ends[s.LastWord] = true
	}
	speakers := speakersOf(t)
	var out []cue
	var open bool
	speaker := ""
	for _, w := range t.Words {
		if by, begins := speakers[w.ID]; begins {
			speaker = by
		}
		if w.StartMS == nil || w.EndMS == nil {
			continue
		}
		last := len(out) - 1
		if open && (w.Break != "" || len(out[last].text)+1+len(w.Text) > maxCaptionChars || *w.EndMS-out[last].start > maxCaptionMS) {
			open = false
		}
		if open {
			out[last].text += " " + w.Text
			out[last].end = *w.EndMS
		} else {
			out = append(out, cue{start: *w.StartMS, end: *w.EndMS, text: w.Text, speaker: speaker})
			open = true
		}
		if ends[w.ID] {
			open = false
		}
	}
	return out
}

func clock(ms int64, point string) string {
	return fmt.Sprintf("%02d:%02d:%02d%s%03d", ms/3600000, ms/60000%60, ms/1000%60, point, ms%1000)
}
