package llm

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kerbside"
)

// Ask puts one question to the model and gives its answer, which is of the form of a JSON schema when the endpoint keeps to it. Nobody has
// checked it. It is tried again like a reading, and reports CodeUnavailable when nothing came of it, CodeCanceled when ctx ended.
func (e *Engine) Ask(ctx context.Context, system, user, form string, schema json.RawMessage, tokens int) (string, error) {
	const op = "llm.Ask"
	var last error
	for attempt := 0; attempt <= max(0, e.o.Retries); attempt++ {
		if attempt > 0 && e.o.Sleep(ctx, time.Second<<(attempt-1)) != nil {
			break
		}
		text, err := e.askOnce(ctx, request{model: e.o.Model, system: system, user: user, most: tokens, seed: attempt + 1, schema: schema, form: form})
		if err == nil {
			return text, nil
		}
		if last = err; !temporary(err) || ctx.Err() != nil {
			break
		}
	}
	if ctx.Err() != nil {
		return "", kerbside.E(kerbside.CodeCanceled, op, "", ctx.Err())
	}
	return "", kerbside.E(kerbside.CodeUnavailable, op, "The language model could not be used. What there is without it stands.", fmt.Errorf("%s: %w", e.o.Model, last))
}

func (e *Engine) askOnce(ctx context.Context, q request) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, e.o.Timeout)
	defer cancel()
	text, _, err := e.client.stream(ctx, q, func(int) {})
	return text, err
}
