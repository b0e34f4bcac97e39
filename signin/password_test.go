package signin

import (
	"crypto/rand"
	"strings"
	"testing"
)

var cheap = Params{MemoryKiB: 64, Passes: 1, Lanes: 1}

func TestHash(t *testing.T) {
	a, err := Hash(rand.Reader, "four words not together", cheap)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Hash(rand.Reader, "four words not together", cheap)
	if err != nil || a == b || strings.Contains(a, "words") {
		t.Fatal("two hashes of one password are the same, or hold it", err)
	}
	if ok, again, err := Check(a, "four words not together", cheap); !ok || again || err != nil {
		t.Error(ok, again, err)
	}
	if ok, again, err := Check(a, "four words not together", Recommended); !ok || !again || err != nil {
		t.Error("a hash of other costs is to be made anew", ok, again, err)
	}
	for _, wrong := range []string{"", "four words not together ", "Four words not together"} {
		if ok, _, err := Check(a, wrong, cheap); ok || err != nil {
			t.Errorf("%q: %v %v", wrong, ok, err)
		}
	}
	if Recommended.MemoryKiB < 19*1024 || Recommended.Passes < 2 {
		t.Error("new hashes cost less than OWASP asks for")
	}
}

func TestHashKnown(t *testing.T) { // by the reference implementation: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1
	const known = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, again, err := Check(known, "password", Recommended); !ok || !again || err != nil {
		t.Error(ok, again, err)
	}
}

func TestFault(t *testing.T) {
	for password, good := range map[string]bool{
		"kettle-orbit-plum-lantern":       true,
		"Zwölf Boxkämpfer jagen Viktor":   true,
		"password1234":                    false,
		"aaaaaaaaaaaaaaaa":                false,
		"short-7Q":                        false,
		"1234567890123456":                false,
		"robin.ashdown@example.org":       false,
		strings.Repeat("orbit plum ", 12): false, // too long
		"kettle-orbit-plum\xff-lantern":   false,
	} {
		if got := Fault(password, "Robin Ashdown", "robin.ashdown@example.org") == ""; got != good {
			t.Errorf("%q: good is %v, want %v (%s)", password, got, good, Fault(password))
		}
	}
}

func FuzzCheck(f *testing.F) {
	h, err := Hash(rand.Reader, "x", cheap)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(h)
	f.Add("$argon2id$v=19$m=4294967295,t=4294967295,p=255$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=8,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, hash string) {
		if p, salt, key, err := parse(hash); err == nil && (p.MemoryKiB > maxMemoryKiB || p.Passes > maxPasses || len(salt) < 8 || len(key) < 16) {
			t.Fatalf("taken: %+v", p)
		}
	})
}
