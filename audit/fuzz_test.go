package audit_test

import (
	"strings"
	"testing"

	"kerbside"
	"kerbside/audit"
)

// FuzzHead gives the check of a log heads from outside: whatever is not what this log signed of itself is a fault, and nothing makes the check fail.
func FuzzHead(f *testing.F) {
	h := newHouse(f, 9)
	good := h.heads()[1].Note
	text, _, _ := strings.Cut(good, "\n\n")
	for _, s := range []string{good, good[1:], text, text + "\n\n— kerbside AAAA\n", strings.Replace(good, "\n", "\n9223372036854775807\n", 1), strings.Replace(good, string(org), string(other), 1), "", "\n\n\n\n"} {
		f.Add(s)
	}
	db := h.open()
	f.Cleanup(func() { _ = db.Close() })
	f.Fuzz(func(t *testing.T, given string) {
		if of, ok := audit.HeadOf(given); ok && strings.Contains(string(of), "\n") {
			t.Fatalf("an organisation of two lines: %q", of)
		}
		var r *audit.Report
		err := db.View(t.Context(), func(tx kerbside.Tx) (err error) {
			r, err = audit.Verify(tx, org, audit.Check{Verifier: h.log.Verifier(), Heads: []string{given}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		// A signature holds for the text before it; further lines of signatures by others do not count against it.
		if signed := strings.HasPrefix(given, text+"\n\n"); len(r.Faults) == 0 && !signed {
			t.Fatalf("a head that was never signed was taken: %q", given)
		}
	})
}

// FuzzKey opens key files of logs; a file that is refused is not quoted.
func FuzzKey(f *testing.F) {
	key, err := audit.NewKey(fixed{})
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{key, key[:len(key)-5], "", "\n", strings.Repeat("+", 50)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		log, err := audit.Open(s)
		if err == nil && log.Verifier() == "" {
			t.Fatal("a log without a key")
		}
		if err != nil && strings.Contains(err.Error(), "PRIVATE+KEY") {
			t.Fatal("an error quotes a key")
		}
	})
}

// fixed is no randomness at all: the key signs nothing.
type fixed struct{}

func (fixed) Read(b []byte) (int, error) { return len(b), nil }
