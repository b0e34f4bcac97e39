//go:build cgo

package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"kerbside/transcribe"
	"kerbside/transcribe/engine"
	"kerbside/transcribe/whisper"
)

// quantiser is ggml's own.
var quantiser = whisper.QuantizeQ8_0

func engineBuild() string {
	return fmt.Sprintf("built with whisper.cpp %s (%s)", whisper.Version(), whisper.NativeKey())
}

func (c *command) engine(ctx *cli.Context) error {
	in, out, err := engine.Stdio()
	if err != nil {
		return err
	}
	defer out.Close()
	o := whisper.DefaultOptions()
	o.States, o.Log = ctx.Int("states"), c.log
	o.Threads = 1 // with more, sums are added up in another order, and a transcript would depend on the machine
	return engine.Serve(ctx.Context, in, out,
		func(context.Context) (transcribe.Recognizer, error) { return whisper.Open(ctx.String("model"), o) },
		func(context.Context) (transcribe.VoiceDetector, error) { return whisper.OpenVAD(ctx.String("vad"), 1) })
}
