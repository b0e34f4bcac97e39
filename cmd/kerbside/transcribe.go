package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/transcribe/captions"
)

func (c *command) transcribeCommand() *cli.Command {
	return &cli.Command{
		Name:      "transcribe",
		Usage:     "write what was said in recordings",
		ArgsUsage: "FILE…",
		Description: "A FILE of - is standard input, which may be sound that is still being recorded: words come while it does, with --partial. " +
			"After a kill, the same command goes on from the last window that was finished.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: string(captions.Text), Usage: "`text`, json, srt, vtt or tsv"},
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "`DIR` to write a file to for each recording, instead of standard output"},
			&cli.BoolFlag{Name: "partial", Usage: "print words on standard output as soon as they are recognised; with --format json, a line of JSON for each step and the transcript as the last line"},
			kindFlag(),
		}, transcribeFlags()...),
		Action: func(ctx *cli.Context) error {
			format, err := captions.Parse(ctx.String("format"))
			if err != nil {
				return usageError{kerbside.MessageOf(err)}
			}
			if ctx.Bool("partial") && format != captions.Text && format != captions.JSON {
				return usageError{"--partial goes with --format text or json."}
			}
			c.resumes = !slices.Contains(ctx.Args().Slice(), "-")
			return c.each(ctx, nameTasks, func(p *pipeline, t task, m *meter) error { return p.transcribeOne(ctx, t, m, format) })
		},
	}
}

func (p *pipeline) transcribeOne(ctx *cli.Context, t task, m *meter, format captions.Format) error {
	in, err := p.c.readInput(ctx.Context, t.path)
	if err != nil {
		return err
	}
	if in.record != nil || in.transcript != nil && in.transcript.Recording.Kind == kerbside.KindTyped {
		return kerbside.E(kerbside.CodeInvalid, "kerbside.transcribe", fmt.Sprintf("%q is text, not a recording.", t.path), nil)
	}
	transcript, out := in.transcript, ctx.String("out")
	live := &livePrinter{w: p.c.stdout, format: format, on: ctx.Bool("partial") && transcript == nil}
	write := func(made *kerbside.Transcript) error {
		if err := live.end(made, out == ""); err != nil || out == "" && live.on {
			return err
		}
		var b bytes.Buffer
		if err := captions.Write(&b, made, format); err != nil {
			return err
		}
		if out != "" {
			return writeFile(filepath.Clean(t.out)+format.Extension(), b.Bytes())
		}
		_, err := p.c.stdout.Write(b.Bytes())
		return err
	}
	if transcript != nil {
		m.oddities(t, transcript)
		return write(transcript)
	}
	folder := ""
	if out != "" {
		folder = filepath.Join(filepath.Dir(t.out), "."+filepath.Base(t.out)+unfinishedName)
	}
	progress := m.progress(t.path)
	if transcript, err = p.listen(ctx.Context, in, t, folder, func(at kerbside.TranscribeProgress) {
		progress(at)
		live.show(at)
	}, write); err == nil {
		m.oddities(t, transcript)
	}
	return err
}

var flagText = map[kerbside.SoundFlag]string{
	kerbside.FlagNoSpeech:  "no speech was found in it.",
	kerbside.FlagTruncated: "the file ends early; what is there was transcribed.",
	kerbside.FlagClipped:   "the sound is over-driven; expect more errors.",
	kerbside.FlagQuiet:     "the sound is very quiet; expect more errors.",
}
