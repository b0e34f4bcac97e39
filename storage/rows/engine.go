package rows

import (
	"context"
	"errors"
	"time"

	"kerbside"
)

// What both engines do in the same way outside a transaction.

// Failure sorts what a database reports by what can be done about it. An error that is typed already stays as it is; none is the driver's word for "no rows", and engine
// gives what only the driver can tell, or nil.
func Failure(op string, err, none error, engine func(error) error) error {
	var typed *kerbside.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &typed):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return kerbside.E(kerbside.CodeCanceled, op, "This was stopped before it was done. Nothing was changed; try again.", err)
	case errors.Is(err, none):
		return kerbside.E(kerbside.CodeNotFound, op, "There is nothing of that name.", nil)
	}
	if known := engine(err); known != nil {
		return known
	}
	return kerbside.E(kerbside.CodeInternal, op, "", err)
}

// Backoff is how long a failed job waits before its next try, unless tests say otherwise.
func Backoff(attempt int) time.Duration {
	if attempt <= 1 {
		return 2 * time.Second
	}
	return 15 * time.Second
}

// Sleep waits for d, for a new job, or for the end of ctx.
func Sleep(ctx context.Context, wake <-chan struct{}, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-t.C:
	}
}
