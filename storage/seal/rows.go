package seal

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"kerbside"
)

// sealedMark begins each sealed text and body, so that plain ones are told apart.
const sealedMark = "k1."

var textEncoding = base64.RawURLEncoding

// seal seals one field; place names the row and the field, and holds what must not be changed beside it. Nothing stays nothing.
func (k *dataKey) seal(place, plain string) (string, error) {
	if plain == "" {
		return "", nil
	}
	b, err := k.sealBytes(place, []byte(plain))
	return string(b), err
}

func (k *dataKey) sealBytes(place string, plain []byte) ([]byte, error) {
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	if _, err := rand.Read(nonce); err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, "seal.sealBytes", "", err)
	}
	sealed := k.rows.Seal(nonce, nonce, plain, []byte(place))
	return append([]byte(sealedMark), textEncoding.AppendEncode(nil, sealed)...), nil
}

// open opens one field.
func (k *dataKey) open(place, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	b, err := k.openBytes(place, []byte(sealed))
	return string(b), err
}

func (k *dataKey) openBytes(place string, sealed []byte) ([]byte, error) {
	b, err := k.tryOpen(place, string(sealed))
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, "seal.openBytes", "Something stored here is damaged or was altered. Restore it from a backup.", fmt.Errorf("%s: %w", where(place), err))
	}
	return b, nil
}

func (k *dataKey) tryOpen(place, sealed string) ([]byte, error) {
	text, ok := strings.CutPrefix(sealed, sealedMark)
	if !ok {
		return nil, errors.New("it was never sealed")
	}
	b, err := textEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < chacha20poly1305.NonceSizeX {
		return nil, errors.New("not what was written")
	}
	return k.rows.Open(nil, b[:chacha20poly1305.NonceSizeX], b[chacha20poly1305.NonceSizeX:], []byte(place))
}

// place joins what a sealed field is bound to.
func place(parts ...any) string {
	var b strings.Builder
	for _, p := range parts {
		s := fmt.Sprint(p)
		fmt.Fprintf(&b, "%d:%s", len(s), s) // no two lists give the same text
	}
	return b.String()
}

// stamp is a time as stores keep it: microseconds, 0 for none.
func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// where is the beginning of a place, for the log: ids only.
func where(place string) string { return place[:min(len(place), 80)] }
