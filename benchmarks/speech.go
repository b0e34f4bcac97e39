package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kerbside/transcribe/audio"
)

// clip is one recording with its text. Stretches are the parts of the text that errors are counted for and intervals drawn over.
type clip struct {
	name      string
	samples   []float32 // as Kerbside takes them: mono, 16 kHz
	stretches []string
	said      []timed    // on the clip's clock
	silent    [2]float64 // of a sound amid speech: seconds between which nobody speaks
}

// set is sound that is measured together.
type set struct {
	name      string
	about     string // for the report
	clips     []clip
	files     []string  // one for each clip
	composite string    // all clips with pauses between them
	starts    []float64 // of each clip in the composite, in seconds
	seconds   float64   // of the composite
	perFile   bool      // no speech in it: every clip is a file of its own and nothing is timed
}

// text is the reference of the whole set.
func (s *set) text() string {
	var all []string
	for _, c := range s.clips {
		all = append(all, c.stretches...)
	}
	return strings.Join(all, " ")
}

// said gives the words of the composite with the times that are known.
func (s *set) said() []timed {
	var all []timed
	for i, c := range s.clips {
		for _, w := range c.said {
			all = append(all, timed{w.text, w.start + s.starts[i], w.end + s.starts[i]})
		}
	}
	return all
}

// The pinned source package that holds a few LibriVox recordings (public domain) with their texts.
const (
	librivoxPackage = "pocketsphinx"
	librivoxVersion = "5.1.1"
	librivoxSHA256  = "675778b309a22dfc9b7d37f7621976bba491d2a5f8c59696bd77fd6d07271355"
)

// makeSets makes the sound of the sets that are asked for.
func makeSets(ctx context.Context, env *environment, o options) ([]set, error) {
	var sets []set
	speak := sync.OnceValues(func() ([]clip, error) { return speakCases(ctx, env, o) })
	for name := range strings.SplitSeq(o.sets, ",") {
		name = strings.TrimSpace(name)
		if name == "speech" {
			if o.speech = o.speechDir(env); o.speech == "" {
				name = "librivox"
			}
		}
		s, err := makeSet(ctx, env, name, o, speak)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		sets = append(sets, s)
	}
	return sets, nil
}

// speechDir is the folder of recordings that was given, or the one beside the checkout; empty when there is none.
func (o options) speechDir(env *environment) string {
	if o.speech != "" {
		return o.speech
	}
	dir := filepath.Join(env.root, "..", "shared", "eval", "speech")
	if _, err := os.Stat(filepath.Join(dir, "manifest.json")); err != nil {
		return ""
	}
	return dir
}

func makeSet(ctx context.Context, env *environment, name string, o options, speak func() ([]clip, error)) (set, error) {
	s := set{name: name}
	var err error
	var noise []float32
	var below float64
	switch name {
	case "speech":
		s.about = "recordings of the folder given"
		s.clips, err = readManifest(ctx, o.speech, o.limit)
	case "librivox":
		s.about = "LibriVox readings out of the source package of pocketsphinx " + librivoxVersion
		s.clips, err = librivox(ctx, env, o.limit)
	case "spoken":
		s.about = o.casesAbout() + ", spoken by flite (" + o.voices + ")"
		s.clips, err = speak()
	case "car20", "car10", "car5":
		if below, err = strconv.ParseFloat(name[3:], 64); err == nil {
			s.about = fmt.Sprintf("the spoken set in the noise of a car, %g dB below the speech", below)
			noise = carNoise(60)
			s.clips, err = speak()
		}
	case "nonspeech":
		s.about, s.perFile = "synthesised sounds without speech", true
		s.clips, err = nonSpeech(ctx, env, o.limit)
	case "amid":
		s.about, s.perFile = "the same sounds, each between recordings of speech; words that begin and end in the sound are counted", true
		s.clips, err = amidSpeech(ctx, env, o)
	default:
		return s, errors.New("there is no such set: speech, librivox, spoken, car20, car10, car5, nonspeech, amid")
	}
	if err != nil {
		return s, err
	}
	if len(s.clips) == 0 {
		return s, errors.New("it holds no clips")
	}
	return s, s.write(env.work, noise, below)
}

// write leaves the set's sound as files in dir, all of it with noise when there is some, so many dB below the speech.
func (s *set) write(dir string, noise []float32, below float64) error {
	var all []float32
	for i, c := range s.clips {
		all = append(all, c.samples...)
		samples := c.samples
		if noise != nil {
			samples = mix(samples, noise, speechLevel(c.samples), below)
		}
		path := filepath.Join(dir, fmt.Sprintf("%s-%03d.wav", s.name, i+1))
		if err := writeWAV(path, samples); err != nil {
			return err
		}
		s.files = append(s.files, path)
	}
	var whole []float32
	whole, s.starts = compose(s.clips)
	if noise != nil {
		whole = mix(whole, noise, speechLevel(all), below)
	}
	s.seconds = float64(len(whole)) / audio.SampleRate
	s.composite = filepath.Join(dir, s.name+".wav")
	return writeWAV(s.composite, whole)
}

