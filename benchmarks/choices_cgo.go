//go:build cgo

package main

import (
	"context"
	"encoding/json"

	"kerbside/transcribe"
	"kerbside/transcribe/engine"
	"kerbside/transcribe/whisper"
)

// serveEngine is the child that holds the model. It talks as `kerbside engine` does.
func serveEngine(ctx context.Context, options string) error {
	var e engineOptions
	if err := json.Unmarshal([]byte(options), &e); err != nil {
		return err
	}
	in, out, err := engine.Stdio()
	if err != nil {
		return err
	}
	defer out.Close()
	o := whisper.Options{States: e.States, Threads: e.Threads, FlashAttn: !e.NoFlash, PlainKernels: e.Plain}
	return engine.Serve(ctx, in, out,
		func(context.Context) (transcribe.Recognizer, error) { return whisper.Open(e.Model, o) },
		func(context.Context) (transcribe.VoiceDetector, error) { return whisper.OpenVAD(e.VAD, 1) })
}
