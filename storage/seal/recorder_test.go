package seal

import (
	"crypto/ecdh"
	"crypto/hpke"
	"path/filepath"
	"testing"
	"time"

	"kerbside"
	"kerbside/storage/sqlite"
)

// TestRecorderKey: the key pair is the same after a restart and a rotation, and opens only what was sealed for the same piece.
func TestRecorderKey(t *testing.T) {
	ctx := t.Context()
	db, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "k.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	master, err := NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	key := func(m *Master) kerbside.RecorderKey {
		t.Helper()
		ring, err := NewRing(ctx, db, m, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		k, err := ring.RecorderKey(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	first := key(master)
	public, err := hpke.DHKEM(ecdh.P256()).NewPublicKey(first.Public())
	if err != nil || len(first.Public()) != 65 {
		t.Fatal(err, len(first.Public()))
	}
	sealed, err := hpke.Seal(public, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte("piece 1"), []byte("sound"))
	if err != nil {
		t.Fatal(err)
	}
	next, err := NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	both := master.With(next)
	if _, err := Rewrap(ctx, db, both); err != nil {
		t.Fatal(err)
	}
	again := key(both.Newest())
	if b, err := again.Open("piece 1", sealed); err != nil || string(b) != "sound" {
		t.Fatalf("%q, %v", b, err)
	}
	for _, c := range []struct {
		info   string
		sealed []byte
	}{{"piece 2", sealed}, {"piece 1", sealed[:40]}, {"piece 1", nil}, {"piece 1", append([]byte{9}, sealed[1:]...)}} {
		if _, err := again.Open(c.info, c.sealed); kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Errorf("%q of %d bytes: %v", c.info, len(c.sealed), err)
		}
	}
}