func writeWAV(path string, samples []float32) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := audio.WriteWAV(f, audio.SampleRate, samples); err != nil {
		return err
	}
	return f.Close()
}

// readManifest reads a folder of recordings.
func readManifest(ctx context.Context, dir string, limit int) ([]clip, error) {
	b, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		return nil, err
	}
	entries, err := parseManifest(b)
	if err != nil {
		return nil, err
	}
	var clips []clip
	for _, e := range first(entries, limit) {
		samples, err := decode(ctx, filepath.Join(dir, filepath.FromSlash(e.File)))
		if err != nil {
			return nil, err
		}
		clips = append(clips, clip{name: path.Base(e.File), samples: samples, stretches: []string{e.Text}, said: bounded(e.Text, samples)})
	}
	return clips, nil
}

// bounded gives the words of a recording, of which only the start of the first and the end of the last are known: where sound begins
// and ends.
func bounded(text string, samples []float32) []timed {
	onset, offset := bounds(samples)
	var words []timed
	for w := range strings.FieldsSeq(text) {
		words = append(words, timed{w, math.NaN(), math.NaN()})
	}
	words[0].start, words[len(words)-1].end = onset, offset
	return words
}

type manifestEntry struct {
	File   string `json:"file"`
	Text   string `json:"text"`
	Accent string `json:"accent"`
	Source string `json:"source"`
}

func parseManifest(b []byte) ([]manifestEntry, error) {
	var entries []manifestEntry
	if err := json.Unmarshal(b, &entries); err != nil {
		return nil, fmt.Errorf("manifest.json: %w", err)
	}
	for i, e := range entries {
		if !filepath.IsLocal(filepath.FromSlash(e.File)) || strings.TrimSpace(e.Text) == "" {
			return nil, fmt.Errorf("manifest.json: entry %d needs a file inside the folder and a text", i+1)
		}
	}
	return entries, nil
}

func first[T any](all []T, limit int) []T {
	if limit > 0 && limit < len(all) {
		return all[:limit]
	}
	return all
}

// decode reads any sound file as mono at 16 kHz; format are options for a file that does not tell what it is.
func decode(ctx context.Context, path string, format ...string) ([]float32, error) {
	args := slices.Concat([]string{"-v", "error", "-nostdin"}, format, []string{"-i", path, "-ac", "1", "-ar", "16000", "-f", "s16le", "-"})
	out, err := output(exec.CommandContext(ctx, "ffmpeg", args...))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return fromPCM(out), nil
}

func output(cmd *exec.Cmd) ([]byte, error) {
	var said tail
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, said.last())
	}
	return out, nil
}

// fromPCM reads 16-bit little-endian samples.
func fromPCM(b []byte) []float32 {
	samples := make([]float32, len(b)/2)
	for i := range samples {
		samples[i] = float32(int16(uint16(b[2*i])|uint16(b[2*i+1])<<8)) / 32768
	}
	return samples
}

// librivox takes the recordings and their texts out of the source package, and nothing else of it.
func librivox(ctx context.Context, env *environment, limit int) ([]clip, error) {
	file := librivoxPackage + "-" + librivoxVersion + ".tar.gz"
	archive, err := env.download(ctx, librivoxPackage, librivoxVersion, librivoxSHA256, file, ".tar.gz")
	if err != nil {
		return nil, err
	}
	f, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	sounds, texts := map[string][]byte{}, map[string]string{}
	var names []string
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		ext := path.Ext(h.Name)
		if path.Base(path.Dir(h.Name)) != "librivox" || ext != ".wav" && ext != ".txt" {
			continue
		}
		b, err := io.ReadAll(t)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(path.Base(h.Name), ext)
		if ext == ".wav" {
			sounds[name] = b
			names = append(names, name)
		} else {
			texts[name] = strings.TrimSpace(string(b))
		}
	}
	slices.Sort(names)
	var clips []clip
	for _, name := range first(names, limit) {
		if texts[name] == "" {
			return nil, fmt.Errorf("no text for %s", name)
		}
		path := filepath.Join(env.work, "librivox-source.wav")
		if err := os.WriteFile(path, sounds[name], 0o600); err != nil {
			return nil, err
		}
		samples, err := decode(ctx, path)
		if err != nil {
			return nil, err
		}
		clips = append(clips, clip{name: name, samples: samples, stretches: []string{texts[name]}, said: bounded(texts[name], samples)})
	}
	return clips, nil
}

