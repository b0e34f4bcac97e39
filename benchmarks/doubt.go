package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"kerbside"
	"kerbside/models"
	"kerbside/transcribe"
	"kerbside/transcribe/engine"
	"kerbside/transcribe/wording"
)

// wrongWord is a critical word that was heard as something else, or a number, date or negation that was not said.
type wrongWord struct {
	Kind string
	Ref  string
	Hyps []int // words that would have to carry a mark, any of them
}

// heardClip is a clip as it was heard, beside what was said.
type heardClip struct {
	Name, Voice, Set string
	Words            []transcribe.HeardWord
	Wrong            []wrongWord
	Critical         int // words said
}

// gather has the clips of all sets transcribed and appends to a file, a line each, how their words were heard and which are wrong.
func gather(ctx context.Context, env *environment, o options, stderr io.Writer) error {
	store, err := models.New(models.Config{Dir: env.models})
	if err != nil {
		return err
	}
	model, err := store.Path(ctx, "base-q8_0")
	if err != nil {
		return err
	}
	vad, err := store.Path(ctx, models.DefaultVAD)
	if err != nil {
		return err
	}
	client, err := engine.Start(ctx, engine.Command{Path: env.kerbside, Args: []string{"engine", "--model", model, "--vad", vad, "--states", "2"}}, engine.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	tables, err := wording.Load()
	if err != nil {
		return err
	}
	var got []transcribe.HeardWord
	tr := transcribe.New(transcribe.Options{Recognizer: client, VoiceDetector: client.VoiceDetector, Wording: tables, Heard: func(w []transcribe.HeardWord) { got = w }})
	out, err := os.OpenFile(o.gather, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer out.Close()
	sets, err := makeSets(ctx, env, o)
	if err != nil {
		return err
	}
	for _, s := range sets {
		for c, clip := range s.clips {
			got = nil
			_, err := tr.Transcribe(ctx, kerbside.Sound{Path: s.files[c]}, kerbside.TranscribeOptions{Language: "en", KeepSpelling: true, Terms: termsOf(clip, o.terms)}, nil)
			if err != nil {
				return err
			}
			sc, err := env.judgeClip(ctx, clip, got)
			if err != nil {
				return err
			}
			sc.Set = s.name
			b, err := json.Marshal(sc)
			if err != nil {
				return err
			}
			if _, err := out.Write(append(b, '\n')); err != nil {
				return err
			}
			fmt.Fprintln(stderr, s.name, clip.name, len(got), sc.Critical, len(sc.Wrong))
		}
	}
	return nil
}

// judgeClip aligns what was heard with what was said.
func (env *environment) judgeClip(ctx context.Context, c clip, words []transcribe.HeardWord) (heardClip, error) {
	name, voice, _ := strings.Cut(c.name, " ")
	sc := heardClip{Name: name, Voice: voice, Words: words}
	var wrote []string
	for _, w := range words {
		wrote = append(wrote, w.Text)
	}
	text := strings.Join(wrote, " ")
	ask := append(slices.Clone(c.stretches), text)
	n := len(ask)
	for _, t := range ask[:n] {
		ask = append(ask, strings.Fields(t)...)
	}
	norm, err := env.normalise(ctx, ask)
	if err != nil {
		return sc, err
	}
	alone := normaliser{}
	for i := n; i < len(ask); i++ {
		alone[ask[i]] = strings.Fields(norm[i])
	}
	names := capitalised(strings.Join(c.stretches, " "))
	var ref []refWord
	for i, t := range c.stretches {
		ref = append(ref, alone.label(strings.Fields(t), norm[i], names, i)...)
	}
	hyp := alone.label(wrote, norm[n-1], capitalised(text), 0)
	own := owners(texts(hyp), alone.alone(wrote))
	before, said := -1, 0
	refText, hypText := texts(ref), texts(hyp)
	at := func(i int) []int {
		if i < 0 || i >= len(own) {
			return nil
		}
		return own[i]
	}
	for _, e := range edits(refText, hypText) {
		if e.ref >= 0 {
			said = e.ref + 1
			if ref[e.ref].kind != "" {
				sc.Critical++
			}
		}
		if e.hyp >= 0 {
			before = e.hyp
		}
		if e.means(refText, hypText) {
			continue
		}
		hyps := at(e.hyp)
		if e.hyp < 0 {
			hyps = slices.Concat(at(before), at(before+1))
		}
		if e.ref >= 0 && ref[e.ref].kind != "" {
			sc.Wrong = append(sc.Wrong, wrongWord{ref[e.ref].kind, ref[e.ref].text, hyps})
		} else if kind := kindAt(hyp, e.hyp); kind != "" && kind != kindName && !undone(refText, hypText, said, e.hyp) {
			sc.Wrong = append(sc.Wrong, wrongWord{"added " + kind, hypText[e.hyp], hyps})
		}
	}
	return sc, nil
}

// termsOf gives the names of a clip, as a case would know them: runs of capitalised words inside sentences, without days and months. Of every so many one
// is left out.
func termsOf(c clip, share int) []string {
	if share == 0 {
		return nil
	}
	var all []string
	for _, sentence := range c.stretches {
		var run []string
		end := func() {
			if len(run) > 0 {
				if t := strings.Join(run, " "); !slices.Contains(all, t) {
					all = append(all, t)
				}
			}
			run = nil
		}
		for i, w := range strings.Fields(sentence) {
			b := strings.TrimSuffix(strings.TrimSuffix(strings.Trim(w, ".,;:!?\"“”()"), "'s"), "’s")
			if i > 0 && upper(w) && bare(w) != "i" && !slices.Contains(weekdays, bare(w)) && !slices.Contains(months, bare(w)) {
				run = append(run, b)
				if b == strings.Trim(w, "\"“”(") {
					continue
				}
			}
			end()
		}
		end()
	}
	var known []string
	for i, t := range all {
		if share == 1 || i%share != 0 {
			known = append(known, t)
		}
	}
	return known
}
