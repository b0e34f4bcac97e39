package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"kerbside"
	"kerbside/transcribe/captions"
)

// livePrinter prints words as they become final.
type livePrinter struct {
	w      io.Writer
	format captions.Format
	on     bool
	err    error // of the first line that could not be printed
}

// liveStep is a line of JSON: what became final, and the time on the recording's clock up to which nothing more will come.
type liveStep struct {
	DoneMS int64                        `json:"done_ms"`
	Words  kerbside.List[kerbside.Word] `json:"words"`
}

// show prints the words of one step; text gets a line for each step that has words.
func (l *livePrinter) show(at kerbside.TranscribeProgress) {
	if !l.on || l.err != nil {
		return
	}
	if l.format == captions.JSON {
		l.err = compactJSON(l.w, liveStep{at.DoneMS, kerbside.List[kerbside.Word](at.Words)})
		return
	}
	texts := make([]string, len(at.Words))
	for i, w := range at.Words {
		texts[i] = w.Text
	}
	if len(texts) > 0 {
		_, l.err = fmt.Fprintln(l.w, strings.Join(texts, " "))
	}
}

// end prints the whole transcript where it goes to standard output and is not made of the lines before.
func (l *livePrinter) end(t *kerbside.Transcript, whole bool) error {
	if l.on && l.err == nil && whole && l.format == captions.JSON {
		l.err = compactJSON(l.w, t)
	}
	return l.err
}

func compactJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
