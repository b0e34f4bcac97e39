package transcribe

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"log/slog"
	"math"
	"sync/atomic"

	"kerbside"
)

// keeper is a Recognizer that keeps each result in a checkpoint before it gives it, and gives what was kept without asking the
// engine again. An engine's result depends on the samples, the parameters and the model alone, so results are kept under the hash of these:
// a run that goes on after a kill cuts the same windows, finds those that were finished, and gives the transcript that it would have given at once.
//
// A result is on disk when the window's call returns, so a kill costs the windows that were under way: as many as the engine has states.
// Failures are not kept. A store that fails is not used any more; it costs no transcription.
type keeper struct {
	Recognizer
	at  kerbside.Checkpoint
	log *slog.Logger

	engine  string // what of the engine decides a result
	broken  atomic.Bool
	resumed atomic.Int64 // results that were found
}

var _ Recognizer = (*keeper)(nil)

// newKeeper gives r itself where the checkpoint keeps nothing.
func newKeeper(r Recognizer, at kerbside.Checkpoint, log *slog.Logger) (Recognizer, *keeper, error) {
	if at.Blobs == nil {
		return r, &keeper{}, nil
	}
	info := r.Info()
	info.States, info.Model = 0, "" // the sum names the model
	engine, err := json.Marshal(struct {
		Pipeline int
		Engine   EngineInfo
	}{pipelineVersion, info})
	k := &keeper{Recognizer: r, at: at, log: log, engine: string(engine)}
	return k, k, err
}

// Recognize implements Recognizer.
func (k *keeper) Recognize(ctx context.Context, samples []float32, p DecodeParams) (Result, error) {
	if k.broken.Load() {
		return k.Recognizer.Recognize(ctx, samples, p)
	}
	key, err := k.key(samples, p)
	if err != nil {
		return Result{}, err
	}
	r, err := k.find(ctx, key)
	switch {
	case err == nil:
		k.resumed.Add(1)
		return r, nil
	case kerbside.CodeOf(err) != kerbside.CodeNotFound:
		k.giveUp(ctx, err)
	}
	if r, err = k.Recognizer.Recognize(ctx, samples, p); err != nil {
		return r, err
	}
	if !k.broken.Load() {
		if err := k.keep(ctx, key, r); err != nil {
			k.giveUp(ctx, err)
		}
	}
	return r, nil
}

// giveUp ends the keeping, unless the fault is only that the transcription is being stopped.
func (k *keeper) giveUp(ctx context.Context, err error) {
	if ctx.Err() == nil && !k.broken.Swap(true) {
		k.log.Warn("progress is not being kept: a transcription that is stopped will start again from the beginning", "code", string(kerbside.CodeOf(err)))
	}
}

// key names a result by all that decides it.
func (k *keeper) key(samples []float32, p DecodeParams) (string, error) {
	params, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, part := range [][]byte{[]byte(k.engine), params} {
		_ = binary.Write(h, binary.LittleEndian, uint64(len(part))) // a hash never fails
		_, _ = h.Write(part)
	}
	hashSamples(h, samples)
	return k.at.Prefix + hex.EncodeToString(h.Sum(nil)), nil
}

func hashSamples(h hash.Hash, samples []float32) {
	var block [4 << 10]byte
	for len(samples) > 0 {
		n := min(len(samples), len(block)/4)
		for i, x := range samples[:n] {
			binary.LittleEndian.PutUint32(block[4*i:], math.Float32bits(x))
		}
		_, _ = h.Write(block[:4*n])
		samples = samples[n:]
	}
}

// maxKept is far more than the result of any window.
const maxKept = 4 << 20

// find gives a result that was kept. What does not hold to its checksum is removed and CodeNotFound.
func (k *keeper) find(ctx context.Context, key string) (Result, error) {
	const op = "transcribe.keeper.find"
	f, err := k.at.Blobs.Open(ctx, key)
	if err != nil {
		return Result{}, err
	}
	b, err := io.ReadAll(io.LimitReader(f, maxKept))
	if err = errors.Join(err, f.Close()); err != nil {
		return Result{}, err
	}
	var r Result
	if sum := sha256.Sum256(b[min(sha256.Size, len(b)):]); !bytes.HasPrefix(b, sum[:]) {
		err = errors.New("checksum")
	} else {
		err = gob.NewDecoder(bytes.NewReader(b[sha256.Size:])).Decode(&r)
	}
	if err == nil {
		return r, nil
	}
	if err := k.at.Blobs.Delete(ctx, key); err != nil {
		return Result{}, err
	}
	return Result{}, kerbside.E(kerbside.CodeNotFound, op, "", err)
}

// keep stores a result: its checksum, then gob, which keeps tokens byte by byte though they may be no UTF-8, and numbers bit by bit.
func (k *keeper) keep(ctx context.Context, key string, r Result) error {
	var buf bytes.Buffer
	buf.Write(make([]byte, sha256.Size))
	if err := gob.NewEncoder(&buf).Encode(r); err != nil {
		return err
	}
	b := buf.Bytes()
	sum := sha256.Sum256(b[sha256.Size:])
	copy(b, sum[:])
	// A stop that comes now is no reason to lose what is finished.
	_, _, err := k.at.Blobs.Put(context.WithoutCancel(ctx), key, bytes.NewReader(b))
	if kerbside.CodeOf(err) == kerbside.CodeConflict { // another run was quicker; one of the two is good
		return nil
	}
	return err
}
