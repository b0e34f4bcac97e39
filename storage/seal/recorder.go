package seal

import (
	"context"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/sha256"

	"kerbside"
)

// recorderScope is the data key of the key pair of recorders. It belongs to no organisation: a phone may record before anybody has signed in on it.
const recorderScope = "recorder"

type recorderKey struct{ private hpke.PrivateKey }

var _ kerbside.RecorderKey = recorderKey{}

// RecorderKey gives the key pair that recorders seal to, which it makes at the first time. It lies sealed with the other keys and outlives a rotation
// of the master key, as phones may hold sound for it.
func (r *Ring) RecorderKey(ctx context.Context) (kerbside.RecorderKey, error) {
	const op = "seal.RecorderKey"
	k, err := r.obtain(ctx, scope{id: recorderScope})
	if err != nil {
		return nil, err
	}
	ikm, err := hkdf.Key(sha256.New, []byte(k.identity.String()), nil, "kerbside recorder 1", 32)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	private, err := hpke.DHKEM(ecdh.P256()).DeriveKeyPair(ikm)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	return recorderKey{private}, nil
}

// Public implements [kerbside.RecorderKey].
func (k recorderKey) Public() []byte { return k.private.PublicKey().Bytes() }

// Open implements [kerbside.RecorderKey].
func (k recorderKey) Open(info string, sealed []byte) ([]byte, error) {
	b, err := hpke.Open(k.private, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(info), sealed)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInvalid, "seal.Open", "This piece of sound was sealed to another server's key, or arrived damaged. Open the recorder again and send it from there.", err)
	}
	return b, nil
}
