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
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"kerbside/transcribe/audio"
)

// clip is one recording with its text. Stretches are the parts of the text that errors are counted for and intervals drawn over.
type clip struct {
	name      string
	samples   []float32 // as Kerbside takes them: mono, 16 kHz
	stretches []string
}

// set is sound that is measured together.
type set struct {
	name      string
	about     string // for the report
	clips     []clip
	files     []string // one for each clip
	composite string   // all clips with pauses between them
	seconds   float64  // of the composite
	perFile   bool     // no speech in it: every clip is a file of its own and nothing is timed
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
	for name := range strings.SplitSeq(o.sets, ",") {
		name = strings.TrimSpace(name)
		if name == "speech" && o.speech == "" {
			o.speech = filepath.Join(env.root, "..", "shared", "eval", "speech")
			if _, err := os.Stat(filepath.Join(o.speech, "manifest.json")); err != nil {
				name = "librivox"
			}
		}
		s, err := makeSet(ctx, env, name, o)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		sets = append(sets, s)
	}
	return sets, nil
}

func makeSet(ctx context.Context, env *environment, name string, o options) (set, error) {
	s := set{name: name}
	var err error
	var noise []float32
	switch name {
	case "speech":
		s.about = "recordings of the folder given"
		s.clips, err = readManifest(ctx, o.speech, o.limit)
	case "librivox":
		s.about = "LibriVox readings out of the source package of pocketsphinx " + librivoxVersion
		s.clips, err = librivox(ctx, env, o.limit)
	case "spoken":
		s.about = "dictations of benchmarks/cases, spoken by flite (slt, rms, awb in turn)"
		s.clips, err = speakCases(ctx, env, o.limit)
	case "noisy":
		s.about = fmt.Sprintf("the same in pink noise, %d dB below the speech", noiseDB)
		if s.clips, err = speakCases(ctx, env, o.limit); err == nil {
			noise, err = sox(ctx, env, "synth", "60", "pinknoise")
		}
	case "nonspeech":
		s.about, s.perFile = "synthesised sounds without speech", true
		s.clips, err = nonSpeech(ctx, env, o.limit)
	default:
		return s, errors.New("there is no such set: speech, librivox, spoken, noisy, nonspeech")
	}
	if err != nil {
		return s, err
	}
	if len(s.clips) == 0 {
		return s, errors.New("it holds no clips")
	}
	return s, s.write(env.work, noise)
}

// noiseDB is how far the noise of the noisy set is below the speech (root mean square of both, the pauses inside the dictations
// included, those between them not).
const noiseDB = 10

// write leaves the set's sound as files in dir, all of it with noise when there is some.
func (s *set) write(dir string, noise []float32) error {
	var all []float32
	for i, c := range s.clips {
		all = append(all, c.samples...)
		samples := c.samples
		if noise != nil {
			samples = mix(samples, noise, level(c.samples))
		}
		path := filepath.Join(dir, fmt.Sprintf("%s-%03d.wav", s.name, i+1))
		if err := writeWAV(path, samples); err != nil {
			return err
		}
		s.files = append(s.files, path)
	}
	whole := compose(s.clips)
	if noise != nil {
		whole = mix(whole, noise, level(all))
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
		clips = append(clips, clip{name: path.Base(e.File), samples: samples, stretches: []string{e.Text}})
	}
	return clips, nil
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

// decode reads any sound file as mono at 16 kHz.
func decode(ctx context.Context, path string) ([]float32, error) {
	out, err := output(exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-nostdin", "-i", path, "-ac", "1", "-ar", "16000", "-f", "s16le", "-"))
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
		clips = append(clips, clip{name: name, samples: samples, stretches: []string{texts[name]}})
	}
	return clips, nil
}

// speakCases has flite speak the project's own dictations, the voices in turn.
func speakCases(ctx context.Context, env *environment, limit int) ([]clip, error) {
	paths, err := filepath.Glob(filepath.Join(env.root, "benchmarks", "cases", "*.txt"))
	if err != nil {
		return nil, err
	}
	voices := []string{"slt", "rms", "awb"}
	var clips []clip
	for i, p := range first(paths, limit) {
		b, err := os.ReadFile(p)
		if err != nil {
			return nil, err
		}
		voice, spoken := voices[i%len(voices)], filepath.Join(env.work, "flite-source.wav")
		if err := env.command(ctx, "flite", "-voice", voice, "-f", p, "-o", spoken); err != nil {
			return nil, err
		}
		samples, err := decode(ctx, spoken)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(filepath.Base(p), ".txt") + " " + voice
		clips = append(clips, clip{name: name, samples: samples, stretches: sentences(string(bytes.TrimSpace(b)))})
	}
	return clips, nil
}

// sentences cuts a text after full stops and question marks.
func sentences(text string) []string {
	var all []string
	words := strings.Fields(text)
	for start, i := 0, 0; i < len(words); i++ {
		if strings.HasSuffix(words[i], ".") || strings.HasSuffix(words[i], "?") || i == len(words)-1 {
			all = append(all, strings.Join(words[start:i+1], " "))
			start = i + 1
		}
	}
	return all
}