// amidSpeech puts each sound without speech behind two recordings and before a third: what was said before may lead a recogniser on.
func amidSpeech(ctx context.Context, env *environment, o options) ([]clip, error) {
	sounds, err := nonSpeech(ctx, env, o.limit)
	if err != nil {
		return nil, err
	}
	speech, err := recordings(ctx, env, o)
	if err != nil {
		return nil, err
	}
	pause := make([]float32, audio.SampleRate)
	for i := range sounds {
		at := func(k int) []float32 { return speech[(3*i+k)%len(speech)].samples }
		before := slices.Concat(at(0), pause, at(1), pause)
		sound := sounds[i].samples
		sounds[i].silent = [2]float64{float64(len(before)) / audio.SampleRate, float64(len(before)+len(sound)) / audio.SampleRate}
		sounds[i].samples = slices.Concat(before, sound, pause, at(2))
	}
	return sounds, nil
}

// recordings are those of the folder given, of ../shared, or LibriVox.
func recordings(ctx context.Context, env *environment, o options) ([]clip, error) {
	if dir := o.speechDir(env); dir != "" {
		return readManifest(ctx, dir, 0)
	}
	return librivox(ctx, env, 0)
}

// dictation is a text to be spoken.
type dictation struct{ name, text string }

// readCases reads the texts of a folder: *.txt, and "text" of *.json.
func readCases(dir string) ([]dictation, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []dictation
	for _, e := range entries {
		ext := filepath.Ext(e.Name())
		if e.IsDir() || ext != ".txt" && ext != ".json" {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		d := dictation{strings.TrimSuffix(e.Name(), ext), string(b)}
		if ext == ".json" {
			var t struct {
				Text string `json:"text"`
			}
			if err := json.Unmarshal(b, &t); err != nil {
				return nil, fmt.Errorf("%s: %w", e.Name(), err)
			}
			d.text = t.Text
		}
		if strings.TrimSpace(d.text) == "" {
			return nil, fmt.Errorf("%s holds no text", e.Name())
		}
		all = append(all, d)
	}
	return all, nil
}

// speakCases has flite speak the dictations, each by one of the voices in turn or by all of them.
func speakCases(ctx context.Context, env *environment, o options) ([]clip, error) {
	dir := o.cases
	if dir == "" {
		dir = filepath.Join(env.root, "benchmarks", "cases")
	}
	all, err := readCases(dir)
	if err != nil {
		return nil, err
	}
	voices := strings.Split(o.voices, ",")
	var clips []clip
	for i, d := range first(all, o.limit) {
		for v, voice := range voices {
			if !o.everyVoice && v != i%len(voices) {
				continue
			}
			c, err := env.speak(ctx, strings.TrimSpace(voice), d)
			if err != nil {
				return nil, err
			}
			clips = append(clips, c)
		}
	}
	return clips, nil
}

func (env *environment) speak(ctx context.Context, voice string, d dictation) (clip, error) {
	c := clip{name: d.name + " " + voice, stretches: sentences(d.text)}
	in, err := json.Marshal(c.stretches)
	if err != nil {
		return c, err
	}
	raw := filepath.Join(env.work, "flite.raw")
	cmd := exec.CommandContext(ctx, "python3", filepath.Join(env.root, "benchmarks", "speak.py"), "--voice", voice, "--out", raw)
	cmd.Stdin = bytes.NewReader(in)
	out, err := output(cmd)
	if err != nil {
		return c, err
	}
	var told struct {
		Rate  int         `json:"rate"`
		Words []timedWord `json:"words"`
	}
	if err := json.Unmarshal(out, &told); err != nil {
		return c, err
	}
	for _, w := range told.Words {
		c.said = append(c.said, w.timed)
	}
	c.samples, err = decode(ctx, raw, "-f", "s16le", "-ac", "1", "-ar", strconv.Itoa(told.Rate))
	return c, err
}

// sentences cuts a text after full stops, question and exclamation marks.
func sentences(text string) []string {
	titles := []string{"Mr.", "Mrs.", "Ms.", "Dr.", "St."}
	var all []string
	words := strings.Fields(text)
	for start, i := 0, 0; i < len(words); i++ {
		end := strings.TrimRight(words[i], `"'”’)`)
		if strings.HasSuffix(end, ".") && !slices.Contains(titles, end) || strings.HasSuffix(end, "?") || strings.HasSuffix(end, "!") || i == len(words)-1 {
			all = append(all, strings.Join(words[start:i+1], " "))
			start = i + 1
		}
	}
	return all
}
