//go:build cgo

package whisper

/*
#include "shim.h"
*/
import "C"

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
)

// The library has one log for the whole process, so its receiver is one too: the logger of the engine opened last.
var libraryLog atomic.Pointer[slog.Logger]

func setLogger(l *slog.Logger) {
	libraryLog.Store(l)
	C.kb_log_to_go()
}

// kbLog takes warnings and errors of the library. None of them holds transcribed words; the shim drops the rest.
//
//export kbLog
func kbLog(level C.int, text *C.char) {
	l := libraryLog.Load()
	if l == nil {
		return
	}
	at := slog.LevelWarn
	if level == C.GGML_LOG_LEVEL_ERROR {
		at = slog.LevelError
	}
	if s := strings.TrimSpace(C.GoString(text)); s != "" {
		l.Log(context.Background(), at, "whisper.cpp", slog.String("text", s))
	}
}
