// Package move copies everything but sound from one engine's tables to another's, and shows that it is the same.
package move

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"iter"

	"kerbside"
	"kerbside/storage/rows"
)

// Table is what became of one: how many rows, and the SHA-256 over them all in the order of their key, the same on both sides.
type Table struct {
	Name   string
	Rows   int64
	SHA256 string
}

// Copy copies all tables and reads them back. CodeInternal when a row is not what it was; what was written is then to be undone.
func Copy(ctx context.Context, from rows.Reader, to rows.Writer) ([]Table, error) {
	var done []Table
	for _, t := range rows.Tables() {
		sum := newSum(t)
		n, err := to.Put(ctx, t, sum.through(from.Rows(ctx, t)))
		if err != nil {
			return nil, err
		}
		done = append(done, Table{t.Name, n, sum.hex()})
	}
	for i, t := range rows.Tables() {
		back, err := Sum(ctx, to, t)
		if err != nil {
			return nil, err
		}
		if back != done[i] {
			return nil, kerbside.E(kerbside.CodeInternal, "move.Copy", "What was copied is not what was there. Nothing was kept of it; start again.", fmt.Errorf("table %s: %d rows, %d came", t.Name, done[i].Rows, back.Rows))
		}
	}
	return done, nil
}

// Sum reads a table.
func Sum(ctx context.Context, from rows.Reader, t rows.Table) (Table, error) {
	sum := newSum(t)
	for _, err := range sum.through(from.Rows(ctx, t)) {
		if err != nil {
			return Table{}, err
		}
	}
	return Table{t.Name, sum.n, sum.hex()}, nil
}

// sum hashes rows as they go by.
type sum struct {
	h hash.Hash
	n int64
}

func newSum(t rows.Table) *sum {
	s := &sum{h: sha256.New()}
	for _, name := range t.Names() {
		_ = s.add(name)
	}
	return s
}

func (s *sum) hex() string { return hex.EncodeToString(s.h.Sum(nil)) }

func (s *sum) through(list iter.Seq2[[]any, error]) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for row, err := range list {
			for _, v := range row {
				err = errors.Join(err, s.add(v))
			}
			if err == nil {
				s.n++
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// add hashes a value with what it is and how long, so that no two rows give the same bytes.
func (s *sum) add(v any) error {
	var kind byte
	var b []byte
	switch v := v.(type) {
	case string:
		kind, b = 't', []byte(v)
	case []byte:
		kind, b = 'b', v
	case int64:
		kind, b = 'i', binary.BigEndian.AppendUint64(nil, uint64(v))
	case bool:
		kind, b = 'f', []byte{0}
		if v {
			b[0] = 1
		}
	default:
		return kerbside.E(kerbside.CodeInternal, "move.add", "", fmt.Errorf("a value of type %T", v))
	}
	s.h.Write(binary.BigEndian.AppendUint64([]byte{kind}, uint64(len(b))))
	s.h.Write(b)
	return nil
}
