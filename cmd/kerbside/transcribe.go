package main

import (
	"bytes"
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/transcribe/captions"
)

func (c *command) transcribeCommand() *cli.Command {
	return &cli.Command{
		Name:      "transcribe",
		Usage:     "write what was said in recordings",
		ArgsUsage: "FILE…",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: string(captions.Text), Usage: "`text`, json, srt, vtt or tsv"},
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "`DIR` to write a file to for each recording, instead of standard output"},
			kindFlag(),
		}, transcribeFlags()...),
		Action: func(ctx *cli.Context) error {
			format, err := captions.Parse(ctx.String("format"))
			if err != nil {
				return usageError{kerbside.MessageOf(err)}
			}
			return c.each(ctx, func(p *pipeline, t task, m *meter) error { return p.transcribeOne(ctx, t, m, format) })
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
	transcript := in.transcript
	if transcript == nil {
		transcriber, err := p.transcriber(ctx.Context)
		if err != nil {
			return err
		}
		if transcript, err = transcriber.Transcribe(ctx.Context, in.sound(t.kind), p.options, m.progress(t.path)); err != nil {
			return err
		}
	}
	m.oddities(t, transcript)
	var b bytes.Buffer
	if err := captions.Write(&b, transcript, format); err != nil {
		return err
	}
	if ctx.String("out") != "" {
		return writeFile(filepath.Clean(t.out)+format.Extension(), b.Bytes())
	}
	_, err = p.c.stdout.Write(b.Bytes())
	return err
}

var flagText = map[kerbside.SoundFlag]string{
	kerbside.FlagNoSpeech:  "no speech was found in it.",
	kerbside.FlagTruncated: "the file ends early; what is there was transcribed.",
	kerbside.FlagClipped:   "the sound is over-driven; expect more errors.",
	kerbside.FlagQuiet:     "the sound is very quiet; expect more errors.",
}
