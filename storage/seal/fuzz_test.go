package seal

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hpke"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"kerbside"
)

func fuzzKey(f *testing.F) *dataKey {
	f.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		f.Fatal(err)
	}
	k, err := (&Ring{now: time.Now}).derive(id)
	if err != nil {
		f.Fatal(err)
	}
	return k
}

// FuzzField opens fields of rows: only what was sealed under this key for this very place opens.
func FuzzField(f *testing.F) {
	k := fuzzKey(f)
	const here = "4:here"
	for _, s := range []string{"", "k1.", "k1.AAAA", "plain", sealedMark + strings.Repeat("A", 60)} {
		f.Add([]byte(s), []byte("said"), 0)
	}
	f.Fuzz(func(t *testing.T, sealed, plain []byte, flip int) {
		if b, err := k.openBytes(here, sealed); err == nil {
			t.Fatalf("something that was never sealed opened as %q", b)
		}
		good, err := k.sealBytes(here, plain)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := k.openBytes(here, good); err != nil || !bytes.Equal(b, plain) {
			t.Fatalf("%q, %v", b, err)
		}
		if _, err := k.openBytes(here+"x", good); err == nil {
			t.Fatal("a field opened in another place")
		}
		good[uint(flip)%uint(len(good))] ^= 1 + byte(uint(flip)>>8)%255
		if b, err := k.openBytes(here, good); err == nil {
			t.Fatalf("an altered field opened as %q", b)
		}
	})
}

// FuzzEnvelope opens pieces that a phone sealed (HPKE): only what was sealed to this server for this very piece opens.
func FuzzEnvelope(f *testing.F) {
	private, err := hpke.DHKEM(ecdh.P256()).GenerateKey()
	if err != nil {
		f.Fatal(err)
	}
	k := recorderKey{private}
	seal := func(info string, plain []byte) []byte {
		b, err := hpke.Seal(private.PublicKey(), hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(info), plain)
		if err != nil {
			f.Fatal(err)
		}
		return b
	}
	whole := seal("recording r, take 1, piece 0", []byte("two seconds of sound"))
	f.Add(whole, uint(0), false)
	f.Add([]byte{}, uint(0), true)
	f.Add(whole[:65], uint(3), true)
	f.Add(append([]byte{4}, make([]byte, 80)...), uint(64), true)
	f.Fuzz(func(t *testing.T, sealed []byte, at uint, cut bool) {
		if b, err := k.Open("recording r, take 1, piece 0", sealed); err == nil && !bytes.Equal(sealed, whole) {
			t.Fatalf("it opened as %q", b)
		} else if err != nil && kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Fatal(err)
		}
		damaged := bytes.Clone(whole)
		if cut {
			damaged = damaged[:at%uint(len(damaged))]
		} else {
			damaged[at%uint(len(damaged))] ^= 1 + byte(at>>16)%255
		}
		if _, err := k.Open("recording r, take 1, piece 0", damaged); err == nil {
			t.Fatal("an altered piece opened")
		}
		if _, err := k.Open("recording r, take 1, piece 1", whole); err == nil {
			t.Fatal("a piece opened under another number")
		}
	})
}

// FuzzMaster reads key files.
func FuzzMaster(f *testing.F) {
	m, err := NewMaster()
	if err != nil {
		f.Fatal(err)
	}
	path := filepath.Join(f.TempDir(), "master.key")
	if err := m.Write(path, time.Now()); err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	for _, b := range [][]byte{good, good[:len(good)-3], nil, []byte("# nothing\n"), append(good, good...), []byte("\xff\x00\n")} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "master.key")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := ReadMaster(path)
		if err == nil && len(got.Names()) == 0 {
			t.Fatal("a master without a key")
		}
		if err != nil && strings.Contains(err.Error(), "AGE-SECRET-KEY") {
			t.Fatal("an error quotes a key")
		}
	})
}

// FuzzJournal reads lists of erasures.
func FuzzJournal(f *testing.F) {
	for _, s := range []string{"", `{"org":"o","scope":"r-1","at":"2026-03-03T16:00:00Z"}` + "\n", `{"org":"o"}` + "\n", "{}", "\n\n", `{"org":"o","scope":"r","at":"x"}` + "\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "erased.jsonl")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		list, err := NewJournal(path).Read()
		if err != nil {
			return
		}
		for _, e := range list {
			if e.Org == "" || e.Scope == "" {
				t.Fatalf("an erasure of nothing: %+v", e)
			}
		}
		if whole := bytes.Count(b, []byte("\n")); len(list) != whole {
			t.Fatalf("%d erasures out of %d lines", len(list), whole)
		}
		// One more can be added, also behind a line that a crash cut short.
		j := NewJournal(path)
		if err := j.Add(Erasure{Org: "o", Scope: "r-9", At: time.Unix(1, 0)}); err != nil {
			t.Fatal(err)
		}
		if after, err := j.Read(); err != nil || len(after) != len(list)+1 || after[len(list)].Scope != "r-9" {
			t.Fatalf("%d erasures and one more are %d: %v", len(list), len(after), err)
		}
	})
}
